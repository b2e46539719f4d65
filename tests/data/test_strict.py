"""Strict reading: what is accepted, and that everything else is refused with its place."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from workbooks import workbook

from eligibility.data.readers import Head, grids, packed, strict
from eligibility.errors import DataError


def written(folder: Path, content: str | bytes, name: str = "made.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(call, *says: str) -> DataError:
    with pytest.raises(DataError) as caught:
        call()
    for text in says:
        assert text in str(caught.value)
    return caught.value


# ── numbers and years ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-1.481", -1.481),
        ("+2", 2),
        (".5", 0.5),
        ("7.", 7),
        ("1e-3", 0.001),
        ("2.5E+2", 250),
        ("007", 7),
    ],
)
def test_a_plain_decimal_is_a_number(text: str, value: float):
    assert strict.number(text) == value


BAD_NUMBERS = """
1e400|-1e400|inf|-inf|Infinity|nan|NaN|NA|N/A|null|None|1,234|1.234,5|5%|0x10|0b1|1_000|١٢|１２|½|1/2|--|-|+|.|e5|1e|1e+|
1.2.3|--1|+-1|$5|1\u00a0000|1\u2009000|−1|1d3|1f|#N/A|..|…|?|TRUE|12:30|2016-01-01|1E5E5|0.1a|a0.1|1²| 1|1 |\t1||1 000|1\x00
""".replace("\n", "")  # fmt: skip


@pytest.mark.parametrize("text", [*BAD_NUMBERS.split("|"), "1\n"])
def test_anything_else_is_not(text: str):
    with pytest.raises(ValueError, match="a plain decimal number|a finite number"):
        strict.number(text)


def test_no_mutated_number_is_read_as_another():
    rng = random.Random(20)
    for _ in range(500):
        text = list(f"{rng.uniform(-1000, 1000):.4f}")
        text.insert(rng.randrange(len(text) + 1), rng.choice(",_ %x'\u0660\u200bO"))
        with pytest.raises(ValueError, match="decimal"):
            strict.number("".join(text))


@pytest.mark.parametrize(
    "text", ["2015.5", "15", "1899", "2101", "20150", "2015.0", " 2015", "MMXV", "٢٠١٥", "", "2e3"]
)
def test_a_year_is_four_digits(text: str):
    with pytest.raises(ValueError, match="a year"):
        strict.year(text)


def test_a_publisher_may_write_years_with_a_point_but_not_with_a_fraction():
    assert strict.year("1970.0", decimal=True) == 1970
    with pytest.raises(ValueError, match="a year"):
        strict.year("1970.5", decimal=True)


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_table_is_the_wanted_columns_with_the_row_each_cell_came_from(tmp_path: Path):
    path = written(tmp_path, 'a,b,c\n1,"x\ny",3\n4,NA,6\n')
    table = strict.read_csv(path, ["a", "b"], optional=["c", "d"])
    assert table.text == {"a": ["1", "4"], "b": ["x\ny", "NA"], "c": ["3", "6"]}
    assert table.line == [3, 4]


@pytest.mark.parametrize(
    "code", ["NA", "NULL", "None", "nan", "N/A", "NAM", "-", "#N/A", "null", "NaN", "n/a", "true"]
)
def test_only_an_empty_cell_is_missing(tmp_path: Path, code: str):
    table = strict.read_csv(written(tmp_path, f"code,x\n{code},\n"), ["code", "x"])
    assert table.text["code"] == [code]
    assert table.numbers("x")[0] != table.numbers("x")[0]


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path):
    table = strict.read_csv(written(tmp_path, b"\xef\xbb\xbfcode,x\r\nNAM,1\r\n"), ["code"])
    assert table.text["code"] == ["NAM"]


def test_ragged_rows_are_refused_with_their_place(tmp_path: Path):
    path = written(tmp_path, "a,b\n1,2\n3\n4,5,6\n")
    refused(
        strict.read_csv(path, ["a"]).check,
        "made.csv:3: row: must have 2 cells (got 1)",
        "made.csv:4: row: must have 2 cells (got 3)",
    )


def test_an_empty_line_may_only_end_the_file(tmp_path: Path):
    strict.read_csv(written(tmp_path, "a,b\n1,2\n\n\n"), ["a"]).check()
    refused(
        strict.read_csv(written(tmp_path, "a,b\n\n1,2\n"), ["a"]).check, "made.csv:2: row: must not be empty"
    )


def test_a_column_that_is_missing_or_double_is_refused_with_a_hint(tmp_path: Path):
    path = written(tmp_path, "iso3,yaer,x,x\nAFG,2000,1,2\n")
    refused(
        lambda: strict.read_csv(path, ["iso3", "year"]),
        "made.csv:1: column 'x': must be there once",
        "made.csv:1: column 'year': must be there; did you mean 'yaer'?",
    )


def test_an_empty_file_lacks_its_columns(tmp_path: Path):
    refused(lambda: strict.read_csv(written(tmp_path, ""), ["a"]), "column 'a': must be there")


@pytest.mark.parametrize("content", ['a,b\n"x"y,2\n', 'a,b\n"x,2\n'])
def test_broken_quotes_are_refused(tmp_path: Path, content: str):
    refused(lambda: strict.read_csv(written(tmp_path, content), ["a"]), "must be well-formed CSV")


def test_a_file_in_another_encoding_is_refused_with_its_line_and_a_guess(tmp_path: Path):
    content = "name,x\nKenya,1\nCôte d’Ivoire,2\n"
    refused(
        lambda: strict.read_csv(written(tmp_path, content.encode("cp1252")), ["name"]),
        "made.csv:3: row: must be utf-8",
        "Windows-1252",
    )
    refused(
        lambda: strict.read_csv(written(tmp_path, content.encode("utf-16")), ["name"]), "looks like UTF-16"
    )


def test_latin_1_is_read_only_where_the_reader_says_so(tmp_path: Path):
    path = written(tmp_path, "name,x\nCôte,2\n".encode("latin-1"))
    assert strict.read_csv(path, ["name"], encoding="latin-1").text["name"] == ["Côte"]


def test_every_problem_is_told_at_once_with_its_cell(tmp_path: Path):
    path = written(tmp_path, "iso3,year,x\nAFG,2000,0.5\nALB,200,1.5\nDZA,2000,5%\nAFG,2000,0.1\n")
    table = strict.read_csv(path, ["iso3", "year", "x"])
    years = table.years("year")
    table.numbers("x", lo=0, hi=1)
    table.once("iso3", table.text["iso3"], years.tolist())
    error = refused(
        table.check,
        "made.csv:3: column 'year': must be a year from 1900 to 2100, in four digits (got 200)",
        "made.csv:3: column 'x': must lie between 0 and 1 (got 1.5)",
        "made.csv:4: column 'x': must be a plain decimal number (got 5%)",
        "made.csv:5: column 'iso3': must be the only row for it; row 2 has it too (got AFG 2000)",
    )
    assert len(error.problems) == 4


def test_an_unknown_code_is_refused_and_a_listed_aggregate_is_none(tmp_path: Path):
    table = strict.read_csv(written(tmp_path, "code\nROM\nWLD\nQQQ\n"), ["code"])
    assert table.countries("code", "wb")[1] is None
    refused(table.check, "made.csv:4: column 'code'", "(got QQQ)")


def test_reading_stops_when_nothing_fits(tmp_path: Path):
    path = written(tmp_path, "x\n" + "no\n" * 5_000)
    table = strict.read_csv(path, ["x"])
    error = refused(lambda: table.numbers("x"), "... and 490 more problems")
    assert len(error.problems) == strict.MOST_PROBLEMS
    assert len(str(error)) < 2_000


def test_rows_let_go_leave_the_places_of_the_others(tmp_path: Path):
    table = strict.read_csv(written(tmp_path, "x\n1\nno\n3\n"), ["x"])
    table.keep([False, True, True])
    table.numbers("x")
    refused(table.check, "made.csv:3")


def test_a_line_without_end_is_refused(tmp_path: Path):
    path = tmp_path / "endless.csv"
    with open(path, "wb") as content:
        content.truncate(64 << 20)
    refused(lambda: strict.read_csv(path, ["a"]), "endless.csv")


def test_pipes_folders_and_missing_files_are_refused(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.csv")
    refused(lambda: strict.read_csv(tmp_path / "pipe.csv", ["a"]), "must be a regular file")
    refused(lambda: strict.read_csv(tmp_path, ["a"]), "must be a regular file")
    refused(lambda: strict.read_csv(tmp_path / "absent.csv", ["a"]), "must be readable")


def test_a_file_over_the_cap_is_refused_unread(tmp_path: Path):
    path = tmp_path / "sparse.csv"
    with open(path, "wb") as content:
        content.truncate(packed.LARGEST_FILE + 1)
    refused(lambda: strict.read_csv(path, ["a"]), "at most")


def test_more_rows_or_text_than_a_publisher_has_are_refused_as_they_come(tmp_path: Path, monkeypatch):
    path = written(tmp_path, "a,b\n" + "x,1\n" * 20)
    refused(lambda: strict.read_csv(path, ["a"], most=19), "made.csv:21: file: must have at most 19 rows")
    monkeypatch.setattr(strict, "MOST_CELLS", 30)
    refused(
        lambda: strict.read_csv(path, ["a", "b"]), "made.csv:17: file: must have at most 15 rows of 2 columns"
    )
    monkeypatch.setattr(strict, "MOST_TEXT", 10)
    refused(
        lambda: strict.read_csv(path, ["a"]),
        "made.csv:12: file: must have at most 10 characters in the columns",
    )


def test_what_was_wrong_before_is_told_with_the_cap(tmp_path: Path):
    path = written(tmp_path, "a,b\nx,1\nx,1\ny,2\nz,3\n")
    with pytest.raises(DataError) as caught:
        strict.read_csv(path, ["a"], once=["a", "b"], most=3)
    assert [str(one) for one in caught.value.problems] == [
        "made.csv:3: column 'a': must be the only row for it; row 2 has it too (got x 1)",
        "made.csv:5: file: must have at most 3 rows",
    ]


def test_rows_that_are_not_wanted_leave_the_columns_asked_for(tmp_path: Path):
    path = written(tmp_path, "a,b,c\nx,1,p\ny,2,q\nx,bad,r\n")
    table = strict.read_csv(path, ["a", "c"], only=("a", {"y"}.__contains__), rest=["b"])
    assert (table.text, table.line) == ({"a": ["y"], "c": ["q"]}, [3])
    assert (table.rest.text, table.rest.line) == ({"b": ["1", "bad"]}, [2, 4])
    table.rest.numbers("b")
    refused(table.check, "made.csv:4: column 'b': must be a plain decimal number")


@pytest.mark.parametrize(
    "text",
    [
        "a,b\nx,0.71\ny,0.5",  # it may have been 0.53
        "a,b\nx,0.5\ny,0.53\nz,0.5",
        "a,b\nx,1\ny,",
        "a,b\nx,0.71",
        "a,b\nx,Nigeria\ny,Niger",
        "a,b\nx,Niger\ny,Nigeria\nz,Niger",
        "a,b\nx,Chad\ny,Cha",
    ],
)
def test_a_last_row_that_may_have_been_cut_off_is_refused(tmp_path: Path, text: str):
    path = written(tmp_path, text)
    refused(
        lambda: strict.read_csv(path, ["a"]),
        f"made.csv:{text.count(chr(10)) + 1}: row: must end in a line break",
    )
    assert len(strict.read_csv(written(tmp_path, text + "\n"), ["a"])) == text.count("\n")


@pytest.mark.parametrize(
    "text",
    ["a,b\nx,0.71\ny,0.53", "a,b\nx,Africa\ny,Asia\nz,Africa", 'a,b\nx,1\ny,"2"', "a,b\nx,\ny,", "a,b"],
)
def test_a_last_row_that_is_known_to_be_whole_needs_no_line_break(tmp_path: Path, text: str):
    assert len(strict.read_csv(written(tmp_path, text), ["a"])) == text.count("\n")


def test_a_head_shows_the_first_row(tmp_path: Path):
    assert Head(written(tmp_path, '"a, b",c\n1,2\n')).columns == ("a, b", "c")
    assert Head(workbook(tmp_path / "w.xlsx", [["code", "year"]])).columns == ("code", "year")


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_workbook_is_read_as_text(tmp_path: Path):
    path = workbook(
        tmp_path / "w.xlsx",
        [["code", "year", "x"], ["ROM", 1996, 0.25], [None, None, None], ["NA", 1998, ".."]],
    )
    sheet = grids.Sheet(path.name, strict.xlsx_rows(path))
    table = sheet.table(["code", "year", "x"])
    assert table.text == {"code": ["ROM", "NA"], "year": ["1996", "1998"], "x": ["0.25", ".."]}
    assert table.line == [2, 4]
    refused(
        lambda: sheet.table(["yaer", "x", "z"], ["yaer", "x", "x"]),
        "w.xlsx:1: column 'x': must be there once",
    )
    refused(lambda: sheet.table(["yaer"]), "w.xlsx:1: column 'yaer': must be there; did you mean 'year'?")


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path):
    refused(
        lambda: strict.xlsx_rows(workbook(tmp_path / "w.xlsx", [["a"]]), "Sheet2"), "did you mean 'Sheet1'?"
    )


def test_a_workbook_with_a_flipped_byte_is_refused_or_reads_the_same(tmp_path: Path):
    path = workbook(tmp_path / "w.xlsx", [["code", "x"], ["AFG", 0.25]])
    sound, rows = path.read_bytes(), strict.xlsx_rows(path)
    rng = random.Random(7)
    for _ in range(200):
        place = rng.randrange(len(sound))
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 1 << rng.randrange(8)]) + sound[place + 1 :])
        try:
            assert strict.xlsx_rows(path) == rows
        except DataError:
            continue


# ── Codes against names ──────────────────────────────────────────────────────────────────────────────────────────


def coded(folder: Path, *rows: str, scheme: str = "iso3") -> strict.Table:
    path = written(folder, "\n".join(["code,name", *rows]) + "\n")
    table = strict.read_csv(path, ["code"], optional=["name"])
    table.countries("code", scheme, "name")
    return table


def test_a_name_that_means_another_country_than_its_code_is_refused_with_both(tmp_path: Path):
    table = coded(tmp_path, "TUN,Tunisia", "NAM,Mexico", "MEX,Namibia", "KEN,Kenia (new spelling)")
    refused(
        table.check,
        "made.csv:3: column 'name': must be the name of its code, NAM, Namibia (got Mexico); rows may have slipped",
        "made.csv:4: column 'name': must be the name of its code, MEX, Mexico (got Namibia)",
    )
    assert len(table.problems) == 2


def test_a_country_under_a_code_of_none_is_refused(tmp_path: Path):
    refused(
        coded(tmp_path, "WLD,Tunisia", "ARB,Arab World", scheme="wb").check,
        "must be the name of its code, WLD, and no country's (got Tunisia)",
    )


@pytest.mark.parametrize(
    "name", ["Sierra Leone ", "Sierra\u00a0Leone", " Sierra  Leone", "SIERRA\u202fLEONE\u00a0"]
)
def test_blanks_of_any_kind_make_no_other_name(tmp_path: Path, name: str):
    coded(tmp_path, f'SLE,"{name}"').check()
    refused(coded(tmp_path, f'SLV,"{name}"').check, "must be the name of its code, SLV, El Salvador")


def test_a_table_without_names_is_read_by_its_codes(tmp_path: Path):
    table = strict.read_csv(written(tmp_path, "code\nTUN\n"), ["code"])
    assert table.countries("code", "iso3", "name") == ["TUN"]
