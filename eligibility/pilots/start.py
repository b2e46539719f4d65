"""A register of one pilot to fill in: what is known stands there, what is not is a comment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eligibility.pilots.vehicle import Vehicle

_OPEN = """\
    # stage: talks | agreed | running | ended; from running on with begins, when ended with ends
    # begins: YYYY-MM-DD
    # ends: YYYY-MM-DD
    # consent: {form: law, by: parliament, on: YYYY-MM-DD, source: "https://..."}
    #   form: constitution | law | treaty | agreement | decree | letter | imposed
    # can_end_alone: nobody          # or {who: president, from: YYYY-MM-DD, source: "https://..."}
    # renewal: {ask_by: YYYY-MM-DD, by: parliament}   # or {possible: false}
    # next_election: YYYY-MM-DD
    # money: {host_percent: 0, secured_until: YYYY-MM-DD, from: [NAME], source: "https://..."}
    # evidence: {may_summon: true, may_be_refused_by: nobody, source: "https://..."}
    # mandate: {networks: true, reform: true, source: "https://..."}
    # partners: {agencies: [NAME], ngos: [NAME], prosecutors: [NAME]}
    # compare_with: [ISO3]           # fixed on the first day
    # outcomes: [{what: homicides that end in a conviction, unit: "%", before: NUMBER, year: YYYY, source: "https://..."}]
    #   figures of its own field, collected before the start
    # review_on: YYYY-MM-DD          # needed of a country that qualifies on condition
    # reasons: {money: why this line may stay as it is}
"""


def text(iso3: str, name: str, kinds: Sequence[str], fits: Sequence[str], found: Vehicle, day: date) -> str:
    """The file: UTF-8, ready for `pilots check`.

    kinds   the kinds of body there are; fits those whose conditions are there
    found   the programme that was found on the day
    """
    kind = next(iter((*fits, *kinds)))
    told = f"conditions are there for: {', '.join(fits) or 'none'}"
    lines = [
        f"# A pilot in {name}: a start, as known on {day.isoformat()}. What is left out is open, never false.",
        "pilots:",
        f"  - country: {iso3}",
        f"    body: {{kind: {kind}}}   # {told}",
        "    stage: talks",
        _OPEN.rstrip("\n"),
    ]
    if found.kind == "none":
        lines.append(
            '    # vehicle: {kind: eu, review_on: YYYY-MM-DD, source: "https://..."}   # none was found'
        )
    else:
        source = f', source: "{found.source}"' if found.source.startswith("https://") else ""
        since = f" {found.stage} since {found.since};" if found.since else ""
        lines.append(
            f"    vehicle: {{kind: {found.kind}{source}}}   #{since} add the day of its next review: review_on"
        )
    return "\n".join(lines) + "\n"
