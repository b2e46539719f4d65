"""Extractive Industries Transparency Initiative: a list of its implementing countries, kept by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eligibility.readers import Head, dated
from eligibility.readers.release import Release

FAMILY = "eiti"


def recognise(path: Path, head: Head) -> str | None:
    """The list and the day it goes to, such as members-2022-11."""
    return dated.recognise(path, head, FAMILY)


def read(paths: Sequence[Path], vintage: str) -> Release:
    """When countries became members and ceased to be."""
    return dated.read(paths, vintage, FAMILY)
