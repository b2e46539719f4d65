"""Every number of a review of pilots, and of a past body's reviews made again, by its path in their JSON: pilots[0].changes[0].is.

Pages mark them with `data-fact="review PATH"` and `data-fact='"BODY ISO3" PATH'`; `eligibility explain` takes the two words.
What a number is stands in review_contract.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from eligibility import contract_parts, review_contract
from eligibility.analysis.reviews import trajectories
from eligibility.analysis.reviews.replay import Replay
from eligibility.analysis.reviews.whole import Review
from eligibility.data import countries
from eligibility.pages.wording import plain
from eligibility.present import explain, reviewed
from eligibility.present.fact import Fact, Read, flat, found, shown

NAMED = ("name", "series", "signal", "what")  # keys whose words say what an entry of a list is of


def review(told: Review, path: str = "") -> str:
    """One number of a review, what it is, and the rows of the figures it rests on; without a path all numbers."""
    return _told(told, json.loads(reviewed.json(told)), path, "the review")


def past_body(told: Replay, path: str = "") -> str:
    """The same of a past body's reviews."""
    document = json.loads(reviewed.past_body(told, "json"))
    return _told(
        told, document, path, f"{told.body.short}, {plain(countries.register().name(told.body.iso3))}"
    )


def facts_of(document: dict[str, Any]) -> dict[str, Fact]:
    """Path -> fact, in the order of the JSON of a review or a past body."""
    model = review_contract.Review if "pilots" in document else review_contract.PastBody
    schema = contract_parts.schema(model, "")
    return {
        path: Fact(path, value, shown(value), _said(schema, path, within), tuple(_reads(path, within[-1])))
        for path, value, within in flat(document)
    }


def _told(told: Review | Replay, document: dict[str, Any], path: str, whose: str) -> str:
    rule, own = f"no number of {whose} has this name", told.criteria
    picked = found(facts_of(document), path, rule, "eligibility explain lists them where no path is given")
    about = f"{path or 'numbers'} of {whose}, on {document['on']}, {own.id} {own.version}"
    within = next(within for at, _, within in flat(document) if at == picked[0].path)
    last = {key: part[key] for part in within for key in ("iso3", "on") if key in part}
    on = date.fromisoformat(last["on"])
    pilots = document.get("pilots") or within[1:2]
    start = min((pilot.get("measured_from") or on.year for pilot in pilots), default=on.year)
    read = (told.reading,) if isinstance(told.reading, str) else told.reading
    panel = trajectories.read(told.figures, on, start, own.max_age)
    return explain.told((*read, about), picked, panel, last.get("iso3", ""))


def _said(schema: dict[str, Any], path: str, within: tuple[dict[str, Any], ...]) -> str:
    """What a number is of, and what the contract says of its key."""
    node, told = schema, [""]
    for key in re.findall(r"[^.\[\]]+", path):
        while "$ref" in node or "anyOf" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node["anyOf"][0]
        node = (
            node["items"]
            if "items" in node
            else node.get("properties", {}).get(key) or node["additionalProperties"]
        )
        told.append(node.get("description", ""))
    of = dict.fromkeys(part[key] for part in within for key in NAMED if isinstance(part.get(key), str))
    return ": ".join(filter(None, (", ".join(map(plain, of)), *told[-2:])))


def _reads(path: str, entry: dict[str, Any]) -> Iterator[Read]:
    """The two figures of a change, or the one that is asked for."""
    if "error_of_change" in entry:
        for key, year in (("was", "from"), ("is", "to")):
            if not path.endswith((".was", ".is")) or path.endswith(f".{key}"):
                yield entry["series"], entry[year]
