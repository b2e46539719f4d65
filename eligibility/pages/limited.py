"""The list under the limits the criteria set for it: in sentences, for the terminal and for the JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from eligibility.data import countries
from eligibility.method.portfolio import KIND, REGION, VARIETY, Lifted, Listed, Portfolio
from eligibility.method.result import Result
from eligibility.pages.said import Said, say
from eligibility.pages.wording import plain
from eligibility.policy.model import Criteria
from eligibility.terminal import WIDTH


def document(result: Result) -> dict | None:
    """The contract's `portfolio`; None where nobody is ranked."""
    made = result.portfolio
    if made is None:
        return None
    return {
        "own": None if made.own is None else _listed(made.own),
        "conflict": list(made.conflict),
        "by_score": _listed(made.by_score),
        "enters": list(made.enters),
        "leaves": list(made.leaves),
        "prices": [
            {**_listed(each.best), "variety": each.variety, "gives_up": each.gives_up + 0.0}
            for each in made.prices
        ],
        "always": list(made.always),
        "near": made.near,
        "limits": [
            {
                "path": each.limit,
                "binds": bool(each.enters),
                "enters": list(each.enters),
                "leaves": list(each.leaves),
                "gain": each.gain + 0.0,
            }
            for each in made.lifted
        ],
        "p_all_admitted": made.p_all_admitted,
        "se": made.se,
    }


def _listed(made: Listed) -> dict:
    return {"members": list(made.members), "mean_score": made.mean_score, "mean_distance": made.mean_distance}


def lines(result: Result) -> list[str]:
    """For the terminal; nothing where the criteria set no limits."""
    if result.portfolio is None:
        return []
    told = " ".join(said.plain for said in sentences(result, result.portfolio))
    return ["", *textwrap.wrap(plain(told), WIDTH, break_on_hyphens=False)]


def limit(criteria: Criteria, path: str) -> Said:
    """A limit in words."""
    own = criteria.limits
    assert own is not None
    if path == VARIETY:
        return say("limit.variety", p=own.variety)
    if path == REGION:
        return say("limit.region", n=own.per_region)
    asked = next(each for each in own.at_least if path == f"{KIND}.{each.id}")
    titles = {kind.id: kind.title for kind in (*criteria.tracks, *criteria.mechanisms)}
    return say("limit.kind", n=asked.n, title=plain(titles.get(asked.id, asked.id)))


def paths(criteria: Criteria) -> tuple[str, ...]:
    """The limits of a list, by path."""
    own = criteria.limits
    assert own is not None
    return (
        *([VARIETY] if own.variety else []),
        *([REGION] if own.per_region else []),
        *(f"{KIND}.{each.id}" for each in own.at_least),
    )


def sentences(result: Result, made: Portfolio) -> Iterator[Said]:
    """What a board needs of it, the finding first."""
    own = result.criteria
    every = tuple(limit(own, path) for path in paths(own))
    if made.own is None:
        broken = tuple(limit(own, path) for path in made.conflict)
        yield say("portfolio.none", n=len(made.by_score.members), of=made.of, limits=broken)
        return
    if made.enters:
        yield say("portfolio.other", limits=every, into=_named(made.enters), out=_named(made.leaves))
        yield say("portfolio.members", names=_named(made.own.members))
        yield say("portfolio.score", x=made.own.mean_score, y=made.by_score.mean_score)
        yield say("portfolio.distance", x=made.own.mean_distance, y=made.by_score.mean_distance)
    else:
        yield say("portfolio.same", limits=every)
    if made.prices:
        prices = tuple(say("portfolio.price", v=each.variety, p=each.gives_up) for each in made.prices)
        yield say("portfolio.prices", prices=prices)
    if made.near > 1:
        name = "portfolio.always" if made.always else "portfolio.never"
        yield say(name, n=made.near, **({"names": _named(made.always)} if made.always else {}))
    if made.p_all_admitted is not None:
        yield say("portfolio.all", n=len(made.own.members), p=made.p_all_admitted)
    yield from _bound(own, made.lifted)


def _bound(own: Criteria, lifted: Iterable[Lifted]) -> Iterator[Said]:
    """Which limits bind, and who would stand on the list without each."""
    binding = [each for each in lifted if each.enters]
    for each in binding:
        swap = dict(into=_named(each.enters), out=_named(each.leaves), x=each.gain)
        yield say("portfolio.binds", limit=limit(own, each.limit), **swap)
    if not binding:
        yield say("portfolio.loose")


def _named(those: Iterable[str]) -> tuple[str, ...]:
    register = countries.register()
    return tuple(register.name(c) for c in those)
