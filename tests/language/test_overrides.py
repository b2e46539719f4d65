"""The board's register: read strictly, shown on every page, never counted, safe to print."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import made_up
import pytest

from eligibility.data import countries
from eligibility.errors import UsageError
from eligibility.language import overrides
from eligibility.language.overrides import OverridesError
from eligibility.method.result import Result
from eligibility.present import explain, ranked, report, tables

ENTRY = {
    "country": "TUN",
    "criteria": "made-up",
    "decision": "defer",
    "name": "A. Example, chair",
    "date": "2016-09-14",
    "reason": "The municipal elections were put off.",
    "source": "https://example.org/minutes",
}

RUN = re.compile(rb"run [0-9a-f]{12}")


def text(*entries: dict) -> str:
    lines = ["overrides:"]
    for entry in entries:
        for k, (key, value) in enumerate(entry.items()):
            lines.append(f"  {'-' if not k else ' '} {key}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def read(tmp_path, content: str) -> overrides.Register:
    file = tmp_path / "overrides.yaml"
    file.write_text(content, encoding="utf-8")
    return overrides.read(file)


def refusal(tmp_path, content: str) -> str:
    with pytest.raises(OverridesError) as refused:
        read(tmp_path, content)
    return str(refused.value).replace(str(tmp_path / "overrides.yaml"), "o.yaml")


def test_a_register_is_read_as_written(tmp_path):
    other = {**ENTRY, "country": "UKR", "criteria": "another", "decision": "admit"}
    register = read(tmp_path, text(ENTRY, other))
    assert register.under("made-up") == {"TUN": overrides.Override(**ENTRY)}
    assert list(register.under("another")) == ["UKR"]
    assert register.under("nobody") == {}


@pytest.mark.parametrize(
    "change, message",
    [
        ({"country": "Tunisia"}, "o.yaml:2:14: overrides[0].country: must be the ISO3 code of a country (got Tunisia)"),
        ({"country": "tun"}, "must be the ISO3 code of a country (got tun)"),
        ({"criteria": "My Policy"}, "o.yaml:3:15: overrides[0].criteria: must be lower-case letters and digits"),
        ({"decision": "deffer"}, "must be admit or exclude or defer (got deffer); did you mean 'defer'?"),
        ({"date": "14.9.2016"}, "overrides[0].date: must be a date such as 2016-07-01 (got 14.9.2016)"),
        ({"date": "2016-02-30"}, "overrides[0].date: must be a day that exists (got 2016-02-30)"),
        ({"date": 2016}, "overrides[0].date: must be text (got 2016); put it in quotes"),
        ({"date": "2016-09-14\n"}, "must be a date such as 2016-07-01"),
        ({"source": "http://example.org"}, "overrides[0].source: must be an https:// address (got http://example.org)"),
        ({"source": "javascript:alert(1)"}, "must be an https:// address"),
        ({"source": "https://x.org/\"onclick="}, "must be an https:// address"),
        ({"source": "https://x.org/a\n"}, "must be an https:// address"),
        ({"reason": "  "}, "overrides[0].reason: must not be empty"),
        ({"reason": True}, "overrides[0].reason: must be text (got true)"),
        ({"reason": ["a"]}, "overrides[0].reason: must be text (got a list)"),
        ({"reason": "a\u202eb"}, "holds a character that cannot be seen (got U+202E)"),
        ({"nmae": "x"}, "o.yaml:9:5: overrides[0].nmae: unknown key (got nmae); did you mean 'name'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(tmp_path, change, message):
    assert message in refusal(tmp_path, text({**ENTRY, **change}))


@pytest.mark.parametrize("key", ENTRY)
def test_every_key_is_needed(tmp_path, key):
    entry = {k: v for k, v in ENTRY.items() if k != key}
    assert refusal(tmp_path, text(entry)) == f"o.yaml:2:5: overrides[0]: needs the key `{key}`"


@pytest.mark.parametrize(
    "content, message",
    [
        ("", "file: must be a mapping with the key `overrides`, the key `notes` or both (got nothing)"),
        ("[]", "file: must be a mapping with the key `overrides`, the key `notes` or both (got a list)"),
        ("{}", "file: must be a mapping with the key `overrides`, the key `notes` or both (got a mapping)"),
        ("notes:\n", "notes: has no value; give one or remove the key"),
        ("notes: [TUN]\n", "o.yaml:1:9: notes[0]: must be a mapping of keys (got TUN)"),
        ("overrides:\n", "overrides: has no value; give one or remove the key"),
        ("overrides: []\n", "overrides: must not be empty (got a list)"),
        ("overrides: {TUN: x}\n", "overrides: must be a list (got a mapping)"),
        ("overrides: [TUN]\n", "o.yaml:1:13: overrides[0]: must be a mapping of keys (got TUN)"),
        ("override: []\n", "o.yaml:1:1: override: unknown key (got override); did you mean 'overrides'?"),
        ("overrides: !!python/object/apply:os.system [x]\n", "tags are not allowed"),
        ("a: &a x\n", "anchors and aliases are not allowed"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path, content, message):
    assert message in refusal(tmp_path, content)


def test_a_second_decision_on_a_country_is_refused(tmp_path):
    said = refusal(tmp_path, text(ENTRY, {**ENTRY, "decision": "admit"}))
    assert said == (
        "o.yaml:9:5: overrides[1]: a second decision on (got TUN under made-up); "
        "first in overrides[0]; keep the decision in force"
    )


def test_every_problem_is_told_at_once(tmp_path):
    said = refusal(tmp_path, text({**ENTRY, "date": "now", "source": "x"}, {**ENTRY, "country": "XX"}))
    assert len(said.splitlines()) == 3


def test_a_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(OverridesError, match="must exist"):
        overrides.read(tmp_path / "none.yaml")
    assert not isinstance(OverridesError("x"[:0] or []), UsageError)


NOTE = {
    "country": "TUN",
    "name": "B. Example, analyst",
    "date": "2016-06-20",
    "note": "Half of the ministries have published their accounts.",
    "source": "https://example.org/visit",
}


def test_notes_are_read_as_written_oldest_first(tmp_path):
    later = {**NOTE, "date": "2016-06-21", "note": "  The others follow. "}
    content = text(later, NOTE, {**NOTE, "country": "UKR"}).replace("overrides:", "notes:")
    register = read(tmp_path, content)
    assert register.entries == () and register.text == content
    assert register.about("TUN") == (
        overrides.Note(**NOTE),
        overrides.Note(**{**later, "note": "The others follow."}),
    )
    assert read(tmp_path, text(ENTRY) + content).under("made-up") == {"TUN": overrides.Override(**ENTRY)}


@pytest.mark.parametrize(
    "change, message",
    [
        ({"country": "Tunisia"}, "notes[0].country: must be the ISO3 code of a country (got Tunisia)"),
        (
            {"decision": "defer"},
            "notes[0].decision: unknown key (got decision); it is a key, but not in this place",
        ),
        ({"note": ""}, "notes[0].note: must not be empty"),
        ({"date": "June"}, "notes[0].date: must be a date such as 2016-07-01 (got June)"),
        ({"source": "a report"}, "notes[0].source: must be an https:// address (got a report)"),
    ],
)
def test_what_is_wrong_with_a_note_is_said_with_its_place(tmp_path, change, message):
    assert message in refusal(tmp_path, text({**NOTE, **change}).replace("overrides:", "notes:"))


@pytest.mark.parametrize("key", NOTE)
def test_every_key_of_a_note_is_needed(tmp_path, key):
    content = text({k: v for k, v in NOTE.items() if k != key}).replace("overrides:", "notes:")
    assert refusal(tmp_path, content) == f"o.yaml:2:5: notes[0]: needs the key `{key}`"


# Shown -----------------------------------------------------------------------------------------------------


@pytest.fixture
def plain(invented) -> Result:
    return made_up.make()


def strip(page: bytes) -> bytes:
    """A page without its command and run, which name the register."""
    return RUN.sub(b"", page.split(b'id="s-again"')[0])


def decided(result: Result, *iso3s: str, **more: str) -> Result:
    """The same result with a decision on these countries."""
    entries = [
        overrides.Override(**{**ENTRY, "country": c, "criteria": result.criteria.id, **more}) for c in iso3s
    ]
    return replace(result, register=overrides.Register(tuple(entries), "overrides: as read\n"))


def test_nothing_but_the_added_fields_changes(plain):
    top, out = plain.ranking.shortlist[0], plain.ranking.order[-1]
    with_ = decided(plain, top, out)
    a, b = tables.document(plain), tables.document(with_)
    assert {c["iso3"] for c in b["countries"] if c["override"]} == {top, out}
    for c in b["countries"]:
        c["override"] = None
    assert a == b
    ours = next(c for c in tables.document(with_)["countries"] if c["iso3"] == top)
    assert ours["override"] == {key: ENTRY[key] for key in tables.OVERRIDE}


def test_the_csv_has_them_as_its_last_columns(plain):
    top = plain.ranking.shortlist[0]
    rows = list(csv.DictReader(io.StringIO(tables.csv(decided(plain, top, reason="=1+1")))))
    assert list(rows[0])[-5:] == [f"override {key}" for key in tables.OVERRIDE]
    assert rows[0]["override reason"] == "'=1+1"
    assert rows[1]["override decision"] == ""


def test_the_terminal_tells_them_beside_the_list(plain):
    top = plain.ranking.shortlist[0]
    bare, told = ranked.text(plain), ranked.text(decided(plain, top))
    assert bare.splitlines()[:9] == told.splitlines()[:9]
    assert "Recorded by the board" in told
    assert "Recorded by the board" not in bare
    flat = " ".join(told.split())
    assert "defer, A. Example, chair, 14 September 2016: The municipal elections were put off." in flat
    said = " ".join(explain.country(decided(plain, top), top).split())
    assert "14 September 2016: The board decided: defer. The municipal elections were put off." in said


def test_every_page_shows_them_and_says_so_where_there_are_none(plain):
    top, out = plain.ranking.shortlist[0], plain.ranking.order[-1]
    pages = plain.ranking.shortlist[:2]
    bare, told = report.content(plain, pages), report.content(decided(plain, top, out), pages)
    for name in ("briefing.html", f"countries/{top}.html"):
        assert b"ecorded by the board" not in bare[name] and b"The board decided" not in bare[name]
    briefing = told["briefing.html"].decode()
    assert briefing.count("Recorded by the board: defer") == 2  # in the table of all candidates
    assert briefing.count("The municipal elections were put off.") == 2
    page = told[f"countries/{top}.html"].decode()
    assert (
        page.count("The board decided: defer. The municipal elections were put off.") == 2
    )  # card and details
    assert "A. Example, chair" in page and "14 September 2016" in page
    other = plain.ranking.shortlist[1]
    assert strip(told[f"countries/{other}.html"]) == strip(bare[f"countries/{other}.html"])
    assert told["overrides.yaml"] == b"overrides: as read\n"
    assert "overrides.yaml" in json.loads(told["manifest.json"])["files"]
    assert "--overrides overrides.yaml" in json.loads(told["manifest.json"])["command"]
    assert "overrides.yaml" not in bare


def test_notes_stand_on_the_page_of_their_country_and_nowhere_in_the_verdict(plain):
    top, other = plain.ranking.shortlist[:2]
    note = overrides.Note(**{**NOTE, "country": top})
    noted = replace(plain, register=overrides.Register((), "notes: as read\n", (note,)))
    bare, told = report.content(plain, (top, other)), report.content(noted, (top, other))
    page = " ".join(told[f"countries/{top}.html"].decode().split())
    assert "Half of the ministries have published their accounts." in page
    assert "B. Example, analyst" in page and "20 June 2016" in page
    assert b"B. Example" not in bare[f"countries/{top}.html"]
    assert strip(told[f"countries/{other}.html"]) == strip(bare[f"countries/{other}.html"])
    assert strip(told["briefing.html"]) == strip(bare["briefing.html"])
    rows = {c["iso3"]: c for c in tables.document(noted)["countries"]}
    assert rows[top]["notes"] == [{key: NOTE[key] for key in tables.NOTE}] and rows[other]["notes"] == []
    said = " ".join(explain.country(noted, top).split())
    assert "20 June 2016: Half of the ministries have published" in said and "B. Example, analyst" in said


def test_a_decision_on_a_country_that_is_no_candidate_is_still_told(plain, monkeypatch):
    names = countries.register().name
    monkeypatch.setattr(
        countries.register(), "name", lambda iso3: "Nowhere" if iso3 == "XZZ" else names(iso3)
    )
    told = report.content(decided(plain, "XZZ"), plain.ranking.shortlist[:1])["briefing.html"].decode()
    assert "<bdi>Nowhere</bdi></th>" in told
