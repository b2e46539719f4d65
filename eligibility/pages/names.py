"""What pages call a series: its plain name, and what the two ends of its scale mean; the official name stands in the annex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eligibility.pages.said import Figure
from eligibility.pages.wording import inner, number, plain, signed
from eligibility.policy.model import Quantity


@dataclass(frozen=True)
class Name:
    """A plain name with the ends of its scale, "" where the unit says enough."""

    name: str
    ends: str = ""


PLAIN: Mapping[str, Name] = {
    "vdem.political_corruption": Name("political corruption", "0 = none, 1 = pervasive"),
    "vdem.executive_corruption": Name("executive corruption", "0 = none, 1 = pervasive"),
    "vdem.neopatrimonialism": Name("personal rule", "0 = by law, 1 = by favour"),
    "vdem.clientelism": Name("vote buying and patronage", "0 = none, 1 = pervasive"),
    "vdem.legislative_constraints": Name("parliament’s check on government", "0 = none, 1 = strong"),
    "vdem.judicial_constraints": Name("courts’ check on government", "0 = none, 1 = strong"),
    "vdem.core_civil_society": Name("strength of civil society", "0 = weak, 1 = strong"),
    "vdem.civil_society_participation": Name("civil society participation", "0 = passive, 1 = active"),
    "vdem.polyarchy": Name("electoral democracy", "0 = none, 1 = full"),
    "vdem.liberal_democracy": Name("liberal democracy", "0 = none, 1 = full"),
    "vdem.regime": Name("type of regime"),
    "wgi.rule_of_law": Name("rule of law", "world average = 0"),
    "wgi.control_of_corruption": Name("control of corruption", "world average = 0"),
    "ogp.cso_entry_exit": Name("freedom to form civil society organisations", "0 = none, 4 = full"),
    "ogp.cso_repression": Name("civil society’s freedom from repression", "0 = none, 4 = full"),
    "undp.hdi": Name("human development", "0 to 1"),
    "wb.under5_mortality": Name("deaths of under-fives", "per 1,000 births"),
    "wb.maternal_mortality": Name("deaths of mothers", "per 100,000 births"),
}


def of(indicator: str, sheets: Mapping) -> Name:
    """What a series is called: from the table of plain names, else its own label."""
    if indicator in PLAIN:
        return PLAIN[indicator]
    sheet = sheets.get(indicator)
    return Name(inner(plain(sheet.label)) if sheet else indicator)


def per(indicator: str) -> str:
    """The unit behind a number of deaths and the like, "" for an index: " per 1,000 births"."""
    ends = PLAIN[indicator].ends if indicator in PLAIN else ""
    return f" {ends}" if ends.startswith("per ") else ""


# who has least and most of a figure, by the ends of its scale or its name; of others it is "lowest" and "highest"
EXTREMES: Mapping[str, tuple[str, str]] = {
    "0 = none, 1 = pervasive": ("least {}", "most {}"),
    "0 = by law, 1 = by favour": ("least {}", "most {}"),
    "0 = none, 1 = full": ("weakest {}", "strongest {}"),
    "world average = 0": ("weakest {}", "strongest {}"),
    "parliament’s check on government": ("weakest check by parliament", "strongest check by parliament"),
    "courts’ check on government": ("weakest check by courts", "strongest check by courts"),
    "strength of civil society": ("weakest civil society", "strongest civil society"),
    "civil society participation": ("least active civil society", "most active civil society"),
}


def extreme(name: Name, high: bool) -> str:
    """What the country with most of a figure has, or least.

    >>> extreme(PLAIN["vdem.core_civil_society"], True), extreme(PLAIN["wb.maternal_mortality"], False)
    ('strongest civil society', 'lowest deaths of mothers')
    """
    ends = EXTREMES.get(name.name) or EXTREMES.get(name.ends) or ("lowest {}", "highest {}")
    return ends[high].format(name.name)


PARTS = ("relative_change_over", "gap_closed_over")  # measures that are shares, written in per cent


def figure(x: float, q: Quantity, decimals: int, sign: bool = False, beside: float | None = None) -> Figure:
    """A value of a quantity as it is written: a share in per cent, else a number with the decimals of its series.

    sign     it is the distance between two: with its sign, and in points where they are in per cent
    beside   the number it is read against: a share that is another has a digit more than it takes to look the same

    >>> share = Quantity("wb.under5_mortality", "relative_change_over", 10)
    >>> str(figure(-0.267, share, 1)), str(figure(-0.267, share, 1, beside=-0.272))
    ('−27%', '−26.7%')
    """
    if q.measure not in PARTS or x != x:
        return Figure(x, decimals, sign=sign)
    digits = 1 if abs(x) < 0.2 else 0
    if beside is not None and number(100 * x, digits) == number(100 * beside, digits) and x != beside:
        digits += 1
    return Figure(x, decimals, f"{signed(100 * x, digits)} points" if sign else f"{number(100 * x, digits)}%")


def quantity(q: Quantity, sheets: Mapping, high_is_better: bool) -> str:
    """What a quantity is called: a level by its series, a change or peak by what it looks back on.

    "worst political corruption in ten years" where less is better, "highest" where more is.
    """
    name = of(q.indicator, sheets).name
    if q.measure == "level":
        return name
    years = {1: "one year", 5: "five years", 10: "ten years"}.get(q.years, f"{q.years} years")
    if q.measure == "gap_closed_over":
        return f"share of its gap in {name} closed in {years}"
    return {
        "relative_change_over": f"{name} against {years} before",
        "peak_over": f"{'highest' if high_is_better else 'worst'} {name} in {years}",
        "change_from_peak": f"{name} against its {years.partition(' ')[0]}-year peak",
    }.get(q.measure, f"{name}, change over {years}")
