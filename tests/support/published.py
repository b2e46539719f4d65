"""Published outcomes held against runs on the publishers' releases; writes docs/published-checks.md.

    python tests/support/published.py     # needs ../shared/releases; figures stay in a temporary folder

Every run is one that can be typed: `eligibility screen SET --as-of FY2024 --as-known --draws 10000`, which reads of each series
the newest release of the day that covers the question, or the oldest held where all are younger. The page states outcomes and counts, never a licensed figure. Why an outcome differs is tried in published_causes.py.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import published_causes
import yaml
from places import ROOT
from standing import standing

from eligibility.data import build, countries, panel, sources
from eligibility.data.cells import known_at
from eligibility.data.readers.expected import expected
from eligibility.language import criteria
from eligibility.method import run, vintages
from eligibility.method.result import Result
from eligibility.policy import fiscal, walk

RELEASES = ROOT.parent / "shared" / "releases"
FACTS = Path(__file__).with_name("published_facts.csv")
PAGE = ROOT / "docs" / "published-checks.md"
FILES = (
    "fh/Aggregate_Category_and_Subcategory_Scores_FIW_2003-2023.xlsx",
    "fh/All_data_FIW_2013-2024.xlsx",
    "bti/BTI_2006-2016_Scores.xlsx",
    "bti/bti-2024-long.csv",
    "wuenic/wuenic2023rev_web-update.xlsx",
)
COC, RIGHTS = "control-of-corruption", "democratic-rights"
MID_2016 = date(2016, 7, 1)
DRAWS = 10_000


@dataclass(frozen=True)
class Check:
    """One published statement and what a run gives."""

    set: str
    what: str
    published: str
    obtained: str
    cause: published_causes.Cause | None = None  # of a disagreement

    @property
    def agrees(self) -> bool:
        return self.published == self.obtained


def _set(result) -> str:
    """The shipped set that was judged by, without the mark of the copy in which a table was entered."""
    return result.criteria.id.partition("-edited-")[0]


def bring(folder: Path) -> None:
    """Imports the licensed releases into a folder of one's own."""
    for name in FILES:
        build.import_release([RELEASES / name], folder)


@cache
def at(ref: str, day: date, folder: Path) -> Result:
    """A run on the releases of the day: `eligibility screen REF --as-of DAY --as-known --draws 10000`."""
    return run.run(ref, day, DRAWS, data=folder, reading=panel.Reading(as_known=True))


def gates_alone(ref: str, folder: Path) -> str:
    """A file with the pool and gates of a shipped set and nothing else that decides."""
    own = yaml.safe_load(criteria.find(ref).read_text(encoding="utf-8"))
    kept = {key: value for key, value in own.items() if key not in ("tracks", "cases")}
    path = folder / "gates-alone.yaml"
    path.write_text(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return str(path)


def card(fy: int, folder: Path) -> Result:
    """The two hurdles on the day the cards of a fiscal year were out; the eighth of November where no day is on file."""
    return at("mcc-hurdles" if fy >= 2012 else "mcc-scorecard-2008", out(fy), folder)


def whole(fy: int, folder: Path) -> Result:
    """The whole card on that day."""
    return at("mcc-scorecard", out(fy), folder)


def out(fy: int) -> date:
    """The day the cards of a fiscal year came out, or what stands for it."""
    return fiscal.days().get(f"FY{fy}", date(fy - 1, 11, 8))


def checks(folder: Path) -> list[Check]:
    """Every published statement that the data held can speak to."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        return [_check(row, folder) for row in csv.DictReader(file)] + _pilots(folder)


WHO = {"ALL": "all", "LIC": "low-income group", "LMIC": "lower-middle-income group"}
GROUP = {"LIC": "low-income", "LMIC": "lower-middle-income"}
WHAT = {"cards": "scorecards", "both": "pass both hurdles"}
WHAT |= {COC: "pass control of corruption", RIGHTS: "pass democratic rights"}


def _check(row: dict[str, str], folder: Path) -> Check:
    hurdles = row["field"].partition(".")[0] not in ("fh", "wuenic", "wb")
    result = (card if hurdles else whole)(int(row["fy"]), folder)

    def answer(row: dict[str, str], result: Result) -> str:
        return _answer(row, result, folder)

    got = answer(row, result)
    cause = None
    if got != row["value"]:
        cause = published_causes.cause(
            row, result, lambda fy: card(fy, folder), answer, lambda series: _values(series, result, folder)
        )
    return Check(_set(result), f"FY{row['fy']}, {_what(row, result, folder)}", row["value"], got, cause)


def _answer(row: dict[str, str], result: Result, folder: Path) -> str:
    """What a run says to a published statement, written as it was published."""
    iso3, field = row["iso3"], row["field"]
    gate, status = result.screening.gate, result.screening.status
    if iso3 in WHO:
        mine = result.peers == GROUP[iso3] if iso3 in GROUP else result.peers == result.peers
        if field == "cards":
            return str(int(mine.sum()))
        return str(int(((status == "eligible") if field == "both" else (gate[field] == "pass"))[mine].sum()))
    if row["kind"] == "score":
        return f"{result.cells.value.at[iso3, field]:.0f}"
    if "." in field:
        place = _standing(field, result, folder).loc[iso3]
        return f"{place.from_median:.2f}" if row["kind"] == "from_median" else f"{place.percentile:.0f}"
    return {"eligible": "pass"}.get(status[iso3], "fail") if field == "both" else gate.at[iso3, field]


def _what(row: dict[str, str], result: Result, folder: Path) -> str:
    iso3, field = row["iso3"], row["field"]
    if iso3 in WHO:
        told = " (inferred)" if row["kind"] == "inferred" else ""
        return f"{WHO[iso3]}: {WHAT[field]}{told}"
    name = countries.register().name(iso3)
    if field == "both":
        return f"{name}, both hurdles"
    if "." not in field:
        return f"{name}, control of corruption (P(pass) {result.firmness.p_gate.at[iso3, COC]:.2f})"
    label = expected()[field].label.lower()
    if row["kind"] == "score":
        return f"{name}, {label}, score"
    if row["kind"] == "from_median":
        return f"{name}, {label} less the median"
    place = _standing(field, result, folder).loc[iso3]
    return f"{name}, {label}, percentile (rank {place['rank']:.0f} of {place.n:.0f} peers)"


def _standing(series: str, result: Result, folder: Path):
    """Standings of one indicator among the peers of a card."""
    return standing(_values(series, result, folder).reindex(result.peers.index), result.peers)


def _values(series: str, result: Result, folder: Path):
    """iso3 -> the figure of a series on the day of a card, whether it is an indicator of it or not."""
    if series in result.cells.value:
        return result.cells.value[series]
    policy, shelf = result.criteria, sources.shelf(folder)
    wanted = (*walk.indicators(policy), series)
    figures = panel.load(wanted, shelf, "unknown", result.panel.reading)
    own = vintages.chosen(policy, figures, result.as_of).figures.only([series])
    return known_at(own, result.as_of, 2).value[series]


def _pilots(folder: Path) -> list[Check]:
    """P(eligible) by the gates alone of the named countries, against the project's own earlier reckoning."""
    told = {"TUN": "1.00", "UKR": "1.00", "MWI": "1.00", "MMR": "0.74", "UZB": "0.00", "ZWE": "0.00"}
    told |= {"GTM": "1.00", "HND": "0.98", "AFG": "0.00"}
    result = at(gates_alone("peacetime-pilots-full", folder), MID_2016, folder)
    newest = [s for s in sources.shelf(folder) if s.id == "bti-2024"]
    edition_2018 = panel.load([published_causes.BTI], newest).values[published_causes.BTI].loc[2017]
    rows = []
    for c, said in told.items():
        got = f"{result.firmness.p_eligible[c]:.2f}"
        cause = None if got == said else published_causes.pilots(c, said, result, edition_2018[list(told)])
        what = f"{countries.register().name(c)}, mid-2016, P(passes every gate)"
        rows.append(Check(_set(result), what, said, got, cause))
    return rows


def differences(folder: Path) -> list[tuple[str, str, str]]:
    """(country, its status on open data, its status with Freedom House and BTI) in mid-2016, where they differ."""
    full = at("peacetime-pilots-full", MID_2016, folder).screening.status
    open_ = at("peacetime-pilots", MID_2016, folder).screening.status
    names = countries.register()
    return [(names.name(c), open_[c], full[c]) for c in open_.index if open_[c] != full.get(c, open_[c])]


def six(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """The named countries in both policies: status and P(eligible), tracks included."""
    full, open_ = (at(ref, MID_2016, folder) for ref in ("peacetime-pilots-full", "peacetime-pilots"))
    rows = []
    for c in ("TUN", "UKR", "MWI", "MMR", "UZB", "ZWE"):
        said = [(r.screening.status[c], f"{r.firmness.p_eligible[c]:.2f}") for r in (open_, full)]
        rows.append((countries.register().name(c), *said[0], *said[1]))
    return rows


def page(folder: Path) -> str:
    """The page: every check, the agreements counted, each disagreement with its cause."""
    found = checks(folder)
    text = (PAGE.read_text(encoding="utf-8") if PAGE.exists() else "").partition(MARK)[0] + MARK + "\n\n"
    agree = sum(check.agrees for check in found)
    graded = Counter(check.cause.grade for check in found if check.cause)
    told = ", ".join(f"{graded[grade]} {grade}" for grade in ("found", "bounded", "open"))
    text += f"{agree} of {len(found)} agree. The causes of the other {len(found) - agree}: {told}.\n\n"
    text += _table(
        ("set", "check", "published", "obtained", "cause", "what was tried"),
        [
            (
                c.set,
                c.what,
                c.published,
                c.obtained,
                *((c.cause.grade, c.cause.said) if c.cause else ("", "")),
            )
            for c in found
        ],
    )
    text += "\n## The six countries named, in both policies, mid-2016\n\n"
    text += _table(("country", "open data", CHANCE, "with Freedom House and BTI", CHANCE), six(folder))
    rows = differences(folder)
    text += f"\n## Where the two policies differ, mid-2016: {len(rows)} countries\n\n"
    return text + _table(("country", "open data", "with Freedom House and BTI"), rows)


CHANCE = "P(every requirement and an ideal kind)"
MARK = "<!-- Below this line everything is written by tests/support/published.py. -->"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("--" for _ in head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def main() -> None:
    """Writes the page."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ELIGIBILITY_DATA"] = folder
        bring(Path(folder))
        PAGE.write_text(page(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
