"""What the engine and the commands cost, as ratios in one run on one core: `make bench`.

problem     the made-up problem every contender is given
workloads   the engine's own path and the yardstick, each run as a child of its own
reference   the yardstick: the same run as few numpy statements as it takes
peers       other packages on the same problem, in environments of their own
commands    whole commands as multiples of `import pandas`
"""
