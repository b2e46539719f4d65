"""Where a figure stands: the row and column on file hold the figure, in the publisher's own file."""

from __future__ import annotations

import csv
import hashlib
import random
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from eligibility.data import build, intake, origins, own, sources
from eligibility.errors import DataError, IntegrityError
from eligibility.resources import shipped

EACH = 8  # figures looked up a source
LABELS = {
    "income_class": "L|Low_income LM|Lower_middle_income UM|Upper_middle_income H|High_income",
    "lending_category": "IBRD Blend IDA",
}


def held():
    return [one for one in sources.held(shipped("datasets")) if not one.dated]


def long(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["iso3", "year", "series", *origins.PLACE])


def kept(tmp_path, frame, files=None) -> origins.Origins:
    """What is read back of what was written for these rows."""
    content, said = origins.made(frame, files or {"a.csv": "a.csv", "b.xlsx": "b.xlsx"})
    (tmp_path / origins.ORIGINS).write_bytes(content)
    return origins.read(replace(held()[0], path=tmp_path, origins=said))


def test_every_figure_that_ships_has_its_row():
    for source in held():
        assert source.origins, source.id
        assert origins.gaps(source, sources.table(source)) == 0, source.id


@pytest.mark.filterwarnings(
    "ignore:Unknown extension is not supported:UserWarning"
)  # openpyxl of a publisher's
def test_the_cells_of_the_publishers_files_hold_the_figures(releases):
    """Read with other means than the readers': csv and openpyxl, by row number and title or by row and sheet."""
    by_sum = {hashlib.sha256(p.read_bytes()).hexdigest(): p for p in releases.rglob("*") if p.is_file()}
    rng, looked, books = random.Random(7), 0, {}
    for source in held():
        where, table = origins.read(source), sources.table(source)
        cells = [(s, *key) for s in source.series for key in table.index[table[s].notna()]]
        wanted: dict = {}
        for series, iso3, year in rng.sample(cells, min(EACH, len(cells))):
            at = where.of(series, iso3, int(year))
            (sha,) = [file["sha256"] for file in source.files if file["name"] == at.file][:1]
            wanted.setdefault(by_sum[sha], []).append(
                (series, table.at[(iso3, year), series], at, iso3, year)
            )
        for path, figures in wanted.items():
            if path.suffix == ".xlsx" and path.stat().st_size > 1_500_000:
                continue  # of the five workbooks of the WGI one: openpyxl takes long for each
            for series, value, at, iso3, year in figures:
                if path.suffix == ".xlsx":
                    if path not in books:
                        with path.open("rb") as file:
                            books[path] = openpyxl.load_workbook(file, data_only=True)
                    book = books[path]
                    sheet = book[at.table[7:-1]] if at.table else book.worksheets[0]
                    row = [cell.value for cell in sheet[at.row]]
                else:
                    row = [_cell(path, at)]
                if series in LABELS and path.suffix == ".xlsx":
                    words = LABELS[series].split()[int(value)].replace("_", " ").split("|")
                    assert set(words) & set(row), (source.id, iso3, year, at, value)
                else:
                    assert any(_equal(cell, value) for cell in row), (source.id, iso3, year, at, value)
                looked += 1
    assert looked >= 100


def _cell(path, at: origins.Origin) -> str:
    """The cell of a text file by the number of its line and the title of its column."""
    with path.open(newline="", encoding="latin-1") as file:
        rows, header = csv.reader(file), None
        for row in rows:
            header = header or (row if at.column in row else None)
            if rows.line_num == at.row:
                return row[header.index(at.column)]
    raise AssertionError(at)


def _equal(cell: object, value: float) -> bool:
    try:
        return abs(float(cell) - value) <= 1e-9 * max(1, abs(value))
    except (TypeError, ValueError):
        return False


def test_rows_that_share_a_line_and_rows_that_do_not(tmp_path):
    """Series in one row are one place; others of the same table another; gaps and other steps end a stretch."""
    rows = [("AFG", 2000 + n, s, "a.csv", 10 + n, s) for n in range(5) for s in ("x", "y")]
    rows += [("AFG", 2000 + n, "z", "a.csv", 90 - 3 * n, "z") for n in range(5)]
    rows += [
        ("TUN", year, "x", "a.csv", line, "x") for year, line in ((1996, 5), (1998, 6), (2002, 8), (2003, 20))
    ]
    back = kept(tmp_path, long(*rows))
    assert [place["columns"] for place in back.places] == [{"x": "x", "y": "y"}, {"z": "z"}]
    for iso3, year, series, _, line, column in rows:
        assert back.of(series, iso3, year) == origins.Origin("a.csv", "", line, column)
    assert back.of("z", "TUN", 2003) is None
    assert back.of("x", "TUN", 1999) is None  # no whole row lies there


def test_a_stretch_does_not_span_what_another_sheet_holds(tmp_path):
    rows = [("HKG", year, "x", "b.xlsx, sheet 'A'", 7, f"x {year}") for year in (2000, 2002)]
    rows += [("HKG", 2001, "x", "b.xlsx, sheet 'B'", 3, "x 2001")]
    back = kept(tmp_path, long(*rows))
    assert str(back.of("x", "HKG", 2001)) == "sheet 'B', row 3, column 'x 2001'"
    assert str(back.of("x", "HKG", 2002)) == "sheet 'A', row 7, column 'x 2002'"


def test_a_table_inside_an_archive_and_titles_that_follow_no_rule(tmp_path):
    rows = [("TUN", 2000, "x", "a.csv", 4, "first"), ("TUN", 2001, "x", "a.csv", 4, "second")]
    back = kept(tmp_path, long(*rows, ("TUN", 2001, "made", "a.csv", 0, "")), {"a.csv": "all.zip"})
    assert str(back.of("x", "TUN", 2001)) == "a.csv, line 4, column 'second'"
    assert back.of("x", "TUN", 2001).file == "all.zip"
    assert back.of("made", "TUN", 2001) is None


@pytest.mark.parametrize("line", ["2,MEX,2020,2021,2,3", "1,MEX,2020,9999999999,2,3", "1,MEX,2020,2021,2"])
def test_what_is_no_run_is_refused_though_the_checksum_holds(tmp_path, line):
    content = f"place,iso3,first,last,row,to\n{line}\n".encode()
    (tmp_path / origins.ORIGINS).write_bytes(content)
    said = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "places": [{"file": "a.csv", "columns": {"x": "x"}}],
    }
    with pytest.raises(DataError, match=r"origins\.csv: rows: must be those of a compiled table"):
        origins.read(replace(held()[0], path=tmp_path, origins=said))


def test_a_changed_file_is_told(tmp_path):
    name = "V-Dem-CY-v16.csv"
    (tmp_path / name).write_text("country_text_id,year,v2x_polyarchy\nMEX,2020,0.5\nMEX,2021,0.6\n")
    source = build.import_release([tmp_path / name], folder=tmp_path / "mine", accept=intake.RULES).source
    assert str(origins.read(source).of("polyarchy", "MEX", 2021)) == "line 3, column 'v2x_polyarchy'"
    assert build.verify([source]) == ()
    path = source.path / origins.ORIGINS
    whole = path.read_bytes()
    for content, why in (
        (whole.replace(b"\n", b"\r\n"), "only its line ends were changed, to CRLF"),
        (whole.replace(b",2,3", b",2,4"), "the file was changed after it was compiled"),
    ):
        path.write_bytes(content)
        with pytest.raises(IntegrityError, match=f"checksum: .*; {why}"):
            origins.read(source)
    assert any("origins.csv" in told for told in build.verify([source]))


@pytest.mark.parametrize("text", ["iso3,year,value\nTUN,2020,3\n", "iso3,2020\nTUN,3\n"])
def test_a_series_of_ones_own_has_its_rows_too(tmp_path, text):
    (tmp_path / "visits.csv").write_text(text)
    meaning = own.Meaning("embassy.visits", "Visits", "high", 0, 10)
    source = build.import_own(tmp_path / "visits.csv", meaning, tmp_path / "mine")
    assert origins.read(source).of("visits", "TUN", 2020).row == 2
