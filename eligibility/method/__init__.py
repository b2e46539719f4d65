"""The method, step by step: pure kernels over arrays of draws x countries, and the values they make.

    measures   what the tests and scales look at; measurement_error: what that could have been
    evaluate   the one evaluator of gates and tracks
    peers      the pool and the peer groups
    screen     verdicts on the published values
    scales, score   native units to 0..1, and up the pillar tree
    rank       order, ties, shortlist
    firmness   all of it again, draw by draw
    flips      the smallest change that turns a verdict

`eligibility.method.run` calls them in order, on one screen.
"""
