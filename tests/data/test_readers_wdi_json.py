"""The World Bank's service: pages of JSON with the World Development Indicators."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from eligibility.data import build, sources
from eligibility.data.readers import Head, series_of, worldbank
from eligibility.data.readers.whose import whose
from eligibility.errors import DataError, InputError
from eligibility.resources import shipped

GNI = "NY.GNP.PCAP.CD"


def row(code: str, name: str, year: object, value: object, indicator: str = GNI, **more) -> dict:
    """One row as the service writes it."""
    return {
        "indicator": {"id": indicator, "value": "as it calls it"},
        "country": {"id": code[:2], "value": name},
        "countryiso3code": code,
        "date": str(year),
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
        **more,
    }


def page(folder: Path, rows: list, name: str = "WDI-x.json", **head) -> Path:
    """A page of the service with these rows."""
    said = {"page": 1, "pages": 1, "per_page": 20000, "total": len(rows), "sourceid": "2"}
    path = folder / name
    path.write_text(json.dumps([{**said, "lastupdated": "2026-09-24", **head}, rows]), encoding="utf-8")
    return path


ROWS = [
    row("AFE", "Africa Eastern and Southern", 2024, 1500.5),
    row("", "High income", 2024, 48000),
    row("TUN", "Tunisia", 2024, 3830),
    row("TUN", "Tunisia", 2023, None),
    row("TUN", "Tunisia", 1989, 1200),
    row("XKX", "Kosovo", 2024, 6390.125),
    row("NAM", "Namibia", 2024, 4.7e3),
]


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        worldbank.read([path], "wdi-2026-09")
    return str(caught.value)


def test_a_page_is_known_and_read(tmp_path):
    path = page(tmp_path, ROWS)
    it = whose(path)
    assert (it.family, it.vintage) == ("wb", "wdi-2026-09")
    release = worldbank.read([path], "wdi-2026-09")
    found = {(r.iso3, r.year): r.value for r in release.values.itertuples()}
    assert found == {("TUN", 2024): 3830.0, ("XKX", 2024): 6390.125, ("NAM", 2024): 4700.0}
    assert set(release.values["series"]) == {"gni_per_capita"} and release.values["sd"].isna().all()
    assert release.skipped == {"World Bank aggregate": 2, "country-years before 1990": 1}
    assert release.released == date(2026, 9, 24)


def test_pages_of_several_indicators_are_one_release(tmp_path, own_folder):
    paths = [page(tmp_path, ROWS, "a.json")]
    paths.append(page(tmp_path, [row("TUN", "Tunisia", 2024, 12_277_109, "SP.POP.TOTL")], "b.json"))
    release = worldbank.read(paths, "wdi-2026-09")
    assert set(release.values["series"]) == {"gni_per_capita", "population"}
    later = page(tmp_path, ROWS, "later.json", lastupdated="2026-10-01")
    with pytest.raises(InputError, match="must be one release"):
        build.import_release([paths[1], later])


def test_what_ships_of_the_bank_reads_the_same_from_its_service(tmp_path, own_folder):
    source = sources.sheet(shipped("datasets") / "wb-wdi-2025-12")
    table, names = sources.table(source), ("health_spending", "under5_mortality")
    codes = {name: entry["publisher_code"] for name, entry in series_of("wb", "wdi-2025-12").items()}
    paths = [
        page(
            tmp_path,
            [row(iso3, "", year, value, codes[name]) for (iso3, year), value in table[name].dropna().items()],
            f"{name}.json",
        )
        for name in names
    ]
    made = build.import_release(paths).source
    assert made.id == "wb-wdi-2026-09" and made.released == date(2026, 9, 24)
    assert sorted(made.series) == sorted(names)
    there = sources.table(made)
    for name in names:
        assert there[name].dropna().equals(table[name].dropna().rename(name))


@pytest.mark.parametrize(
    "rows, head, said",
    [
        (ROWS, {"pages": 2}, "must hold every row"),
        (ROWS, {"total": 17556}, "7 of 17556 rows"),
        (ROWS, {"lastupdated": "September"}, "must be a page of the World Bank's service"),
        ([row("QQQ", "Nowhere", 2024, 1)], {}, "QQQ"),
        ([row("TUN", "Namibia", 2024, 1)], {}, "must be the name of its code"),
        ([row("", "Tunisia", 2024, 1)], {}, "must be given for a country, TUN"),
        ([row("TUN", "Tunisia", "2024Q1", 1)], {}, "must be a year"),
        ([row("TUN", "Tunisia", 2024, "n/a")], {}, "must be a plain decimal number"),
        ([row("TUN", "Tunisia", 2024, True)], {}, "must give country, date, value and indicator"),
        ([row("TUN", "Tunisia", 2024, float("nan"))], {}, "must give country, date, value and indicator"),
        ([row("TUN", "Tunisia", 2024, -1)], {}, "gni_per_capita must lie between"),
        ([row("TUN", "Tunisia", 2024, 1), row("TUN", "Tunisia", 2024, 2)], {}, "must be the only row"),
        ([{"date": "2024"}], {}, "must give country, date, value and indicator"),
        (["x"], {}, "must give country, date, value and indicator"),
        ([row("TUN", "Tunisia", 2024, 1, "XX.YY")], {}, "must be an indicator that is read (got XX.YY)"),
        ([], {}, "must be an indicator that is read (got none)"),
    ],
)
def test_a_page_that_is_not_right_is_refused(tmp_path, rows, head, said):
    assert said in refused(page(tmp_path, rows, **head))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"lastupdated": ', "must be a page of the World Bank's service"),
        ('[{"lastupdated": ' + "[" * 60_000, "must be a page of the World Bank's service"),
        ('[{"lastupdated": "2026-09-24"}]', "must be a page of the World Bank's service"),
        ('[{"pages": 1, "total": 1, "lastupdated": "2026-09-24"}, true]', "0 of 1 rows"),
    ],
)
def test_what_is_no_page_is_refused(tmp_path, text, said):
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    assert said in refused(path)
    with pytest.raises(DataError):
        whose(path)


def test_a_page_larger_than_any_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("eligibility.data.readers.wdi_json.LARGEST", 100)
    assert "at most 100 bytes (got more)" in refused(page(tmp_path, ROWS))


def test_what_the_service_says_in_place_of_figures_is_told(tmp_path):
    path = tmp_path / "no.json"
    path.write_text('[{"message":[{"id":"120","key":"Invalid value","value":"The parameter is not valid"}]}]')
    with pytest.raises(DataError, match=r"JSON that says 'The parameter is not valid'"):
        whose(path)


def test_the_month_of_the_page_is_the_vintage(tmp_path):
    path = page(tmp_path, ROWS)
    assert worldbank.recognise(path, Head(path)) == "wdi-2026-09"
    with pytest.raises(DataError, match="must be wdi-2026-09"):
        worldbank.read([path], "wdi-2026-08")
