"""The shipped policy: it loads, it quotes its document word for word, and every number says why."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import replace
from datetime import date

import jsonschema
import pytest
from criteria_samples import KNOWN
from places import ROOT

from eligibility.files import strict_yaml
from eligibility.language import criteria
from eligibility.policy import walk
from eligibility.policy.model import Dated, Group, Points

REPORT = ROOT.parent / "shared" / "mission" / "violence-and-peace.txt"
CEILINGS = ROOT.parent / "shared" / "rules" / "mcc_gni_thresholds.csv"
KEPT = "b5851b4204d0aea877b663a3431dacea050be98f9eb41546b19b327a89038384"  # of the text of 1.1
SECTIONS = [
    "Introduction and summary",
    "What should accountability efforts accomplish?",
    "Impunity as a peacetime phenomenon",
    "Taking peacetime impunity seriously",
    "Rising to the challenge",
    "Choosing partners",
]


@pytest.fixture(scope="module")
def policy():
    return criteria.load("peacetime-pilots", KNOWN)


@pytest.fixture(scope="module")
def document():
    return strict_yaml.read(criteria.find("peacetime-pilots"))


def test_it_has_every_part(policy):
    assert [gate.id for gate in policy.gates] == ["democracy", "civil-society", "not-fully-captured"]
    assert [track.id for track in policy.tracks] == [
        "middle-income-transition",
        "low-income-good-faith",
        "problem-of-impunity",
    ]
    assert [track.ideal for track in policy.tracks] == [True, True, False]
    assert policy.hold.events == "lists.power_seized" and policy.hold.months == 24
    assert [pillar.id for pillar in policy.score.pillars] == [
        "democracy",
        "civil-society",
        "freedom-from-capture",
    ]
    assert [axis.id for axis in policy.axes] == ["need", "commitments", "vehicle", "conflict"]
    assert [group.id for group in policy.peers] == ["low-income", "middle-income"]
    assert len(policy.cases) >= 30


def test_what_may_not_be_traded_off_is_not_scored_and_need_is_in_neither(policy):
    scored = set(walk.indicators(policy, "score"))
    assert not scored & {"unodc.homicide_rate", "ucdp.battle_deaths", "wgi.rule_of_law", "wb.gni_per_capita"}
    assert policy.score.power == 0


def _citations(node, path=()):
    """(path, where, quote) of every `cites` in the document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "cites":
                yield path, value["where"], value.get("quote", "")
            yield from _citations(value, (*path, key))
    elif isinstance(node, list):
        for position, value in enumerate(node):
            yield from _citations(value, (*path, position))


def _squeezed(text):
    """Letters and marks only: a word broken at the end of a line is whole again."""
    return re.sub(r"[\s-]+", "", text)


def test_every_gate_track_pillar_and_axis_cites_the_document(document):
    cited = {path for path, _, _ in _citations(document.data)}
    for part in ("gates", "tracks", "axes"):
        assert {(part, name) for name in document.data[part]} <= cited
    assert {("score", "pillars", name) for name in document.data["score"]["pillars"]} <= cited


def test_quotations_are_short(document):
    for path, _, quote in _citations(document.data):
        assert 0 < len(quote.split()) < 15, path


@pytest.mark.skipif(not REPORT.exists(), reason="no text of the report: ../shared/mission is absent")
def test_quotations_are_verbatim_and_in_the_section_named(document):
    text = _squeezed(REPORT.read_text(encoding="utf-8"))
    starts = [text.index(_squeezed(section)) for section in SECTIONS]
    assert starts == sorted(starts)
    ends = [*starts[1:], len(text)]
    for path, where, quote in _citations(document.data):
        position = SECTIONS.index(where)
        assert _squeezed(quote) in text[starts[position] : ends[position]], (path, quote)


def _bare_numbers(node, path=(), covered=False):
    """Paths of the numbers with no `basis` beside them or above them."""
    if isinstance(node, dict):
        covered = covered or bool(path and "basis" in node)
        for key, value in node.items():
            yield from _bare_numbers(value, (*path, key), covered)
    elif isinstance(node, list):
        for position, value in enumerate(node):
            yield from _bare_numbers(value, (*path, position), covered)
    elif isinstance(node, int | float) and not isinstance(node, bool) and not covered:
        yield path


def test_every_number_says_why(document, policy):
    assert list(_bare_numbers(document.data)) == [("source", "year")]
    rules = [policy.pool, *(group.rule for group in policy.peers if group.rule)]
    rules += [gate.rule for gate in (*policy.gates, *policy.tracks)]
    for rule in rules:
        for node in walk.nodes(rule):
            if isinstance(node, Group):
                assert node.basis or node.join != "at_least", node.path
            else:
                assert isinstance(node, Points) or node.basis or node.operator == "in", node.path
    assert all(part.basis for part in walk.components(policy))
    assert policy.shortlist_basis
    assert policy.max_age_basis
    assert policy.uncertainty.basis


def test_missing_values_are_never_a_verdict(policy):
    for gate in (*policy.gates, *policy.tracks):
        assert {test.missing for test in walk.tests(gate.rule)} == {"unknown"}


def test_income_alone_decides_only_where_the_class_does_not(policy):
    """A lower-middle-income country without a figure for income is in no group."""
    poorest, ceiling = policy.peers[0].rule.of
    assert poorest.labels == ("L",)
    assert [test.labels for test in walk.tests(ceiling)] == [("LM",), ()]
    assert ceiling.join == "all"


def _ceilings(policy):
    (dated,) = [
        test.threshold for test in walk.tests(policy.peers[0].rule) if isinstance(test.threshold, Dated)
    ]
    return dated.since


def test_a_ceiling_starts_with_the_banks_fiscal_year(policy):
    assert [day for day, _ in _ceilings(policy)] == [date(year, 7, 1) for year in range(2003, 2026)]


@pytest.mark.skipif(not CEILINGS.exists(), reason="no table of ceilings: ../shared/rules is absent")
def test_the_ceilings_are_the_published_ones(policy):
    with open(CEILINGS, encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["lic_max_usd"]]
    published = tuple((date(int(row["fy"]) - 1, 7, 1), float(row["lic_max_usd"])) for row in rows)
    assert _ceilings(policy) == published


def test_the_six_named_countries_and_the_two_partly_captured_are_cases(policy):
    mid_2016 = [case for case in policy.cases if case.as_of == date(2016, 7, 1)]
    named = [case.country for case in mid_2016 if dict(case.expect).get("status")]
    assert named == ["TUN", "UKR", "MWI", "MMR", "UZB", "ZWE"]
    assert {"MEX", "GTM"} <= {case.country for case in mid_2016}
    assert all(case.name[0].isupper() and len(case.name.split()) > 4 for case in policy.cases)


def test_every_title_is_there_for_the_pages(policy):
    for gate in (*policy.gates, *policy.tracks):
        assert gate.title
        assert gate.question.endswith("?")


def test_the_example_of_the_readme_loads(tmp_path):
    readme = (ROOT / "criteria" / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "my-policy.yaml").write_text(example, encoding="utf-8")
    policy = criteria.load(tmp_path / "my-policy.yaml", KNOWN)
    assert policy.id == "my-policy"
    settings = re.findall(r"--set '?([^\s']+(?: [^\s']+)*?)'?(?= --set|\n)", readme)
    assert len(settings) == 2
    assert criteria.load(tmp_path / "my-policy.yaml", KNOWN, settings).shortlist == 8


def test_the_readme_knows_every_key():
    readme = (ROOT / "criteria" / "README.md").read_text(encoding="utf-8")
    schema = criteria.json_schema()
    keys = {key for model in [schema, *schema["$defs"].values()] for key in model.get("properties", {})}
    missing = {key for key in keys if not re.search(rf"\b{key}\b", readme)}
    assert missing <= {"note"}


def test_the_schema_accepts_it_and_no_key_that_it_does_not_name(document):
    schema = criteria.json_schema()
    jsonschema.Draft202012Validator(schema).validate(document.data)
    objects = [each for each in (schema, *schema["$defs"].values()) if each["type"] == "object"]
    assert len(objects) > 20 and all(each["additionalProperties"] is False for each in objects)


def test_version_one_is_kept_from_pool_to_shortlist():
    """The set that keeps version 1 says what 1.1 said: the text from pool to shortlist is held by its checksum."""
    text = (ROOT / "criteria" / "peacetime-pilots-1.yaml").read_text(encoding="utf-8")
    kept = text[text.index("\npool:") : text.index("\nuncertainty:")]
    assert hashlib.sha256(kept.encode()).hexdigest() == KEPT
    assert criteria.kept_as("peacetime-pilots", "1.1") == "peacetime-pilots-1"


def test_gates_and_score_are_those_of_version_one(policy):
    before = criteria.load("peacetime-pilots-1", KNOWN)

    def said(rules):
        tests = {rule.id: walk.tests(rule.rule) for rule in rules}
        return [(id_, [(t.quantity, t.operator, t.threshold) for t in own]) for id_, own in tests.items()]

    def bare(score):
        """A score without its reasons, which version 1 keeps in its own words."""
        parts = lambda p: tuple(replace(c, basis="") for c in p.components)  # noqa: E731
        pillars = tuple(replace(p, basis="", components=parts(p)) for p in score.pillars)
        return replace(score, basis="", pillars=pillars)

    assert said(policy.gates) == said(before.gates)
    assert bare(policy.score) == bare(before.score) and policy.shortlist == before.shortlist
    assert said(policy.tracks)[0] == said(before.tracks)[0]
