"""Where the figures come from: sources, vintages, errors, what is missing, what a reader must know first."""

from __future__ import annotations

from datetime import date

from eligibility.data.lists import OLDER
from eligibility.pages.facts import Facts, Value
from eligibility.pages.said import Said, say
from eligibility.pages.wording import day, inner, number, plain


def read(facts: Facts) -> tuple[Said, ...]:
    """What was read, for the line over a page's title: the day, the years the figures describe, who is behind."""
    found = facts.result.read
    years = (
        say("kicker.years", name=plain(name), years=tuple(map(str, of))) for name, of in found.years.items()
    )
    late = tuple(dict.fromkeys(plain(name) for name, *_ in found.behind))
    behind = (say("kicker.behind", names=late),) if late else ()
    return (say("kicker.figures", day=facts.result.as_of), *years, *behind)


def source_name(facts: Facts, indicator: str) -> str:
    """A source in a table: its id, under which the table of sources and the manifest list it."""
    held = facts.result.panel.held
    return plain(held[indicator].id) if indicator in held else "not held"


def https(url: object) -> str:
    """A link only if it is plain https; "" otherwise."""
    text = str(url or "")
    safe = text.startswith("https://") and text.isascii() and text.isprintable() and " " not in text
    return text if safe else ""


def error(value: Value, facts: Facts, indicator: str) -> str:
    """The standard error with its kind, as the data table prints it."""
    sheet = facts.sheets[indicator]
    if not value.known:
        return ""
    if sheet.follows and value.sd_kind == "modelled":
        return f"follows {inner(plain(facts.sheets[sheet.follows].label))}"
    if value.sd_kind == "none" or not value.sd > 0:
        return "not stated"
    return f"±{number(value.sd, max(sheet.decimals, 2) if value.sd < 1 else sheet.decimals)} {value.sd_kind}"


def carried(value: Value) -> str:
    """What to know of a figure's age: that others have newer ones, or where its list ends."""
    if value.mark.startswith(OLDER):
        return OLDER + day(date.fromisoformat(value.mark.removeprefix(OLDER)))
    return "carried forward: others have newer" if value.mark == "carried" else plain(value.mark)
