"""Lists that this project keeps itself: members of an organisation, events in a country (dated.py)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eligibility.data.readers import Head, dated
from eligibility.data.readers.release import Release

FAMILY = "lists"


def recognise(path: Path, head: Head) -> str | None:
    """The list and the day it goes to, such as ogp-2026-01."""
    return dated.recognise(path, head, FAMILY)


def read(paths: Sequence[Path], vintage: str) -> Release:
    """The events of one list."""
    return dated.read(paths, vintage, FAMILY)
