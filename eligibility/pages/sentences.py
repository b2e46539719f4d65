"""The sentences of a country page: verdict, reservation, strengths, gates, travel, firmness, what would change it.

Every sentence is made from the facts of the run. None claims more than the measurement error allows, each probability
says that it is one of measurement error, and "excluded" always says by what: a gate, or no track.
"""

from __future__ import annotations

import math

from eligibility import walk
from eligibility.pages import dated, imputed, reasons
from eligibility.pages.facts import Facts
from eligibility.pages.views import RANKED, STATUSES, Mark
from eligibility.pages.wording import (
    NOT_DRAWN,
    among,
    capital,
    counted,
    inner,
    listed,
    missing,
    number,
    ordinal,
    percent,
    plain,
    portion,
    runs,
    some,
    spelled,
)
from eligibility.policy import Gate, Group, Points

PASSED = ("pass", "conditional")


def quoted(gate: Gate) -> str:
    """A gate's or track's title inside a sentence."""
    return f"“{plain(gate.title)}”"


def failing(facts: Facts, iso3: str) -> list[Gate]:
    return [g for g in facts.criteria.gates if facts.gate[iso3][g.id] == "fail"]


def unknown(facts: Facts, iso3: str) -> list[Gate]:
    return [g for g in facts.criteria.gates if facts.gate[iso3][g.id] == "unknown"]


def fitting(facts: Facts, iso3: str) -> list[Gate]:
    return [t for t in facts.criteria.tracks if facts.track[iso3][t.id] in PASSED]


def trackless(facts: Facts, iso3: str) -> bool:
    """Whether every track is ruled out."""
    return bool(facts.criteria.tracks) and all(
        facts.track[iso3][t.id] == "fail" for t in facts.criteria.tracks
    )


def no_track(facts: Facts) -> str:
    """That a country fits no track, in words that suit their number."""
    return {1: "does not fit the one track", 2: "fits neither track"}.get(
        len(facts.criteria.tracks), "fits no track"
    )


def obstacles(facts: Facts, iso3: str) -> list[str]:
    """What stands between a country and admission: failed gates, then the want of a track."""
    found = [quoted(g) for g in failing(facts, iso3)]
    if trackless(facts, iso3):
        return [*found, "the want of a track"]
    ideal = not facts.criteria.apart or any(t.ideal for t in fitting(facts, iso3))
    return found if ideal else [*found, "the want of an ideal track"]


def mark(facts: Facts, iso3: str) -> Mark:
    """The status as a word with a sign; an index has no gates to be eligible by, so its countries are ranked."""
    index = facts.criteria.index and facts.status[iso3] == "eligible"
    return RANKED if index else STATUSES[facts.status[iso3]]


def verdict(facts: Facts, iso3: str) -> str:
    """One sentence: what the answer is and on which gates or tracks it rests."""
    gates, status = facts.criteria.gates, facts.status[iso3]
    if facts.criteria.index:
        return _ranked(facts, iso3)
    total = counted(len(gates), "gate")
    if status == "excluded":
        return _excluded(facts, iso3)
    if status == "on-hold":
        return f"{plain(facts.criteria.hold.title)}: {dated.held(facts.result.hold[iso3])}."
    if status == "insufficient-data":
        open_gates = unknown(facts, iso3)
        if open_gates:
            lacking = [g for g in open_gates if g.id not in facts.unset]
            which = among(len(lacking), len(gates), "gate")
            data = f"Too little data to judge {which}: {listed(map(quoted, lacking))}." if lacking else ""
            return " ".join(x for x in (data, *unset(facts, open_gates)) if x)
        return "No gate is failed, but there is too little data to say whether it fits a track."
    on = [g for g in gates if facts.gate[iso3][g.id] == "conditional"]
    tracks = fitting(facts, iso3)
    fits = f" and fits the track {listed(map(quoted, tracks))}" if tracks else ""
    if not gates:
        return f"Fits the track {listed(map(quoted, tracks))}."
    passes = f"all {total}" if len(gates) > 1 else "its one gate"
    if status == "qualified":
        fits += ", which is of no ideal kind" if len(tracks) == 1 else ", which are of no ideal kind"
    if not on:
        return f"Passes {passes}{fits}."
    return f"Passes {passes}{fits}, but {listed(map(quoted, on))} only on condition."


def unset(facts: Facts, gates: list[Gate]) -> tuple[str, ...]:
    """That gates cannot be judged because a threshold is not held, a sentence for each reason."""
    why = dict.fromkeys(facts.unset[g.id] for g in gates if g.id in facts.unset)
    mine = {w: [quoted(g) for g in gates if facts.unset.get(g.id) == w] for w in why}
    return tuple(f"{listed(names)} cannot be judged: {w}." for w, names in mine.items())


def _ranked(facts: Facts, iso3: str) -> str:
    """Its place in an index, or that it has none."""
    if not facts.ranked(iso3):
        return (
            "It has no score, because figures are not held; nothing else keeps a country out of this index."
        )
    total = counted(sum(1 for c in facts.pool if facts.ranked(c)), "country", "countries")
    below = sum(1 for c in facts.pool if facts.rank[c] > facts.rank[iso3])
    place = (
        f"Rank {number(facts.rank[iso3], 0)} of {total}, with a score of {number(facts.score[iso3], 3)} of 1"
    )
    return f"{place}; {spelled(below) if below else 'none'} {'ranks' if below == 1 else 'rank'} below it."


def _excluded(facts: Facts, iso3: str) -> str:
    gates, failed, open_gates = facts.criteria.gates, failing(facts, iso3), unknown(facts, iso3)
    if not gates:
        return f"{capital(no_track(facts))}."
    if not failed:
        passes = f"all {counted(len(gates), 'gate')}" if len(gates) > 1 else "its gate"
        if open_gates:
            return f"Excluded because it {no_track(facts)}; {listed(map(quoted, open_gates))} could not be judged."
        on = [g for g in gates if facts.gate[iso3][g.id] == "conditional"]
        short = f" ({listed(map(quoted, on))} only on condition)" if on else ""
        return f"Passes {passes}{short}, but {no_track(facts)}."
    total = counted(len(gates), "gate")
    of = (
        f"all {total}"
        if len(failed) == len(gates) > 1
        else f"{spelled(len(failed))} of {total}"
        if len(gates) > 1
        else "the one gate"
    )
    text = f"Fails {of}: {listed(map(quoted, failed))}"
    if open_gates:
        text += f"; {listed(map(quoted, open_gates))} could not be judged"
    return text + (f". It also {no_track(facts)}." if trackless(facts, iso3) else ".")


def reservation(facts: Facts, iso3: str) -> str:
    """What a page about a conditional country must carry; "" for any other."""
    if facts.status[iso3] != "conditional":
        return ""
    on = [g for g in (*facts.criteria.gates, *fitting(facts, iso3)) if _word(facts, iso3, g) == "conditional"]
    short = [leaf for g in on for leaf in reasons.full_branches(g.rule, facts.node[iso3])]
    falls = (
        f" It falls short of the full rule: {'; '.join(dict.fromkeys(said(facts, iso3, leaf) for leaf in short))}."
        if short
        else ""
    )
    return (
        f"Admitted on condition.{falls} Proposing it needs a written reason and an agreed date of review; "
        "without both it should be treated as not admitted."
    )


def _word(facts: Facts, iso3: str, gate: Gate) -> str:
    return facts.gate[iso3].get(gate.id) or facts.track[iso3].get(gate.id, "unknown")


def said(facts: Facts, iso3: str, leaf: reasons.Leaf) -> str:
    """One deciding test inside a sentence: "freedom of association is 0.15 (needs ≥ 0.50)"."""
    node = leaf.node
    measured, threshold = facts.measured[iso3].get(node.path), facts.needs[iso3].get(node.path)
    if isinstance(node, Points):
        return f"{percent(measured)} of the points that apply (needs {percent(threshold)})"
    name = inner(reasons.called(node.quantity, facts.sheets))
    if missing(measured):
        return f"no data on {name}"
    value = reasons.shown(measured, node.quantity, facts.sheets)
    return f"{name} is {value} (needs {reasons.needs(node, threshold, facts.sheets, leaf.wanted)})"


def firm(facts: Facts, iso3: str) -> str:
    """How firm the verdict is under measurement error, in one sentence."""
    p, draws, status = facts.p_eligible[iso3], facts.result.firmness.draws, facts.status[iso3]
    if not facts.error_known:
        return NOT_DRAWN
    if status == "on-hold":
        return "A hold rests on days that are known: no measurement error moves it."
    if status == "qualified":
        met = facts.result.firmness.p_qualified[iso3]
        ideal = (
            "whether it is of an ideal kind as well cannot be judged"
            if missing(p)
            else (f"it is of an ideal kind as well in {runs(p, draws)}")
        )
        return f"Under measurement error it meets every requirement in {runs(met, draws)}; {ideal}."
    if missing(p):
        return (
            imputed.firm(facts.result, iso3)
            or "No probability is given, because what is missing cannot be drawn."
        )
    if not any(v.sd > 0 for v in facts.cells[iso3].values() if v.known):
        return "No measurement error is known for its data, so nothing can be said about how firm this is."
    inside = status in ("eligible", "conditional")
    if not inside and p <= facts.edges[0]:
        return f"Under measurement error it is admitted in {runs(p, draws)}: the exclusion is firm in that sense."
    text = f"Under measurement error it is admitted in {runs(p, draws)}"
    if inside and p >= facts.edges[1]:
        return f"{text}: the verdict is firm in that sense."
    if p <= facts.edges[0] or p >= facts.edges[1]:  # at odds with the verdict: neither firm nor borderline
        against = "falls out" if inside else "is admitted"
        return f"{text}: it {against} more often than not, so the verdict is not firm."
    if inside and p < 0.5:
        return f"{text}: it falls out more often than not, so the verdict is borderline."
    return f"{text}: the verdict is borderline."


def lead(facts: Facts, iso3: str) -> tuple[str, ...]:
    """Up to three sentences: strongest and weakest indicator against peers, thinnest gate."""
    out = []
    standings = []
    for _, component in facts.components:
        indicator = component.quantity.indicator
        value, among = facts.cells[iso3][indicator].value, facts.peers_on(facts.group[iso3], indicator)
        share = (
            among.better_than(value)
            if component.quantity.measure == "level" and not math.isnan(value)
            else None
        )
        if share is not None:
            standings.append((share, inner(reasons.called(component.quantity, facts.sheets))))
    if len(standings) > 1:
        best, worst = max(standings, key=lambda s: s[0]), min(standings, key=lambda s: s[0])
        if best[0] == worst[0]:
            out.append(f"On every scored indicator it is better than {portion(best[0], 'its peers')}.")
        else:
            out.append(f"Against its peers it is strongest on {best[1]} (better than {portion(best[0])}).")
            out.append(f"It is weakest on {worst[1]} (better than {portion(worst[0])}).")
    thin = thinnest(facts, iso3)
    return tuple(out + ([thin] if thin else []))


def thinnest(facts: Facts, iso3: str) -> str:
    """Which gate or track it passes is the least certain under measurement error; "" if none is passed."""
    weakest = least(facts, iso3)
    if weakest is None:
        return ""
    p, gate = weakest
    draws, kind = facts.result.firmness.draws, "gate" if gate in facts.criteria.gates else "track"
    if p > 0.99:
        return f"Nothing it passes is thin: each holds in {'at least 99% of' if p < 1 else 'all'} {draws:,} re-runs under measurement error."
    return f"The least certain of what it passes is the {kind} {quoted(gate)}, which holds in {runs(p, draws)} under measurement error."


def least(facts: Facts, iso3: str) -> tuple[float, Gate] | None:
    """The passed gate or track with the lowest probability; a track only where it is the one that fits."""
    passed = [(facts.p_gate[iso3][g.id], g) for g in facts.criteria.gates if facts.gate[iso3][g.id] in PASSED]
    tracks = fitting(facts, iso3)
    if len(tracks) == 1:
        passed.append((facts.p_track[iso3][tracks[0].id], tracks[0]))
    passed = [pair for pair in passed if not missing(pair[0])]
    return min(passed, key=lambda pair: pair[0]) if passed else None


def reason(facts: Facts, iso3: str) -> str:
    """Why, in a few words."""
    if facts.status[iso3] == "excluded":
        failed = [f"“{plain(g.title)}”" for g in failing(facts, iso3)]
        text = f"Fails {listed(failed)}" if failed else ""
        if trackless(facts, iso3):
            text = f"{text}; {no_track(facts)}" if text else capital(no_track(facts))
        return text
    if facts.status[iso3] == "insufficient-data":
        open_gates = [f"“{plain(g.title)}”" for g in unknown(facts, iso3)]
        return f"Cannot be judged: {listed(open_gates) if open_gates else 'tracks'}"
    if facts.status[iso3] == "on-hold":
        return "On hold"
    tracks = listed(plain(t.title) for t in fitting(facts, iso3))
    on = [f"“{plain(g.title)}”" for g in facts.criteria.gates if facts.gate[iso3][g.id] == "conditional"]
    return "; ".join(x for x in (tracks, f"on condition: {listed(on)}" if on else "") if x)


def gate_chance(facts: Facts, iso3: str, gate: Gate) -> str:
    """How often a gate or track is passed under measurement error, as a table or heading prints it."""
    p = (facts.p_gate if gate.id in facts.p_gate[iso3] else facts.p_track)[iso3][gate.id]
    if not facts.error_known:
        return ""
    told = "Cannot be judged" if missing(p) else f"Passed in {runs(p, facts.result.firmness.draws)}"
    if not missing(p) and p < 1 and {**facts.gate[iso3], **facts.track[iso3]}[gate.id] == "unknown":
        told += (
            ", whatever the missing figures are; in the others it fails or cannot be judged"
            if p
            else (": it fails or cannot be judged")
        )
    return "; ".join(part for part in (told, imputed.gate_chance(facts.result, iso3, gate)) if part)


def counts(facts: Facts, iso3: str, gate: Gate) -> tuple[str, ...]:
    """For each group of a gate that counts: how many of its parts pass and fail, and what is open leaves possible.

    "6 pass, 2 fail, 12 not held: between 6 and 18 of 20; 10 are needed."
    """
    return tuple(
        _counted(facts, iso3, node)
        for node in walk.nodes(gate.rule)
        if isinstance(node, Group) and node.path in facts.counted
    )


def _counted(facts: Facts, iso3: str, group: Group) -> str:
    held, failed, open_ = (facts.counted[group.path][iso3][word] for word in ("pass", "fail", "unknown"))
    total, title = held + failed + open_, f"{plain(group.title)}: " if group.title else ""
    if not open_:
        return f"{title}{held} pass, {failed} fail, of {total}; {group.n} needed."
    text = f"{title}{held} pass, {failed} fail, {open_} not held: between {held} and {held + open_} of {total}; {group.n} needed."
    if facts.error_known:
        least, most = (facts.result.firmness.bounds[group.path].at[iso3, end] for end in ("least", "most"))
        text += f" Under measurement error it is met in at least {percent(least)} and at most {percent(most)} of re-runs."
    return text


def gate_summary(facts: Facts, iso3: str) -> str:
    """The heading over the gates."""
    words = [facts.gate[iso3][g.id] for g in facts.criteria.gates]
    total, failed, open_, on = (
        len(words),
        words.count("fail"),
        words.count("unknown"),
        words.count("conditional"),
    )
    of = counted(total, "gate")
    if failed:
        text = (
            f"Fails all {of}"
            if failed == total > 1
            else f"Fails {spelled(failed)} of {of}"
            if total > 1
            else "Fails its gate"
        )
        return f"{text}; {spelled(open_)} cannot be judged" if open_ else text
    if open_:
        if open_ == total:
            return f"None of {of} can be judged" if total > 1 else "Its gate cannot be judged"
        return f"{capital(spelled(open_))} of {of} cannot be judged"
    text = f"Passes all {of}" if total > 1 else "Passes its gate"
    return (
        f"{text}, {spelled(on)} of them on condition"
        if on and total > 1
        else text + (" on condition" if on else "")
    )


def rank_words(facts: Facts, iso3: str) -> str:
    """Rank with its likely range, or that it is not ranked."""
    if not facts.ranked(iso3):
        return "not ranked"
    total = sum(1 for c in facts.pool if facts.ranked(c))
    low, high = facts.rank_low[iso3], facts.rank_high[iso3]
    same = [c for c in facts.pool if facts.rank[c] == facts.rank[iso3] and c != iso3]
    shared = f", shared with {some([facts.names[c] for c in same], 2)}" if same else ""
    range_ = number(low, 0) if low == high else f"{number(low, 0)} to {number(high, 0)}"
    likely = "" if missing(low) or missing(high) else f" (likely {range_})"
    return f"{number(facts.rank[iso3], 0)} of {total}{shared}{likely}"


def firm_title(facts: Facts, iso3: str) -> str:
    """The finding over the rank histogram."""
    p, draws, places = facts.p_top[iso3], facts.result.firmness.draws, facts.criteria.shortlist
    if missing(p) or facts.result.scores is None:
        return "How firm this is cannot be worked out"
    places_words = f"the first {spelled(places)}" if places != 1 else "first place"
    if not facts.ranked(iso3):
        return f"Not ranked; among {places_words} in {runs(p, draws)}"
    return f"Among {places_words} in {runs(p, draws)}; likely {span(facts.rank_low[iso3], facts.rank_high[iso3])}"


def span(low: float, high: float) -> str:
    """A range of ranks: "2nd to 6th", or "2nd" where both ends are one."""
    return ordinal(low) if low == high else f"{ordinal(low)} to {ordinal(high)}"


def likely(facts: Facts, iso3: str) -> str:
    """A likely range of ranks in a table: "2–6"."""
    low, high = facts.rank_low[iso3], facts.rank_high[iso3]
    if missing(low) or missing(high):
        return ""
    return number(low, 0) if low == high else f"{number(low, 0)}–{number(high, 0)}"
