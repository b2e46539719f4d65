"""Who is considered, and whom each country is compared with.

Both are facts of classification, judged once on the published values: the pool and the groups
are the same in every draw, while the medians inside them are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from eligibility.data.cells import Cells
from eligibility.method import measures
from eligibility.method.evaluate import CONDITIONAL, DROPPED, FAIL, PASS, UNKNOWN, Judge
from eligibility.policy.model import Node, PeerGroup, Quantity


@dataclass(frozen=True)
class Pool:
    """`members` are considered; `unplaced` could not be judged and so are not."""

    members: tuple[str, ...]
    unplaced: tuple[str, ...]


def pool(cells: Cells, rule: Node, quantities: Iterable[Quantity]) -> Pool:
    """The countries the pool rule admits, by ISO3."""
    verdict = _judged(cells, rule, quantities)
    countries = np.array(cells.countries)
    return Pool(
        tuple(countries[verdict >= CONDITIONAL]),
        tuple(countries[(verdict == UNKNOWN) | (verdict == DROPPED)]),
    )


def peer_groups(cells: Cells, groups: tuple[PeerGroup, ...], quantities: Iterable[Quantity]) -> pd.Series:
    """iso3 -> id of the first group whose rule holds; "" where that cannot be judged."""
    quantities = tuple(quantities)
    out = np.full(len(cells.countries), "", dtype=object)
    open_ = np.full(len(out), True)  # not yet placed, and every earlier rule known not to hold
    for group in groups:
        verdict = np.full(len(out), PASS) if group.rule is None else _judged(cells, group.rule, quantities)
        out[open_ & (verdict >= CONDITIONAL)] = group.id
        open_ &= verdict == FAIL
    return pd.Series(out, index=cells.value.index, name="peer_group")


def _judged(cells: Cells, rule: Node, quantities: Iterable[Quantity]) -> np.ndarray:
    nobody = np.full(len(cells.countries), "", dtype=object)
    return Judge(measures.point(cells, quantities), nobody, cells.as_of).node(rule)[0]
