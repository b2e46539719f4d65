"""What makes a published outcome differ from a run, tried and not supposed: every disagreement gets a grade.

    found     the published outcome comes out of the set's own rules with inputs that are documented, named in the row
    bounded   it would take a revision of a stated size, and revisions of that size are usual: at least one country in
              twenty moved as much between two releases of the same figures
    open      neither

A trial puts other figures into the panel and runs the same method again; nothing here judges by itself. The figures are in
older_wgi.csv, older_income.csv and older_card.csv: single columns of older updates of the Worldwide Governance Indicators
and of older copies of the World Development Indicators (World Bank, CC BY 4.0), for the countries of the cards only, as
others kept them in public. They are used here alone, in no data set of the project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from math import nan
from operator import add
from pathlib import Path

import pandas as pd
from standing import standing

from eligibility.data import countries, panel
from eligibility.method import run
from eligibility.method.result import Result

COC, INCOME, BTI = "wgi.control_of_corruption", "wb.gni_per_capita", "bti.governance_performance"
RIGHTS, LIBERTIES = "fh.political_rights", "fh.civil_liberties"
PARTS = ("fh.electoral_process", "fh.political_pluralism", "fh.functioning_of_government")
OLDER = pd.read_csv(Path(__file__).with_name("older_wgi.csv"), index_col="iso3")
# Of each country the newest figure that the card could use; empty where that edition had none, or the card had no such
# country. The copies for 2016 and 2018 have figures to 2016 and none of 2017, so they are of between July 2017 and June 2018;
# that for 2021 says 1 July 2020.
OLDER_INCOME = pd.read_csv(Path(__file__).with_name("older_income.csv"), index_col="iso3")
INCOME_KEPT = {
    2016: "github.com/open-numbers/ddf--wb--edu, NY.GNP.PCAP.CD to 2016",
    2018: "github.com/open-numbers/ddf--open_numbers--world_development_indicators, NY.GNP.PCAP.CD to 2016",
    2021: "github.com/oriolgallemi/projectWB, NY.GNP.PCAP.CD, last updated 1 July 2020",
}
# What the lower group's cards of FY2024 could read of three other indicators, in copies of one repository. A country's figure is
# empty where its copy had none.
OLDER_CARD = pd.read_csv(Path(__file__).with_name("older_card.csv"), index_col="iso3")
CARD_KEPT = "github.com/open-numbers/ddf--open_numbers--world_development_indicators"
# update, year -> where the column was kept
KEPT = {
    (2013, 2009): "github.com/caluchko/wgi, Corruption.csv, two decimals",
    (2013, 2010): "github.com/caluchko/wgi, Corruption.csv, two decimals",
    (2016, 2015): "github.com/formidify/ICM_E, control_of_corruption.csv, last updated 19 October 2016",
    (2017, 2016): "github.com/OHI-Science/ohiprep_v2019, worldbank_wgi_from_wdi_api_2018-04-17.csv, CC.EST",
    (
        2023,
        2022,
    ): "github.com/Android022/CorruptEnvironment, control_of_corruption.csv, last updated 29 September 2023",
}
USUAL = 0.05  # a revision is usual if one country in twenty was revised by as much
# fiscal year of a card -> the older update nearest to it of those to hand, and the year of which it has a column
NEAREST = {2011: (2013, 2009), 2013: (2013, 2010)}


@dataclass(frozen=True)
class Input:
    """A figure put in place of the one held."""

    series: str
    iso3: str
    year: int
    value: float


@dataclass(frozen=True)
class Cause:
    """Why a row disagrees, and how well that is known."""

    grade: str
    said: str


def update(edition: int, year: int) -> tuple[Input, ...]:
    """The control of corruption of one year as an older update had it."""
    column = OLDER[f"update_{edition}_year_{year}"].dropna()
    return tuple(Input(COC, c, year, float(x)) for c, x in column.items())


def incomes(edition: int, fy: int) -> tuple[Input, ...]:
    """The incomes of a card as an older edition had them; where it had none, none of the two years before either."""
    column, year = OLDER_INCOME[f"edition_{edition}_card_{fy}"], fy - 2
    known = [Input(INCOME, c, year, float(x)) for c, x in column.dropna().items()]
    none = [Input(INCOME, c, y, nan) for c in column.index[column.isna()] for y in range(year - 2, year + 1)]
    return (*known, *none)


def newest(series: str, values: pd.Series, years: pd.Series, back: int) -> tuple[Input, ...]:
    """A series in which each country has one figure, in the year said, and none in the other years from `back` years before 2023."""
    known = [Input(series, c, int(years[c]), float(x)) for c, x in values.dropna().items()]
    none = [Input(series, c, y, nan) for c in values.index for y in range(2023 - back, 2024)]
    return (*none, *known)


def at_ceiling(fy: int, ceiling: float, iso3s: Iterable[str]) -> tuple[Input, ...]:
    """Incomes no higher than puts a country into the low-income group of a fiscal year."""
    return tuple(Input(INCOME, c, fy - 2, ceiling) for c in iso3s)


# Kept apart by grade: what a source states, and what had to be supposed.
PHILIPPINES = at_ceiling(2011, 1905, ["PHL"])  # "as LIC", in the note that gives its verdict
# Fiscal year -> countries whose income was revised upwards since, and an older update of WGI for the rows that take it too.
MOVED = {
    2012: (at_ceiling(2012, 1915, ["BTN", "MDA", "MNG", "NGA"]), 2013, 2010),
    2017: (at_ceiling(2017, 1945, ["CIV", "HND", "SLB", "TLS"]), 2016, 2015),
}
LEFT = "https://www.mcc.gov/where-we-work/program/cote-divoire-compact"
THEN_2018 = (*update(2017, 2016), *incomes(2017, 2018))
_card, _all = OLDER_CARD, pd.Series(1, index=OLDER_CARD.index)
# fiscal year, and the country or the series of a row -> what to put in, and what a source says of it
STATED: dict[tuple[int, str], tuple[tuple[Input, ...], str]] = (
    {
        (2024, "wuenic.immunization"): (
            newest("wuenic.immunization", (_card.dpt3_2022 + _card.mcv1_2022) / 2, 2022 * _all, 2),
            "the only revision held is of July 2024, eight months younger than the card; with the one before it, of which the World "
            f"Bank had figures to 2022 and none of 2023 ({CARD_KEPT}, SH.IMM.IDPT at 02c2b33f and SH.IMM.MEAS at 0a0c5b5e)",
        ),
        (2024, "wb.health_spending"): (
            newest("wb.health_spending", _card.health_2020, 2020 * _all, 5),
            "the only release held is of December 2025, two years younger than the card; with the edition that had figures to 2020 of "
            f"these countries, so from before those of 2021 were out ({CARD_KEPT}, SH.XPD.GHED.GD.ZS at 0b3bf626)",
        ),
        (2024, "wb.education_spending"): (
            newest("wb.education_spending", _card.education, _card.education_year, 9),
            "the only release held is of December 2025, two years younger than the card; with an edition that had figures to 2021 and "
            f"none of 2022 ({CARD_KEPT}, SE.XPD.TOTL.GD.ZS at 225e4820; the next kept there, at 0b3bf626, has figures of 2022 and gives 33)",
        ),
    }
    | {
        (2011, "PHL"): (
            PHILIPPINES,
            "the note that gives the verdict judges it as a low-income country; so placed",
        ),
        (2016, "XKX"): (
            incomes(2017, 2016),
            "the card reads the update of its own autumn, and Kosovo misses the median by a hundredth; with the incomes of an edition "
            f"of two years later, in place of eight ({INCOME_KEPT[2016]}), which {{moved}}",
        ),
        (2017, "MNG"): (
            update(2016, 2015),
            f"with the 2016 update of WGI, that of the same autumn ({KEPT[2016, 2015]})",
        ),
    }
    | {
        (2024, c): (
            update(2023, 2022),
            f"with the 2023 update of WGI, that of the same autumn ({KEPT[2023, 2022]})",
        )
        for c in ("GIN", "EGY", "MRT", "MAR")
    }
)
STATED |= {
    (2018, c): (
        THEN_2018,
        f"with the 2017 update of WGI, that of the same autumn ({KEPT[2017, 2016]}), and the incomes of an edition of those "
        f"months ({INCOME_KEPT[2018]}), which {{moved}}",
    )
    for c in ("SLE", "GHA")
} | {
    (2021, c): (
        incomes(2020, 2021),
        f"with the incomes that the World Bank had out when the cards were made ({INCOME_KEPT[2021]}), which {{moved}}",
    )
    for c in ("LIC", "LMIC", "SLE")
}
STATED |= {
    (2019, c): (
        at_ceiling(2019, 1875, ["CIV"]),
        f"MCC says that Côte d'Ivoire left the lower group in [FY2021]({LEFT}), and the income held puts it above; placed below",
    )
    for c in ("MWI", "SLE")
}


def put(figures: panel.Panel, inputs: Iterable[Input]) -> panel.Panel:
    """The panel with other figures in it."""
    values = dict(figures.values)
    for series in {i.series for i in inputs}:
        frame = values[series].copy()
        for i in inputs:
            if i.series == series:
                frame.loc[i.year, i.iso3] = i.value
        values[series] = frame
    return replace(figures, values=values)


def again(result: Result, inputs: Iterable[Input]) -> Result:
    """The same criteria and day, on other figures; without draws, since no trial here asks for a probability."""
    inputs = tuple(inputs)
    policy = replace(result.criteria, uncertainty=replace(result.criteria.uncertainty, draws=1))
    return run.judge(policy, put(result.panel, inputs), result.as_of)


def distances(result: Result) -> pd.Series:
    """iso3 -> control of corruption less the median of the group."""
    return standing(result.cells.value[COC].reindex(result.peers.index), result.peers).from_median


def moves(result: Result, edition: int, year: int) -> pd.Series:
    """How far each country's distance from its median moved between an older update and the one held."""
    old = again(result, update(edition, year))
    return (distances(old) - distances(result)).abs().dropna()


def bounded(needed: float, moved: pd.Series, what: str) -> Cause:
    """Whether revisions of the size needed are usual among those seen."""
    share = float((moved >= needed).mean())
    grade = "bounded" if share >= USUAL else "open"
    seen = (
        f"{100 * share:.0f} per cent of the card's countries moved by as much between {what} and the one held"
    )
    return Cause(grade, f"a move of {needed:.2f} against the median is needed, and {seen}")


def cause(row: dict[str, str], result: Result, cards, answer, values) -> Cause:
    """The cause of one disagreement of MCC's cards.

    cards   fiscal year -> the run of that card; answer(row, run) -> what the run says to the row;
    values(series) -> the figures of a series for the card, which need not be one of its indicators
    """
    fy = int(row["fy"])
    stated = STATED.get((fy, row["iso3"])) or STATED.get((fy, row["field"]))
    if stated:
        inputs, said = stated
        then = again(result, inputs)
        said = said.format(moved=_regrouped(result, then))
        if answer(row, then) == row["value"]:
            return Cause("found", f"{said}, it comes out")
        return Cause("open", f"{said}, it does not come out either")
    if fy in MOVED:
        return _moved(row, result, answer)
    if row["field"] == "democratic-rights":
        return _rights(row, result, answer, values)
    if fy not in NEAREST:
        return Cause("open", "no older update of WGI is to hand for this card")
    edition, year = NEAREST[fy]
    base = again(result, PHILIPPINES) if fy == 2011 else result
    seen = moves(base if year == fy - 2 else cards(year + 2), edition, year)
    told = bounded(_needed(row, base), seen, f"the {edition} update of WGI")
    place = ", and the Philippines placed as published" if fy == 2011 else ""
    return replace(told, said=f"WGI is revised{place}: {told.said} (figures of {year})")


def _needed(row: dict[str, str], result: Result) -> float:
    """How far from its median a country, or the group's nearest, would have to move for the published outcome."""
    apart = distances(result)
    if row["kind"] in ("count", "inferred"):
        passing = result.screening.status == "eligible"
        return float(apart[(result.peers == "low-income") & passing].min())
    return abs(float(apart[row["iso3"]]))


def _regrouped(result: Result, then: Result) -> str:
    """Which countries a trial puts into the lower group, and which out of it."""
    name = countries.register().name
    lower, before = (r.peers.index[r.peers == "low-income"] for r in (then, result))
    into, out = ([name(c) for c in a.difference(b)] for a, b in ((lower, before), (before, lower)))
    told = [
        f"{verb} {_and(who)}"
        for verb, who in (("put into the lower group", into), ("take out of it", out))
        if who
    ]
    return " and ".join(told) or "leave the groups as they are"


def _moved(row: dict[str, str], result: Result, answer) -> Cause:
    """The lower group with countries whose income was revised upwards since, and for some rows an older update of WGI."""
    name, income = countries.register().name, result.cells.value[INCOME]
    inputs, edition, year = MOVED[int(row["fy"])]
    cut = {i.iso3: 1 - i.value / income[i.iso3] for i in inputs}
    differs = editions(result)
    worst = max(cut, key=cut.get)
    share = float((differs >= cut[worst]).mean())
    grade = "bounded" if share >= USUAL else "open"
    order = sorted(cut, key=cut.get)
    who, by = ([name(c) for c in order], [f"{100 * cut[c]:.0f}" for c in order])
    said = (
        f"incomes are revised: it comes out with {_and(who)} as low-income countries, their incomes then {_and(by)} per cent "
        f"below today's or less; {100 * share:.0f} per cent of the card's countries differ by {by[-1]} per cent or more between "
        "the two editions held"
    )
    if answer(row, again(result, inputs)) == row["value"]:
        return Cause(grade, said)
    if answer(row, again(result, (*inputs, *update(edition, year)))) == row["value"]:
        return Cause(grade, f"{said}; and WGI is, which takes the {edition} update ({KEPT[edition, year]})")
    return Cause("open", f"neither other groups nor the {edition} update of WGI give it")


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def editions(result: Result) -> pd.Series:
    """By what share the two editions of income per head that are held differ, for the countries of a card."""
    year = result.as_of.year - 1
    shelf = [s for s in panel.sources.shelf(None) if s.id in ("wb-wdi-2023-10", "wb-gapminder-2026-03")]
    old, new = (
        panel.load([INCOME], [s]).values[INCOME].loc[year] for s in sorted(shelf, key=lambda s: s.released)
    )
    both = pd.concat([old, new], axis=1).reindex(result.peers.index).dropna()
    return (both.iloc[:, 1] / both.iloc[:, 0] - 1).abs()


def _rights(row: dict[str, str], result: Result, answer, values: Callable[[str], pd.Series]) -> Cause:
    """Freedom House's scores are not revised, so a count of them that differs is counted otherwise; three ways are tried.

    Scores are whole, so half a point more lets a country at the mark pass and no other.
    """
    cells = result.cells.value
    half = {key: cells[key].reindex(result.peers.index) + 0.5 for key in (RIGHTS, LIBERTIES)}
    undeducted = {RIGHTS: reduce(add, (values(key) for key in PARTS)).reindex(result.peers.index)}
    told = []
    for other in (half, {LIBERTIES: half[LIBERTIES]}, undeducted):
        inputs = [
            Input(key, c, int(row["fy"]) - 2, float(x))
            for key, xs in other.items()
            for c, x in xs.dropna().items()
        ]
        then = again(result, inputs)
        gates = [r.screening.gate["democratic-rights"] == "pass" for r in (then, result)]
        more = [countries.register().name(c) for c in result.peers.index[gates[0] & ~gates[1]]]
        told.append(f"{answer(row, then)} ({_and(more)})")
    return Cause(
        "open",
        f'Freedom House revises nothing, and MCC\'s sentence is "above". Counted from the marks on it would be {told[0]}; from '
        f"the mark on for civil liberties alone, {told[1]}; with political rights as the sum of their three parts, before points "
        f"are subtracted for a forced change of a people's make-up, {told[2]}. No document at hand says that either was done, and "
        "MCC's [data notes](https://www.mcc.gov/resources/doc/pub-fy-2016-scorecard-data-notes) of FY2016 subtract them",
    )


# ── The earlier reckoning for the pilots ─────────────────────────────────────────────────────────────────────────

FREEDOM_HOUSE = (("fh.political_rights", 1.5), ("fh.civil_liberties", 1.5))


def pilots(iso3: str, told: str, result: Result, edition_2018: pd.Series) -> Cause:
    """The cause of one difference from the project's own earlier reckoning of P(passes every gate).

    edition_2018   iso3 -> governance by BTI's edition of 2018, which that reckoning took for the edition of 2016
    """
    policy, figures, day = result.criteria, result.panel, result.as_of

    def probability(gates=policy.gates, inputs: tuple[Input, ...] = (), **uncertainty) -> float:
        other = replace(
            policy, gates=gates, uncertainty=replace(policy.uncertainty, **uncertainty), score=None, axes=()
        )
        return run.judge(other, put(figures, inputs), day).firmness.p_eligible[iso3]

    clause = result.firmness.p_gate.at[iso3, "democracy"]
    if result.screening.gate.at[iso3, "democracy"] == "fail" and clause < 0.9 and told == "0.00":
        return Cause(
            "found",
            f"it granted the transition clause only where its probability was 0.9 or more, and here it is {clause:.2f}; "
            "draws of the clause count one by one here",
        )
    erring = policy.uncertainty.assumed_sd + FREEDOM_HOUSE
    low, high = sorted(probability(assumed_sd=erring, correlation=r) for r in (0.0, 0.5))
    if high < result.firmness.p_eligible[iso3] - 0.005 and low <= float(told) <= high + 0.005:
        return Cause(
            "bounded",
            "it gave Freedom House's scores an error of 1.5 points, of which no error is published and none is assumed here; "
            f"with it {low:.2f} to {high:.2f}, as errors are drawn together or apart",
        )
    soft = tuple(gate for gate in policy.gates if gate.id != "civil-society")
    inputs = tuple(Input(BTI, c, 2015, float(x)) for c, x in edition_2018.dropna().items())
    apart, together = (probability(soft, inputs, correlation=r) for r in (0.0, 0.5))
    low, high = sorted((apart, together))
    return Cause(
        "bounded" if low <= float(told) <= high else "open",
        "it took the figures of BTI's edition 2018, out two years later, for those of 2016, and let civil society exclude "
        f"nobody; so taken it is {apart:.2f} with errors drawn apart and {together:.2f} with the correlation used here. "
        "V-Dem v12 is not held",
    )
