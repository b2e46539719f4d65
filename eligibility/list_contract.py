"""What a result says of its list, key by key: what the shortlist may cost (`decision`), the best list under limits (`portfolio`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict  # that of Python 3.12: pydantic reads no older one

from eligibility.contract_parts import Chance, Closed, Count, Iso3, closed, means

# A table: a key, its type and its meaning a line.
# fmt: off
Swap = TypedDict(
    "Swap",
    {
        "out": Annotated[Iso3, means("of the shortlist")],
        "in": Annotated[Iso3, means("not on it")],
        "gain": Annotated[float, means("by how much the expected loss falls")],
    },
)
closed(Swap, "The one exchange that lowers the expected loss most.")


Within = TypedDict(
    "Within",
    {
        "5": Annotated[float, means("at most 5 per cent"), Field(ge=0, le=1)],
        "10": Annotated[float, means("at most 10 per cent"), Field(ge=0, le=1)],
        "20": Annotated[float, means("at most 20 per cent"), Field(ge=0, le=1)],
    },
)
closed(Within, "By how many per cent at most the list is worse than the best: the chance of it.")


class Learned(Closed):
    """What it would be worth to know one figure without error."""

    iso3: Annotated[Iso3, means("the country of the figure")]
    indicator: Annotated[str, means("its series")]
    share: Annotated[Chance, means("of what knowing everything would save")]


class DecisionErrors(Closed):
    """Monte Carlo standard errors of the figures of the decision."""

    expected_loss: Annotated[float, means("of it")]
    loss_by_lot: Annotated[float, means("of it")]
    p_all_admitted: Annotated[float, means("of it")]
    p_within: Within
    swap: Annotated[float | None, means("of its gain; null without a swap")]
    find_out: Annotated[list[float], means("in the order of `find_out`")]


class Choice(Closed):
    """What the shortlist may cost, in shares of what the best list of each draw is worth."""

    expected_loss: Annotated[float, means("of the shortlist against the best list of each draw")]
    loss_by_lot: Annotated[float, means("of a list drawn by lot from those admitted")]
    p_all_admitted: Annotated[Chance, means("share of draws in which every member is admitted")]
    p_within: Within
    swap: Annotated[Swap | None, means("null where none helps")]
    surely_in: Annotated[list[Iso3], means("in 95 of 100 draws all of them are of the best list")]
    open: Annotated[list[Iso3], means("neither surely in nor surely out")]
    surely_out: Annotated[list[Iso3], means("in 95 of 100 draws none of them is of the best list")]
    find_out: Annotated[list[Learned], means("figures worth finding out, the most valuable first; those above the noise")]
    se: DecisionErrors


class Listed(Closed):
    """A list of countries."""

    members: Annotated[list[Iso3], means("in order of rank")]
    mean_score: Annotated[Chance, means("of the members")]
    mean_distance: Annotated[Chance, means("of all who meet the requirements to the nearest member: mean difference of the pillars of the score, by their weights")]


class Priced(Listed):
    """The best list at a weight of variety, under the same other limits."""

    variety: Annotated[Chance, means("the weight; the score has the rest")]
    gives_up: Annotated[float, means("share of the mean score of the best list without variety")]


class Lifted(Closed):
    """What the list would be without one limit."""

    path: Annotated[str, means("of the limit in the criteria file")]
    binds: Annotated[bool, means("whether it would be another list")]
    enters: Annotated[list[Iso3], means("who would come in")]
    leaves: Annotated[list[Iso3], means("who would go out")]
    gain: Annotated[float, means("by how much the mean score would change")]


class Portfolio(Closed):
    """The list under the limits of the criteria; ranks, `p_top` and `decision` are of the list by score alone."""

    own: Annotated[Listed | None, means("null where no list keeps to the limits")]
    conflict: Annotated[list[str], means("paths of limits that cannot be kept together, as few as say so; empty where all can be")]
    by_score: Annotated[Listed, means("as many, by score alone")]
    enters: Annotated[list[Iso3], means("on `own` and not `by_score`")]
    leaves: Annotated[list[Iso3], means("the other way round")]
    prices: Annotated[list[Priced], means("what variety costs at three weights; empty without `own`")]
    always: Annotated[list[Iso3], means("who is in each of the `near` best lists that keep to the limits")]
    near: Annotated[Count, means("how many best lists were looked at: five, or all there are")]
    limits: Annotated[list[Lifted], means("one a limit, in the order variety, region, kinds")]
    p_all_admitted: Annotated[Chance | None, means("share of draws in which every member of `own` is admitted; null: not known")]
    se: Annotated[float | None, means("its Monte Carlo standard error")]
