"""A view narrows what is shown and nothing else: no rank, median, count or run id."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from functools import cache

import pytest

from eligibility import contract
from eligibility.analysis.compare import since
from eligibility.analysis.view import Asked, View, view
from eligibility.data import countries
from eligibility.errors import UsageError
from eligibility.files import seal
from eligibility.method import run, warned
from eligibility.present import ranked, report, tables


@cache
def result():
    return run.run("peacetime-pilots", date(2016, 7, 1), 50)


def seen(*only: str, regions: tuple[str, ...] = ()) -> View:
    return view(result(), Asked(only, regions))


def test_without_words_everything_is_shown():
    assert view(result(), Asked()) is None


def test_countries_go_by_code_or_name():
    asked = {("TUN",): {"TUN"}, ("tun, Kenya",): {"TUN", "KEN"}, ("Tunisia", "Sierra Leone"): {"TUN", "SLE"}}
    assert {words: set(seen(*words).countries) for words in asked} == asked


def test_a_group_is_a_peer_group_of_the_criteria_and_a_region_that_of_the_register():
    peers, known = result().peers, countries.register()
    assert set(seen("Low-Income").countries) == set(peers.index[peers == "low-income"])
    assert set(seen(regions=("south asia",)).countries) == {
        c for c in peers.index if known.region(c) == "South Asia"
    }
    both = seen("low-income", "TUN", regions=("South Asia", "Middle East & North Africa"))
    assert "TUN" in both and {peers[c] for c in both.countries} == {"low-income", "middle-income"}
    assert {known.region(c) for c in both.countries} == {"South Asia", "Middle East & North Africa"}


def test_a_name_with_a_comma_of_its_own_is_one_name():
    with pytest.raises(UsageError, match="BES: not a candidate"):
        seen("Bonaire, Sint Eustatius and Saba")


def test_every_wrong_word_is_refused_at_once_with_a_hint():
    with pytest.raises(UsageError) as refused:
        seen("Tunesia, low-incom, FRA", regions=("South Azia",))
    told = [str(problem) for problem in refused.value.problems]
    assert told[0].endswith(
        "or a group of the criteria: low-income, middle-income (got Tunesia); did you mean TUN (Tunisia)?"
    )
    assert told[1].endswith("(got low-incom); did you mean low-income?")
    assert told[2] == "--only: FRA: not a candidate; only candidates are judged, whom the rule `pool` lets in"
    assert told[3].startswith("--region: region: one of East Asia & Pacific, ")
    assert told[3].endswith("(got South Azia); did you mean South Asia?")
    with pytest.raises(UsageError, match=r"no country considered is there \(got TUN, South Asia\)"):
        seen("TUN", regions=("South Asia",))


def test_the_table_shows_fewer_rows_and_no_row_says_anything_else():
    whole = ranked.text(result(), 200).splitlines()
    shown = seen(regions=("Sub-Saharan Africa",))
    part = ranked.text(result(), 200, shown).splitlines()
    row = re.compile(r" +\d+  \d+-\d+ ")
    names = {countries.register().name(c)[:26] for c in shown.countries}
    kept = [line for line in whole if row.match(line) and line[17:43].rstrip() in names]
    assert [line for line in part if row.match(line)] == kept
    assert 0 < len(kept) < sum(1 for line in whole if row.match(line))
    told = "139 countries considered: 8 qualify, 9 qualify on condition, 48 meet every requirement but are of no ideal kind"
    assert told in " ".join(part)
    assert f"Shown: {len(shown.countries)} of 139 countries considered" in " ".join(part)


def test_the_line_under_the_shortlist_stands_where_a_view_crosses_it():
    ranks = {c: result().ranking.rank[c] for c in ("SEN", "ZMB", "MOZ")}
    assert ranks["SEN"] < ranks["ZMB"] <= 8 < ranks["MOZ"]
    lines = ranked.text(result(), None, seen("SEN,ZMB,MOZ")).splitlines()
    (at,) = [n for n, line in enumerate(lines) if "shortlist of 8 ends here" in line]
    assert "Zambia" in lines[at - 1] and "Mozambique" in lines[at + 1]


def test_who_is_on_no_list_is_shown_with_its_status():
    lines = ranked.text(result(), None, seen("AGO,LBY")).splitlines()
    status = result().screening.status
    assert (status["AGO"], status["LBY"]) == ("excluded", "excluded")
    assert "Also shown, not qualifying: Angola, Libya" in lines
    assert any("no country shown qualifies" in line for line in lines)


def test_json_says_that_it_is_narrowed_and_is_else_the_same():
    shown = seen("TUN,AGO")
    whole, part = tables.document(result()), json.loads(tables.json(result(), seen=shown))
    assert "shown" not in whole
    assert part.pop("shown") == {"countries": 2, "of": 139, "words": ["--only", "TUN,AGO"]}
    assert part["countries"] == [row for row in whole["countries"] if row["iso3"] in ("TUN", "AGO")]
    assert {**part, "countries": 0} == {**json.loads(tables.json(result())), "countries": 0}
    assert "Shown" in contract.schema()["$defs"]


def test_csv_has_the_rows_shown_as_they_are_in_the_whole():
    whole = list(csv.reader(io.StringIO(tables.csv(result()))))
    part = list(csv.reader(io.StringIO(tables.csv(result(), seen=seen("TUN,AGO")))))
    assert part == [whole[0], *(row for row in whole[1:] if row[3] in ("TUN", "AGO"))]


def test_a_report_has_fewer_cards_says_so_and_keeps_the_tables_and_the_run_id(tmp_path, monkeypatch):
    shown, last = seen("TUN,Kenya"), since.year_before(result())
    whole = report.content(result(), shown.countries, command="x", since=last)
    part = report.content(result(), shown.countries, narrowed=shown.words, since=last)
    for name in ("result.json", "ranking.csv"):
        assert part[name] == whole[name]
        assert part[name].count(b"UKR")
    assert {n for n in part if n.startswith("countries/")} == {"countries/TUN.html", "countries/KEN.html"}
    board, index, card = (part[n].decode() for n in ("briefing.html", "index.html", "countries/TUN.html"))
    assert "Shown:</b> the cards of 2 of 139 candidates" in re.sub("</?span[^>]*>", "", board)
    assert "Shown: pages of 2 of 139 candidates." in re.sub("</?span[^>]*>", "", index)
    assert "eligibility report peacetime-pilots --as-of 2016-07-01 --only TUN,Kenya" in card
    sealed = json.loads(part["manifest.json"])
    assert sealed["run"] == report.run_id(result()) == json.loads(whole["manifest.json"])["run"]
    written = report.write(result(), tmp_path, ("TUN",), since=last)
    cards: list = []  # one for all: only the briefing is read

    def first(*asked, made=report.country_page):
        if not cards:
            cards.append(made(*asked))
        return cards[0]

    monkeypatch.setattr(report, "country_page", first)
    everything = report.content(result(), tuple(result().ranking.order), since=last)
    assert "Shown:</b>" not in everything["briefing.html"].decode()
    assert seal.differences(written.path) == ()
    assert json.loads((written.path / "manifest.json").read_text())["command"].endswith("--only TUN")


def test_a_pool_of_ones_own_says_that_it_sets_the_medians(tmp_path):
    told = "countries that the pool rule of this file admits: a narrower rule moves them."
    assert not any(told in note for note in result().notes)
    narrow = run.run("peacetime-pilots", result().as_of, 1, settings=("pool.wb.income_class.in=[L]",))
    (note,) = [note for note in narrow.notes if told in note]
    assert f"those of the {len(narrow.screening.status)} countries" in note
    own = tmp_path / "own.yaml"
    own.write_text(narrow.criteria.text.replace("id: peacetime-pilots", "id: mine"), encoding="utf-8")
    assert [str(p) for p in warned.warnings(str(own)) if "--only" in str(p)] == [
        f"{own}: pool: medians and percentiles are those of the countries it admits; "
        "narrowing it moves them; --only and --region show fewer and move nothing; a note only"
    ]
    assert not any("--only" in str(p) for p in warned.warnings("peacetime-pilots"))
