"""How much a refusal does: calls of functions are counted, for machines differ and are shared, and seconds with them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 3_000_000  # calls of functions, of Python and of C; importing pandas makes some 600,000


@contextmanager
def little_work() -> Iterator[None]:
    """Asserts that what runs in it makes few calls. A loop inside C is one call: where it has no end, neither has the test."""
    calls, before = 0, sys.getprofile()

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
    assert calls < MOST, f"{calls:,} calls"
