"""What stands behind a review: how often such alarms were right, and what the pilots can teach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from eligibility.analysis.reviews import lessons, past
from eligibility.analysis.reviews.past import NAIVE
from eligibility.analysis.reviews.whole import Review
from eligibility.data import countries
from eligibility.method import cohorts, teaching
from eligibility.pages import names
from eligibility.pages.blocks import Block, Cell, Column, Row, Section, Table, Text
from eligibility.pages.said import Said, derived, say, tell
from eligibility.pages.wording import inner, plain

PILOTS = 4  # of the title of what pilots can teach: as many as the document names


def name(iso3: str) -> str:
    """A country by its name."""
    return plain(countries.register().name(iso3))


class Labelled(Protocol):
    """What knows the labels of the series it speaks of."""

    @property
    def labels(self) -> Mapping[str, str]: ...


def series(told: Labelled, id_: str) -> str:
    """What pages call a figure."""
    return names.PLAIN[id_].name if id_ in names.PLAIN else inner(plain(told.labels[id_]))


def columns(*heads: tuple[Said, bool]) -> tuple[Column, ...]:
    """Columns by their headings and whether they hold numbers; the heading is the label on a phone."""
    return tuple(Column(head, number, head) for head, number in heads)


def rates(criteria: str, counted: Sequence[past.Row]) -> Section:
    """How often alarms sounded and were right in pilots that `criteria` would have chosen."""
    rows = {row.signal: row for row in counted if row.truth == "V-Dem"}
    red, naive = rows["red"], rows[NAIVE]
    counts = dict(runs=red.runs, first=str(red.first), countries=red.countries, lost=red.lost)
    told = (
        say("review.rates.runs", criteria=criteria, **counts),
        say("review.rates.lost", by=cohorts.LOSS),
        say("review.rates.red", sounded=_share(red, "sounded"), caught=_share(red, "caught")),
        say("review.rates.ahead", ahead=_share(red, "ahead"), false=_share(red, "false")),
        *_leads(rows),
        say("review.rates.naive", false=_share(naive, "false"), noise=naive.noise),
        say("review.rates.noise", red=rows["red by figures"].noise, amber=rows["red or amber"].noise),
        say("review.rates.circle"),
    )
    heading = say("review.rates", n=red.sounded, right=red.caught)
    table = Table("rates", heading, _columns(), _told(rows.values()), kind="rates")
    return Section("rates", heading, (Text(told), table, Text((say("review.rates.table"),), note=True)))


def house(counted: Sequence[past.Row]) -> tuple[Block, ...]:
    """What Freedom House says of the same alarms, where it is held."""
    rows = [row for row in counted if row.truth != "V-Dem"]
    if not rows:
        return (Text((say("review.house.unheld"),)),)
    told = say("review.house", lost=rows[0].lost, runs=rows[0].runs, by=past.FH_LOSS)
    return Text((told,)), Table("house", told, _columns(), _told(rows))


def _columns() -> tuple[Column, ...]:
    """A signal, its shares and how early it is; what sentences say of red can be spared."""
    heads = {part: say(f"review.rates.head.{part}") for part in ("signal", *past.PARTS, "lead")}
    return tuple(
        Column(head, part != "signal", head, spare=part in ("ahead", "lead")) for part, head in heads.items()
    )


def _told(rows: Iterable[past.Row]) -> tuple[Row, ...]:
    """A row a signal."""
    return tuple(
        Row((
            Cell(say(f"review.signal.{row.signal}")),
            *(_cell(row, part) for part in past.PARTS),
            Cell(say("review.share.none") if row.lead is None else say("review.lead.years", x=row.lead)),
        ))
        for row in rows
    )  # fmt: skip


def _leads(rows: Mapping[str, past.Row]) -> Iterator[Said]:
    """How long before a loss alarms come, where any was right."""
    red, amber = rows["red"].lead, rows["red or amber"].lead
    if red is not None and amber is not None:
        late = round(red, 1) == 0  # "0.0 years before" says nothing
        yield tell(f"review.rates.lead{'.same' if late else ''}", red=red, amber=amber)


def _cell(row: past.Row, part: str) -> Cell:
    """A share with its range, its counts below."""
    n, of = (
        derived(x, row.runs, f"shares.{part}.{end}")
        for x, end in zip(row.shares[part], ("n", "of"), strict=True)
    )
    if not of:
        return Cell(say("review.share.none"))
    low, high = (
        derived(x, row.runs, f"shares.{part}.{end}")
        for x, end in zip(row.ranges[part], past.ENDS, strict=True)
    )
    share = say("review.share", p=_share(row, part), low=low, high=high)
    return Cell(share, say("review.share.of", n=n, of=of))


def _share(row: past.Row, part: str) -> float:
    """A share; nought of none."""
    n, of = row.shares[part]
    return derived(n / of if of else 0.0, row.runs, f"shares.{part}.share")


def rule(told: Labelled) -> tuple[Said, ...]:
    """By which rule a country is compared with others, and with whom never."""
    like = tuple(series(told, s) for s in lessons.LIKE)
    return say("review.rule", n=teaching.NEAREST, d=teaching.ALIKE, names=like), say("review.rule.not")


def taught(review: Review) -> Section:
    """The smallest effect that can be seen, and who can be compared with whom."""
    first = review.spreads[0]
    if not first.n:
        return Section("teach", say("review.teach.none"), ())
    k, _, effect = next(one for one in first.smallest if one.pilots == PILOTS)
    sds = tuple(say("review.teach.sd", sd=s.sd, name=series(review, s.series)) for s in review.spreads)
    told = [
        say("review.teach.how"),
        say("review.teach.formula"),
        say("review.teach.spread", since=str(lessons.SINCE), sds=sds),
    ]
    if (own := review.own) and own.others:
        each = tuple(
            say("review.teach.effect", x=x, name=series(review, s.series))
            for x, s in zip(own.effects, review.spreads, strict=True)
        )
        told.append(say("review.teach.own", k=own.pilots, n=own.others, effects=each))
    heads = [(say("review.teach.head.k"), False), (say("review.teach.head.others"), True)]
    heads += [(say("review.teach.head.effect", name=series(review, s.series)), True) for s in review.spreads]
    rows = tuple(
        Row((
            Cell(say("review.teach.pilots", k=one.pilots)), Cell(say("review.teach.count", n=one.others)),
            *(Cell(say("review.teach.least", x=s.smallest[at].effect)) for s in review.spreads),
        ))
        for at, one in enumerate(first.smallest)
    )  # fmt: skip
    table = Table("smallest", say("review.teach.table"), columns(*heads), rows, say("review.teach.table"))
    blocks: list[Block] = [Text(tuple(told)), Text((say("review.teach.so"),)), table, Text(rule(review))]
    found = [one for one in review.candidates if one.names]
    alone = tuple(name(one.iso3) for one in review.candidates if not one.names)
    if found:
        near = tuple(
            say("review.candidate", name=name(one.iso3), names=tuple(map(name, one.names))) for one in found
        )
        blocks.append(Text((say("review.candidates", told=near),)))
    if alone:
        blocks.append(Text((say("review.candidates.none", names=alone),)))
    heading = say("review.teach", k=k, name=series(review, first.series), effect=effect)
    return Section("teach", heading, tuple(blocks))
