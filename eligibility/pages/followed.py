"""What became of the countries that the criteria would have chosen before: one box a group on the briefing, no country's own risk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eligibility.analysis import record
from eligibility.data import countries
from eligibility.method import cohorts
from eligibility.method.resamples import Share
from eligibility.pages.blocks import Box, Boxes, Section, Text
from eligibility.pages.facts import Facts
from eligibility.pages.said import Located, Said, say, tell
from eligibility.pages.wording import missing, plain

NAMED = 3  # losses told by name
# group of the record -> the part of a path that names it
SHORT = {
    "admitted": "admitted",
    "others: admitted": "others",
    "shortlist": "listed",
    "qualified": "qualified",
}


def section(facts: Facts) -> Section | None:
    """The record on the briefing; None where no cohort could be followed by the date, or the level of democracy is not read."""
    past = record.known(facts.result)
    if past is None or not past.admitted or missing(past.rows["admitted"].shares["lost"].value):
        return None
    title = say("record.title", p=_lost(past, "admitted").value)
    return Section("record", title, (Boxes(tuple(_boxes(past))), Text(tuple(_said(past)), note=True)))


def _lost(past: record.Past, name: str) -> Share:
    return past.rows[name].shares["lost"]


def _range(past: record.Past, name: str) -> dict[str, float]:
    """The ends of the range of a group's share, with their paths."""
    share = _lost(past, name)
    return {end: Located(getattr(share, end), f"run record.{SHORT[name]}.{end}") for end in ("low", "high")}


def _boxes(past: record.Past) -> Iterator[Box]:
    """Those that qualified, others as democratic in the same year, those ranked highest."""
    first, last = (str(past.cohorts[at].as_of.year) for at in (0, -1))
    own = past.rows["admitted"]
    told = dict(first=first, last=last, years=cohorts.YEARS, n=own.n, **_range(past, "admitted"))
    yield _box(past, "admitted", say("record.admitted", **told))
    if "others: admitted" in past.rows:
        yield _box(past, "others: admitted", say("record.others", **_range(past, "others: admitted")))
    if "shortlist" in past.rows:
        told = dict(size=past.criteria.shortlist, **_range(past, "shortlist"))
        yield _box(past, "shortlist", say("record.listed", **told))


def _box(past: record.Past, name: str, said: Said) -> Box:
    p = Located(_lost(past, name).value, f"run record.{SHORT[name]}.lost")
    return Box(say("record.share", p=p), said)


def _loss(one: record.Loss) -> Said:
    at, years = f"run record.losses.{one.iso3}", dict(year=str(one.year), later=str(one.lowest_year))
    ends = {end: Located(getattr(one, end), f"{at}.{end}") for end in ("level", "lowest")}
    return say("record.loss", name=plain(countries.register().name(one.iso3)), **years, **ends)


def _said(past: record.Past) -> Iterator[Said]:
    """What a loss is, whether the difference could be chance, other kinds, the last by name, and what none of this tells."""
    yield say("record.lost", loss=cohorts.LOSS)
    yield from beside(past, "admitted")
    if past.losses:
        yield last(past.losses[:NAMED])
    if past.criteria.apart and "qualified" in past.rows:
        p = Located(_lost(past, "qualified").value, "run record.qualified.lost")
        yield say("record.qualified", p=p, **_range(past, "qualified"))
    if past.revised:
        yield say("record.revised")
    yield say("record.nobody")


def beside(past: record.Past, name: str) -> Iterator[Said]:
    """Whether a group lost ground more often than others as democratic, if there are any; paths are those of who qualified."""
    apart, at = past.apart.get(f"{name} - others"), "run record.difference"
    if apart and not missing(apart.value):
        way = "chance" if apart.low <= 0 <= apart.high else "more" if apart.value > 0 else "less"
        ends = {end: Located(100 * getattr(apart, end), f"{at}.{end}") for end in ("low", "high")}
        points = Located(100 * abs(apart.value), f"{at}.points")
        yield tell(f"record.{way}", who=say(f"record.{name}.who"), x=points, **ends)


def last(losses: Sequence[record.Loss]) -> Said:
    """Who qualified and lost ground last, each with its level and the lowest after it."""
    return say("record.last", losses=tuple(map(_loss, losses)))
