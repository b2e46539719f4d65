"""A review of pilots for a terminal, as JSON, as a page and as a calendar: the same review gives the same bytes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from eligibility import review_contract
from eligibility.analysis.reviews import lessons, past
from eligibility.analysis.reviews.lessons import Compared
from eligibility.analysis.reviews.past import Row, Runs
from eligibility.analysis.reviews.replay import Replay
from eligibility.analysis.reviews.trajectories import LEVEL
from eligibility.analysis.reviews.whole import Review, Reviewed
from eligibility.data import countries
from eligibility.pages import in_text, replaying, reviewing
from eligibility.pages.rendering import render
from eligibility.pages.review_backing import house, rates
from eligibility.pages.said import say
from eligibility.pages.wording import paragraph, plain
from eligibility.policy.model import Criteria
from eligibility.present.as_json import exact, written


def html(review: Review) -> bytes:
    """The review as one page."""
    return render("review.html.j2", sheet=reviewing.page(review))


# The terminal ----------------------------------------------------------------------------------------------


def text(review: Review) -> str:
    """The same sentences and tables as the page, at most 80 columns."""
    return in_text.page(reviewing.page(review))


def past_body(told: Replay, form: str) -> str:
    """The reviews of a past body made again, as `text`, as a page (`html`) or as `json`."""
    if form == "json":
        return _past_body(told)
    page = replaying.page(told)
    return in_text.page(page) if form == "text" else render("review.html.j2", sheet=page).decode()


def past_text(policy: Criteria, made: Runs) -> str:
    """The counts of past reviews for a terminal, as the page of a review has them, with what Freedom House says of them."""
    rows = past.rows(made, policy.uncertainty.seed)
    if not rows:
        return f"{say('review.house.nobody').plain}\n"
    lines = [line for told in made.reading for line in paragraph(told)]
    told = rates(f"{plain(policy.id)} {plain(policy.version)}", rows)
    lines += in_text.lines((replace(told, blocks=(*told.blocks, *house(rows))),))
    return "\n".join(lines) + "\n"


# JSON ------------------------------------------------------------------------------------------------------


def json(review: Review) -> str:
    """Every number of the review."""
    own = review.criteria
    told: review_contract.Review = {
        "schema_version": review_contract.VERSION,
        "on": review.on.isoformat(),
        "criteria": {"id": own.id, "title": own.title, "version": own.version, "sha256": own.sha256, "settings": list(own.settings)},
        "reading": review.reading,
        "register": review.register.sha256 or None,
        "revised_since": review.revised,
        "sources": [{"id": s.id, "sha256": s.sha256} for s in review.sources],
        "alarmed": review.alarmed,
        "pilots": [_pilot(each) for each in review.pilots],
        "base_rates": {"criteria": review.rates_of, "rows": [_rate(row) for row in review.rates]},
        "teach": {
            "outcomes": [
                {
                    "series": s.series, "sd_of_five_years": exact(s.sd), "changes": s.n,
                    "smallest_effect": [{"pilots": one.pilots, "others": one.others, "effect": exact(one.effect)} for one in s.smallest],
                }
                for s in review.spreads
            ],
            "running": review.own and {"pilots": review.own.pilots, "others": review.own.others, "effects": [exact(x) for x in review.own.effects]},
            "rule": lessons.RULE,
            "candidates": [_compared(one) for one in review.candidates],
            "nobody_near": [one.iso3 for one in review.candidates if not one.names],
        },
    }  # fmt: skip
    return written(told)


def past_json(policy: Criteria, made: Runs) -> str:
    """The counts of past reviews with their ranges, and every run."""
    told = {
        "criteria": {"id": policy.id, "version": policy.version, "sha256": policy.sha256, "settings": list(policy.settings)},
        "reading": list(made.reading),
        "counts": [_rate(row) for row in past.rows(made, policy.uncertainty.seed)],
        "unfollowed": made.unfollowed,
        "runs": [
            {
                "iso3": row["country"], "begins": row["as_of"].isoformat(), "measured_from": int(row["start"]),
                "lost_in_figures_of": _day(row["lost"]), "freedom_house": None if math.isnan(row["fh"]) else bool(row["fh"]),
                "first": {signal: _day(row[signal]) for signal in past.SIGNALS},
            }
            for row in made.table.to_dict("records")
        ],
    }  # fmt: skip
    return written(told)


def _past_body(told: Replay) -> str:
    document = {
        "body": told.body.name, "iso3": told.body.iso3, "on": told.reviews[-1].on.isoformat(),
        "reviews_made": len(told.reviews), "reviews_of_later_figures": told.read_later,
        "years_before_end": told.before_end, "years_after_end": told.after_end,
        "reviews": [
            {
                "on": one.on.isoformat(), "colour": one.each.colour, "reasons": list(one.each.reasons), "status": one.status,
                "measured_from": one.each.start, "changes": _changes(one.each), "indicators_worse": len(one.each.worse),
                "then": [s.id for s in one.then], "later": [s.id for s in one.later],
            }
            for one in told.reviews
        ],
        "last": _pilot(told.whole),
        "beside": [
            {**vars(one), "years": list(one.years), "host": list(one.host), "others": list(one.others), "gap": one.gap, "least": exact(one.least)}
            for one in told.beside
        ],
    }  # fmt: skip
    return written(document)


def _day(day) -> str | None:
    """A day of a table, None where there is none."""
    return None if day != day else day.date().isoformat()


def _pilot(each: Reviewed) -> Any:
    moved = each.moved
    return {
        "id": each.pilot.id,
        "iso3": each.pilot.country,
        "name": countries.register().name(each.pilot.country),
        "kind": each.pilot.body.kind,
        "stage": each.pilot.stage,
        "colour": each.colour,
        "reasons": list(each.reasons),
        "events": [vars(event) for event in each.events],
        "measured_from": each.start,
        "changes": _changes(each),
        "indicators_worse": len(each.worse),
        "class": list(each.classes) if each.classes[1] else None,
        "not_its_doing": None if moved is None else {
            "status": list(moved.status),
            "score_gained": {step: exact(x) for step, x in moved.parts.items()},
            "turns": [vars(turn) | {"by": list(turn.by)} for turn in moved.turned],
        },
        "not_split": each.unmoved or None,
        "not_seen": [{**vars(one), "series": list(one.series), "due": one.due.isoformat()} for one in each.unseen],
        "dates": [{"what": a.what, "day": a.day and a.day.isoformat(), "days": a.left} for a in each.dates],
        "outcomes": [one.model_dump() for one in each.pilot.outcomes],
        "comparison": each.compared and _compared(each.compared),
    }  # fmt: skip


def _changes(each: Reviewed) -> Any:
    return [
        {
            "series": c.series, "from": c.then, "was": exact(c.was), "to": c.now, "is": exact(c.value),
            "error_of_change": exact(c.error), "errors": exact(c.errors),
            "worse": c.series in each.worse or (c.series == LEVEL and "drop" in each.reasons),
        }
        for c in each.changes
    ]  # fmt: skip


def _compared(one: Compared) -> Any:
    return {
        "iso3": one.iso3, "day": one.day.isoformat(), "peer_group": one.group or None, "names": list(one.names), "fixed_by_register": bool(one.given),
        "nearest": [{"iso3": iso3, "distance": distance} for iso3, distance in one.nearest], "sha256": one.sha256,
    }  # fmt: skip


def _rate(row: Row) -> Any:
    shares = {
        part: {"n": n, "of": of, "share": exact(n / of) if of else None}
        | {end: exact(x) for end, x in zip(past.ENDS, row.ranges[part], strict=True)}
        for part, (n, of) in row.shares.items()
    }
    return {column: getattr(row, column) for column in past.COLUMNS} | {"shares": shares}


# The calendar ----------------------------------------------------------------------------------------------


def ics(review: Review) -> bytes:
    """The days of all pilots that have not ended as a calendar file (RFC 5545), whole days, no hour and no alarm."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//eligibility//review//EN", "CALSCALE:GREGORIAN"]
    for each in review.pilots:
        for ahead in each.dates:
            if ahead.day and each.pilot.stage != "ended":
                said = f"{plain(countries.register().name(each.pilot.country))}: {say(f'review.date.{ahead.what}')}"
                lines += _entry(f"{each.pilot.id}-{ahead.what}", ahead.day, review.on, said)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line)).encode()


def _entry(name: str, day: date, on: date, said: str) -> list[str]:
    escaped = said.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    after = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
    return [
        "BEGIN:VEVENT", f"UID:{name}@eligibility.invalid", f"DTSTAMP:{on:%Y%m%d}T000000Z", f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}", f"SUMMARY:{escaped}", "TRANSP:TRANSPARENT", "END:VEVENT",
    ]  # fmt: skip


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 bytes, as the format asks; no sign is cut in two."""
    piece, lead = "", ""
    for sign in line:
        if len((lead + piece + sign).encode()) > 75:
            yield lead + piece
            piece, lead = "", " "
        piece += sign
    yield lead + piece
