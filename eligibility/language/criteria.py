"""A criteria file as frozen policy values, or every problem it has.

    known = {sheet.id: sheet for source in sources.shelf() for sheet in source.series.values()}
    criteria = load("peacetime-pilots", known)
    criteria = load("my-policy.yaml", known, ["shortlist.size=5"])

The language is described in `criteria/README.md`; `json_schema()` describes it to editors.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from eligibility import resources
from eligibility.errors import CriteriaError, InputError, Problem, UsageError
from eligibility.files import strict_yaml
from eligibility.files.strict_yaml import Document, Steps
from eligibility.language import parts
from eligibility.language import settings as criteria_settings
from eligibility.language.meaning import Scope, rule
from eligibility.language.notes import Notes
from eligibility.language.shape import CriteriaFile, Spelt, nearest, place, shape
from eligibility.policy import model as policy
from eligibility.policy.walk import nodes, relative
from eligibility.policy.words import INDICATOR_PATTERN


def load(path_or_id: str | Path, known: Mapping[str, Any], settings: Sequence[str] = ()) -> policy.Criteria:
    """The policy of a file or of a shipped set.

    known      indicator id -> something with label, better, lo, hi, classes (a SeriesSheet)
    settings   PATH=VALUE replacements, applied before anything is checked
    raises     CriteriaError with every problem; UsageError for a setting or an id that fits nothing
    """
    return opened(path_or_id, known)(settings)


def opened(path_or_id: str | Path, known: Mapping[str, Any]) -> Callable[[Sequence[str]], policy.Criteria]:
    """Settings -> the policy with them, as of `load`: the file is read once, however many are asked for."""
    path = find(path_or_id)
    document = strict_yaml.read(path, str(path_or_id) if Path(path_or_id) == path else path.name)

    def under(settings: Sequence[str]) -> policy.Criteria:
        made, problems = _read(document, known, settings)
        if problems or made is None:
            raise CriteriaError(problems)
        return made if path.parent == resources.shipped("criteria") else _own_name(made)

    return under


def _own_name(made: policy.Criteria) -> policy.Criteria:
    """The policy, called an edited copy, with an id of its own, where it bears the id and version of a shipped one.

    Lines are compared, not bytes: an editor may end them its own way.
    """
    if made.id not in shipped():
        return made
    theirs = strict_yaml.read(find(made.id))
    old, new = (text.removeprefix("\ufeff").splitlines() for text in (theirs.text, made.text))
    if old == new or str(theirs.data["version"]) != str(made.version):
        return made
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    count = sum(max(b - a, d - c) for kind, a, b, c, d in steps if kind != "equal")
    told = f"edited copy of {made.id} {made.version}, {count} line{'' if count == 1 else 's'} differ{'s' * (count == 1)}"
    return replace(made, id=f"{made.id}-edited-{made.sha256[:8]}", title=f"{made.title} ({told})")


def check(paths: Iterable[str | Path], known: Mapping[str, Any]) -> list[Problem]:
    """Every problem of every file, in the order of the files; empty if all can be honoured."""
    problems: list[Problem] = []
    for path in paths:
        try:
            load(path, known)
        except InputError as error:
            problems += error.problems
    return problems


def find(path_or_id: str | Path) -> Path:
    """The file meant: a path as it is, or the shipped set of that id."""
    path = Path(path_or_id)
    if isinstance(path_or_id, Path) or path.suffix in (".yaml", ".yml") or path.name != str(path_or_id):
        return path
    ids = shipped()
    if str(path_or_id) in ids:
        return resources.shipped("criteria") / f"{path_or_id}.yaml"
    if os.path.isfile(path):  # false, not an error, for names no file can have
        return path
    hint = nearest(str(path_or_id), ids) or f"shipped are {', '.join(ids)}"
    raise UsageError(
        Problem("CRITERIA", "criteria", "must be a shipped id or a .yaml file", str(path_or_id), hint)
    )


def shipped() -> tuple[str, ...]:
    """The ids of the shipped sets, sorted."""
    return tuple(sorted(path.stem for path in resources.shipped("criteria").glob("*.yaml")))


def word(criteria: policy.Criteria, own: str) -> str:
    """What a command that makes a result again takes for its criteria: the id of the shipped file they are, else a file of one's own.

    An id alone would name no file, or the shipped one of another version.
    """
    if criteria.id in shipped() and strict_yaml.read(find(criteria.id)).sha256 == criteria.sha256:
        return criteria.id
    return own


def own_pool(criteria: policy.Criteria) -> bool:
    """Whether the user says who is considered, in a file of theirs or with --set, and others' figures decide."""
    own = criteria.id not in shipped() or any(word.startswith("pool") for word in criteria.settings)
    return own and relative(criteria)


def kept_as(id_: str, version: str) -> str:
    """The shipped set that keeps an earlier version of another, "" where none does.

    >>> kept_as("peacetime-pilots", "1.0"), kept_as("peacetime-pilots", "2.0")
    ('peacetime-pilots-1', '')
    """
    name = f"{id_}-{version.partition('.')[0]}"
    return name if name in shipped() else ""


def json_schema(known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The language as a JSON Schema, for completion and checks while typing; `load` checks more.

    known   as of `load`: these indicators, and no others, are then named in it
    """
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | CriteriaFile.model_json_schema(
        schema_generator=Spelt
    )
    if known:
        _name_indicators(made)
        choices = [{"const": name, "title": known[name].label} for name in sorted(known)]
        made["$defs"]["Indicator"] = {"oneOf": choices}
    return made


def _name_indicators(node: Any) -> None:
    """Points whatever takes the id of an indicator, as text or as a key, to the list of them."""
    if isinstance(node, dict):
        if node.get("pattern") == INDICATOR_PATTERN:
            title = {"title": node["title"]} if "title" in node else {}
            node.clear()
            node |= {"$ref": "#/$defs/Indicator", **title}
        elif INDICATOR_PATTERN in node.get("patternProperties", ()):
            own = [{"enum": sorted(node["properties"])}] if node.get("properties") else []
            node["propertyNames"] = {"anyOf": [{"$ref": "#/$defs/Indicator"}, *own]}
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _name_indicators(inner)


def _read(
    document: Document, known: Mapping[str, Any], settings: Sequence[str]
) -> tuple[policy.Criteria | None, tuple[Problem, ...]]:
    """The policy if it can be made, and all problems in the order of the file."""
    document = criteria_settings.apply(document, settings)
    file, problems = shape(document)
    written = document.data
    if not isinstance(written, dict):
        return None, tuple(problems)
    groups = () if "peers" not in written else tuple(each.id for each in file.peers) or None
    notes = Notes(document, known, groups)
    made = _meaning(notes, file, written)
    problems = [*problems, *notes.problems]
    if not problems:
        return _sealed(made, file, document, settings), ()
    return None, tuple(dict.fromkeys(sorted(problems, key=place)))


def _meaning(notes: Notes, file: CriteriaFile, written: Mapping[str, Any]) -> dict[str, Any]:
    """Every part that says something about countries, checked; the rest is copied in `_sealed`."""

    def ids(key: str) -> tuple[str, ...]:
        return tuple(written[key]) if isinstance(written.get(key), dict) else ()

    def when(key: str) -> dict[str, policy.InForce]:
        shapes = getattr(file, key) or {}
        return {id_: shapes[id_].in_force if id_ in shapes else policy.ALWAYS for id_ in ids(key)}

    def gates(key: str) -> tuple[policy.Gate | None, ...]:
        return tuple(
            parts.gate(notes, (key, k), each, file.missing) for k, each in (getattr(file, key) or {}).items()
        )

    made: dict[str, Any] = {
        "in_force": file.in_force or policy.ALWAYS,
        "pool": rule(notes, ("pool",), file.pool, Scope("pool", file.missing)) if file.pool else None,
        "peers": parts.peers(notes, file.peers, file.missing),
        "gates": gates("gates"),
        "tracks": gates("tracks"),
        "hold": parts.hold(notes, file.hold) if file.hold else None,
        "mechanisms": gates("mechanisms"),
        "score": parts.score(notes, file.score) if file.score else None,
        "limits": file.shortlist and file.shortlist.limits,
        "axes": tuple(parts.axis(notes, k, axis) for k, axis in (file.axes or {}).items()),
        "flags": tuple(parts.flag(notes, k, flag) for k, flag in (file.flags or {}).items()),
        "cases": parts.cases(
            notes,
            file.cases or (),
            when("gates"),
            when("tracks"),
            "score" in written,
            file.in_force or policy.ALWAYS,
        ),
    }
    made["own_ages"] = notes.own_ages(file.ages.max_age if file.ages else None)
    if file.shortlist:
        parts.shortlist(notes, file.shortlist, (*ids("tracks"), *ids("mechanisms")))
    parts.ideals(notes, file.tracks or {})
    listed = (file.shortlist.of if file.shortlist else None) or ["conditional", "eligible"]
    if sorted(listed) != ["conditional", "eligible"]:
        notes.add(("shortlist", "of"), "must be eligible and conditional", ", ".join(listed))
    if file.hold and not (file.gates or file.tracks):
        notes.add(("hold",), "needs gates or tracks", hint="an index says no to nobody")
    for path, node in _never_dated(file):
        if not node.in_force.always:
            hint = "the set itself can be in force from or until a day"
            notes.add((*path, "in_force"), "is for gates, tracks and what stands in a list", hint=hint)
    rules = [rule for rule in (*made["gates"], *made["tracks"]) if rule]
    made["uncertainty"] = file.uncertainty or policy.Uncertainty()
    parts.uncertainty(notes, made["uncertainty"], rules, made["score"])
    for id_ in (id_ for id_ in ids("tracks") if id_ in ids("gates")):
        notes.add(("tracks", id_), "is the id of a gate too", id_, "results name both by id", key=True)
    for id_ in (id_ for id_ in ids("mechanisms") if id_ in (*ids("gates"), *ids("tracks"))):
        rule_ = "is the id of a gate or track too"
        notes.add(("mechanisms", id_), rule_, id_, "results name both by id", key=True)
    if "gates" not in written and "score" not in written:
        notes.add((), "needs the key `gates`", hint="or `score` alone, for an index that only ranks")
    if "score" in written and "shortlist" not in written and {"gates", "tracks"} & set(written):
        notes.add((), "needs the key `shortlist`", hint="a score ranks; say how many are shortlisted")
    if "shortlist" in written and "score" not in written:
        notes.add(("shortlist",), "needs a score to rank by", hint="add `score:` or remove the shortlist")
    return made


def _never_dated(file: CriteriaFile) -> Iterator[tuple[Steps, policy.Node]]:
    """The rules that must say something at every date: of the pool and of each peer group."""
    written = [(("pool",), file.pool), *((("peers", each.id), each.rule) for each in file.peers)]
    for path, node in written:
        if node:
            yield (*path, node.path) if isinstance(node, policy.Test) else path, node


def _sealed(
    made: dict[str, Any], file: CriteriaFile, document: Document, settings: Sequence[str]
) -> policy.Criteria:
    """The policy value of a file without problems."""
    source = file.source.model_dump(exclude_none=True) if file.source else {}
    assert file.id and file.title and file.version and file.ages  # or there were problems
    criteria = policy.Criteria(
        id=file.id,
        title=file.title,
        version=file.version,
        sha256=document.sha256,
        source=tuple((key, str(value)) for key, value in source.items()),
        shortlist=file.shortlist.size if file.shortlist else 0,
        shortlist_basis=file.shortlist.basis if file.shortlist else "",
        max_age=file.ages.max_age,
        max_age_basis=file.ages.basis,
        summary=file.summary or "",
        settings=tuple(settings),
        text=document.text,
        **made,
    )
    _told_apart(criteria)
    return criteria


def _told_apart(criteria: policy.Criteria) -> None:
    """Holds that no two nodes share a path: results keep verdicts and thresholds by it, and one would hide the other."""
    rules = [criteria.pool, *(group.rule for group in criteria.peers if group.rule)]
    rules += [gate.rule for gate in (*criteria.gates, *criteria.tracks, *criteria.mechanisms)]
    seen = Counter(node.path for rule in rules for node in nodes(rule))
    twice = [path for path, n in seen.items() if n > 1]
    assert not twice, f"two nodes of a rule have the path {twice[0]}: what makes them must give each its own"
