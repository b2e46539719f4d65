"""Data files made to harm or to slip through: each is refused quickly, with its place, and nothing is written.

Every case is a small made file of a publisher's format, which is read, with one thing in it changed.
"""

from __future__ import annotations

import csv
import io
import os
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
import workbooks
from little_work import little_work

from eligibility.data import build, intake
from eligibility.data.readers import packed, series_of
from eligibility.errors import EligibilityError, quoted

Rows = tuple[tuple[str, ...], ...]


class Case(NamedTuple):
    """One hostile file: its name, what makes its content (a path may be made too), what the refusal must say."""

    id: str
    file: str
    content: bytes | Callable[[Path], object]
    says: tuple[str, ...]

    def put(self, folder: Path) -> Path:
        """The file, in a folder."""
        path = folder / self.file
        if callable(self.content):
            self.content(path)
        else:
            path.write_bytes(self.content)
        return path


@dataclass(frozen=True)
class Format:
    """A publisher's format: a sound file of it, and which of its columns hold what."""

    id: str
    file: str
    header: tuple[str, ...]
    rows: Rows
    key: str  # column of the country
    figure: str  # column of a figure
    outside: tuple[str, ...]  # figures outside the range
    strangers: tuple[str, ...]  # what is no country here
    year: str = ""  # column of the year, if it has one
    decimal: bool = False  # years may be written 2015.0
    needed: tuple[str, ...] = ()  # columns whose loss its reader must notice
    above: str = ""  # what stands above the header
    encoding: str = "utf-8"

    def text(self, header: Sequence[str] = (), rows: Sequence[Sequence[str]] = ()) -> str:
        """The file, or one with another header or other rows."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([header or self.header, *(rows or self.rows)])
        return self.above + out.getvalue()

    def line(self, row: int) -> int:
        """The line of the file on which a row stands."""
        return self.above.count("\n") + 2 + row

    def place(self, row: int, column: str) -> str:
        """How a refusal names a cell."""
        return f"{self.file}:{self.line(row)}: column '{column}'"

    def changed(self, id: str, row: int, column: str, cell: str, *says: str) -> Case:
        """The file with one cell changed."""
        cells = list(self.rows[row])
        cells[self.header.index(column)] = cell
        rows = (*self.rows[:row], cells, *self.rows[row + 1 :])
        written = self.text(rows=rows).encode(self.encoding, errors="surrogateescape")
        return Case(f"{self.id}-{id}", self.file, written, says or (self.place(row, column),))

    def made(self, id: str, text: str | bytes, *says: str) -> Case:
        """The file with other content."""
        content = text.encode(self.encoding) if isinstance(text, str) else text
        return Case(f"{self.id}-{id}", self.file, content, (self.file, *says))

    def large(self, id: str, old: str, new: Callable[[], str], *says: str) -> Case:
        """The file with its first `old` replaced by something too large to keep."""
        assert old in self.text()
        write = lambda path: path.write_text(self.text().replace(old, new(), 1), encoding=self.encoding)  # noqa: E731
        return Case(f"{self.id}-{id}", self.file, write, (self.file, *says))


UCDP = [entry["publisher_code"] for entry in series_of("ucdp", "v26.1").values()]
HDR = ("hdi", "le", "eys", "mys", "gnipc")
DEED = "Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)"
RATE = "Homicide rate per 100,000 population"
STRANGE = ("XXX", "NA", "tun", "", " TUN", "TUN ", "Tunisia", "TU", "TUNN", "ＴＵＮ", "NaN", "-99", "ТUN")
STRANGE_NUMBERS = ("99999", "TUN", "", " 616", "616.0", "+616", "NA", "６１６")

FORMATS = (
    Format(
        "vdem", "V-Dem-CY-Core-v16.csv",
        ("country_name", "country_text_id", "year", "v2x_polyarchy", "v2x_polyarchy_codelow",
         "v2x_polyarchy_codehigh", "v2x_polyarchy_sd", "v2x_corr", "v2x_regime"),
        (("Tunisia", "TUN", "2015", "0.7", "0.6", "0.8", "0.05", "0.4", "3"),
         ("Namibia", "NAM", "2015", "0.7", "0.6", "0.8", "0.05", "0.4", "2"),
         ("Mexico", "MEX", "2014", "", "", "", "", "0.5", "1")),
        "country_text_id", "v2x_polyarchy", ("-0.001", "1.001", "50", "1e300"), STRANGE,
        "year", True, ("country_text_id", "year"),
    ),
    Format(
        "wdi", "WDICSV-2026-01.csv",
        ("Country Name", "Country Code", "Indicator Name", "Indicator Code", "2013", "2014", "2015"),
        (("Tunisia", "TUN", "Under 5", "SH.DYN.MORT", "17", "", "16.5"),
         ("Namibia", "NAM", "Under 5", "SH.DYN.MORT", "48", "47", "46"),
         ("World", "WLD", "Under 5", "SH.DYN.MORT", "44", "43", "42")),
        "Country Code", "2015", ("-1", "1000.1", "1e300"), STRANGE,
        needed=("Country Code", "Indicator Code"),
    ),
    Format(
        "wdi-api", "API_SH.DYN.MORT_DS2_en_csv_v2_1.csv",
        ("Country Name", "Country Code", "Indicator Name", "Indicator Code", "2014", "2015", ""),
        (("Tunisia", "TUN", "Under 5", "SH.DYN.MORT", "17", "16.5", ""),
         ("Namibia", "NAM", "Under 5", "SH.DYN.MORT", "48", "46", "")),
        "Country Code", "2015", ("-1", "1000.1"), STRANGE,
        needed=("Country Code", "Indicator Code"),
        above='"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-02-26",\n\n',
    ),
    Format(
        "undp", "HDR25_Composite_indices_complete_time_series.csv",
        ("iso3", "country", "hdicode", "region", "hdi_rank_2023", *(f"{part}_2023" for part in HDR)),
        (("CIV", "Côte d'Ivoire", "Medium", "SSA", "166", "0.53", "58.9", "10.1", "4.2", "5377"),
         ("TUN", "Tunisia", "High", "AS", "101", "0.73", "74.3", "14.6", "8", "10297")),
        "iso3", "hdi_2023", ("-0.1", "1.1"), STRANGE,
        needed=("iso3", "country", "hdicode"), encoding="latin-1",
    ),
    Format(
        "ucdp", "organizedviolencecy_v26_1.csv",
        ("country_id_cy", "country_cy", "year_cy", *UCDP, "version"),
        (("616", "Tunisia", "2015", *["5"] * len(UCDP), "26.1"),
         ("565", "Namibia", "2015", *["0"] * len(UCDP), "26.1")),
        "country_id_cy", "sb_total_deaths_best_cy", ("-1", "1e9"), STRANGE_NUMBERS,
        "year_cy", needed=("country_id_cy", "year_cy", *UCDP, "version"),
    ),
    Format(
        "unodc", "homicide-rate-unodc.csv",
        ("Entity", "Code", "Year", RATE, "World region according to OWID"),
        (("Tunisia", "TUN", "2015", "3.1", "Africa"), ("Namibia", "NAM", "2014", "17.1", "Africa")),
        "Code", RATE, ("-0.1", "500.1"), tuple(code for code in STRANGE if code),
        "Year", needed=("Entity", "Code", "Year", RATE),
    ),
    Format(
        "unhcr", "population-by-origin-2026-06.csv",
        ("coo_iso", "coo_name", "year", "refugees", "asylum_seekers", "idps", "oip"),
        (("TUN", "Tunisia", "2015.0", "1640.0", "2002.0", "0.0", "0.0"),
         ("NAM", "Namibia", "2015.0", "1100.0", "20.0", "0.0", "0.0")),
        "coo_iso", "refugees", ("-1", "1e12"), STRANGE,
        "year", True, ("coo_iso", "year", "refugees", "asylum_seekers", "idps", "oip"),
    ),
    Format(
        "gapminder", "gni-per-capita-2026-04.csv",
        ("geo", "time", "gnipercapita_atlasmethod_current_us"),
        (("tun", "2015", "4130"), ("nam", "2015", "5240")),
        "geo", "gnipercapita_atlasmethod_current_us", ("-1", "1e9"), ("xxx", "na", "", " tun", "tunisia"),
        "time", needed=("geo", "time", "gnipercapita_atlasmethod_current_us"),
    ),
    Format(
        "women", "homicide-by-sex-sdg-2021.csv",
        ("geo_area", "nature", "sex", "units", "year", "vc_ihr_psrc"),
        (("788", "c", "female", "per_100000_pop", "2015", "1.1"),
         ("516", "c", "female", "per_100000_pop", "2015", "6.5")),
        "geo_area", "vc_ihr_psrc", ("-1", "501"), ("999", "TUN", "", "788.0", " 788", "７８８"),
        "year", needed=("geo_area", "nature", "sex", "units", "year", "vc_ihr_psrc"),
    ),
)  # fmt: skip
TREATY = Format(
    "treaty", "18-14.csv", ("Participant", "Signature", DEED),
    (("Tunisia", "30 Mar 2004", "23 Sep 2008"), ("Côte d'Ivoire", "10 Dec 2003", "25 Oct 2012 a"),
     ("European Union", "15 Sep 2005", "12 Nov 2008 AA")),
    "Participant", DEED, (), (), needed=("Participant", "Signature", DEED),
)  # fmt: skip
LAW = Format(
    "law", "rti-law-year-sdg-2021.csv", ("geo_area", "nature", "units", "year", "sg_inf_accss"),
    (("788", "e", "number", "2021", "2011"), ("516", "e", "number", "2021", "2020")),
    "geo_area", "sg_inf_accss", ("1765", "2022"), ("999", "TUN", ""), needed=("geo_area", "sg_inf_accss"),
)  # fmt: skip

NO_NUMBERS = (
    "nan", "NaN", "NA", "N/A", "null", "None", "inf", "-inf", "Infinity", "1e400", "-1e400", "9" * 400,
    "1,234", "0,5", "5%", "0x10", "0b1", "٣", "１", "½", "1_000", "--1", "+-1", "−1", " 1 ", "1 ", "\t1", "1\n",
    "1.2.3", "1/2", "$5", "1 000", "1\u00a0000", "1e", "TRUE", "#REF!", "=1+1", "2016-01-01", "0.5f", "1\u200b",
    "missing", "-", "?", "'0.5", '"0.5"',
)  # fmt: skip
NO_YEARS = (
    "2015.5", "15", "two thousand", "9999", "1066", "", "20155", "2O15", "٢٠١٥", "２０１５", "-2015", "2015-16",
    "2e3", " 2015", "2015 ", "2,015", "NaN", "0x7DF", "2015/01/01", "2101", "0",
)  # fmt: skip
NO_DATES = (
    "4 Dez 2007", "31 Feb 2007", "2007-12-04", "4 Dec 2007 x", "4 Dec 07", "٤ Dec 2007", "4 Dec 9999",
    "4 Dec 1066", "4 Dec 2000", "Dec 2007", "4 dec 2007", "4  Dec 2007", " 4 Dec 2007", "04/12/2007", "NA",
    "39 Dec 2007", "0 Dec 2007",
)  # fmt: skip
NO_STATES = (
    "Atlantis", "TUN", "", "CÃ´te d'Ivoire", "Tunisia, Republic", "Tunlsia", "NA", "Тunisia",
)  # fmt: skip


def _said(cell: str) -> str:
    return cell[:12].encode("unicode_escape").decode() or "empty"


def cells() -> Iterator[Case]:
    """One cell is no number, year or country, or lies outside its range."""
    for number, made in enumerate(FORMATS):
        # the grammars are the same for all: each but the first format gets a part of these in turn
        part = slice(number, None, len(FORMATS) // 2) if number else slice(None)
        for cell in NO_NUMBERS[part]:
            if cell.isascii() or made.encoding == "utf-8":
                says = (f"column '{made.figure}'",) if "\n" in cell else ()
                yield made.changed(f"number-{_said(cell)}", 1, made.figure, cell, *says)
        for cell in made.outside:
            says = made.place(0, made.figure), "must lie between"
            yield made.changed(f"outside-{cell}", 0, made.figure, cell, *says)
        for cell in NO_YEARS[part] if made.year else ():
            yield made.changed(f"year-{_said(cell)}", 0, made.year, cell)
        for cell in made.strangers:
            if cell.isascii() or made.encoding == "utf-8":
                yield made.changed(f"country-{_said(cell)}", 1, made.key, cell)
    vdem = FORMATS[0]
    for column in ("v2x_polyarchy_codelow", "v2x_polyarchy_codehigh"):
        for cell in ("-0.1", "1e300", "nan", "3.5", "0,1"):
            yield vdem.changed(f"{column}-{cell}", 0, column, cell)
    yield vdem.changed("crossed", 0, "v2x_polyarchy_codelow", "0.9")
    for cell in ("1.5", "4", "-1"):
        yield vdem.changed(f"class-{cell}", 0, "v2x_regime", cell, vdem.file, "regime")
    unhcr = next(made for made in FORMATS if made.id == "unhcr")
    yield unhcr.changed("year-to-come", 0, "year", "2051.0")
    ucdp = next(made for made in FORMATS if made.id == "ucdp")
    yield ucdp.changed("version", 1, "version", "25.1")
    yield ucdp.changed("state-that-ended", 1, "country_id_cy", "315")
    yield ucdp.changed("year-as-decimal", 1, "year_cy", "2015.0")
    women = next(made for made in FORMATS if made.id == "women")
    yield women.changed("sex", 1, "sex", "both")
    yield women.changed("unit", 1, "units", "percent")
    undp = next(made for made in FORMATS if made.id == "undp")
    yield undp.changed("another-name", 1, "country", "Namibia")
    yield undp.changed("mojibake", 0, "country", "CÃ\x83Â´te d'Ivoire")  # UTF-8 twice over
    yield undp.changed("windows-1252", 0, "country", "Côte d\x92Ivoire")
    for cell in NO_DATES:
        yield TREATY.changed(f"date-{_said(cell)}", 1, DEED, cell)
        yield TREATY.changed(f"signed-{_said(cell)}", 0, "Signature", cell)
    for cell in NO_STATES:
        yield TREATY.changed(f"state-{_said(cell)}", 0, "Participant", cell)
    yield TREATY.changed("no-deed", 0, "Signature", "", TREATY.file)._replace(
        content=TREATY.text(rows=[("Tunisia", "", ""), *TREATY.rows[1:]]).encode()
    )
    for cell in ("12", "2011.0", "", "n/a", "٢٠١١", *LAW.outside):
        says = LAW.place(0, "sg_inf_accss") + ": must be the year of the law"
        yield LAW.changed(f"year-{_said(cell)}", 0, "sg_inf_accss", cell, says)
    for cell in LAW.strangers:
        yield LAW.changed(f"country-{_said(cell)}", 0, "geo_area", cell)


def headers() -> Iterator[Case]:
    """A column is missing, is there twice, or is named for a year that is none."""
    for made in (*FORMATS, TREATY, LAW):
        for name in made.needed:
            at = made.header.index(name)
            rows = [(*row[:at], *row[at + 1 :]) for row in made.rows]
            yield made.made(
                f"without-{name[:20]}", made.text((*made.header[:at], *made.header[at + 1 :]), rows)
            )
        for name in {made.key: 0, made.figure: 0, made.year or made.key: 0}:
            rows = [(*row, row[made.header.index(name)]) for row in made.rows]
            yield made.made(f"twice-{name[:20]}", made.text((*made.header, name), rows), name[:20])
        yield made.made("header-only", made.text().split("\n" + made.rows[0][0])[0] + "\n")
        yield made.made("header-in-capitals", made.text([name.swapcase() for name in made.header]))
        yield made.large("header-long", made.header[0], lambda: "x" * (10 << 20))
        yield made.made("no-header", made.text().removeprefix(made.text(rows=[[]])[:-1]).split("\n", 1)[1])
    for made, prefix in ((FORMATS[1], ""), (FORMATS[3], "hdi_")):
        for year in NO_YEARS:
            if year and (year.isascii() or made.encoding == "utf-8"):
                name = prefix + year
                header = [name if old == made.figure else old for old in made.header]
                yield made.made(
                    f"year-{_said(year)}", made.text(header), f":{made.line(-1)}", year.strip()[:1]
                )


def shapes() -> Iterator[Case]:
    """Rows that are too short, too long, there twice or torn; quotes, bytes and encodings gone wrong."""
    for made in (*FORMATS, TREATY, LAW):
        first, *rest = made.rows
        last = made.line(len(made.rows))
        row = lambda number, made=made: f"{made.file}:{made.line(number)}"  # noqa: E731
        yield made.made("row-twice", made.text(rows=[*made.rows, first]), f"{made.file}:{last}")
        yield made.made("row-short", made.text(rows=[first[:-1], *rest]), row(0))
        yield made.made("row-long", made.text(rows=[first, (*rest[0], "1"), *rest[1:]]), row(1))
        yield made.made("row-empty", made.text(rows=[first, (), *rest]), row(1))
        yield made.made("semicolons", made.text().replace(",", ";"))
        yield made.made("tabs", made.text().replace(",", "\t"))
        text = made.text()
        tail = ",".join(first[-2:]) if "," not in "".join(first[-2:]) else first[-1]
        assert tail in text
        yield made.made("quote-open", text.replace(tail, '"' + tail, 1), row(0))
        yield made.made("quote-inside", text.replace(tail, '"a"b' + tail, 1), row(0))
        yield made.made("nul", text.replace(tail, tail + "\0", 1), row(0))
        yield made.made("binary", random.Random(made.id).randbytes(4096))
        yield made.made("utf-16", text.encode("utf-16"), "UTF-16")
        yield made.made("utf-16-le", text.encode("utf-16-le"))
        yield made.made("utf-32", text.encode("utf-32"))
        yield made.made("ebcdic", text.encode("cp037", errors="replace"))
        if made.encoding == "utf-8":
            for name, raw in (
                ("windows-1252", b"C\xf4te"),
                ("lone-byte", b"\xff"),
                ("surrogate", b"\xed\xa0\x80"),
            ):
                content = text.encode().replace(b"\n" + first[0].encode(), b"\n" + raw + first[0].encode(), 1)
                yield made.made(name, content, row(0), "utf-8")
        if made in FORMATS[::2]:
            yield made.large("cell-of-10-MB", tail, lambda tail=tail: "9" * (10 << 20) + tail, row(0))
            yield made.large(
                "quoted-10-MB", tail, lambda tail=tail: '"' + "9\n" * (5 << 20) + '"' + tail, row(0)
            )
            yield made.large(
                "nul-late", tail, lambda tail=tail: tail + "\n" * 300_000 + "\0", f"{made.file}:"
            )
        yield made.made("empty", b"")
        yield made.made("blank", b"\n" * 100)
        yield made.made("mark-only", b"\xef\xbb\xbf")
    for made in FORMATS:
        columns = [name for name in (made.key, made.year or "") if name]
        rows = list(made.rows)
        again = list(rows[1])
        for name in (*columns, "Entity" if made.id == "unodc" else made.key):
            again[made.header.index(name)] = rows[0][made.header.index(name)]
        yield made.made(
            "country-twice", made.text(rows=[*rows, again]), f"{made.file}:{made.line(len(rows))}"
        )


def reversed_scales() -> Iterator[Case]:
    """A series that runs the wrong way against its reference."""
    chance = random.Random(4)
    codes = ("MEX", "NAM", "TUN", "UKR", "MWI", "ZWE", "UZB")
    base = [(code, year, chance.uniform(0.2, 0.8)) for code in codes for year in range(1990, 2015)]
    vdem = FORMATS[0]
    for column, way in (("v2x_corr", 1), ("v2x_libdem", -1), ("v2x_rule", -1)):
        figures = [0.5 + way * (value - 0.5) + chance.uniform(-0.1, 0.1) for *_, value in base]
        rows = [
            (code, str(year), f"{value:.3f}", f"{figure:.3f}")
            for (code, year, value), figure in zip(base, figures, strict=True)
        ]
        header = ("country_text_id", "year", "v2x_polyarchy", column)
        yield vdem.made(
            f"reversed-{column}", vdem.text(header, rows), "its correlation", "may run the other way"
        )
    wdi = FORMATS[1]
    years = [str(year) for year in range(1990, 2015)]
    rows = []
    for code in codes:
        mine = [value for other, _, value in base if other == code]
        rows.append(("x", code, "GDP", "NY.GDP.PCAP.KD", *(f"{9000 * value:.0f}" for value in mine)))
        rows.append(("x", code, "U5", "SH.DYN.MORT", *(f"{200 * value:.0f}" for value in mine)))
    yield wdi.made(
        "reversed", wdi.text((*wdi.header[:4], *years), rows), "its correlation", "under5_mortality"
    )
    undp, years = FORMATS[3], [str(year) for year in range(1999, 2024)]
    header = ("iso3", "country", "hdicode", *(f"{part}_{year}" for part in ("hdi", "le") for year in years))
    rows = []
    for code in codes:
        mine = [value for other, _, value in base if other == code]
        rows.append((code, code, "", *(f"{v:.3f}" for v in mine), *(f"{90 - 60 * v:.1f}" for v in mine)))
    yield undp.made("reversed", undp.text(header, rows), "its correlation", "life_expectancy")


# What is no file


def _far(_: Path) -> None:
    """Nothing is there."""


def no_files() -> Iterator[Case]:
    """What lies there is no regular file, or has a name that cannot be shown."""
    things: dict[str, Callable[[Path], object]] = {
        "folder": lambda path: path.mkdir(),
        "pipe": lambda path: os.mkfifo(path),
        "endless": lambda path: path.symlink_to("/dev/zero"),
        "nothing": lambda path: path.symlink_to("/dev/null"),
        "astray": lambda path: path.symlink_to("nowhere.csv"),
        "loop": lambda path: path.symlink_to(path.name),
        "absent": _far,
    }
    for name, make in things.items():
        for file in ("V-Dem-CY-Core-v16.csv", "wgidataset.xlsx"):
            says = "must hold a release" if name == "folder" else f"{file}: file: must be a regular file"
            yield Case(f"{name}-{file[-4:]}", file, make, (says,))
    sparse = lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 3 << 30)  # noqa: E731
    yield Case("sparse", FORMATS[0].file, sparse, (FORMATS[0].file,))
    yield Case("name-too-long", "V-Dem-v16" + "x" * 300 + ".csv", _far, ("must be a regular file",))
    content = FORMATS[0].text().encode()
    for name in ("v16-\x1b[31m.csv", "v16-\n.csv", "v16-\u202egpj.csv", os.fsdecode(b"v16-\xff\xfe.csv")):
        says = name.encode("unicode_escape").decode()
        yield Case(f"name-{says}", name, content, (f"{says}: file: must have a name of printable letters",))


# Workbooks

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "wgidataset.xlsx"
NAMES = ("va", "pv", "ge", "rq", "rl", "cc")
WGI_HEADER = ["codeindyr", "code", "countryname", "year", "indicator", "estimate", "stddev", "nsource"]
STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="46"/></cellXfs></styleSheet>'
)
ESTIMATE = '<c r="F2"><v>-0.5</v></c>'
YEAR = '<c r="D2"><v>2019</v></c>'
HISTORY = (
    ("", "World Bank Analytical Classifications", "", ""),
    ("", "Bank's fiscal year:", "FY25", "FY26"),
    ("", "Data for calendar year :", 2023, 2024),
    ("NAM", "Namibia", "UM", "UM"),
    ("TUN", "Tunisia", "LM", "LM"),
)


def wgi_rows() -> list[list[object]]:
    return [
        [f"{code}{name}", code, "A country", year, name, -0.5, 0.2, 7]
        for code in ("TUN", "NAM")
        for year in (2019, 2020)
        for name in NAMES
    ]


def wgi(
    path: Path, rows: Sequence[Sequence[object]] | None = None, header: Sequence[str] = WGI_HEADER
) -> Path:
    return workbooks.workbook(path, [header, *(wgi_rows() if rows is None else rows)])


def reworked(*changes: tuple[str, str, str], add: dict[str, bytes | str] | None = None, drop: str = ""):
    """Makes the workbook with parts of its XML replaced, entries added, or one left out."""

    def make(path: Path) -> None:
        whole = path.with_suffix(".sound")
        wgi(whole)
        with zipfile.ZipFile(whole) as sound, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for entry in sound.infolist():
                content = sound.read(entry).decode()
                for _, old, new in (change for change in changes if change[0] == entry.filename):
                    assert old in content
                    content = content.replace(old, new)
                if entry.filename != drop:
                    made.writestr(entry.filename, content)
            for name, content in (add or {}).items():
                made.writestr(name, content)
        whole.unlink()

    return make


def bytes_of_wgi(change: Callable[[bytes], bytes]):
    """Makes the workbook's file with its bytes changed."""
    return lambda path: path.write_bytes(change(wgi(path).read_bytes()))


def wgi_cell(column: int, cell: object, row: int = 0):
    """Makes the workbook with one cell changed."""

    def make(path: Path) -> None:
        rows = wgi_rows()
        rows[row][column] = cell
        wgi(path, rows)

    return make


def many_entries(path: Path) -> None:
    wgi(path)
    with zipfile.ZipFile(path, "a") as made:
        for number in range(packed.MOST_ENTRIES + 1):
            made.writestr(f"xl/x{number}.xml", b"")


def flagged(path: Path) -> None:
    """The workbook with an entry that says it is encrypted."""
    raw = bytearray(wgi(path).read_bytes())
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)


def repeated(path: Path) -> None:
    """The workbook with two sheets of one name."""
    wgi(path)
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(SHEET.replace("sheet1", "SHEET1"), "<worksheet/>")


def squeezed(method: int):
    """Makes the workbook with a compression no spreadsheet program uses."""

    def make(path: Path) -> None:
        wgi(path)
        with zipfile.ZipFile(path, "a") as made:
            made.writestr("xl/more.xml", "<a/>", compress_type=method)

    return make


def books() -> Iterator[Case]:
    """Workbooks that are none, that would burst, or whose cells hold what is no figure."""

    def book(id: str, make, *says: str, file: str = BOOK) -> Case:
        return Case(f"xlsx-{id}", file, make, (file, *says))

    def cell(id: str, new: str, *says: str, old: str = ESTIMATE, styles: bool = False) -> Case:
        add = {"xl/styles.xml": STYLES} if styles else None
        return book(f"cell-{id}", reworked((SHEET, old, new), add=add), *says)

    def part(id: str, name: str, old: str, new: str, *says: str) -> Case:
        return book(id, reworked((name, old, new)), *says)

    workbook, rels = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    estimate, year = f"{BOOK}:2: column 'estimate'", f"{BOOK}:2: column 'year'"
    for token in NO_NUMBERS:
        yield book(f"number-{_said(token)}", wgi_cell(5, token), estimate)
    for token in NO_YEARS:
        yield book(f"year-{_said(token)}", wgi_cell(3, token), year)
    for number in (2019.5, 15, 9999, 20155):
        yield book(f"year-as-number-{number}", wgi_cell(3, number), year)
    for token in STRANGE:
        yield book(f"country-{_said(token)}", wgi_cell(1, token), f"{BOOK}:2: column 'code'")
    for number in (3.6, -3.6, 1e300):
        yield book(
            f"outside-{number}", wgi_cell(5, number), f"{estimate}: va estimate must lie between -3.5 and 3.5"
        )
    for number in (-0.1, 50):
        says = f"{BOOK}:2: column 'stddev': va stddev must lie between 0 and 3.5"
        yield book(f"sd-{number}", wgi_cell(6, number), says)
    yield book("sources-none", wgi_cell(7, 0), f"{BOOK}:2: column 'nsource'")
    one = "must be one of va, pv, ge, rq, rl, cc (got xx)"
    yield book("indicator", wgi_cell(4, "xx"), f"{BOOK}:2: column 'indicator': {one}")
    yield book("indicator-twice", wgi_cell(4, "pv"), f"{BOOK}:3: column 'code': must be the only row for it")
    for error in ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"):
        yield cell(f"error-{error}", f'<c r="F2" t="e"><v>{error}</v></c>', estimate, error)
    yield cell("error-spill", '<c r="F2" t="e"><v>#SPILL!</v></c>', "sheet 'Sheet1'", "#SPILL!")
    yield cell("error-prefixed", "<c t = 'e' r = 'F2' ><f>1/0</f><v>#DIV/0!</v></c>", estimate)
    yield cell("error-placeless", '<c t="e"><v>#REF!</v></c>', "sheet 'Sheet1'", "#REF!")
    yield cell("formula", '<c r="F2"><f>1/3</f></c>', estimate, "a formula without its value")
    yield cell("date", '<c r="F2" s="1"><v>42005</v></c>', estimate, "2015-01-01", styles=True)
    yield cell("date-for-year", '<c r="D2" s="1"><v>42005</v></c>', year, old=YEAR, styles=True)
    yield cell("date-iso", '<c r="F2" t="d"><v>2015-01-01T00:00:00</v></c>', estimate)
    yield cell("duration", '<c r="F2" s="2"><v>1.5</v></c>', estimate, styles=True)
    yield cell("duration-endless", '<c r="F2" s="2"><v>1e300</v></c>', "sheet 'Sheet1'", styles=True)
    yield cell("true", '<c r="F2" t="b"><v>1</v></c>', estimate)
    yield cell("infinite", '<c r="F2"><v>1e400</v></c>', estimate)
    yield cell("nan", '<c r="F2"><v>nan</v></c>', estimate)
    yield cell("letters", '<c r="F2"><v>abc</v></c>', estimate)
    yield cell("true-7", '<c r="F2" t="b"><v>7</v></c>', "sheet 'Sheet1'")
    yield cell("type", '<c r="F2" t="zz"><v>1</v></c>', "sheet 'Sheet1'")
    yield cell("shared-99", '<c r="F2" t="s"><v>99</v></c>', "sheet 'Sheet1'")
    yield cell("unclosed", '<c r="F2"><v>1</v>', "sheet 'Sheet1'")
    yield cell("nowhere", '<c r="??"><v>1</v></c>', "sheet 'Sheet1'")
    comments = f"<!--{'<c r=' * 60_000}--><!--{'<c>' * 60_000}--><c r='F2' t='e'><v>#N/A</v></c>"
    yield cell("comments", comments, estimate)
    for place in ("XFD1048576", "ZZZZZZZ2", "F99999999999", "F0000000001048577", "xfd1048576"):
        for written in (f'r="{place}"', f"r='{place}'", f'r  =\n"{place}"'):
            new = f"<c {written}><v>1</v></c>"
            yield cell(f"far-{written}", new, f"archive entry '{SHEET}'")
    yield cell("nearly-empty", '<c r="T900000"><v>1</v></c>', f"archive entry '{SHEET}'", "nearly empty")
    for raw in (b"", b"PK", b"not a workbook", b"PK\x03\x04" + b"\0" * 100, b"PK\x05\x06" + b"\0" * 18):
        yield book(f"none-{raw[:8]!r}", lambda path, raw=raw: path.write_bytes(raw))
    yield book("csv", lambda path: path.write_text(FORMATS[0].text(), encoding="utf-8"))
    yield book("named-csv", wgi, file="V-Dem-CY-Core-v16.csv")
    for tenth in range(1, 10):
        cut = lambda raw, tenth=tenth: raw[: len(raw) * tenth // 10]  # noqa: E731
        yield book(f"torn-{tenth}", bytes_of_wgi(cut))
    yield book("bomb", reworked(add={"xl/worksheets/sheet9.xml": b"<a>" + b"0" * (30 << 20)}), "may grow")
    yield book("bomb-unnamed", reworked(add={"xl/media/x.png": b"0" * (30 << 20)}), "may grow")
    yield book("entries", many_entries, "at most 2000 entries")
    yield book("macros", reworked(add={"xl/vbaProject.bin": b"macro"}), "no macros")
    yield book("zip-inside", reworked(add={"xl/embeddings/in.xlsx": b"PK"}), "no archive inside")
    yield book("encrypted", flagged, "no encryption")
    yield book("two-of-one-name", repeated, "no two entries")
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield book(f"method-{method}", squeezed(method), "deflate")
    dtd = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for name, tag in ((SHEET, "<worksheet"), (workbook, "<workbook"), (rels, "<Relationships")):
        yield part(f"dtd-{name}", name, tag, dtd + tag, "no document type definition")
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    yield book("laughs", reworked(add={"xl/sharedStrings.xml": laughs}), "no document type definition")
    yield book("utf-16", reworked(add={"xl/sharedStrings.xml": "<sst/>".encode("utf-16")}), "UTF-8")
    far = '<worksheet><sheetData><row><c r="A1"/></row><row><c r="XFD1048576"/></row></sheetData></worksheet>'
    elsewhere = (rels, "worksheets/sheet1.xml", "media/sheet1.png")
    yield book("far-elsewhere", reworked(elsewhere, add={"xl/media/sheet1.png": far}), "may span")
    yield part("sheet-elsewhere", rels, "worksheets/sheet1.xml", "../../../../etc/passwd", "sheet 'Sheet1'")
    yield part("sheet-on-the-web", rels, "worksheets/sheet1.xml", "https://example.org/x", "sheet 'Sheet1'")
    yield part("sheet-unrelated", workbook, 'r:id="rId1"', 'r:id="rId7"')
    for name, tag in ((workbook, "<workbook"), (rels, "<Relationships")):
        yield part(f"encoding-{name}", name, 'encoding="UTF-8"', 'encoding="UTF-99"')
        yield part(f"unclosed-{name}", name, tag, tag + "<")
    yield part("no-sheets", workbook, '<sheet name="Sheet1" sheetId="1" r:id="rId1"/>', "")
    for name in (SHEET, workbook, rels):
        yield book(f"without-{name}", reworked(drop=name))
    yield book("no-rows", lambda path: wgi(path, []))
    yield book("no-cells", lambda path: workbooks.workbook(path, []))
    for name in (name for name in WGI_HEADER if name != "countryname"):
        header = [f"{name} " if old == name else old for old in WGI_HEADER]
        yield book(f"header-{name}", lambda path, header=header: wgi(path, header=header))
    yield book(
        "column-twice",
        lambda path: wgi(path, [[*r, 1] for r in wgi_rows()], [*WGI_HEADER, "estimate"]),
        "estimate",
    )
    yield book("header-second", lambda path: wgi(path, [WGI_HEADER, *wgi_rows()], ["World Bank"]))
    yield from histories()


def histories() -> Iterator[Case]:
    """The World Bank's workbook of income classes, gone wrong."""
    file, sheet = "OGHIST.xlsx", "Country Analytical History"
    place = f"{file}, sheet '{sheet}'"

    def book(id: str, rows: Sequence[Sequence[object]], *says: str, name: str = sheet) -> Case:
        return Case(f"oghist-{id}", file, lambda path: workbooks.workbook(path, rows, name), (file, *says))

    def row(line: int, *cells: object) -> list[Sequence[object]]:
        return [*HISTORY[:line], cells, *HISTORY[line + 1 :]]

    for label in ("UMC", "lm", "1", " L", "NaN", "LM*", "Low", "-", "n.a."):
        yield book(f"class-{label}", row(4, "TUN", "Tunisia", "LM", label), f"{place}:5: column 'FY26'")
    for code in ("XXX", "NA", "tun", "Tunisia"):
        yield book(f"country-{code}", row(4, code, "Tunisia", "LM", "LM"), f"{place}:5: column '1'")
    yield book("country-twice", [*HISTORY, HISTORY[4]], f"{place}:6: column '1'")
    yield book("years-fall", row(1, "", "Bank's fiscal year:", "FY26", "FY25"), "fiscal year")
    yield book("years-twice", row(1, "", "Bank's fiscal year:", "FY26", "FY26"), "fiscal year")
    yield book("years-none", row(1, "", "Bank's fiscal year:", "2025", "2026"), "fiscal year")
    yield book("data-years", row(2, "", "Data for calendar year :", 2024, 2025), "must be 2023 under FY25")
    yield book("no-years", row(1, "", "Year", "FY25", "FY26"), "Bank's fiscal year:")
    yield book("no-countries", HISTORY[:3])
    yield book("sheet", HISTORY, name="History")


def empty_sheets() -> Iterator[Case]:
    """Workbooks and files that begin as a publisher's and hold nothing of what should follow."""

    def book(id: str, file: str, rows: Sequence[Sequence[object]], sheet: str, *says: str) -> Case:
        return Case(id, file, lambda path: workbooks.workbook(path, rows, sheet), (file, *says))

    fh, cpi = "Country_and_Territory_Ratings_and_Statuses.xlsx", "CPI2030_Results.xlsx"
    ratings, series = "Country Ratings, Statuses", "CPI Timeseries 2012 - 2030"
    above = ["Survey Edition", "2030", None, None]
    header = ["", "PR", "CL", "Status"]
    yield book("fh-empty", fh, [], ratings)
    yield book(
        "fh-one-sheet", fh, [above, header, ["Tunisia", 1, 1, "F"]], ratings, "Territory Ratings, Statuses"
    )
    yield book("fh-header-first", fh, [["2030", "PR", "CL", "Status"], ["Tunisia", 1, 1, "F"]], ratings)
    yield book(
        "fh-edition-last", fh, [["", "", "", "2030"], header, ["Tunisia", 1, 1, "F"]], ratings, "CL 2030"
    )
    yield book("cpi-no-year", cpi, [["Country / Territory", "ISO3"], ["Tunisia", "TUN"]], series, "columns")
    yield book("cpi-empty", cpi, [], series)
    header = "bti_country,year,report_year,S_Status_Index"
    yield Case("bti-header-only", "bti.csv", header.encode() + b"\n", ("bti.csv",))


CASES = [*cells(), *headers(), *shapes(), *reversed_scales(), *no_files(), *books(), *empty_sheets()]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A user's folder with something in it that must stay as it is."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    return folder


# Each format as it should be


def sound() -> list[Case]:
    """A file of every format with nothing wrong in it."""
    texts = [
        Case(made.id, made.file, made.text().encode(made.encoding), ()) for made in (*FORMATS, TREATY, LAW)
    ]
    history = lambda path: workbooks.workbook(path, HISTORY, "Country Analytical History")  # noqa: E731
    return [
        *texts,
        Case("wgi", BOOK, wgi, ()),
        Case("rewritten", BOOK, reworked(), ()),
        Case("oghist", "OGHIST.xlsx", history, ()),
    ]


@pytest.mark.parametrize("case", sound(), ids=lambda case: case.id)
def test_the_file_is_taken_when_nothing_is_wrong(tmp_path, target, case):
    assert build.import_release([case.put(tmp_path)], target, accept=intake.RULES).source.values["rows"] > 0


@pytest.mark.parametrize("made", FORMATS, ids=lambda made: made.id)
def test_a_blank_is_missing_where_the_publisher_leaves_blanks(tmp_path, target, made):
    if made.id in ("vdem", "wdi", "wdi-api", "undp"):
        path = made.changed("blank", 0, made.figure, "").put(tmp_path)
        assert build.import_release([path], target, accept=intake.RULES).source.values["rows"] > 0
    else:
        with pytest.raises(EligibilityError, match="must be a plain decimal number"):
            build.import_release([made.changed("blank", 0, made.figure, "").put(tmp_path)], target)


def test_two_dots_are_missing_in_wgi_alone(tmp_path, target):
    wgi_cell(5, "..")(tmp_path / BOOK)
    assert build.import_release([tmp_path / BOOK], target, accept=intake.RULES).source.values["rows"] == 4
    for made in FORMATS:
        with pytest.raises(EligibilityError, match=r"got \.\."):
            build.import_release([made.changed("dots", 0, made.figure, "..").put(tmp_path)], target)


# Each format as it must not be


def test_names_of_cases_are_their_own():
    assert len({case.id for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_hostile_file_is_refused_quickly_and_with_its_place(tmp_path, target, case):
    path, before = case.put(tmp_path), contents(target)
    with little_work(), pytest.raises(EligibilityError) as caught:
        build.import_release([path], target)
    message = str(caught.value)
    assert all(words in message for words in case.says), message
    assert all(problem.where.startswith(quoted(case.file)) for problem in caught.value.problems), message
    assert len(message) < 12_000 and message.replace("\n", "").isprintable()
    assert caught.value.exit_code == 2
    assert contents(target) == before


@pytest.mark.parametrize(
    "vintage",
    ["", "x", "../x", "v16/..", "V 16", "2026-13", "sdg-x", "sdg-", "oghist-fy25", "rome-2013", "x" * 80],
)
@pytest.mark.parametrize("id", ["unhcr", "women", "law", "treaty", "wdi", "gapminder", "ucdp"])
def test_a_vintage_that_is_none_is_refused(tmp_path, target, id, vintage):
    case = next(case for case in sound() if case.id == id)
    if vintage:
        with pytest.raises(EligibilityError, match="vintage|version|Accession|column|workbook|series"):
            build.import_release([case.put(tmp_path)], target, vintage)
        assert list(contents(target)) == [str(target / "notes.txt")]


@pytest.mark.parametrize("seed", range(60))
def test_a_flipped_byte_is_refused_or_another_figure(tmp_path, target, seed):
    """Whatever one wrong byte makes of a sound file, nothing but a refusal or a whole source comes out."""
    chance = random.Random(seed)
    case = chance.choice(sound())
    path = case.put(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    path.write_bytes(raw)
    try:
        source = build.import_release([path], target).source
    except EligibilityError:
        assert list(contents(target)) == [str(target / "notes.txt")]
    else:
        assert build.verify([source]) == ()
