"""How a file marks kinds as ideal, holds countries after dated events, and asks a dated list."""

from __future__ import annotations

import re
from functools import partial

import pytest
from criteria_samples import SMALL, loaded, refused

from eligibility.errors import CriteriaError
from eligibility.policy import walk
from eligibility.policy.model import Quantity

# SMALL without its tracks and what asks for them
BARE = re.sub(r"(?ms)^tracks:.*?(?=^score:)", "", SMALL.replace(", track: progress", ""))

TRACKS = """\
tracks:
  best: {title: Best, cites: {where: x}, ideal: true, vdem.polyarchy: {at_least: 0.5, basis: b}}
  other: {title: Other, cites: {where: x}, ideal: false, vdem.polyarchy: {at_least: 0.3, basis: b}}
hold:
  title: On hold
  cites: {where: x}
  events: lists.power_seized
  kinds: [coup, self-coup]
  months: 24
  until_figures_of: next-full-year
  basis: b
cases:"""


@pytest.fixture
def load(tmp_path):
    return partial(loaded, tmp_path)


def test_marks_and_holds_are_read(load):
    made = load(BARE.replace("cases:", TRACKS))
    assert [track.ideal for track in made.tracks] == [True, False] and made.apart
    assert (made.hold.events, made.hold.kinds, made.hold.months, made.hold.figures) == (
        "lists.power_seized", ("coup", "self-coup"), 24, True,
    )  # fmt: skip
    assert walk.indicators(made, "hold") == ("lists.power_seized",)


def test_member_and_within_months_are_tests(load):
    extra = "tracks:\n  t: {title: T, cites: {where: x}, any: [{lists.ogp_member: {member: true}}, {lists.power_seized: {within_months: 24, basis: b}}]}\ncases:"
    member, lately = load(BARE.replace("cases:", extra)).tracks[0].rule.of
    assert (member.operator, member.threshold, member.labels) == ("in", (1.0,), ("yes",))
    assert (lately.quantity, lately.operator, lately.threshold) == (
        Quantity("lists.power_seized", "within_months", 24), "at_least", 1.0,
    )  # fmt: skip


def _track(rule: str) -> str:
    return f"tracks:\n  t: {{title: T, cites: {{where: x}}, {rule}}}\ncases:"


REFUSED = [
    (TRACKS.replace(" ideal: false,", ""), "needs the key `ideal`, as the other tracks have it"),
    (TRACKS.replace("ideal: true", "ideal: false"), "must have one track that is ideal"),
    (TRACKS.replace("[coup, self-coup]", "[coup, putsch]"), "is not a kind of event of this list (got putsch)"),
    (TRACKS.replace("[coup, self-coup]", "[coup, coup]"), "is listed twice"),
    (TRACKS.replace("lists.power_seized", "un.uncac_party"), "must be a dated list of events"),
    (TRACKS.replace("months: 24", "months: 0"), "hold.months"),
    (_track("vdem.polyarchy: {member: true}"), "is for dated lists of status only"),
    (_track("lists.ogp_member: {within_months: 3, basis: b}"), "is for dated lists of event only"),
    (_track("lists.ogp_member: {member: true, change_over: 5}"), "goes with the list as it stands at the date only"),
    (_track("lists.power_seized: {within_months: 3}"), "has no basis"),
    (_track("lists.power_seized: {within_months: 3, change_over: 5, basis: b}"), "looks at events, not at what figures did"),
    (_track("wgi.rule_of_law: {relative_change_over: 5, at_least: 0.1, basis: b}"), "is for indicators from 0 upwards"),
    (_track("wb.gni_per_capita: {gap_closed_over: 5, at_least: 0.1, basis: b}"), "of which one end is better"),
    (_track("undp.hdi: {gap_closed_over: 5, at_least: 1.1, basis: b}"), "is outside the range of a gap_closed_over"),
    (_track("undp.hdi: {gap_closed_over: {years: 5, to: 2}, at_least: 0.1, basis: b}"), "is outside the range of undp.hdi"),
    (_track("undp.hdi: {change_over: 5, gap_closed_over: 5, at_least: 0.1, basis: b}"), "at most one measure"),
]  # fmt: skip


@pytest.mark.parametrize("text, said", REFUSED, ids=[said for _, said in REFUSED])
def test_what_cannot_be_honoured_is_refused(tmp_path, text, said):
    problems = refused(tmp_path, BARE.replace("cases:", text))
    assert any(said in problem for problem in problems), problems


def test_a_shortlist_may_say_whom_it_is_of(load):
    said = BARE.replace("{size: 3,", "{size: 3, of: [conditional, eligible],")
    assert load(said.replace("cases:", TRACKS)).shortlist == 3
    with pytest.raises(CriteriaError, match="shortlist"):
        load(said.replace("[conditional, eligible]", "[eligible, qualified]").replace("cases:", TRACKS))
