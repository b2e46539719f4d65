"""From degrees to a drawing: the Equal Earth projection, borders in one piece, fewer corners, path data.

Corners are whole tenths of a pixel throughout, so that two lands share a border exactly or not at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TypeVar

Point = tuple[int, int]  # tenths of a pixel
Ring = list[Point]
K = TypeVar("K")

WIDTH = 7200  # of the drawing, in tenths of a pixel
MIDDLE = 11.6  # degrees east: the edge of the map runs through the Bering Strait and cuts no land
SOUTH, NORTH = -56.5, 83.7  # Antarctica is left out


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """x and y of a place on the Equal Earth projection of a sphere of radius one; degrees in, y upwards.

    An equal-area map with a polynomial fitted by Šavrič, Patterson and Jenny (2018, The Equal Earth map projection,
    International Journal of Geographical Information Science).

    >>> [round(v, 9) for v in equal_earth(180, 0)], [round(v, 9) for v in equal_earth(0, 90)]
    ([2.706629984, 0.0], [0.0, 1.317362759])
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = a1 + 3 * a2 * t**2 + 7 * a3 * t**6 + 9 * a4 * t**8
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * slope)
    return x, t * (a1 + a2 * t**2 + a3 * t**6 + a4 * t**8)


def placed(longitude: float, latitude: float) -> Point:
    """Where a place lies on the drawing, in tenths of a pixel from its upper left corner.

    >>> placed(MIDDLE, NORTH), placed(MIDDLE - 180, 0)[0], placed(MIDDLE + 179.999, 0)[0]
    ((3600, 0), 0, 7200)
    """
    across, top = equal_earth(180, 0)[0], equal_earth(0, NORTH)[1]
    x, y = equal_earth((longitude - MIDDLE + 180) % 360 - 180, min(max(latitude, SOUTH), NORTH))
    scale = WIDTH / (2 * across)
    return round((x + across) * scale), round((top - y) * scale)


def height() -> int:
    """The height of the drawing, in tenths of a pixel."""
    return placed(MIDDLE, SOUTH)[1]


def area(ring: Ring) -> float:
    """The area a ring encloses; negative where it runs the other way round.

    >>> area([(0, 0), (0, 2), (3, 2), (3, 0)])
    -6.0
    """
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(ring)) / 2


def dissolved(rings: Iterable[Ring]) -> list[Ring]:
    """The rings of one land with inner seams gone: an edge run both ways, as at 180 degrees, belongs to no border.

    >>> dissolved([[(0, 0), (0, 2), (1, 2), (1, 0)], [(1, 0), (1, 2), (3, 2), (3, 0)]])
    [[(0, 0), (0, 2), (1, 2), (3, 2), (3, 0), (1, 0)]]
    """
    edges: dict[tuple[Point, Point], None] = {}
    for ring in rings:
        for a, b in _edges(ring):
            if (b, a) in edges:
                del edges[b, a]
            elif a != b:
                edges[a, b] = None
    after: dict[Point, list[Point]] = {}
    for a, b in edges:
        after.setdefault(a, []).append(b)
    out = []
    for start in sorted(after):
        while after[start]:
            ring, at = [start], after[start].pop(0)
            while at != start:
                ring.append(at)
                at = after[at].pop(0)
            out.append(ring)
    return [ring for ring in out if len(ring) > 2]


def simplified(lands: Mapping[K, list[Ring]], bend: float) -> dict[K, list[Ring]]:
    """The lands with fewer corners; what two lands share stays shared.

    Rings are cut where borders meet, and each piece is thinned in the same direction whoever it belongs to, after
    Douglas and Peucker (1973). `bend` is the distance below which a corner goes.
    """
    beside: dict[Point, set[Point]] = {}
    for rings in lands.values():
        for ring in rings:
            for a, b in _edges(ring):
                beside.setdefault(a, set()).add(b)
                beside.setdefault(b, set()).add(a)
    meets = {point for point, others in beside.items() if len(others) != 2}
    out = {name: [_thinned(ring, meets, bend) for ring in rings] for name, rings in lands.items()}
    return {name: [ring for ring in rings if len(ring) > 2] for name, rings in out.items()}


def _thinned(ring: Ring, meets: set[Point], bend: float) -> Ring:
    """A ring piece by piece, each between two of the points where borders meet."""
    first = next((i for i, p in enumerate(ring) if p in meets), ring.index(min(ring)))
    turned = [*ring[first:], *ring[: first + 1]]
    cuts = [i for i, p in enumerate(turned) if i in (0, len(turned) - 1) or p in meets]
    if len(cuts) == 2:  # nothing to hold on to but the start: the corner farthest from it is the other end
        far = max(range(len(turned)), key=lambda i: (math.dist(turned[0], turned[i]), turned[i]))
        cuts.insert(1, far)
    out: Ring = []
    for i, j in pairwise(cuts):
        piece = turned[i : j + 1]
        kept = _fewer(piece, bend) if piece[0] <= piece[-1] else _fewer(piece[::-1], bend)[::-1]
        out += kept[:-1]
    return out


def _fewer(line: Ring, bend: float) -> Ring:
    """A line without the corners that lie nearer than `bend` to it (Douglas and Peucker 1973)."""
    if len(line) < 3:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    length = math.hypot(bx - ax, by - ay)
    off = [
        abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length else math.dist((ax, ay), (x, y))
        for x, y in line
    ]
    far = max(range(len(line)), key=off.__getitem__)
    if off[far] < bend:
        return [line[0], line[-1]]
    return _fewer(line[: far + 1], bend)[:-1] + _fewer(line[far:], bend)


def path(rings: Iterable[Ring]) -> str:
    """Rings as the `d` of an SVG path, in steps from corner to corner.

    >>> path([[(0, 0), (0, 20), (15, 5)]])
    'M0 0l0 20 15-15z'
    """
    out = []
    for ring in rings:
        steps = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in _edges(ring)[:-1])
        out.append(f"M{ring[0][0]} {ring[0][1]}l{steps}z".replace(" -", "-"))
    return "".join(out)


def _edges(ring: Ring) -> list[tuple[Point, Point]]:
    """The edges of a closed ring."""
    return list(zip(ring, [*ring[1:], *ring[:1]], strict=True))
