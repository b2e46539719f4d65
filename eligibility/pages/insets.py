"""Where the recommended countries are: a small map a part of the world, with a numbered, named marker for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from eligibility.pages.blocks import Drawing, Drawings
from eligibility.pages.facts import Facts
from eligibility.pages.outlines import World
from eligibility.pages.said import say

WIDE, TALL = 176.0, 120.0
MOST = 4
LONG = 24  # letters of a name beside its marker; the words of the map have it whole
SHOWN = 9  # countries on the maps: every way to group so many is tried
ROOM = 0.55  # of the span of its countries, around them
LEAST = 900.0  # tenths of a pixel across: a map of one small country shows where it lies
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Marker:
    """A numbered spot: where the country is, where its number and name stand."""

    at: tuple[float, float]
    dot: tuple[float, float]
    text: tuple[float, float]
    anchor: str
    number: str
    name: str


@dataclass(frozen=True)
class Inset:
    """One map in pixels: the outlines as they are, moved and scaled by `transform`, and its markers."""

    transform: str
    stroke: str
    lands: tuple[tuple[str, tuple[str, ...]], ...]
    marks: tuple[Marker, ...]


def middle(world: World, iso3: str) -> tuple[float, float] | None:
    """The middle of a country on the drawing: of its circle, else of its largest outline; None where it is not drawn."""
    if iso3 in world.places:
        return world.places[iso3]
    if iso3 not in world.paths:
        return None
    best = max(_rings(world.paths[iso3]), key=len)
    xs, ys = [x for x, _ in best], [y for _, y in best]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _rings(path: str) -> list[list[tuple[float, float]]]:
    """The rings of an outline as points: each a start and its steps, as the drawing of the world has them."""
    rings = []
    for body in re.findall(r"M([^z]*)z", path):
        numbers = [float(n) for n in _NUMBER.findall(body)]
        xs, ys = (tuple(accumulate(numbers[k::2])) for k in (0, 1))
        rings.append([*zip(xs, ys, strict=True)])
    return rings


def _groups(places: dict[str, tuple[float, float]]) -> list[list[str]]:
    """Countries in at most four groups, so that the widest group is as narrow as can be; of those, with fewest groups."""
    codes = sorted(places, key=lambda c: places[c])[:SHOWN]

    def span(group: list[str]) -> float:
        xs, ys = zip(*(places[c] for c in group), strict=True)
        return max(LEAST, max(xs) - min(xs), (max(ys) - min(ys)) * WIDE / TALL)

    best: tuple[tuple[float, float, int], list[list[str]]] | None = None

    def place(k: int, groups: list[list[str]]) -> None:
        nonlocal best
        if k == len(codes):
            spans = [span(g) for g in groups]
            size = max(spans), sum(spans), len(groups)
            if best is None or size < best[0]:
                best = size, [list(g) for g in groups]
            return
        for group in groups:
            group.append(codes[k])
            place(k + 1, groups)
            group.pop()
        if len(groups) < MOST:
            place(k + 1, [*groups, [codes[k]]])

    place(0, [])
    return best[1] if best else []


def insets(facts: Facts, world: World) -> Drawings | None:
    """The maps of the recommended countries; None where none of them is drawn."""
    listed = facts.result.ranking.shortlist
    places = {c: at for c in listed if (at := middle(world, c))}
    if not places or facts.criteria.index:
        return None
    order = {c: n for n, c in enumerate(listed, 1)}
    drawings = []
    for group in sorted(_groups(places), key=lambda g: min(places[c][0] for c in g)):
        marks = tuple(sorted(group, key=order.__getitem__))
        region = " and ".join(dict.fromkeys(facts.regions[c] for c in marks if facts.regions[c]))
        named = tuple(say("inset.mark", n=order[c], name=facts.names[c]) for c in marks)
        alt, note = say("inset.alt", region=region, marks=named), say("inset.region", region=region)
        drawings.append(Drawing("inset", _inset(facts, world, marks, places, order), alt, note=note))
    return Drawings(tuple(drawings), "map", {"source": say("map.source").text})


def _inset(facts: Facts, world: World, marks, places, order) -> Inset:
    xs, ys = zip(*(places[c] for c in marks), strict=True)
    span = max(LEAST, (max(xs) - min(xs)) * (1 + ROOM), (max(ys) - min(ys)) * (1 + ROOM) * WIDE / TALL)
    scale = WIDE / span
    left, top = (min(xs) + max(xs)) / 2 - span / 2, (min(ys) + max(ys)) / 2 - span * TALL / WIDE / 2
    put = lambda p: (round((p[0] - left) * scale, 1), round((p[1] - top) * scale, 1))  # noqa: E731
    frame = (left, top, left + span, top + span * TALL / WIDE)
    inside = {c: path for c, path in world.paths.items() if _touches(path, frame)}
    by: dict[str, list[str]] = {"": [], "also": [], "named": []}
    for c, path in inside.items():
        also = "also" if facts.status.get(c) in ("eligible", "conditional") else ""
        by["named" if c in order else also].append(path)
    lands = tuple((t, tuple(paths)) for t, paths in by.items() if paths)
    move = f"scale({scale:.4f}) translate({-left:.1f} {-top:.1f})"
    spots = _marks(facts, marks, {c: put(places[c]) for c in marks}, order)
    return Inset(move, f"{0.6 / scale:.1f}", lands, spots)


def _touches(path: str, frame: tuple[float, float, float, float]) -> bool:
    """Whether any ring of an outline reaches into the frame."""
    for ring in _rings(path):
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        if min(xs) <= frame[2] and max(xs) >= frame[0] and min(ys) <= frame[3] and max(ys) >= frame[1]:
            return True
    return False


def _marks(facts: Facts, marks, at, order) -> tuple[Marker, ...]:
    """Numbers and names, one a line from top to bottom, on the side with more room, none over another."""
    lines = sorted(marks, key=lambda c: at[c][1])
    out, last = [], 4.0
    step = min(24.0, (TALL - 16) / max(1, len(lines)))
    for i, c in enumerate(lines):
        x, y = at[c]
        left = len(lines) - 1 - i
        line = min(
            max(y - 14 if y > TALL / 2 else y + 14, last + step if i else 12.0), TALL - 12 - left * step
        )
        last = line
        name = facts.names[c] if len(facts.names[c]) <= LONG else f"{facts.names[c][: LONG - 1]}…"
        width = 5.6 * len(name)
        right = x + 16 + width < WIDE - 4
        dot = min(max(x + (10 if right else -10), 10), WIDE - 10)
        if not right and round(dot - 11, 1) - width < 2:
            dot, right = 10.0, True
        text = round(dot + (11 if right else -11), 1), round(line + 3.5, 1)
        spot, anchor = (round(dot, 1), round(line, 1)), "start" if right else "end"
        out.append(Marker((x, y), spot, text, anchor, str(order[c]), name))
    return tuple(out)
