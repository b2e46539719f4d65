"""What is asked of results: what moved, since when, what became of past choices, how sure a set is."""
