"""What can go wrong, as one small family.

    EligibilityError
    ├── InputError          the input is wrong: exit code 2, nothing written
    │   ├── CriteriaError   a criteria file cannot be honoured
    │   ├── DataError       a data file cannot be read strictly
    │   └── UsageError      an option or argument makes no sense here
    ├── IntegrityError      a checksum or a sealed run does not hold: exit code 1
    └── Interrupted         somebody stopped the command: exit code 130

Every message reads `where: what: rule (got value); hint`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 10  # problems printed in full; the rest are counted
LONGEST = 120  # characters of a quoted value


def quoted(value: object) -> str:
    """A value as an error may show it: bounded, on one line, control characters escaped.

    >>> quoted("a" * 200)[-3:]
    '...'
    """
    text = one_line(str(value))
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def one_line(text: str) -> str:
    """The text on one line, what cannot be printed escaped: a file's name may hold a line break or a terminal's orders.

    >>> one_line("a\\nb")
    'a\\\\nb'
    """
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with an input.

    >>> str(Problem("c.yaml:7:5", "score.wieght", "unknown key", got="2", hint="did you mean 'weight'?"))
    "c.yaml:7:5: score.wieght: unknown key (got 2); did you mean 'weight'?"
    """

    where: str  # file, file:line, file:line:column, or the name of an option
    what: str  # the path inside it: "gates.democracy.any[0]", "column 'year'"
    rule: str
    got: str = ""
    hint: str = ""

    def __str__(self) -> str:
        got = f" (got {quoted(self.got)})" if self.got else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{one_line(self.where)}: {one_line(self.what)}: {self.rule}{got}{hint}"


class EligibilityError(Exception):
    """Anything this package says no to.

    Attributes
    ----------
    exit_code : int
        What a command that ends so exits with: 2 for wrong input, 1 for what does not hold.

    Examples
    --------
    >>> import eligibility
    >>> try:
    ...     eligibility.screen("peacetime-pilot")
    ... except eligibility.EligibilityError as error:
    ...     print(error)
    criteria: criteria: must be a shipped id or a .yaml file (got peacetime-pilot); did you mean 'peacetime-pilots'?
    """

    exit_code = 2


class InputError(EligibilityError):
    """The input is wrong. Carries every problem found, not only the first.

    Attributes
    ----------
    problems : tuple of Problem
        Each with `where`, `what`, `rule`, `got` and `hint`, all text. As text: the first ten, then a count.

    Examples
    --------
    >>> error = InputError([Problem("c.yaml:7:5", "shortlist.size", "must be at least 1", "0")])
    >>> error.problems[0].rule, str(error)
    ('must be at least 1', 'c.yaml:7:5: shortlist.size: must be at least 1 (got 0)')
    """

    def __init__(self, problems: Problem | Iterable[Problem]):
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"... and {len(self.problems) - SHOWN} more problems")
        return "\n".join(lines)


class CriteriaError(InputError):
    """A criteria file cannot be honoured."""


class DataError(InputError):
    """A data file cannot be read strictly."""


class UsageError(InputError):
    """An option or argument makes no sense here."""


class IntegrityError(EligibilityError):
    """A checksum or a sealed run does not hold.

    Attributes
    ----------
    exit_code : int
        1: the question was right and the answer is no.

    Examples
    --------
    >>> IntegrityError("values.csv: checksum: not that of the sheet").exit_code
    1
    """

    exit_code = 1


class Interrupted(EligibilityError):
    """Somebody stopped the command; the message says what was and was not written."""

    exit_code = 130
