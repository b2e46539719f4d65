"""The drawing of the world: outlines and points as compiled in `datasets/world/`, and the values of a map.

    world    every land's path, the points of small ones, and the sheet they came with
    apart    circles that would lie on one another, moved until they do not

Coordinates are tenths of a pixel on a drawing as wide as the sheet says.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from eligibility import opened
from eligibility.errors import IntegrityError
from eligibility.resources import shipped
from eligibility.seal import line_ends

RADIUS = 34  # of a circle
GAP = 2 * RADIUS + 6  # between the middles of two circles

Place = tuple[float, float]


@dataclass(frozen=True)
class World:
    """What lands look like: iso3 -> path data; iso3 -> the middle of its circle, if it is too small to see.

    others   outlines of areas that no code stands for, drawn and never coloured
    sheet    publisher, citation, licence, checksum
    """

    paths: Mapping[str, str]
    places: Mapping[str, Place]
    others: tuple[str, ...]
    sheet: Mapping[str, Any]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the drawing."""
        return self.sheet["drawing"]["width"], self.sheet["drawing"]["height"]


@cache
def world() -> World:
    """The shipped drawing, after its checksum was found to hold."""
    folder = shipped("datasets") / "world"
    sheet = yaml.safe_load(opened.text(folder / "sheet.yaml"))
    content = opened.content(folder / "world.csv", opened.REGISTER)
    seen, due = hashlib.sha256(content).hexdigest(), sheet["values"]["sha256"]
    if seen != due:
        raise IntegrityError(
            f"world/world.csv: checksum: must be the one in sheet.yaml, {due} (got {seen}); "
            f"{line_ends(content, due) or 'the file was changed after it was compiled'}"
        )
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    return World(
        paths={row["iso3"]: row["outline"] for row in rows if row["iso3"] and row["outline"]},
        places={row["iso3"]: (float(row["x"]), float(row["y"])) for row in rows if row["iso3"] and row["x"]},
        others=tuple(row["outline"] for row in rows if not row["iso3"]),
        sheet=sheet,
    )


def apart(places: Mapping[str, Place], gap: float = GAP, rounds: int = 200) -> dict[str, Place]:
    """The places, each pair moved away from its middle until they are `gap` apart; whole numbers come back.

    >>> apart({"LCA": (0, 0), "VCT": (0, 10), "NPL": (500, 0)}, 30)
    {'LCA': (0, -10), 'VCT': (0, 20), 'NPL': (500, 0)}
    """
    at = {name: [float(x), float(y)] for name, (x, y) in places.items()}
    names = sorted(at)
    for _ in range(rounds):
        moved = False
        for i, one in enumerate(names):
            for two in names[i + 1 :]:
                a, b = at[one], at[two]
                far = math.dist(a, b)
                if far >= gap - 0.5:
                    continue
                step = [(q - p) / far for p, q in zip(a, b, strict=True)] if far else [0.0, 1.0]
                push = (gap - far) / 2
                for k in (0, 1):
                    a[k] -= step[k] * push
                    b[k] += step[k] * push
                moved = True
        if not moved:
            break
    return {name: (round(at[name][0]), round(at[name][1])) for name in places}


@dataclass(frozen=True)
class Land:
    """One candidate on the map: what a pointer resting on it reads, its outline's key or its circle."""

    iso3: str
    words: str
    circle: Place | None


@dataclass(frozen=True)
class Layer:
    """Candidates of one status, in one manner of drawing: "good", "partly", "bad" or "open"."""

    tone: str
    sign: str
    word: str
    count: str
    lands: tuple[Land, ...]


@dataclass(frozen=True)
class Map:
    """The map of a briefing with the sentences around it."""

    title: str
    subtitle: str
    alt: str
    desc: str
    layers: tuple[Layer, ...]
    rest: Layer  # lands that are no candidates
    boundaries: str
    source: str
