"""The reviews of past bodies made again: what each could know, every sentence of the page, and the countries of the body's own first day."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import replace
from datetime import date
from functools import cache

import html5lib
import pytest
from click.testing import CliRunner
from test_review_page import NAMES

from eligibility.analysis.reviews import lessons, replay, trajectories
from eligibility.analysis.reviews.trajectories import LEVEL
from eligibility.cli.commands import shell
from eligibility.data import lists
from eligibility.data.panel import Reading
from eligibility.errors import UsageError
from eligibility.method import run
from eligibility.pages import replaying
from eligibility.pages.blocks import Pairs, Table, sentences
from eligibility.pages.dated_lists import when
from eligibility.pages.phrases import PHRASES
from eligibility.pages.replay_phrases import REPLAY
from eligibility.pages.turns import host
from eligibility.pilots import precedents
from eligibility.present import reviewed
from eligibility.resources import shipped

KNOWN = Reading(as_known=True)


@cache
def held():
    policy, figures = run.ready("peacetime-pilots", reading=KNOWN)
    return policy, figures, trajectories.figures(reading=KNOWN)


@cache
def made(name: str, **changed: str) -> replay.Replay:
    return replay.of(body(name, tuple(changed.items())), *held())


def body(name: str, changed: tuple[tuple[str, str], ...] = ()):
    return precedents.named(name)._replace(**dict(changed))


@cache
def worlds() -> tuple[replay.Replay, ...]:
    """Past bodies that between them say what a page can say; three of them are invented."""
    invented = {"agreed": "2015-01", "ended": "2024-06-01", "name": "An invented body"}
    return (
        made("CICIG"),
        made("Specialist Chambers"),
        replay.of(body("CICIES", tuple((invented | {"iso3": "TUN"}).items())), *held()),
        replay.of(body("CICIES", tuple((invented | {"iso3": "HND", "agreed": "2016-01-19", "ended": "2020-01-19"}).items())), *held()),
        replay.of(body("CICIES", tuple((invented | {"iso3": "CRI", "ended": "2019-01-01"}).items())), *held()),
        replay.of(body("CICIES", tuple((invented | {"iso3": "MLI", "ended": "", "outcome": "running"}).items())), *held()),
        replay.of(body("CICIES", tuple((invented | {"iso3": "SLV", "agreed": "2025-01-01", "ended": "", "outcome": "running"}).items())), *held()),
        replay.of(body("CICIES", tuple((invented | {"iso3": "BEN", "agreed": "2016-01-01", "ended": "2021-01-01"}).items())), *held()),
    )  # fmt: skip


def level(told: replay.Replay, one: replay.Again):
    """Electoral democracy of the host as the release read on the day of a review has it, read without the engine's change."""
    shown = held()[2]
    used = {s.id for s in (*one.then, *one.later)}
    found = [v for v in shown.vintages[LEVEL] if v.source.id in used]
    newest = [v for v in found if v.source.released <= one.on] or found[:1]
    line = newest[-1].values[told.body.iso3].dropna()
    out = [y for y in line.index if shown.sheets[LEVEL].known_from(y) <= one.on]
    return line.loc[told.whole.start : min(out[-1], one.on.year)]


PROOFS = {}
WORDS = {p for p in REPLAY if re.match(r"replay\.(kicker|head|reason|beside\.head|text|event$|running\.now|figures\.none|one$|known|held|mixed|none|read|"
                                       r"years|caption|events|agreed|first|consent|end$|why|source|beside$|now\.none|status$|verdict$|colour)", p)}  # fmt: skip


def proof(*phrases: str):
    def register(check):
        PROOFS.update(dict.fromkeys(phrases, check))
        return check

    return register


def sounded(told) -> date | None:
    """The first red of anything: the day of an event, or of the review that saw a figure fall."""
    days = [lists.span(e.on)[1] for e in told.whole.events if e.sounds]
    days += [one.on for one in told.reviews if {"fall", "class"} & set(one.each.reasons)]
    return min(days, default=None)


@proof("replay.title.red", "replay.title.red.running", "replay.title.amber", "replay.title.clear")
def _(told, f):
    day, end = sounded(told), told.whole.pilot.ends
    amber = [one.on for one in told.reviews if one.each.colour == "amber"]
    if "years" in f:
        return math.isclose(f["years"] * 365.25, (end - day).days)
    if "day" in f:
        return f["day"] == (day or amber[0]) and not (day and end)
    return day is None and not amber


@proof("replay.running")
def _(told, f):
    return f == {"name": told.body.short, "host": NAMES([told.body.iso3])[0]}


@proof("replay.ended")
def _(told, f):
    return f["end"].phrase == f"past.{told.body.outcome}" and f["end"].facts["when"] == when(told.body.ended)


@proof("replay.by.event", "replay.by.figures", "replay.figures.later")
def _(told, f):
    events = {when(e.on): e for e in told.whole.events if e.sounds}
    if "kind" in f:
        return f["kind"].phrase == f"review.kind.{events[f['day']].kind}" and lists.span(events[f["day"]].on)[1] == sounded(told)  # fmt: skip
    first = next(one.on for one in told.reviews if {"fall", "class"} & set(one.each.reasons))
    return f["day"] == first


@proof("replay.after", "replay.after.none")
def _(told, f):
    if "years" in f:
        return math.isclose(f["years"] * 365.25, (f["day"] - told.whole.pilot.ends).days) and f["day"] == told.after  # fmt: skip
    return f["day"] == told.until and told.after is None


@proof("replay.now")
def _(told, f):
    read = [[s for s in held()[2].vintages[LEVEL] if s.source.released <= one.on] for one in told.reviews]
    late = sum(1 for one, found in zip(told.reviews, read, strict=True) if not found or one.later)
    return f == {"n": late, "of": len(told.reviews)}


@proof("replay.day")
def _(told, f):
    return f["day"] in [one.on for one in told.reviews]


@proof("replay.releases", "replay.releases.then")
def _(told, f):
    days = {v.source.id: v.source.released for vs in held()[2].vintages.values() for v in vs}
    return all(any(i in {s.id for s in (*o.then, *o.later)} for o in told.reviews) and i in days for i in f["ids"])  # fmt: skip


@proof("replay.status.one", "replay.status.none")
def _(told, f):
    (one,) = [one for one in told.reviews if one.on == f["day"]]
    word = PHRASES.get(f"status.{one.status}", "")
    return word.lower() == f["word"].lower() if "word" in f else not one.status


@proof("replay.verdict.one", "replay.verdict.none")
def _(told, f):
    own = read_by_runs(worlds().index(told))
    return [say.facts["day"] for say in f["days"]] == own[f["id"]] if "id" in f else not own


@cache
def read_by_runs(k: int) -> dict[str, list[date]]:
    """Source -> the days of reviews on which a run reads it and it was out, worked out from the runs."""
    told, own = worlds()[k], {}
    plain = replace(told.criteria, uncertainty=replace(told.criteria.uncertainty, draws=0))
    for one in told.reviews:
        if one.status:
            read = {s.id: s for s in run.judge(plain, held()[1], one.on).panel.held.values()}
            for source in (s for s in read.values() if s.released <= one.on):
                own.setdefault(source.id, []).append(one.on)
    return own


@proof("replay.event.what", "replay.event.plain")
def _(told, f):
    return any(f["kind"].phrase == f"review.kind.{e.kind}" and f["source"] == host(e.source) and f.get("note", "") in ("", e.note)
               for e in told.whole.events)  # fmt: skip


@proof("replay.group")
def _(told, f):
    judged = run.judge(replace(held()[0], uncertainty=replace(held()[0].uncertainty, draws=0)), held()[1], told.body.first)  # fmt: skip
    return f == {"group": judged.peers[told.body.iso3], "day": told.body.first}


@proof("replay.beside.caption", "replay.beside.pair", "replay.beside.gap", "replay.beside.least", "replay.beside.blind", "replay.beside.seen")  # fmt: skip
def _(told, f):
    last, pairs, gaps, least = told.reviews[-1].on, [], [], []
    read = trajectories.taken(held()[2], last, last.year - told.whole.start + 1 + held()[0].max_age)
    for one in told.beside:
        rows = read.history(one.series, last).loc[list(one.years)]
        mine, others = rows[told.body.iso3].tolist(), rows[list(told.whole.compared.names)].dropna(axis=1).mean(axis=1).tolist()  # fmt: skip
        pairs += [mine, others]
        gaps.append((mine[1] - mine[0]) - (others[1] - others[0]))
        least.append(one.least)
    if "was" in f:
        return any(math.isclose(f["was"], a) and math.isclose(f["now"], b) for a, b in pairs)
    if "x" in f:
        return any(math.isclose(f["x"], x, abs_tol=1e-12) for x in (*gaps, *least))
    if "n" in f:
        return (f["then"], f["now"]) == tuple(map(str, told.beside[0].years)) and f["n"] == told.beside[0].n
    shows = [abs(gap) >= x for gap, x in zip(gaps, least, strict=True)]
    return len(f["names"]) == sum(shows) if "names" in f else not any(shows)


@proof("replay.last")
def _(told, f):
    return f == {"id": told.criteria.id, "version": told.criteria.version}


@pytest.mark.parametrize("k", range(8))
def test_every_sentence_is_true(k):
    told = worlds()[k]
    said = [s for s in sentences(replaying.page(told)) if s.phrase in REPLAY and s.phrase not in WORDS]
    assert [s.plain for s in said if not PROOFS[s.phrase](told, s.facts)] == []


def test_every_phrase_has_a_proof_or_holds_words_only_and_is_said_somewhere():
    assert set(REPLAY) == set(PROOFS) | WORDS and not set(PROOFS) & WORDS
    said = {s.phrase for told in worlds() for s in sentences(replaying.page(told))}
    assert set(REPLAY) - said <= {"replay.status.none", "replay.verdict.none", "replay.read.none", "replay.none", "replay.beside.seen"}, set(REPLAY) - said  # fmt: skip


@pytest.mark.parametrize("k", range(8))
def test_each_row_is_the_best_and_the_newest_year_of_the_release_read_on_its_day(k):
    told = worlds()[k]
    (table,) = [b for s in replaying.page(told).sections for b in s.blocks if isinstance(b, Table) and b.id == "years"]  # fmt: skip
    assert len(table.rows) == len(told.reviews)
    for row, one in zip(table.rows, told.reviews, strict=True):
        line, (best, newest) = level(told, one), [cell.words.facts for cell in row.cells[2:4]]
        assert (best["x"], newest["x"]) == (line.max(), line.iloc[-1]), one.on
        assert (int(best["year"]), int(newest["year"])) == (line.idxmax(), line.index[-1])
        assert row.cells[1].below and row.cells[1].tone  # never by colour alone


def test_guatemala_sounds_by_its_event_two_years_before_the_end_and_by_no_figure():
    told = made("CICIG")
    assert told.sounded == date(2017, 8, 27) and told.figures_red is None and told.after == date(2023, 4, 1)
    assert [one.each.colour for one in told.reviews] == ["clear"] * 11 + ["red"] * 3
    assert [one.on.year for one in told.reviews] == [*range(2007, 2020), 2019]
    assert not any(one.then for one in told.reviews)  # no release of those years is held


def test_a_release_is_known_then_only_from_the_day_it_came_out():
    told = made("Specialist Chambers")
    days = {v.source.id: v.source.released for v in held()[2].vintages[LEVEL]}
    for one in told.reviews:
        assert all(s.released <= one.on for s in one.then) and all(s.released > one.on for s in one.later)
    assert [bool(one.then) for one in told.reviews] == [one.on >= min(days.values()) for one in told.reviews]
    assert {s.id for one in told.reviews for s in one.then} == {"vdem-v14", "vdem-v15", "vdem-v16"}


def test_what_came_after_a_day_moves_no_review_of_it():
    """Events after a day, and all reviews before it: the same with an end that comes years later."""
    early = replay.of(body("CICIG", (("ended", "2012-05-01"),)), *held())
    for a, b in zip(early.reviews[:-1], made("CICIG").reviews, strict=False):
        assert (a.on, a.each.colour, a.each.changes, a.status) == (
            b.on,
            b.each.colour,
            b.each.changes,
            b.status,
        )
    assert early.sounded is None


def test_comparison_countries_are_those_of_the_bodys_own_first_day():
    """Not those a pilot that begins today would have, of its peer group and figures then; the checksum holds day and names."""
    told, policy = made("CICIG"), held()[0]
    plain = replace(policy, uncertainty=replace(policy.uncertainty, draws=0))
    then = run.judge(plain, held()[1], date(2006, 12, 12))
    now = run.judge(plain, held()[1], date(2025, 6, 30))
    fixed = lessons.compared(then, held()[2], ["GTM"], ["GTM"])["GTM"]
    today = lessons.compared(now, held()[2], ["GTM"], ["GTM"])["GTM"]
    assert told.whole.compared == fixed and fixed.day == date(2006, 12, 12)
    assert fixed.names != today.names and fixed.sha256 != today.sha256
    assert all(then.peers[name] == then.peers["GTM"] for name in fixed.names)


def test_events_of_bodies_are_sourced_and_those_of_the_register():
    with open(shipped("datasets") / "bodies" / "events.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {one.name: one for one in precedents.bodies()}
    for row in rows:
        mine = names[row["body"]]
        assert mine.first <= date.fromisoformat(row["on"]) <= lists.span(mine.ended)[1]
        assert row["source"].startswith("https://") and row["read"] == "excerpt"
    assert [e.on.isoformat() for e in precedents.named("CICIG").pilot.events] == [row["on"] for row in rows]


@pytest.mark.parametrize(
    ("name", "said"),
    [("giei", "GIEI MEX, GIEI NIC, GIEI BOL"), ("CICIH", "never worked"), ("CICIGG", "must be the name")],
)
def test_a_body_that_cannot_be_meant_is_refused(name, said):
    with pytest.raises(UsageError, match=said):
        _ = precedents.named(name).pilot


def test_every_body_that_worked_has_a_pilot_and_is_found_by_name():
    for one in precedents.bodies():
        assert precedents.named(one.name) == one
        if one.outcome not in precedents.IDLE:
            assert one.pilot.begins == one.first and (one.pilot.ends is None) == (not one.ended)


def test_the_page_is_one_file_the_same_twice_and_says_what_the_text_says():
    told = made("CICIG")
    raw, text = reviewed.past_body(told, "html"), reviewed.past_body(told, "text")
    assert raw == reviewed.past_body(replay.of(body("CICIG"), *held()), "html")
    assert "<script" not in raw and not re.findall(r'(?:src|href)="(?!#)[^"]*"', raw)
    html5lib.HTMLParser(strict=True).parse(raw)
    assert all(len(line) <= 80 for line in text.splitlines())
    flat = re.sub(r"\s+", " ", text)
    for section in replaying.page(told).sections:
        for block in section.blocks:
            for pair in block.pairs if isinstance(block, Pairs) else ():
                assert re.sub(r"\s+", " ", pair.words.plain) in flat


def test_the_command_writes_text_and_page(tmp_path):
    out = CliRunner().invoke(shell, ["pilots", "history", "cicig", "--format", "html", "--out", str(tmp_path / "c.html")])  # fmt: skip
    assert out.exit_code == 0, out.output
    assert "CICIG in Guatemala: the first alarm came 2.0" in (tmp_path / "c.html").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="only of a BODY"):
        CliRunner().invoke(shell, ["pilots", "history", "--format", "html"], catch_exceptions=False)
