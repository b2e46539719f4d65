"""The method, step by step: pure kernels over arrays of draws x countries, and the values they make.

    measures   what the tests and scales look at, and the measurement error drawn for it
    evaluate   the one evaluator of gates and tracks
    peers      the pool and the peer groups
    screen     verdicts on the published values
    scales, score   native units to 0..1, and up the pillar tree
    rank       order, ties, shortlist
    firmness   all of it again, draw by draw
    flips      the smallest change that turns a verdict

`eligibility.method.run` calls them in order, on one screen.
"""
