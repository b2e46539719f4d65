"""The intake gate: what is refused, by which rule and with which names; what is accepted is recorded and shown."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path

import mutations
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from places import CASES

from eligibility import likeness
from eligibility.cli import commands as cli
from eligibility.data import build, intake, panel, sources
from eligibility.data.compiled import Compiled, compile_release
from eligibility.errors import InputError, UsageError
from eligibility.language import criteria
from eligibility.method import run
from eligibility.policy import walk
from eligibility.resources import shipped


@pytest.fixture(scope="module")
def wgi() -> tuple[pd.DataFrame, pd.DataFrame, sources.Source]:
    """Values, errors and sheet of the shipped Worldwide Governance Indicators."""
    source = sources.sheet(shipped("datasets") / "wgi-2024")
    return *mutations.frames_of(source), source


def compiled(v: pd.DataFrame, family: str, vintage: str, s: pd.DataFrame | None = None) -> Compiled:
    """A release with these figures and errors."""
    return compile_release(mutations.release_of(v, v * np.nan if s is None else s), family, vintage)


def said(one: Compiled, *shelf: sources.Source) -> dict[str, str]:
    """Rule -> what is said of a release beside these sources."""
    return {finding.rule: str(finding) for finding in intake.findings(one, shelf)}


def found(v: pd.DataFrame, s: pd.DataFrame, source: sources.Source, vintage: str = "2024") -> dict[str, str]:
    """Rule -> what is said of a release with these figures beside the source."""
    return said(compiled(v, source.family, vintage, s), source)


def table(rows: dict[str, list[float]], first: int = 2000) -> pd.DataFrame:
    """Country -> figures, as year x iso3."""
    return pd.DataFrame(rows, index=range(first, first + len(next(iter(rows.values())))), dtype=float)


# ── The kernels ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_rank_correlation_shares_ties_and_passes_over_gaps():
    a, b = np.array([1.0, 2, 2, 4, np.nan, 9]), np.array([10.0, 20, 30, 40, 50, np.nan])
    ranks = np.array([1, 2.5, 2.5, 4]), np.array([1.0, 2, 3, 4])
    assert likeness.correlation(a, b) == pytest.approx(np.corrcoef(*ranks)[0, 1])
    assert np.isnan(likeness.correlation(np.ones(5), np.arange(5.0)))


def test_tables_meet_by_label_and_not_by_position():
    a, b = likeness.meet(
        table({"TUN": [1, 2], "KEN": [3, np.nan]}), table({"KEN": [9, 8], "TUN": [7, 6]}, 2001)
    )
    assert list(a.index) == [2001] and a["TUN"].tolist() == [2] and b["TUN"].tolist() == [7]
    assert a["KEN"].isna().all() and b["KEN"].isna().all()


def test_gaps_are_counted_between_a_countrys_first_and_last_figure():
    assert likeness.gaps(table({"TUN": [np.nan, 1, np.nan, 2], "KEN": [1, 1, 1, np.nan]})) == pytest.approx(
        1 / 6
    )


def test_a_table_moved_by_a_year_is_found_by_its_changes():
    rng = np.random.default_rng(1)
    old = pd.DataFrame(rng.normal(size=(20, 30)).cumsum(axis=0), index=range(2000, 2020))
    new = old.copy()
    new.index = new.index + 1
    assert likeness.slide(new, old, 1) == pytest.approx(1) and abs(likeness.slide(new, old, 0)) < 0.3


def test_a_figure_of_another_country_at_the_seam_is_seen_first_or_last():
    rng = np.random.default_rng(1)
    lands = [f"L{i:02}" for i in range(40)]
    rows = pd.MultiIndex.from_product([lands, range(2000, 2010)], names=["iso3", "year"])
    column = pd.Series(np.repeat(rng.normal(size=40), 10) + rng.normal(0, 0.05, 400), rows)
    first, last = likeness.seams(likeness.table(column))
    assert abs(first) < 0.1 and abs(last) < 0.1
    first, last = likeness.seams(likeness.table(column.shift(1)))
    assert first > 0.5 and abs(last) < 0.1
    first, last = likeness.seams(likeness.table(column.shift(-1)))
    assert abs(first) < 0.1 and last > 0.5
    assert np.isnan(likeness.seams(likeness.table(column[:100]))).all()  # ten countries have no order


def test_a_column_follows_the_others_in_its_own_row_or_in_the_one_it_was_moved_by():
    rng = np.random.default_rng(1)
    whole = pd.DataFrame(rng.normal(size=(20, 30)).cumsum(axis=0), index=range(2000, 2020))
    tables = {"a": whole, "b": whole + 1, "c": -2 * whole}
    told = {name: row for name, *row in likeness.neighbours(tables)}
    assert all(here == pytest.approx(1) and there < 0.3 for _, there, here in told.values())
    for by in (-1, 1):
        told = {name: row for name, *row in likeness.neighbours(tables | {"b": whole.shift(by)})}
        assert told["b"][:2] == [by, pytest.approx(1)] and told["b"][2] < 0.3
        assert told["a"][2] == pytest.approx(1)  # c is still in place
    assert not list(likeness.neighbours({"a": whole}))


# ── What is refused, and what is not ─────────────────────────────────────────────────────────────────────────────


def test_the_same_release_again_breaks_no_rule(wgi):
    assert found(*wgi) == {}


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("countries_dropped 1", {"countries-lost"}),
        ("cells_dropped 0.02", {"cells-lost"}),
        ("years_dropped first five", {"years-lost"}),
        ("rows_cut 0.5", {"countries-lost"}),
        ("codes_by_a_country 1", {"rank-correlation", "shifted"}),
        ("codes_by_a_row -1", {"rank-correlation", "revised"}),
        ("years_by_one 1", {"shifted", "years-lost"}),
        ("countries_permuted half", {"rank-correlation", "share-moved"}),
        ("last_year_copied", {"revised"}),
        ("countries_zeroed 1", {"revised", "share-moved"}),
        ("countries_permuted two", {"revised", "shifted"}),
        ("a_column_zeroed", {"variance"}),
        ("last_year_times 0.5", {"revised"}),
    ],
)
def test_one_thing_wrong_is_refused_by_its_rule(wgi, name, rules):
    import random

    v, s, source = wgi
    estimates = [n for n in v if not n.endswith("_sources")]
    changed = mutations.MUTATIONS[name][1](v[estimates], s[estimates], random.Random(3))
    said = found(*changed, source)
    assert rules <= set(said), said


def test_a_later_release_may_revise_a_little_and_must_bring_a_year(wgi):
    v, s, source = wgi
    estimates = [n for n in v if not n.endswith("_sources")]
    v, s = v[estimates], s[estimates]
    rng = np.random.default_rng(2)
    v = (v + rng.normal(0, 0.01, v.shape)).clip(-4, 4)
    told = found(v, s, source, "2025")
    assert (
        set(told) == {"years-lost"} and "must bring a year after 2023; it ends in 2023" in told["years-lost"]
    )
    last = v.xs(2023, level="year", drop_level=False)
    last = pd.DataFrame(last + rng.normal(0, 0.05, last.shape), last.index)
    errors = s.xs(2023, level="year", drop_level=False)
    last.index, errors.index = (
        i.set_levels([2024], level="year")
        for i in (last.index.remove_unused_levels(), errors.index.remove_unused_levels())
    )
    assert found(pd.concat([v, last]).sort_index(), pd.concat([s, errors]).sort_index(), source, "2025") == {}


def of(id: str, names: list[str] | None = None, last: int = 9999) -> tuple[pd.DataFrame, sources.Source]:
    """Some series of a shipped source, without the years after the last."""
    source = sources.sheet(shipped("datasets") / id)
    v = sources.table(source)[names or list(source.series)]
    return v[v.index.get_level_values("year") <= last], source


def alone(v: pd.DataFrame, family: str, vintage: str, *shelf: sources.Source) -> dict[str, str]:
    """Rule -> what is said of a release with these figures; beside nothing but the shelf."""
    return said(compiled(v, family, vintage), *shelf)


def test_an_edition_ends_in_the_year_it_is_named_for():
    v, _ = of("vdem-v16")
    assert alone(v, "vdem", "v16") == {}
    short, _ = of("vdem-v16", last=2024)
    assert "it ends in 2024; the edition v16 ends in 2025: 2025" in alone(short, "vdem", "v16")["years-lost"]
    assert alone(v, "vdem", "v17") == {"years-lost": "it ends in 2025; the edition v17 ends in 2026: 2026"}
    assert (
        "the edition v15 ends in 2024" in alone(short.rename(index={2024: 2025}), "vdem", "v15")["last-year"]
    )


def test_a_release_holds_what_its_calendar_says_was_out_on_its_day():
    v, _ = of("wb-gapminder-2026-03", last=2023)
    said = "'gni_per_capita' ends in 2023; by 2026-03-31 2024 was out, since 2025-07-01: 2024"
    assert alone(v, "wb", "gapminder-2026-03") == {"years-lost": said}
    # of a month whose day is not on file the first day counts: 2024 was out by 1 July 2025, but not by 1 June
    v, _ = of("wb-wdi-2025-12", ["gdp_per_capita", "gdp_per_capita_ppp"], last=2023)
    assert "years-lost" in alone(v, "wb", "wdi-2025-08") and "years-lost" not in alone(v, "wb", "wdi-2025-07")


def test_a_series_its_publisher_stopped_or_takes_from_others_may_end_earlier():
    v, _ = of("wb-wdi-2025-12", ["inflation", "pupil_teacher_ratio", "military_spending"])
    assert {name: int(v[name].dropna().index.get_level_values("year").max()) for name in v} == {
        "inflation": 2024,
        "pupil_teacher_ratio": 2019,
        "military_spending": 2023,
    }
    assert alone(v, "wb", "wdi-2025-12") == {}


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("inside", [True, False])
def test_a_column_moved_by_a_row_is_seen_where_no_release_holds_it(tmp_path, by, inside):
    """Beside a release of two indices, as V-Dem gives them with their bounds, nothing answers for the classes."""
    v, _ = of("vdem-v16")
    two, _ = of("vdem-v15", ["polyarchy", "liberal_democracy"])
    held = mutations.placed(compiled(two, "vdem", "v15"), tmp_path)
    assert alone(v, "vdem", "v16", held) == {}
    for name in ("regime", "rule_of_law"):
        column = v[name].groupby(level="iso3").shift(by).fillna(v[name]) if inside else v[name].shift(by)
        told = alone(v.assign(**{name: column}), "vdem", "v16", held)["shifted"]
        way = "later" if by > 0 else "earlier"
        assert f"the changes of '{name}' are those of other series of the file a row {way}" in told
        assert inside or f"the {'first' if by > 0 else 'last'} figures of '{name}' are not those" in told


def test_names_are_bounded_and_the_count_is_whole(wgi):
    v, s, source = wgi
    keep = v.index.get_level_values("iso3").isin(sorted(set(v.index.get_level_values("iso3")))[:20])
    said = found(v[keep], s[keep], source)["countries-lost"]
    assert said.startswith("20 of 214 countries: it would hide wgi-2024 for 194 countries: ")
    assert said.endswith(" and 184 more") and said.count(",") == 9


def test_a_rule_that_does_not_exist_is_named(wgi):
    one = compiled(wgi[0], "wgi", "2024")
    with pytest.raises(
        UsageError, match="--accept: countries: is no rule of the intake gate; one of series-lost"
    ):
        intake.admitted(one, [], ["countries"], "it")


def test_every_limit_in_a_sheet_is_one_of_a_rule():
    from eligibility.data.readers import SHEETS, family_sheet

    for path in SHEETS.glob("*.yaml"):
        told = family_sheet(path.stem).get("intake", {})
        keys = {"begins", "ends", "fewest", "without", "limits", "series", "may", "one-year", "files"}
        assert set(told) <= keys, path.stem
        limits = [told.get("limits", {}), *told.get("series", {}).values()]
        assert all(set(each) <= set(intake.LIMITS) for each in limits), path.stem
        assert set(told.get("may", ())) <= {"same-year", "constant"}, path.stem
        assert set(told.get("series", {})) <= set(family_sheet(path.stem)["series"]), path.stem


# ── A fixed sample of mutations; `make mutations` tries all ──────────────────────────────────────────────────────


def test_no_mutation_of_the_sample_changes_a_verdict_in_silence(tmp_path):
    outcomes = list(mutations.trial(tmp_path, sample=14, shipped_only=True))
    assert len(outcomes) >= 20 and sum(outcome.refused for outcome in outcomes) > 12
    assert not [outcome for outcome in outcomes if outcome.effect], mutations.table(outcomes)


def test_the_harness_sees_an_effect_where_the_gate_is_off(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "findings", lambda one, shelf: [])
    origin = next(mutations.from_shipped(tmp_path, "vdem-v15"))
    outcome = mutations.Bench(origin, tmp_path).try_("countries_permuted all", 1)
    assert any("peacetime-pilots" in said for said in outcome.effect)


# ── Accepting ────────────────────────────────────────────────────────────────────────────────────────────────────


def part(folder: Path) -> Path:
    """Four countries of V-Dem 14, as a file."""
    frame = sources.table(
        sources.sheet(shipped("datasets") / "vdem-v14"), ["polyarchy", "political_corruption"]
    )
    lines = ["country_text_id,year,v2x_polyarchy,v2x_corr"]
    lines += [
        f"{c},{y},{a},{b}"
        for (c, y), a, b in frame.itertuples(name=None)
        if c in ("TUN", "KEN", "SEN", "MEX")
    ]
    path = folder / "V-Dem-CY-v14.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_partial_file_is_refused_with_count_and_names_and_nothing_is_written(tmp_path, own_folder):
    told = CliRunner().invoke(cli.shell, ["data", "import", str(part(tmp_path))])
    assert isinstance(told.exception, UsageError) and not list(own_folder.iterdir())
    said = str(told.exception)
    assert "4 of 181 countries: it would hide vdem-v14 for 177 countries" in said
    assert "series-lost: must hold every series of vdem-v14" in said
    first, *rules = said.splitlines()
    assert "release: read as vdem-v14" in first and first.endswith("not let in")
    assert {line.split(": ")[1] for line in rules} == {"series-lost", "countries-lost"}


def test_what_is_accepted_is_recorded_listed_and_noted(tmp_path, own_folder):
    rules = ["series-lost", "countries-lost"]
    source = build.import_release([part(tmp_path)], accept=rules).source
    assert [one["rule"] for one in source.accepted] == rules
    assert sources.sheet(source.path).accepted == source.accepted
    told = CliRunner().invoke(cli.shell, ["data", "list"]).output
    assert "let in on request: countries-lost: 4 of 181 countries" in told
    result = run.run("peacetime-pilots", date(2024, 7, 1), draws=20)
    notes = "\n".join(result.notes)
    assert "Let in on request, vdem-v14: series-lost: must hold every series" in notes
    assert "Your file V-Dem-CY-v14.csv (vdem-v14) hides the shipped vdem-v14, of which it lacks " in notes


def test_a_whole_file_needs_no_acceptance_and_says_what_it_adds(tmp_path, own_folder):
    source = sources.sheet(shipped("datasets") / "undp-hdr2025")
    v = sources.table(source).copy()
    codes = {name: sheet.publisher_code for name, sheet in source.series.items()}
    cells = {
        f"{codes[n]}_{y}": v[n].unstack("year")[y]
        for n in v
        for y in sorted(set(v.index.get_level_values("year")))
    }
    wide = pd.DataFrame(cells)
    from eligibility.data import countries

    wide.insert(0, "country", [countries.register().name(c) for c in wide.index])
    wide.insert(1, "hdicode", "")
    for name, code in codes.items():
        wide[f"{code}_2024"] = wide[f"{code}_2023"] * (1.001 if name != "hdi" else 0.999)
    path = tmp_path / "HDR26_Composite_indices_complete_time_series.csv"
    wide.to_csv(path, index_label="iso3", encoding="latin-1")
    made = build.import_release([path])
    assert made.source.id == "undp-hdr2026" and not made.source.accepted
    assert made.adds == ("adds to undp-hdr2025 1 years (2024)",)
    assert made.known == {path.name: "not a file known here"}


def test_the_day_of_release_is_set_where_nothing_else_says(tmp_path, own_folder):
    path = tmp_path / "rsf.csv"
    path.write_text("iso3,year,rank,score\nTUN,2023,94,59.5\n", encoding="utf-8")
    assert build.import_release([path], released=date(2023, 5, 3)).source.released == date(2023, 5, 3)
    for day, rule in (
        (date(2099, 1, 1), "must not lie after today"),
        (date(2020, 1, 1), "2022: must not lie after the release"),
    ):
        with pytest.raises(InputError, match=rule):
            build.import_release([path], released=day)
    with pytest.raises(UsageError, match="the release of vdem-v14 is on file, 2024-03-07"):
        build.import_release([part(tmp_path)], released=date(2024, 3, 8), accept=intake.RULES)


def test_two_releases_in_one_call_are_named(tmp_path):
    first = part(tmp_path)
    second = first.with_name("V-Dem-CY-v15.csv")
    second.write_text(first.read_text(encoding="utf-8") + "TUN,2024,0.5,0.5\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"FILE: release: must be one release \(got vdem-v14, vdem-v15\)"):
        build.import_release([first, second])
    with pytest.raises(UsageError, match="must be one release"):
        build.import_release([tmp_path])


def test_a_folder_with_one_release_is_imported_and_says_what_it_passed_over(tmp_path, own_folder):
    folder = tmp_path / "in"
    folder.mkdir()
    part(folder)
    (folder / "readme.txt").write_text("hello", encoding="utf-8")
    made = build.import_release([folder], accept=intake.RULES)
    assert made.source.id == "vdem-v14" and set(made.aside) == {"readme.txt"}


# ── Parts of a release in a build ────────────────────────────────────────────────────────────────────────────────


def vdem(folder: Path, name: str, lands: str, years: range, code: str = "v2x_polyarchy") -> None:
    """A V-Dem file of these countries and years."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"country_text_id,year,{code}",
        *(f"{c},{y},0.{i}{y % 10}" for i, c in enumerate(lands.split()) for y in years),
    ]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_file_of_few_countries_or_years_is_never_mixed_into_a_release(tmp_path):
    vdem(tmp_path / "in", "V-Dem-v15.csv", "TUN KEN SEN MEX", range(2000, 2020))
    vdem(tmp_path / "in", "one-country-v15.csv", "KEN", range(1995, 2020))
    vdem(tmp_path / "in", "one-year-v15.csv", "TUN KEN SEN MEX UKR", range(2019, 2020))
    vdem(tmp_path / "in", "one-country-v16.csv", "KEN", range(1995, 2021))
    built = build.build(tmp_path / "in", tmp_path / "out")
    assert built.found == {"vdem-v15": ("V-Dem-v15.csv",)} and built.parts == ("vdem-v16",)
    assert built.unknown == {
        "one-country-v15.csv": "partial: 1 of 5 countries",
        "one-country-v16.csv": "partial: 1 of 5 countries",
        "one-year-v15.csv": "partial: 1 of 25 years",
    }


def test_a_build_is_held_against_what_the_folder_holds(tmp_path):
    vdem(tmp_path / "a", "V-Dem-v15.csv", "TUN KEN SEN MEX", range(2000, 2020))
    vdem(tmp_path / "b", "V-Dem-v15.csv", "TUN KEN SEN", range(2000, 2020))
    build.build(tmp_path / "a", tmp_path / "out")
    with pytest.raises(
        Exception, match="countries-lost: 3 of 4 countries: it would hide vdem-v15 for 1 countries: Mexico"
    ):
        build.build(tmp_path / "b", tmp_path / "out")
    made = build.build(tmp_path / "b", tmp_path / "out", accept=["countries-lost"]).made
    assert made[0].accepted[0]["rule"] == "countries-lost"


# ── Figures of one's own ─────────────────────────────────────────────────────────────────────────────────────────

OWN = shlex.split("--series embassy.assessment --label 'Assessment of the embassy' --better high --range 1 5")


@pytest.mark.parametrize(
    "text",
    [
        "iso3,year,value\nTUN,2024,4\nKEN,2023,2\nTUN,2023,3\n",
        "country,2023,2024\nTunisia,3,4\nKenya,2,\n",
        "Name,year,value\nTunisia,2023,3\nTunisia,2024,4\nKenya,2023,2\n",
    ],
)
def test_own_figures_are_read_long_or_wide_by_code_or_name(tmp_path, own_folder, text):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    told = CliRunner().invoke(cli.shell, ["data", "import", str(path), *OWN])
    assert told.exit_code == 0 and "2023-2024, 2 countries, yours" in told.output, told.output
    source = next(s for s in sources.shelf() if s.family == "embassy")
    assert sources.table(source)["assessment"].to_dict() == {
        ("KEN", 2023): 2,
        ("TUN", 2023): 3,
        ("TUN", 2024): 4,
    }
    listed = CliRunner().invoke(cli.shell, ["data", "list", "--series", "embassy"]).output
    assert "embassy.assessment  Assessment of the embassy" in listed and "embassy-assessment, yours" in listed


@pytest.mark.parametrize(
    "text",
    [
        "iso3,country,year,value\nKEN,Tunisia,2024,4\n",
        "country,iso3,year,value\nTunisia,KEN,2024,4\n",
        "code,name,2023,2024\nKEN,Tunisia,3,4\n",
    ],
)
def test_a_code_of_own_figures_beside_the_name_of_another_country_is_refused(tmp_path, own_folder, text):
    path = tmp_path / "mine.csv"
    for content, right in ((text, False), (text.replace("KEN", "TUN"), True)):
        path.write_text(content, encoding="utf-8")
        told = CliRunner().invoke(cli.shell, ["data", "import", str(path), *OWN])
        if right:
            assert told.exit_code == 0
        else:
            assert "must be the name of its code, KEN, Kenya (got Tunisia)" in str(told.exception)
            assert not list(own_folder.iterdir())


def test_own_figures_work_in_a_criteria_file(tmp_path, own_folder):
    path = tmp_path / "mine.csv"
    path.write_text("iso3,year,value,se\nTUN,2024,4,0.5\nKEN,2024,2,0.5\n", encoding="utf-8")
    told = CliRunner().invoke(cli.shell, ["data", "import", str(path), *OWN, "--sd-column", "se"])
    assert told.exit_code == 0, told.output
    policy = tmp_path / "own.yaml"
    policy.write_text(
        """\
id: own
title: With figures of our own
version: "1.0"
source: {title: A document}
missing: unknown
pool: {wb.income_class: {in: [L, LM, UM]}}
gates:
  embassy:
    title: Embassy
    cites: {where: page 1}
    all: [{embassy.assessment: {at_least: 3, basis: made up}}]
ages: {max_age: 3, basis: made up}
""",
        encoding="utf-8",
    )
    shelf = sources.shelf()
    mine = criteria.load(policy, panel.catalogue(shelf))
    result = run.judge(mine, panel.load(walk.indicators(mine), shelf), date(2025, 6, 1))
    gate = result.screening.gate["embassy"]
    assert (gate["TUN"], gate["KEN"], gate["SEN"]) == ("pass", "fail", "unknown")
    assert result.cells.sd.at["TUN", "embassy.assessment"] == 0.5


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--series", "vdem.mine"], "'vdem' is a publisher's"),
        (["--series", "Embassy"], "two words in small letters with a point between"),
        (["--range", "5", "1"], "must be two numbers, the lower first"),
        (["--range", "1", "2"], "mine.csv:2: column 'value': must lie between 1 and 2"),
    ],
)
def test_own_figures_that_cannot_be_are_refused(tmp_path, own_folder, words, says):
    path = tmp_path / "mine.csv"
    path.write_text("iso3,year,value\nTUN,2024,4\n", encoding="utf-8")
    told = CliRunner().invoke(cli.shell, ["data", "import", str(path), *OWN, *words])
    assert says in str(told.exception) and not list(own_folder.iterdir())


# ── The user's folder ────────────────────────────────────────────────────────────────────────────────────────────


def test_diff_reaches_the_shipped_source_that_is_stood_in_for(tmp_path, own_folder):
    build.import_release([part(tmp_path)], accept=intake.RULES)
    words = ["data", "diff", "shipped:vdem-v14", "vdem-v14", "--draws", "10", "--as-of", "2024-07-01"]
    told = CliRunner().invoke(cli.shell, words)
    assert told.exit_code == 0 and "and\n  165 more" in told.output and "decisions flip" in told.output, (
        told.output
    )


# ── The real files ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("case", "file", "says"),
    [
        ("k3-partial-vdem-v14-4-countries", "V-Dem-CY-v14.csv",
         "4 of 181 countries, 14 of 34 years: it would hide vdem-v14 for 177 countries"),
        ("k3-partial-wgi-2-countries-mcc", "wgidataset.xlsx",
         "2 of 214 countries, 1 of 25 years: it would hide wgi-2024 for 212 countries"),
    ],
)  # fmt: skip
def test_the_partial_cases_are_refused(case, file, says, own_folder):
    if not (CASES / case).is_dir():
        pytest.skip("the cases (../shared/cases) are not on this machine")
    with pytest.raises(UsageError) as caught:
        build.import_release([CASES / case / file])
    assert says in str(caught.value)
    assert {problem.what for problem in caught.value.problems} <= {
        "countries-lost",
        "years-lost",
        "series-lost",
    }


@pytest.mark.parametrize(
    "pair", [p for p in mutations.PAIRS if not p[1].startswith("vdem")], ids=lambda p: p[1]
)
def test_a_release_beside_the_one_before_it_breaks_no_rule(releases, tmp_path, pair):
    first, second = (mutations.read(releases / name) for name in pair)
    held = mutations.placed(compile_release(first[2], *first[:2]), tmp_path)
    one = compile_release(second[2], *second[:2])
    assert [str(finding) for finding in intake.findings(one, [held])] == []


def test_a_file_known_byte_for_byte_is_called_so(releases, own_folder):
    made = build.import_release([releases / "undp" / "HDR25_Composite_indices_complete_time_series.csv"])
    assert set(made.known.values()) == {"byte for byte the publisher's file"}
