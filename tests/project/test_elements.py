"""Every element of the source document is answered in one place that exists, or left out with a reason."""

from __future__ import annotations

import re

import pytest
from elements import IDS, RESOLVED, ROOT, read, table

from eligibility.present import dossiers

ENTRIES = read()
DOCUMENT = ROOT.parent / "shared" / "mission" / "violence-and-peace.txt"
KEYS = {"lines", "says", "at", "left_out", "note", "page"}


def test_every_element_is_there_once_and_none_else():
    assert list(ENTRIES) == IDS


@pytest.mark.parametrize("id_", IDS)
def test_it_is_answered_in_one_place_or_left_out_with_a_reason(id_):
    assert id_ in ENTRIES, f"{id_} is answered nowhere and not left out"
    each = ENTRIES[id_]
    assert set(each) <= KEYS and each["says"] and re.fullmatch(r"[\d-]+(, [\d-]+)*", str(each["lines"]))
    assert ("at" in each) != ("left_out" in each)
    if "left_out" in each:
        assert len(each["left_out"].split()) >= 8
        return
    ((kind, place),) = each["at"].items()
    found = RESOLVED[kind](place)
    assert ("page" in each) == (kind == "phrase")
    assert found, f"{id_}: {kind} {place} is not there"


def test_no_two_are_answered_by_one_place():
    places = [tuple(each["at"].items()) for each in ENTRIES.values() if "at" in each]
    assert len(set(places)) == len(places)


def test_what_the_register_answers_is_asked_on_the_form_that_is_filled_in():
    form = dossiers.start("MDA", "peacetime-pilots")
    asked = [
        place.split(".")
        for each in ENTRIES.values()
        for kind, place in each.get("at", {}).items()
        if kind == "pilots"
    ]
    assert len(asked) > 10
    for path in asked:
        block = next(line for line in form.splitlines() if re.match(rf"\s*(#\s*)?{path[0]}:", line))
        assert all(f"{step}:" in block for step in path), path


def test_a_place_that_is_not_there_is_found():
    criteria = RESOLVED["criteria"]
    assert criteria("gates.democracy.any[0]") and not criteria("gates.democracy.any[9]")
    assert not criteria("gates.democracies") and not criteria("gates[0]")
    assert not RESOLVED["pilots"]("money.no_such_field") and not RESOLVED["command"]("eligibility no-such")
    assert RESOLVED["command"]("eligibility data list") and not RESOLVED["command"]("screen")


@pytest.mark.skipif(not DOCUMENT.exists(), reason="no text of the report: ../shared/mission is absent")
@pytest.mark.parametrize("id_", [id_ for id_ in ENTRIES if len(ENTRIES[id_]["says"].split()) > 4])
def test_it_is_said_in_our_own_words(id_):
    """No six words of the document in a row."""
    text = " ".join(re.findall(r"[a-z]+", DOCUMENT.read_text(encoding="utf-8").lower()))
    words = re.findall(r"[a-z]+", ENTRIES[id_]["says"].lower())
    assert not any(" ".join(words[i : i + 6]) in text for i in range(len(words) - 5))


def test_the_page_is_made_from_the_file():
    page = (ROOT / "docs" / "elements.md").read_text(encoding="utf-8")
    assert f"<!-- elements -->\n{table()}<!-- /elements -->" in page, "run `make readme`"
