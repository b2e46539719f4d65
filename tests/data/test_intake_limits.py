"""Each rule of the intake gate at its limit: invented releases that just keep it, and that just break it."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from places import ROOT

from eligibility import likeness
from eligibility.data import sources
from eligibility.data.compiled import Compiled
from eligibility.data.intake import alone, beside, case, missing, rules
from eligibility.data.intake.case import Case
from eligibility.data.intake.rules import LIMITS, Finding, together

ENTRY = {
    "label": "An index", "description": "", "publisher_code": "x", "unit": "", "better": "high", "decimals": 2,
    "range": [-1000, 1000], "lag_months": 6, "uncertainty": {"kind": "none", "how": ""},
}  # fmt: skip
OUT = date(2021, 7, 1)  # on which figures of 2020 are out for the first time


@pytest.fixture(autouse=True)
def invented_family(monkeypatch):
    """No publisher's sheet, and sources that carry their tables."""
    monkeypatch.setattr(case, "family_sheet", lambda family: {})
    monkeypatch.setattr(sources, "table", lambda source: source.frame)


def figures(lands: int = 40, years: range = range(2011, 2021), by: float = 1.0) -> pd.DataFrame:
    """Year x country: countries in one order, all going up by as much, which no rule minds."""
    names = [f"X{n:02}" for n in range(lands)]
    rows = np.arange(lands)[None, :] * by + np.arange(len(years))[:, None] * 0.01
    return pd.DataFrame(rows, index=list(years), columns=names)


def long(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """(iso3, year) x series, as a source holds it."""
    columns = {name: table.T.stack() for name, table in tables.items()}
    frame = pd.DataFrame(columns)
    frame.index.names = ["iso3", "year"]
    return frame.sort_index()


def release(vintage="2020", day=OUT, dated=True, entry=None, family="made", **tables) -> Compiled:
    """A release of these tables; those that end in _sd are errors."""
    series = tuple(name for name in tables if not name.endswith("_sd"))
    entries = dict.fromkeys(series, ENTRY | (entry or {}))
    return Compiled(
        f"{family}-{vintage}", family, vintage, True, series, day, dated, long(tables), entries, {}
    )


def held(vintage="2019", day=date(2020, 7, 1), family="made", **tables) -> SimpleNamespace:
    """A source on the shelf."""
    one = release(vintage, day, family=family, **tables)
    return SimpleNamespace(id=one.id, family=family, vintage=vintage, released=day, frame=one.frame,
                           series=dict.fromkeys(one.series))  # fmt: skip


def asked(one: Compiled, *shelf: SimpleNamespace, **sheet) -> Case:
    """The case, by a publisher's sheet."""
    made = Case(one, shelf)  # type: ignore[arg-type]
    made.rules = sheet
    return made


def told(found, rule: str) -> list[str]:
    """What is said under a rule."""
    return [str(finding) for finding in found if finding.rule == rule]


# ── What is said of a release ────────────────────────────────────────────────────────────────────────────────────


def test_ten_names_are_shown_and_three_sentences_of_a_rule():
    assert str(Finding("r", "a")) == "a"
    names = tuple("abcdefghijkl")
    assert str(Finding("r", "a", names[:10])) == "a: a, b, c, d, e, f, g, h, i, j"
    assert str(Finding("r", "a", names)) == "a: a, b, c, d, e, f, g, h, i, j and 2 more"
    each = [Finding("r", said, (said, "z")) for said in "aabcde"]
    assert together(each) == Finding("r", "a; b; c; and so of 2 more", ("a", "z", "b", "c", "d", "e"))
    assert together(each[:5]).found == "a; b; c; and so of 1 more"
    assert together(each[:4]) == Finding("r", "a; b; c", ("a", "z", "b", "c"))
    assert together(each[:1]) == each[0]


def test_countries_and_cells_are_named_by_the_register_where_it_has_them():
    assert rules.named(["ZZZ", "TUN", "KEN"]) == ("Kenya", "Tunisia", "ZZZ")
    cells = pd.DataFrame({"TUN": [False, True], "KEN": [True, False]}, index=[2000, 2001])
    assert rules.cells_named(cells) == ("Kenya 2000", "Tunisia 2001")


def test_the_limits_are_those_the_docs_tell():
    """In docs/data.md: a share in per cent or points, a number of times or of countries, a correlation."""
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| .* \| (.*) \|$", (ROOT / "docs/data.md").read_text(), re.M))
    for rule, limit, form in (
        ("countries-lost", "countries-lost-older", "{0:.0%}"), ("cells-lost", "cells-lost", "{0:.1%}"),
        ("cells-lost", "cells-lost-older", "{0:.0%}"), ("empty-cells", "empty-cells", "{1:.0f} point"),
        ("empty-cells", "empty-alone", "{0:.0%}"), ("partial-year", "partial-year", "{1:.0f} points"),
        ("rank-correlation", "rank-correlation", "{0:.2f} over all"),
        ("rank-correlation", "rank-correlation-year", "{0:.2f} within"),
        ("rank-correlation", "new-year-order", "{0:.2f} below"), ("shifted", "seam", "less alike by {0}"),
        ("shifted", "neighbours", "above {0}"), ("rescaled", "rescaled", "{0} times"),
        ("share-moved", "share-moved", "{0:.0%}"), ("share-moved", "countries-moved", "{0} countries"),
        ("variance", "countries-stuck", "{0} countries"), ("variance", "repeat", "{0:.0%}"),
        ("error-scale", "error-scale", "{0} times"),
    ):  # fmt: skip
        assert form.format(LIMITS[limit], 100 * LIMITS[limit]) in rows[rule], limit
    assert "by 0.1 more" in rows["shifted"] and alone.BETTER == 0.1
    assert "none by more than a last digit" in rows["revised"] and LIMITS["revised"] == 0
    assert "none of the last five years" in rows["cells-lost"] and LIMITS["recent-lost"] == 0
    assert missing.RECENT == 5 and LIMITS["behind"] == 0 and LIMITS["cells-lost-across"] == 0.01


# ── What a release is held against ───────────────────────────────────────────────────────────────────────────────


def test_the_release_before_answers_else_the_one_after_of_its_own_kind_first():
    table, other = figures(), held("2015", family="other", a=figures())
    shelf = [held("2018", a=table), held("2019", a=table), held("2022", b=table), held("list-2019", a=table)]
    made = asked(release("2020", a=table), *shelf, other)
    assert made.same is None and [s.id for s in made.others] == [s.id for s in shelf]
    assert made.neighbour("a") is shelf[1] and made.neighbour("b") is shelf[2] and made.neighbour("c") is None
    assert asked(release("2017", a=table), *shelf).neighbour("a") is shelf[0]
    assert asked(release("list-2020", a=table), *shelf).neighbour("a") is shelf[3]
    assert [(s.id, names) for s, names in made.references()] == [("made-2019", ["a"])]
    again = asked(release("2019", a=table, c=table), *shelf)
    assert again.same is shelf[1] and [s.id for s in again.others] == [
        "made-2018",
        "made-2022",
        "made-list-2019",
    ]
    found = [(s.id, names) for s, names in again.references()]
    assert found == [("made-2019", ["a"]), ("made-2018", ["a"])]


def test_the_later_one_is_told_by_number_of_one_kind_and_by_day_of_two():
    made = asked(release("2020", a=figures()))
    for vintage, day, after in (
        ("2019", date(2030, 1, 1), True), ("2020", OUT, False), ("2021", date(2001, 1, 1), False),
        ("list-2030", date(2021, 6, 30), True), ("list-2001", OUT, False), ("list-2001", date(2021, 7, 2), False),
    ):  # fmt: skip
        assert made.after(held(vintage, day, a=figures())) is after, vintage
    assert made.alike(held("2001", a=figures())) and not made.alike(held("list-2020", a=figures()))
    assert asked(release("wdi-2020-12", a=figures())).monthly and not made.monthly


def test_a_handful_of_countries_is_an_extract_of_what_is_not_held_and_is_not_old():
    few, enough = figures(case.FEWEST_COUNTRIES - 1), figures(10)
    assert (
        asked(release("2020", a=few)).extract
        and asked(release("2020", a=few), held("2019", a=enough)).extract
    )
    assert asked(release("2020", a=few), held("list-2030", date(2022, 1, 1), a=enough)).extract
    assert not asked(release("2020", a=enough)).extract
    assert not asked(release("2020", a=few), held("2020", a=enough)).extract
    assert not asked(release("2020", a=few), held("2021", a=enough)).extract


def test_a_sheet_says_what_holds_of_a_vintage_of_its_kind_or_of_all_and_of_a_series_first():
    sheet = {"ends": {"list-7": 1, "list": 2, "all": 3}, "limits": {"seam": 5.0}, "may": ["constant"],
             "series": {"a": {"seam": 6.0}}}  # fmt: skip
    for vintage, said in (("list-7", 1), ("list-8", 2), ("9", 3)):
        made = asked(release(vintage, a=figures()), **sheet)
        assert made.said("ends") == said and made.said("begins") is None
    assert (made.limit("seam", "a"), made.limit("seam", "b"), made.limit("repeat", "a")) == (6, 5, 0.98)
    assert made.may("constant") and not made.may("same-year")


# ── What a file says by itself ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("years", "off", "lands", "says"),
    [
        (range(2011, 2021), 0, 40, {}),
        (range(2011, 2020), -1, 40, {}),
        (range(2011, 2022), 0, 40, {"last-year": "it ends in 2021; the edition 2020 ends in 2020: 2021"}),
        (
            range(2011, 2019),
            0,
            40,
            {"years-lost": "it ends in 2018; the edition 2020 ends in 2020: 2019, 2020"},
        ),
        (range(2011, 2019), 0, 9, {}),
    ],
)
def test_an_edition_ends_in_its_year(years, off, lands, says):
    later, earlier = figures(lands, years), figures(lands, years[:-1])
    one = release("2020", date(2030, 1, 1), a=later, b=earlier)
    found = list(alone.found(asked(one, ends={"all": off}, limits={"behind": 99})))
    assert {finding.rule: str(finding) for finding in found} == says


def test_an_edition_that_names_no_year_is_refused_where_editions_end_in_theirs():
    one = release("latest", date(2030, 1, 1), a=figures())
    assert told(alone.found(asked(one, ends={"all": 0})), "last-year") == [
        "it ends in 2020; the edition latest names no year"
    ]


def test_a_file_begins_when_its_publishers_does_and_has_as_many_countries():
    for first, lands, says in (
        (2011, 12, []), (2013, 12, ["it begins in 2013; the publisher's file begins in 2011: 2011, 2012"]),
        (2011, 11, ["11 countries; the publisher's file has at least 12"]), (2013, 9, []),
    ):  # fmt: skip
        one = release(a=figures(lands, range(first, 2021)), b=figures(lands, range(first + 1, 2021)))
        found = list(alone.found(asked(one, begins={"all": 2011}, fewest={"all": 12})))
        assert told(found, "years-lost") + told(found, "countries-lost") == says, (first, lands)


def test_a_series_is_not_behind_its_calendar():
    short, whole = figures(years=range(2011, 2020)), figures()
    said = "ends in 2019; by 2021-07-01 2020 was out, since 2021-07-01: 2020"
    both = "'a' and 1 more end in 2019; by 2021-07-01 2020 was out, since 2021-07-01: 2020"

    def of(one: Compiled, **sheet) -> list[str]:
        return told(alone.found(asked(one, **sheet)), "years-lost")

    assert of(release(a=whole)) == [] and of(release(day=date(2021, 6, 30), a=short)) == []
    assert of(release(a=short, b=whole)) == [f"'a' {said}"] and of(release(a=short, b=short, c=whole)) == [
        both
    ]
    assert of(release(a=short), limits={"behind": 1}) == []
    assert of(release("v14", dated=False, a=short)) == []
    assert of(release("2021-07", date(2035, 1, 1), dated=False, a=short)) == [f"'a' {said}"]


@pytest.mark.parametrize(
    ("by", "there", "here", "found"),
    [
        (1, 0.2, 0.0, ""), (1, 0.21, 0.0, "later"), (1, 0.6, 0.5, ""), (1, 0.7, 0.5, "later"), (-1, 0.7, 0.5, "earlier"),
    ],
)  # fmt: skip
def test_a_column_follows_others_a_row_off_by_a_tenth_more(monkeypatch, by, there, here, found):
    monkeypatch.setattr(likeness, "neighbours", lambda tables: [("a", by, there, here)])
    said = told(alone.found(asked(release(a=figures(alone.FEWEST_BESIDE)))), "shifted")
    row = f"the changes of 'a' are those of other series of the file a row {found} ({there:.2f}; {here:.2f} in their own row)"
    assert said == ([row] if found else [])
    assert not told(alone.found(asked(release(a=figures(59)))), "shifted") and alone.FEWEST_BESIDE == 60


def test_figures_at_the_ends_of_countries_are_their_own(monkeypatch):
    for ends, place in (((0.5, np.nan), ""), ((0.51, 0.5), "first"), ((np.nan, 0.51), "last")):
        monkeypatch.setattr(likeness, "seams", lambda table, ends=ends: ends)
        said = told(alone.found(asked(release(a=figures()))), "shifted")
        assert [word.split()[1] for word in said] == ([place] if place else [])
        assert all("agrees by 0.51 less" in word for word in said)
    assert told(alone.found(asked(release(a=figures(9)))), "shifted")
    listed = release(entry={"standing": {}}, a=figures(9))
    assert told(alone.found(asked(listed)), "shifted")  # an empty block is none
    listed.entries["a"]["standing"] = {"said": "a party"}
    assert not told(alone.found(asked(listed)), "shifted")


def test_a_year_had_ended_when_its_figures_came_out():
    def of(
        last: int, lands: int = 20, dated: bool = True, day: date = date(2020, 6, 30), **sheet
    ) -> list[str]:
        tables = {"a": figures(lands, range(2011, last + 1)), "b": figures(lands, range(2011, last))}
        return told(alone.found(asked(release("v1", day, dated, **tables), **sheet)), "last-year")

    said = "it holds 2020, and came out on 2020-06-30: 2020"
    assert of(2020) == [said] and of(2020, 19) == [] and of(2019) == [] and of(2020, may=["same-year"]) == []
    assert of(2021, 19, may=["same-year"]) == [said.replace("2020,", "2021,").replace(": 2020", ": 2021")]
    (late,) = of(2999 if date.today().year < 2999 else 9999, dated=False)
    assert f"and cannot be younger than {date.today().isoformat()}" in late and not of(2019, dated=False)


def holed(table: pd.DataFrame, cells: int) -> pd.DataFrame:
    """The table with so many figures missing in the middle."""
    out = table.copy()
    for n in range(cells):
        out.iloc[1 + n % 3, n // 3] = np.nan
    return out


def test_no_more_cells_are_empty_than_before_or_than_a_few():
    whole, some, more = (holed(figures(20), n) for n in (0, 4, 8))
    at, before = likeness.gaps(some), likeness.gaps(more)

    def of(one: pd.DataFrame, *shelf, limits=None) -> list[str]:
        return told(alone.found(asked(release(a=one), *shelf, limits=limits or {})), "empty-cells")

    assert of(some, limits={"empty-alone": at}) == [] and of(whole, limits={"empty-alone": 0.0}) == []
    assert of(some, limits={"empty-alone": at - 1e-9}) == ["'a': 2.0% of the cells are empty"]
    assert of(holed(figures(19), 8), limits={"empty-alone": 0.0}) == []
    shelf = held("2019", a=some)
    assert of(more, shelf, limits={"empty-cells": before - at}) == []
    assert of(more, shelf, limits={"empty-cells": before - at - 1e-9}) == [
        "'a': 4.0% of the cells are empty (2.0% before)"
    ]


# one year beside the year before: what is held says how far a year has ever been from the one before it

USUAL = {"order": 1.0, "level": 0.5, "width": 1.0, "same": 0.5, "count": 1.0}
TIGHT = {"partial-year": 0.25, "new-year-order": 0.25, "repeat": 0.6, "rescaled": 2.0}


def steps(last: int, first: int = 2012, **other: object) -> likeness.Steps:
    """A table beside itself, year by year; `name=(x, y)` for the last years, a number for the last one alone."""
    rows = {name: pd.Series(usual, index=range(first, last + 1)) for name, usual in USUAL.items()}
    for name, given in other.items():
        values = given if isinstance(given, tuple) else (given,)
        rows[name].iloc[-len(values) :] = values
    return likeness.Steps(**rows)


def new_year(
    monkeypatch, now: likeness.Steps, known: likeness.Steps | None, lands=40, was=40, entry=None
) -> list[str]:
    """What is said of the year 2020 where the years to 2019 were held, or were not."""
    monkeypatch.setattr(likeness, "steps", lambda table: now if table.index[-1] == 2020 else known)
    shelf = [held("2019", a=figures(was, range(2011, 2020)))] if known is not None else []
    found = alone.found(asked(release(a=figures(lands), entry=entry), *shelf, limits=TIGHT))
    named = ("partial-year", "rank-correlation", "variance", "rescaled")
    return [str(finding) for finding in found if finding.rule in named]


@pytest.mark.parametrize(
    ("now", "known", "says"),
    [
        ({}, {}, ""),
        ({"count": 0.75}, {}, ""), ({"count": 0.74}, {}, "has in 2020 74% of the countries of the year before"),
        ({"count": 0.75}, {"count": (1.5,) * 8}, ""), ({"count": 0.3}, {"count": 0.5}, ""),
        ({"order": 0.75}, {}, ""), ({"order": 0.74}, {}, "in another order than the year before (0.74; never below 1.00)"),
        ({"order": 0.3}, {"order": 0.5}, ""), ({"order": 0.3}, {"order": (np.nan,) * 8}, ""),
        ({"order": (0.3, 1.0)}, {}, ""),
        ({"same": 0.74}, {}, ""), ({"same": 0.75}, {}, "repeats in 2020 the year before for 75% of countries"),
        ({"same": 1.0}, {"same": 1.0}, ""), ({"same": 0.55}, {"same": (0.0,) * 8}, ""),
        ({"width": 0.25}, {"width": 0.5}, ""), ({"width": 0.24}, {"width": 0.5}, "0.24 times as wide as the year before"),
        ({"width": 2.0}, {"width": 0.5}, ""), ({"width": 2.1}, {"width": 0.5}, "2.10 times as wide as the year before"),
        ({"level": 1.5}, {}, ""), ({"level": 1.6}, {}, "its median moved by 160% of its width"),
    ],
)  # fmt: skip
def test_a_new_year_is_beside_the_year_before_as_years_ever_were(monkeypatch, now, known, says):
    said = new_year(monkeypatch, steps(2020, **now), steps(2019, **known))
    assert (len(said) == 1 and says in said[0]) if says else not said


def test_a_year_with_nothing_held_is_beside_the_years_of_its_own_file(monkeypatch):
    assert new_year(monkeypatch, steps(2020, count=0.66), None) == []
    assert "has in 2020 64%" in new_year(monkeypatch, steps(2020, count=0.64), None)[0]
    assert "has in 2020 66%" in new_year(monkeypatch, steps(2020, count=0.66), steps(2019))[0]
    assert (
        new_year(monkeypatch, steps(2020, order=(0.5, 1.0), count=(0.5, 1.0, 1.0)), None) == []
    )  # the last year alone is new
    assert new_year(monkeypatch, steps(2020, first=2020, count=0.75), steps(2019, first=2020)) == []


def test_a_year_that_the_same_release_held_is_not_new(monkeypatch):
    odd = steps(2020, order=0.1)
    monkeypatch.setattr(likeness, "steps", lambda table: odd if table.index[-1] == 2020 else steps(2019))
    earlier = held("2019", a=figures(years=range(2011, 2020)))
    rules_of = lambda *shelf: {f.rule for f in alone.found(asked(release(a=figures()), *shelf))}  # noqa: E731
    assert "rank-correlation" not in rules_of(held("2020", a=figures()), earlier)
    assert "rank-correlation" in rules_of(earlier)


def test_the_order_of_a_part_of_the_countries_is_its_own_and_classes_have_no_width(monkeypatch):
    bad = steps(2020, order=0.1)
    assert new_year(monkeypatch, bad, steps(2019), lands=20) == []
    assert len(new_year(monkeypatch, bad, steps(2019), lands=21)) == 1
    assert len(new_year(monkeypatch, bad, None)) == 1
    wide = steps(2020, width=9.0)
    assert len(new_year(monkeypatch, wide, steps(2019))) == 1
    assert new_year(monkeypatch, wide, steps(2019), entry={"classes": {1: "one"}}) == []


def flat(pattern: str, lands: int = 20, first: int = 2017) -> pd.DataFrame:
    """A year a sign: `=` where all have one figure, `2` for two figures, `/` for many."""
    table = figures(lands, range(first, first + len(pattern)))
    for year, sign in zip(table.index, pattern, strict=True):
        if sign != "/":
            table.loc[year] = [5.0] * (lands - 1) + [6.0 if sign == "2" else 5.0]
    return table


@pytest.mark.parametrize(
    ("new", "old", "years"),
    [
        ("/=/", None, [2018]), ("2=/", None, [2018]), ("=/=", None, [2019]), ("==/", None, []), ("/==", None, [2018, 2019]),
        ("/=", "/2", [2018]), ("/=", "/=", []), ("/=/", "//", [2018]), ("/==", "//", [2018]), ("/==", "/=", []),
    ],
)  # fmt: skip
def test_a_year_varies_where_years_did(new, old, years):
    shelf = [held("2019", a=flat(old))] if old else []

    def of(lands: int, **sheet) -> list[str]:
        return told(alone.found(asked(release(a=flat(new, lands)), *shelf, **sheet)), "variance")

    assert [said for said in of(20) if "everywhere in" in said] == [
        f"'a' is 5 everywhere in {year}" for year in years
    ]
    assert not of(19) and not [said for said in of(20, may=["constant"]) if "everywhere" in said]


def test_a_series_varies_unless_it_hardly_did(monkeypatch):
    def of(table: pd.DataFrame, *old: pd.DataFrame) -> list[str]:
        shelf = [held("2019", a=one) for one in old]
        return told(alone.found(asked(release(a=table), *shelf, may=["constant"])), "variance")

    forty = flat("==", 20)
    assert of(forty) == ["'a' is 5 everywhere"] == of(forty, flat("//")) and of(flat("22")) == []
    assert of(holed(flat("==", 20), 1)) == [] == of(forty, flat("22"))
    three = flat("22")
    three.iloc[0, 0] = 7.0
    assert of(forty, three) == ["'a' is 5 everywhere"]


def test_errors_are_smaller_than_what_they_are_errors_of():
    table = figures(20, range(2019, 2021))
    half = likeness.spread(table.to_numpy()) / 2

    def of(error: float, cells: int = 0) -> list[str]:
        one = release(a=table, a_sd=holed(table * 0 + error, 0).mask(np.arange(40).reshape(2, 20) < cells))
        return told(alone.found(asked(one)), "error-scale")

    assert of(half) == [] == of(half * 0.8) and of(0.0, 1) == [] == of(half * 2, 1)
    assert len(of(half * 1.01)) == 1 and "a middling error of 0 on a width" in of(0.0)[0]
    assert of(half, 40) == []


@pytest.mark.parametrize(
    ("times", "says"), [(4.0, ""), (0.25, ""), (5.0, "5.00"), (0.2, "0.20")]
)  # fmt: skip
def test_errors_are_of_the_size_of_those_before(times, says):
    table = figures(20, range(2019, 2021), by=10.0)
    before = held(a=table, a_sd=table * 0 + 0.5)

    def of(errors: pd.DataFrame, *shelf) -> list[str]:
        return told(
            alone.found(asked(release(a=table, a_sd=errors), *shelf, limits={"error-scale": 4.0})),
            "error-scale",
        )

    new = table * 0 + 0.5 * times
    assert of(new, before) == ([f"'a' has errors {says} times those of made-2019"] if says else [])
    assert of(new.mask(np.arange(40).reshape(2, 20) < 1), before) == [] == of(new, held(a=table)) == of(new)


def test_an_error_of_nought_says_nothing_of_the_size_of_others():
    table = figures(70, range(2019, 2021), by=10.0)
    errors = (table * 0 + 0.5).where(np.arange(140).reshape(2, 70) % 10 < 4, 0.0)
    one = release(a=table, a_sd=errors + 1e-12 * (errors > 0))
    assert "errors" not in "".join(
        told(alone.found(asked(one, held(a=table, a_sd=table * 0 + 0.5))), "error-scale")
    )


# ── What a source holds and a release does not ───────────────────────────────────────────────────────────────────


def broken(found, one: Compiled, *shelf, **sheet) -> dict[str, list[str]]:
    """Rule -> what is said."""
    out: dict[str, list[str]] = defaultdict(list)
    for finding in found(asked(one, *shelf, **sheet)):
        out[finding.rule].append(str(finding))
    return out


def lost(*case, **sheet) -> dict[str, list[str]]:
    return broken(missing.found, *case, **sheet)


def apart(*case, **sheet) -> dict[str, list[str]]:
    return broken(beside.found, *case, **sheet)


def test_the_same_release_may_lose_nothing_and_an_extract_loses_nothing():
    table = figures(12)
    assert lost(release(a=table, c=table), held("2020", a=table)) == {}
    said = lost(release(a=table), held("2020", a=table, b=table))
    assert said["series-lost"] == [
        "must hold every series of made-2020, which it would stand in for; lacks b"
    ]
    said = lost(release(a=table.iloc[:, 1:]), held("2020", a=table))
    assert said["countries-lost"] == ["11 of 12 countries: it would hide made-2020 for 1 countries: X00"]
    assert (
        lost(release(a=table.iloc[:, :9])) == {} == lost(release(a=table.iloc[:, :9]), held("2019", a=table))
    )
    assert lost(release(a=table.loc[:2018]), held("2020", a=table))["years-lost"] == [
        "8 of 10 years of made-2020: 2019, 2020"
    ]
    ended = table.assign(X00=table["X00"].loc[:2014])
    assert lost(release(a=table.iloc[:, 1:]), held("2020", a=ended))[
        "countries-lost"
    ]  # though none later keeps it
    assert lost(release(a=figures(60).iloc[:, 1:]), held("2020", a=figures(60)))[
        "countries-lost"
    ]  # not even one of fifty
    gap = table.copy()
    gap.iloc[0, 0] = np.nan
    assert lost(release(a=gap), held("2020", a=table))["cells-lost"] == [
        "'a' lacks 1 of 120 figures of made-2020: X00 2011"
    ]


def test_a_later_release_keeps_countries_of_the_last_five_years_and_brings_a_year():
    old = figures(12, range(2011, 2020))
    gone = old.copy()
    gone.iloc[4:, 0] = np.nan  # to 2014: ended before the last five years
    kept = gone.copy()
    kept.iloc[4, 0] = 1.0  # 2015, the first of them
    new = figures(12).iloc[:, 1:]
    assert lost(release(a=new), held(a=gone)) == {}
    said = lost(release(a=new), held(a=kept))
    assert said["countries-lost"] == ["11 of 12 countries: made-2019 holds 1 countries that it lacks: X00"]
    assert lost(release(a=new), held(a=kept), without={"all": ["X00"]}) == {}
    said = "a later release than made-2019 must bring a year after 2019; it ends in 2019"
    assert lost(release(a=old), held(a=old)) == {"years-lost": [said]}
    assert lost(release("wdi-2020-12", a=old), held("wdi-2020-11", a=old)) == {}
    assert lost(release("list-2020", a=old), held(a=old)) == {} == lost(release("2018", a=old), held(a=old))


def test_years_in_the_middle_and_those_a_sheet_excuses():
    old, new = figures(12, range(2011, 2020)), figures(12)
    less = new.drop(index=[2013, 2014])
    said = lost(release(a=less), held(a=old))
    assert said["years-lost"] == ["7 of 9 years of made-2019: 2013, 2014"]
    assert not said["cells-lost"]  # told once, as years
    assert lost(release(a=less), held(a=old), without={"all": [2013, 2014]})["years-lost"] == []
    two = lost(release(a=less.iloc[:, 1:]), held(a=old))["countries-lost"]
    assert two == ["11 of 12 countries, 7 of 9 years: made-2019 holds 1 countries that it lacks: X00"]
    assert lost(release(a=new.iloc[-1:]), held(a=old), **{"one-year": ["2020"]}) == {}
    # what came after it an older release cannot hold; another kind of file answers only for the years it spans
    older = lost(release("2018", a=new.loc[2011:2017].drop(index=2013)), held(a=old))
    assert older["years-lost"] == ["6 of 9 years of made-2019: 2013"]
    for years, gaps in (((2012, 2018), [2015]), ((2012, 2018), [])):
        part = new.loc[years[0] : years[1]].drop(index=gaps)
        said = lost(release("list-2020", a=part), held(a=old))
        assert said["years-lost"] == ([f"{7 - len(gaps)} of 9 years of made-2019: 2015"] if gaps else [])
    edge = new.loc[2012:2018].drop(index=2015)
    wide = held(a=old.loc[[2012, 2015, 2018]])
    assert lost(release("list-2020", a=edge), wide)["years-lost"] == ["2 of 3 years of made-2019: 2015"]


def test_one_series_keeps_its_years_beside_the_others():
    old, new = figures(12, range(2011, 2020)), figures(12)
    before = held(a=old, b=old)
    said = lost(release(a=new, b=old), before)
    assert said == {"years-lost": ["'b' ends in 2019, others in 2020"]}
    assert lost(release(a=new, b=old), held(a=old, b=old.iloc[:-1])) == {}
    assert lost(release(a=new.drop(index=2020), b=old.iloc[:-1]), held("2020", a=old, b=old))["years-lost"] == [
        "'b' ends in 2018, others in 2019", "'b' lacks 1 of 9 years of made-2020: 2019",
    ]  # fmt: skip
    older = lost(release("2018", a=old.loc[:2017], b=old.loc[:2016]), before)
    assert older["years-lost"] == ["'b' lacks 1 of 9 years of made-2019: 2017"]
    across = lost(release("list-2020", a=old.loc[2012:2018], b=old.loc[2013:2017]), before)
    assert across["years-lost"] == ["'b' lacks 2 of 9 years of made-2019: 2012, 2018"]
    said = lost(release(a=new, b=new.drop(index=2013)), before)
    assert said["years-lost"] == ["'b' lacks 1 of 9 years of made-2019: 2013"]


def test_an_older_release_may_lack_a_few_countries_and_figures():
    now, old = figures(50, range(2011, 2020)), figures(50, range(2011, 2018))
    ask = lambda part, **sheet: lost(release("2018", a=part), held(a=now), **sheet)  # noqa: E731
    assert ask(old.iloc[:, 1:], limits={"countries-lost-older": 0.02}) == {}
    assert len(ask(old.iloc[:, 2:], limits={"countries-lost-older": 0.02})["countries-lost"]) == 1
    assert ask(old.iloc[:, 2:], limits={"countries-lost-older": 0.04}) == {}
    few = holed(old, 7)  # of 350, in years that are not the last five of what is held
    assert ask(few, limits={"cells-lost-older": 0.02}) == {}
    assert len(ask(few, limits={"cells-lost-older": 0.0199})["cells-lost"]) == 1
    late = old.copy()
    late.iloc[-1, 0] = np.nan
    assert (
        ask(late, limits={"cells-lost-older": 0.02, "recent-lost": 0}) == {}
    )  # late ones only a later one owes


def test_a_later_release_keeps_figures_and_all_of_the_last_five_years():
    old, new = figures(50, range(2011, 2020)), figures(50)
    ask = lambda part, **sheet: lost(release(a=part), held(a=old), **sheet)["cells-lost"]  # noqa: E731
    early = new.copy()
    early.iloc[:3, :3] = np.nan  # 9 of 450, to 2013
    assert ask(early, limits={"cells-lost": 0.02}) == []
    (said,) = ask(early, limits={"cells-lost": 0.0199})
    assert said.startswith("'a' lacks 9 of 450 figures of made-2019: X00 2011")
    for year, says in (
        (2014, []),
        (2015, ["'a' lacks 1 of 450 figures of made-2019, 1 of the last 5 years: X00 2015"]),
    ):
        late = new.copy()
        late.loc[year, "X00"] = np.nan
        assert ask(late, limits={"cells-lost": 0.02}) == says
        assert ask(late, limits={"cells-lost": 0.02, "recent-lost": 1}) == []
    across = lost(release("list-2020", a=early), held(a=old), limits={"cells-lost-across": 0.0199})
    assert len(across["cells-lost"]) == 1
    assert (
        lost(release("list-2020", date(2019, 1, 1), a=early), held(a=old), limits={"cells-lost-across": 0.01})
        == {}
    )
    bare = pd.concat([new.iloc[:, :1], early.iloc[:, 1:]], axis=1).assign(X49=np.nan)
    two = lost(release(a=bare, b=new), held(a=old, b=old), limits={"cells-lost": 0.02})
    assert "'a' lacks 15 of 450 figures of made-2019, 5 of the last 5 years" in two["cells-lost"][0]


# ── How like a release is to the one before ──────────────────────────────────────────────────────────────────────


def exchanged(table: pd.DataFrame, *pairs: tuple[int, int]) -> pd.DataFrame:
    """The table in which countries have one another's figures."""
    out = table.copy()
    for a, b in pairs:
        out.iloc[:, [a, b]] = out.iloc[:, [b, a]].to_numpy()
    return out


def test_few_shared_cells_or_countries_prove_nothing():
    for lands, years, holes, judged in ((10, 4, 0, True), (10, 4, 1, False), (9, 10, 0, False)):
        table = figures(lands, range(2011, 2011 + years))
        new = holed(table.iloc[:, ::-1].set_axis(table.columns, axis=1), holes)
        assert bool(apart(release(a=new), held(a=table))) is judged, (lands, years, holes)


def test_a_country_that_stands_elsewhere_in_most_series_is_named():
    table = figures()
    moved = table.assign(X00=table["X39"] + 5)
    assert apart(release(a=table, b=table), held(a=table, b=table)) == {}
    for series, says in (("ab", True), ("a", False), ("abc", True), ("abcd", True)):
        which = {
            name: moved if name in series else table
            for name in "abcd"[: max(2, len(series) + (series == "abc"))]
        }
        told_ = apart(release(**which), held(**dict.fromkeys(which, table)))["share-moved"]
        said = "1 countries stand elsewhere, or do not move, in most series beside made-2019: X00"
        assert (said in told_) is says, series
    assert not apart(release(a=moved), held(a=table))["share-moved"]  # of one series none is most
    two = {"a": moved, "b": moved, "c": table}
    assert apart(release(**two), held(**dict.fromkeys(two, table)))["share-moved"]  # two of three


def test_two_countries_may_move_in_a_series_and_three_stand_still():
    table = figures()
    for n, says in (
        (2, []),
        (3, ["'a' moved 3 of 40 countries by more than a quarter of all against made-2019: X00, X01, X02"]),
    ):
        new = table.assign(**{f"X0{k}": table["X39"] + 5 + k for k in range(n)})
        assert apart(release(a=new), held(a=table), limits={"share-moved": 1.0})["share-moved"] == says
    for n in (3, 4):
        still = table.assign(**{f"X{k:02}": table[f"X{k:02}"].iloc[0] for k in range(n)})
        rising = table + np.arange(10)[:, None]
        said = apart(release(a=still), held(a=rising.assign(X39=99)))["variance"]
        assert [line.partition(":")[0] for line in said] == (
            ["'a' does not move in 4 countries where made-2019 does"] if n == 4 else []
        )


def test_standing_still_counts_where_the_other_moves_by_a_tenth_of_the_width(monkeypatch):
    monkeypatch.setattr(likeness, "spread", lambda values: 1.25)
    new = figures(20) * 0
    new += 1 + np.arange(20) / 20
    for reach, says in ((0.125, 1), (0.12, 0)):
        old = new.copy()
        old.iloc[0] = 5.0
        old.iloc[1:] = 5.0 + reach
        assert len(apart(release(a=new), held(a=old), limits={"countries-stuck": 0})["variance"]) == says


def test_a_country_is_not_all_nought_where_it_never_was():
    old = figures(years=range(2011, 2021)) + 1
    new = old.assign(X05=0.0)
    assert apart(release(a=new), held(a=old))["variance"] == [
        "'a' is 0 in 1 countries, never so in made-2019: X05"
    ]
    for other in (old.assign(X05=[0.0] + [6.0] * 9), old.assign(X05=np.nan)):
        assert not apart(release(a=new), held(a=other))["variance"]
    partly = old.assign(X05=[1.0] + [0.0] * 9)
    assert not apart(release(a=partly), held(a=old))["variance"]


@pytest.mark.parametrize(
    ("own", "year", "says"),
    [(0.95, 0.9, ""), (0.949, 0.95, "0.95"), (0.96, 0.89, "0.96, 0.89 in 2012: 2012")],
)
def test_the_order_of_all_and_of_each_year_is_as_it_was(monkeypatch, own, year, says):
    monkeypatch.setattr(likeness, "correlation", lambda a, b: own)
    monkeypatch.setattr(likeness, "by_year", lambda a, b: pd.Series({2011: 0.99, 2012: year}))
    said = apart(release(a=figures()), held(a=figures()))["rank-correlation"]
    assert said == ([f"'a' against made-2019: {says}"] if says else [])


@pytest.mark.parametrize("by", [-1, 1])
def test_figures_moved_by_a_country_are_told(by):
    rng = np.random.default_rng(1)
    old = figures() + rng.permutation(40) * 50
    new = pd.DataFrame(np.roll(old.to_numpy(), by, axis=1), old.index, old.columns)
    assert (
        "'a' agrees with made-2019 when moved by one country" in apart(release(a=new), held(a=old))["shifted"]
    )
    mixed = old[rng.permutation(old.columns)].set_axis(old.columns, axis=1)
    assert not [s for s in apart(release(a=mixed), held(a=old))["shifted"] if "one country" in s]


@pytest.mark.parametrize(
    ("slid", "says"),
    [
        ({0: 0.2, 1: 0.5, -1: np.nan}, ""), ({0: 0.2, 1: 0.51, -1: 0.1}, "a year later (0.51; 0.20 in their own year)"),
        ({0: 0.6, 1: 0.55, -1: 0.6}, ""), ({0: 0.6, 1: 0.1, -1: 0.7}, "a year earlier (0.70; 0.60 in their own year)"),
    ],
)  # fmt: skip
def test_changes_a_year_off_are_told(monkeypatch, slid, says):
    monkeypatch.setattr(likeness, "slide", lambda a, b, by: slid[by])
    said = apart(release(a=figures()), held(a=figures()))["shifted"]
    assert said == ([f"the changes of 'a' are those of made-2019 {says}"] if says else [])


def test_a_series_is_most_like_itself():
    rng = np.random.default_rng(1)
    a, b = (figures() + rng.permutation(40) * 50 for _ in range(2))
    said = apart(release(a=b, b=b), held(a=a, b=b))["mislabelled"]
    assert len(said) == 1 and said[0].startswith("'a' is like 'b' of made-2019 (1.000), less like itself (")
    near = a.copy()
    near.iloc[:, :2] = a.iloc[:, [1, 0]].to_numpy()
    between = apart(release(a=near), held(a=a, b=near))["mislabelled"]
    assert len(between) == 1 and "'a' is like 'b'" in between[0]  # though it is nearly itself
    assert not apart(release(a=near), held(a=a, b=a))["mislabelled"]


def test_width_and_level_of_a_series_are_as_they_were(monkeypatch):
    old = figures() - 19.5
    for times, limit, says in ((2.0, 2.0, ""), (0.5, 2.0, ""), (2.0, 1.99, "2.00"), (0.5, 1.99, "0.50")):
        said = apart(release(a=old * times), held(a=old), limits={"rescaled": limit})["rescaled"]
        assert [line.partition(" as wide")[0] for line in said] == ([f"'a' is {says} times"] if says else [])
    assert not apart(release(a=old * 9, entry={"classes": {1: "one"}}), held(a=old))["rescaled"]
    one = old * 0
    assert not apart(release(a=one + 1), held(a=one + 1))["rescaled"]
    monkeypatch.setattr(likeness, "spread", lambda values: 4.0)
    for more, says in (
        (1.0, []),
        (2.0, ["'a' is 1.00 times as wide as in made-2019, its median moved by up to 50% of its width"]),
    ):
        assert apart(release(a=old + 50 + more), held(a=old + 50))["rescaled"] == says


def test_a_share_of_the_figures_may_change_place_or_class():
    old = figures(10)
    half = old.copy()
    half.iloc[:5] = old.iloc[:5, ::-1].to_numpy()  # in half the years 8 of 10 by more than a tenth
    for limit, says in ((0.4, []), (0.39, ["40% of the figures of 'a' moved against made-2019"])):
        ask = {"share-moved": limit, "countries-moved": 99}
        assert [s for s in apart(release(a=half), held(a=old), limits=ask)["share-moved"] if "%" in s] == says
    classes, two = old.round(), old.round()
    two.iloc[:2] += 1  # 2 of 10 years: another class, and nobody another place
    for limit, says in ((0.2, 0), (0.19, 1)):
        said = apart(
            release(a=two, entry={"classes": {1: "one"}}), held(a=classes), limits={"share-moved": limit}
        )
        assert len(said["share-moved"]) == says
    assert not apart(release(a=two), held(a=classes), limits={"share-moved": 0.0})["share-moved"]
    step = exchanged(old, (0, 1))  # a place of ten each, which is a tenth and no more
    assert not [
        s for s in apart(release(a=step), held(a=old), limits={"share-moved": 0.0})["share-moved"] if "%" in s
    ]
    nan = holed(half, 6)
    (said,) = (
        s
        for s in apart(release(a=nan), held(a=old), limits={"countries-moved": 99})["share-moved"]
        if "%" in s
    )
    assert said == "43% of the figures of 'a' moved against made-2019"


def test_the_same_release_gives_the_same_figures(monkeypatch):
    old = figures()
    for spread, off, says in (
        (4.0, 0.015, 0),
        (4.0, 0.02, 0),
        (4.0, 0.021, 1),
        (0.0, 0.008, 1),
        (0.0, 0.004, 0),
    ):
        monkeypatch.setattr(likeness, "spread", lambda values, spread=spread: spread)
        new = old.copy()
        new.loc[2015, "X00"] = old.loc[2015, "X00"] + (off if off != 0.02 else 0.0199999)
        said = apart(release(a=new), held("2020", a=old))["revised"]
        assert len(said) == says, (spread, off)
        assert not apart(release(a=new), held("2019", a=old))["revised"]
        assert not apart(release(a=new), held("2020", a=old), limits={"revised": 1})["revised"]
    assert (
        said == []
        and "1 of 400 figures of 'a' are not those held of the same release, made-2020: X00 2015"
        in str(
            apart(
                release(a=new.assign(X00=old["X00"] + [0, 0, 0, 0, 9, 0, 0, 0, 0, 0])), held("2020", a=old)
            )["revised"]
        )
    )


def test_a_country_moved_by_a_quarter_in_more_than_half_the_years():
    old = figures(12)
    for places, says in ((3, []), (4, ["X00"])):
        new = old.assign(X00=old[f"X{places:02}"] + 0.5)
        said = apart(release(a=new), held(a=old), limits={"countries-moved": 0, "share-moved": 1.0})[
            "share-moved"
        ]
        assert [line.partition(": ")[2] for line in said] == says
    classes = old.round()
    for years, says in ((5, 0), (6, 1)):
        new = classes.copy()
        new.iloc[:years, 0] += 1
        limits = {"countries-moved": 0, "share-moved": 1.0}
        one = release(a=new, entry={"classes": {1: "one"}})
        assert len(apart(one, held(a=classes), limits=limits)["share-moved"]) == says


def traded(new: pd.DataFrame, old: pd.DataFrame, **entry) -> list[str]:
    said = apart(release(a=new, entry=entry), held(a=old))["shifted"]
    return [line.partition(": ")[2] for line in said if "have the figures others had" in line]


def test_countries_that_have_traded_their_figures_are_named_and_a_copy_is_not():
    rng = np.random.default_rng(3)
    old = figures(by=0.1) + rng.normal(0, 0.02, (10, 40))
    assert traded(exchanged(old, (3, 20)), old) == ["X03, X20"]
    assert traded(exchanged(old, (3, 20), (20, 30)), old) == ["X03, X20, X30"]
    assert traded(old.assign(X03=old["X20"]), old) == [] == traded(old, old)
    assert traded(old.assign(X03=old["X20"], X20=old["X30"]), old) == []
    gaps = exchanged(old, (3, 20))
    gaps.iloc[:6, 3] = np.nan
    assert traded(gaps, old.mask(np.arange(400).reshape(10, 40) == 20)) == ["X03, X20"]
    assert traded(exchanged(old, (3, 20)).assign(X30=np.nan), old.assign(X31=np.nan)) == ["X03, X20"]


@pytest.mark.parametrize(
    ("apart_by", "noise", "found"),
    [(0.04, 0.0, False), (0.06, 0.0, True), (0.5, 0.02, True), (0.5, 0.04, False), (0.08, 0.026, False)],
)
def test_a_trade_is_told_where_figures_were_apart_and_are_now_the_others(monkeypatch, apart_by, noise, found):
    monkeypatch.setattr(likeness, "spread", lambda values: 2.0)  # of which these are shares
    old = figures(by=100.0)
    old["X01"] = old["X00"] + 2 * apart_by
    new = exchanged(old, (0, 1))
    new[["X00", "X01"]] += 2 * noise * np.where(np.arange(10) % 2, 1, -1)[:, None]
    assert bool(traded(new, old)) is found


def test_classes_are_traded_where_they_are_the_others():
    rng = np.random.default_rng(5)
    old = pd.DataFrame(rng.integers(1, 5, (10, 40)), range(2011, 2021), figures().columns).astype(float)
    assert traded(exchanged(old, (3, 20)), old, classes={1: "one"}) == ["X03, X20"]
