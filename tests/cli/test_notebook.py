"""The front door for Python: what it takes, what it refuses, what it shows; documented as it is."""

from __future__ import annotations

import copy
import csv
import inspect
import io
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from places import ROOT

import eligibility
from eligibility.cli.commands import shell
from eligibility.method import run
from eligibility.notebook import Result
from eligibility.present import tables

DAY = "2016-07-01"
FUNCTIONS = [n for n in eligibility.__all__ if inspect.isfunction(getattr(eligibility, n))]
CLASSES = [n for n in eligibility.__all__ if inspect.isclass(getattr(eligibility, n))]


@pytest.fixture(scope="module")
def result() -> Result:
    return eligibility.screen("peacetime-pilots", DAY, draws=100)


@cache
def index() -> Result:
    return eligibility.screen("hdi", DAY, draws=5)


# What goes in ----------------------------------------------------------------------------------------------


def test_it_is_what_the_command_prints(result):
    words = ["screen", "--as-of", DAY, "--draws", "100", "--format", "json"]
    assert CliRunner().invoke(shell, words).stdout == tables.json(result)


def test_every_argument_reaches_the_run(tmp_path):
    register = tmp_path / "o.yaml"
    register.write_text(
        "overrides: [{country: TUN, criteria: peacetime-pilots, decision: defer, name: A, date: '2016-09-14', "
        "reason: So, source: 'https://example.org/'}]\n",
        encoding="utf-8",
    )
    found = eligibility.screen(
        "peacetime-pilots", date(2016, 7, 1), draws=30, seed=7, settings=["shortlist.size=3"], overrides=str(register),
        data=tmp_path, as_known=True, vintages=["vdem.regime=vdem-v14"],
    )  # fmt: skip
    assert (found.firmness.draws, found.firmness.seed) == (30, 7)
    assert len(found.ranking.shortlist) == found.criteria.shortlist == 3
    assert found.overrides["TUN"].decision == "defer"
    assert found.panel.reading == run.panel.Reading(True, ("vdem.regime=vdem-v14",))


@pytest.mark.parametrize("as_of", [DAY, date(2016, 7, 1)])
def test_a_day_is_text_or_a_date(as_of):
    assert eligibility.screen("hdi", as_of=as_of, draws=np.int64(5)).to_frame().equals(index().to_frame())


def test_a_fiscal_year_is_a_day_as_in_the_shell():
    assert eligibility.screen("mcc-scorecard", "FY2024", draws=1).as_of == date(2023, 11, 7)


def test_a_path_is_text_or_a_path():
    path = ROOT / "criteria" / "hdi.yaml"
    assert eligibility.load_criteria(path).sha256 == eligibility.load_criteria(str(path)).sha256


def test_criteria_and_panel_read_before_give_the_same(result):
    criteria = eligibility.load_criteria("peacetime-pilots")
    panel = eligibility.load_panel(criteria)
    assert tables.json(eligibility.screen(criteria, DAY, panel=panel, draws=100)) == tables.json(result)
    assert tables.json(eligibility.screen("peacetime-pilots", DAY, panel=panel, draws=100)) == tables.json(
        result
    )


BROKEN = [
    ({"criteria": "peacetime-pilot"}, "criteria: criteria: must be a shipped id or a .yaml file (got peacetime-pilot); did you mean"),
    ({"criteria": "no-such.yaml"}, "no-such.yaml"),
    ({"criteria": Path("no-such.yaml")}, "no-such.yaml"),
    ({"criteria": "nul\0.yaml"}, "nul"),
    ({"criteria": "."}, "must be a regular file"),
    ({"criteria": ""}, "criteria: criteria: must be"),
    ({"criteria": 7}, "criteria: argument: must be the id of a shipped set, a path or criteria (got int)"),
    ({"criteria": None}, "criteria: argument: must be"),
    ({"as_of": "20160701"}, "as_of: date: a day of the calendar as YYYY-MM-DD (got 20160701); write it as 2016-07-01"),
    ({"as_of": "2016-02-30"}, "as_of: date: a day of the calendar"),
    ({"as_of": ""}, "as_of: date: a day of the calendar"),
    ({"as_of": "FY1999"}, "as_of: fiscal year:"),
    ({"as_of": 2016}, "as_of: argument: must be a date"),
    ({"as_of": datetime(2016, 7, 1, 12)}, "as_of: argument: must be a day without a time (got 2016-07-01 12:00:00)"),
    ({"as_of": pd.Timestamp(DAY)}, "end it with .date()"),
    ({"as_of": pd.NaT}, "as_of: argument"),
    ({"as_of": date(1900, 1, 1)}, "as_of: pool: no country can be judged at this date"),
    ({"as_of": date.max}, "as_of: pool: no country can be judged"),
    ({"criteria": "mcc-scorecard-2008", "as_of": DAY}, "name a day with as_of: 2007-10-01 to 2012-09-30"),
    ({"draws": 0}, "draws: argument: must be a whole number from 1 to 1,000,000 (got 0)"),
    ({"draws": -5}, "draws: argument: must be a whole number"),
    ({"draws": 10**7}, "draws: argument: must be a whole number"),
    ({"draws": 1.5}, "draws: argument: must be a whole number"),
    ({"draws": True}, "draws: argument: must be a whole number"),
    ({"draws": "100"}, "draws: argument: must be a whole number"),
    ({"seed": -1}, "seed: argument: must be a whole number of 0 or more (got -1)"),
    ({"settings": "shortlist.size=3"}, 'write ["shortlist.size=5"]'),
    ({"settings": ["shortlist.size"]}, "settings: setting: must be PATH=VALUE"),
    ({"settings": ["shortlist.size=0"]}, "settings shortlist.size=0: shortlist.size: must be at least 1 (got 0)"),
    ({"settings": [3]}, "settings: argument: must be a sequence of words"),
    ({"settings": {"shortlist.size": 3}}, "settings: argument: must be a sequence of words"),
    ({"settings": ["shortlist.siz=3"]}, "did you mean 'shortlist.size'?"),
    ({"overrides": "no-such.yaml"}, "no-such.yaml"),
    ({"overrides": 3}, "overrides: argument: must be a path (got int)"),
    ({"data": "no-such-folder"}, "data: argument: must be a folder that is there (got no-such-folder)"),
    ({"data": 3}, "data: argument: must be a path"),
    ({"data": ""}, "data: argument: must not be empty"),
    ({"vintages": "vdem-v14"}, "vintages: argument: must be a sequence of words"),
    ({"vintages": ["vdem-v99"]}, "vintages: dataset: must be the id of a dataset held"),
    ({"as_known": "yes"}, "as_known: argument: must be True or False"),
    ({"as_known": np.array([True])}, "as_known: argument: must be True or False (got ndarray)"),
    ({"panel": "peacetime-pilots"}, "panel: argument: must be what load_panel returned (got str)"),
    ({"criteria": pd.DataFrame({"a": [1]})}, "criteria: argument: must be the id of a shipped set, a path or criteria (got DataFrame)"),
    ({"draws": pd.DataFrame({"a": [1]})}, "(got DataFrame)"),
    ({"seed": object()}, "seed: argument: must be a whole number of 0 or more (got object)"),
    ({"settings": np.array([["a=1"]])}, "settings: argument: must be a sequence of words (got ndarray)"),
    ({"settings": ["a=1", float("nan")]}, "must be a sequence of words (got nan)"),
    ({"settings": [["a"], "b"]}, "must be a sequence of words (got list)"),
    ({"vintages": pd.Index(["a", "b"]), "as_known": np.False_}, "must be the id of a dataset held (got a)"),
    ({"data": "x" * 5000}, "data: argument: must be a folder that is there"),
    ({"data": "\ud800"}, "data: argument: must be a path a disk can have"),
    ({"overrides": "nul\0"}, "overrides: argument: must be a path a disk can have"),
]  # fmt: skip


@pytest.mark.parametrize(
    "arguments, message", BROKEN, ids=[f"{next(iter(a))}-{n}" for n, (a, _) in enumerate(BROKEN)]
)
def test_what_is_refused_is_refused_by_name(arguments, message):
    with pytest.raises(eligibility.EligibilityError) as told:
        eligibility.screen(**arguments)
    assert message in str(told.value)


def test_what_has_been_read_is_not_read_otherwise():
    criteria = eligibility.load_criteria("hdi")
    panel = eligibility.load_panel(criteria)
    for wrong in (
        {"settings": ["shortlist.size=3"]},
        {"settings": np.array(["shortlist.size=3", "shortlist.size=4"])},
        {"panel": panel, "vintages": np.array(["hdi-2023", "vdem-v14"])},
        {"panel": panel, "as_known": True},
        {"panel": panel, "data": "."},
    ):
        with pytest.raises(eligibility.InputError, match="load_"):
            eligibility.screen(criteria, **wrong)
    with pytest.raises(eligibility.InputError, match="not among the series of the panel"):
        eligibility.screen("peacetime-pilots", panel=panel)


def test_figures_put_into_a_panel_are_refused_and_not_passed_over():
    """What is judged comes from the releases of the panel: a frame beside them would change nothing, in silence."""
    figures = eligibility.load_panel("hdi")
    assert eligibility.screen("hdi", panel=pickle.loads(pickle.dumps(figures))).panel.values
    series = next(iter(figures.sheets))
    rest = {s: frame for s, frame in figures.values.items() if s != series}
    for values in (rest, {**rest, series: figures.values[series] + 0.1}, {**rest, series: pd.DataFrame()}):
        with pytest.raises(
            eligibility.InputError, match=f"panel: argument: must have the figures of {series}"
        ):
            eligibility.screen("hdi", panel=replace(figures, values=values))
    with pytest.raises(ValueError, match="read-only"):  # as it would be sealed as its publisher's
        figures.values[series].loc[2020, "TUN"] = 0.9
    assert figures == figures and figures != eligibility.load_panel("hdi") and hash(figures)


def test_a_result_is_kept_copied_and_asked_by_several_at_once(result):
    kept = (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result))
    with ThreadPoolExecutor(4) as several:
        judged = list(several.map(lambda _: eligibility.screen("peacetime-pilots", DAY, draws=100), range(2)))
        told = list(several.map(tables.json, [*kept, *judged]))
        frames = list(several.map(lambda _: judged[0].to_frame(), range(4)))
    assert set(told) == {tables.json(result)}
    assert all(type(one) is Result and one._repr_html_() == result._repr_html_() for one in kept)
    assert all(frame.equals(result.to_frame()) for frame in frames)


@pytest.mark.parametrize("function", ["load_criteria", "load_panel"])
def test_what_is_read_is_refused_likewise(function):
    for wrong in ({"criteria": "hdj"}, {"criteria": 3}, {"data": "no-such-folder"}):
        with pytest.raises(eligibility.InputError, match=f"^{next(iter(wrong))}: "):
            getattr(eligibility, function)(**wrong)


def test_a_report_takes_a_result_and_countries_by_name(result, tmp_path):
    written = eligibility.write_report(result, str(tmp_path), countries=["Tunisia"])
    assert written.pages == 1 and (written.path / "countries" / "TUN.html").is_file()
    best = result.ranking_table().index[:2]  # an index of pandas
    with pytest.raises(
        eligibility.InputError, match=r"^out: .* another run stands there.*; add replace=True to put"
    ):
        eligibility.write_report(result, tmp_path, countries=best)
    assert eligibility.write_report(result, tmp_path, countries=best, replace=np.True_).pages == 2
    for wrong in (
        {"result": "peacetime-pilots"},
        {"result": result, "countries": ["Atlantis"]},
        {"result": result, "out": 3},
        {"result": result, "out": "nul\0"},
        {"result": result, "pdf": "no"},
        {"result": result, "replace": 1},
    ):
        with pytest.raises(eligibility.InputError):
            eligibility.write_report(**wrong)


# What comes out --------------------------------------------------------------------------------------------


def test_results_panels_and_criteria_print_in_a_line(result):
    for value in (
        result,
        result.panel,
        result.criteria,
        eligibility.load_panel("hdi"),
        run.judge(result.criteria, result.panel, result.as_of),
    ):
        assert re.fullmatch(r"<\w+[^\n]{10,150}>", repr(value))
    for part in (result.cells, result.screening, result.scores, result.ranking, result.firmness):
        assert re.fullmatch(rf"<{type(part).__name__}: [^\n]{{10,300}}>", repr(part))
    assert repr(result).startswith("<Result peacetime-pilots 2.0 as of 2016-07-01: 8 eligible, ")


def test_the_ranking_table_is_the_ranking(result):
    table = result.ranking_table()
    assert tuple(table.index) == tuple(c for c in result.ranking.order if result.ranking.rank.notna()[c])
    assert table.index.name == "iso3" and table["rank"].is_monotonic_increasing
    assert (table["rank"] == result.ranking.rank[table.index]).all()
    assert (table["score"] - result.scores.score[table.index]).abs().max() < 1e-12
    assert (table["rank_low"] <= table["rank"]).all() and (table["rank"] <= table["rank_high"]).all()
    assert table[["score", "p_eligible", "p_top"]].dtypes.eq("float64").all()


def test_the_frame_is_ranking_csv(result):
    frame, written = result.to_frame(), list(csv.DictReader(io.StringIO(tables.csv(result))))
    assert ["iso3", *frame.columns] == sorted(written[0], key=lambda name: name != "iso3")
    assert list(frame.index) == [row["iso3"] for row in written]
    assert [str(x) for x in frame["p_eligible"].dropna()] == [
        row["p_eligible"] for row in written if row["p_eligible"]
    ]
    assert (frame["status"] == result.screening.status[frame.index]).all()
    assert (frame["gate democracy"] == result.screening.gate.loc[frame.index, "democracy"]).all()


def test_sets_without_a_score_list_who_is_admitted():
    scored = eligibility.load_criteria("peacetime-pilots")
    doubt = replace(scored.uncertainty, choices=type(scored.uncertainty.choices)())
    found = eligibility.screen(replace(scored, score=None, shortlist=0, uncertainty=doubt), DAY, draws=1)
    table = found.ranking_table()
    assert found.scores is None and len(table) and table["rank"].isna().all()
    assert set(table["status"]) <= {"eligible", "conditional"}
    assert found._repr_html_().count("<tr>") == 1 + min(len(table), 10)


def test_a_country_is_what_the_json_says_and_free_to_be_changed(result):
    told = next(c for c in tables.document(result)["countries"] if c["iso3"] == "TUN")
    for word in ("TUN", "tun", "Tunisia"):
        assert result.country(word) == told
    result.country("TUN")["gates"].clear()
    assert result.country("TUN") == told


@pytest.mark.parametrize(
    "word, message",
    [("Tunesia", "did you mean TUN"), ("DEU", "not a candidate"), (3, "must be text"), ("", "country")],
)
def test_a_country_that_is_not_there_is_refused(result, word, message):
    with pytest.raises(eligibility.InputError, match=message):
        result.country(word)


class Tags(HTMLParser):
    """Which tags open and close, in order, and the text between."""

    def __init__(self, text: str):
        super().__init__()
        self.open, self.seen, self.text = [], set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        assert not attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_a_notebook_shows_the_ranked_list(result):
    page = Tags(result._repr_html_())
    assert page.open == [] and page.seen <= set("p b br table thead tbody tr th td ul li".split())
    assert result.criteria.title in page.text and "Tunisia (TUN)" in page.text and result.reading in page.text
    assert f"{result.scores.score['TUN']:.3f}" in page.text and "100 draws, seed 1" in page.text


def test_where_nothing_is_drawn_a_notebook_says_so():
    text = Tags(eligibility.screen("hdi")._repr_html_()).text
    assert (
        "no probability and no likely range is given" in text
        and "draws, seed" not in text
        and not re.search(r"\d%", text)
    )


def test_what_a_file_says_is_shown_and_never_obeyed(result):
    bad = "<script>alert(1)</script>\u202e&"
    spoiled = replace(result, criteria=replace(result.criteria, title=bad, version=bad), notes=(bad,))
    page = spoiled._repr_html_()
    assert Tags(page).seen.isdisjoint({"script"}) and page.count("&lt;script&gt;") == 3
    assert "\u202e" not in page and isinstance(spoiled, Result)


# What is written of it --------------------------------------------------------------------------------------


def sections(name: str) -> dict[str, str]:
    """The underlined sections of a docstring."""
    parts = re.split(r"^(\w+)\n-{3,}\n", inspect.getdoc(getattr(eligibility, name)), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_tells_its_arguments_what_comes_back_and_what_is_refused(name):
    told = sections(name)
    assert set(told) >= {"Parameters", "Returns", "Raises", "Examples"} and ">>>" in told["Examples"]
    heads = re.findall(r"^(\w[\w, ]*?)(?: :.*)?$", told["Parameters"], re.M)
    arguments = [word for head in heads for word in head.split(", ")]
    assert sorted(arguments) == sorted(inspect.signature(getattr(eligibility, name)).parameters)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_tells_what_it_holds_and_shows_it(name):
    told = sections(name)
    assert {"Attributes", "Examples"} <= set(told) and ">>>" in told["Examples"]


def test_every_public_name_is_a_function_or_class_or_the_version():
    assert sorted([*FUNCTIONS, *CLASSES, "__version__"]) == sorted(eligibility.__all__)


def test_the_names_told_to_editors_are_the_names_there_are():
    source = (ROOT / "eligibility" / "__init__.py").read_text(encoding="utf-8")
    block = source.partition("if TYPE_CHECKING:")[2].partition("\n\n")[0]
    told = {
        n: m
        for m, names in re.findall(r"from eligibility\.([\w.]+) import (.+)", block)
        for n in names.split(", ")
    }
    assert told == eligibility._HOME and {*told, "__version__"} == set(eligibility.__all__)
    assert (ROOT / "eligibility" / "py.typed").is_file()


def test_screening_loads_no_template_engine_and_no_workbook():
    code = "import eligibility, sys; eligibility.screen; print({'jinja2', 'xlsxwriter', 'sklearn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.stdout == "set()\n", done.stderr


def test_the_arguments_that_the_readme_names_are_there():
    rows = re.findall(
        r"^\| `(\w+)`[^|]*\| (.*=.*) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M
    )
    named = [(of or row, word) for row, said in rows for of, word in re.findall(r"`(?:(\w+)\()?(\w+)=", said)]
    assert {("screen", "panel"), ("write_report", "replace")} <= set(named)
    for function, word in named:
        if hasattr(eligibility, function):
            assert word in inspect.signature(getattr(eligibility, function)).parameters, (function, word)
