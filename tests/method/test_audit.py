"""The statistical audit: what it must find in figures made to have a fault, what it must not, and leaving one out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import made_up
import numpy as np
import pandas as pd
import pytest

from eligibility.data import countries
from eligibility.data.panel import catalogue
from eligibility.data.sources import shelf
from eligibility.language import criteria
from eligibility.method import audit, findings, leaving, run, score, structure
from eligibility.method.audit import Audit
from eligibility.method.result import Result
from eligibility.policy import walk
from eligibility.policy.model import Component, Score, Uncertainty

N = 36
CROWD = tuple(c for c in countries.register() if countries.register().exists(c, made_up.AS_OF.year))[:99]


@dataclass(frozen=True)
class Both:
    """An audit and what it found."""

    audit: Audit
    findings: tuple[findings.Finding, ...]

    def __getattr__(self, name):
        return getattr(self.audit, name)


def audited(result: Result) -> Both:
    """The audit of a result."""
    made = audit.audit(
        result.criteria, result.cells, result.centre, result.peers, result.scores, result.screening
    )
    told = findings.findings(
        made, result.criteria, result.peers, result.ranking, result.firmness, result.cells.sheets
    )
    return Both(made, told)


def index_of(columns: dict[str, np.ndarray], *pillars: tuple[str, ...], power: float = 1.0, **more) -> Result:
    """An index of made-up figures by series; each pillar is a tuple of series."""
    names = made_up.MANY[: len(next(iter(columns.values())))]
    sheets = [made_up.sheet(s, lo=-10.0, hi=10.0) for s in columns]
    rows = {c: {s: v[i] for s, v in columns.items() if not np.isnan(v[i])} for i, c in enumerate(names)}
    scale = made_up.goalposts(-10, 10)
    made = tuple(
        made_up.pillar("p" + p[0][2:], *(made_up.component(s, scale=scale) for s in p)) for p in pillars
    )
    policy = made_up.policy(
        made_up.everyone(next(iter(columns))), score=Score(power, made, coverage=0.1), **more
    )
    return run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF)


def kinds(made: Both) -> dict[str, set[tuple[str, str]]]:
    """kind -> (last part of the subject, level)."""
    out: dict[str, set[tuple[str, str]]] = {}
    for found in made.findings:
        out.setdefault(found.kind, set()).add((found.subject.rsplit(".", 1)[-1], found.level))
    return out


@pytest.fixture(scope="module")
def base():
    rng = np.random.default_rng(3)
    common = rng.normal(size=N)
    return {f"s.{k}": common + rng.normal(size=N) * 0.7 for k in "abcd"}


def test_good_figures_have_no_warning(base):
    found = kinds(audited(index_of(base, ("s.a", "s.b"), ("s.c", "s.d"))))
    assert found["alpha"] == {("pa", "info"), ("pc", "info"), ("index", "info")}
    assert not {
        "own-negative",
        "own-weak",
        "redundant",
        "sign",
        "outlier",
        "coverage",
        "few",
        "absent",
    } & set(found)
    assert found["not-drawn"] == {("index", "info")}


def test_a_part_that_works_against_the_rest_of_its_pillar_is_a_red_flag(base):
    turned = {**base, "s.b": -2 * base["s.a"] + base["s.c"] / 10, "s.e": base["s.d"]}
    made = audited(index_of(turned, ("s.a", "s.b", "s.e"), ("s.c",)))
    found = kinds(made)
    assert ("b", "red") in found["own-negative"]
    assert made.findings[0].level == "red"
    assert ("pa", "amber") in found["sign"]
    assert ("pa", "amber") in found["alpha"]


@pytest.mark.parametrize("seed", range(5))
def test_in_a_pillar_of_two_a_part_is_held_against_the_other_one(seed):
    """Against a pillar that contains it an indicator of true correlation -0.5 with the other one was never red."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=N)
    against = -0.5 * a + np.sqrt(0.75) * rng.normal(size=N)
    result = index_of({"s.a": a, "s.b": against, "s.c": rng.normal(size=N)}, ("s.a", "s.b"), ("s.c",))
    made = audited(result)
    x = result.scores.normalised.to_numpy()
    r = np.corrcoef(x[:, 0], x[:, 1])[0, 1]
    own = made.rest.iloc[0]
    assert own["r"] == pytest.approx(r) and own["n"] == N
    assert made.to_pillar.iloc[0, 0] > r + 0.3  # with the pillar that contains it
    red = {subject for subject, level in kinds(made).get("own-negative", ()) if level == "red"}
    assert red == ({"a", "b"} if own["high"] < 0 else set())


def test_an_interval_on_both_sides_of_a_limit_is_no_flag():
    made = lambda r, n: list(  # noqa: E731
        findings._against(("own-negative", "own-weak"), "x", r, structure.interval(r, n), n)
    )
    assert [f.kind for f in made(-0.5, 36)] == ["own-negative"]
    assert [f.kind for f in made(-0.1, 36)] == ["own-weak"]
    assert made(0.2, 36) == [] and made(0.5, 36) == []
    assert [f.kind for f in made(0.2, 900)] == ["own-weak"]


def test_a_harmless_indicator_of_a_small_set_is_never_red():
    """At ten countries one in five harmless indicators was; of fewer than 30 nothing is said."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        few = {f"s.{k}": rng.normal(size=10) for k in "abcd"}
        assert not [
            f for f in audited(index_of(few, ("s.a", "s.b"), ("s.c", "s.d"))).findings if f.level == "red"
        ]


def test_a_part_that_belongs_elsewhere_and_one_said_twice_are_found(base):
    rng = np.random.default_rng(4)
    moved = {**base, "s.e": base["s.c"] + 0.01 * rng.normal(size=N), "s.f": rng.normal(size=N) * 4}
    found = kinds(audited(index_of(moved, ("s.a", "s.e", "s.f"), ("s.c", "s.d"))))
    assert ("e", "amber") in found["other-pillar"]
    assert ("e", "amber") in found["redundant"] or ("c", "amber") in found["redundant"]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("gaps, told", [(0, True), (5, True), (7, False)])
def test_what_is_said_twice_rests_on_the_countries_that_have_both(base, sign, gaps, told):
    """And goes with its sign; of 29 countries nothing is said, though 36 are audited."""
    alike = sign * base["s.a"] + 0.01 * base["s.d"]
    alike[:gaps] = np.nan
    made = audited(index_of({**base, "s.e": alike}, ("s.a", "s.b"), ("s.c", "s.e")))
    found = [f for f in made.findings if f.kind == "redundant"]
    assert len(found) == told
    for f in found:
        assert (f.low, f.high) == structure.interval(f.value, N - gaps) and f.n == N - gaps
        assert f.low < f.value < f.high and sign * f.value > 0.92


def test_a_pillar_that_has_nothing_to_do_with_the_index_is_found(base):
    alone = {**base, "s.f": np.tile([0.1, -0.1], N // 2) - 0.01 * (base["s.a"] + base["s.b"])}
    found = kinds(audited(index_of(alone, ("s.a",), ("s.b",), ("s.f",))))
    assert ("pf", "amber") in found["pillar-weak"]
    against = {**base, "s.f": -(base["s.a"] + base["s.b"])}
    assert ("pf", "red") in kinds(audited(index_of(against, ("s.a",), ("s.b",), ("s.f",))))["pillar-negative"]


def test_one_country_far_from_all_others_is_an_outlier(base):
    far = {**base, "s.a": np.append(np.linspace(-1, 1, N - 1), 9.5)}
    made = audited(index_of(far, ("s.a",), ("s.b",)))
    assert kinds(made)["outlier"] == {("a", "amber")}
    (found,) = [f for f in made.findings if f.kind == "outlier"]
    assert found.value > 2 == findings.LIMITS[found.limit].value and found.n == N


def test_gaps_are_counted_by_indicator_pillar_and_group(base):
    holed = {**base, "s.a": np.where(np.arange(N) % 3 > 0, np.nan, base["s.a"])}
    made = audited(index_of({"s.b": base["s.b"], **holed}, ("s.a",), ("s.b",)))
    found = kinds(made)
    assert found["coverage"] == {("a", "amber")}
    assert found["coverage-pillar"] == {("pa", "amber")}
    assert made.coverage.at["s.a", "known"] == N // 3
    assert [f.value for f in made.findings if f.kind == "thin"] == [N - N // 3]


def test_a_group_without_figures_is_found_where_the_whole_is_covered(base):
    names = made_up.MANY[:N]
    sheets = [made_up.sheet(s, lo=-10.0, hi=10.0) for s in ("s.a", "s.b")]
    rows = {c: {"s.b": float(i), **({"s.a": 1.0} if i >= 8 else {})} for i, c in enumerate(names)}
    rows = {c: {s: v / 10 for s, v in row.items()} for c, row in rows.items()}
    few = replace(made_up.otherwise("few"), rule=made_up.atom("s.b", "below", 0.95, path="peers.few"))
    parts = tuple(made_up.component(s) for s in ("s.a", "s.b"))
    policy = made_up.policy(
        made_up.everyone("s.b"), score=Score(1.0, (made_up.pillar("p", *parts),), coverage=0.1),
        peers=(few, made_up.otherwise("rest")),
    )  # fmt: skip
    made = audited(run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF))
    (found,) = [f for f in made.findings if f.kind == "coverage-group"]
    assert (found.subject, found.other, found.level, found.n) == ("s.a", "few", "amber", 10)
    assert found.value == pytest.approx(0.2)


def test_fewer_than_30_countries_are_marked_and_nothing_is_made_of_them(base):
    few = {s: v[:29] for s, v in base.items()}
    made = audited(index_of(few, ("s.a", "s.b"), ("s.c", "s.d")))
    assert made.by_pillar is None and made.by_indicator is None
    assert made.pillar["alpha"].isna().all() and made.shape["skew"].isna().all()
    assert set(kinds(made)) == {"few", "thin", "left-out", "not-drawn"}


def test_copeland_is_over_the_pillars_with_their_weights(base):
    made = audited(index_of(base, ("s.a",), ("s.b",), ("s.c",)))
    x = index_of(base, ("s.a",), ("s.b",), ("s.c",)).scores.pillar.to_numpy()
    assert made.copeland.tolist() == structure.copeland(structure.outranking(x, np.ones(3) / 3)).tolist()
    assert 0.8 < made.agreement <= 1


def test_an_interval_wider_than_a_third_of_the_list_is_a_rank_not_to_be_read(base):
    """Of seven none could be wider than ten places; a share of the list can be."""
    for n, less, more in ((N, 12.0, 13.0), (7, 2.0, 3.0)):
        result = index_of({s: v[:n] for s, v in base.items()}, ("s.a",), ("s.b",))
        width = np.where(np.arange(n) < 5, more, less)
        rank = result.ranking.rank
        places = replace(result.firmness.places, low=rank, high=rank + width)
        firm = replace(result.firmness, drawn=True, places=places)
        (found,) = findings._of_ranks(result.ranking, firm)
        assert (found.kind, found.value, found.level, found.n) == ("wide", 5.0, "amber", n)


def screened(share_a: float, n: int = 60, unknown: int = 0):
    """Two gates on made-up figures of n countries, the first passed by this share of those with a figure."""
    names = CROWD[:n]
    rows = {
        c: {
            "s.b": i / n,
            **({} if i < unknown else {"s.a": 1.0 if i - unknown < share_a * (n - unknown) else 0.0}),
        }
        for i, c in enumerate(names)
    }
    rules = [
        made_up.gate("one", made_up.atom("s.a", "at_least", 0.5, path="gates.one")),
        made_up.gate("two", made_up.atom("s.b", "at_least", 0.5, path="gates.two")),
    ]
    sheets = [made_up.sheet("s.a"), made_up.sheet("s.b")]
    return audited(
        run.judge(
            made_up.policy(made_up.everyone("s.b"), rules), made_up.snapshot(sheets, rows), made_up.AS_OF
        )
    )


@pytest.mark.parametrize(
    "share, told",
    [(0.0, True), (0.04, True), (0.06, False), (0.5, False), (0.94, False), (0.98, True), (1.0, True)],
)
def test_a_test_that_nearly_all_or_hardly_any_pass_is_told(share, told):
    made = screened(share, n=50)
    found = [f for f in made.findings if f.kind == "one-sided"]
    assert [f.subject for f in found] == (["gates.one"] if told else [])
    assert all(f.level == "amber" and (f.value > 0.95 or f.value < 0.05) for f in found)


def test_who_is_not_judged_by_a_test_is_counted_apart_and_few_say_nothing():
    made = screened(1.0, n=60, unknown=20)
    row = made.tests.loc["gates.one"]
    assert (row["judged"], row["passed"], row["unknown"]) == (40, 40, 20)
    (found,) = [f for f in made.findings if f.kind == "one-sided"]
    assert (found.value, found.n, found.other) == (1.0, 40, "one")
    assert not [f for f in screened(1.0, n=60, unknown=31).findings if f.kind == "one-sided"]


def test_a_shipped_test_that_nearly_all_pass_says_why_it_stays():
    for name in ("peacetime-pilots", "peacetime-pilots-full"):
        made = audited(run.run(name, as_of=date(2026, 3, 31), draws=2))
        rules = (*criteria.load(name, catalogue()).gates, *criteria.load(name, catalogue()).tracks)
        tests = {test.path: test for rule in rules for test in walk.tests(rule.rule)}
        flagged = [tests[f.subject] for f in made.findings if f.kind == "one-sided"]
        assert flagged and all("it stands here because" in test.basis for test in flagged)


def test_what_a_publisher_makes_of_what_is_told_whatever_the_correlation(base):
    sheets = {"s.a": made_up.sheet("s.a"), "s.b": replace(made_up.sheet("s.b"), built_from=("s.a", "s.z"))}
    result = index_of(base, ("s.a",), ("s.b",), ("s.c",))
    (found,) = findings._of_parts(result.criteria.score, sheets)
    assert found.kind == "built-from" and found.subject.endswith("s.b") and found.other.endswith("s.a")


def test_the_sheets_say_what_the_publisher_makes_indices_of():
    sheets = catalogue()
    assert sheets["vdem.neopatrimonialism"].built_from == (
        "vdem.clientelism", "vdem.presidentialism", "vdem.regime_corruption",
    )  # fmt: skip
    assert sheets["vdem.liberal_democracy"].built_from == ("vdem.polyarchy",)
    assert sheets["undp.hdi"].built_from == tuple(
        f"undp.{part}" for part in ("life_expectancy", "expected_schooling", "mean_schooling", "gni_ppp")
    )
    assert {"bti.democracy_status", "bti.separation_of_powers"} <= {*sheets["bti.status_index"].built_from}
    assert all(part in sheets for sheet in sheets.values() for part in sheet.built_from)
    for sheet in sheets.values():  # whoever uses an index learns of every part, those of its parts among them
        below = {part for own in sheet.built_from for part in sheets[own].built_from}
        assert sheet.source_id.startswith("vdem") or below <= {*sheet.built_from}


def test_what_freedom_house_sums_is_what_its_sheet_says(releases):
    """A column is believed when it agrees with its neighbours: the totals of the file held are the sums of their parts."""
    held = catalogue()
    file = releases / "fh" / "All_data_FIW_2013-2024.xlsx"
    table = pd.read_excel(file, sheet_name=1, header=1, engine="openpyxl").rename(columns=str.strip)
    code = {name: sheet.publisher_code for name, sheet in held.items() if name.startswith("fh.")}
    for whole, parts in {
        "political_rights": ("electoral_process", "political_pluralism", "functioning_of_government"),
        "civil_liberties": (
            "freedom_of_expression",
            "associational_rights",
            "rule_of_law",
            "personal_autonomy",
        ),
        "total": ("political_rights", "civil_liberties"),
    }.items():
        assert {f"fh.{part}" for part in parts} <= {*held[f"fh.{whole}"].built_from}
        added = table[[code[f"fh.{part}"] for part in parts]].sum(axis=1)
        # in political rights two more questions, of 4 points together
        apart = (added - table[code[f"fh.{whole}"]]).abs()
        assert len(apart) > 2000 and (apart <= 4).all() and (apart == 0).mean() > 0.9


def test_statistics_are_of_the_ranked_where_there_are_thirty_and_the_other_set_is_told(base):
    """Two thirds fail a gate; among those ranked another pillar does most."""
    n = 99
    rng = np.random.default_rng(8)
    inside = np.arange(n) % 3 > 0
    a = np.where(inside, 0.2, 3.0) * rng.normal(size=n)
    b = np.where(inside, 3.0, 0.2) * rng.normal(size=n)
    names = CROWD[:n]
    sheets = [made_up.sheet(s, lo=-12.0, hi=12.0) for s in ("s.a", "s.b", "s.g")]
    rows = {c: {"s.a": a[i], "s.b": b[i], "s.g": float(inside[i])} for i, c in enumerate(names)}
    scale = made_up.goalposts(-12, 12)
    parts = tuple(made_up.pillar(f"p{s}", made_up.component(f"s.{s}", scale=scale)) for s in "ab")
    rule = made_up.gate("g", made_up.atom("s.g", "at_least", 0.5, path="gates.g"))
    policy = made_up.policy(made_up.everyone("s.g"), [rule], Score(1.0, parts))
    many = audited(run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF))
    assert many.ranked == inside.sum() == len(many.base) and many.by_pillar.n == inside.sum()
    assert many.pool_pillar.n == n
    assert many.by_pillar.table["share"].idxmax() == "pb"
    differ = [f for f in many.findings if f.kind == "sets-differ"]
    assert bool(differ) == (many.pool_pillar.table["share"].idxmax() != "pb")
    rows = {c: {**row, "s.g": float(i < 20)} for i, (c, row) in enumerate(rows.items())}
    few = audited(run.judge(policy, made_up.snapshot(sheets, rows), made_up.AS_OF))
    assert few.ranked == 20 and len(few.base) == n and few.pool_pillar is None
    (told,) = [f for f in few.findings if f.kind == "few-ranked"]
    assert (told.value, told.n, told.level) == (20.0, n, "info")


def test_every_limit_has_a_value_what_it_says_and_a_document_or_is_ours(base):
    for key, limit in findings.LIMITS.items():
        assert limit.source == findings.OURS or re.search(r"[12][0-9]{3}.*page", limit.source), key
    source = Path(findings.__file__).read_text(encoding="utf-8")
    code = source[source.index("class Finding:") :]
    left = set(re.findall(r"(?<![\w.\[-])\d+\.?\d*(?:e-\d+)?", re.sub(r'""".*?"""', "", code, flags=re.S)))
    assert left <= {
        "0",
        "1",
        "0.0",
        "1.0",
        "1e-9",
        "2",
    }  # no number that findings are held against but in the table
    for made in (audited(index_of(base, ("s.a", "s.b"), ("s.c", "s.d"))), screened(1.0)):
        assert all(f.limit in findings.LIMITS for f in made.findings)


def test_pairs_that_differ_by_the_last_digits_of_a_machine_are_ties():
    x = np.array([[0.1 + 0.2, 1.0], [0.3, 1.0]])
    assert structure.outranking(x, np.ones(2) / 2)[0, 1] == 0.5
    assert structure.copeland(structure.outranking(x, np.ones(2) / 2)).tolist() == [0, 0]


def test_a_set_without_a_score_has_coverage_alone():
    sheets = [made_up.sheet("s.a")]
    rows = {c: {"s.a": 0.5} for c in made_up.COUNTRIES}
    rule = made_up.gate("g", made_up.atom("s.a", "at_least", 0.4))
    made = audited(
        run.judge(
            made_up.policy(made_up.everyone("s.a"), [rule]), made_up.snapshot(sheets, rows), made_up.AS_OF
        )
    )
    assert made.findings == () and made.coverage.at["s.a", "known"] == 12
    assert made.left_out.empty and made.by_pillar is None


def test_the_order_of_countries_and_indicators_changes_no_number(base):
    one = audited(index_of(base, ("s.a", "s.b"), ("s.c", "s.d")))
    again = audited(index_of({k: base[k] for k in reversed(base)}, ("s.c", "s.d"), ("s.a", "s.b")))
    pd.testing.assert_frame_equal(one.pillar, again.pillar.loc[one.pillar.index], rtol=1e-9)
    pd.testing.assert_frame_equal(
        one.by_pillar.table, again.by_pillar.table.loc[one.by_pillar.table.index], rtol=1e-6
    )


# Leaving one out


def spec(*parts: Component | tuple[Component, ...]) -> Score:
    return Score(1.0, tuple(made_up.pillar(f"p{i}", *p) for i, p in enumerate(parts)), coverage=0.5)


def measured(**rows):
    from eligibility.method.measures import Measures

    names = made_up.COUNTRIES[: len(next(iter(rows.values())))]
    return Measures(names, {f"s.{k}": np.array([v], float) for k, v in rows.items()}, {})


def test_what_is_left_out_does_not_count():
    a, b, c = (made_up.component(f"s.{k}") for k in "abc")
    values = measured(a=[0.9, 0.1, 0.5, 0.4], b=[0.1, 0.9, 0.5, 0.6], c=[0.3, 0.2, 0.9, 0.1])
    peers, everybody = np.array([""] * 4, object), np.ones(4, bool)
    table = leaving.leave_out(
        spec((a, b), (c,)), values, peers, everybody, 2, {"s.a": "x-1", "s.b": "x-1", "s.c": "y-1"}
    )
    assert list(zip(table["kind"], table["subject"], strict=True))[3:] == [
        ("pillar", "p0"), ("pillar", "p1"), ("source", "x-1"), ("source", "y-1"),
    ]  # fmt: skip
    rows = table.set_index(["kind", "subject"])
    alone = score.build(spec((c,)), values, peers).score
    assert alone[0].tolist() == [0.3, 0.2, 0.9, 0.1]
    # in all: .40 .35 .70 .30, places 2 3 1 4. By c alone: .3 .2 .9 .1, the same
    assert rows.at[("pillar", "p0"), "shift"] == 0 and rows.at[("source", "x-1"), "kept"] == 2
    # without c: a and b together are .5 for everybody: all share the first place
    without_c = rows.loc[("pillar", "p1")]
    assert without_c["shift"] == pytest.approx((1 + 2 + 0 + 3) / 4)
    assert (without_c["most"], without_c["most_of"]) == (3, "DZA")
    assert (without_c["kept"], without_c["enters"], without_c["leaves"]) == (2, ("BEN", "DZA"), ())


def test_nothing_is_left_where_everything_is_left_out():
    a = made_up.component("s.a")
    table = leaving.leave_out(
        spec((a,)), measured(a=[0.9, 0.1]), np.array([""] * 2, object), np.ones(2, bool), 1, {"s.a": "x"}
    )
    assert not table["scored"].any() and table["shift"].isna().all()


def test_a_country_known_by_one_indicator_alone_loses_its_rank_with_it():
    a, b = (made_up.component(f"s.{k}") for k in "ab")
    values = measured(a=[0.9, 0.1, 0.3], b=[0.5, np.nan, 0.4])
    table = leaving.leave_out(spec((a, b)), values, np.array([""] * 3, object), np.ones(3, bool), 1, {})
    assert table["lost"].tolist()[:2] == [("BEN",), ()]
    assert (table["most"][0], table["most_of"][0]) == (0, "")  # whoever keeps a rank keeps the same
    assert set(table["kind"]) == {"indicator", "pillar"}


def test_a_country_that_gains_a_rank_has_moved_by_nothing():
    """BEN has one of the two figures that are both needed, and is ranked second once the other is left out."""
    a, b = (made_up.component(f"s.{k}") for k in "ab")
    values = measured(a=[0.9, np.nan], b=[0.5, 0.4])
    both = replace(spec((a, b)), coverage=1.0)
    table = leaving.leave_out(both, values, np.array([""] * 2, object), np.ones(2, bool), 2, {})
    assert (table["enters"][0], table["shift"][0], table["most"][0]) == (("BEN",), 0, 0)


# The shipped sets


DATES = {"cpia": date(2023, 11, 1), "mcc-scorecard-2008": date(2010, 11, 8)}


@pytest.mark.parametrize("name", criteria.shipped())
def test_every_shipped_set_can_be_audited(name):
    policy, figures = run.ready(name)
    policy = replace(policy, uncertainty=replace(policy.uncertainty, draws=50))
    result = run.judge(policy, figures, DATES.get(name, date(2023, 1, 1)))
    made = audited(result)
    held = {s for source in shelf() for s in (f"{source.family}.{short}" for short in source.series)}
    absent = {f.subject for f in made.findings if f.kind == "absent"}
    assert absent.isdisjoint(held & {s for s in made.coverage.index if made.coverage.at[s, "known"]})
    assert [f.level for f in made.findings] == sorted(
        (f.level for f in made.findings), key=findings.LEVELS.index
    )
    assert all(f.n >= 0 and f.limit in findings.LIMITS for f in made.findings)
    assert not [
        f for f in made.findings if f.level == "red"
    ]  # what nobody holds is no flag against the criteria
    if policy.score:
        assert set(made.shape.index) == {c.path for p in policy.score.pillars for c in p.components}


def test_the_default_policy_s_two_readings_of_democracy_are_one():
    policy, figures = run.ready("peacetime-pilots")
    result = run.judge(replace(policy, uncertainty=Uncertainty(draws=50)), figures, date(2016, 7, 1))
    made = audited(result)
    (twice,) = [f for f in made.findings if f.kind == "redundant"]
    assert twice.subject.endswith("vdem.polyarchy") and twice.other.endswith("vdem.liberal_democracy")
    assert twice.value == pytest.approx(0.969, abs=1e-3)
    assert not [f for f in made.findings if f.level == "red"]


def test_each_place_without_one_part_is_the_one_the_table_counts():
    """Who comes onto the shortlist and who leaves it, thing by thing, by the ranks of every country."""
    result = run.run(draws=100)
    rows = audit.audit(
        result.criteria, result.cells, result.centre, result.peers, result.scores, result.screening
    ).left_out.set_index(["kind", "subject"])
    now, size = result.ranking.rank, result.criteria.shortlist
    assert list(result.without.columns) == [key for key, row in rows.iterrows() if row["scored"]]
    for key, place in result.without.items():
        listed = (place <= size, now <= size)
        assert tuple(place.index[listed[0] & ~listed[1]]) == rows.at[key, "enters"]
        assert tuple(place.index[listed[1] & ~listed[0]]) == rows.at[key, "leaves"]
        assert (place - now).abs().max() == rows.at[key, "most"]
