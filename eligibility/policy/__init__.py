"""What a policy is: its values, its words, the walk through its rules."""
