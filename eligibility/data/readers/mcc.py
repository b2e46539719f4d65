"""Figures of the Millennium Challenge Corporation's scorecards, kept by hand: iso3, fiscal_year, one column a figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import Head, kept
from eligibility.data.readers.release import Release

FAMILY = "mcc"

_BEFORE = 2  # a card of fiscal year n is out in November of n-1 and mostly describes n-2


def recognise(path: Path, head: Head) -> str | None:
    """The year or date in the name of a table of scorecard figures, such as mcc-scorecards-2024.csv."""
    return kept.recognise(path, head, FAMILY, "fiscal_year")


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The figures of each card, under the year two before its fiscal year."""
    return kept.read(paths, vintage, FAMILY, "fiscal_year", _BEFORE)
