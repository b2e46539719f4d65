"""The result as JSON, CSV and a terminal table: the contract's keys, no formula, 80 columns."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest
from made_up import AS_OF, COUNTRIES, atom, component, everyone, gate, panel, pillar, policy, sheet

from eligibility.data import countries
from eligibility.method.run import judge
from eligibility.policy.model import Score, Uncertainty
from eligibility.present import ranked, tables

A, B = "made.a", "made.b"


@pytest.fixture(scope="module")
def result():
    """Twelve countries between 0 and 1, a gate at a half, one country without data for it."""
    rows = {iso3: {A: i / 11, B: 1 - i / 22} for i, iso3 in enumerate(COUNTRIES)}
    del rows["FJI"][A]
    world = {s: {c: {2015: row[s]} for c, row in rows.items() if s in row} for s in (A, B)}
    rules = policy(
        everyone(B),
        [gate("half", atom(A, "at_least", 0.5, path="gates.half"))],
        Score(0.0, (pillar("p", component(A), component(B)),), floor=0.01, coverage=1.0),
        uncertainty=Uncertainty(draws=400, seed=3),
    )
    return judge(rules, panel([sheet(A, sd=0.05), sheet(B)], world), AS_OF)


def test_json_has_the_keys_of_the_contract_in_their_order(result):
    """The first keys, as they were promised first; that all follow the contract is held by test_contract.py."""
    document = json.loads(tables.json(result))
    assert list(document)[:8] == [
        "schema_version", "criteria", "as_of", "engine", "sources", "notes", "counts", "countries",
    ]  # fmt: skip
    assert list(document["countries"][0])[:15] == [
        "iso3", "name", "peer_group", "tracks", "status", "p_eligible", "borderline", "gates", "score", "pillars",
        "rank", "rank_low", "rank_high", "p_top", "values",
    ]  # fmt: skip
    figure = ["value", "sd", "sd_kind", "year", "age", "source", "filled"]
    assert list(document["countries"][0]["values"][A]) == figure


def test_json_says_every_country_of_the_pool_ranked_ones_first(result):
    rows = json.loads(tables.json(result))["countries"]
    ranks = [row["rank"] for row in rows]
    ranked = [r for r in ranks if r is not None]
    assert len(rows) == len(COUNTRIES) and ranks[: len(ranked)] == sorted(ranked)
    assert all(
        (row["rank"] is None) == (row["rank_low"] is None) == (row["rank_high"] is None) for row in rows
    )
    assert all(row["rank_low"] <= row["rank"] <= row["rank_high"] for row in rows if row["rank"])


def test_counts_add_up(result):
    count = tables.counts(result)
    assert count["pool"] == sum(count[word] for word in tables.STATUS) == len(COUNTRIES)
    assert count["insufficient-data"] == 1


def test_what_is_missing_is_null_and_never_zero(result):
    fiji = next(r for r in json.loads(tables.json(result))["countries"] if r["iso3"] == "FJI")
    assert (fiji["score"], fiji["p_eligible"], fiji["values"][A]["value"]) == (None, None, None)
    assert fiji["gates"][0]["verdict"] == "unknown" and "no data" in fiji["gates"][0]["reason"]


def test_borderline_is_between_one_and_nine_tenths(result):
    for row in json.loads(tables.json(result))["countries"]:
        assert row["borderline"] == (row["p_eligible"] is not None and 0.1 < row["p_eligible"] < 0.9)


def test_csv_has_one_row_a_country_and_reads_back(result):
    rows = list(csv.DictReader(io.StringIO(tables.csv(result))))
    assert [r["iso3"] for r in rows] == list(result.ranking.order)
    assert {r["gate half"] for r in rows} == {"pass", "fail", "unknown"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_run_is_quoted(text):
    assert tables._cell(text) == "'" + text
    assert tables._cell(-1.5) == -1.5


def test_the_table_fits_eighty_columns_and_shows_every_rank_with_its_range(result):
    lines = ranked.text(result).splitlines()
    assert max(map(len, lines)) <= 80
    for iso3 in result.ranking.order[:3]:
        low, high = result.firmness.places.low[iso3], result.firmness.places.high[iso3]
        assert any(f"{low:.0f}-{high:.0f}" in line for line in lines) and not math.isnan(low)
    assert any("shortlist of 3 ends here" in line for line in lines)


def test_a_set_without_a_score_names_who_passes_and_ranks_nobody():
    rows = {iso3: {A: i / 11} for i, iso3 in enumerate(COUNTRIES)}
    rules = policy(everyone(A), [gate("half", atom(A, "at_least", 0.5, path="gates.half"))], shortlist=0)
    result = judge(rules, panel([sheet(A, sd=0.05)], {A: {c: {2015: r[A]} for c, r in rows.items()}}), AS_OF)
    text = ranked.text(result)
    admitted = result.screening.status.index[result.screening.status == "eligible"]
    assert len(admitted) == 6 and all(countries.register().name(c) in text for c in admitted)
    assert "rank" not in text.split("Chances")[0] and "no country" not in text
