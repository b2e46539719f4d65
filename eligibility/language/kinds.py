"""Which kinds are ideal, which events put a country on hold, what a list keeps to: checked against the file and its lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from eligibility.files.strict_yaml import Steps
from eligibility.language.meaning import repeated
from eligibility.language.notes import Notes
from eligibility.policy import model as policy
from eligibility.policy.limits import Shortlist


def ideals(notes: Notes, tracks: Iterable[str]) -> None:
    """Notes where it is not plain which kinds of candidate are ideal: all say, or none does; one must be."""
    written = {id_: notes.given(("tracks", id_, "ideal")) for id_ in tracks}
    said = {id_: ideal for id_, ideal in written.items() if ideal is not None}
    for id_ in (id_ for id_ in written if said and id_ not in said):
        hint = "a track without the mark is ideal only where none has it"
        notes.add(("tracks", id_), "needs the key `ideal`, as the other tracks have it", hint=hint)
    if said and not any(said.values()):
        notes.add(("tracks",), "must have one track that is ideal", hint="else nobody can be eligible")


def hold(notes: Notes, hold: policy.Hold) -> policy.Hold:
    """Events after which a country is on hold; of kinds that their list knows."""
    at: Steps = ("hold",)
    sheet = notes.sheet((*at, "events"), hold.events)
    rule_ = getattr(sheet, "standing", None)
    if sheet is not None and (rule_ is None or rule_.kind != "event"):
        notes.add((*at, "events"), "must be a dated list of events", hold.events)
    elif rule_ is not None:
        known = (*rule_.begins, *rule_.ends, *rule_.also)
        for position, kind in enumerate(hold.kinds):
            if kind not in known:
                hint = notes.nearest(kind, known) or f"the list has {', '.join(known)}"
                notes.add((*at, "kinds", position), "is not a kind of event of this list", kind, hint)
    for position, kind in repeated(hold.kinds):
        notes.add((*at, "kinds", position), "is listed twice", kind)
    return replace(hold, line=notes.line(at))


def limits(notes: Notes, shortlist: Shortlist, known: Collection[str]) -> None:
    """Notes kinds that a list asks for and cannot have.

    known   the ids of tracks and kinds of body
    """
    for each in shortlist.at_least:
        at: Steps = ("shortlist", "at_least", each.id)
        if each.id not in known:
            hint = notes.nearest(each.id, known) or "a list can ask for kinds of candidate and of body only"
            notes.add(at, "must be the id of a track or a mechanism", each.id, hint, key=True)
        if each.n > shortlist.size:
            notes.add((*at, "n"), f"must be at most the size of the list, {shortlist.size}", each.n)
