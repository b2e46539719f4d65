"""A made-up list of events, written as one number a country and year; no module of the engine is needed to read it."""

from __future__ import annotations

from collections.abc import Mapping

KINDS = ("coup", "court", "failed")


def happened(codes: Mapping[str, Mapping[int, float]]) -> list[tuple[str, str, str]]:
    """(iso3, date, kind) of a made-up list of events, whose figure of a year is a code for the day and the kind of one."""
    rows = []
    for iso3, history in codes.items():
        for year, code in history.items():
            code, kind = divmod(int(code), len(KINDS))
            code, precision = divmod(code, 3)
            day, month = divmod(code, 12)
            when = (f"{year}", f"{year}-{month + 1:02}", f"{year}-{month + 1:02}-{day % 28 + 1:02}")[
                precision
            ]
            rows.append((iso3, when, KINDS[kind]))
    return rows
