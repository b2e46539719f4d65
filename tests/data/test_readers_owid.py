"""Charts of Our World in Data: named ones alone, their own codes, groups left out, never in V-Dem's place."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from text_files import text

from eligibility.data import build
from eligibility.data.readers import Head, owid, vdem
from eligibility.data.readers.whose import whose
from eligibility.errors import DataError

HEADER = "Entity,Code,Year,Electoral Democracy Index,World region according to OWID"


def made(
    folder: Path, *rows: str, header: str = HEADER, name: str = "electoral-democracy-index (1).csv"
) -> Path:
    return text(folder, name, header, *rows)


def test_a_chart_is_known_by_its_title_and_its_groups_are_left_out(tmp_path):
    path = made(
        tmp_path,
        "Namibia,NAM,2024,0.7,Africa",
        "Kosovo,OWID_KOS,2023,0.6,Europe",
        "West Germany,OWID_GFR,1990,0.89,Europe",
        "Palestine/Gaza,,2010,0.1,",
        "Africa,OWID_AFR,2024,0.4,",
        "World (population-weighted),,2024,0.4,",
        "Namibia,NAM,1989,0.1,Africa",
    )
    assert (whose(path).family, whose(path).vintage) == ("owid", "electoral-democracy-index-2024")
    release = owid.read([path], "electoral-democracy-index-2024")
    assert release.values[["iso3", "year", "value"]].values.tolist() == [
        ["NAM", 2024, 0.7],
        ["XKX", 2023, 0.6],
        ["DEU", 1990, 0.89],
        ["PSG", 2010, 0.1],
    ]
    assert release.skipped == {
        "continent": 1,
        "country-years before 1990": 1,
        "row without a code, a group of countries": 1,
    }


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("Namibia,NAM,2024,1.7,Africa", "must lie between 0 and 1"),
        ("Namibia,NAM,2024,NA,Africa", "an empty cell is a missing figure"),
        ("Namibia,MEX,2024,0.7,Africa", "must be the name of its code, MEX, Mexico"),
        ("Atlantis,OWID_ATL,2024,0.7,", "must be a code the register knows"),
        ("Chad,TCD,2024,0.8,Africa", "must be the only row for it"),
    ],
)
def test_wrong_rows_are_refused(tmp_path, row, rule):
    path = made(tmp_path, "Chad,TCD,2024,0.3,Africa", row)
    with pytest.raises(DataError, match=rule):
        owid.read([path], "electoral-democracy-index-2024")


def test_another_chart_is_not_taken(tmp_path):
    path = made(tmp_path, "Namibia,NAM,2024,7,", header="Entity,Code,Year,Happiness,Region")
    assert owid.recognise(path, Head(path)) is None


def test_it_is_a_source_of_its_own_with_licence_and_processing_named(tmp_path):
    source = build.import_release([made(tmp_path, "Namibia,NAM,2024,0.7,Africa")]).source
    assert source.id == "owid-electoral-democracy-index-2024" and source.family == "owid"
    assert [sheet.id for sheet in source.series.values()] == ["owid.electoral_democracy"]
    assert "Our World in Data" in source.licence and "CC BY-SA 4.0 (V-Dem Institute)" in source.licence


CHARTS = {
    "electoral-democracy-index": "polyarchy",
    "political-corruption-index": "political_corruption",
    "political-regime": "regime",
}


@pytest.mark.parametrize("slug", CHARTS)
def test_the_real_charts_are_v_dems_version_16(releases, slug):
    path = releases / "owid" / f"{slug}.csv"
    theirs = CHARTS[slug]
    values = owid.read([path], f"{slug}-2025").values.set_index(["iso3", "year"]).value
    official = vdem.read([releases / "vdem" / "V-Dem-CY-v16-selection-without-bounds.csv"], "v16").values
    official = official[official.series == theirs].set_index(["iso3", "year"]).value
    both = pd.concat([values, official.astype(float)], axis=1, join="inner")
    assert len(both) > 6000 and float((both.iloc[:, 0] - both.iloc[:, 1]).abs().max()) < 0.0011
