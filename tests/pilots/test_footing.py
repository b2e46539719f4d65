"""The programme a pilot could be tied to and past bodies: what a list can say, in which order, and what it cannot."""

from __future__ import annotations

import csv
import math
from datetime import date
from typing import get_args

import pytest

from eligibility.data import countries, lists
from eligibility.data.lists import Event, Listed
from eligibility.pilots import precedents, register, vehicle
from eligibility.resources import shipped

DAY = date(2026, 3, 31)


def listed(series: str, *events: tuple[str, str], as_of: str = "2025-12") -> Listed:
    begins = {"lists.mcc_compact": ["compact1_signed", "compact2_signed"], "lists.ogp_member": ["joined"]}[
        series
    ]
    known = [kind for _, kind in events if kind not in begins]
    ends = ["withdrawn"] if series == "lists.ogp_member" else []
    also = sorted(set(known) - set(ends))
    block = {
        "kind": "status",
        "list": "x",
        "begins": begins,
        "ends": ends,
        "also": also,
        "found": True,
        "as_of": as_of,
    }
    return Listed(
        lists.standing(block),
        tuple(Event("MDA", day, kind, "https://example.org", "") for day, kind in events),
    )


def found(mcc=(), ogp=(), pilots=(), day: date = DAY) -> vehicle.Vehicle:
    dated = {
        "lists.mcc_compact": listed("lists.mcc_compact", *mcc),
        "lists.ogp_member": listed("lists.ogp_member", *ogp),
    }
    return vehicle.found(dated, pilots, "MDA", day)


def pilot(kind: str, review: str | None = "2026-11-01", stage: str = "talks") -> register.Pilot:
    row = {"kind": kind, "review_on": review} if review else {"kind": kind}
    more = {"begins": "2020-01-01", "ends": "2025-01-01"} if stage == "ended" else {}
    return register.Pilot.model_validate(
        {"country": "MDA", "body": {"kind": "a"}, "stage": stage, "vehicle": row, **more}
    )


OGP = [("2014-05", "joined")]
FORCE = [("2023-01-01", "compact1_signed"), ("2024-01-01", "compact1_in_force")]


@pytest.mark.parametrize(
    "mcc, ogp, pilots, due",
    [
        ([], [], [], ("none", None)),
        ([], OGP, [], ("ogp", "member")),
        ([], [*OGP, ("2020-01-01", "inactive")], [], ("none", None)),
        ([], [*OGP, ("2020-01-01", "inactive"), ("2021-01-01", "active")], [], ("ogp", "member")),
        ([], [*OGP, ("2020-01-01", "withdrawn")], [], ("none", None)),
        ([], OGP, [pilot("eu")], ("eu", "registered")),
        ([], OGP, [pilot("eu", None)], ("ogp", "member")),  # no day of a next review: not one with dated reviews
        ([], OGP, [pilot("eu", stage="ended")], ("ogp", "member")),
        ([], OGP, [pilot("none", None)], ("ogp", "member")),
        ([("2025-12-10", "compact_selected")], OGP, [pilot("imf")], ("mcc-selected", "compact-selected")),
        ([("2025-03-30", "compact_selected")], OGP, [], ("ogp", "member")),  # a year has passed
        ([("2025-12-10", "threshold_selected")], [], [], ("mcc-selected", "threshold-selected")),
        (FORCE, OGP, [pilot("imf")], ("mcc-compact", "in-force")),
        ([*FORCE, ("2025-06-01", "compact1_suspended")], OGP, [], ("ogp", "member")),
        ([("2020-01-01", "compact1_signed"), ("2021-03-30", "compact1_in_force")], [], [], ("none", None)),  # five years
        ([*FORCE, ("2025-06-01", "compact1_completed"), ("2026-01-01", "compact2_signed")], [], [], ("mcc-selected", "signed")),
        (FORCE, OGP, [pilot("mcc-compact")], ("mcc-compact", "registered")),
    ],
)  # fmt: skip
def test_the_first_in_order_is_told(mcc, ogp, pilots, due):
    told = found(mcc, ogp, pilots)
    assert (told.kind, told.stage) == due


def test_a_row_after_the_day_is_not_known_and_a_month_counts_from_its_end():
    assert found([("2026-04-01", "compact_selected")]).kind == "none"
    assert found([("2026-03", "compact_selected")], day=date(2026, 3, 30)).kind == "none"
    assert found([("2026-03", "compact_selected")]).kind == "mcc-selected"


def test_how_far_the_lists_go_is_told_at_most_to_the_day():
    assert found().looked_up == ("2025-12", "2025-12")
    assert found(day=date(2016, 7, 1)).looked_up == ("2016-07-01", "2016-07-01")
    assert found(ogp=OGP).looked_up == ("2025-12",)
    assert vehicle.found({}, (), "MDA", DAY) == vehicle.Vehicle("none", None, "", None, (), "")


def test_a_programme_spared_says_nothing_of_today():
    told = found([("2025-04-23", "programme_spared_in_wind_down")], OGP)
    assert told.kind == "ogp" and told.spared.date == "2025-04-23"


@pytest.mark.parametrize(
    "mcc, due",
    [
        ([], (None, None, None, "")),
        (FORCE, (None, None, None, "2025-07-25")),  # older than the cuts, and no page says that it was spared
        ([*FORCE, ("2025-08-01", "programme_kept_after_review")], (None, "2025-08-01", None, "")),
        ([*FORCE, ("2025-08-01", "compact1_terminated")], (None, None, "2025-08-01", "")),
        ([*FORCE, ("2025-04-23", "programme_spared_in_wind_down"), ("2025-08-01", "compact1_terminated")], (None, None, "2025-08-01", "")),
        ([("2021-03-30", "compact1_completed")], (None, None, None, "")),  # five years ago
        ([("2021-04-01", "threshold_completed")], (None, None, "2021-04-01", "")),
        ([*FORCE, ("2025-08-01", "threshold_terminated")], (None, None, None, "2025-07-25")),  # the compact is told
        ([("2025-09-01", "compact1_signed")], (None, None, None, "")),  # signed after the cuts
    ],
)  # fmt: skip
def test_what_became_of_its_programme_is_told_by_the_newest_event(mcc, due):
    told = found(mcc)
    days = tuple(event and event.date for event in (told.spared, told.kept, told.ended))
    assert (*days, told.unsure) == due


def test_a_programme_that_was_ended_ends_the_choice_made_before_it():
    chosen, ended = ("2025-12-10", "compact_selected"), ("2025-12-20", "threshold_terminated")
    assert found([chosen]).stage == "compact-selected" and found([chosen, ended]).kind == "none"
    assert found([("2025-12-01", "threshold_terminated"), chosen]).stage == "compact-selected"


def test_what_became_of_mcc_is_dated_and_sourced():
    rows = vehicle.programmes()
    assert all(
        row.state in ("changed", "cut", "closed") and row.source.startswith("https://") for row in rows
    )
    assert vehicle.today("mcc", date(2024, 11, 30)) is None
    assert [vehicle.today("mcc", day).date for day in (date(2024, 12, 31), date(2025, 8, 1), DAY)] == ["2024-12", "2025-07-25", "2025-12-10"]  # fmt: skip


# Past bodies


def test_every_body_has_a_first_day_a_host_an_outcome_and_a_source():
    for body in precedents.bodies():
        assert body.agreed or body.began, body
        for day in filter(None, (body.agreed, body.began, body.ended)):
            lists.span(day)
        assert body.outcome in get_args(precedents.Outcome) and body.iso3 in countries.register()
        assert body.source and "[B]" not in "".join(body) and "recollect" not in body.source
        assert bool(body.ended) == (body.outcome not in ("never-began", "not-begun", "running")), body
    names = [body.name for body in precedents.bodies()]
    assert len(set(names)) == len(names) == 28
    assert {body.read for body in precedents.bodies()} == {"", "excerpt", "page"}


def test_kinds_are_those_of_the_criteria_or_one_without_a_rule():
    from eligibility.data import sources
    from eligibility.method import run

    ids = {kind.id for kind in run.criteria_of("peacetime-pilots", sources.shelf()).mechanisms}
    assert {body.kind for body in precedents.bodies()} <= ids | {"co-signature"}


def test_a_kind_that_fits_comes_first_then_the_place_then_likeness():
    far = dict.fromkeys((b.name for b in precedents.bodies()), 0.5)
    apart = lambda body: far[body.name]  # noqa: E731
    fits = precedents.nearest("GTM", ("complementary-prosecutor",), DAY, apart)
    assert [body.short for body in fits] == ["CICIG", "MACCIH", "CICIES"]
    far[next(b.name for b in precedents.bodies() if b.short == "CICIH")] = 0.1
    again = precedents.nearest("GTM", ("complementary-prosecutor",), DAY, apart)
    assert [body.short for body in again] == ["CICIG", "CICIH", "MACCIH"]
    first, *_ = precedents.nearest("ALB", ("vetting-panel",), DAY, apart)
    assert first.short == "Monitoring Operation"


def test_a_body_of_later_days_is_unknown_and_its_end_too():
    early = precedents.nearest("GTM", ("complementary-prosecutor",), date(2016, 7, 1), lambda body: 0.0)
    assert all(body.first <= date(2016, 7, 1) for body in early)
    cicig = next(body for body in precedents.bodies() if body.short == "CICIG")
    assert cicig.by(date(2016, 7, 1)) == "running" and cicig.by(DAY) == "ended-by-host"
    assert precedents.nearest("GTM", (), date(1999, 1, 1), lambda body: 0.0) == ()


def test_likeness_is_of_the_figures_that_both_have():
    assert precedents.distance([(1.0, 0.0, 1.0), (0.0, 0.0, 1.0)]) == 0.5
    assert precedents.distance([(math.nan, 0.0, 1.0)]) == math.inf


def test_the_tables_name_each_column_once():
    for name in ("bodies/bodies.csv", "programmes/programmes.csv"):
        with open(shipped("datasets") / name, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert {len(row) for row in rows} == {len(rows[0])} and len(set(rows[0])) == len(rows[0])
