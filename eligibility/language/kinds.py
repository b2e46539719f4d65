"""Which kinds of candidate are ideal, and which events put a country on hold: both checked against the file and its lists."""

from __future__ import annotations

from collections.abc import Mapping

from eligibility import policy
from eligibility.language import file as shapes
from eligibility.language.meaning import repeated
from eligibility.language.notes import Notes
from eligibility.strict_yaml import Steps


def ideals(notes: Notes, tracks: Mapping[str, shapes.Track]) -> None:
    """Notes where it is not plain which kinds of candidate are ideal: all say, or none does; one must be."""
    said = {id_: track.ideal for id_, track in tracks.items() if track.ideal is not None}
    for id_ in (id_ for id_ in tracks if said and id_ not in said):
        hint = "a track without the mark is ideal only where none has it"
        notes.add(("tracks", id_), "needs the key `ideal`, as the other tracks have it", hint=hint)
    if said and not any(said.values()):
        notes.add(("tracks",), "must have one track that is ideal", hint="else nobody can be eligible")


def hold(notes: Notes, shape: shapes.Hold) -> policy.Hold:
    """Events after which a country is on hold; of kinds that their list knows."""
    at: Steps = ("hold",)
    sheet = notes.sheet((*at, "events"), shape.events)
    rule_ = getattr(sheet, "standing", None)
    if sheet is not None and (rule_ is None or rule_.kind != "event"):
        notes.add((*at, "events"), "must be a dated list of events", shape.events)
    elif rule_ is not None:
        known = (*rule_.begins, *rule_.ends, *rule_.also)
        for position, kind in enumerate(shape.kinds):
            if kind not in known:
                hint = notes.nearest(kind, known) or f"the list has {', '.join(known)}"
                notes.add((*at, "kinds", position), "is not a kind of event of this list", kind, hint)
    for position, kind in repeated(shape.kinds):
        notes.add((*at, "kinds", position), "is listed twice", kind)
    place = notes.document.keys.get(at)
    return policy.Hold(
        title=shape.title,
        events=shape.events,
        kinds=tuple(shape.kinds),
        months=shape.months,
        figures=shape.until_figures_of is not None,
        basis=shape.basis,
        cites=policy.Citation(shape.cites.where, shape.cites.quote),
        line=place.line if place else 0,
    )
