"""The record of a criteria file for a terminal and as JSON: shares with their ranges, never a country's own risk."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import pandas as pd

from eligibility.analysis import rechecked
from eligibility.analysis.rechecked import Pair
from eligibility.analysis.record import LEVEL, Beside, Cohort, Left, Past
from eligibility.data import countries
from eligibility.method import cohorts
from eligibility.method.cohorts import Row
from eligibility.method.resamples import Share
from eligibility.pages import followed
from eligibility.pages.said import say
from eligibility.pages.wording import capital, counted, listed, missing, number, paragraph, ranged
from eligibility.present.as_json import exact, written

CALLED = {  # group -> its row, in the words of the pages
    "admitted": "Those that qualified",
    "qualified": "Requirements met, no ideal kind",
    "gates-only": "Requirements met, of no kind",
    "shortlist": "Shortlist",
    "lots": "As many that qualified, by lot",
    "best": "As many, the most democratic",
}
OTHERS = "  did not qualify, as democratic"
PAIRS = {  # group, and the one it is set beside -> the words for the two
    ("admitted", "others"): "Those that qualified, beside others as democratic",
    ("admitted", "gates-only"): "Those that qualified, beside those of no kind",
    ("qualified", "others"): "Requirements met, no ideal kind, beside others as democratic",
    ("shortlist", "others"): "Shortlist, beside others as democratic",
    ("shortlist", "lots"): "Shortlist, beside as many by lot of those that qualified",
    ("shortlist", "best"): "Shortlist, beside as many, the most democratic",
}
TOO_OFTEN = 2  # standard errors by which more tests turn than their probabilities allow


def text(past: Past) -> str:
    """The record for a terminal: at most 80 columns, every share with its range."""
    own = past.criteria
    lines = [line for told in past.reading for line in paragraph(told)]
    lines += paragraph(f"What became of the countries that {own.id} {own.version} would have chosen")
    if past.cohorts:
        lines += ["", *paragraph(f"{_chosen(past)} {_meant(past)}"), "", *_table(past), "", *_parts(past)]
        for told in _sentences(past):
            lines += paragraph(told)
    else:
        lines += ["", "No cohort can be followed."]
    lines += ["", *_left(past)] if past.left else []
    for told in past.wanted:
        lines += ["", *paragraph(told)]
    lines += _checks(past.pairs)
    return "\n".join(lines) + "\n"


def side_by_side(pasts: Sequence[Past]) -> str:
    """The records of several criteria in one table: how often each group lost ground, beside whom, and by how much more often."""
    each = {f"{past.criteria.id} {past.criteria.version}": past for past in pasts}
    lines = [
        line for told in dict.fromkeys(t for past in pasts for t in past.reading) for line in paragraph(told)
    ]
    lines += [*paragraph(f"What became of the countries that {listed(each)} would have chosen"), ""]
    for name, past in each.items():
        lines += paragraph(
            f"{name}: {_chosen(past) if past.cohorts else 'no cohort can be followed.'}", "", "  "
        )
    lines += ["", *paragraph(f"{_meant(pasts[0])} {MORE}"), "", HEAD]
    tables = [(told, {n: _pairs(past).get(pair) for n, past in each.items()}) for pair, told in PAIRS.items()]
    for part in dict.fromkeys(part for past in pasts for part in past.parts):
        told = f"Those that qualified, beside others as democratic: {part}"
        tables.append((told, {n: past.parts.get(part) for n, past in each.items()}))
    for told, found in tables:
        if rows := [_line(f"  {name}", made) for name, made in found.items() if made]:
            lines += [told, *rows]
    lines += ["", say("record.nobody").plain]
    for name, past in each.items():
        lines += ["", *_left(past, f"Left out of {name}")] if past.left else []
        for told in past.wanted:
            lines += ["", *paragraph(told)]
    return "\n".join(lines) + "\n"


MORE = (
    "Others: those beside whom a group is set; as democratic are those that did not qualify and stood within "
    f"{cohorts.NEAR:.2f} of it in the same year. In 100 more: how many more in 100 of the group lost ground, of those that have "
    "others beside them."
)
WIDE = "{:<27} {:>5} {:>14} {:>14} {:>16}"
HEAD = WIDE.format("Lost ground in five years", "cases", "of them", "of others", "in 100 more")


def _parts(past: Past) -> Iterator[str]:
    """Whether it is so throughout: those that qualified in each half of the cohorts and each class of income."""
    if not past.parts:
        return
    yield from paragraph(
        f"Those that qualified, in parts, beside others as democratic of the same part. {MORE}"
    )
    yield HEAD
    for part, made in past.parts.items():
        yield _line(capital(part), made)
    yield ""


def _pairs(past: Past) -> dict[tuple[str, str], Beside]:
    """(group, the one beside it) -> the two and how far they are apart, of those the record has."""
    found = {}
    for mine, others in PAIRS:
        name = f"others: {mine}" if others == "others" else others
        apart = past.apart.get(f"{mine} - {others}")
        if mine in past.rows and name in past.rows and apart is not None:
            found[mine, others] = Beside(past.rows[mine], past.rows[name], apart)
    return found


def _line(name: str, made: Beside) -> str:
    mine, others, apart = made.mine, made.others, made.apart
    value, low, high = (number(100 * x, 0) for x in vars(apart).values())
    more = "-" if missing(apart.value) else f"{value} ({low} to {high})"
    return WIDE.format(name, mine.n, ranged(mine.shares["lost"]), ranged(others.shares["lost"]), more)


def _chosen(past: Past) -> str:
    """Which cohorts, from which figures, and who is counted nowhere."""
    chosen = (
        "chosen on figures as revised since, which say more than was known then"
        if past.revised
        else "chosen on releases out by then where one is held, else on the oldest held"
    )
    names = [countries.register().name(iso3) for iso3 in past.choice.without]
    without = f" Counted without {listed(names)}." if names else ""
    many = capital(counted(len(past.cohorts), "yearly cohort"))
    return f"{many}, {_span(past.cohorts)}, {chosen}.{without}"


def _span(days: Iterable[Cohort | Left]) -> str:
    """From the first of these days to the last, once where it is one."""
    told = [each.as_of.isoformat() for each in days]
    first, last = told[0], told[-1]
    return first if first == last else f"{first} to {last}"


def _meant(past: Past) -> str:
    """What is counted, and what the range is."""
    own, years = past.outcome, cohorts.YEARS
    return (
        f"A case is a country in one cohort; those that qualified did so in full or on condition. Outcome: V-Dem's index of electoral democracy, "
        f"0 to 1, as {own.id} has it to {past.until}. Lost ground: lower by {cohorts.LOSS:.2f} or more in one of the next {years} years. "
        f"Kept: {years} years on, not lower by more than {cohorts.KEPT:.2f}. Gained: then higher by {cohorts.KEPT:.2f} or more. In brackets 90% of "
        "what other countries of the same kind could have shown, from samples of countries, each with all its years."
    )


def _table(past: Past) -> Iterator[str]:
    yield f"{'':<32} {'cases':>5} {'lost ground':>13} {'kept':>13} {'gained':>13}"
    for name, row in past.rows.items():
        cells = " ".join(f"{ranged(row.shares[kind]):>13}" for kind in cohorts.KINDS)
        yield f"{_called(name):<32} {row.n:>5} {cells}".rstrip()


def _called(name: str) -> str:
    return OTHERS if name.startswith("others: ") else CALLED.get(name, name.capitalize())


def _sentences(past: Past) -> Iterator[str]:
    """What a board is to read beside the list."""
    for name in ("admitted", "shortlist"):
        yield from (said.plain for said in followed.beside(past, name))
    if past.losses:
        yield followed.last(past.losses).plain
    yield say("record.nobody").plain


def _left(past: Past, heading: str = "Left out") -> Iterator[str]:
    """Which cohorts are left out; those side by side for one reason together."""
    yield heading
    for why, those in groupby(past.left, key=lambda each: each.why):
        yield from paragraph(f"{_span(those)}: {why}", "  ", "    ")
    if past.unfollowed:
        said = f"and {counted(past.unfollowed, 'case')} that qualified of which the outcome is not held"
        yield from paragraph(said, "  ", "    ")


def _checks(pairs: tuple[Pair, ...]) -> Iterator[str]:
    """Each test's probability beside the next release."""
    if not pairs:
        return
    tests = pd.concat([pair.tests for pair in pairs], ignore_index=True)
    yield ""
    yield from paragraph(
        "Do probabilities mean what they say? Each test's under one release, beside whether it held in the next, for the same years"
    )
    yield f"{'Chance':<14} {'tests':>6} {'mean':>7} {'held':>6}"
    for row in rechecked.binned(tests).to_dict("records"):
        span = f"{100 * row['from']:.0f} to {100 * row['to']:.0f}%"
        yield f"{span:<14} {row['n']:>6} {100 * row['p']:>6.0f}% {100 * row['held']:>5.0f}%"
    for pair in pairs:
        found, could = rechecked.turned(pair.tests)
        too_often = found > could + TOO_OFTEN * math.sqrt(max(could, 1.0))
        often = " More than their probabilities allow: the error is taken too small." if too_often else ""
        said = f"{pair.older} to {pair.newer}: {found} of {counted(len(pair.tests), 'test')} came out otherwise; {could:.1f} would if the newer were the truth.{often}"
        yield from paragraph(said, "  ", "    ")
    verdicts = pd.concat([pair.verdicts for pair in pairs], ignore_index=True)
    found, could = rechecked.turned(verdicts)
    yield from paragraph(
        f"Whole verdicts, with every figure that two releases do not share held fixed: {found} of {len(verdicts)} came out otherwise; "
        f"{could:.1f} would if the newer were the truth of all figures. A new release moves less than all that may be wrong: only more than "
        "that speaks against the probabilities, and less does not prove them."
    )


def json(past: Past, *others: Past) -> str:
    """Every number of the record, and of others beside it: the same records give the same bytes."""
    return written({**_document(past), "beside": [_document(other) for other in others]})


def _document(past: Past) -> dict:
    own = past.criteria
    return {
        "criteria": {"id": own.id, "version": own.version, "sha256": own.sha256, "settings": list(own.settings)},
        "reading": list(past.reading),
        "outcome": {
            "series": LEVEL, "source": past.outcome.id, "sha256": past.outcome.sha256, "to": past.until, "years": cohorts.YEARS,
            "loss": cohorts.LOSS, "kept": cohorts.KEPT, "same_level": cohorts.NEAR,
        },
        "revised": past.revised,
        "from": past.choice.first,
        "without": list(past.choice.without),
        "cohorts": [
            {
                "as_of": c.as_of.isoformat(), "year": c.year, "pool": len(c.status),
                "statuses": {word: sorted(c.status.index[c.status == word]) for word in sorted(set(c.status) - {"excluded"})},
                "shortlist": list(c.listed), "most_democratic": list(c.best),
            }
            for c in past.cohorts
        ],
        "left_out": [{"as_of": each.as_of.isoformat(), "why": each.why} for each in past.left],
        "wanted": list(past.wanted),
        "unfollowed": past.unfollowed,
        "groups": {name: _row(row) for name, row in past.rows.items()},
        "differences": {name: _plain(share) for name, share in past.apart.items()},
        "parts": {
            name: {"qualified": _row(made.mine), "others": _row(made.others), "difference": _plain(made.apart)}
            for name, made in past.parts.items()
        },
        "last_losses": [{**vars(loss), "as_of": loss.as_of.isoformat()} for loss in past.losses],
        "calibration": [_pair(pair) for pair in past.pairs],
    }  # fmt: skip


def _row(row: Row) -> dict:
    return {
        "n": row.n,
        "countries": row.countries,
        **{kind: _plain(share) for kind, share in row.shares.items()},
    }


def _plain(share: Share) -> dict:
    return {key: exact(x) for key, x in vars(share).items()}


def _pair(pair: Pair) -> dict:
    """One pair of releases: all its tests put together, each test, and the whole verdicts with the rest held fixed."""

    def of(rows: pd.DataFrame) -> dict:
        found, could = rechecked.turned(rows)
        return {"n": len(rows), "turned": found, "expected": round(could, 12)}

    return {
        "older": pair.older, "newer": pair.newer, "as_of": pair.as_of.isoformat(), "series": list(pair.series),
        "bins": [{k: round(x, 12) for k, x in row.items()} for row in rechecked.binned(pair.tests).to_dict("records")],
        "tests": {path: of(rows) for path, rows in pair.tests.groupby("path", sort=True)},
        "verdicts_with_the_rest_held_fixed": of(pair.verdicts),
    }  # fmt: skip
