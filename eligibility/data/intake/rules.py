"""The rules of the intake gate, their limits, and what is said of a release that breaks one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from eligibility.data import countries

NAMED = 10  # names a finding shows; the rest are counted

# rule: what it says, and its limit for a publisher whose sheet sets no other
RULES = {
    "series-lost": "a series of the release it replaces is missing",
    "countries-lost": "countries are missing",
    "years-lost": "years are missing, those that were out by the day of the release among them",
    "cells-lost": "figures are missing",
    "empty-cells": "more cells are empty inside the years a country has",
    "partial-year": "the newest year has fewer countries than the year before",
    "last-year": "a year had not ended when the release came out, or is none of its edition",
    "rank-correlation": "countries stand in another order than before",
    "shifted": "figures agree better when moved by one year, row or country",
    "mislabelled": "a series is more like another series of before than like itself",
    "rescaled": "the level or the width of a series is another",
    "share-moved": "too many figures or countries moved",
    "revised": "a release of the same name gave other figures",
    "variance": "a series, a year or a country does not vary, or a year repeats the one before",
    "error-scale": "standard errors are on another scale",
}
LIMITS: dict[str, float] = {
    "countries-lost-older": 0.02,  # share of the countries an older release may lack; any other lacks none
    "cells-lost": 0.005,  # share of the figures held before; an older release may lack more of them:
    "cells-lost-older": 0.05,
    "cells-lost-across": 0.01,  # beside another kind of file, such as a list of classes beside their history
    "recent-lost": 0,  # figures of the last five years
    "empty-cells": 0.01,  # more than before; without a release before, `empty-alone`
    "empty-alone": 0.02,
    "partial-year": 0.03,  # below the least share of the year before ever held; without a release before, below 0.9
    "behind": 0,  # years a series may end before the newest that its calendar says was out; more where that is a rule of thumb
    "rank-correlation": 0.95,  # over all shared country-years
    "rank-correlation-year": 0.9,  # over the countries of one year
    "new-year-order": 0.05,  # a new year beside the one before it: below the least ever held
    "seam": 0.5,  # less alike a country's first two figures are, or its last two, than the two after its first
    "neighbours": 0.2,  # correlation with changes a row off of another series of the file below which it is chance
    "rescaled": 1.25,  # times wider or narrower, or a median moved by this share of the width less one
    "share-moved": 0.08,  # of figures that changed place by more than a tenth, or class
    "countries-moved": 2,  # that changed place by more than a quarter in most years
    "revised": 0,  # figures of the same release that are others by more than a last digit
    "countries-stuck": 3,
    "repeat": 0.98,  # of the countries have in a new year the figure of the year before
    "error-scale": 2.5,
}


@dataclass(frozen=True)
class Finding:
    """One rule broken: what was found in one sentence, how often, and the names."""

    rule: str
    found: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        more = f" and {len(self.names) - NAMED} more" if len(self.names) > NAMED else ""
        return self.found + (f": {', '.join(self.names[:NAMED])}{more}" if self.names else "")


def together(found: list[Finding]) -> Finding:
    """Findings of one rule as one: the sentences of the first three, every name once."""
    said = list(dict.fromkeys(finding.found for finding in found))
    more = f"; and so of {len(said) - 3} more" if len(said) > 3 else ""
    names = dict.fromkeys(name for finding in found for name in finding.names)
    return Finding(found[0].rule, "; ".join(said[:3]) + more, tuple(names))


def named(iso3s: Iterable[str]) -> tuple[str, ...]:
    """Countries by name, in order of name."""
    register = countries.register()
    return tuple(sorted(register.name(iso3) if iso3 in register else iso3 for iso3 in iso3s))


def cells_named(cells: pd.DataFrame) -> tuple[str, ...]:
    """The cells that are True, as "Tunisia 2021"."""
    rows, lands = np.nonzero(cells.to_numpy())
    place = {iso3: named([iso3])[0] for iso3 in cells.columns}
    return tuple(
        sorted(f"{place[cells.columns[c]]} {cells.index[r]}" for r, c in zip(rows, lands, strict=True))
    )
