"""Where each country stands among its peers in one indicator: rank, percentile rank, distance from the median.

A median says pass or fail and a bare percentile reads like a mark; "12th of 47" says what either rests on.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from eligibility.method.evaluate import quantile


def standing(values: pd.Series, groups: pd.Series, better: str = "high") -> pd.DataFrame:
    """iso3 x (n, rank, percentile, from_median), each within the country's own group; NaN without value or group.

    n             countries of the group that have a value
    rank          1 is best; equals share the better rank
    percentile    100 k / (n - 1), k countries worse; a half is rounded up (Excel's PERCENTRANK.INC, as MCC prints it)
    from_median   the value less the group's median, in native units
    """
    out = pd.DataFrame(np.nan, index=values.index, columns=["n", "rank", "percentile", "from_median"])
    for group in sorted(set(groups) - {""}):
        x = values[(groups == group) & values.notna()]
        if x.empty:
            continue
        merit = x if better == "high" else -x
        worse, ahead = (
            (merit.to_numpy()[None, :] < merit.to_numpy()[:, None]).sum(axis=1),
            merit.rank(ascending=False, method="min"),
        )
        out.loc[x.index, "n"] = len(x)
        out.loc[x.index, "rank"] = ahead
        out.loc[x.index, "percentile"] = [percentile(int(k), len(x)) for k in worse]
        out.loc[x.index, "from_median"] = x - quantile(x.to_numpy()[None, :], 0.5)[0, 0]
    return out


def percentile(worse: int, n: int) -> float:
    """100 k / (n - 1) as a whole number, a half rounded up; NaN for a group of one.

    >>> [percentile(k, 47) for k in (0, 22, 23, 46)], percentile(5, 9), percentile(3, 9)
    ([0, 48, 50, 100], 63, 38)
    """
    return (200 * worse + (n - 1)) // (2 * (n - 1)) if n > 1 else float("nan")
