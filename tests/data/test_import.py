"""Licensed sources: what import says and stores, and what is said and judged when one is not there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_datasets import OPEN
from workbooks import workbook_of

from eligibility.cli import commands as cli
from eligibility.data import build, panel, sources
from eligibility.data.cells import known_at
from eligibility.data.readers import SHEETS, family_sheet, kept, readers
from eligibility.data.readers.expected import absences, expected
from eligibility.errors import DataError
from eligibility.language import criteria
from eligibility.method import run
from eligibility.policy import walk
from eligibility.resources import shipped

LICENSED = {family for family in readers() if "file" in family_sheet(family)}  # a file that each user brings
PRESS = "iso3,year,rank,score\nTUN,2022,94,59.5\nNAM,2022,18,81.5\nNAM,2023,22,80.5\nCSS,2023,93,58.5\n"

POLICY = """\
id: with-licensed
title: With a licensed source
version: "1.0"
source: {title: A document}
missing: unknown
pool: {wb.income_class: {in: [L, LM, UM]}}
gates:
  freedom:
    title: Freedom
    cites: {where: page 1}
    all: [{fh.political_rights: {above: 17, basis: made up}}, {vdem.polyarchy: {at_least: 0.3, basis: made up}}]
  open:
    title: Open
    cites: {where: page 2}
    all: [{vdem.core_civil_society: {at_least: 0.6, basis: made up}}]
ages: {max_age: 3, basis: made up}
"""


def written(folder: Path):
    """The policy above, read against everything that can be named."""
    path = folder / "with-licensed.yaml"
    path.write_text(POLICY, encoding="utf-8")
    return criteria.load(path, panel.catalogue())


@pytest.fixture
def press(tmp_path: Path) -> Path:
    path = tmp_path / "rsf.csv"
    path.write_text(PRESS, encoding="utf-8")
    return path


# ── What import says and stores ──────────────────────────────────────────────────────────────────────────────────


def test_import_says_what_it_found_and_where_it_put_it(press, own_folder):
    told = CliRunner().invoke(cli.shell, ["data", "import", str(press)])
    assert told.exit_code == 0, told.output
    for words in (
        "rsf-2023  Reporters Without Borders (RSF): World Press Freedom Index, to edition 2023",
        f"vintage 2023, released 2023-05-31, imported {date.today()}",
        "2021-2022, 2 countries, 2 series:",
        "rsf.score  Press freedom\n",
        "left out: 1 x Organisation of Eastern Caribbean States",
        "from rsf.csv sha256 ",
        f"in {own_folder}",
        "licence: not open or not confirmed",
    ):
        assert words in told.output


def test_the_first_day_of_import_stays_while_the_content_does(press, own_folder):
    source = build.import_release([press]).source
    assert source.imported == date.today() and source.path.parent == own_folder
    sheet = source.path / sources.SHEET
    sheet.write_bytes(sheet.read_bytes().replace(str(date.today()).encode(), b"2020-02-29"))
    assert build.import_release([press]).source.imported == date(2020, 2, 29)
    press.write_text(PRESS.replace("59.5", "59.25"), encoding="utf-8")
    assert build.import_release([press]).source.imported == date.today()


def test_a_source_that_stands_beside_another_is_told_of_it(press, tmp_path, own_folder):
    build.import_release([press])
    older = tmp_path / "older.csv"
    older.write_text("iso3,year,rank,score\nTUN,2022,94,59.5\n", encoding="utf-8")
    source = build.import_release([older], accept=["countries-lost"]).source
    assert build.beside(source, sources.shelf()) == ("rsf-2023",)


def test_what_is_licensed_never_ships():
    sheets = {family: family_sheet(family) for family in readers()}
    assert {family for family in sheets if not sheets[family]["ship"]} == LICENSED > {"fh", "rsf"}, (
        "what each user brings has `file` and `ship: false` in its sheet, and nothing else has either"
    )
    assert all(sheet["licence"].startswith(OPEN) for sheet in sheets.values() if sheet["ship"])
    held = {path.name.partition("-")[0] for path in shipped("datasets").iterdir()}
    assert not held & LICENSED


def test_building_the_shipped_folder_withholds_what_is_licensed(press, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "shipped", lambda name: tmp_path / "shipped")
    built = build.build(press.parent, tmp_path / "shipped")
    assert (
        not built.made
        and not built.unknown
        and "rsf-2023" not in built.missing
        and not (tmp_path / "shipped").exists()
    )


# ── Sheets ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_reader_has_a_sheet_and_every_sheet_a_reader():
    assert {path.stem for path in SHEETS.glob("*.yaml")} == set(readers())
    listed = [family for family, reader in readers().items() if isinstance(reader, kept.List)]
    assert listed and all(
        "standing" in each for family in listed for each in family_sheet(family)["series"].values()
    )


def test_a_series_that_is_not_held_is_described_as_fully():
    assert len(expected()) > 200
    for series, sheet in expected().items():
        family = series.partition(".")[0]
        whole = family_sheet(family)
        assert sheet.id == series and sheet.lo < sheet.hi and sheet.label and sheet.unit and sheet.sd_how
        assert sheet.description.endswith(".") and len(sheet.label) < 80, series
        assert whole["publisher"] and whole["url"].startswith("https://") and whole["licence"], series
        if family in LICENSED:
            assert whole["file"] and sheet.sd_kind == "none", series


# ── When a source is absent ──────────────────────────────────────────────────────────────────────────────────────


def test_the_error_says_which_file_from_where_and_the_command():
    wanted = ["vdem.polyarchy", "fh.total", "fh.political_rights", "cpi.score", "fh.freedom"]
    with pytest.raises(DataError) as caught:
        panel.load(wanted, sources.shelf())
    unknown, cpi, fh = caught.value.problems
    assert unknown.what == "fh.freedom" and unknown.rule == "no dataset holds this series"
    assert fh.what == "fh.political_rights, fh.total"
    for words in (
        "Aggregate_Category_and_Subcategory_Scores",
        "https://freedomhouse.org/report/freedom-world",
        "`eligibility data import FILE`",
        "Publisher: Freedom House",
        "Licence: not open",
    ):
        assert words in fh.hint
    assert "CPIYYYY_Results.xlsx" in cpi.hint


def test_one_problem_a_publisher_whatever_the_order():
    assert absences(["cpi.score", "bti.rule_of_law", "cpi.sources"]) == absences(
        ["cpi.sources", "bti.rule_of_law", "cpi.score"]
    )
    assert len(absences(["cpi.score", "bti.rule_of_law", "cpi.sources"])) == 2


def test_criteria_may_name_what_is_not_held(tmp_path):
    known = panel.catalogue()
    assert known["fh.political_rights"].source_id == "fh" and known["vdem.polyarchy"].source_id == "vdem-v16"
    policy = written(tmp_path)
    with pytest.raises(DataError, match="data: fh.political_rights: not held here; download Aggregate"):
        panel.load(walk.indicators(policy), sources.shelf())


def test_what_needs_the_absent_source_is_unknown_and_the_rest_is_judged(tmp_path):
    policy = written(tmp_path)
    wanted, shelf = walk.indicators(policy), sources.shelf()
    result = run.judge(policy, panel.load(wanted, shelf, absent="unknown"), date(2025, 3, 30))
    assert set(result.screening.gate["freedom"]) == {"fail", "unknown"}  # failed by the other test alone
    assert {"pass", "fail"} <= set(result.screening.gate["open"])
    assert not (result.screening.status == "eligible").any()


def test_an_absent_source_may_be_taken_as_missing_everywhere():
    shelf = sources.shelf()
    figures = panel.load(["fh.political_rights", "vdem.polyarchy"], shelf, absent="unknown")
    assert figures.absent == ("fh.political_rights",) and set(figures.held) == {"vdem.polyarchy"}
    cells = known_at(figures, date(2025, 6, 1), 3, {"fh.political_rights": 2.0})
    assert cells.value["fh.political_rights"].isna().all() and cells.value["vdem.polyarchy"].notna().any()
    assert figures.overdue(figures.sheets, date(2024, 1, 1)) == []
    assert figures.history("fh.political_rights", date(2025, 1, 1)).empty
    assert len(figures.values["fh.political_rights"]) == 0


def test_unknown_is_no_way_round_a_wrong_name_or_nothing_at_all():
    for wanted in (["fh.freedom", "vdem.polyarchy"], ["fh.total"]):
        with pytest.raises(DataError):
            panel.load(wanted, sources.shelf(), absent="unknown")


def test_a_source_that_comes_every_second_year_is_not_overdue_in_between(tmp_path):
    rows = ["Criminality", "Criminal markets", "Criminal actors", "State-embedded actors", "Resilience"]
    sheets = {"2023_dataset": [["Country", *rows], ["Tunisia", 5, 5, 5, 5, 5]]}
    build.import_release([workbook_of(tmp_path / "global_oc_index.xlsx", sheets)])
    figures = panel.load(["oci.state_embedded_actors"], sources.shelf())
    assert not figures.overdue(["oci.state_embedded_actors"], date(2025, 12, 31))


def test_with_the_real_file_the_gate_is_judged(releases, tmp_path):
    build.import_release([releases / "fh" / "All_data_FIW_2013-2024.xlsx"])
    policy = written(tmp_path)
    result = run.judge(policy, panel.load(walk.indicators(policy), sources.shelf()), date(2025, 2, 25))
    assert set(result.cells.year["fh.political_rights"].dropna()) == {
        2023
    }  # the 2025 edition came out on 26 February
    later = run.judge(policy, result.panel, date(2025, 4, 1))
    assert set(later.cells.year["fh.political_rights"].dropna()) == {2024}
    assert {"pass", "fail"} <= set(later.screening.gate["freedom"])
