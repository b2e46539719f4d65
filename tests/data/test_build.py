"""Building: publishers' files to sources; the same bytes, all or nothing, nothing wrong let in."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from eligibility.data import build, compiled, intake, sources
from eligibility.data.readers.release import Release
from eligibility.errors import DataError, UsageError
from eligibility.resources import shipped

HEADER = "country_text_id,year,v2x_polyarchy,v2x_corr"


def vdem(folder: Path, rows: str, name: str = "V-Dem-CY-v16.csv", header: str = HEADER) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"{header}\n{rows}", encoding="utf-8")
    return path


def bring(path: Path, **more: str) -> sources.Source:
    """A small file imported: it holds a part of what ships, and the gate would refuse it for that."""
    return build.import_release([path], accept=intake.RULES, **more).source


def many(direction: int, rows: int = 150) -> str:
    """Rows in which corruption falls with democracy (-1) or rises with it (+1)."""
    rng, said = random.Random(3), []
    for number in range(rows):
        democracy = rng.uniform(0.2, 0.8)
        corruption = 0.5 + direction * (democracy - 0.5) + rng.uniform(-0.1, 0.1)
        said.append(
            f"{('MEX', 'NAM', 'TUN', 'UKR', 'MWI')[number % 5]},{1990 + number // 5},{democracy:.3f},{corruption:.3f}"
        )
    return "\n".join(said) + "\n"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_build_makes_a_source_and_says_what_it_passed_over(tmp_path: Path):
    vdem(tmp_path / "in" / "deep", "NAM,1989,0.1,0.9\nNAM,2000,0.6,0.3\nMEX,2001,0.5,\n")
    vdem(tmp_path / "in", "NAM,2000,0.6,0.3\n", "vdem.csv")
    (tmp_path / "in" / "notes.txt").write_text("hello", encoding="utf-8")
    built = build.build(tmp_path / "in", tmp_path / "out")
    assert built.found == {"vdem-v16": ("V-Dem-CY-v16.csv",)}
    assert set(built.unknown) == {"notes.txt", "vdem.csv"}
    assert "does not tell its vintage" in built.unknown["vdem.csv"]
    assert {"vdem-v14", "vdem-v15", "wgi-2024"} <= set(built.missing)
    source = built.made[0]
    assert source.values["rows"] == 2
    assert source.values["years"] == [2000, 2001]
    assert source.left_out == {"country-years before 1990": 1}
    assert (source.path / "values.csv").read_bytes() == (
        b"iso3,year,polyarchy,political_corruption\nMEX,2001,0.5,\nNAM,2000,0.6,0.3\n"
    )
    assert build.verify(built.made) == ()
    names = ["vdem-v16/origins.csv", "vdem-v16/source.yaml", "vdem-v16/values.csv"]
    assert sorted(contents(tmp_path / "out")) == ["SHA256SUMS", *names]
    sums = (tmp_path / "out" / "SHA256SUMS").read_text(encoding="utf-8")
    assert [line.partition("  ")[2] for line in sums.splitlines()] == names


def test_two_builds_give_the_same_bytes_whatever_the_order_of_rows(tmp_path: Path):
    rows = many(-1).splitlines()
    vdem(tmp_path / "in", "\n".join(rows) + "\n")
    build.build(tmp_path / "in", tmp_path / "a")
    before = (tmp_path / "a" / "vdem-v16" / "values.csv").stat().st_mtime_ns
    build.build(tmp_path / "in", tmp_path / "a")
    assert (tmp_path / "a" / "vdem-v16" / "values.csv").stat().st_mtime_ns == before
    build.build(tmp_path / "in", tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    random.Random(5).shuffle(rows)
    vdem(tmp_path / "shuffled", "\n".join(rows) + "\n")
    build.build(tmp_path / "shuffled", tmp_path / "c")
    assert contents(tmp_path / "c")["vdem-v16/values.csv"] == contents(tmp_path / "a")["vdem-v16/values.csv"]


def test_a_year_after_the_release_is_refused_where_its_day_is_on_file(tmp_path: Path):
    vdem(tmp_path / "in", "NAM,2024,0.6,0.3\n", "V-Dem-CY-v14.csv")  # came out on 7 March 2024
    made = build.build(tmp_path / "in", tmp_path / "out", ("last-year",)).made  # which edition v14 has not
    assert made[0].values["years"] == [2024, 2024]
    vdem(tmp_path / "later", "NAM,2024,0.6,0.3\nNAM,2025,0.6,0.3\n", "V-Dem-CY-v14.csv")
    with pytest.raises(DataError) as caught:
        build.build(tmp_path / "later", tmp_path / "other")
    assert [str(problem) for problem in caught.value.problems] == [
        f"V-Dem-CY-v14.csv: series '{name}', NAM 2025: must not lie after the release, which came out on 2024-03-07 "
        "(got 2025)"
        for name in ("polyarchy", "political_corruption")
    ]
    assert not (tmp_path / "other").exists()


def test_a_source_without_intervals_is_modelled_and_with_them_published(tmp_path: Path):
    vdem(tmp_path / "in", "NAM,2000,0.6,0.3\n")
    vdem(
        tmp_path / "with", "NAM,2000,0.6,0.04\n", header="country_text_id,year,v2x_polyarchy,v2x_polyarchy_sd"
    )
    plain = build.build(tmp_path / "in", tmp_path / "a").made[0].series
    given = build.build(tmp_path / "with", tmp_path / "b").made[0].series
    assert (plain["polyarchy"].sd_kind, plain["polyarchy"].sd_formula) == ("modelled", "power")
    assert (plain["political_corruption"].sd_kind, plain["political_corruption"].sd_formula) == (
        "modelled",
        "probit",
    )
    # the model stays for cells for which the publisher gives nothing
    assert (given["polyarchy"].sd_kind, given["polyarchy"].sd_formula) == ("published", "power")


def test_a_class_without_the_index_it_follows_has_no_uncertainty(tmp_path: Path):
    vdem(tmp_path / "in", "NAM,2000,2\n", header="country_text_id,year,v2x_regime")
    series = build.build(tmp_path / "in", tmp_path / "out").made[0].series["regime"]
    assert (series.sd_kind, series.follows) == ("none", "")


def test_a_reversed_scale_is_refused(tmp_path: Path):
    vdem(tmp_path / "in", many(-1))
    build.build(tmp_path / "in", tmp_path / "out")
    vdem(tmp_path / "in", many(+1))
    with pytest.raises(DataError) as caught:
        build.build(tmp_path / "in", tmp_path / "other")
    assert "series 'political_corruption': its correlation with 'polyarchy' must have the sign -" in str(
        caught.value
    )
    assert not (tmp_path / "other").exists()


def test_one_bad_file_and_nothing_is_written(tmp_path: Path):
    vdem(tmp_path / "in", "NAM,2000,0.6,0.3\n")
    vdem(tmp_path / "in", "NAM,2000,1.6,0.3\nMEX,20,0.5,0.5\n", "V-Dem-CY-v17.csv")
    with pytest.raises(DataError, match=r"V-Dem-CY-v17.csv:3: column 'year'"):
        build.build(tmp_path / "in", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def long(**changes: object) -> Release:
    row = {"iso3": "NAM", "year": 2000, "series": "polyarchy", "value": 0.5, "sd": 0.1, **changes}
    return Release(
        pd.DataFrame([{**row, "iso3": "MEX", "value": 0.4, "series": "polyarchy", "sd": 0.1}, row]), ()
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"iso3": "MEX"}, "vdem-v16: series 'polyarchy', MEX 2000: must be given once"),
        ({"value": 1.5}, "series 'polyarchy', NAM 2000: must lie between 0 and 1 (got 1.5)"),
        ({"sd": -0.1}, "series 'polyarchy', NAM 2000: standard error must not be negative (got -0.1)"),
        (
            {"series": "regime", "value": 1.5},
            "series 'regime', NAM 2000: must be one of 0, 1, 2, 3 (got 1.5)",
        ),
        ({"series": "polyarki"}, "series: must be in the publisher's sheet (got polyarki)"),
    ],
)
def test_what_a_sheet_does_not_allow_is_refused_even_if_a_reader_let_it_pass(
    changes: dict[str, object], says: str
):
    with pytest.raises(DataError) as caught:
        compiled.compile_release(long(**changes), "vdem", "v16")
    assert says in str(caught.value)


@pytest.mark.parametrize("vintage", ["../v16", "V16", "v 16", "", ".", "v16/..", "x" * 80])
def test_a_vintage_cannot_name_another_folder(vintage: str):
    with pytest.raises(DataError, match="vintage"):
        compiled.source_name("vdem", vintage)


def test_figures_keep_ten_digits_and_no_more():
    frame = pd.DataFrame(
        {"x": [1.0, 1 / 3, -1.291704773902893, float("nan"), 65712.0, 1e-9, 120000000000.0]},
        index=pd.MultiIndex.from_product([["NAM"], range(2000, 2007)], names=["iso3", "year"]),
    )
    figures = [line.split(",")[2] for line in compiled.values_text(frame).splitlines()[1:]]
    assert figures == ["1", "0.3333333333", "-1.291704774", "", "65712", "1e-09", "120000000000"]


def test_an_import_goes_to_the_users_folder(tmp_path: Path, own_folder: Path):
    path = vdem(tmp_path, "NAM,2000,0.6,0.3\n", "V-Dem-CY-v17.csv")
    source = bring(path)
    assert source.path == own_folder / "vdem-v17"
    assert "reckoned" in source.notes[-1]
    assert source.released.isoformat() == "2001-03-31"
    assert "vdem-v17" in {one.id for one in sources.shelf() if not one.shipped}


def test_an_import_may_be_told_its_vintage(tmp_path: Path):
    path = vdem(tmp_path, "NAM,2000,0.6,0.3\n", "vdem.csv")
    with pytest.raises(UsageError, match="cannot be told from this vdem file's name"):
        bring(path)
    assert bring(path, vintage="v16").id == "vdem-v16"


def test_an_import_that_would_hide_series_is_refused(tmp_path: Path):
    path = vdem(tmp_path, "NAM,2000,0.6,0.3\n", "V-Dem-CY-v15.csv")
    with pytest.raises(UsageError, match=r"must hold every series of vdem-v15.*lacks regime"):
        build.import_release([path])


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.txt"])
def test_what_no_reader_knows_is_not_imported(tmp_path: Path, name: str):
    path = tmp_path / name
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=name):
        build.import_release([path])


def test_a_file_that_is_not_there_is_not_imported(tmp_path: Path):
    with pytest.raises(DataError, match="must be a regular file that is there"):
        build.import_release([tmp_path / "absent.csv"])


def test_a_newer_file_takes_the_place_of_an_older(tmp_path: Path):
    bring(vdem(tmp_path, "NAM,2000,0.6,0.3\n"))
    source = bring(vdem(tmp_path, "NAM,2000,0.7,0.3\n"))
    assert sources.table(source).loc[("NAM", 2000), "polyarchy"] == 0.7
    assert [path.name for path in source.path.parent.iterdir()] == ["vdem-v16"]


def test_a_write_that_fails_leaves_the_old_source_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source = bring(vdem(tmp_path, "NAM,2000,0.6,0.3\n"))
    before = contents(source.path.parent)
    path = vdem(tmp_path, "NAM,2000,0.7,0.3\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for step in ("fsync", "rename"):
        with monkeypatch.context() as patch:
            patch.setattr(f"os.{step}", full)
            with pytest.raises(OSError, match="No space"):
                bring(path)
        assert contents(source.path.parent) == before


def test_verify_names_what_differs(tmp_path: Path):
    source = bring(vdem(tmp_path, "NAM,2000,0.6,0.3\nMEX,2000,0.5,0.4\n"))
    assert build.verify([source]) == ()
    values = source.path / "values.csv"
    values.write_text(values.read_text(encoding="utf-8").replace("0.6", "0.9"), encoding="utf-8")
    assert "vdem-v16/values.csv: checksum" in build.verify([source])[0]


def test_what_ships_verifies():
    assert build.verify(sources.held(shipped("datasets"))) == ()


# ── The day a release came out ───────────────────────────────────────────────────────────────────────────────────

TODAY = date(2026, 11, 29)


def came_out(family: str, vintage: str, year: int, said: date | None = None, today: date | None = TODAY):
    """The release day and its note of a release with one figure of this year."""
    name = {"wb": "gni_per_capita", "undp": "hdi", "wgi": "rule_of_law", "vdem": "polyarchy"}[family]
    name = "income_class" if "fy" in vintage else name
    long = pd.DataFrame(
        {"iso3": ["TUN"], "year": [year], "series": [name], "value": [0.5], "sd": [float("nan")]}
    )
    return compiled.release_day(
        Release(long, (Path("given.csv"),), released=said), family, vintage, long, today
    )


@pytest.mark.parametrize(
    ("family", "vintage", "year", "said", "day", "how"),
    [
        ("wb", "wdi-2026-09", 2024, date(2026, 9, 24), date(2026, 9, 24), "the publisher's file gives"),
        ("wb", "wdi-2023-10", 2022, date(2023, 10, 26), date(2023, 10, 26), ""),  # the file and the sheet
        ("undp", "hdr2025", 2023, None, date(2025, 5, 6), ""),  # the sheet
        ("wb", "wdi-2026-03", 2024, None, date(2026, 3, 31), "last day of its month"),
        ("wb", "wdi-2026-11", 2025, None, TODAY, "last day of its month"),  # never after the day of import
        ("wb", "class-fy28", 2026, None, date(2027, 7, 1), "reckoned"),  # not before the edition
        ("undp", "hdr2024", 2020, None, date(2024, 1, 1), "reckoned"),
        ("vdem", "v99", 2020, None, date(2021, 3, 31), "reckoned"),
    ],
)
def test_the_day_of_release_is_the_files_the_sheets_or_the_months(family, vintage, year, said, day, how):
    today = None if "fy28" in vintage else TODAY
    found, note = came_out(family, vintage, year, said, today)
    assert found == day and how in note and bool(how) == bool(note)


def test_a_reckoned_day_is_never_after_the_day_of_import():
    assert came_out("wgi", "2026", 2026, None, TODAY)[0] == TODAY
    assert came_out("wgi", "2026", 2026, None, None)[0] == date(2027, 9, 30)


def test_an_edition_that_has_not_begun_is_refused():
    with pytest.raises(DataError, match="vintage: must not lie after today, 2026-11-29"):
        came_out("wgi", "2031", 2024)


def test_figures_after_the_day_of_a_month_are_refused(tmp_path: Path):
    text = "Country Name,Country Code,Indicator Name,Indicator Code,2024,2027\nTunisia,TUN,x,NY.GNP.PCAP.CD,40,39\n"
    (tmp_path / "WDICSV-2026-03.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="must not lie after the release, which came out on 2026-03-31"):
        build.import_release([tmp_path / "WDICSV-2026-03.csv"])
