"""No shipped set asks for what nobody has a figure for, and a build that would have it so ends with a message."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from eligibility import resources
from eligibility.analysis import empty
from eligibility.cli.commands import shell
from eligibility.data import build, sources
from eligibility.errors import DataError
from eligibility.resources import shipped

DATASETS = shipped("datasets")
SMALL = """
id: small
title: Two countries
version: "1.0"
source: {title: made for a test, publisher: nobody, url: "https://example.org"}
ages: {max_age: 3, basis: made}
pool:
  any: [{vdem.polyarchy: {at_least: 0.0, basis: everybody}}]
gates:
  democracy:
    title: Democracy
    question: Is it one?
    cites: {where: here, quote: a democracy}
    all: [{vdem.polyarchy: {at_least: 0.3, basis: made}}]
axes:
  beside:
    title: Beside
    indicators: [vdem.INDICATOR]
"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A folder that stands for the shipped one: criteria with one axis, no data yet. Gives what writes its axis."""

    def at(kind: str) -> Path:
        return tmp_path / kind

    for module in (resources, build, empty):
        monkeypatch.setattr(module, "shipped", at)
    for kind in ("criteria", "datasets", "in"):
        at(kind).mkdir()
    (at("in") / "V-Dem-CY-v16.csv").write_text(
        "country_text_id,year,v2x_polyarchy,v2x_corr\nNAM,2025,0.6,\nMEX,2025,0.5,\n", encoding="utf-8"
    )

    def write(indicator: str) -> Path:
        text = SMALL.replace("INDICATOR", indicator)
        (at("criteria") / "small.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_every_indicator_of_the_shipped_sets_has_a_figure_for_somebody():
    held = sources.held(DATASETS)
    assert empty.problems(held) == []
    # what is excused is not held: once it is, the excuse goes
    assert empty.BROUGHT.isdisjoint(f"{source.family}.{name}" for source in held for name in source.series)


def test_an_indicator_that_no_release_holds_is_found_with_the_sets_that_ask_for_it():
    left = [source for source in sources.held(DATASETS) if source.family != "ucdp"]
    (problem,) = empty.problems(left)
    assert str(problem) == (
        "criteria: peacetime-pilots-1, peacetime-pilots-full, peacetime-pilots: ucdp.battle_deaths: must have a figure for "
        "some candidate at the default date (got none); bring a release that holds it, or take it out of the criteria"
    )


@pytest.mark.parametrize("indicator", ["political_corruption", "core_civil_society"])
def test_a_build_that_would_leave_an_axis_empty_writes_nothing(house, indicator):
    """Empty is a column without a value as well as a series that no release holds."""
    folder = house(indicator)
    done = CliRunner().invoke(shell, ["data", "build", "--from", str(folder / "in")])
    assert isinstance(done.exception, DataError) and len(done.exception.problems) == 1
    assert str(done.exception).startswith(
        f"criteria: small: vdem.{indicator}: must have a figure for some candidate"
    )
    assert list((folder / "datasets").iterdir()) == []


def test_a_build_whose_criteria_find_their_figures_is_written(house):
    folder = house("polyarchy")
    done = CliRunner().invoke(shell, ["data", "build", "--from", str(folder / "in")])
    assert done.exit_code == 0, done.output
    assert (folder / "datasets" / "vdem-v16" / "values.csv").is_file()
    # elsewhere than in the shipped folder nobody asks
    house("core_civil_society")
    shutil.rmtree(folder / "datasets")
    done = CliRunner().invoke(
        shell, ["data", "build", "--from", str(folder / "in"), "--to", str(folder / "other")]
    )
    assert done.exit_code == 0, done.output
