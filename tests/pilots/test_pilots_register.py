"""The register of pilots: what is read, and what is refused with its place."""

from datetime import date

import pytest

from eligibility.files import strict_yaml
from eligibility.pilots import register

INVENTED = """pilots:
  - country: MDA
    body: {kind: vetting-panel, name: An invented panel}
    stage: running
    begins: 2026-01-01
    ends: 2031-01-01
    consent: {form: law, by: parliament, on: 2025-11-01, source: "https://example.org/law"}
    can_end_alone: {who: president, from: 2028-01-01, source: "https://example.org/law"}
    renewal: {ask_by: 2030-06-01, by: parliament}
    next_election: 2029-07-01
    money: {host_percent: 0, secured_until: 2029-01-01, from: [EU], source: "https://example.org/money"}
    evidence: {may_summon: true, may_be_refused_by: nobody, source: "https://example.org/law"}
    mandate: {networks: true, reform: true, source: "https://example.org/law"}
    partners: {agencies: [UNODC], ngos: [TI], prosecutors: [US]}
    vehicle: {kind: eu, review_on: 2026-11-01, source: "https://example.org/eu"}
    compare_with: [ALB]
    review_on: 2026-07-01
    events: [{on: 2027-03-02, kind: coup, source: "https://example.org/coup"}]
    outcomes: [{what: homicides that end in a conviction, unit: "%", before: 12.5, year: 2024, source: "https://example.org/courts"}]
"""


def of(text: str, kinds=()):
    return register.of(strict_yaml.parse(text, "p.yaml"), kinds)


def refused(text: str, kinds=()) -> list[str]:
    with pytest.raises(register.PilotsError) as refusal:
        of(text, kinds)
    return [str(problem) for problem in refusal.value.problems]


def test_every_key_is_read(tmp_path):
    path = tmp_path / "pilots.yaml"
    path.write_text(INVENTED)
    whole = register.register(path, ("vetting-panel",))
    (pilot,) = whole.pilots
    assert pilot.id == "MDA-vetting-panel-2026"
    assert pilot.begins == date(2026, 1, 1) and pilot.review_on == date(2026, 7, 1)
    assert pilot.can_end_alone.from_ == date(2028, 1, 1)
    assert pilot.money.from_ == ["EU"] and pilot.money.host_percent == 0
    assert pilot.events[0].kind == "coup"
    assert pilot.outcomes[0].before == 12.5 and pilot.outcomes[0].year == 2024
    assert whole.text == INVENTED and whole.of("MDA") == (pilot,) and whole.of("ALB") == ()


def test_what_is_not_said_is_not_known():
    (pilot,) = of("pilots: [{country: MDA, body: {kind: vetting-panel}, stage: talks}]")
    assert pilot.money is None and pilot.renewal is None and pilot.events == [] and pilot.reasons == {}
    assert pilot.id == "MDA-vetting-panel"


def test_nobody_is_somebody_who_can_end_it():
    (pilot,) = of("pilots: [{country: MDA, body: {kind: a}, stage: talks, can_end_alone: nobody}]")
    assert pilot.can_end_alone.who == register.NOBODY


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("begins: 2026-01-01", "begin: 2026-01-01", ["p.yaml:5:5: pilots[0].begin: unknown key (got begin); did you mean 'begins'?"]),
        ("year: 2024", "year: 2027", ["p.yaml:19:90: pilots[0].outcomes[0].year: must not be after the year it begins (got 2027)"]),
        ("ends: 2031-01-01", "ends: 2031-02-30", ["p.yaml:6:11: pilots[0].ends: must be a day that exists (got 2031-02-30)"]),
        ("ends: 2031-01-01", "ends: 2025-01-01",
         ["p.yaml:6:11: pilots[0].ends: must be after the day it begins (got 2025-01-01)",
          "p.yaml:9:23: pilots[0].renewal.ask_by: must not be after the day it ends (got 2030-06-01)"]),
        ("next_election: 2029-07-01", "next_election:", ["p.yaml:10:19: pilots[0].next_election: has no value; give one or remove the key"]),
        ("host_percent: 0", "host_percent: 130", ["p.yaml:11:27: pilots[0].money.host_percent: must be at most 100 (got 130)"]),
        ("host_percent: 0", "host_percent: none", ["p.yaml:11:27: pilots[0].money.host_percent: must be a number (got none)"]),
        ("may_summon: true", "may_summon: yes",
         ["p.yaml:12:28: pilots[0].evidence.may_summon: must be true or false (got yes); write true or false; yes, no, on and off are text here"]),
        ("country: MDA", "country: MDX", ["p.yaml:2:14: pilots[0].country: must be the ISO3 code of a country (got MDX); did you mean 'YMD'?"]),
        ("[ALB]", "[MDA]", ["p.yaml:16:20: pilots[0].compare_with[0]: must be another country (got MDA)"]),
        ("[ALB]", "[ALB, ALB]", ["p.yaml:16:25: pilots[0].compare_with[1]: is listed twice (got ALB)"]),
        ("https://example.org/coup", "a newspaper", ["p.yaml:18:51: pilots[0].events[0].source: must be an https:// address (got a newspaper)"]),
        ("    begins: 2026-01-01\n", "", ["p.yaml:4:12: pilots[0].stage: needs the key `begins` (got running)"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(old, new, told):
    assert refused(INVENTED.replace(old, new)) == told


def test_all_problems_come_at_once_in_the_order_of_the_file():
    broken = INVENTED.replace("stage: running", "stage: walking").replace("2029-07-01", "soon")
    assert [line.split(": ")[1] for line in refused(broken)] == ["pilots[0].stage", "pilots[0].next_election"]


def test_a_kind_of_body_must_be_one_of_the_criteria():
    assert refused(INVENTED, ("vetting-panels",)) == [
        "p.yaml:3:18: pilots[0].body.kind: is no kind of body of the criteria (got vetting-panel); did you mean 'vetting-panels'?"
    ]


def test_no_pilot_stands_there_twice():
    again = INVENTED + INVENTED.partition("\n")[2]
    (told,) = refused(again)
    assert told.startswith("p.yaml:20:5: pilots[1]: a second pilot (got MDA-vetting-panel-2026)")


@pytest.mark.parametrize("text", ["[]", "pilots: []", "pilots:", "pilots: 3", "other: 1", ""])
def test_a_file_without_pilots_is_none(text):
    assert refused(text)
