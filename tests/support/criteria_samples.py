"""Indicators and a small policy for the tests of the criteria language, with no dataset behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eligibility.data.lists import Standing
from eligibility.errors import CriteriaError
from eligibility.language import criteria
from eligibility.policy.model import Criteria

YES_NO = {0: "no", 1: "yes"}


@dataclass(frozen=True)
class Sheet:
    """What `criteria.load` needs to know of an indicator."""

    label: str
    better: str
    lo: float | None
    hi: float | None
    classes: dict[int, str] | None = None
    publisher_code: str = ""
    standing: Standing | None = None


_REGIMES = {0: "closed autocracy", 1: "electoral autocracy", 2: "electoral democracy", 3: "liberal democracy"}
_HIGH = [
    "polyarchy",
    "liberal_democracy",
    "political_civil_liberties",
    "freedom_of_association",
    "civil_society_participation",
    "core_civil_society",
    "legislative_constraints",
    "judicial_constraints",
]
_LOW = ["political_corruption", "executive_corruption", "neopatrimonialism", "clientelism"]


def _standing(kind: str) -> Standing:
    """What a dated list means, as far as the language asks."""
    begins = ("coup", "self-coup", "rebel-takeover") if kind == "event" else ("joined",)
    return Standing(
        kind,
        begins,
        (),
        ("failed-coup", "parliament-closed", "court-replaced"),
        True,
        None,
        "2026-01",
        None,
        "",
    )


KNOWN: dict[str, Sheet] = (
    {f"vdem.{name}": Sheet(name, "high", 0, 1) for name in _HIGH}
    | {f"vdem.{name}": Sheet(name, "low", 0, 1) for name in _LOW}
    | {
        "vdem.regime": Sheet("Regime", "high", 0, 3, _REGIMES, "v2x_regime"),
        "wgi.rule_of_law": Sheet("Rule of law", "high", -4, 4),
        "wgi.control_of_corruption": Sheet("Control of corruption", "high", -4, 4),
        "wb.income_class": Sheet("Income class", "neither", None, None, {0: "L", 1: "LM", 2: "UM", 3: "H"}),
        "wb.gni_per_capita": Sheet("Income per head", "neither", 0, 200_000),
        "wb.under5_mortality": Sheet("Under-five mortality", "low", 0, 500),
        "wb.maternal_mortality": Sheet("Maternal mortality", "low", 0, 5_000),
        "wb.population": Sheet("Population", "neither", 0, None),
        "undp.hdi": Sheet("Human development", "high", 0, 1),
        "unodc.homicide_rate": Sheet("Homicide rate", "low", 0, 300),
        "ucdp.battle_deaths": Sheet("Battle deaths", "low", 0, 1_000_000),
        "un.uncac_party": Sheet("Party to UNCAC", "high", 0, 1, YES_NO),
        "un.ati_law": Sheet("Access-to-information law", "high", 0, 1, YES_NO),
        "lists.ogp_member": Sheet("Member of OGP", "high", 0, 1, YES_NO, standing=_standing("status")),
        "lists.eiti_member": Sheet("Member of EITI", "high", 0, 1, YES_NO, standing=_standing("status")),
        "lists.power_seized": Sheet("Seizures of power", "low", 1, 10, standing=_standing("event")),
    }
)

# One small, complete policy; tests change a line of it.
SMALL = """\
id: small
title: A small policy
version: "1.0"
pool: {wb.income_class: {in: [L, LM, UM]}}
peers:
  poor: {wb.gni_per_capita: {at_most: 1985, basis: published}}
  other: otherwise
gates:
  democracy:
    title: Democracy
    cites: {where: Part 1, quote: some words}
    all:
      - vdem.polyarchy: {at_least: 0.5, basis: midpoint}
tracks:
  progress:
    title: Progress
    cites: {where: Part 2}
    peer_group: poor
    any:
      - undp.hdi: {change_over: 10, at_least: {pool: median}, basis: typical}
      - vdem.political_corruption: {change_from_peak: 10, at_most: -0.1, basis: a tenth}
score:
  aggregation: geometric
  floor: 0.01
  basis: equal
  pillars:
    democracy:
      title: Democracy
      weight: 1
      aggregation: arithmetic
      indicators:
        vdem.polyarchy: {weight: 1, scale: {goalposts: [0, 1]}}
        wb.gni_per_capita: {weight: 1, better: low, scale: {goalposts: [100, 75000], log: true}}
axes:
  need: {title: Need, indicators: [unodc.homicide_rate]}
shortlist: {size: 3, basis: three}
ages: {max_age: 3, basis: three}
cases:
  - name: Tunisia is eligible
    country: TUN
    as_of: 2016-07-01
    expect: {status: eligible, track: progress, gates: {democracy: [pass, conditional]}}
"""


def loaded(
    folder: Path, text: str, settings: Sequence[str] = (), known: Mapping[str, Any] = KNOWN
) -> Criteria:
    """The policy of a text, read from a file of the folder."""
    path = folder / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return criteria.load(path, known, settings)


def refused(
    folder: Path, text: str, settings: Sequence[str] = (), known: Mapping[str, Any] = KNOWN
) -> list[str]:
    """The problems of a text, as printed."""
    with pytest.raises(CriteriaError) as caught:
        loaded(folder, text, settings, known)
    return [str(problem).replace(str(folder / "c.yaml"), "c.yaml") for problem in caught.value.problems]


def changed(*changes: tuple[str, str]) -> str:
    """SMALL with other words in these places."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text
