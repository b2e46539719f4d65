"""The one table of operators: a new comparison is a row here and a line of the table in criteria/README.md.

The shape of a criteria file, the judge, the flips, what pages say and the workbench's scorer all read it. A test that asks for
anything but a threshold is made one of these, or asks for classes (`requirements.Asked`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Comparison:
    """A value held against a threshold.

    name      as a criteria file writes it
    opposite  the name of what holds where this does not
    up        whether a larger value can only help, or a smaller one
    equal     whether the threshold itself will do
    sign, said, of_class   as tables, sentences and classes have it: "≥", "at least", "{} or above"
    """

    name: str
    opposite: str
    up: bool
    equal: bool
    sign: str
    said: str
    of_class: str

    @property
    def holds(self) -> Callable[[Any, Any], Any]:
        """Whether a value meets a threshold, of numbers or arrays.

        >>> COMPARISONS["at_most"].holds(0.5, 0.5), COMPARISONS["above"].holds(0.5, 0.5)
        (True, False)
        """
        if self.up:
            return operator.ge if self.equal else operator.gt
        return operator.le if self.equal else operator.lt

    @property
    def edged(self) -> Comparison:
        """The same but for the threshold itself, which will do for one of the two alone.

        >>> COMPARISONS["at_least"].edged.name, COMPARISONS["below"].edged.name
        ('above', 'at_most')
        """
        return next(row for row in _ROWS if row.up == self.up and row.equal != self.equal)


_ROWS = (
    Comparison("at_least", "below", True, True, "≥", "at least", "{} or above"),
    Comparison("at_most", "above", False, True, "≤", "at most", "{} or below"),
    Comparison("above", "at_most", True, False, ">", "above", "above {}"),
    Comparison("below", "at_least", False, False, "<", "below", "below {}"),
)
COMPARISONS = {row.name: row for row in _ROWS}
