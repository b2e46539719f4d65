"""The register of pilots in the terminal: how each stands to the document, a start to fill in; and past bodies.

checked   every pilot of a file, line by line
start     a register of one pilot, with what is known of the country
history   what the rule of each kind said of past hosts, and how it ended
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eligibility.analysis.footing import FITS, Footing
from eligibility.data import countries, sources
from eligibility.data.panel import Panel
from eligibility.errors import Problem, UsageError
from eligibility.method import run, vintages
from eligibility.method.result import Result
from eligibility.pages import bodies, dated_lists, dossier
from eligibility.pages.facts import Facts
from eligibility.pages.said import say
from eligibility.pages.wording import counted, listed, paragraph, plain
from eligibility.pilots import precedents, register
from eligibility.pilots.lines import ASKED, held
from eligibility.pilots.precedents import Body
from eligibility.pilots.start import text as to_fill_in
from eligibility.policy.model import Criteria

DRAWS = 1000  # of the table of past hosts: a chance is then known to three hundredths
CUT = ("ended-by-host", "not-renewed", "expelled", "suspended", "withdrew", "never-began")


@dataclass(frozen=True)
class Checked:
    """What is said of a register; `wanting` where a line stands against the document without a reason."""

    lines: tuple[str, ...]
    wanting: bool


def checked(path: Path, criteria: str) -> Checked:
    """Each pilot with each line of the document; PilotsError for a register that cannot be honoured."""
    kinds = tuple(kind.id for kind in _with_kinds(criteria).mechanisms)
    out: list[str] = []
    wanting = False
    for pilot in register.register(path, kinds).pilots:
        out += [*([""] if out else []), f"{pilot.id}  {plain(pilot.body.name or '')}".rstrip()]
        for line in held(pilot):
            wanting |= line.wanting
            told = f"{say(f'pilot.{line.answer}')}: {say(f'pilot.line.{line.line}')}: {dossier.registered(pilot, line.line)}"
            if line.answer == "against":
                told += f". Reason: {plain(line.reason)}" if line.reason else ". It needs a reason"
            told += f" (document, {ASKED[line.line].lines})"
            out += paragraph(told, "  ", "      ")
        if not pilot.outcomes:
            out.append(f"  {say('pilot.outcomes')}: {say('pilot.date.missing')}")
        if not pilot.review_on:
            out.append(f"  {say('pilot.date.review')}: {say('pilot.date.missing')}")
    return Checked(tuple(out), wanting)


def _with_kinds(criteria: str) -> Criteria:
    """The criteria, which must name kinds of body."""
    policy = run.criteria_of(criteria, sources.shelf())
    if not policy.mechanisms:
        hint = "peacetime-pilots names five"
        raise UsageError(Problem("--criteria", policy.id, "must name kinds of body", "no `mechanisms`", hint))
    return policy


def start(iso3: str, criteria: str) -> str:
    """The file, with the first kind of body that fits and the programme that was found; its first line says what was read."""
    policy = _with_kinds(criteria)
    result = run.run(policy.drawing(0))
    if iso3 not in result.screening.status.index:
        hint = "a pilot is for a candidate, whom the rule `pool` lets in"
        raise UsageError(Problem("COUNTRY", iso3, "not a candidate", hint=hint))
    words = result.screening.mechanism.loc[iso3]
    kinds = [kind.id for kind in policy.mechanisms]
    fits = [kind for kind in kinds if words[kind] in FITS]
    name, found = plain(countries.register().name(iso3)), Footing(result).vehicle(iso3)
    return f"# {plain(result.reading)}\n{to_fill_in(iso3, name, kinds, fits, found, result.as_of)}"


def history(criteria: str, data: Path | None = None) -> str:
    """A Markdown table: each past body of a kind with a rule, judged on its own day with the figures held now.

    Before it which years were read for the first of them and for the last.
    """
    policy = _with_kinds(criteria).drawing(DRAWS)
    columns = "Body|Host|Day|Kind|Conditions|Chance|What decides|How it ended|Host then".split("|")
    rows, seen = [columns, ["--"] * len(columns)], []
    readings: dict[date, str] = {}
    figures = run.held(policy, sources.shelf(data))
    for body in sorted(precedents.bodies(), key=lambda body: (body.first, body.name)):
        first = body.agreed or body.began
        when = {"when": dated_lists.when(body.ended)} if body.ended else {}
        result = _judged(policy, figures, body.first)
        if result is not None:
            readings[body.first] = result.reading
        word, *told, status = _then(result, body)
        seen.append((body, word))
        host = plain(countries.register().name(body.iso3))
        ended = str(say(f"past.{body.outcome}", **when))
        rows.append([plain(body.short), host, dated_lists.when(first), body.kind, *told, ended, status])
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    first = "".join(f"{line}\n\n" for line in vintages.at_both_ends(readings))
    return f"{first}{table}\n{_summary(seen)}"


def _judged(policy: Criteria, figures: Panel, day: date) -> Result | None:
    """The candidates of a day; None where there can be none."""
    try:
        return run.judge(policy, figures, day)
    except UsageError:
        return None


def _then(result: Result | None, body: Body) -> tuple[str, str, str, str, str]:
    """Of the host on the first day: the verdict of the kind's rule, in words, its chance, what decided, the status."""
    if result is None:
        return "", "cannot be judged", "", "", ""
    if body.iso3 not in result.screening.status.index:
        return "", "not a candidate", "", "", ""
    facts = Facts.of(result)
    status = str(say(f"said.{facts.status[body.iso3]}"))
    kind = next((kind for kind in result.criteria.mechanisms if kind.id == body.kind), None)
    if kind is None:
        return "", "no rule", "", "", status
    word = facts.mechanism[body.iso3][kind.id]
    chance, figure = bodies.chance(facts, body.iso3, kind), bodies.figure(facts, body.iso3, kind)
    return word, str(say(f"bodies.{word}")), str(chance), str(figure), status


def _summary(seen: list[tuple[Body, str]]) -> str:
    """Where the rules and the ends agree, and where they do not; one sentence a case."""
    lines = []
    for fits, words in ((True, "were there"), (False, "were not there")):
        mine = [body for body, word in seen if word and (word in FITS) == fits]
        ran = [_short(body) for body in mine if body.outcome == "completed"]
        cut = [_short(body) for body in mine if body.outcome in CUT]
        told = f"Conditions that {words}: {counted(len(mine), 'body', 'bodies')}. Ran their course: {listed(ran) or 'none'}."
        lines.append(f"{told} Cut short or never begun: {listed(cut) or 'none'}.")
    left = [_short(body) for body, word in seen if not word]
    lines.append(f"Not judged: {listed(left) or 'none'}.")
    return "\n".join(lines) + "\n"


def _short(body: Body) -> str:
    return f"{body.short} ({plain(countries.register().name(body.iso3))})"
