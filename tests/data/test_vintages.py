"""Which release answers for a series at a date, on made-up releases: coverage, dates, pins, the default date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import made_up
import pytest
from made_up import atom, component, everyone, gate, pillar, policy

from eligibility.analysis import due, soundness, sweep
from eligibility.analysis.compare import sides
from eligibility.analysis.compare.since import NOTHING, year_before
from eligibility.data import panel, sources
from eligibility.data.sources import Source, series_sheet
from eligibility.errors import DataError, UsageError
from eligibility.method import rounds, run, vintages
from eligibility.policy.model import Quantity, Score
from eligibility.present import audits, ranked, report, tables

X, Y, Z = "made.x", "made.y", "made.z"
TWENTY = made_up.MANY[:20]
AS_OF = date(2016, 7, 1)  # the year 2015 is out: made-up series take six months
YEARS = range(2005, 2016)


class Shelf:
    """A shelf of made-up releases, each a folder with its values."""

    def __init__(self, folder: Path):
        self.folder, self.sources = folder, []

    def add(
        self,
        vintage: str,
        released: date,
        world: Mapping[str, Mapping[str, Mapping[int, float]]],
        family: str = "made",
        **more,
    ) -> Source:
        """Puts {series: {iso3: {year: value}}} on the shelf; `more` goes into each series' sheet."""
        id_ = f"{family}-{vintage}"
        names = [series.partition(".")[2] for series in world]
        cells = sorted({(c, y) for of in world.values() for c, history in of.items() for y in history})
        rows = [",".join(["iso3", "year", *names])]
        for c, y in cells:
            figures = (world[s].get(c, {}).get(y) for s in world)
            rows.append(",".join([c, str(y), *("" if v is None else repr(v) for v in figures)]))
        text = ("\n".join(rows) + "\n").encode()
        path = self.folder / id_
        path.mkdir()
        (path / "values.csv").write_bytes(text)
        own = {n: made_up.sheet(f"{family}.{n}", source_id=id_, **more) for n in names}
        source = made_up.source(
            id=id_, family=family, vintage=vintage, released=released, path=path, series=own,
            values={"sha256": hashlib.sha256(text).hexdigest()}, called=f"Made {vintage}",
        )  # fmt: skip
        self.sources.append(source)
        return source

    def load(self, *series: str, **how) -> panel.Panel:
        return panel.load(series, self.sources, **how)


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(tmp_path)


def flat(value: float, who: Iterable[str] = TWENTY, years: Iterable[int] = YEARS) -> dict:
    return {c: dict.fromkeys(years, value) for c in who}


OLD, NEW = date(2016, 1, 10), date(2016, 3, 10)
ASKING = policy(everyone(X), [gate("y", atom(Y, "at_least", 0.5, path="gates.y"))])


def answers(figures: panel.Panel, series: str, own=ASKING, as_of: date = AS_OF) -> str:
    return vintages.chosen(own, figures, as_of).figures.held[series].id


# Coverage ----------------------------------------------------------------------------------------------------


def test_the_newest_release_that_covers_answers_whole(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1)})
    shelf.add("2", NEW, {X: flat(0.2), Y: flat(0.2)})
    figures = vintages.chosen(ASKING, shelf.load(X, Y), AS_OF).figures
    assert {s.id for s in figures.held.values()} == {"made-2"}
    assert set(figures.values[Y].to_numpy().ravel()) == {0.2}
    assert [v.source.id for v in figures.vintages[Y]] == ["made-1", "made-2"]  # the other stays in reach


@pytest.mark.parametrize(("lost", "id_"), [(1, "made-2"), (2, "made-1")])
def test_a_year_with_less_than_nineteen_in_twenty_does_not_cover(shelf, lost, id_):
    newer = flat(0.2)
    for c in TWENTY[:lost]:
        del newer[c][2014]
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1)})
    shelf.add("2", NEW, {X: flat(0.2), Y: newer})
    choice = vintages.chosen(ASKING, shelf.load(X, Y), AS_OF)
    assert choice.figures.held[Y].id == id_
    assert [(g.series, g.newer, g.answers, g.year, g.has, g.of) for g in choice.gaps] == (
        [] if lost == 1 else [(Y, "made-2", "made-1", 2014, 18, 20)]
    )


def test_a_release_of_some_countries_does_not_replace_one_of_all(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.6)})
    shelf.add("2", NEW, {Y: flat(0.2, TWENTY[:7])})
    result = run.judge(ASKING, shelf.load(X, Y), AS_OF)
    assert set(result.screening.gate["y"]) == {"pass"}
    [note] = [n for n in result.notes if "does not cover" in n]
    assert "made-2" in note and "made-1 answers" in note and "7 of 20 countries in 2015" in note


def test_a_release_of_one_year_does_not_replace_a_history(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1, years=range(2005, 2015))})
    shelf.add("2", NEW, {Y: flat(0.2, years=[2015])})
    assert answers(shelf.load(X, Y), Y) == "made-1"


def test_a_list_of_one_year_replaces_one_of_an_earlier_year(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1, years=[2014])})
    shelf.add("2", NEW, {Y: flat(0.2, years=[2015])})
    shelf.add("3", date(2016, 4, 1), {Y: flat(0.3, TWENTY[:9], years=[2015])})
    assert answers(shelf.load(X, Y), Y) == "made-2"


def test_of_a_newer_list_the_last_year_that_is_out_is_held_against_the_one_year(shelf):
    """That of 2016 is not out in July 2016, and how few it has is no matter; that of 2015 has everybody."""
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1, years=[2014])})
    newer = {**flat(0.2, years=[2015]), **flat(0.2, TWENTY[:7], [2015, 2016])}
    shelf.add("2", date(2017, 8, 1), {Y: newer})
    assert answers(shelf.load(X, Y), Y) == "made-2"


def test_years_the_criteria_do_not_read_are_no_matter_and_a_change_reads_more(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1)})
    shelf.add("2", NEW, {X: flat(0.2), Y: flat(0.2, years=range(2011, 2016))})
    figures = shelf.load(X, Y)
    assert answers(figures, Y) == "made-2"
    change = atom(Y, "at_least", 0, path="gates.y", quantity=Quantity(Y, "change_over", 5))
    assert answers(figures, Y, policy(everyone(X), [gate("y", change)])) == "made-1"


def test_only_countries_of_the_pool_count_and_the_pool_is_chosen_first(shelf):
    inside = TWENTY[:10]
    shelf.add("1", OLD, {X: {**flat(0.1), **flat(0.9, inside)}, Y: flat(0.1)})
    shelf.add("2", NEW, {X: flat(0.9, inside), Y: flat(0.2, inside)})
    own = replace(ASKING, pool=atom(X, "at_least", 0.5, path="pool"))
    choice = vintages.chosen(own, shelf.load(X, Y), AS_OF)
    assert choice.figures.held[X].id == "made-1"  # of the twenty countries the newer has half
    assert choice.figures.held[Y].id == "made-2"  # and of the pool all


def test_a_year_that_is_not_out_is_not_read(shelf):
    newer = flat(0.2)
    for c in TWENTY[:5]:
        del newer[c][2015]
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1)}, published_on={2015: date(2016, 6, 1)})
    shelf.add("2", NEW, {X: flat(0.2), Y: newer})
    figures = shelf.load(X, Y)
    assert answers(figures, Y, as_of=date(2016, 5, 31)) == "made-2"
    assert answers(figures, Y, as_of=date(2016, 6, 1)) == "made-1"


def test_where_both_cover_the_same_panel_is_kept(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1)})
    shelf.add("2", NEW, {X: flat(0.2), Y: flat(0.2)})
    figures = shelf.load(X, Y)
    assert run.judge(ASKING, figures, AS_OF).panel is figures  # so that two dates of it differ by no revision


# Which may be read ---------------------------------------------------------------------------------------------


def test_a_series_told_beside_is_of_the_newest_release(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1)})
    shelf.add("2", NEW, {X: flat(0.2), Y: flat(0.2)})
    figures = shelf.load(X, beside=[Y, Z])
    assert {s: v.source.id for s, v in figures.beside.items()} == {Y: "made-2"}
    assert list(figures.values) == [X]


def test_as_known_reads_what_was_out_or_the_oldest(shelf):
    shelf.add("1", date(2014, 3, 1), {X: flat(0.1), Y: flat(0.1)})
    shelf.add("2", date(2015, 3, 1), {X: flat(0.2), Y: flat(0.2)})
    shelf.add("3", date(2016, 3, 1), {X: flat(0.3), Y: flat(0.3)})
    figures = shelf.load(X, Y, reading=panel.Reading(as_known=True))
    got = [
        answers(figures, Y, as_of=day)
        for day in (date(2013, 7, 1), date(2015, 3, 1), date(2015, 12, 31), AS_OF)
    ]
    assert got == ["made-1", "made-2", "made-2", "made-3"]
    early = run.judge(ASKING, figures, date(2013, 7, 1))
    assert any("made-1 (2014-03-01)" in note and "oldest" in note for note in early.notes)
    assert not any("came out after" in note for note in run.judge(ASKING, figures, date(2015, 7, 1)).notes)


def test_as_known_without_one_of_the_day_takes_the_oldest_that_holds_the_years(shelf):
    shelf.add("1", date(2015, 3, 1), {X: flat(0.1), Y: flat(0.1, years=range(2014, 2016))})
    shelf.add("2", date(2015, 9, 1), {Y: flat(0.2)})
    figures = shelf.load(X, Y, reading=panel.Reading(as_known=True))
    assert answers(figures, Y, as_of=date(2012, 7, 1)) == "made-2"


def test_a_label_inside_a_sentence_loses_the_capital_of_a_word_and_keeps_that_of_a_name():
    labels = ("Rule of law", "GNI a head", "V-Dem index", "x")
    assert [vintages._inner(label) for label in labels] == ["rule of law", "GNI a head", "V-Dem index", "x"]


def test_a_pin_counts_over_coverage_and_leaves_the_rest(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1)})
    shelf.add("2", NEW, {X: flat(0.2), Y: flat(0.2)})
    for pins, held in ((["made.y=made-1"], ("made-2", "made-1")), (["made-1"], ("made-1", "made-1")),
                       (["made-1", "made.x=made-2"], ("made-2", "made-1"))):  # fmt: skip
        figures = panel.load([X, Y], vintages.pinned(shelf.sources, pins))
        chosen = vintages.chosen(ASKING, figures, AS_OF).figures
        assert (chosen.held[X].id, chosen.held[Y].id) == held
        assert len(chosen.vintages[Y]) == 2


def test_a_pin_that_means_nothing_is_refused_and_says_what_would(shelf):
    shelf.add("1", OLD, {X: flat(0.1)})
    shelf.add("2", NEW, {Y: flat(0.2)})
    with pytest.raises(UsageError) as refused:
        vintages.pinned(shelf.sources, ["made-9", "made.x=made-2", "other.x=made-2"])
    told = list(map(str, refused.value.problems))
    assert "must be the id of a dataset held (got made-9)" in told[0]
    assert "made-2 does not hold this series (got made.x=made-2); made-1 does" in told[1]
    assert "made-2 does not hold this series (got other.x=made-2)" in told[2]
    assert "did you mean 'made-" in told[0]
    with pytest.raises(UsageError, match="got of nothing held.*`eligibility data list` names those held"):
        vintages.pinned(shelf.sources, ["of nothing held"])


def test_what_was_read_is_recorded(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1)})
    shelf.add("2", NEW, {Y: flat(0.2)})
    reading = panel.Reading(True, ("made.y=made-1",))
    figures = panel.load([X, Y], vintages.pinned(shelf.sources, reading.pins), reading=reading)
    told = run.judge(ASKING, figures, AS_OF).provenance["reading"]
    assert told == {"as_known": True, "vintages": ["made.y=made-1"], "series": {"made-1": ["x", "y"]}}
    assert reading.words == ("--as-known", "--vintage made.y=made-1")


def test_a_sealed_run_is_read_again_from_what_it_read(tmp_path):
    """Though another release of the series lies on the shelf, and one of those in use holds more than it answered for."""
    reading = panel.Reading(True, ("vdem.regime=vdem-v14",))
    result = run.run(as_of=date(2025, 3, 31), draws=2, reading=reading)
    assert (result.panel.held["vdem.regime"].id, result.panel.held["vdem.polyarchy"].id) == (
        "vdem-v14",
        "vdem-v15",
    )
    # the release of 2023 ends before the newest year that was out by then, so the oldest that holds it is read
    assert result.panel.held["wb.gni_per_capita"].id == "wb-gapminder-2026-03"
    path = report.write(result, tmp_path, result.ranking.order[:1], since=NOTHING).path
    seal = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    assert seal["command"] == (
        "eligibility report peacetime-pilots --as-of 2025-03-31 --as-known --vintage vdem.regime=vdem-v14 --only MDA "
        "--since none"
    )
    side, _ = sides.sides(str(path), "2024-07-01", draws=2)
    assert side.why == ""
    assert {s: v.id for s, v in side.result.panel.held.items()} == {
        s: v.id for s, v in result.panel.held.items()
    }
    assert side.result.provenance["reading"] == seal["reading"]


def test_the_round_of_a_year_before_reads_what_was_known_then(tmp_path):
    reading = panel.Reading(as_known=True)
    result = run.run(as_of=date(2025, 3, 31), draws=2, reading=reading)
    since = year_before(result)
    then = run.run(as_of=date(2024, 3, 31), draws=0, reading=reading)
    assert (result.panel.held["vdem.polyarchy"].id, then.panel.held["vdem.polyarchy"].id) == (
        "vdem-v15",
        "vdem-v14",
    )
    assert since.before.panel.held == then.panel.held
    assert since.before.screening.status.equals(then.screening.status)
    made = since.told.causes  # what the later release has otherwise is a revision and no news
    assert made.score["before"].dropna().equals(then.scores.score.reindex(made.score.index).dropna())
    assert made.gained["revision"].abs().max() > 0
    parts = made.gained[["rule", "revision", "own", "peers", "pool"]].sum(axis=1)
    assert (parts - made.gained["total"]).abs().max() < 1e-9


def test_a_sweep_pins_single_series_and_reads_what_was_known():
    [cell] = sweep.plan(
        ["peacetime-pilots"], [AS_OF], ["vdem.regime=vdem-v14,wgi-2024"], draws=1, as_known=True
    )
    assert cell.figures.held["vdem.regime"].id == "vdem-v14"
    assert cell.figures.reading == panel.Reading(True, ("vdem.regime=vdem-v14", "wgi-2024"))
    [other] = sweep.plan(["peacetime-pilots"], [AS_OF], ["vdem.regime=vdem-v14,wgi-2024"], draws=1)
    assert cell.key != other.key
    with pytest.raises(UsageError, match="wgi-2024 does not hold this series"):
        sweep.plan(["peacetime-pilots"], [AS_OF], ["vdem.regime=wgi-2024"])


def test_a_fiscal_year_stands_for_its_day_on_either_side_of_a_comparison():
    said = sides.understood("FY2024", "A", ())
    assert (said.name, said.as_of) == ("FY2024", date(2023, 11, 7))


# Days ---------------------------------------------------------------------------------------------------------


def test_the_default_date_is_the_latest_release_day_of_what_decides(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1)})
    shelf.add("2", NEW, {X: flat(0.2)})
    shelf.add("1", date(2016, 5, 5), {"more.z": flat(0.2)}, family="more")
    figures = panel.load([X, Y, "more.z"], shelf.sources)
    assert vintages.default_day(ASKING, figures) == NEW
    scored = Score(1.0, (pillar("p", component("more.z")),))
    assert vintages.default_day(replace(ASKING, score=scored), figures) == NEW
    deciding = policy(everyone(X), [gate("z", atom("more.z", "at_least", 0.5))])
    assert vintages.default_day(deciding, figures) == date(2016, 5, 5)


def test_a_release_that_does_not_cover_does_not_move_the_default_date(shelf):
    shelf.add("1", OLD, {X: flat(0.1, years=range(2005, 2015)), Y: flat(0.1, years=range(2005, 2015))})
    shelf.add("2", NEW, {Y: flat(0.2, TWENTY[:3])})
    assert vintages.default_day(ASKING, shelf.load(X, Y)) == OLD


def test_a_day_on_which_nobody_could_be_considered_gives_way_to_an_earlier_one(shelf):
    shelf.add("1", OLD, {X: flat(0.1)})  # the pool's figures end in 2015 and may be three years old
    shelf.add("2", date(2020, 3, 10), {Y: flat(0.1, years=range(2005, 2020))})
    shelf.add("1", date(2018, 3, 10), {"more.y": flat(0.1, years=range(2005, 2018))}, family="more")
    figures = panel.load([X, Y, "more.y"], shelf.sources)
    both = [*ASKING.gates, gate("more", atom("more.y", "at_least", 0.5, path="gates.more"))]
    assert vintages.default_day(policy(everyone(X), both), figures) == date(2018, 3, 10)
    assert vintages.default_day(ASKING, figures) == OLD
    assert vintages.default_day(policy(everyone(Y), ASKING.gates), figures) == date(2020, 3, 10)


def test_without_a_figure_of_what_decides_there_is_no_default_date(shelf):
    shelf.add("1", OLD, {X: flat(0.1)})
    with pytest.raises(DataError, match="no default date; name a day with --as-of"):
        vintages.default_day(policy(everyone(Y), [gate("y", atom(Y, "at_least", 0.5))]), shelf.load(X))


def test_a_figure_is_known_from_the_day_it_came_out_where_that_is_on_file():
    sheet = made_up.sheet(X, published_on={2014: date(2015, 5, 6), 2015: date(2016, 3, 17)})
    assert [sheet.known_from(y) for y in (2013, 2014, 2015, 2016)] == [
        date(2014, 7, 1), date(2015, 5, 6), date(2016, 3, 17), date(2017, 7, 1)
    ]  # fmt: skip


def test_a_release_with_a_year_in_it_shows_that_the_year_was_out(shelf):
    shelf.add("1", OLD, {X: flat(0.1)})
    shelf.add("2", date(2016, 9, 9), {X: flat(0.2, years=range(2005, 2017))})
    sheet = shelf.load(X).sheets[X]
    # 2015 by the older, months before its usual month; 2016 by no later than the newer, in which its year was not over
    assert sheet.known_from(2015) == OLD
    assert sheet.known_from(2014) == OLD.replace(year=2015, month=7, day=1)
    assert sheet.known_from(2016) == date(2016, 9, 9)


def test_days_that_run_backwards_are_refused():
    entry = {
        "label": "x", "description": "", "publisher_code": "x", "unit": "", "better": "high", "range": [0, 1],
        "decimals": 0, "lag_months": 3, "uncertainty": {"kind": "none", "how": ""},
    }  # fmt: skip
    good = {2014: date(2015, 3, 1), 2015: date(2016, 3, 1)}
    assert series_sheet("made-1", "made", "x", {**entry, "published_on": good}).known_from(2015) == good[2015]
    for days in ({2014: date(2016, 3, 1), 2015: date(2015, 3, 1)}, {2014: date(2013, 1, 1)}):
        with pytest.raises(ValueError):  # which `sources.sheet` tells of the sheet
            series_sheet("made-1", "made", "x", {**entry, "published_on": days})


# What is said -------------------------------------------------------------------------------------------------


def test_the_first_line_says_which_years_were_read_and_what_is_behind(shelf):
    shelf.add("1", OLD, {X: flat(0.1), Y: flat(0.1, years=range(2005, 2014))})
    figures = shelf.load(X, Y)
    result = run.judge(ASKING, figures, AS_OF)
    assert result.reading == (
        "Figures read: Made 1 2015 and 2013; newer figures are out: Made 1 for 2014 (due by 2015-07-01, held in part)."
    )
    before = run.judge(ASKING, figures, date(2015, 6, 30))
    assert before.reading.endswith("nothing newer that decides was due.")


def test_a_warning_names_every_verdict_but_on_a_screen(shelf):
    world = flat(0.6)
    for c in TWENTY[:12]:
        world[c][2015] = 0.4
    shelf.add("1", OLD, {X: flat(0.1), Y: world}, published_on={2015: date(2016, 3, 1)})
    own = replace(ASKING, peers=(), tracks=())
    early = run.judge(own, shelf.load(X, Y), date(2015, 12, 1))
    [whole], [short] = early.differ(), early.warned
    assert whole.count("; then does not qualify)") == 12 and "more" not in whole
    assert short.count("; then does not qualify)") == 8 and short.endswith(" and 4 more.")
    assert whole in json.loads(tables.json(early))["notes"]
    assert short in " ".join(ranked.text(early, 5).split())
    sound = soundness.quick(early)
    assert short in " ".join(audits.text(sound).split())
    assert json.loads(audits.json(sound))["notes"] == [whole]


def test_figures_of_later_years_that_would_turn_a_verdict_are_a_warning(shelf):
    world = flat(0.6)
    for c in TWENTY[:2]:
        world[c][2015] = 0.4
    shelf.add("1", OLD, {X: flat(0.1), Y: world}, published_on={2015: date(2016, 3, 1)})
    figures = shelf.load(X, Y)
    own = replace(ASKING, peers=(), tracks=())
    early = run.judge(own, figures, date(2015, 12, 1))
    assert list(early.turned.index) == sorted(TWENTY[:2])
    assert set(early.screening.gate["y"]) == {"pass"}
    [said] = early.warned
    assert said.startswith("With figures for later years that are held here, 2 verdicts would differ: ")
    assert said.endswith("(qualifies; then does not qualify).")
    assert run.judge(own, figures, date(2016, 3, 1)).warned == ()
    assert (
        run.judge(own, figures, date(2011, 8, 1)).warned == ()
    )  # who asks for then asks what was known then


# The shipped figures -------------------------------------------------------------------------------------------


def test_the_shipped_calendar_is_used():
    figures = panel.load(["vdem.polyarchy", "undp.hdi"], sources.shelf())
    assert figures.sheets["vdem.polyarchy"].known_from(2024) == date(2025, 3, 13)
    assert figures.sheets["undp.hdi"].known_from(2023) == date(2025, 5, 6)


def test_what_is_due_is_told_by_the_calendar_with_where_to_get_it():
    def rows(day: date) -> dict:
        return {row.held[0]: row for row in due.due(day) if row.held}

    series = "vdem.neopatrimonialism"  # v14 alone holds it
    day = panel.load([series], sources.shelf()).sheets[series].known_from(2024)
    before, after = rows(day - timedelta(days=1)), rows(day)
    assert "vdem-v14" not in before
    assert after["vdem-v14"].out == (2024, day)
    assert series in after["vdem-v14"].series and "peacetime-pilots" in after["vdem-v14"].sets
    told = "\n".join(due.lines(day, due.due(day)))
    assert f"vdem-v14 ends in 2023; 2024 was out by {day.isoformat()}" in told
    assert "https://www.v-dem.net/data/the-v-dem-dataset/" in told and "Freedom House: not held" in told
    assert list(due.lines(AS_OF, [])) == [
        "On 2016-07-01 nothing that a shipped set decides by is behind its publisher."
    ]
    assert due.due(date.max)  # no calendar reaches there, and nothing breaks


def test_figures_that_will_soon_be_too_old_are_told_ninety_days_before():
    """Figures of V-Dem 14 end in 2023, and the default set takes none older than three years: none from 2027 on."""
    last, of = date(2027, 1, 1), "vdem-v14 ends in 2023, too old by then."

    def told(day: date) -> list[str]:
        return [line for line in due.lines(day, due.due(day)) if line.endswith(of)]

    assert told(last - timedelta(days=91)) == []
    (soon,) = told(last - timedelta(days=90))
    assert soon.startswith("From 2027-01-01 peacetime-pilots") and "vdem.neopatrimonialism" in soon
    (over,) = told(last)
    assert over.startswith("Since 2027-01-01 peacetime-pilots")
    policy, figures = run.ready("peacetime-pilots")
    quiet = replace(policy, uncertainty=replace(policy.uncertainty, draws=0))
    status = {
        day: rounds.published(quiet, figures, day).screening.status
        for day in (last - timedelta(days=1), last)
    }
    assert (
        (status[last] == "insufficient-data").mean()
        > 0.5
        > (status[last - timedelta(days=1)] == "insufficient-data").mean()
    )
