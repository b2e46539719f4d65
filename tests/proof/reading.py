"""Reads numbers out of words: whether what is printed is the number it ought to be, and looks like no other.

Each function is told what is printed and what is true, and says whether the one says the other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

WORDS = "no one two three four five six seven eight nine ten".split()
NUMBER = r"[−-]?\d[\d,]*(?:\.\d+)?"
COUNT = r"(?:\d[\d,]*|no|none|one|two|three|four|five|six|seven|eight|nine|ten|No|None|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)"
SHARE = r"(?:[<>]1%|>99%|<1%|\d+(?:\.\d+)?%|no data)"
RUNS = r"(?:all|none of|(?:more than |less than )?\d+(?:\.\d+)?% of) [\d,]+ (?:more )?re-runs"
MONTHS = "January February March April May June July August September October November December".split()


def count(text: str) -> int:
    """How many a word or figures say.

    >>> count("Eight"), count("61"), count("none")
    (8, 61, 0)
    """
    word = text.lower()
    return 0 if word == "none" else WORDS.index(word) if word in WORDS else int(text.replace(",", ""))


def is_count(text: str, n: int) -> bool:
    """Whether a text says `n`: as a word up to ten, in figures above."""
    return count(text) == n and (n > 10) == text.replace(",", "").isdigit()


def value(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-").replace("+", ""))


def is_number(text: str, x: float) -> bool:
    """Whether figures are `x` rounded to as many decimals as they show; a minus only before what is not zero."""
    if text == "no data":
        return x is None or math.isnan(x)
    decimals = len(text.partition(".")[2])
    rounded = {f"{y:.{decimals}f}".replace("-", "−") for y in (x, round(x, 12))}  # of a half either way
    rounded = {y.lstrip("−") if not y.strip("−0.") else y for y in rounded}
    return text.replace(",", "") in rounded and text in (
        text.replace(",", ""),
        f"{value(text):,.{decimals}f}".replace("-", "−"),
    )


def is_signed(text: str, x: float) -> bool:
    """The same of a difference, which has its sign."""
    return is_number(text.lstrip("+"), x) and (text[0] == "+") == (value(text) > 0)


def is_share(text: str, p: float) -> bool:
    """Whether a percentage says `p`, hides no doubt and stands on the right side of 10, 50 and 90 per cent."""
    if text == "no data":
        return math.isnan(p)
    if text == "<1%":
        return 0 < p <= 0.005
    if text == ">99%":
        return 0.995 <= p < 1
    shown = float(text.rstrip("%"))
    if (shown == 0 and p != 0) or (shown == 100 and p != 1):
        return False
    if any(shown == limit and abs(100 * p - limit) > 1e-3 for limit in (10, 50, 90)):
        return False
    return is_number(text.rstrip("%"), 100 * p)


def is_runs(text: str, p: float, draws: int) -> bool:
    """Whether "93% of 10,000 re-runs" says so."""
    share, total = re.fullmatch(r"(.*?)(?: of)? ([\d,]+) (?:more )?re-runs", text).groups()
    if not is_number(total, draws) or total != f"{draws:,}":
        return False
    if share in ("all", "none"):
        return p == (share == "all")
    said = share.replace("more than ", ">").replace("less than ", "<")
    return 0 < p < 1 and is_share(said, p)


def is_among(text: str, n: int, total: int, one: str, many: str = "") -> bool:
    """Whether a phrase such as "two of three gates", "both gates", "the one gate", "none of four gates" is true."""
    many = many or f"{one}s"
    text = text[:1].lower() + text[1:]
    if text == f"the one {one}":
        return n == total == 1
    if text == f"both {many}":
        return n == total == 2
    if found := re.fullmatch(rf"all ({COUNT}) {many}", text):
        return n == total > 2 and is_count(found[1], total)
    if found := re.fullmatch(rf"({COUNT}) of ({COUNT}) ({one}|{many})", text):
        said = found[1] != "no" and is_count(found[1], n) and is_count(found[2], total)
        return said and n < total and (found[3] == one) == (total == 1)
    return False


def listed(items: Iterable[str], word: str = "and") -> str:
    """Names as one phrase."""
    items = list(items)
    return f" {word} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def some(items: Iterable[str], shown: int) -> str:
    """The first few, the rest counted."""
    items = list(items)
    left = len(items) - shown
    if left <= 0:
        return listed(items)
    return listed([*items[:shown], f"{WORDS[left] if left <= 10 else f'{left:,}'} more"])


def titles(text: str) -> list[str]:
    """What stands in quotes."""
    return re.findall(r"“([^”]*)”", text)


def is_day(text: str, when) -> bool:
    """Whether "1 July 2016" is the day."""
    return text == f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def is_ordinal(text: str, n: float) -> bool:
    """Whether "21st" is 21, with its right ending."""
    number, ending = re.fullmatch(r"([\d,]+)(st|nd|rd|th)", text).groups()
    tens, ones = divmod(int(n) % 100, 10)
    right = "th" if tens == 1 else {1: "st", 2: "nd", 3: "rd"}.get(ones, "th")
    return int(number.replace(",", "")) == n and ending == right
