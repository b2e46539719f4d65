"""What the shortlist may cost, in words and for the JSON: method/decision.py says what is meant."""

from __future__ import annotations

import textwrap

from eligibility.data import countries
from eligibility.method.decision import Decision, Learned
from eligibility.method.result import Result
from eligibility.pages.said import say
from eligibility.pages.wording import counted, inner, listed, percent, some
from eligibility.terminal import WIDTH

MOST = 12  # figures worth finding out told in the JSON
TOLD = 3  # and in words
SHOWN = 10  # countries named of each kind


def document(result: Result) -> dict | None:
    """The contract's `decision`; None where there is no shortlist, or nothing was drawn."""
    made = result.decision
    if made is None:
        return None
    found = made.find_out[:MOST]
    return {
        "expected_loss": _number(made.expected_loss),
        "loss_by_lot": _number(made.loss_by_lot),
        "p_all_admitted": _number(made.p_all_admitted),
        "p_within": {str(k): _number(p) for k, p in made.p_within.items()},
        "swap": None
        if made.swap is None
        else {"out": made.swap.out, "in": made.swap.in_, "gain": _number(made.swap.gain)},
        "surely_in": list(made.surely_in),
        "open": list(made.open),
        "surely_out": list(made.surely_out),
        "find_out": [{"iso3": f.iso3, "indicator": f.indicator, "share": _number(f.share)} for f in found],
        "se": {
            **{key: _number(made.se[key]) for key in ("expected_loss", "loss_by_lot", "p_all_admitted")},
            "p_within": {str(k): _number(x) for k, x in made.se["p_within"].items()},
            "swap": None if made.swap is None else _number(made.swap.se),
            "find_out": [_number(f.se) for f in found],
        },
    }


def _number(value: float) -> float:
    return round(float(value), 12) + 0.0


def lines(result: Result) -> list[str]:
    """For the terminal: what the list gives up, the exchange that would help most, who is sure, what to find out."""
    made = result.decision
    if made is None:
        return []
    return ["", *(line for told in sentences(result, made) for line in textwrap.wrap(told, WIDTH))]


def sentences(result: Result, made: Decision) -> tuple[str, ...]:
    """A paragraph each."""
    names, size = countries.register(), len(result.ranking.shortlist)
    called = lambda those: some([names.name(c) for c in those], SHOWN)  # noqa: E731
    index = result.criteria.index  # asks nothing of anybody: all of its list are in it by their score alone
    able = "have a score" if index else "qualify"
    sure = "" if index else f"{_all(size)} truly qualify in {percent(made.p_all_admitted)} of simulations; "
    where = " of simulations" if index else ""
    within = f"within a tenth of the best in {percent(made.p_within[10])}{where}."
    everybody = result.ranking.rank.notna().sum() <= size  # who is drawn by lot is then on the list too
    lot = (
        f"; one drawn by lot from those that {able}, {_points(made.loss_by_lot, made.se['loss_by_lot'])} less"
    )
    told = [
        f"If the figures err as their publishers say, this list of {size} is worth {_points(made.expected_loss, made.se['expected_loss'])} "
        f"less than the best that could be chosen with perfect knowledge{'' if everybody else lot}. {sure or 'It is '}{within}"
    ]
    if swap := made.swap:
        into, out, after = names.name(swap.in_), names.name(swap.out), made.expected_loss - swap.gain
        if _share(swap.gain) == _share(0):
            told.append(say("sure.swap.even", into=into, out=out, p=made.expected_loss).plain)
        else:
            told.append(
                f"The one exchange that helps most: {into} for {out}, {_share(made.expected_loss)} to {_share(after)} "
                f"(the gain is {_points(swap.gain, swap.se)})."
            )
    groups = (("surely in", made.surely_in), ("open", made.open), ("surely out", made.surely_out))
    said = [f"{word}: {called(who)}" for word, who in groups if who]
    told.append(f"Of the best {result.criteria.shortlist}, {'; '.join(said)}.")
    if made.find_out:
        told.append(
            f"Worth finding out first, of what knowing everything would save: {listed([_figure(result, f) for f in made.find_out[:TOLD]])}."
        )
    return tuple(told)


def _all(size: int) -> str:
    if size <= 2:
        return "Its one member would" if size == 1 else "Both members"
    return f"All {counted(size, 'member')}"


def _figure(result: Result, found: Learned) -> str:
    label = inner(result.panel.sheets[found.indicator].label)
    name = countries.register().name(found.iso3)
    return f"{label} of {name} {_points(found.share, found.se)}"


def _share(value: float) -> str:
    return f"{100 * value:.1f}%"


def _points(value: float, se: float) -> str:
    """A share in per cent with its Monte Carlo standard error: "7.4% (± 0.1)"."""
    return f"{_share(value)} (± {100 * se:.1f})"
