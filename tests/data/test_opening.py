"""What a file is found to be before it is read: a table in an archive, another kind of file, another layout."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from workbooks import workbook

from eligibility.data import build, intake
from eligibility.data.readers import packed
from eligibility.data.readers import whose as _whose
from eligibility.data.readers.whose import whose
from eligibility.errors import DataError, UsageError

VDEM = "country_name,country_text_id,year,v2x_polyarchy,v2x_corr\nNamibia,NAM,2000,0.6,0.3\nMexico,MEX,2000,0.5,0.4\n"
WDI = "Country Name,Country Code,Indicator Name,Indicator Code,2023,2024\nTunisia,TUN,x,SH.STA.MMRT,40,39\n"


def archive(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def said(call, kind=DataError) -> str:
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


# ── A table in the archive its publisher gives ───────────────────────────────────────────────────────────────────


def test_the_one_table_of_an_archive_is_read_and_the_rest_is_named(tmp_path, own_folder):
    files = {
        "V-Dem-CY-Core-v16_csv/V-Dem-CY-Core-v16.csv": VDEM,
        "V-Dem-CY-Core-v16_csv/V-Dem Codebook v16.pdf": b"%PDF-1.7",
        "__MACOSX/._V-Dem-CY-Core-v16.csv": b"\0\5\26\7",
    }
    path = archive(tmp_path / "V-Dem-CY-Core-v16_csv.zip", files)
    source = build.import_release([path], accept=intake.RULES).source
    assert source.id == "vdem-v16" and source.values["rows"] == 2
    assert source.left_out == {"other file in the archive, V-Dem-CY-Core-v16_csv/V-Dem Codebook v16.pdf": 1}
    # The checksum is that of what the user holds, so that it can be compared with the publisher's.
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.files == ({"name": "V-Dem-CY-Core-v16_csv.zip", "sha256": sha256},)


def test_a_table_reads_the_same_in_an_archive_and_out_of_it(tmp_path):
    plain = tmp_path / "V-Dem-v16.csv"
    plain.write_text(VDEM, encoding="utf-8")
    packed_one = archive(tmp_path / "x.zip", {"V-Dem-v16.csv": VDEM})
    first, second = (
        build.import_release([path], tmp_path / path.suffix[1:], accept=intake.RULES).source.sha256
        for path in (plain, packed_one)
    )
    assert first == second


def test_a_workbook_in_an_archive_is_read(tmp_path):
    rows = [["codeindyr", "code", "year", "indicator", "estimate", "stddev", "nsource"]]
    rows += [
        [f"{c}{i}2009", c, 2009, i, e, 0.2, 8] for c, e in (("TUN", 0.1), ("NAM", 0.3)) for i in ("va", "cc")
    ]
    book = workbook(tmp_path / "wgidataset.xlsx", rows).read_bytes()
    path = archive(tmp_path / "wgi.zip", {"data/wgidataset.xlsx": book})
    source = build.import_release([path], tmp_path / "to", accept=intake.RULES).source
    assert source.id == "wgi-2010" and source.values["countries"] == 2


def test_the_world_banks_bulk_archive_carries_side_files(tmp_path):
    files = {
        "WDICSV.csv": WDI,
        "WDICountry.csv": "Country Code,Short Name\nTUN,Tunisia\n",
        "WDIseries-time.csv": "a,b\n",
    }
    path = archive(tmp_path / "WDI_CSV.zip", files)
    told = whose(path)
    assert (told.family, told.vintage) == ("wb", "") and told.beside == (
        "WDICountry.csv",
        "WDIseries-time.csv",
    )
    words = said(lambda: build.import_release([path]), UsageError)
    assert "such as --vintage wdi-2025-12; the table in the archive is dated 20" in words
    brought = build.import_release([path], tmp_path / "to", "wdi-2026-03", accept=intake.RULES).source
    assert brought.values["years"] == [2023, 2024]


def test_a_build_finds_tables_in_archives(tmp_path):
    archive(tmp_path / "in.zip", {"V-Dem-v16.csv": VDEM})
    assert [one.id for one in build.build(tmp_path, tmp_path / "to").made] == ["vdem-v16"]


def test_two_releases_in_one_archive_are_refused_by_name(tmp_path):
    path = archive(tmp_path / "both.zip", {"V-Dem-v16.csv": VDEM, "V-Dem-v15.csv": VDEM})
    assert "V-Dem-v15.csv (vdem v15)" in said(lambda: whose(path))


def test_an_archive_without_a_known_table_says_what_is_in_it(tmp_path):
    path = archive(tmp_path / "some.zip", {"a.csv": "x,y\n1,2\n", "b.csv": "u,v\n1,2\n", "c.pdf": "%PDF"})
    assert "must hold a table that a reader knows (got a.csv, b.csv, c.pdf)" in said(lambda: whose(path))


def test_what_could_fill_the_machine_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    bomb = archive(tmp_path / "bomb.zip", {"V-Dem-v16.csv": VDEM + "," * (200 << 20)})
    assert "no entry may grow more than 100 times" in said(lambda: whose(bomb))
    monkeypatch.setitem(_whose.UNPACKED, "vdem", 10)
    large = archive(tmp_path / "large.zip", {"V-Dem-v16.csv": VDEM})
    said_of_it = said(lambda: whose(large))
    assert "large.zip, entry 'V-Dem-v16.csv' unpacked, of vdem: file: must be at most 10 bytes" in said_of_it


def test_an_entry_with_a_dot_in_front_of_its_folder_is_read(tmp_path):
    path = archive(tmp_path / "x.zip", {"./data/V-Dem-v16.csv": VDEM})
    assert build.import_release([path], accept=intake.RULES).source.values["rows"] == 2


def test_an_archive_of_very_many_tables_is_no_release(tmp_path):
    path = archive(tmp_path / "x.zip", {f"{number}.csv": VDEM for number in range(51)})
    assert "at most 50 tables (got 51)" in said(lambda: whose(path))


def test_an_entry_outside_the_archive_is_refused(tmp_path):
    path = archive(tmp_path / "out.zip", {"../V-Dem-v16.csv": VDEM})
    assert "no entry may lie outside the archive" in said(lambda: whose(path))


@pytest.mark.parametrize("cut", [30, 200, -30])
def test_an_archive_cut_short_or_damaged_is_refused_whole(tmp_path, cut):
    whole = archive(tmp_path / "w.zip", {"V-Dem-v16.csv": VDEM}).read_bytes()
    path = tmp_path / "cut.zip"
    path.write_bytes(whole[:cut])
    assert "must be a whole .zip archive" in said(lambda: build.import_release([path]))


def test_a_byte_changed_inside_is_noticed(tmp_path):
    made = archive(tmp_path / "w.zip", {"V-Dem-v16.csv": VDEM * 1})
    content = bytearray(made.read_bytes())
    with zipfile.ZipFile(made) as it:
        start = it.infolist()[0].header_offset + 30 + len("V-Dem-v16.csv")
    content[start + 40] ^= 1
    made.write_bytes(content)
    with pytest.raises(DataError):
        build.import_release([made])


def test_a_path_into_no_archive_is_itself(tmp_path):
    assert packed.given(tmp_path / "a.zip" / "b.csv") == tmp_path / "a.zip" / "b.csv"


# ── What a file that nobody knows is ─────────────────────────────────────────────────────────────────────────────

OTHER = {
    "empty": (b"", "(got empty); download the data file itself again"),
    "blank": (b"\xef\xbb\xbf \r\n", "(got empty)"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "old Excel workbook (.xls)"),
    "pdf": (b"%PDF-1.7\n", "a PDF document"),
    "gzip": (b"\x1f\x8b\x08\0\0", "packed with gzip"),
    "html": (b"\n<!DOCTYPE html><html><body>404", "a web page (HTML)"),
    "json": (b'[{"page":1,"total":3}]', "JSON"),
    "xml": (b"<?xml version='1.0'?><a/>", "XML"),
    "utf16": ("\ufeff" + VDEM).encode("utf-16-le"),
    "xlsx named csv": (b"PK\3\4" + b"\0" * 26 + b"[Content_Types].xml", "an Excel workbook under another name"),
    "zip named csv": (b"PK\3\4" + b"\0" * 26 + b"x.csv", "a .zip archive under another name"),
    "another chart": (b"Entity,Code,Year,Happiness\nTunisia,TUN,2000,1\n", "(owid); of its columns it lacks 'Electoral Democracy Index'"),
    "sep": (b"sep=,\n" + VDEM.encode(), "delete the line 'sep=...'"),
    "semicolons": (VDEM.replace(",", ";").encode(), "must be separated by commas (got semicolons); save it as CSV"),
    "decimal commas": (VDEM.replace(",", ";").replace("0.", "0,").encode(), "(got semicolons with decimal commas)"),
    "tabs": (VDEM.replace(",", "\t").encode(), "(got tabs)"),
    "databank": (b"Time,Time Code,Country Name,Country Code,GNI [NY]\n2014,YR2014,Tunisia,TUN,4210\n", "DataBank's export in another layout"),
    "near undp": (b"iso3,country,hdi_1990\nTUN,Tunisia,0.5\n", "the nearest is United Nations Development Programme (undp); of its columns it lacks 'hdicode'"),
    "near vdem": (b"country_name,country_text_id,year,x\nTunisia,TUN,2000,1\n", "(vdem); of its columns it lacks 'v2x_polyarchy'"),
    "near vdem by its indices": (b"iso3,name,year,v2x_polyarchy,v2x_libdem\nTUN,Tunisia,2000,0.1,0.1\n", "(vdem); of its columns it lacks 'country_name', 'country_text_id'"),
    "near un": (b"geo_area,nature,units,year,vc_prs_unsec\n1,c,percent,2005,30.7\n", "the nearest is United Nations (un); of its columns it lacks 'sg_inf_accss'"),
    "near wb": (b"Country,Country Code,Indicator Name,Indicator Code,2000\nTunisia,TUN,GNI,X,1\n", "(wb); of its columns it lacks 'Country Name'"),
    "a title above": (b"Downloaded in May\n\niso3,country,hdicode\n", "(undp), laid out in another way: import the publisher's own file as it was downloaded, or delete the 2 rows above its column names"),
    "nothing near": (b"a,b\n1,2\n", "must be a publisher's release that a reader knows (got columns a, b)"),
}  # fmt: skip
OTHER["utf16"] = (OTHER["utf16"], "text in UTF-16")


@pytest.mark.parametrize("kind", OTHER)
def test_a_file_nobody_knows_is_told_what_it_is_and_what_to_do(tmp_path, kind):
    content, words = OTHER[kind]
    path = tmp_path / "given.csv"
    path.write_bytes(content)
    assert words in said(lambda: whose(path))


# As these publishers' files are described in public; none was at hand.
WEO = "WEO Country Code\tISO\tWEO Subject Code\tCountry\t2020\n668\tLBR\tGGXCNL_NGDP\tLiberia\t-3.8\n"
HERITAGE = "Name,Index Year,Overall Score,Trade Freedom,Investment Freedom\nLiberia,2023,48.5,60.8,55\n"
BUSINESS = [["Country code", "Economy", "DB Year", "Score-Starting a business"], ["LBR", "Liberia", 2020, 88]]


@pytest.mark.parametrize(
    ("name", "content", "whose_", "column"),
    [
        ("WEOOct2023all.xls", WEO.encode("utf-16"), "World Economic Outlook of the", "as fiscal_policy"),
        ("weo.csv", WEO.replace("\t", ",").encode(), "World Economic Outlook of the", "as fiscal_policy"),
        ("weo.tsv", WEO.encode(), "World Economic Outlook of the", "as fiscal_policy"),
        ("scores.csv", HERITAGE.encode(), "Heritage Foundation", "as trade_policy"),
        ("scores.xlsx", BUSINESS, "Doing Business archive", "as access_to_credit or business_start_up"),
        (
            "nrpi-chi-2023.xlsx",
            [["a", "b"], [1, 2]],
            "CIESIN",
            "as natural_resource_protection or child_health",
        ),
    ],
)
def test_a_file_mccs_cards_rest_on_and_no_reader_reads_is_named_with_a_way_in(
    tmp_path, name, content, whose_, column
):
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        workbook(path, content)
    told = said(lambda: whose(path))
    assert whose_ in told and column in told and "import it with --series" in told


def test_a_csv_release_saved_as_a_workbook_is_told_to_be_one(tmp_path):
    rows = [line.split(",") for line in VDEM.splitlines()]
    path = workbook(tmp_path / "V-Dem-v16.xlsx", rows)
    assert said(lambda: build.import_release([path])).startswith(
        "V-Dem-v16.xlsx: file: must be CSV, as the publisher's"
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("given.xlsx", VDEM.encode(), "no workbook but text"),
        ("given.xlsx", b"<html>", "a web page (HTML)"),
        ("given.zip", b"<!doctype html>", "a web page (HTML)"),
        (
            "given.zip",
            b"PK\3\4" + b"\0" * 26 + b"[Content_Types].xml",
            "an Excel workbook under another name",
        ),
        ("given.zip", b"", "(got empty)"),
    ],
)
def test_a_name_that_promises_another_kind_of_file_is_told(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    assert words in said(lambda: whose(tmp_path / name))


def test_a_workbook_nobody_knows_is_told_who_comes_nearest(tmp_path):
    path = workbook(
        tmp_path / "w.xlsx", [["Title"], ["Country/Territory", "Edition", "Status", "PR", "CL", "x"]]
    )
    words = said(lambda: whose(path))
    assert "got sheets Sheet1" in words and "Freedom House (fh); of its columns it lacks 'Total'" in words


@pytest.mark.parametrize("mark", ["NA", "NaN", "#N/A", "..", "nan", "."])
def test_a_mark_for_a_missing_figure_gets_the_hint(tmp_path, mark):
    path = tmp_path / "V-Dem-v16.csv"
    path.write_text(VDEM.replace("0.5", mark), encoding="utf-8")
    words = said(lambda: build.import_release([path]))
    assert f"must be a plain decimal number (got {mark}); an empty cell is a missing figure" in words


@pytest.mark.parametrize(
    ("text", "family", "example"),
    [
        (WDI, "wb", "wdi-2025-12"),
        ("iso3,country,hdicode,hdi_2000\nTUN,Tunisia,High,0.7\n", "undp", "hdr20"),
        (VDEM, "vdem", "v1"),
    ],
)
def test_the_hint_for_a_vintage_is_one_of_that_family(tmp_path, text, family, example):
    path = tmp_path / "download.csv"
    path.write_text(text, encoding="utf-8")
    words = said(lambda: build.import_release([path]), UsageError)
    assert f"this {family} file" in words and f"such as --vintage {example}" in words
