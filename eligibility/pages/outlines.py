"""The drawing of the world: outlines and points as compiled in `datasets/world/`.

Coordinates are tenths of a pixel on a drawing as wide as the sheet says.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from eligibility.errors import IntegrityError
from eligibility.files import opened
from eligibility.files.seal import line_ends
from eligibility.resources import shipped

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
