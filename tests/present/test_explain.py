"""One country and one number in the terminal, on the shipped data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import test_words

from eligibility.analysis.compare import turning
from eligibility.errors import UsageError
from eligibility.method import run
from eligibility.method.result import Result
from eligibility.pages import wording
from eligibility.present import explain


@pytest.fixture(scope="module")
def result():
    made = run.run("peacetime-pilots", date(2016, 7, 1), draws=500)
    turning.turnings(made)  # of everybody, in the time of three
    return made


def test_a_country_is_told_verdict_first_with_its_probability(result):
    lines = explain.country(result, "UZB").splitlines()
    assert lines[0].startswith("Figures read: ")
    assert "Burkina Faso (coup, 31 October 2014)" in " ".join(
        " ".join(lines).split()
    )  # a day as pages write it
    verdict = next(k for k, line in enumerate(lines) if line.startswith("  ✗ Does not qualify. It misses"))
    assert verdict < 9 and "Chance it qualifies: " in " ".join(lines[verdict + 1 : verdict + 6])


def test_every_gate_and_track_is_told_with_what_decided_it(result):
    text = explain.country(result, "ZWE")
    flat = " ".join(text.split()).lower()
    for gate in (*result.criteria.gates, *result.criteria.tracks):
        assert gate.title.lower() in flat
    assert (
        f"{wording.number(result.cells.value.at['ZWE', 'vdem.political_civil_liberties'], 2)}, needed at least 0.50"
        in " ".join(text.split())
    )


def of_every_status(result: Result) -> list[str]:
    """Countries of every status there is, and some more."""
    status = result.screening.status
    some = [iso3 for word in sorted(set(status)) for iso3 in status.index[status == word][:3]]
    return some + [c for c in ("UKR", "TUN", "NER", "MDA", "MWI", "GTM", "BRA", "LBN") if c in status.index]


@pytest.mark.parametrize("day", [date(2016, 7, 1), date(2026, 3, 31)])
def test_a_country_is_told_in_the_words_of_the_short_pages(day, monkeypatch):
    """The lint of the pages over the terminal's answer; Latin names of indices are not its own."""
    made = run.run("peacetime-pilots", day, draws=200)
    turning.turnings(made)  # of everybody, in the time of three
    facts = explain.Facts.of(made)
    monkeypatch.setattr(explain.Facts, "of", lambda _: facts)
    asked = of_every_status(made)
    assert len(set(asked)) >= 12 and len(set(made.screening.status[asked])) >= 4
    for iso3 in asked:
        text = explain.country(made, iso3)
        flat = " ".join(text.split())
        for note in (made.reading, *made.notes, *made.wanted):  # of the run, in the terms of the criteria
            flat = flat.replace(" ".join(note.split()), "")
        assert test_words.faults(flat, test_words.TERMS | test_words.IDIOMS) == [], iso3
        assert all(len(line) <= 80 or "http" in line for line in text.splitlines()), iso3


def test_a_range_of_ranks_says_in_which_simulations_it_holds(result):
    p = result.firmness.p_eligible[list(result.ranking.rank.dropna().index)]
    top = p[(p > 0.2) & (p < 0.9)].index[0]
    share = wording.percent(p[top])
    text = " ".join(explain.country(result, top).split())
    assert f"; ranked in {share})" in text
    out = result.screening.status.index[result.screening.status == "excluded"][0]
    assert "; ranked in " not in " ".join(explain.country(result, out).split())


def test_nothing_is_wider_than_a_terminal_but_a_path(result):
    for text in (
        explain.country(result, "MMR"),
        explain.indicator(result, "MMR", "vdem.political_corruption"),
    ):
        assert all(
            len(line) <= 80 or "score.pillars." in line or "axes." in line for line in text.splitlines()
        )


def test_a_number_is_walked_from_file_to_score(result):
    text = explain.indicator(result, "TUN", "vdem.political_corruption")
    steps = [line[:11].strip() for line in text.splitlines()]
    steps = steps[steps.index("publisher") :]
    first = ["publisher", "file", "sha256", "row", "released", "compiled", "sha256", "value"]
    assert [s for s in steps if s][:8] == first
    assert {"required", "kind", "score", "beside", "rank"} <= set(steps)
    assert result.panel.held["vdem.political_corruption"].files[0]["sha256"] in text
    part = result.scores.contribution.at[
        "TUN", "score.pillars.freedom-from-capture.indicators.vdem.political_corruption"
    ]
    assert f"brings {part:.3f} of {result.scores.score['TUN']:.3f}" in " ".join(text.split())


def test_a_number_that_is_not_there_is_called_no_data(result):
    nobody = result.cells.value["vdem.polyarchy"].isna()
    who, own = nobody.index[nobody][0], result.criteria
    year = replace(result, criteria=replace(own, max_age=1, own_ages=()))
    assert "no data" in explain.indicator(result, who, "vdem.polyarchy")
    assert "at most one year old" in " ".join(explain.indicator(year, who, "vdem.polyarchy").split())


def test_a_country_or_an_indicator_that_is_not_looked_at_is_refused(result):
    with pytest.raises(
        UsageError, match="DEU: not a candidate of peacetime-pilots at 2016-07-01; income class is high"
    ):
        explain.indicator(result, "DEU", "vdem.polyarchy")
    with pytest.raises(UsageError, match="does not look at it"):
        explain.indicator(result, "TUN", "wb.population")


def test_a_country_that_is_not_considered_has_its_card(result):
    left = " ".join(explain.country(result, "DEU").split())
    assert "Germany is not considered: income class is high income." in left
    assert "The rule for candidates leaves it out." in left
    assert "- Income class is one of low income, lower middle income or upper middle income" in left
    assert "Value" not in left
