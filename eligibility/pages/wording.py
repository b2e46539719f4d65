"""Numbers, lists and dates as a page prints them: text in, nothing looked up.

A missing number is always the words "no data"; a minus is a true minus; the decimals of a column are fixed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from eligibility.language.overrides import Note, Override
from eligibility.method.resamples import Share
from eligibility.policy.model import InForce
from eligibility.terminal import wrapped

if TYPE_CHECKING:
    from typing_extensions import TypeIs

NO_DATA = "no data"
NOT_DRAWN = (
    "Nobody states a measurement error for these figures, so how sure a rank is cannot be said: "
    "no probability and no likely range is given."
)
NOT_DRAWN_UNSCORED = "Nobody states a measurement error for these figures, so no probability is given."
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MINUS = re.compile(r"(?<!\S)-(?=\d)")
_ISO = re.compile(r"(?<![\w-])\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\w-])")
_LIMITS = (10, 50, 90)  # per cent at which a page changes its words
_MONTHS = "January February March April May June July August September October November December".split()


def plain(text: object) -> str:
    """Text with what cannot be seen made visible: controls, zero-width and direction marks as U+XXXX.

    >>> plain("Tu\\u202enisia")
    'TuU+202Enisia'
    """
    text = str(text)
    if text.isprintable():  # which nothing below is
        return text
    return "".join(
        f"U+{ord(c):04X}" if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs") and c not in "\n\t" else c
        for c in text
    )


def share(value: float) -> str:
    """A share in per cent, "-" where there is none."""
    return "-" if math.isnan(value) else percent(value)


def ranged(found: Share) -> str:
    """A share with its range in whole per cent, "-" without a case.

    >>> ranged(Share(0.25, 0.1, 0.5))
    '25% (10-50)'
    """
    if math.isnan(found.value):
        return "-"
    return f"{100 * found.value:.0f}% ({100 * found.low:.0f}-{100 * found.high:.0f})"


def paragraph(told: object, first: str = "", rest: str = "") -> list[str]:
    """Words in lines of a terminal: an id stays in one piece, a control character is named and not obeyed."""
    return wrapped(plain(told), first=first, rest=rest)


def missing(value: object) -> TypeIs[None]:
    """Whether there is no number here: None or NaN, of which a type checker takes NaN for None too."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def number(value: float | None, decimals: int = 2) -> str:
    """A number with fixed decimals and a true minus; "no data" if there is none.

    >>> number(-0.304, 2), number(-0.001, 2), number(4250, 0), number(None)
    ('−0.30', '0.00', '4,250', 'no data')
    """
    if missing(value):
        return NO_DATA
    text = f"{value:,.{decimals}f}"
    if text.startswith("-"):
        text = text[1:] if not text.strip("-0.,") else "−" + text[1:]
    return text


def signed(value: float | None, decimals: int = 2) -> str:
    """A difference with its sign; none for what rounds to zero.

    >>> signed(0.09), signed(-0.09), signed(0.0)
    ('+0.09', '−0.09', '0.00')
    """
    text = number(value, decimals)
    return f"+{text}" if text[0].isdigit() and text.strip("0.,") else text


def percent(share: float | None) -> str:
    """A share as whole per cent that never rounds a doubt away: what lies just beside a limit shows its side.

    >>> percent(0.934), percent(0.995), percent(0.005), percent(1.0), percent(0.0)
    ('93%', '>99%', '<1%', '100%', '0%')
    >>> percent(0.8975), percent(0.9), percent(0.4996)
    ('89.8%', '90%', '49.96%')
    """
    if missing(share):
        return NO_DATA
    if 0.0 < share <= 0.005:  # half a per cent itself would round to nothing, as the other half to all
        return "<1%"
    if 0.995 <= share < 1.0:
        return ">99%"
    if round(100 * share) in _LIMITS:
        for decimals in (0, 1, 2, 3):
            shown = round(100 * share, decimals)
            if shown not in _LIMITS or abs(100 * share - shown) < 1e-9:
                return f"{100 * share:.{decimals}f}%"
    return f"{100 * share:.0f}%"


def runs(share: float, draws: int) -> str:
    """A share of simulations inside a sentence.

    >>> runs(1.0, 10000), runs(0.934, 10000), runs(0.9999, 10000), runs(0.0, 400)
    ('all 10,000 simulations', '93% of 10,000 simulations', 'more than 99% of 10,000 simulations', 'none of 400 simulations')
    """
    if share >= 1.0:
        return f"all {draws:,} simulations"
    if share <= 0.0:
        return f"none of {draws:,} simulations"
    text = percent(share).replace(">", "more than ").replace("<", "less than ")
    return f"{text} of {draws:,} simulations"


def spelled(n: int) -> str:
    """A count as a word up to ten, then as digits.

    >>> spelled(0), spelled(7), spelled(61)
    ('no', 'seven', '61')
    """
    return _WORDS[n] if 0 <= n <= 10 else f"{n:,}"


def counted(n: int, one: str, many: str = "") -> str:
    """How many of something.

    >>> counted(1, "gate"), counted(3, "gate"), counted(0, "country", "countries")
    ('one gate', 'three gates', 'no countries')
    """
    return f"{spelled(n)} {one if n == 1 else many or one + 's'}"


def among(n: int, total: int, one: str, many: str = "") -> str:
    """So many of so many.

    >>> among(0, 2, "gate"), among(1, 3, "gate"), among(2, 2, "gate"), among(3, 3, "gate")
    ('none of two gates', 'one of three gates', 'both gates', 'all three gates')
    >>> among(1, 1, "gate")
    'the one gate'
    """
    if n == 0:
        return f"none of {counted(total, one, many)}" if total != 1 else f"not the one {one}"
    if n == total:
        return {1: f"the one {one}", 2: f"both {many or one + 's'}"}.get(
            n, f"all {counted(total, one, many)}"
        )
    return f"{spelled(n)} of {counted(total, one, many)}"


def ordinal(n: float) -> str:
    """A place in an order.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 103, 113)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '21st', '103rd', '113th']
    """
    n = round(n)
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"


def listed(items: Iterable[str], word: str = "and") -> str:
    """Items as one phrase.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")
    ('a', 'a and b', 'a, b or c')
    """
    items = list(items)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}" if items else ""


def some(items: Iterable[str], shown: int = 6) -> str:
    """Items as one phrase, the rest only counted.

    >>> some(["a", "b", "c", "d"], 2), some(["a", "b"], 2)
    ('a, b and two more', 'a and b')
    """
    items = list(items)
    if len(items) <= shown:
        return listed(items)
    return listed([*items[:shown], f"{spelled(len(items) - shown)} more"])


def alphabetical(name: str) -> str:
    """What a name is sorted by: case and accents aside.

    >>> sorted(["Zambia", "Åland", "Benin", "São Tomé", "Samoa"], key=alphabetical)
    ['Åland', 'Benin', 'Samoa', 'São Tomé', 'Zambia']
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in letters if not unicodedata.combining(c))


def day(when: date) -> str:
    """A date in words.

    >>> day(date(2016, 7, 1))
    '1 July 2016'
    """
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def dated(text: str) -> str:
    """Text with its ISO dates in words.

    >>> dated("held to 2023, the next out by 2026-04-01; lists-power-2026-01")
    'held to 2023, the next out by 1 April 2026; lists-power-2026-01'
    """
    return _ISO.sub(lambda found: day(date.fromisoformat(found[0])), text)


def month(when: date) -> str:
    """The month of a date in words.

    >>> month(date(2016, 7, 1))
    'July 2016'
    """
    return f"{_MONTHS[when.month - 1]} {when.year}"


def span(when: InForce) -> str:
    """The first and the last day of something in words.

    >>> span(InForce(date(2011, 10, 1), date(2025, 9, 30))), span(InForce(date(2017, 1, 1)))
    ('from 1 October 2011 to 30 September 2025', 'from 1 January 2017')
    """
    first = f"from {day(when.since)}" if when.since else ""
    last = f"{'to' if first else 'until'} {day(when.until)}" if when.until else ""
    return " ".join(x for x in (first, last) if x)


def recorded(entry: Override) -> str:
    """A decision of the board in one line: what, who, when, why, where."""
    when = day(date.fromisoformat(entry.date))
    return plain(f"{entry.decision}, {entry.name}, {when}: {entry.reason} [{entry.source}]")


def noted(entry: Note) -> str:
    """A note of an analyst in one line: who, when, what, where."""
    when = day(date.fromisoformat(entry.date))
    return plain(f"{entry.name}, {when}: {entry.note} [{entry.source}]")


def unit(text: str) -> str:
    """A unit of measurement with true minus signs.

    >>> unit("about -2.5 to 2.5"), unit("low-income")
    ('about −2.5 to 2.5', 'low-income')
    """
    return _MINUS.sub("−", plain(text))


def capital(text: str) -> str:
    """The same text with a capital first letter.

    >>> capital("one gate")
    'One gate'
    """
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Text as a sentence: a capital first, a stop last; "" stays "".

    >>> sentence("since a host may decline"), sentence("Why?"), sentence("")
    ('Since a host may decline.', 'Why?', '')
    """
    text = capital(text.strip())
    return text if not text or text[-1] in ".?!:;" else f"{text}."


def inner(text: str) -> str:
    """A title inside a sentence: its first letter small unless the first word is a name or an acronym.

    >>> inner("Civil-society participation"), inner("HDI"), inner("UN convention"), inner("V-Dem index")
    ('civil-society participation', 'HDI', 'UN convention', 'V-Dem index')
    """
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first[1:].islower() else text
