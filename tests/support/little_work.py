"""How much a refusal does: calls of functions are counted, for machines differ and are shared, and seconds with them."""

from __future__ import annotations

import cProfile
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 3_000_000  # calls of functions, of Python and of C; importing pandas makes some 600,000


@contextmanager
def little_work() -> Iterator[None]:
    """Asserts that what runs in it makes few calls. A loop inside C is one call: where it has no end, neither has the test."""
    counted = cProfile.Profile()  # it counts in C, a tenth of the time of a function of one's own
    counted.enable()
    try:
        yield
    finally:
        counted.disable()
    calls = sum(row.callcount for row in counted.getstats())
    assert calls < MOST, f"{calls:,} calls"
