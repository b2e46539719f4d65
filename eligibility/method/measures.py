"""What the tests and scales look at, as arrays of draws x countries.

One `Measures` serves a point estimate (one draw, no error), ten thousand error draws, and a
what-if (one scenario a draw): the evaluator cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

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
    filled      the same with imputed values in the gaps; None where nothing is imputed
    """

    countries: tuple[str, ...]
    now: Mapping[str, np.ndarray]
    before: Mapping[Quantity, np.ndarray]
    absent: frozenset[str] = frozenset()
    filled: Measures | None = None

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
    An earlier value has the error of its own year, a past peak that of its peak year. Draws are clipped to the series'
    declared range. A class that follows another index (regime follows polyarchy at 0.5) changes where the draw of that
    index crosses the cut. An imputed value errs as the typical value of its series does, and each draw of the run's
    own takes the next dataset; another sample draws which, so that it does not depend on its errors.
    """

    def __init__(
        self,
        cells: Cells,
        centre: Measures,
        uncertainty: Uncertainty,
        sample: str = "",
        imputed: Measures | None = None,
        filling: str | None = None,
    ):
        """What is drawn, and of what.

        sample    the name of another, independent sample; the run's own has none
        imputed   values for the gaps, datasets x countries, NaN elsewhere
        filling   the sample whose datasets it takes, by default its own
        """
        self.cells, self.centre, self.uncertainty, self.sample = cells, centre, uncertainty, sample
        self.imputed, self._drawn = imputed, 0
        self._filling = (
            streams.generator(uncertainty.seed, "dataset", name) if (name := filling or sample) else None
        )
        index, assumed = cells.value.index, dict(uncertainty.assumed_sd)
        self._sd_before = {
            q: np.nan_to_num(sd_of(cells.panel, q.indicator, *_before(cells, q), index, assumed)[0])
            for q in centre.before
        }

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
        which = self._datasets(draws) if self.imputed else None
        self._streams.advance(draws)
        shared = common * self._normals(("country",)) if common else None
        now, then = {}, {}
        for indicator in sorted({*centre.now, *self._follows.values()} - set(self._follows)):
            value, sd = self._present(indicator, which)
            if (indicator,) not in self._keys:
                now[indicator] = np.broadcast_to(value, (draws, len(sd)))
                continue
            z = self._normals((indicator,))
            if common:
                z *= alone
                better = np.subtract if cells.sheets[indicator].better == "low" else np.add
                z = better(z, shared, out=z)
            if (indicator, "before") in self._keys:
                then[indicator] = self._normals((indicator, "before"))
                then[indicator] *= fades
                then[indicator] += lasts * z
            now[indicator] = self._around(indicator, value, sd, z)
        before = {}
        for q in centre.before:
            value, sd = self._earlier(q, which)
            before[q] = (
                self._around(q.indicator, value, sd, then[q.indicator].copy("K"))
                if q.indicator in then
                else np.broadcast_to(value, (draws, len(sd)))
            )
        for indicator, leader in self._follows.items():
            now[indicator] = _class_of(cells, indicator, leader, now[leader])
        drawn = Measures(centre.countries, {i: now[i] for i in centre.now}, before, centre.absent)
        return self._emptied(drawn) if self.imputed else drawn

    def _datasets(self, draws: int) -> np.ndarray:
        """Which dataset each of the next draws takes its imputed values from."""
        first, self._drawn = self._drawn, self._drawn + draws
        number = len(next(iter((*self.imputed.now.values(), *self.imputed.before.values()))))
        if self._filling is None:
            return np.arange(first, first + draws) % number
        return self._filling.integers(number, size=draws)

    def _present(self, indicator: str, which: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Values of these draws before their error, countries or draws x countries, and its standard deviation."""
        value, sd = self.cells.value[indicator].to_numpy(), self.cells.sd[indicator].to_numpy()
        if self.imputed and indicator in self.imputed.now:
            value, sd = _filled(value, sd, self.imputed.now[indicator], which)
        return value, np.nan_to_num(sd)

    def _earlier(self, quantity: Quantity, which: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """The same of an earlier value or a peak."""
        (value,), sd = self.centre.before[quantity], self._sd_before[quantity]
        if self.imputed and quantity in self.imputed.before:
            value, sd = _filled(value, sd, self.imputed.before[quantity], which)
        return value, sd

    def _emptied(self, filled: Measures) -> Measures:
        """The draws without what is imputed in them, which stays beside them."""
        blank = lambda drawn, centre: np.where(np.isnan(centre), np.nan, drawn)  # noqa: E731
        now = {i: blank(filled.now[i], self.centre.now[i]) for i in self.imputed.now}
        before = {q: blank(filled.before[q], self.centre.before[q]) for q in self.imputed.before}
        return replace(filled, now={**filled.now, **now}, before={**filled.before, **before}, filled=filled)

    @cached_property
    def _follows(self) -> dict[str, str]:
        """Class series -> the index whose error moves it."""
        sheets = self.cells.sheets
        return {i: sheets[i].follows for i in self.centre.now if sheets[i].follows}

    @cached_property
    def _keys(self) -> dict[tuple[str, ...], np.ndarray]:
        """What normals are drawn for -> the columns that need them."""
        before = {q.indicator for q in self.centre.before}
        keys = {("country",): np.arange(len(self.centre.countries))} if self.uncertainty.correlation else {}
        for indicator in sorted({*self.centre.now, *self._follows.values()} - set(self._follows)):
            uncertain = np.flatnonzero(self._present(indicator, np.zeros(1, dtype=int))[1] > 0)
            if uncertain.size:
                keys |= dict.fromkeys(
                    ((indicator,), (indicator, "before"))[: 1 + (indicator in before)], uncertain
                )
        return keys

    @cached_property
    def _streams(self) -> streams.Streams:
        """The stream of every key and country, side by side in that order."""
        names, sample = self.centre.countries, (self.sample,) if self.sample else ()
        asked = ((*sample, *key, names[i]) for key, columns in self._keys.items() for i in columns)
        return streams.Streams(self.uncertainty.seed, asked)

    @cached_property
    def _rows(self) -> dict[tuple[str, ...], slice]:
        """Where each key's streams lie among all of them."""
        ends = np.cumsum([len(columns) for columns in self._keys.values()]).tolist()
        return {key: slice(a, b) for key, a, b in zip(self._keys, [0, *ends], ends, strict=False)}

    def _around(self, indicator: str, value: np.ndarray, sd: np.ndarray, z: np.ndarray) -> np.ndarray:
        """value + sd * z, held to the declared range; takes the place of z."""
        z *= sd
        z += value
        sheet = self.cells.sheets[indicator]
        return np.clip(z, sheet.lo, sheet.hi, out=z)

    def _normals(self, key: tuple[str, ...]) -> np.ndarray:
        """draws x countries of standard normals, each column from its own stream; 0 where none is needed."""
        columns, z = self._keys[key], self._streams.normals(self._rows[key])
        if len(columns) < len(self.centre.countries):
            z, some = np.zeros((len(self.centre.countries), z.shape[1])), z
            z[columns] = some
        return z.T


def _filled(
    value: np.ndarray, sd: np.ndarray, imputed: np.ndarray, which: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The value with its gaps as the dataset of each draw has them, draws x countries, and the sd a gap has then."""
    gap = ~np.isnan(imputed[0])
    usual = sd[~gap & (sd > 0)]
    return (
        np.where(gap, imputed[which], value),
        np.where(gap, np.median(usual) if usual.size else 0.0, sd),
    )


def _class_of(cells: Cells, indicator: str, leader: str, draws: np.ndarray) -> np.ndarray:
    """The class in each draw: the published one, moved where the leading index crosses its cut.

    A country whose index stood above the cut and was still put in the lower class stays there:
    something other than the index decided it. An index that is not published moves no class.
    """
    sheet = cells.sheets[indicator]
    low, high = sheet.between
    value, lead = cells.value[indicator].to_numpy(), cells.value[leader].to_numpy()
    falls = (value >= high) & (draws <= sheet.cut) & ~np.isnan(lead)
    rises = (value == low) & (lead <= sheet.cut) & (draws > sheet.cut)
    return np.where(falls, float(low), np.where(rises, float(high), value))
