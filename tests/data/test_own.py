"""Figures of one's own: from a table to a gate as the manual says, and two published indices made from tables.

ASEM    The ASEM Sustainable Connectivity index (Joint Research Centre of the European Commission, CC BY 4.0), as printed for
        seven countries in the guide "Presenting results" of the R package COINr 1.1 (W. Becker, MIT): 8 pillars, 2 sub-indices, the index.
UNDP    The coefficient of human inequality and the three inequalities it is the mean of, Human Development Report 2025, figures
        of 2023, 169 countries (United Nations Development Programme, CC BY 3.0 IGO).
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from places import ROOT

from eligibility.analysis import cases
from eligibility.cli import commands as cli
from eligibility.data import panel, sources
from eligibility.files import strict_yaml
from eligibility.language import criteria
from eligibility.resources import shipped

HERE = Path(__file__).parent
MANUAL = shipped("criteria") / "README.md"


def asked(*words: object) -> str:
    """What a command says; it must say yes."""
    told = CliRunner().invoke(cli.shell, list(map(str, words)), catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.output


# ── The manual ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(shutil.which("sh") is None, reason="has no shell")
def test_the_ten_lines_of_the_manual_run_as_they_stand(tmp_path: Path, own_folder: Path):
    section = MANUAL.read_text(encoding="utf-8").partition("## Figures of your own")[2].partition("\n## ")[0]
    (script,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert len(script.splitlines()) == 10
    (tmp_path / "eligibility").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m eligibility "$@"\n', encoding="utf-8"
    )
    (tmp_path / "eligibility").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        ["sh", "-e", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "embassy.assessment  Assessment of the embassy" in done.stdout
    assert re.search(r"^Tunisia +qualifies ", done.stdout, re.MULTILINE)
    assert "2 qualify, 0 qualify on condition, 1 does not qualify" in " ".join(done.stdout.split())


# ── Where they show ──────────────────────────────────────────────────────────────────────────────────────────────


def brought(folder: Path, text: str, *words: str) -> str:
    """What the import of a table says."""
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    usual = ["--label", "Assessment", "--better", "high", "--range", "1", "5"]
    return asked("data", "import", path, "--series", "embassy.assessment", *usual, *words)


def test_the_schema_names_every_indicator_and_no_other(tmp_path: Path):
    brought(tmp_path, "iso3,year,value\nTUN,2024,4\n")
    schema = json.loads(asked("schema"))
    named = [one["const"] for one in schema["$defs"]["Indicator"]["oneOf"]]
    assert "embassy.assessment" in named and named == sorted(panel.catalogue(sources.shelf()))
    check = jsonschema.Draft202012Validator(schema)
    check.check_schema(schema)
    test = "  %s: {at_least: 3, basis: made up}"
    head = "id: a\ntitle: A\nversion: '1'\npool:\n%s\nages: {max_age: 3, basis: made up}\n"
    for name, good in (("embassy.assessment", True), ("vdem.polyarchy", True), ("embassy.assesment", False)):
        data = strict_yaml.parse(head % (test % name)).data
        assert check.is_valid(data) == good, name


def test_every_shipped_set_fits_the_schema_that_names_indicators():
    check = jsonschema.Draft202012Validator(criteria.json_schema(panel.catalogue(sources.shelf())))
    for path in sorted(shipped("criteria").glob("*.yaml")):
        assert [error.message for error in check.iter_errors(strict_yaml.read(path).data)] == [], path.name


def test_a_row_that_is_no_country_is_left_out_and_told(tmp_path: Path):
    told = brought(tmp_path, "country,year,value\nTunisia,2024,4\nEuropean Union,2024,3\n")
    assert "1 countries" in told and "left out: 1 x row that is no country" in told


@pytest.mark.parametrize(
    ("text", "words", "says"),
    [
        (
            "country,year,value\nTunesia,2024,4\n",
            [],
            "mine.csv:2: column 'country': must be a name the register knows",
        ),
        ("iso3,year,value\ntun,2024,4\n", [], "mine.csv:2: column 'iso3': must be a code the register knows"),
        (
            "iso3,year,value\nTUN,2024,4\nTUN,2024,4\n",
            [],
            "mine.csv:3: column 'iso3': must be the only row for it",
        ),
        ("country,2024,24\nTunisia,4,4\n", [], "must be year and value, or one column a year"),
        ("country,0001\nTunisia,4\n", [], "must be year and value, or one column a year"),
        (
            "iso3,year,value,e\nTUN,2024,4,-1\n",
            ["--sd-column", "e"],
            "column 'e': must lie between 0 and inf",
        ),
        ("iso3,year,value\nTUN,2024,4\n", ["--sd-column", "e"], "mine.csv:1: column 'e': must be there"),
        ("iso3,year,value\nTUN,2024,4\nKEN,2024,4.2", [], "mine.csv:3: row: must end in a line break"),
        *(
            (
                "iso3,name,year,value\nTUN,Tunisia,2024,4\n",
                ["--sd-column", name],
                "--sd-column: column: must be one of its own",
            )
            for name in ("iso3", "name", "year", "value")
        ),
        *(
            (
                "iso3,year,value\nTUN,2024,4\n",
                ["--series", f"embassy.{name}"],
                f"'{name}' is a column that every table has",
            )
            for name in ("iso3", "year", "place")
        ),
        (
            "iso3,year,value\nTUN,2024,4\n",
            ["--label", "a\u200bb"],
            "--label: text: at most 200 letters that can be seen",
        ),
    ],
)
def test_a_table_that_is_not_clear_is_refused(
    tmp_path: Path, own_folder: Path, text: str, words: list[str], says: str
):
    with pytest.raises(Exception) as caught:
        brought(tmp_path, text, *words)
    assert says in str(caught.value)
    assert not list(own_folder.iterdir())


def test_figures_of_ones_own_are_never_behind_a_publisher(tmp_path: Path):
    """Nobody but the user brings out the next year, so no line may say that it was due."""
    brought(tmp_path, "iso3,year,value\nTUN,2020,4\nKEN,2020,2\n", "--released", "2020-12-31")
    policy = tmp_path / "p.yaml"
    policy.write_text(
        "{id: p, title: P, version: '1', pool: {embassy.assessment: {at_least: 1, basis: x}}, ages: {max_age: 9, basis: x},\n"
        " gates: {g: {title: G, cites: {where: x}, all: [{embassy.assessment: {at_least: 3, basis: x}}]}}}\n",
        encoding="utf-8",
    )
    told = asked("screen", policy, "--as-of", "2024-07-01")
    assert "yours 2020; nothing newer that decides was due" in told and "due by" not in told


@pytest.mark.parametrize("label", ["1e5", "NO", "a: b", "# 1", "€ – „ô“", "'", "true"])
def test_a_label_comes_back_as_it_was_given(tmp_path: Path, label: str):
    brought(tmp_path, "iso3,year,value\nTUN,2024,4\n", "--label", label)
    (source,) = (s for s in sources.shelf() if s.family == "embassy")
    assert source.title == source.series["assessment"].label == label


@pytest.mark.parametrize("file", ["source.yaml", "values.csv"])
def test_a_broken_source_of_ones_own_stops_nothing_else(tmp_path: Path, own_folder: Path, file: str):
    brought(tmp_path, "iso3,year,value\nTUN,2024,4\n")
    (own_folder / "embassy-assessment" / file).write_text("id: [", encoding="utf-8")
    for words in (
        ["screen", "--draws", "50"],
        ["data", "list", "--series"],
        ["data", "list"],
        ["schema"],
        ["data", "due"],
    ):
        words += [""] if words[-1] == "--series" else []
        command = [sys.executable, "-m", "eligibility", *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent)
        assert done.returncode == 0, done.stderr
        read = file == "source.yaml" or "--series" in words
        assert done.stderr.count("set aside: embassy-assessment/") == read, (words, done.stderr)


def test_a_closed_source_is_named_and_what_cannot_be_put_back_stops_nothing(
    tmp_path, own_folder, monkeypatch, capfd
):
    """A colleague's folder on a share: one source we may not enter, and one that a stopped import left aside there."""
    brought(tmp_path, "iso3,year,value\nTUN,2024,4\n")

    def closed(real):
        def call(path, *more, **named):
            if str(path).startswith(str(own_folder / "embassy-assessment")) and str(path).endswith(
                "source.yaml"
            ):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *more, **named)

        return call

    def unwritable(folder):
        if folder == own_folder:
            raise PermissionError(13, "Permission denied", str(folder))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", closed(Path.stat))
        patch.setattr(os, "open", closed(os.open))
        patch.setattr(sources.exchange, "recover", unwritable)
        with pytest.warns(sources.SetAside) as told:
            held = sources.shelf()
    assert {one.id for one in held} == {one.id for one in sources.held(shipped("datasets"))}
    assert sorted(str(one.message) for one in told) == [
        f"set aside: {own_folder}: folder: what a stopped command left aside cannot be put back: Permission denied",
        "set aside: embassy-assessment/source.yaml: file: cannot be opened (got Permission denied)",
    ]


# ── Two published indices ────────────────────────────────────────────────────────────────────────────────────────


def columns(table: Path, family: str, year: int, better: str, folder: Path) -> None:
    """Imports each column of a table of figures from 0 to 100 as a series of its own."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in list(rows[0])[1:]:
        path = folder / f"{name}.csv"
        path.write_text(
            "".join(["iso3,year,value\n", *(f"{r['iso3']},{year},{r[name]}\n" for r in rows)]),
            encoding="utf-8",
        )
        words = ["--series", f"{family}.{name}", "--label", name, "--better", better, "--range", "0", "100"]
        asked("data", "import", path, *words, "--released", f"{year + 2}-01-01")


HEAD = """\
id: composite
title: {title}
version: "1.0"
source: {{title: {title}}}
pool: {{{pool}: {{at_least: 0, basis: Any figure at all}}}}
score:
  aggregation: arithmetic
  coverage: 1
  weights: equal
  basis: Plain means at every level
  pillars:
{pillars}
ages: {{max_age: 0, basis: One year}}
cases:
  - {{name: The score is the index as published, series: {series}, years: [{year}, {year}], decimals: {decimals}}}
"""
PILLAR = (
    "    {0}:\n      title: {0}\n      aggregation: arithmetic\n      weights: equal\n      indicators:\n"
)
# the level itself, whichever end is better
LEVEL = "        {0}: {{scale: {{piecewise: [[0, 0], [100, 1]]}}}}\n"
TIES = ("physical", "economic_ties", "political", "institutional", "people")
LASTS = ("environment", "social", "economic_soundness")


def composite(
    folder: Path, family: str, series: str, pillars: dict[str, tuple[str, ...]], year: int, decimals: int
) -> cases.Outcome:
    """The outcome of holding plain means of plain means against a published series."""
    made = "".join(
        PILLAR.format(title) + "".join(LEVEL.format(f"{family}.{name}") for name in names)
        for title, names in pillars.items()
    )
    first = next(iter(pillars.values()))[0]
    path = folder / "composite.yaml"
    text = HEAD.format(
        title=series,
        pool=f"{family}.{first}",
        pillars=made.rstrip(),
        series=f"{family}.{series}",
        year=year,
        decimals=decimals,
    )
    path.write_text(text, encoding="utf-8")
    (outcome,) = cases.cases(path)
    return outcome


ASEM = {
    "connectivity": {"ties": TIES},
    "sustainability": {"lasts": LASTS},
    "index": {"ties": TIES, "lasts": LASTS},
}


def test_the_asem_index_comes_out_of_a_table_of_ones_own(tmp_path: Path):
    """All 21 printed means to one decimal; to two, four of them differ by the rounding of the parts they were printed with."""
    columns(HERE / "asem.csv", "asem", 2018, "high", tmp_path)
    to_two = {"connectivity": 4, "sustainability": 6, "index": 7}  # of seven
    for series, pillars in ASEM.items():
        outcome = composite(tmp_path, "asem", series, pillars, 2018, 1)
        assert outcome.holds and outcome.found == "7 of 7 published values equal to 1 decimal"
        outcome = composite(tmp_path, "asem", series, pillars, 2018, 2)
        assert outcome.found.startswith(f"{to_two[series]} of 7 published values equal to 2 decimals")
        for line in outcome.failures:
            published, got = map(float, re.findall(r"[0-9]+\.[0-9]+", line))
            assert abs(published - got) <= 0.01, line


def test_undps_coefficient_of_human_inequality_comes_out_of_a_table_of_ones_own(tmp_path: Path):
    """169 of 169 countries, to the four decimals at which a mean of figures rounded to eight can be told."""
    columns(HERE / "human_inequality.csv", "inequality", 2023, "low", tmp_path)
    parts = {"all": ("life_expectancy", "education", "income")}
    outcome = composite(tmp_path, "inequality", "coefficient", parts, 2023, 4)
    assert outcome.holds, outcome.failures
    assert outcome.found == "169 of 169 published values equal to 4 decimals"


def test_a_planted_figure_is_noticed(tmp_path: Path):
    text = (HERE / "human_inequality.csv").read_text(encoding="utf-8")
    (tmp_path / "human_inequality.csv").write_text(text.replace("AFG,34.41", "AFG,34.42"), encoding="utf-8")
    columns(tmp_path / "human_inequality.csv", "inequality", 2023, "low", tmp_path)
    parts = {"all": ("life_expectancy", "education", "income")}
    outcome = composite(tmp_path, "inequality", "coefficient", parts, 2023, 4)
    assert outcome.found.startswith("168 of 169") and outcome.failures[0].startswith(
        "AFG 2023: published 34.42"
    )
