"""The outlines of the world map: Natural Earth's countries, and a point for each land too small to see.

    python tests/harness/natural_earth.py DIR      DIR holds the wheels of WHEELS; the same give the same bytes

Run by whoever maintains `datasets/world/`. A page only looks its drawing up there, so nothing is projected, and no
library of maps is needed, when a report is written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import struct
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import equal_earth
import yaml
from equal_earth import Point, Ring

from eligibility.data import countries
from eligibility.errors import DataError, Problem
from eligibility.files import opened
from eligibility.resources import shipped

FOLDER, TABLE, SHEET = "world", "world.csv", "sheet.yaml"
COLUMNS = ("iso3", "name", "x", "y", "outline")
WHEELS = {
    "geopandas-0.14.4-py3-none-any.whl": "3bb6473cb59d51e1a7fe2dbc24a1a063fb0ebdeddf3ce08ddbf8c7ddc99689aa",
    "tzdata-2025.2-py2.py3-none-any.whl": "1a403fada01ff9221ca8044d701868fa132215d84beb92242d9acd2147f667a8",
}
SHAPES = "geopandas/datasets/naturalearth_lowres/naturalearth_lowres"
ZONES = "tzdata/zoneinfo/zone.tab"

BEND = 1.5  # a corner nearer than this to the line without it is left out, in tenths of a pixel
SMALL = 1000.0  # a land below this, in square tenths of a pixel, is too small to see and has a circle
POLYGON = 5  # the shapefile's number for it

# Natural Earth's codes that are not the register's. Northern Cyprus is a candidate under no publisher in use; it is
# drawn, and never coloured.
OWN_CODES = {("-99", "Kosovo"): "XKX", ("SOL", "Somaliland"): "SML", ("CYN", "N. Cyprus"): ""}
LEFT_OUT = ("ATA",)

# Lands without an outline at 1:110m: the zone of tzdata whose principal place stands for each.
PLACES = """
ABW America/Aruba AIA America/Anguilla ALA Europe/Mariehamn AND Europe/Andorra ASM Pacific/Pago_Pago
ATG America/Antigua BES America/Kralendijk BHR Asia/Bahrain BLM America/St_Barthelemy BMU Atlantic/Bermuda
BRB America/Barbados CCK Indian/Cocos CHI Europe/Guernsey COK Pacific/Rarotonga COM Indian/Comoro
CPV Atlantic/Cape_Verde CUW America/Curacao CXR Indian/Christmas CYM America/Cayman DMA America/Dominica
FRO Atlantic/Faroe FSM Pacific/Pohnpei GGY Europe/Guernsey GIB Europe/Gibraltar GLP America/Guadeloupe
GRD America/Grenada GUF America/Cayenne GUM Pacific/Guam HKG Asia/Hong_Kong IMN Europe/Isle_of_Man JEY Europe/Jersey
KIR Pacific/Tarawa KNA America/St_Kitts LCA America/St_Lucia LIE Europe/Vaduz MAC Asia/Macau MAF America/Marigot
MCO Europe/Monaco MDV Indian/Maldives MHL Pacific/Majuro MLT Europe/Malta MNP Pacific/Saipan MSR America/Montserrat
MTQ America/Martinique MUS Indian/Mauritius MYT Indian/Mayotte NFK Pacific/Norfolk NIU Pacific/Niue NRU Pacific/Nauru
PLW Pacific/Palau PSG Asia/Gaza PYF Pacific/Tahiti REU Indian/Reunion SGP Asia/Singapore SHN Atlantic/St_Helena
SMR Europe/San_Marino SPM America/Miquelon STP Africa/Sao_Tome SXM America/Lower_Princes SYC Indian/Mahe
TCA America/Grand_Turk TKL Pacific/Fakaofo TON Pacific/Tongatapu TUV Pacific/Funafuti VAT Europe/Vatican
VCT America/St_Vincent VGB America/Tortola VIR America/St_Thomas WLF Pacific/Wallis WSM Pacific/Apia
"""

ABOUT = {
    "id": "natural-earth-110m",
    "publisher": "Natural Earth",
    "title": "Admin 0 countries, 1:110m; points from the zone table of the IANA Time Zone Database",
    "citation": "Natural Earth, 1:110m Cultural Vectors, Admin 0 countries, as carried by geopandas 0.14.4 "
    "(naturalearth_lowres). IANA Time Zone Database 2025b, zone.tab, as carried by tzdata 2025.2.",
    "url": "https://www.naturalearthdata.com/downloads/110m-cultural-vectors/",
    "licence": "Public domain",
    "licence_url": "https://www.naturalearthdata.com/about/terms-of-use/",
    "vintage": "as in geopandas 0.14.4",
    "released": date(2024, 4, 28),
    "boundaries": "Western Sahara, Taiwan, Kosovo, Somaliland and Northern Cyprus are drawn as areas of their own, "
    "Crimea with Ukraine.",
    "notes": [
        "Which release of Natural Earth the file was made from is not on file; the day is that of the carrier's files.",
        "Crimea was set with Ukraine by the carrier; Natural Earth's own file draws it with Russia.",
        "Corners nearer than 0.15 pixels to the line without them are left out, on a drawing 720 pixels wide.",
    ],
}


def compile_into(origin: Path, folder: Path) -> None:
    """Writes the table and its sheet into the folder, from the wheels that lie in `origin`."""
    content = compiled(origin)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in content.items():
        (folder / name).write_bytes(data)


def compiled(origin: Path) -> dict[str, bytes]:
    """The files of `datasets/world/`, by name."""
    maps, zones = (_wheel(Path(origin) / name, checksum) for name, checksum in WHEELS.items())
    used = {f"{SHAPES}.dbf": maps, f"{SHAPES}.shp": maps, ZONES: zones}
    held = {name: wheel.read(name) for name, wheel in used.items()}
    lands = outlines(held[f"{SHAPES}.dbf"], held[f"{SHAPES}.shp"])
    table = _text(rows(lands, points(held[ZONES].decode("ascii")))).encode()
    files = [{"name": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in held.items()]
    values = {"rows": table.count(b"\n") - 1, "sha256": hashlib.sha256(table).hexdigest()}
    drawing = {"width": equal_earth.WIDTH, "height": equal_earth.height()}
    sheet = ABOUT | {
        "carriers": [{"name": n, "sha256": c} for n, c in WHEELS.items()],
        "files": files,
        "values": values,
        "drawing": drawing,
    }
    head = "# Compiled by tests/harness/natural_earth.py; edits are lost.\n"
    text = head + yaml.safe_dump(sheet, sort_keys=False, allow_unicode=True, width=110)
    return {TABLE: table, SHEET: text.encode()}


def outlines(dbf: bytes, shp: bytes) -> dict[tuple[str, str], list[Ring]]:
    """(iso3, name) -> its rings on the drawing, borders shared; DataError names every code nobody knows."""
    register, lands, problems = countries.register(), {}, []
    for (code, name), rings in zip(_named(dbf), _shapes(shp), strict=True):
        iso3 = OWN_CODES.get((code, name), code)
        if iso3 in LEFT_OUT:
            continue
        if iso3 and iso3 not in register:
            hint = "say in OWN_CODES which land it is"
            problems.append(Problem(f"{SHAPES}.dbf", name, "a code of the register", code, hint))
        key = iso3, register.name(iso3) if iso3 in register else name
        lands[key] = equal_earth.dissolved([equal_earth.placed(*p) for p in ring] for ring in rings)
    if problems:
        raise DataError(problems)
    return equal_earth.simplified(lands, BEND)


def points(zones: str) -> dict[str, Point]:
    """iso3 -> where the principal place of its zone lies on the drawing, for the lands of PLACES."""
    found = {}
    for line in zones.splitlines():
        if not line.startswith("#"):
            _, where, zone = line.split("\t")[:3]
            found[zone] = _degrees(where)
    words = PLACES.split()
    return {
        iso3: equal_earth.placed(*found[zone]) for iso3, zone in zip(words[::2], words[1::2], strict=True)
    }


def rows(lands: dict[tuple[str, str], list[Ring]], places: dict[str, Point]) -> list[tuple[str, ...]]:
    """One row a land: its outline, or its point, or both where the outline is too small to see."""
    register, out = countries.register(), []
    for (iso3, name), rings in lands.items():
        small = sum(abs(equal_earth.area(ring)) for ring in rings) < SMALL
        point = _middle(max(rings, key=lambda ring: abs(equal_earth.area(ring)))) if small else ("", "")
        out.append((iso3, name, *map(str, point), equal_earth.path(rings)))
    drawn = {iso3 for iso3, _ in lands}
    out += [(i, register.name(i), *map(str, place), "") for i, place in places.items() if i not in drawn]
    return sorted(out)


def _middle(ring: Ring) -> Point:
    """The middle of the box around a ring."""
    xs, ys = zip(*ring, strict=True)
    return (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2


def _degrees(where: str) -> tuple[float, float]:
    """Longitude and latitude of ISO 6709 text such as +1431-06050 or +402646-0735959.

    >>> _degrees("-0848+01314")
    (13.233333333333333, -8.8)
    """
    parts = re.findall(r"([+-])(\d{2,3}?)(\d{2})(\d{2})?(?=[+-]|$)", where)
    y, x = (
        (int(d) + int(m) / 60 + int(s or 0) / 3600) * (-1 if sign == "-" else 1) for sign, d, m, s in parts
    )
    return x, y


def _named(dbf: bytes) -> Iterator[tuple[str, str]]:
    """Code and name of each record of a dBase table."""
    count, start, size = struct.unpack("<IHH", dbf[4:12])
    fields, at, offset = {}, 32, 1  # a record begins with the mark of deletion
    while dbf[at] != 0x0D:
        name, length = dbf[at : at + 11].split(b"\0")[0].decode("ascii"), dbf[at + 16]
        fields[name], at, offset = slice(offset, offset + length), at + 32, offset + length
    for i in range(count):
        record = dbf[start + i * size : start + (i + 1) * size]
        code, name = (record[fields[f]].decode("latin-1").strip() for f in ("iso_a3", "name"))
        yield code, name


def _shapes(shp: bytes) -> Iterator[list[list[tuple[float, float]]]]:
    """The rings of each record of a shapefile, in degrees, each without its last point, which is its first."""
    at = 100
    while at < len(shp):
        (words,) = struct.unpack(">i", shp[at + 4 : at + 8])
        body = shp[at + 8 : at + 8 + 2 * words]
        kind, parts, count = struct.unpack("<i32xii", body[:44])
        if kind != POLYGON:
            raise DataError(Problem(f"{SHAPES}.shp", f"byte {at}", "must be a polygon", str(kind)))
        starts = [*struct.unpack(f"<{parts}i", body[44 : 44 + 4 * parts]), count]
        flat = struct.unpack(f"<{2 * count}d", body[44 + 4 * parts : 44 + 4 * parts + 16 * count])
        places = list(zip(flat[::2], flat[1::2], strict=True))
        yield [places[a : b - 1] for a, b in pairwise(starts)]
        at += 8 + 2 * words


def _wheel(path: Path, checksum: str) -> zipfile.ZipFile:
    """A wheel whose checksum holds."""
    try:
        data = opened.content(path, opened.SEALED)
    except OSError as error:
        hint = "fetch it first; docs/data.md gives the command"
        raise DataError(Problem(str(path), "file", f"cannot be read: {error.strerror}", hint=hint)) from None
    if (seen := hashlib.sha256(data).hexdigest()) != checksum:
        raise DataError(Problem(path.name, "checksum", f"must be {checksum}", seen))
    return zipfile.ZipFile(io.BytesIO(data))


def _text(table: list[tuple[str, ...]]) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([COLUMNS, *table])
    return out.getvalue()


if __name__ == "__main__":
    compile_into(Path(sys.argv[1]), shipped("datasets") / FOLDER)
