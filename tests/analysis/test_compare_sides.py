"""What the ends of a comparison may be: pinned vintages, sealed runs; what a vintage changed; how it is told."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from places import ROOT

from eligibility.analysis.compare import comparison, revisions, sides
from eligibility.analysis.compare.steps import STEPS
from eligibility.data import sources
from eligibility.errors import IntegrityError, UsageError
from eligibility.files import seal
from eligibility.method import run
from eligibility.present import moves, report, revised

POLICY = "peacetime-pilots-1"
DAY = date(2016, 7, 1)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> Path:
    """A run on disk of 2016-07-01."""
    return report.write(run.run(POLICY, DAY, draws=20), tmp_path_factory.mktemp("out"), ("TUN",)).path


def resealed(run: Path, to: Path, change) -> Path:
    """A copy of a run in which something was changed and sealed again."""
    shutil.copytree(run, to)
    manifest, result = (
        json.loads((to / f).read_text(encoding="utf-8")) for f in ("manifest.json", "result.json")
    )
    change(manifest, result)
    (to / "result.json").write_text(json.dumps(result), encoding="utf-8")
    for name in manifest["files"]:
        manifest["files"][name] = hashlib.sha256((to / name).read_bytes()).hexdigest()
    if "digest" in manifest:
        manifest |= {"digest": seal.digest(manifest), "run": seal.run_id(manifest)}
    (to / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (to / "manifest.sha256").write_text(f"{seal.digest_of(to)}  manifest.json\n", encoding="utf-8")
    return to


def test_a_pinned_dataset_answers_for_all_it_holds_and_for_no_more():
    shelf = sources.shelf()
    held = lambda pins: {  # noqa: E731
        f"vdem.{name}": s.id
        for s in sides.pinned(shelf, pins)
        for name in s.series.keys() - s.stands_back
        if s.family == "vdem"
    }
    assert set(held(["vdem-v14"]).values()) == {"vdem-v14"}
    assert held(["vdem-v15"])["vdem.polyarchy"] == "vdem-v15"
    assert held(["vdem-v15"])["vdem.neopatrimonialism"] == "vdem-v14"
    assert [s.id for s in sides.pinned(shelf, ["vdem-v14"])] == [s.id for s in shelf]


def test_two_vintages_are_held_at_one_date_and_differ_by_revision_only():
    told = comparison.compare("vdem-v14", "vdem-v15", as_of=date(2024, 7, 1), draws=2)
    assert told.a.as_of == told.b.as_of == "2024-07-01"
    for side in (told.a, told.b):  # the newer answers on one side, and on the other lends its intervals
        assert {"vdem-v14", "vdem-v15"} <= dict(side.sources).keys()
    gained = told.causes.gained.dropna()
    assert gained["revision"].any()
    assert not gained[["rule", "own", "peers", "pool"]].to_numpy().any()
    assert len(gained) > 100


def test_a_sealed_run_is_the_round_it_was(sealed):
    told = comparison.compare(str(sealed), "2016-07-01", draws=20)
    assert (told.causes is not None, told.notes) == (True, ())
    assert not told.causes.gained.fillna(0).to_numpy().any()
    assert told.a.p_eligible.equals(told.b.p_eligible)
    assert "Nobody's rank or score moved." in moves.text(told)
    assert "Shortlist: the same eight countries." in moves.text(told)


def test_a_run_whose_data_are_no_longer_held_still_tells_its_result(sealed, tmp_path):
    def lose(manifest, result):
        manifest["sources"][0]["sha256"] = "f" * 64

    lost = resealed(sealed, tmp_path / "lost", lose)
    told = comparison.compare(str(lost), "2025-03-31", draws=2)
    assert told.causes is None
    assert (
        f"{lost} is told as it was sealed: no longer held: ucdp-v25.1 (sha256 ffffffffffff…)." in told.notes
    )
    assert len(told.a.listed) == 8
    row = {c["iso3"]: c for c in moves.document(told)["countries"]}["TUN"]
    assert (row["rank"], row["places_gained"]) == ([1, None], None)
    assert "- Tunisia: qualifies -> does not qualify; democracy met -> met on condition" in moves.text(told)


def test_a_run_of_an_engine_that_judged_otherwise_is_not_explained(sealed, tmp_path):
    def other(manifest, result):
        next(c for c in result["countries"] if c["iso3"] == "TUN")["score"] = 0.5

    told = comparison.compare(str(resealed(sealed, tmp_path / "other", other)), "2016-07-01", draws=2)
    assert told.causes is None
    assert "this one gives another answer for TUN" in told.notes[0]


def test_a_folder_that_has_the_name_of_a_shipped_set_is_not_meant(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hdi").mkdir()
    assert sides.understood("hdi", "A", ()).ref == "hdi"


def test_a_run_that_was_changed_is_refused(sealed, tmp_path):
    changed = shutil.copytree(sealed, tmp_path / "changed")
    (changed / "ranking.csv").write_text("rank\n", encoding="utf-8")
    with pytest.raises(IntegrityError, match="ranking.csv: checksum"):
        comparison.compare(str(changed), "2016-07-01", draws=2)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest, result: manifest.pop("sources"),
        lambda manifest, result: manifest.update(as_of=2016),
        lambda manifest, result: manifest["engine"].update(seed="one"),
        lambda manifest, result: result.update(countries=3),
        lambda manifest, result: (manifest["sources"][0].update(id="gone"), result.pop("engine")),
        lambda manifest, result: (
            manifest["sources"][0].update(id="gone"),
            result["countries"][0].pop("gates"),
        ),
    ],
)
def test_what_only_looks_like_a_run_is_refused(sealed, tmp_path, change):
    with pytest.raises(UsageError, match="of a run"):
        comparison.compare(str(resealed(sealed, tmp_path / "odd", change)), "2016-07-01", draws=2)


def test_a_rule_that_was_changed_is_told_with_the_gate_it_moved(tmp_path):
    mine = tmp_path / "mine.yaml"
    text = (ROOT / "criteria" / f"{POLICY}.yaml").read_text(encoding="utf-8")
    mine.write_text(text.replace("at_least: 0.5\n", "at_least: 0.6\n"), encoding="utf-8")
    told = comparison.compare(POLICY, str(mine), as_of=DAY, draws=2)
    assert {turn.by for turns in told.causes.turns.values() for turn in turns} == {("rule",)}
    left = [c for c in told.a.admitted if c not in told.b.admitted]
    assert left
    for iso3 in left:
        assert told.causes.admitted[iso3] == ("rule",)
    assert "; because of the criteria; " in " ".join(moves.text(told).split())


def test_scores_that_did_not_move_are_no_table():
    same = moves.text(comparison.compare(POLICY, "peacetime-pilots", as_of=DAY, draws=2))
    assert "No score of theirs moved." in same and "rank      country" in same
    assert "change   rule" not in same


def test_two_sets_without_any_requirement_are_told_apart():
    told = moves.text(comparison.compare("hdi", "cpia", as_of=date(2023, 1, 1), draws=1))
    assert "  - Albania: ranked -> not considered; because of the criteria\n" in told
    # of an index, which asks for nothing
    assert "qualif" not in told and "chance" not in told and " -\n" not in told
    assert re.search(r"\n 160    1 Rwanda +\+159  \+159     \.", told)  # under their headings


def test_the_document_adds_up_and_is_the_same_twice():
    told = comparison.compare("2015-07-01", "2016-07-01", draws=2)
    assert "change   rule" in moves.text(told)
    document = json.loads(moves.json(told))
    assert moves.json(told) == moves.json(comparison.compare("2015-07-01", "2016-07-01", draws=2))
    assert document["steps"] == list(STEPS)
    moved = [c for c in document["countries"] if c["score_gained"]]
    assert len(moved) > 100
    for c in moved:
        parts, (a, b) = c["score_gained"], c["score"]
        assert round(sum(parts[s] for s in STEPS), 12) == parts["total"] == round(b - a, 12)
    for c in (c for c in document["countries"] if c["places_gained"]):
        parts, (a, b) = c["places_gained"], c["rank"]
        assert round(sum(parts[s] for s in STEPS), 12) == parts["total"] == a - b
        assert all(round(10 * x, 9) == round(10 * x) for x in parts.values())  # whole tenths
    for c in document["countries"]:
        here = [word in ("eligible", "conditional") for word in c["status"]]
        assert bool(c["decided"]["admitted"]) == (here[0] != here[1])
        assert bool(c["decided"]["shortlist"]) == (c["shortlist"][0] != c["shortlist"][1])
        assert set(c["alone"]) == set(STEPS) and c["alone"]["revision"]["status"] == c["status"][0]
    assert all(len(line) <= 80 for line in moves.text(told, top=200).splitlines())
    assert any("One vintage of each source" in note for note in document["notes"])


# What a vintage changed ------------------------------------------------------------------------------------


def vintage(to: Path, change) -> Path:
    """A later release of the World Bank's governance indicators in which some rows are other ones."""
    folder = shutil.copytree(ROOT / "datasets" / "wgi-2024", to / "wgi-2025")
    lines = (folder / "values.csv").read_text(encoding="utf-8").splitlines()
    header, rows = lines[0].split(","), [line.split(",") for line in lines[1:]]
    rows = change([dict(zip(header, row, strict=True)) for row in rows])
    table = "\n".join([",".join(header), *(",".join(row.values()) for row in rows)]) + "\n"
    (folder / "values.csv").write_text(table, encoding="utf-8", newline="\n")
    sheet = (folder / "source.yaml").read_text(encoding="utf-8")
    seen = sources.sheet(ROOT / "datasets" / "wgi-2024").sha256
    sheet = sheet.replace(seen, hashlib.sha256(table.encode()).hexdigest())
    sheet = sheet.replace("id: wgi-2024", "id: wgi-2025").replace("vintage: '2024'", "vintage: '2025'")
    (folder / "source.yaml").write_text(sheet, encoding="utf-8")
    return folder


@pytest.fixture
def newer(tmp_path) -> Path:
    """Malawi's rule of law of 2014 is other than thought, Tuvalu is gone, Tunisia has a figure for 2024."""

    def change(rows):
        for row in rows:
            if (row["iso3"], row["year"]) == ("MWI", "2014"):
                row["rule_of_law"] = "1.5"
        extra = next(dict(row, year="2024") for row in rows if (row["iso3"], row["year"]) == ("TUN", "2023"))
        rows = [row for row in rows if row["iso3"] != "TUV"]
        at = max(i for i, row in enumerate(rows) if row["iso3"] == "TUN") + 1
        return [*rows[:at], extra, *rows[at:]]

    return vintage(tmp_path, change)


def test_every_cell_that_changed_is_counted(newer):
    told = revisions.revise("wgi-2024", str(newer), as_of=DAY, draws=2)
    assert (told.countries_new, told.countries_lost) == ((), ("TUV",))
    assert (told.years_new, told.years_lost) == ((2024,), ())
    series = {s.name: s for s in told.series}
    ours = series["rule_of_law"]
    assert (ours.changed, ours.material, ours.appeared) == (1, 1, 0)
    assert ours.largest[:2] == ("MWI", 2014)
    assert ours.largest[3] == 1.5
    assert ours.withdrawn > 10
    assert all(s.changed == 0 and s.largest is None for s in told.series if s.name != "rule_of_law")


def test_a_decision_that_flips_under_the_newer_vintage_raises_an_alarm(newer):
    told = revisions.revise("wgi-2024", str(newer), as_of=DAY, draws=20)
    assert told.flipped == ("MWI",)
    text = revised.text(told)
    flat = " ".join(text.split())
    assert (
        "Revision alarm: one decision flips under wgi-2025 (peacetime-pilots 2.0, as of 2016-07-01)." in flat
    )
    turn = r"Malawi: qualifies -> does not qualify; low-income-good-faith met -> missed; problem-of-impunity met -> missed; chance it qualifies [5-9]\d% -> 0%"
    assert re.search(turn, flat)
    assert all(len(line) <= 80 for line in text.splitlines())
    index = replace(told.verdicts, b=replace(told.verdicts.b, index=True))
    assert "chance it qualifies" not in revised.text(replace(told, verdicts=index))
    document = json.loads(revised.json(told))
    assert flat.startswith(document["verdicts"]["a"]["reading"])  # the same years of both, so it is said once
    assert document["flipped"] == ["MWI"]
    assert [set(s["by_age"][0]) for s in document["series"]] == [
        {"age", "n", "common", "usual", "half"} for s in document["series"]
    ]
    assert document["verdicts"]["admitted"] == {"entered": [], "left": ["MWI"]}


def test_how_far_figures_moved_is_told_by_their_age():
    told = revisions.revise("undp-hdr2023-24", "undp-hdr2025", draws=2)
    hdi = next(s for s in told.series if s.name == "hdi")
    assert [m.age for m in hdi.by_age[:3]] == [0, 1, 2] and hdi.by_age[0].half > 1.5 * hdi.by_age[10].half
    row = next(
        line for line in revised.text(told).splitlines() if line.startswith("hdi   ") and "0.013" in line
    )
    assert row.split() == ["hdi", *(f"{hdi.by_age[age].half:.3f}" for age in revised.AGES)]


def test_the_same_vintage_changes_nothing():
    told = revisions.revise("wgi-2024", "wgi-2024", as_of=DAY, draws=2)
    assert all(s.changed == s.appeared == s.withdrawn == 0 for s in told.series)
    assert told.flipped == ()
    assert "No verdict of" in revised.text(told)


def test_a_family_the_criteria_do_not_look_at_flips_nothing():
    told = revisions.revise("unhcr-2025-12", "unhcr-2025-12", draws=2)
    assert told.verdicts is None
    assert "no verdict can flip" in revised.text(told)


@pytest.fixture(scope="module")
def as_it_was(tmp_path_factory):
    """A run sealed by version 1.1 under the id the set had then."""
    folder = tmp_path_factory.mktemp("then")
    text = (ROOT / "criteria" / "peacetime-pilots-1.yaml").read_text(encoding="utf-8")
    path = folder / "old.yaml"
    path.write_text(text.replace("id: peacetime-pilots-1\n", "id: peacetime-pilots\n"), encoding="utf-8")
    return report.write(run.run(str(path), DAY, draws=20), folder / "out", ("TUN",)).path


def test_a_run_of_an_earlier_version_says_which_set_keeps_it(as_it_was):
    told = comparison.compare(str(as_it_was), "peacetime-pilots", as_of=DAY, draws=2)
    kept = [note for note in told.notes if "kept as peacetime-pilots-1" in note]
    assert kept == [f"{told.a.name} was judged by peacetime-pilots 1.1, which is kept as peacetime-pilots-1."]
    assert told.status("BRA") == ("excluded", "qualified")
    assert told.b.rank.notna().sum() == told.b.status.isin(["eligible", "conditional"]).sum()


def test_criteria_the_language_no_longer_takes_are_read_from_the_set_that_keeps_them(as_it_was, tmp_path):
    to = tmp_path / "older"

    def another_language(manifest, result):
        text = (to / "criteria.yaml").read_text(encoding="utf-8")
        (to / "criteria.yaml").write_text(text.replace("peak_over: 10", "highest_of: 10"), encoding="utf-8")

    older = resealed(as_it_was, to, another_language)
    told = comparison.compare(str(older), "peacetime-pilots-1", as_of=DAY, draws=2)
    assert told.causes is not None
    assert (told.a.rank.dropna() == told.b.rank.dropna()).all()
