"""Where the figures come from: sources, vintages, errors, what is missing, what a reader must know first."""

from __future__ import annotations

from datetime import date

from eligibility import countries, vintages, walk
from eligibility.lists import OLDER
from eligibility.pages import dated, imputed, reasons
from eligibility.pages.facts import Facts, Value
from eligibility.pages.sentences import quoted
from eligibility.pages.views import DataRow, Noted, Recorded, SourceRow
from eligibility.pages.wording import (
    among,
    capital,
    counted,
    day,
    inner,
    listed,
    number,
    plain,
    some,
    spelled,
    unit,
    verb,
)
from eligibility.policy import Quantity


def recorded(facts: Facts, iso3: str, link: str = "") -> Recorded | None:
    """What the board recorded on a country under these criteria; None where nothing."""
    entry = facts.result.overrides.get(iso3)
    if entry is None:
        return None
    return Recorded(
        name=facts.names.get(iso3) or plain(countries.register().name(iso3)),
        link=link,
        decision=capital(plain(entry.decision)),
        signed=plain(entry.name),
        day=day(date.fromisoformat(entry.date)),
        reason=plain(entry.reason),
        source=plain(entry.source),
        url=_https(entry.source),
    )


def noted(facts: Facts, iso3: str) -> tuple[Noted, ...]:
    """What analysts noted on a country, oldest first."""
    return tuple(
        Noted(
            note=plain(entry.note),
            signed=plain(entry.name),
            day=day(date.fromisoformat(entry.date)),
            source=plain(entry.source),
            url=_https(entry.source),
        )
        for entry in facts.result.register.about(iso3)
    )


def kicker(facts: Facts) -> str:
    """The line over a page's title: criteria, version, date."""
    own = facts.criteria
    criteria = f"criteria “{plain(own.id)}” version {plain(own.version)}"
    return f"{plain(own.title)} · {criteria} · as known on {day(facts.result.as_of)}"


def source_name(facts: Facts, indicator: str) -> str:
    """A source in a table: its id, under which the table of sources and the manifest list it."""
    held = facts.result.panel.held
    return plain(held[indicator].id) if indicator in held else "not held"


def sources_line(facts: Facts, indicators) -> str:
    """The source line under a figure or table: each publisher, with the names its releases have here."""
    sources = {
        s.id: s for s in (facts.result.panel.held[i] for i in indicators if i in facts.result.panel.held)
    }
    releases: dict[str, list[str]] = {}
    for source in sources.values():
        releases.setdefault(plain(source.publisher), []).append(plain(source.id))
    told = "; ".join(f"{publisher} ({', '.join(ids)})" for publisher, ids in releases.items())
    return f"{'Sources' if len(sources) > 1 else 'Source'}: {told}." if told else ""


def source_rows(facts: Facts) -> tuple[SourceRow, ...]:
    """Every source in use, by id."""
    revised = {s.id for s in facts.result.cells.revised}
    return tuple(
        SourceRow(
            plain(s.id),
            plain(s.title),
            plain(s.publisher),
            plain(s.vintage),
            day(s.released),
            plain(s.licence),
            _https(s.url),
            _https(s.licence_url),
            plain(s.citation),
            tuple(plain(n) for n in s.notes),
            s.id in revised,
        )
        for s in facts.result.panel.sources
    )


def _https(url: object) -> str:
    """A link only if it is plain https; "" otherwise."""
    text = str(url or "")
    return (
        text
        if text.startswith("https://") and text.isascii() and text.isprintable() and " " not in text
        else ""
    )


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


def notes(facts: Facts) -> tuple[str, ...]:
    """The notes of a run for the briefing: those on releases in words for a board, the others as they are."""
    retold = ("Revised data:", "Newer figures ", "Figures not held ")
    others = tuple(plain(n) for n in facts.result.notes if not n.startswith(retold))
    return read(facts) + tuple(facts.result.warned) + revised(facts) + overdue(facts) + absent(facts) + others


def read(facts: Facts) -> tuple[str, ...]:
    """Which years were read, and which figures that decide were behind their publisher."""
    own = facts.result.read
    years = [f"{plain(name)} {listed(map(str, of))}" for name, of in own.years.items()]
    late = [f"{plain(name)} (held to {last}, the next out by {day(due)})" for name, last, due in own.behind]
    behind = (
        f"behind their publisher: {', '.join(late)}" if late else "none that decides is behind its publisher"
    )
    return (f"Figures read: {', '.join(years)}; {behind}.",)


def gaps(facts: Facts) -> tuple[str, ...]:
    """Which newer releases do not cover what is asked of them, and which older ones answer."""
    return tuple(plain(line) for line in vintages.told(facts.result.gaps, facts.sheets))


def turned(facts: Facts, iso3: str) -> tuple[str, ...]:
    """That the verdict would be another with figures that are held for later years, if it would."""
    word = facts.result.turned.get(iso3)
    would = {
        "insufficient-data": "unknown because data are not held",
        "not considered": "not given: it is not considered",
    }
    said = f"With figures for later years that are held here, this verdict would be {would.get(word, word)}."
    return (said,) if word else ()


def absent(facts: Facts) -> tuple[str, ...]:
    """On what no country has a figure at the date, and which gates and tracks rest on it."""
    own, gone = facts.criteria, facts.result.cells.absent
    names = [inner(plain(facts.sheets[i].label)) for i in facts.used if i in gone]
    judged, rules = facts.result.screening, (*own.gates, *own.tracks)
    rests = [
        f"{quoted(g)}{of}"
        for g in rules
        if gone & set(facts.looked_at(g.rule)) and (of := judged.open(g.id)) is not None
    ]
    if not names:
        return ()
    text = f"For this date no figures are held here on {some(names, 8)}, of any country."
    return (text + (f" What rests on them is unknown, not failed: {listed(rests)}." if rests else ""),)


def overdue(facts: Facts) -> tuple[str, ...]:
    """That newer figures than those held had been published by the date, if they had."""
    rows = facts.result.panel.overdue(facts.used, facts.result.as_of)
    ends = [
        f"{plain(s.title)} ends in {year}, and the next year was due by {day(due)}" for s, year, due in rows
    ]
    when = day(facts.result.as_of)
    return (
        (f"Newer figures than those held here had been published by {when}. {'; '.join(ends)}.",)
        if ends
        else ()
    )


def revised(facts: Facts) -> tuple[str, ...]:
    """That figures come from after the date, if they do."""
    n = len(facts.result.cells.revised)
    if not n:
        return ()
    which = f"{among(n, len(facts.result.panel.sources), 'source')} {verb(n, 'was', 'were')} published"
    return (
        f"Revised data: {which} after {day(facts.result.as_of)}. {'Its' if n == 1 else 'Their'} figures for the years known by "
        "then are used as revised since; the table of sources says which.",
    )


def data_title(facts: Facts, iso3: str) -> str:
    """The finding over the data table."""
    gaps = [i for i in facts.used if not facts.cells[iso3][i].known]
    carried = [i for i in facts.used if facts.cells[iso3][i].mark == "carried"]
    n, total = len(gaps), len(facts.used)
    held = f"All {counted(total, 'figure')} are held" if total > 1 else "Its one figure is held"
    text = f"{capital(among(n, total, 'figure'))} {verb(n, 'is', 'are')} missing" if gaps else held
    filled = facts.result.guesses.get(iso3, {})
    text += f", {spelled(len(filled))} of them imputed in the draws" if filled else ""
    return text + (f", {spelled(len(carried))} carried from an earlier year" if carried else "")


def data(facts: Facts, iso3: str) -> tuple[DataRow, ...]:
    """Every figure the criteria look at, with where it comes from."""
    out = []
    for indicator in facts.used:
        sheet, value = facts.sheets[indicator], facts.cells[iso3][indicator]
        years = int(value.age) if value.known else 0
        status = dated.status(facts, iso3, indicator)
        out.append(
            DataRow(
                name=plain(sheet.label),
                unit=unit(sheet.unit),
                value=status
                or reasons.shown(value.value if value.known else None, Quantity(indicator), facts.sheets),
                error=error(value, facts, indicator),
                year=number(value.year, 0).replace(",", "") if value.known else "",
                age=f"{counted(years, 'year')} old" if value.known and years > 1 else "",
                source=source_name(facts, indicator),
                uses=", ".join(facts.roles.get(indicator, ())),
                note=_absent(facts, iso3, indicator) if not value.known else "" if status else carried(value),
                fact=f"{iso3} values.{indicator}",
            )
        )
    return tuple(out)


def _absent(facts: Facts, iso3: str, indicator: str) -> str:
    """What was done about a missing figure."""
    rules = [g.rule for g in (*facts.criteria.gates, *facts.criteria.tracks)]
    policies = {t.missing for rule in rules for t in walk.tests(rule) if t.quantity.indicator == indicator}
    done = [
        {
            "unknown": "the test is unknown",
            "fail": "the test counts as failed",
            "drop": "the test is left out",
        }[p]
        for p in sorted(policies)
    ]
    if any(c.quantity.indicator == indicator for _, c in facts.components):
        done.append("the rest of its pillar carries its weight, if there is enough")
    if guess := imputed.figure(facts.result, iso3, indicator):
        return "; ".join([guess, *done])
    return f"not filled: {'; '.join(done)}" if done else "not filled"
