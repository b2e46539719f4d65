"""The ranked list in the terminal, with what stands beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from eligibility.analysis.view import View
from eligibility.data import countries
from eligibility.method.evaluate import ADMITTED
from eligibility.method.firmness import Firmness
from eligibility.method.result import Result
from eligibility.pages import apart, card, deciding, dossier, imputed, limited, sentences, turns, wording
from eligibility.pages.facts import Facts
from eligibility.pages.views import STATUSES
from eligibility.present.as_json import integer
from eligibility.present.tables import found

NEAREST = 5  # near misses told in full
STATUS = {"eligible": "qualifies", "conditional": "on condition"}  # of those in a list


def text(result: Result, top: int | None = None, seen: View | None = None, why: bool = False) -> str:
    """The ranked list for a terminal, or what a view shows of it: at most 80 columns, every rank with its interval.

    why   also since when the verdict of each country stands, and what changed it
    """
    criteria, firm = result.criteria, result.firmness
    order = seen.countries if seen else tuple(result.ranking.order)
    ranked = [c for c in order if not math.isnan(result.ranking.rank[c])]
    below = next((c for c in ranked if c not in result.ranking.shortlist), None)
    shown = ranked[: top or max(criteria.shortlist, 10)]
    summary = f"{found(result)}."
    if criteria.index:
        summary += " No requirement excludes anybody."
    if firm.drawn:
        summary += f" {_simulated(result)}: {firm.draws:,} simulation{'s' if firm.draws > 1 else ''} of measurement error, seed {firm.seed}"
        if criteria.apart:
            summary += "; chance: that every requirement is met and the kind is ideal; meets: that every requirement is met and some kind fits"
        elif not criteria.index:
            met, fits = "every requirement is met", "a kind of candidate fits"
            summary += f"; chance: that {' and '.join([*[met] * bool(criteria.gates), *[fits] * bool(criteria.tracks)])}"
        if criteria.shortlist:
            summary += f"; {_best(result)}: that it is among the best {wording.spelled(criteria.shortlist)}"
        both = f"ranges and {_best(result)}" if criteria.shortlist else "ranges"
        summary += f"; {both} also of {wording.listed(firm.kinds[1:])}." if firm.kinds[1:] else "."
        if ranked and not criteria.index:
            summary += " A range holds for the simulations in which its country is ranked."
    else:
        summary += f" {wording.NOT_DRAWN if criteria.score else wording.NOT_DRAWN_UNSCORED}"
    line = "{:>4}  {:<9}  {:<26} {:<12} {:>6} {:>8} {:>7}"
    if criteria.index:  # nobody is excluded
        ranged = "{0:>4}  {1:<9}  {2:<26} {4:>6}" + " {6:>7}" * bool(criteria.shortlist)
        line = ranged if firm.drawn else "{0:>4}  {2:<26} {4:>6}"
    lines = [
        *wording.paragraph(result.reading),
        *wording.paragraph(
            f"{criteria.title} ({criteria.id} {criteria.version}{', changed for this run' if criteria.settings else ''}), "
            f"as of {result.as_of.isoformat()}"
        ),
        *wording.paragraph(summary),
        *(wording.paragraph(f"{seen.told[0].upper()}{seen.told[1:]}.") if seen else ()),
        "",
        line.format("rank", "90% range", "country", "status", "score", "chance", _best(result)),
    ]
    points_of = result.scores.score if result.scores else {}
    for iso3 in shown:
        rank, low, high = (integer(s[iso3]) for s in (result.ranking.rank, firm.places.low, firm.places.high))
        if criteria.shortlist and rank is not None and rank > criteria.shortlist and iso3 == below:
            lines.append(f"      {'-' * 28} shortlist of {criteria.shortlist} ends here")
        likely = "-" if low is None or high is None else f"{low}-{high}"
        name, status = apart.named(result, iso3, 26), STATUS[result.screening.status[iso3]]
        chances = _chance(firm, iso3), wording.share(firm.places.p_top[iso3])
        lines.append(line.format(rank, likely, name, status, f"{points_of[iso3]:.3f}", *chances))
    if result.scores is None:
        lines[-1:] = _admitted(result, order)
    elif not ranked:
        who = "has a score" if criteria.index else "qualifies and has a score"
        lines.append(f"      no country{' shown' if seen else ''} {who}")
    if len(shown) < len(ranked):
        lines.append(f"      and {len(ranked) - len(shown)} more (--top {len(ranked)} shows all)")
    lines += apart.lines(result, order, top)
    lines += apart.others(result, seen.countries) if seen else []
    lines += deciding.lines(result)
    lines += limited.lines(result)
    lines += _near_misses(result, order)
    lines += imputed.lines(result, order)
    lines += _recorded(result, order)
    lines += _pilots(result, order)
    lines += _why_now(result, order) if why else []
    for note in (*result.warned, *result.notes, *result.wanted):
        lines += ["", *wording.paragraph(note)]
    return "\n".join(lines) + "\n"


def _simulated(result: Result) -> str:
    """What the simulations are told for: without a score there is no rank, without a requirement no chance to meet it."""
    criteria = result.criteria
    told = [
        *["chances"] * (bool(criteria.shortlist) or not criteria.index),
        *["ranges"] * bool(criteria.score),
    ]
    return " and ".join(told).capitalize()


def _best(result: Result) -> str:
    """The head of the column with the chance of a place on the shortlist."""
    return f"best {result.criteria.shortlist}" if result.criteria.shortlist else ""


def _admitted(result: Result, order: Sequence[str]) -> list[str]:
    """Who qualifies by criteria without a score: in order of name, each with how sure that is."""
    status, names = result.screening.status, countries.register()
    inside = sorted((c for c in order if status[c] in ADMITTED), key=names.name)
    if not inside:
        return ["No country qualifies."]
    rows = [
        f"{apart.named(result, c, 40):<40}  {STATUS[status[c]]:<12} {_chance(result.firmness, c):>8}"
        for c in inside
    ]
    return [f"{'country':<40}  {'status':<12} {'chance':>8}", *rows]


def _chance(firm: Firmness, iso3: str) -> str:
    """The chance to qualify in per cent, as a range where figures not held leave one; "-" where there is none."""
    low, high = firm.p_eligible[iso3], firm.p_most[iso3]
    told = wording.share(low)
    return f"{told.rstrip('%')}-{wording.share(high)}" if high - low >= sentences.POINT / 2 else told


def _near_misses(result: Result, order: Sequence[str]) -> list[str]:
    """The likeliest of those that do not qualify and yet do in more simulations than the criteria name."""
    firm, names, facts = result.firmness, countries.register(), Facts.of(result)
    if not (near := [c for c in result.near_misses if c in order]):
        return []
    least = wording.percent(result.criteria.uncertainty.near_miss)
    may = ", or could: figures are not held" if any(_chance(firm, c).find("-") > 0 for c in near) else ""
    head = f"Near misses: they do not qualify on the published values, but do in more than {least} of simulations{may}"
    told = []
    for iso3 in near[:NEAREST]:
        place = result.firmness.places.when_ranked(iso3)
        then = f"; then ranked {place[0]}-{place[1]}" if place else ""
        then = f"qualifies in {_chance(firm, iso3)}{then}"
        told.append(
            f"{names.name(iso3)} ({then}): {'; '.join(said.plain for said in card.missed(facts, iso3))}"
        )
    if rest := ", ".join(f"{names.name(c)} {_chance(firm, c)}" for c in near[NEAREST:]):
        told.append(f"also {rest}")
    return _under(head, told)


def _under(head: str, told: Iterable[str]) -> list[str]:
    """What is told beside the list, set in under its heading; nothing where there is nothing to tell."""
    lines = [line for one in told for line in wording.paragraph(one, "  ", "    ")]
    return ["", *wording.paragraph(head), *lines] if lines else []


def _why_now(result: Result, order: Sequence[str]) -> list[str]:
    """Since when each verdict stands, what it was before and what changed it; those of whom the same is said together."""
    facts = Facts.of(result)
    found: dict[str, list[str]] = {}
    for iso3 in order:
        found.setdefault(turns.why_now(facts, iso3).plain, []).append(facts.names[iso3])
    fewest = sorted(found.items(), key=lambda item: len(item[1]))
    told = (f"{wording.listed(who)}: {said}" for said, who in fewest)
    return _under("Why now: since when each verdict stands", told)


def _recorded(result: Result, order: Sequence[str]) -> list[str]:
    """The board's own decisions, where there are any: beside the list, never in it."""
    names, mine = countries.register(), result.overrides
    told = (f"{names.name(c)}: {wording.recorded(mine[c])}" for c in mine if c in order)
    return _under("Recorded by the board; no status, score or rank above is changed by it", told)


def _pilots(result: Result, order: Sequence[str]) -> list[str]:
    """The countries shown that are in the register of pilots: beside the list, never in it."""
    told = []
    for iso3 in (c for c in order if result.pilots.of(c)):
        pilots = dossier.marked(result.criteria, result.pilots.of(iso3)).facts["pilots"]
        word = wording.inner(STATUSES[result.screening.status[iso3]].word)
        told.append(f"{countries.register().name(iso3)} ({word}): {'; '.join(map(str, pilots))}")
    return _under("In the register of pilots (* above); no status, score or rank reads it", told)
