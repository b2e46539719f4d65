"""Measurement error: what the published values could have been, drawn as arrays of draws x countries.

ErrorModel   the joint draws of everything a criteria file looks at, by country along the paths of error_paths.py
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from eligibility.data.cells import Cells
from eligibility.method import streams
from eligibility.method.error_paths import Latent, Path, latent, path, powers
from eligibility.method.measures import Measures
from eligibility.policy.model import Quantity, Uncertainty


class ErrorModel:
    """Measurement error of every uncertain value, drawn from streams keyed by country, series and year.

    Adding a country, an indicator or a gate changes no other value's draws. For one country, with r `correlation` and
    a `persistence`, errors of mean 0 and variance 1 on the scale of `Latent` are
        u[t] = a u[t+1] + sqrt(1 - a^2) n              shared by its indicators, from the date backwards
        e[t] = a^k e[t+k] + sqrt(1 - a^2k) n'          an indicator's own, from its newest year backwards
        z[t] = sqrt(r) g u[t] + sqrt(1 - r) e[t]       g = -1 where low is better: u flatters all of a country's figures
    Value, change and peak are taken from this one path (`path` says which years share an error). A class that follows
    another index (regime follows polyarchy at 0.5) changes where the draw of that index crosses the cut. An imputed
    value errs as the typical value of its series does, and each draw of the run's own takes the next dataset; another
    sample draws which, so that it does not depend on its errors.
    """

    def __init__(
        self,
        cells: Cells,
        centre: Measures,
        uncertainty: Uncertainty,
        sample: str = "",
        imputed: Measures | None = None,
        filling: str | None = None,
        stretch: Mapping[str, float] | None = None,
    ):
        """What is drawn, and of what.

        sample    the name of another, independent sample; the run's own has none
        imputed   values for the gaps, datasets x countries, NaN elsewhere
        filling   the sample whose datasets it takes, by default its own
        stretch   indicator -> how many times as large its standard deviations are taken
        """
        self.cells, self.centre, self.uncertainty, self.sample = cells, centre, uncertainty, sample
        self.imputed, self._drawn, self._stretch = imputed, 0, stretch or {}
        self._filling = (
            streams.generator(uncertainty.seed, "dataset", name) if (name := filling or sample) else None
        )

    @property
    def known(self) -> bool:
        """Whether anything looked at has a measurement error that somebody states, models or assumes.

        What a figure gains by being carried does not count: that is age and no error of its own.
        """
        kinds, marks = self.cells.sd_kind, self.cells.mark
        return any(((kinds[i] != "none") & (marks[i] == "")).any() for i in self.centre.now)

    def own(self, drawn: Measures) -> dict[str, np.ndarray]:
        """Of some draws, the newest figures that were drawn for themselves: not a class that follows an index."""
        gaps = self.imputed.now if self.imputed else {}
        moved = (i for i in self._indicators if (i,) in self._keys or i in gaps)
        return {i: drawn.now[i] for i in moved if i in drawn.now}

    def draw(self, draws: int) -> Measures:
        """The next `draws` joint draws of every measure."""
        centre = self.centre
        which = self._datasets(draws) if self.imputed else None
        self._streams.advance(draws)
        shared = self._shared()
        now, before = {}, {}
        for indicator in self._indicators:
            value, held = self._now(indicator, which), self.cells.value[indicator].to_numpy()
            z = own = None
            if (indicator,) in self._keys:
                own = self._normals((indicator,))
                z = self._joined(indicator, own, self._years[indicator], shared)
            now[indicator] = _around(value, z, held, draws)
            for q, x in self._earlier(indicator, own, z, shared, which, draws).items():
                before[q] = x
        for indicator, leader in self._follows.items():
            now[indicator] = _class_of(self.cells, indicator, leader, now[leader])
        for q in (q for q in centre.before if q.measure == "within_months"):  # a day is known or it is not
            before[q] = np.broadcast_to(centre.before[q], (draws, len(centre.countries)))
        now, before = {i: now[i] for i in centre.now}, {q: before[q] for q in centre.before}
        drawn = replace(centre, now=now, before=before)
        return self._emptied(drawn) if self.imputed else drawn

    def _shared(self) -> dict[int, np.ndarray]:
        """The country factor of each year, countries x draws; nothing where errors share none."""
        if not self.uncertainty.correlation:
            return {}
        lasts, u = self.uncertainty.persistence, self._normals(("country",))
        out = {self.cells.as_of.year: u}
        for year in self._back:
            step = self._normals(("country", str(year)))
            step *= np.sqrt(1.0 - lasts**2)
            step += lasts * u
            out[year] = u = step
        return out

    def _joined(
        self,
        indicator: str,
        own: np.ndarray,
        years: np.ndarray,
        shared: Mapping[int, np.ndarray],
        rows: slice | np.ndarray = slice(None),
    ) -> np.ndarray:
        """The error of each country in the year given for it, countries x draws: what its indicators share, and its own."""
        z = np.sqrt(1 - self.uncertainty.correlation) * own
        if shared:
            common = np.sqrt(self.uncertainty.correlation)
            common = -common if self.cells.sheets[indicator].better == "low" else common
            for year in np.unique(years):
                mine = years == year
                z[mine] += common * shared[int(year)][rows][mine]
        return z

    def _earlier(
        self,
        indicator: str,
        own: np.ndarray | None,
        z: np.ndarray | None,
        shared: Mapping[int, np.ndarray],
        which: np.ndarray | None,
        draws: int,
    ) -> dict[Quantity, np.ndarray]:
        """Quantity of the indicator -> its earlier value or peak, draws x countries, along one path."""
        if indicator not in self._paths:
            return {}
        way, sheet, lasts = self._paths[indicator], self.cells.sheets[indicator], self.uncertainty.persistence
        latest, peaks = z, {}
        if own is not None and z is not None:
            own, z, of = own.copy(), z.copy(), self._years[indicator].copy()
            fades = powers(lasts, int(max((step.gap.max(initial=0) for step in way.steps), default=0)))
            stale = np.zeros(len(of), dtype=bool)
            peaks = {q: np.full(z.shape, -np.inf) for q in way.quantities}
            for step in way.steps:
                if step.fresh.size:
                    share = fades[step.gap, None]
                    e = self._normals((indicator, str(step.year)))[step.fresh]
                    own[step.fresh] = np.sqrt(1.0 - share**2) * e + share * own[step.fresh]
                    of[step.fresh], stale[step.fresh] = step.year, True
                if any(mine.size for mine in step.asked.values()) and stale.any():
                    old, stale = np.flatnonzero(stale), np.zeros(len(of), dtype=bool)
                    z[old] = self._joined(indicator, own[old], of[old], shared, old)
                for q, mine in step.asked.items():
                    x = step.m[mine] + step.s[mine] * z[mine]
                    peaks[q][mine] = np.maximum(peaks[q][mine], x)
        out = {}
        for q in way.quantities:
            (held,) = self.centre.before[q]
            known = latent(sheet, held, np.zeros(len(held)))
            x = np.repeat(held[:, None], draws, axis=1)
            if q in peaks and (moves := ~np.isnan(held) & self._uncertain(indicator)).any():
                x[moves] = known.back(peaks[q][moves])
            if self.imputed and which is not None and q in self.imputed.before:
                gap = ~np.isnan(self.imputed.before[q][0])
                filled = known.filled(self._typical(indicator, self.imputed.before[q]), gap, which)
                e = 0.0
                if latest is not None:
                    share = powers(lasts, q.years)[-1]
                    fresh = self._normals((indicator, "before"))[gap]
                    e = share * latest[gap] + np.sqrt(1.0 - share**2) * fresh
                x[gap] = filled.back(filled.m[gap] + filled.s[gap] * e)
            out[q] = x.T
        return out

    def _uncertain(self, indicator: str) -> np.ndarray:
        """Which countries have an error in some year that the path of the indicator looks at, or now."""
        some = self._now(indicator, np.zeros(1, dtype=int)).s.max(axis=1) > 0
        way = self._paths.get(indicator)
        for step in way.steps if way else ():
            some = some | (step.s[:, 0] > 0)
        return some

    @property
    def fillings(self) -> int:
        """How often every gap is filled, the draws taking one filling after the other; 0 where none is."""
        if self.imputed is None:
            return 0
        return len(next(iter((*self.imputed.now.values(), *self.imputed.before.values()))))

    def _datasets(self, draws: int) -> np.ndarray:
        """Which dataset each of the next draws takes its imputed values from."""
        first, self._drawn = self._drawn, self._drawn + draws
        if self._filling is None:
            return np.arange(first, first + draws) % self.fillings
        return self._filling.integers(self.fillings, size=draws)

    def _now(self, indicator: str, which: np.ndarray | None) -> Latent:
        """The newest values of these draws, before their error."""
        value = self._published[indicator]
        if self.imputed is None or which is None or indicator not in self.imputed.now:
            return value
        imputed = self.imputed.now[indicator]
        return value.filled(self._typical(indicator, imputed), ~np.isnan(imputed[0]), which)

    def _typical(self, indicator: str, imputed: np.ndarray) -> Latent:
        """Imputed values, datasets x countries, with the error that the typical published value of the series has."""
        sd = self.cells.sd[indicator].to_numpy() * self._stretch.get(indicator, 1.0)
        usual = sd[sd > 0]
        every = np.full(imputed.T.shape, np.median(usual) if usual.size else 0.0)
        return latent(self.cells.sheets[indicator], imputed.T, every)

    def _emptied(self, filled: Measures) -> Measures:
        """The draws without what is imputed in them, which stays beside them."""

        def blank(drawn: np.ndarray, centre: np.ndarray) -> np.ndarray:
            return np.where(np.isnan(centre), np.nan, drawn)

        assert self.imputed is not None
        now = {i: blank(filled.now[i], self.centre.now[i]) for i in self.imputed.now}
        before = {q: blank(filled.before[q], self.centre.before[q]) for q in self.imputed.before}
        return replace(filled, now={**filled.now, **now}, before={**filled.before, **before}, filled=filled)

    @cached_property
    def _published(self) -> dict[str, Latent]:
        """Indicator -> its newest values as published."""
        value, sd, sheets = self.cells.value, self.cells.sd, self.cells.sheets
        return {
            i: latent(sheets[i], value[i].to_numpy(), sd[i].to_numpy() * self._stretch.get(i, 1.0))
            for i in self._indicators
        }

    @cached_property
    def _follows(self) -> dict[str, str]:
        """Class series -> the index whose error moves it."""
        sheets = self.cells.sheets
        return {i: sheets[i].follows for i in self.centre.now if sheets[i].follows}

    @cached_property
    def _indicators(self) -> tuple[str, ...]:
        """The indicators with draws of their own, sorted: all but the classes that follow one."""
        return tuple(sorted({*self.centre.now, *self._follows.values()} - set(self._follows)))

    @cached_property
    def _paths(self) -> dict[str, Path]:
        """Indicator -> what its quantities look back at."""
        past = [q for q in self.centre.before if q.measure != "within_months"]
        looked = {i: [q for q in past if q.indicator == i] for i in self._indicators}
        return {
            i: path(self.cells, i, quantities, self.uncertainty, self._stretch.get(i, 1.0))
            for i, quantities in looked.items()
            if quantities
        }

    @cached_property
    def _years(self) -> dict[str, np.ndarray]:
        """Indicator -> the year of each country's newest value; where it has none, the newest of any country."""
        out = {}
        for indicator in self._indicators:
            year = self.cells.year[indicator].to_numpy()
            usual = self.cells.as_of.year if np.isnan(year).all() else np.nanmax(year)
            out[indicator] = np.where(np.isnan(year), usual, year).astype(int)
        return out

    @cached_property
    def _back(self) -> range:
        """The years before the date whose errors are looked at, the latest first."""
        some = [i for i in self._indicators if self._uncertain(i).any()]
        years = [self.cells.as_of.year, *(int(self._years[i].min()) for i in some)]
        steps = (step for i in some if i in self._paths for step in self._paths[i].steps if step.fresh.size)
        return range(self.cells.as_of.year - 1, min(years + [step.year for step in steps]) - 1, -1)

    @cached_property
    def _keys(self) -> dict[tuple[str, ...], np.ndarray]:
        """What normals are drawn for -> the columns that need them."""
        every = np.arange(len(self.centre.countries))
        keys: dict[tuple[str, ...], np.ndarray] = {}
        if self.uncertainty.correlation:
            keys[("country",)] = every
            keys |= {("country", str(year)): every for year in self._back}
        for indicator in self._indicators:
            uncertain = self._uncertain(indicator)
            if not uncertain.any():
                continue
            keys[(indicator,)] = np.flatnonzero(uncertain)
            if way := self._paths.get(indicator):
                keys |= {(indicator, str(step.year)): step.fresh for step in way.steps if step.fresh.size}
                if self.imputed and any(q in self.imputed.before for q in way.quantities):
                    keys[(indicator, "before")] = every
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

    def _normals(self, key: tuple[str, ...]) -> np.ndarray:
        """Countries x draws of standard normals, each row from its own stream; 0 where none is needed."""
        columns, z = self._keys[key], self._streams.normals(self._rows[key])
        if len(columns) < len(self.centre.countries):
            z, some = np.zeros((len(self.centre.countries), z.shape[1])), z
            z[columns] = some
        return z


def _around(value: Latent, z: np.ndarray | None, held: np.ndarray, draws: int) -> np.ndarray:
    """The values with these errors, draws x countries; a value without error stays what it was published as."""
    if z is None:
        if value.m.shape[1] == 1:
            return np.broadcast_to(held, (draws, len(held)))
        return value.back(value.m.copy()).T
    x = value.back(value.m + value.s * z)
    exact = value.s.max(axis=1) == 0
    x[exact] = held[exact, None]
    return x.T


def _class_of(cells: Cells, indicator: str, leader: str, draws: np.ndarray) -> np.ndarray:
    """The class in each draw: the published one, moved where the leading index crosses its cut.

    A country whose index stood above the cut and was still put in the lower class stays there:
    something other than the index decided it. An index that is not published moves no class.
    """
    sheet = cells.sheets[indicator]
    assert sheet.between is not None  # as whatever follows another has
    low, high = sheet.between
    value, lead = cells.value[indicator].to_numpy(), cells.value[leader].to_numpy()
    falls = (value >= high) & (draws <= sheet.cut) & ~np.isnan(lead)
    rises = (value == low) & (lead <= sheet.cut) & (draws > sheet.cut)
    return np.where(falls, float(low), np.where(rises, float(high), value))
