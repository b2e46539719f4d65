"""Two rounds held against each other, two vintages of a dataset likewise.

    sides        what A and B are: criteria, a date, vintages, a sealed run
    steps        the made-up rounds between two rounds, each with some of what changed
    causes       what each cause did, in whichever order they are taken
    comparison   both ends with their probabilities, who entered, who left, and the causes
    revisions    the cells a new vintage changed and the verdicts it flips
    since        the last round of a result and what moved from it, for pages
    turning      since when the verdict of each country stands, and what turned it

The door is `compare`, `revise`, `year_before` and `named`, and `turnings`.
"""
