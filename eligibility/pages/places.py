"""Numbers of the run as a whole, or of its audit, that a phrase gives: phrase and place -> the path by which `explain` takes the number.

What is counted over all candidates stands in sentences of their own, so that the place of a number there says which it is.
Numbers of one country carry their path themselves (said.Located), and so do those of one requirement.
"""

from __future__ import annotations

from collections.abc import Mapping

_PLAIN = {"pool": "counts.pool", "eligible": "counts.eligible"}
_POOL = {**_PLAIN, "conditional": "counts.conditional"}
_LIST, _RANKED, _DRAWS = "counts.shortlist", "counts.ranked", "draws"
_LOSS = {"p": "decision.expected_loss", "after": "decision.swap.after"}
_CAME, _LISTED = (
    {"came": "since.newly", "lost": "since.no_longer"},
    {"n": "since.entered", "gone": "since.left"},
)

_RUN: Mapping[str, Mapping[str, str]] = {
    # ── card ──
    "title.qualifies": {"of": _RANKED},
    "title.conditional": {"of": _RANKED},
    "title.index": {"of": _RANKED},
    "title.excluded.many": {"of": "counts.gates"},
    "none.of.kinds": {"n": "counts.tracks"},
    "gates.all": {"n": "counts.gates"},
    "verdict.unknown.all": {"n": "counts.gates"},
    "chance.best": {"n": _LIST},
    "grid.caption": {"draws": _DRAWS},
    "grid.caption.index": {"draws": _DRAWS},
    "grid.head.strip.pool": {"n": "counts.pool"},
    "bodies.title": {"of": "counts.mechanisms"},
    # ── briefing ──
    "brief.title": {"n": _LIST},
    "agree.past": {"n": "bodies.ended", "done": "bodies.completed"},
    "brief.title.unranked": {"n": "counts.admitted"},
    "brief.title.open": {"n": "counts.insufficient-data"},
    "brief.title.index": {"of": _RANKED},
    "brief.lead": _POOL,
    "brief.lead.plain": _PLAIN,
    "brief.kinds": _POOL,
    "brief.kinds.condition": {k: _POOL[k] for k in ("pool", "conditional")},
    "brief.lead.index.all": {"pool": "counts.pool"},
    "brief.lead.index": {"ranked": _RANKED, "pool": "counts.pool"},
    "brief.apart": {"n": "counts.qualified"},
    "brief.apart.few": {"n": "counts.qualified"},
    "brief.recommend": {"n": _LIST},
    "brief.recommend.conditional": {"n": _LIST},
    "brief.rest": {"excluded": "counts.excluded"},
    "brief.rest.open": {"excluded": "counts.excluded", "open": "counts.insufficient-data"},
    "brief.held": {"n": "counts.on-hold"},
    "brief.open": {"open": "counts.insufficient-data"},
    "brief.rule.kinds": {"n": "counts.tracks"},
    "brief.cards": {"of": "counts.pool"},
    "rule.gates": {"n": "counts.gates"},
    "rec.caption": {"draws": _DRAWS},
    "rec.caption.errors": {"draws": _DRAWS},
    "because.first": {"n": _LIST},
    "sure.about": {"x": "shortlist.expected", "n": _LIST},
    "sure.expect": {"x": "shortlist.expected", "n": _LIST, "of": _RANKED, "lot": "shortlist.lot"},
    "sure.expect.all": {"x": "shortlist.expected", "n": _LIST},
    "sure.expect.one": {"of": _RANKED},
    "sure.loss.all": {"p": "decision.expected_loss"},
    "sure.loss": {"p": "decision.expected_loss", "q": "decision.loss_by_lot"},
    "sure.everyone": {"p": "decision.p_all_admitted"},
    "sure.everyone.told": {"n": _LIST},
    "sure.swap": _LOSS,
    "sure.swap.even": {"p": "decision.expected_loss"},
    "sure.firm": {"n": "shortlist.firm", "of": _LIST},
    "sure.firm.none": {"of": _LIST},
    "sure.firm.who": {"n": "shortlist.firm", "rest": "shortlist.open"},
    "sure.all": {"of": _LIST},
    "decide.list.options": {"n": _LIST},
    "decide.list.alone": {"n": _LIST},
    "decide.list.follows": {**_LOSS, "n": _LIST},
    "decide.list.follows.even": {"p": "decision.expected_loss", "n": _LIST},
    "decide.many.options": {"n": _LIST},
    "decide.many.follows": {"n": _LIST},
    "decide.blind": {"n": "counts.insufficient-data"},
    "near.title": {"n": "counts.near"},
    "rests.gate": {"of": "counts.pool"},
    "rests.gate.only": {"of": "counts.pool"},
    "rests.kinds": {"n": "counts.kindless"},
    "wrong.none.seized": {"n": _LIST},
    "wrong.shared": {"p": "source.score"},
    "wrong.verdicts": {"n": "misclassified"},
    "decide.many.follows.one": {"n": _LIST},
    "record.title": {"p": "record.admitted.lost"},
    "record.admitted": {"n": "record.admitted.n"},
    "annex.candidates": {"n": "counts.pool"},
    # ── the last round ──
    **{f"since.title.{word}": {**_CAME, **_LISTED} for word in ("qualify", "ranked")},
    **{f"since.title.{word}.plain": _CAME for word in ("qualify", "ranked")},
    "since.title.list": _LISTED,
    "amended.dated": {"n": "since.amended"},
    "amended.lines": {"n": "since.amended"},
    # ── index ──
    "index.shown": {"of": "counts.pool"},
}
_NAMED, _RIGHT = {"n": "named"}, {"right": "all_right"}
_CURVE: Mapping[str, Mapping[str, str]] = {
    "audit.named": _NAMED,
    "audit.come": {"n": "right_as_written"},
    "audit.readings": {**_RIGHT, "all": "readings", "p": "share"},
    "audit.worst": {"p": "worst"},
    "audit.those": {**_RIGHT, "low": "admitted.least", "high": "admitted.most", "lists": "patterns"},
    "audit.those.kept": {"x": "kept", "of": "kept_of"},
    "audit.lot": {**_NAMED, "others": "other_sets", "pool": "countries"},
    "audit.lot.once": {"n": "once_in"},
    "audit.little": _NAMED,
    "audit.little.known": _NAMED,
}
PLACES: Mapping[str, Mapping[str, str]] = {
    phrase: {place: f"{whose}{path}" for place, path in places.items()}
    for whose, part in (("run ", _RUN), ("audit curve.", _CURVE))
    for phrase, places in part.items()
}
