"""What the Open Government Partnership counts for eligibility, kept by hand: iso3, year, one column a component."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import Head, kept
from eligibility.data.readers.release import Release

FAMILY = "ogp"


def recognise(path: Path, head: Head) -> str | None:
    """The year or date in the name of a table of components, such as ogp-components-2015.csv."""
    return kept.recognise(path, head, FAMILY, "year")


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The components of each country and year."""
    return kept.read(paths, vintage, FAMILY, "year")
