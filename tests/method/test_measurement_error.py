"""Errors as V-Dem publishes them, and one path of them over the years: closed forms, and an account in plain Python."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from statistics import NormalDist, median

import calibration
import made_up
import numpy as np
import pytest
import widths
from places import ROOT, SHARED

from eligibility.analysis.compare import revisions
from eligibility.data import normal, panel, sources
from eligibility.data.readers import vdem
from eligibility.language import criteria
from eligibility.method import assumptions, measurement_error, measures, rounds, run, streams, vintages
from eligibility.policy.model import OfValue, Quantity, Uncertainty
from eligibility.present import explain

NORMAL = NormalDist()
RELEASES = SHARED / "releases" / "vdem"
OFFICIAL = RELEASES / "official-one-country"
DRAWS = 20_000
needs_releases = pytest.mark.skipif(
    not OFFICIAL.is_dir(), reason="the publisher's files (../shared) are not on this machine"
)


def model(sheets, world, quantities, **doubt) -> measurement_error.ErrorModel:
    """The error model of made-up figures, for a policy that tests these quantities."""
    tests = [
        made_up.atom(q.indicator, "at_least", 0.0, path=f"t{n}", quantity=q) for n, q in enumerate(quantities)
    ]
    gate = made_up.gate("g", made_up.group("all", *tests))
    uncertainty = Uncertainty(draws=2, **doubt)
    pool = made_up.everyone(sheets[0].id)
    criteria = made_up.policy(pool, [gate], max_age=10, uncertainty=uncertainty)
    result = run.judge(criteria, made_up.panel(sheets, world), made_up.AS_OF)
    return measurement_error.ErrorModel(result.cells, result.centre, uncertainty)


def index(name: str = "a.x", sd: float = 0.05, **more):
    return made_up.sheet(name, sd=sd, shape="probit", **more)


# One value --------------------------------------------------------------------------------------------------


def test_the_chance_of_reaching_a_threshold_is_that_of_the_closed_form():
    """P(x >= t) = cdf((m - quantile(t)) / s), s the half-width over the height of the curve at m."""
    values = {"GHA": 0.52, "KEN": 0.08, "MWI": 0.9, "MEX": 0.3}
    drawn = model([index()], {"a.x": {c: {2015: p} for c, p in values.items()}}, [Quantity("a.x")]).draw(
        DRAWS
    )
    for column, c in enumerate(sorted(values)):
        m = NORMAL.inv_cdf(values[c])
        s = 0.05 / NORMAL.pdf(m)
        x = drawn.now["a.x"][:, column]
        assert x.min() > 0 and x.max() < 1
        for threshold in (0.05, 0.3, 0.5, 0.55, 0.92):
            p = NORMAL.cdf((m - NORMAL.inv_cdf(threshold)) / s)
            assert abs((x >= threshold).mean() - p) <= 4 * math.sqrt(p * (1 - p) / DRAWS) + 2e-5
        assert abs(float(np.median(x)) - values[c]) < 0.002  # the published value is the median


def test_a_value_published_without_error_is_drawn_as_it_stands():
    """Half a unit of the table would move a value that lies on its threshold."""
    world = {"a.x": {"GHA": {2015: 0.5}, "KEN": {2015: 0.5}}}
    figures = made_up.panel([index()], world)
    figures = replace(figures, sds={"a.x": figures.sds["a.x"].assign(GHA=0.0)})
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.5))
    criteria = made_up.policy(made_up.everyone("a.x"), [gate], uncertainty=Uncertainty(draws=500))
    result = run.judge(criteria, figures, made_up.AS_OF)
    assert result.firmness.p_gate.at["GHA", "g"] == 1.0
    assert 0.4 < result.firmness.p_gate.at["KEN", "g"] < 0.6


def test_a_peak_moves_with_the_errors_of_its_own_years():
    """Exact now and not then: it moves. Exact in every year: it stays as published, though others of the series err."""
    world = {"a.x": {c: {2014: 0.603, 2015: 0.5} for c in ("GHA", "KEN", "MWI")}}
    figures = made_up.panel([index()], world)
    sds = figures.sds["a.x"].assign(GHA=[0.05, 0.0], KEN=0.0)
    figures = replace(figures, sds={"a.x": sds})
    peak = Quantity("a.x", "peak_over", 1)
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.0, quantity=peak))
    made = run.judge(made_up.policy(made_up.everyone("a.x"), [gate]), figures, made_up.AS_OF)
    drawn = measurement_error.ErrorModel(made.cells, made.centre, Uncertainty(draws=2)).draw(500)
    assert (drawn.now["a.x"][:, :2] == 0.5).all()
    assert drawn.before[peak][:, 0].std() > 0.03 and (drawn.before[peak][:, 1] == 0.603).all()


def test_an_assumed_share_grows_with_the_value():
    sheet = made_up.sheet("a.x", hi=1000.0)
    world = {"a.x": {"GHA": {2015: 500.0}, "KEN": {2015: 20.0}}}
    criteria = made_up.policy(
        made_up.everyone("a.x"),
        [made_up.gate("g", made_up.atom("a.x", "at_least", 0.0))],
        uncertainty=Uncertainty(draws=2, assumed_sd=(("a.x", OfValue(0.1)),)),
    )
    cells = run.judge(criteria, made_up.panel([sheet], world), made_up.AS_OF).cells
    assert cells.sd["a.x"].to_dict() == {"GHA": pytest.approx(50.0), "KEN": pytest.approx(2.0)}
    assert set(cells.sd_kind["a.x"]) == {"assumed"}


@pytest.mark.parametrize("sd, known", [(None, False), (0.05, True)])
def test_what_a_figure_gains_by_age_is_no_error_that_is_known(sd, known):
    """GHA's is carried and so has an error, which nobody states; KEN's has one where the source gives it."""
    world = {"a.x": {"GHA": {2013: 0.4, 2014: 0.5}, "KEN": {2015: 0.5}}}
    made = model([made_up.sheet("a.x", sd=sd)], world, [Quantity("a.x")])
    assert made.cells.sd.at["GHA", "a.x"] > 0 and made.cells.mark.at["GHA", "a.x"] == "carried"
    assert made.known == known


# What is imputed ---------------------------------------------------------------------------------------------


def with_filled(figures, **filled) -> measurement_error.ErrorModel:
    """The same model with these values for the gaps."""
    return measurement_error.ErrorModel(figures.cells, figures.centre, figures.uncertainty, **filled)


def test_the_run_takes_every_filling_in_turn_and_another_sample_draws_which():
    figures = model(
        [made_up.sheet("a.x")], {"a.x": {"GHA": {2015: 0.5}, "KEN": {1990: 0.5}}}, [Quantity("a.x")]
    )
    gaps = measures.Measures(("GHA", "KEN"), {"a.x": np.array([[np.nan, x] for x in (0.1, 0.2, 0.3)])}, {})
    own, other, again, named = (
        with_filled(figures, imputed=gaps, sample=sample, filling=filling)
        .draw(30)
        .filled.now["a.x"][:, 1]
        .tolist()
        for sample, filling in (("", None), ("b", None), ("b", None), ("c", "b"))
    )
    assert own == pytest.approx([0.1, 0.2, 0.3] * 10)
    assert other == again == named != own and {*own} == {*other}


def test_an_earlier_value_that_is_imputed_errs_as_the_present_one_on_one_path():
    """Its error is as wide, and that of ten years later has .95 to the tenth in common with it."""
    change, world = Quantity("a.x", "change_over", 10), {"GHA": {2005: 0.3, 2015: 0.5}, "KEN": {2015: 0.5}}
    figures = model([made_up.sheet("a.x", sd=0.1, lo=-9.0, hi=9.0)], {"a.x": world}, [change])
    gaps = measures.Measures(("GHA", "KEN"), {}, {change: np.array([[np.nan, 0.2]])})
    drawn = with_filled(figures, imputed=gaps).draw(DRAWS).filled
    then, now = drawn.before[change][:, 1], drawn.now["a.x"][:, 1]
    assert (then.mean(), then.std()) == pytest.approx((0.2, 0.1), abs=0.003)
    assert np.corrcoef(then, now)[0, 1] == pytest.approx(0.95**10, abs=4 / math.sqrt(DRAWS))


# A path over the years --------------------------------------------------------------------------------------


def test_a_figure_that_did_not_move_has_fallen_from_its_peak_in_no_draw():
    """The same ratings, the same error: 0.4512 and 0.4514 are one value to three decimals."""
    flat = {year: 0.4512 if year % 2 else 0.4514 for year in range(2003, 2016)}
    world = {"a.x": {"GHA": dict.fromkeys(range(2003, 2016), 0.45), "KEN": flat}}
    fall, change = Quantity("a.x", "change_from_peak", 10), Quantity("a.x", "change_over", 8)
    drawn = model([index()], world, [fall, change]).draw(500)
    assert (drawn.of(fall)[:, 0] == 0).all() and (drawn.of(change)[:, 0] == 0).all()
    assert abs(drawn.of(fall)[:, 1]).max() < 0.001


@pytest.mark.parametrize("lasts", [0.0, 0.7, 0.95])
@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_errors_ten_years_apart_share_persistence_to_the_tenth(lasts, correlation):
    sheet = made_up.sheet("a.x", sd=0.1, lo=-9.0, hi=9.0)
    moving = {year: 0.3 + (year - 2000) / 100 for year in range(2003, 2016)}
    change = Quantity("a.x", "change_over", 10)
    for world in ({2005: 0.35, 2015: 0.45}, moving):  # with and without the years between
        drawn = model(
            [sheet], {"a.x": {"GHA": world}}, [change], persistence=lasts, correlation=correlation
        ).draw(DRAWS)
        together = np.corrcoef(drawn.now["a.x"][:, 0], drawn.before[change][:, 0])[0, 1]
        assert together == pytest.approx(lasts**10, abs=4 / math.sqrt(DRAWS))


def test_a_longer_look_back_at_one_indicator_leaves_the_draws_of_another_alone():
    rng = Random(3)
    world = {
        s: {c: {y: round(rng.random(), 3) for y in range(2001, 2016)} for c in ("GHA", "KEN")}
        for s in ("a.x", "a.y")
    }
    sheets, looked = [index("a.x"), index("a.y")], Quantity("a.x", "peak_over", 5)
    few = model(sheets, world, [looked, Quantity("a.y")]).draw(50)
    more = model(
        sheets, world, [looked, Quantity("a.y", "peak_over", 12), Quantity("a.x", "peak_over", 9)]
    ).draw(50)
    assert np.array_equal(few.now["a.x"], more.now["a.x"]) and np.array_equal(few.now["a.y"], more.now["a.y"])
    assert np.array_equal(few.before[looked], more.before[looked])


def plain_path(history, sds, newest, years, better, seed, series, country, as_of, r, a, draws):
    """Every asked year's value of one country and index, draw by draw, in plain Python: {year: [x, ...]}.

    A second account of the text of `ErrorModel`, which shares no line with it but the streams themselves.
    """

    def normals(*key):
        one = streams.Streams(seed, [(*key, country)])
        one.advance(draws)
        return one.normals(slice(None))[0].tolist()

    u = {as_of: normals("country")}
    for year in range(as_of - 1, min(history) - 1, -1):
        u[year] = [
            a * x + math.sqrt(1 - a * a) * n
            for x, n in zip(u[year + 1], normals("country", str(year)), strict=True)
        ]
    sign = -1 if better == "low" else 1

    def mix(year, e):
        return [math.sqrt(r) * sign * s + math.sqrt(1 - r) * x for s, x in zip(u[year], e, strict=True)]

    e, at, last, out = normals(series), newest, newest, {}
    z = mix(newest, e)
    for year in sorted((y for y in history if newest - years <= y <= newest), reverse=True):
        if year < newest and not (last == year + 1 and round(history[year], 3) == round(history[last], 3)):
            fades = a ** (at - year)
            fresh = normals(series, str(year))
            e = [fades * x + math.sqrt(1 - fades * fades) * n for x, n in zip(e, fresh, strict=True)]
            at, z = year, mix(year, e)
        m = NORMAL.inv_cdf(min(max(history[year], 0.0005), 0.9995))
        if year == last or round(history[year], 3) != round(history[last], 3) or year + 1 != last:
            s = min(sds[year] / NORMAL.pdf(m), 1.0)
        out[year] = [NORMAL.cdf(m + s * x) for x in z]
        last = year
    return out


@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_paths_agree_with_an_account_in_plain_python(seed):
    """Ten countries a seed: flat stretches, gaps, ends of the scale, old newest years."""
    rng, draws, years = Random(seed), 40, 10
    world, names = {}, made_up.COUNTRIES[:10]
    for c in names:
        history, value = {}, rng.choice([0.02, 0.3, 0.5, 0.8, 0.995])
        for year in range(2000, 2016 - rng.choice([0, 0, 0, 1, 2])):
            if rng.random() < 0.5:
                value = min(1.0, max(0.0, round(value + rng.gauss(0, 0.05), 3)))
            if rng.random() > 0.15:
                history[year] = value
        history.setdefault(2013, value)
        world[c] = history
    sheet = index(better=rng.choice(["high", "low"]))
    half = {c: {y: round(rng.uniform(0.01, 0.09), 4) for y in h} for c, h in world.items()}
    figures = made_up.panel([sheet], {"a.x": world})
    frame = figures.sds["a.x"].copy()
    for c, h in half.items():
        for y, sd in h.items():
            frame.loc[y, c] = sd
    figures = replace(figures, sds={"a.x": frame})
    peak = Quantity("a.x", "peak_over", years)
    r, a = rng.choice([0.0, 0.5, 0.8]), rng.choice([0.7, 0.95])
    doubt = Uncertainty(draws=2, seed=seed, correlation=r, persistence=a)
    gate = made_up.gate("g", made_up.atom("a.x", "at_least", 0.0, quantity=peak))
    result = run.judge(
        made_up.policy(made_up.everyone("a.x"), [gate], max_age=15, uncertainty=doubt), figures, made_up.AS_OF
    )
    drawn = measurement_error.ErrorModel(result.cells, result.centre, doubt).draw(draws)
    for column, c in enumerate(result.cells.countries):
        newest = max(world[c])
        known = {y for y in world[c] if newest - years <= y < newest}
        out = plain_path(
            world[c], half[c] | {newest: result.cells.sd.at[c, "a.x"]}, newest, years, sheet.better, seed, "a.x", c,
            made_up.AS_OF.year, r, a, draws,
        )  # fmt: skip
        np.testing.assert_allclose(drawn.now["a.x"][:, column], out[newest], atol=2e-6)
        if len(known) < years / 2:
            assert np.isnan(drawn.before[peak][:, column]).all()
        elif result.cells.mark.at[c, "a.x"] == "":
            np.testing.assert_allclose(
                drawn.before[peak][:, column],
                [max(out[y][d] for y in known) for d in range(draws)],
                atol=2e-6,
            )


def test_stated_chances_come_true_in_worlds_drawn_as_the_figures_are_read():
    """On the real pool; docs/measurement-error.md has three hundred worlds, and the other reading beside it."""
    result = run.run(as_of=calibration.DAY, draws=2_000)
    made = calibration.table(*calibration.published(result, 150))
    assert made["cases"].min() > 100
    assert (abs(made["stated"] - made["came"]) < 0.06).all()


# What V-Dem's files say -------------------------------------------------------------------------------------


def test_an_interval_that_is_not_held_is_borrowed_from_the_nearest_release():
    """On the probit scale, so that a value that was revised takes its share of the scale with it."""
    series, shelf = "vdem.polyarchy", sources.shelf()
    older = panel.load([series], vintages.pinned(shelf, [f"{series}=vdem-v14"]))
    newer = panel.load([series], vintages.pinned(shelf, [f"{series}=vdem-v15"]))
    assert not older.sds and set(older.borrowed) == {series}
    for c, year in (("TUN", 2015), ("MDA", 2020), ("BEN", 2001)):
        p, half = newer.values[series].at[year, c], newer.sds[series].at[year, c]
        here = older.values[series].at[year, c]
        s = half / NORMAL.pdf(NORMAL.inv_cdf(p))
        lent = older.borrowed[series].at[year, c]
        assert lent == pytest.approx(s * NORMAL.pdf(NORMAL.inv_cdf(here)), abs=1e-9)
    assert [s.id for s in older.sources] == ["vdem-v14", "vdem-v15"]  # a sealed run names who lends
    assert not newer.borrowed and [s.id for s in newer.sources] == ["vdem-v15"]


@needs_releases
def test_the_shipped_widths_are_those_of_the_publishers_files():
    written = (Path(widths.shipped("datasets")) / "vdem-widths" / "widths.csv").read_text(encoding="utf-8")
    assert widths.text(widths.derive(RELEASES.rglob("*.csv"))) == written


@needs_releases
@pytest.mark.parametrize("version", ["v12", "v14", "v15", "v16"])
def test_two_thresholds_decide_of_every_index_whether_its_sd_is_that_of_the_index(version):
    """`_sd` / half lies in .8 to 1.3 or far above, and without bounds the ratio to sqrt(p (1 - p)) says the same."""
    with (OFFICIAL / f"V-Dem-CY-Core-{version}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if int(row["year"]) >= 1990]
    codes = [
        c
        for c in rows[0]
        if f"{c}_codelow" in rows[0] and f"{c}_sd" in rows[0] and c.startswith(("v2x", "v2xnp"))
    ]
    judged = 0
    for code in codes:
        cells = [
            [float(row[code + end]) for end in ("", "_codelow", "_codehigh", "_sd")]
            for row in rows
            if all(row[code + end] for end in ("", "_codelow", "_codehigh", "_sd"))
        ]
        cells = [c for c in cells if 0 < c[0] < 1 and c[2] > c[1]]
        if len(cells) < 20 or max(c[0] for c in cells) > 1 or min(c[1] for c in cells) < 0:
            continue
        beside = median(c[3] / ((c[2] - c[1]) / 2) for c in cells)
        value, sd = (np.array([c[k] for c in cells]) for k in (0, 3))
        assert vdem.believed(value, sd) == (0.8 <= beside <= 1.3), (code, beside)
        judged += 1
    assert judged >= 20


@needs_releases
def test_kenya_2025_comes_back_as_the_publisher_has_it():
    """Political corruption .564, .504 to .607 in version 16."""
    country, value, half = vdem.intervals(OFFICIAL / "V-Dem-CY-Core-v16.csv", "v2x_corr", 2025)
    assert (country, value.tolist(), half.tolist()) == (
        ["KEN"],
        [0.564],
        [pytest.approx((0.607 - 0.504) / 2)],
    )


@needs_releases
def test_ends_of_highest_density_lie_near_the_published_bounds():
    """The middle distance, in half-widths, over the five indices of version 15; only the width is used."""
    grid = np.array([NORMAL.inv_cdf((k + 0.5) / 2000) for k in range(2000)])
    off, rng = [], Random(5)
    path = RELEASES / "V-Dem-CY-v15-high-level-with-bounds.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if float(row["year"]) >= 1990]
    for row in rng.sample(rows, 300):
        for code in ("v2x_polyarchy", "v2x_libdem", "v2x_egaldem"):
            if not all(row[code + end] for end in ("", "_codelow", "_codehigh")):
                continue
            p, low, high = (float(row[code + end]) for end in ("", "_codelow", "_codehigh"))
            if high <= low:
                continue
            m = NORMAL.inv_cdf(min(max(p, 0.0005), 0.9995))
            x = normal.cdf(m + (high - low) / 2 / NORMAL.pdf(m) * grid)
            k = round(0.6827 * len(x))
            start = int((x[k:] - x[:-k]).argmin())
            off += [abs(x[start] - low) / ((high - low) / 2), abs(x[start + k] - high) / ((high - low) / 2)]
    assert len(off) > 1000 and median(off) < 0.15


@needs_releases
def test_intervals_of_version_14_hold_the_values_of_version_15_at_least_as_often_as_they_say():
    """A one-sided test: what both versions have wrong together shows in neither."""
    inside = total = 0
    tables = {}
    for version in ("v14", "v15"):
        with (OFFICIAL / f"V-Dem-CY-Core-{version}.csv").open(encoding="utf-8", newline="") as file:
            tables[version] = {int(row["year"]): row for row in csv.DictReader(file)}
    codes = {
        r["code"]
        for r in csv.DictReader(
            io.StringIO((Path(widths.shipped("datasets")) / "vdem-widths" / "widths.csv").read_text("utf-8"))
        )
    }
    for code in codes:
        for year in range(1992, 2024):
            old, new = tables["v14"][year], tables["v15"][year]
            if (
                code in new
                and all(old.get(code + end) for end in ("", "_codelow", "_codehigh"))
                and new[code]
            ):
                inside += float(old[f"{code}_codelow"]) <= float(new[code]) <= float(old[f"{code}_codehigh"])
                total += 1
    assert total > 600 and inside / total >= 0.68


def test_every_error_of_the_default_run_is_published_modelled_or_assumed_by_name():
    """No index goes without; what the criteria assume is called assumed."""
    result = run.run(as_of=date(2025, 3, 31), draws=10)
    kinds = {i: set(result.cells.sd_kind[i][result.cells.value[i].notna()]) for i in result.centre.now}
    for indicator, found in kinds.items():
        if indicator.startswith("vdem."):
            assert found <= {"published", "modelled"}, indicator
    assert kinds["wb.maternal_mortality"] == {"assumed"}


@pytest.fixture(scope="module")
def reports():
    """Human development in the two reports held, (iso3, year)."""
    held = {source.id: source for source in sources.held(widths.shipped("datasets"))}
    return [sources.table(held[name])["hdi"].dropna() for name in ("undp-hdr2023-24", "undp-hdr2025")]


@pytest.mark.parametrize("name", ["peacetime-pilots", "peacetime-pilots-1", "peacetime-pilots-full"])
def test_what_is_assumed_of_human_development_is_what_a_later_report_moved(name, reports):
    """0.013 comes from the releases: half of the middle 68 % of the moves of the newest year, worked out here by sorting."""
    assumed = dict(criteria.load(name, panel.catalogue()).uncertainty.assumed_sd)["undp.hdi"]
    was, now = (report.xs(2022, level="year") for report in reports)
    moved = sorted((now - was).dropna())
    at = lambda share: moved[round(share * (len(moved) - 1))]  # noqa: E731
    assert assumed == pytest.approx((at(0.8413) - at(0.1587)) / 2, abs=0.0005)
    newest = revisions.by_age(*reports)[0]
    assert (newest.age, newest.n) == (0, len(moved)) and round(newest.half, 3) == assumed


def test_the_change_over_ten_years_has_the_error_that_the_path_gives_it(reports):
    was, now = (r.xs(2022, level="year") - r.xs(2012, level="year") for r in reports)
    low, high = np.quantile((now - was).dropna(), revisions.MIDDLE)
    assert (high - low) / 2 == pytest.approx(0.013 * np.sqrt(2 * (1 - 0.95**10)), abs=0.0005)


def test_the_page_says_how_far_human_development_moved(reports):
    told = (ROOT / "docs" / "measurement-error.md").read_text(encoding="utf-8")
    rows = {m.age: m for m in revisions.by_age(*reports)}
    said = re.findall(r"^\| (\d+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", told, re.M)
    assert [int(row[0]) for row in said] == [0, 1, 2, 3, 5, 10]
    for age, n, *numbers in said:
        own = rows[int(age)]
        assert int(n) == own.n
        assert [float(x) for x in numbers] == pytest.approx([own.common, own.usual, own.half], abs=0.00051)


@pytest.mark.parametrize("name", ["peacetime-pilots", "peacetime-pilots-1", "peacetime-pilots-full"])
def test_every_number_that_a_basis_calls_assumed_is_assumed(name):
    """And every assumed one is named: a reader takes the sentence for the whole of it."""
    doubt = criteria.load(name, panel.catalogue()).uncertainty
    said = doubt.basis.partition("where no publisher gives one:")[2].replace("1,000 births", "")
    named = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", said)}
    assert named == {sd.share if isinstance(sd, OfValue) else sd for _, sd in doubt.assumed_sd}
    assert f"{doubt.persistence:g} a year" in doubt.basis


def test_explain_says_where_the_error_of_a_figure_comes_from():
    """Borrowed for a year that another release has an interval of, modelled for a later one, assumed by the criteria."""
    told = {
        (series, day): " ".join(explain.indicator(run.run(as_of=day, draws=10), "KEN", series).split())
        for series, day in (
            ("vdem.polyarchy", date(2016, 7, 1)),
            ("vdem.polyarchy", date(2026, 3, 31)),
            ("wb.maternal_mortality", date(2026, 3, 31)),
        )
    }
    early, late, assumed = told.values()
    assert "interval that vdem-v15 has for the same country and year" in early
    assert "a model, for cells whose own interval is not held" in late
    assert "Assumed by the criteria" in assumed


def test_a_figure_that_stood_still_passes_a_test_of_a_fall_by_error_alone_as_often_as_its_years_differ():
    """With .7 a year nearly one in ten, with .95 next to none: what the note on measurement error says of the default policy."""
    policy, figures = run.ready("peacetime-pilots")
    cells, _, _ = rounds.placed(policy, figures, date(2025, 3, 31))
    peak, fall, _ = (
        {
            lasts: assumptions.flat(
                replace(policy, uncertainty=replace(policy.uncertainty, persistence=lasts)), cells
            )["chance"][row]
            for lasts in (0.7, 0.95)
        }
        for row in range(3)
    )
    assert 0.07 < fall[0.7] < 0.2 and fall[0.95] < 0.02
    assert NORMAL.cdf(-1) < peak[0.95] < peak[0.7] < 1  # one year alone would reach it in 16 of 100


def test_each_assumption_of_the_audit_is_a_run_of_its_own_with_that_assumption():
    """As stated, and with another persistence and correlation set: the same counts from a run that knows no audit."""
    day = date(2025, 3, 31)
    result = run.run(as_of=day, draws=10)
    made = assumptions.assumptions(
        result.criteria, result.cells, result.weighed, result.peers, day, result.scores.score, result.ranking.rank,
        result.screening.kinds, result.ranking.apart,
    ).table.set_index(["kind", "value"])  # fmt: skip
    settings = {
        ("persistence", 0.7): ("uncertainty.persistence=0.7",),
        ("correlation", 0.0): ("uncertainty.correlation=0",),
        ("as stated", math.nan): (),
    }
    for (kind, value), changed in settings.items():
        own = run.run(as_of=day, draws=assumptions.DRAWS, settings=changed)
        ranked, firm = own.ranking.rank.notna(), own.firmness
        row = made.xs(kind, level="kind").iloc[0] if math.isnan(value) else made.loc[(kind, value)]
        assert row["firm"] == (firm.p_eligible[ranked] >= 0.9).sum(), kind
        assert row["borderline"] == (firm.p_eligible[ranked] < 0.9).sum(), kind
        assert row["sure"] == (firm.stated.p_top >= 0.9).sum(), kind
        assert row["width"] == pytest.approx((firm.places.high - firm.places.low + 1)[ranked].mean()), kind


def test_wider_intervals_of_averages_widen_just_those():
    """sqrt(1 + 3 / 2) for political corruption, an average of four, where parts err alike by half; nothing for the others."""
    result = run.run(as_of=date(2025, 3, 31), draws=10)
    doubt = result.criteria.uncertainty
    wide, usual = (
        measurement_error.ErrorModel(result.cells, result.weighed, doubt, stretch=stretch).draw(4_000).now
        for stretch in ({"vdem.political_corruption": 2.5**0.5}, {})
    )
    column = result.cells.countries.index("KEN")
    z = lambda x: np.array([NORMAL.inv_cdf(p) for p in x[:, column]])  # noqa: E731
    ratio = z(wide["vdem.political_corruption"]).std() / z(usual["vdem.political_corruption"]).std()
    assert ratio == pytest.approx(2.5**0.5, rel=1e-3)
    assert result.cells.sheets["vdem.political_corruption"].parts == 4
    assert np.array_equal(wide["vdem.neopatrimonialism"], usual["vdem.neopatrimonialism"], equal_nan=True)
