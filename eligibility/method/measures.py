"""What the tests and scales look at, as arrays of draws x countries.

One `Measures` serves a point estimate (one draw, no error), ten thousand error draws, and a
what-if (one scenario a draw): the evaluator cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from eligibility.method import streams
from eligibility.panel import Cells, sd_of
from eligibility.policy import Quantity, Uncertainty


@dataclass(frozen=True)
class Measures:
    """Values of indicators now and before.

    countries   the columns, by ISO3, sorted
    now         indicator -> draws x countries, native units, NaN where missing
    before      quantity -> draws x countries: the earlier value (change_over) or the largest
                value of the years before now (peak_over, change_from_peak)
    absent      indicators of which no figure is held for any country: NaN for everybody, and no country's fault
    """

    countries: tuple[str, ...]
    now: Mapping[str, np.ndarray]
    before: Mapping[Quantity, np.ndarray]
    absent: frozenset[str] = frozenset()

    def of(self, quantity: Quantity) -> np.ndarray:
        """The quantity, draws x countries. Differences are rounded to 12 decimals so that a
        fall from 0.883 to 0.783 is a fall of 0.1.
        """
        now = self.now[quantity.indicator]
        if quantity.measure == "level":
            return now
        before = self.before[quantity]
        if quantity.measure == "change_over":
            return np.round(now - before, 12)
        peak = np.where(np.isnan(now), np.nan, np.maximum(now, before))
        return peak if quantity.measure == "peak_over" else np.round(now - peak, 12)

    def having(self, indicator: str, values: np.ndarray) -> Measures:
        """The same measures with one indicator's present values replaced (a what-if)."""
        return replace(self, now={**self.now, indicator: values})


def point(cells: Cells, quantities: Iterable[Quantity]) -> Measures:
    """The measures of the published values: one draw without error."""
    quantities = tuple(quantities)
    now = {q.indicator: cells.value[q.indicator].to_numpy()[None, :] for q in quantities}
    before = {q: _before(cells, q)[0][None, :] for q in quantities if q.measure != "level"}
    return Measures(cells.countries, now, before, frozenset(now) & cells.absent)


def _before(cells: Cells, quantity: Quantity) -> tuple[np.ndarray, np.ndarray]:
    """The value `years` before each country's newest, or the largest of the years between; and its year.

    A peak needs at least half of its window's years; a change needs exactly its year.
    """
    history = cells.panel.history(quantity.indicator, cells.as_of).reindex(columns=list(cells.countries))
    newest = cells.year[quantity.indicator].to_numpy()
    value, of = np.full(len(newest), np.nan), np.full(len(newest), np.nan)
    years, known = history.index.to_numpy(), history.to_numpy()
    for year in np.unique(newest[~np.isnan(newest)]):
        mine, start = np.flatnonzero(newest == year), year - quantity.years
        last = start + 1 if quantity.measure == "change_over" else year
        inside = (years >= start) & (years < last)
        window = known[inside][:, mine]
        there = ~np.isnan(window)
        enough = there.sum(axis=0) >= (1 if quantity.measure == "change_over" else quantity.years / 2)
        window, mine = window[:, enough], mine[enough]
        if mine.size:
            at = np.nanargmax(window, axis=0)
            value[mine], of[mine] = window[at, np.arange(len(mine))], years[inside][at]
    return value, of


class ErrorModel:
    """Measurement error of every uncertain value, drawn from streams keyed by country and series.

    Adding a country, an indicator or a gate changes no other value's draws. For one country
        z_now  = sqrt(r) * u + sqrt(1 - r) * e        u shared by its indicators, e its own
        z_then = p * z_now + sqrt(1 - p^2) * e'       the same indicator in earlier years
    with r `correlation` and p `persistence`; u raises "better" and lowers "worse" indicators.
    An earlier value has the error of its own year, a past peak that of its peak year. Draws are clipped to the series' declared range. A class that follows another index (regime
    follows polyarchy at 0.5) changes where the draw of that index crosses the cut.
    """

    def __init__(self, cells: Cells, centre: Measures, uncertainty: Uncertainty, sample: str = ""):
        """sample   the name of another, independent sample; the run's own has none."""
        self.cells, self.centre, self.uncertainty, self.sample = cells, centre, uncertainty, sample
        index, assumed = cells.value.index, dict(uncertainty.assumed_sd)
        self._sd_before = {
            q: np.nan_to_num(sd_of(cells.panel, q.indicator, *_before(cells, q), index, assumed)[0])
            for q in centre.before
        }
        self._streams: dict[tuple[str, ...], streams.Normals] = {}

    @property
    def known(self) -> bool:
        """Whether anything looked at has a measurement error that somebody states, models or assumes.

        What a figure gains by being carried does not count: that is age and no error of its own.
        """
        kinds, marks = self.cells.sd_kind, self.cells.mark
        return any(((kinds[i] != "none") & (marks[i] == "")).any() for i in self.centre.now)

    def draw(self, draws: int) -> Measures:
        """The next `draws` joint draws of every measure."""
        cells, centre = self.cells, self.centre
        common, alone = np.sqrt(self.uncertainty.correlation), np.sqrt(1 - self.uncertainty.correlation)
        lasts, fades = self.uncertainty.persistence, np.sqrt(1 - self.uncertainty.persistence**2)
        follow = {i: cells.sheets[i].follows for i in centre.now if cells.sheets[i].follows}
        shared = common * self._normals(("country",), draws)
        now, then = {}, {}
        for indicator in sorted({*centre.now, *follow.values()} - set(follow)):
            value, sd = cells.value[indicator].to_numpy(), cells.sd[indicator].to_numpy()
            if not (sd > 0).any():
                now[indicator] = np.broadcast_to(value, (draws, len(value)))
                continue
            z = self._normals((indicator,), draws, sd > 0)
            z *= alone
            z = (
                np.subtract(z, shared, out=z)
                if cells.sheets[indicator].better == "low"
                else np.add(z, shared, out=z)
            )
            now[indicator] = self._around(indicator, value, np.nan_to_num(sd), z)
            if any(q.indicator == indicator for q in centre.before):
                then[indicator] = lasts * z + fades * self._normals((indicator, "before"), draws, sd > 0)
        before = {
            q: self._around(q.indicator, value[0], self._sd_before[q], then[q.indicator])
            if q.indicator in then
            else np.broadcast_to(value, (draws, value.shape[1]))
            for q, value in centre.before.items()
        }
        for indicator, leader in follow.items():
            now[indicator] = _class_of(cells, indicator, leader, now[leader])
        return Measures(centre.countries, {i: now[i] for i in centre.now}, before, centre.absent)

    def _around(self, indicator: str, value: np.ndarray, sd: np.ndarray, z: np.ndarray) -> np.ndarray:
        """value + sd * z, held to the declared range."""
        out = z * sd
        out += value
        sheet = self.cells.sheets[indicator]
        return np.clip(out, sheet.lo, sheet.hi, out=out)

    def _normals(self, key: tuple[str, ...], draws: int, where: np.ndarray | None = None) -> np.ndarray:
        """draws x countries of standard normals, each column from its own stream; 0 where not asked for."""
        countries = self.centre.countries
        asked = np.arange(len(countries)) if where is None else np.flatnonzero(where)
        if key not in self._streams:
            names, own = [countries[i] for i in asked], (self.sample, *key) if self.sample else key
            self._streams[key] = streams.Normals(self.uncertainty.seed, own, names, self.uncertainty.draws)
        z = self._streams[key].next(draws)
        if len(asked) < len(countries):
            z, some = np.zeros((len(countries), draws)), z
            z[asked] = some
        return z.T


def _class_of(cells: Cells, indicator: str, leader: str, draws: np.ndarray) -> np.ndarray:
    """The class in each draw: the published one, moved where the leading index crosses its cut.

    A country whose index stood above the cut and was still put in the lower class stays there:
    something other than the index decided it.
    """
    sheet = cells.sheets[indicator]
    low, high = sheet.between
    value, lead = cells.value[indicator].to_numpy(), cells.value[leader].to_numpy()
    falls = (value >= high) & (draws <= sheet.cut)
    rises = (value == low) & (lead <= sheet.cut) & (draws > sheet.cut)
    return np.where(falls, float(low), np.where(rises, float(high), value))
