"""What ships: each set is what its publisher's files compile to, and says what a reader must know."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligibility.data import build, countries, sources
from eligibility.data.readers import said_of
from eligibility.resources import shipped

OPEN = ("CC BY", "Facts of public record")  # licences under which compiled figures may ship


@pytest.mark.parametrize("publisher", ["worldbank", "undp", "ucdp", "unodc", "unhcr", "un", "vdem", "wgi"])
def test_shipped_sets_are_what_the_releases_compile_to(releases: Path, tmp_path: Path, publisher: str):
    made = build.build(releases / publisher, tmp_path).made
    assert made
    for source in made:
        if "superseded_by" not in said_of(source.family, source.vintage):  # where a list of ours holds more
            ours, theirs = (
                {path.name: path.read_bytes() for path in folder.iterdir()}
                for folder in (shipped("datasets") / source.id, source.path)
            )
            assert sorted(ours) == sorted(theirs)
            assert [name for name in ours if ours[name] != theirs[name]] == [], source.id


@pytest.mark.parametrize("source", sources.held(shipped("datasets")), ids=lambda source: source.id)
def test_every_set_says_where_it_comes_from_and_when_it_is_known(source: sources.Source):
    assert source.ship and source.licence.startswith(OPEN)
    assert source.notes and source.files and source.url.startswith("https://")
    last, table = source.values["years"][1], sources.table(source)
    for series in source.series.values():
        assert series.sd_kind != "published" or f"{series.name}_sd" in table, series.id
        assert series.description.endswith(".") and series.sd_how.endswith("."), series.id
        assert series.known_from(last) > series.known_from(last - 1)
    assert set(table.index.get_level_values("iso3")) <= set(countries.register())


def test_namibia_is_in_every_set_that_covers_it():
    """The code NA, or the word NAM, is what careless readers lose."""
    without = {
        source.id
        for source in sources.held(shipped("datasets"))
        if not source.dated  # a list names those in it
        and "NAM" not in sources.table(source).index.get_level_values("iso3")
    }
    # No IDA credits, so no rating; no figure on women killed.
    assert without == {"wb-cpia-2022", "un-sdg-2020"}
