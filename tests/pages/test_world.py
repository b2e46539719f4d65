"""The map: the projection against published figures, the outlines as shipped."""

from __future__ import annotations

import hashlib
import math
import re
import struct
from itertools import pairwise
from pathlib import Path

import equal_earth
import natural_earth
import pytest
from equal_earth import WIDTH, height

from eligibility.data import countries
from eligibility.errors import DataError, IntegrityError
from eligibility.pages import outlines
from eligibility.resources import shipped

# PROJ 9.5.1, +proj=eqearth +R=1: an implementation that is not ours
PROJ = {
    (180, 0): (2.7066299836960748, 0.0),
    (0, 90): (0.0, 1.3173627591574133),
    (180, 90): (1.6035886482840516, 1.3173627591574133),
    (30, 45): (0.38661816636766116, 0.8602310855220102),
    (-75, -33): (-1.0398183449380447, -0.6487187860741879),
    (120, 60): (1.3593733917143727, 1.0883008355053196),
    (10, -80): (0.09279317665261379, -1.2882111962202532),
}


@pytest.mark.parametrize("place, plane", PROJ.items())
def test_the_projection_gives_what_proj_gives(place, plane):
    assert equal_earth.equal_earth(*place) == pytest.approx(plane, abs=1e-14)


@pytest.mark.parametrize("latitude", [-75, -40, -10, 0.0, 25, 55, 80])
def test_areas_are_true(latitude):
    """A small cell keeps its area everywhere, which is what the name says."""
    e = 1e-3
    (x0, y0), (x1, _), (x2, y2) = (
        equal_earth.equal_earth(60 + dx, latitude + dy) for dx, dy in ((0, 0), (e, 0), (0, e))
    )
    cell = (x1 - x0) * (y2 - y0)  # parallels are straight, so the shear takes nothing away
    assert x2 != x0 or latitude == 0
    assert cell == pytest.approx(math.radians(e) ** 2 * math.cos(math.radians(latitude)), rel=1e-4)


def test_a_border_shared_by_two_lands_stays_shared():
    wiggle = [(140 if i % 6 == 3 else 100 + i % 2, 5 * i) for i in range(1, 20)]
    west = [(0, 0), (100, 0), *wiggle, (100, 100), (0, 100)]
    east = [(200, 0), (200, 100), (100, 100), *reversed(wiggle), (100, 0)]
    thin = equal_earth.simplified({"west": [west], "east": [east]}, 5)
    inner = [set(thin[name][0]) - {(0, 0), (0, 100), (200, 0), (200, 100)} for name in ("west", "east")]
    assert inner[0] == inner[1]
    assert 2 < len(inner[0]) < len(wiggle)


def test_an_island_keeps_its_shape_and_loses_corners():
    circle = [
        (round(1000 * math.cos(t / 50 * math.pi)), round(1000 * math.sin(t / 50 * math.pi)))
        for t in range(100)
    ]
    (thin,) = equal_earth.simplified({"island": [circle]}, 10)["island"]
    assert len(thin) < 50
    assert equal_earth.area(thin) == pytest.approx(math.pi * 1e6, rel=0.02)


def drawn_points(path: str) -> list[list[tuple[int, int]]]:
    """The rings of path data, back as points."""
    rings = []
    for ring in path.split("M")[1:]:
        start, steps = ring.rstrip("z").split("l")
        numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
        at = tuple(int(n) for n in start.split())
        points = [at]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            at = at[0] + dx, at[1] + dy
            points.append(at)
        rings.append(points)
    return rings


def test_the_shipped_outlines_lie_on_the_drawing_and_no_streak_crosses_it():
    drawn = outlines.world()
    assert drawn.size == (WIDTH, height())
    for iso3, path in drawn.paths.items():
        for ring in drawn_points(path):
            assert len(ring) > 2
            assert all(0 <= x <= WIDTH and 0 <= y <= height() for x, y in ring), iso3
            assert max(math.dist(a, b) for a, b in pairwise(ring)) < 1500, iso3
    assert all(0 <= x <= WIDTH and 0 <= y <= height() for x, y in drawn.places.values())


def test_every_land_of_the_register_is_on_the_map_but_the_uninhabited_and_a_unit_of_v_dem():
    drawn, register = outlines.world(), countries.register()
    on_it = drawn.paths.keys() | drawn.places.keys()
    assert on_it <= set(register)
    missing = {i for i in register if i not in on_it and register[i].end is None and register[i].region}
    assert missing == {"IOT", "PCN", "SJM", "UMI", "ZZB"} & set(register) - on_it
    assert {"XKX", "SML", "ESH", "TWN", "PSE"} <= on_it
    assert len(drawn.others) == 1  # Northern Cyprus, which no code stands for


def test_large_countries_lie_where_they_are_and_small_ones_have_a_circle():
    drawn = outlines.world()
    boxes = {
        c: [
            f(p[k] for ring in drawn_points(drawn.paths[c]) for p in ring) for k in (0, 1) for f in (min, max)
        ]
        for c in ("FRA", "COD", "AUS", "CAN")
    }
    for c, place in {"COD": (23, -3), "AUS": (134, -25), "CAN": (-105, 60)}.items():
        x, y = equal_earth.placed(*place)
        assert boxes[c][0] < x < boxes[c][1] and boxes[c][2] < y < boxes[c][3], c
    assert {"TUV", "MDV", "COM", "STP", "MUS", "CPV", "FJI", "KIR", "SGP", "MLT"} <= drawn.places.keys()
    assert not {"FRA", "COD", "BOL", "NPL"} & drawn.places.keys()


def test_an_outline_that_was_changed_is_refused(tmp_path, monkeypatch):
    folder = tmp_path / "datasets" / "world"
    folder.mkdir(parents=True)
    for name in ("sheet.yaml", "world.csv"):
        (folder / name).write_bytes((shipped("datasets") / "world" / name).read_bytes())
    (folder / "world.csv").write_bytes((folder / "world.csv").read_bytes() + b"ZZZ,Atlantis,1,1,\n")
    monkeypatch.setattr(outlines, "shipped", lambda part: tmp_path / part)
    with pytest.raises(IntegrityError, match="world.csv: checksum"):
        outlines.world.__wrapped__()


def dbase(rows: list[tuple[str, str]]) -> bytes:
    """A dBase table of codes and names."""
    fields = b"".join(
        n.ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([20]) + b"\0" * 15 for n in (b"iso_a3", b"name")
    )
    head = struct.pack("<4xIHH", len(rows), 32 + len(fields) + 1, 41) + b"\0" * 20 + fields + b"\r"
    return head + b"".join(b" " + code.ljust(20).encode() + name.ljust(20).encode() for code, name in rows)


def shapefile(lands: list[list[list[tuple[float, float]]]]) -> bytes:
    """A shapefile of polygons, each ring closed."""
    out = b"\0" * 100
    for number, rings in enumerate(lands, 1):
        points = [p for ring in rings for p in [*ring, ring[0]]]
        starts, at = [], 0
        for ring in rings:
            starts.append(at)
            at += len(ring) + 1
        body = struct.pack("<i32xii", 5, len(rings), len(points)) + struct.pack(f"<{len(starts)}i", *starts)
        body += b"".join(struct.pack("<2d", *p) for p in points)
        out += struct.pack(">ii", number, len(body) // 2) + body
    return out


SQUARES = [[[(x, y), (x, y + 5), (x + 5, y + 5), (x + 5, y)]] for x, y in ((0, 0), (5, 0), (20, 40))]


def test_codes_become_those_of_the_register_and_an_unknown_one_is_an_error():
    codes = [("FRA", "France"), ("-99", "Kosovo"), ("CYN", "N. Cyprus")]
    lands = natural_earth.outlines(dbase(codes), shapefile(SQUARES))
    assert [*lands] == [("FRA", "France"), ("XKX", "Kosovo"), ("", "N. Cyprus")]
    assert lands == natural_earth.outlines(dbase(codes), shapefile(SQUARES))
    rows = natural_earth.rows(lands, {"MLT": (5, 6), "XKX": (1, 1)})
    assert [row[0] for row in rows] == ["", "FRA", "MLT", "XKX"]
    assert rows[2] == ("MLT", "Malta", "5", "6", "")
    with pytest.raises(DataError, match=r"Atlantis: a code of the register \(got QQQ\)"):
        natural_earth.outlines(dbase([*codes[:2], ("QQQ", "Atlantis")]), shapefile(SQUARES))


def test_a_shape_that_is_no_polygon_or_a_wheel_that_is_another_is_refused(tmp_path):
    points = bytearray(shapefile(SQUARES))
    points[108] = 1
    with pytest.raises(DataError, match="must be a polygon"):
        natural_earth.outlines(dbase([("FRA", "France")] * 3), bytes(points))
    with pytest.raises(DataError, match="cannot be read"):
        natural_earth.compiled(tmp_path)
    (tmp_path / next(iter(natural_earth.WHEELS))).write_bytes(b"something else")
    with pytest.raises(DataError, match="checksum"):
        natural_earth.compiled(tmp_path)


def test_each_small_land_is_placed_by_a_zone_of_its_own_code():
    """The zone's country is the land's: checked against the ISO table, where both files are on this machine."""
    pycountry = pytest.importorskip("pycountry", reason="pycountry is not installed")
    tzdata = pytest.importorskip("tzdata", reason="tzdata is not installed")
    table = (Path(tzdata.__file__).parent / "zoneinfo" / "zone.tab").read_text(encoding="ascii")
    zones = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            zones[zone] = code
    words = natural_earth.PLACES.split()
    own = {"CHI": "GG", "PSG": "PS"}  # no ISO codes: the Channel Islands together, Gaza
    for iso3, zone in zip(words[::2], words[1::2], strict=True):
        land = pycountry.countries.get(alpha_3=iso3)
        assert zones[zone] == (land.alpha_2 if land else own[iso3])


def test_the_sheet_says_what_a_source_must():
    sheet = outlines.world().sheet
    assert {
        "publisher",
        "title",
        "citation",
        "url",
        "licence",
        "licence_url",
        "vintage",
        "files",
    } <= sheet.keys()
    assert sheet["licence"] == "Public domain"
    table = (shipped("datasets") / "world" / "world.csv").read_bytes()
    assert hashlib.sha256(table).hexdigest() == sheet["values"]["sha256"]
    assert table.count(b"\n") - 1 == sheet["values"]["rows"]
