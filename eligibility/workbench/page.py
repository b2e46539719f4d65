"""The workbench page: criteria, figures, draws and the page's own scripts in one HTML file without a request."""

from __future__ import annotations

import hashlib
import json
import math
from datetime import date
from pathlib import Path

from markupsafe import Markup

from eligibility import __version__
from eligibility.data import countries
from eligibility.errors import Problem, UsageError
from eligibility.files import disk, strict_yaml
from eligibility.language.criteria import word
from eligibility.method import run
from eligibility.method.result import Result
from eligibility.pages.rendering import render, static
from eligibility.pages.wording import NOT_DRAWN, NOT_DRAWN_UNSCORED, day, plain
from eligibility.policy.model import Choices
from eligibility.workbench.draws import DRAWS, draws
from eligibility.workbench.edits import edits
from eligibility.workbench.payload import model

SCRIPTS = tuple(
    f"{name}.js"
    for name in "dom browser scorer state save stability controls ranking what-if workbench".split()
)
NOT_SOLVED = (
    "This file sets limits to its shortlist (variety, region or kind). They are not solved on this page: the list here is by "
    "score alone. Save keeps them in the file, and `eligibility screen` solves them."
)
# What could end the element, or a line of script, is written as an escape of JSON's own.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def write(ref: str, as_of: date | None = None, out: Path | None = None) -> Path:
    """The page on disk, whole or not at all; by default `out/workbench-<criteria>-<date>.html`."""
    result = run.run(ref, as_of, draws=1)  # the page counts its own draws
    name = f"workbench-{result.criteria.id}-{result.as_of.isoformat()}.html"
    path = Path(out) if out is not None else Path("out") / name
    made = page(result)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.replace(path, made)
    except OSError as error:
        raise UsageError(
            Problem("--out", str(path), f"cannot be written: {error.strerror or error}")
        ) from None
    return path


def page(result: Result) -> bytes:
    """The page of a result; the same result gives the same bytes."""
    criteria = result.criteria
    stored = draws(criteria, result.cells)
    return render(
        "workbench.html.j2",
        criteria=criteria,
        word=word(criteria, "FILE"),
        title=plain(criteria.title),
        edition=plain(criteria.version),
        day=day(result.as_of),
        as_of=result.as_of.isoformat(),
        reading=plain(result.reading),
        notes=[
            plain(note)
            for note in (*([NOT_SOLVED] if criteria.limits else []), *result.warned, *result.notes)
        ],
        drawn=stored is not None,
        not_drawn=NOT_DRAWN if criteria.score else NOT_DRAWN_UNSCORED,
        draws=DRAWS,
        open=criteria.uncertainty.choices != Choices(),
        half_width=math.ceil(98 / math.sqrt(DRAWS)),
        version=__version__,
        data=embedded(content(result)),
        stored=embedded(stored),
        page_style=static("workbench.css"),
        scripts=[static(name) for name in SCRIPTS],
    )


def content(result: Result) -> dict:
    """What the scripts of a page read: the model with the place of each number, the file, the names."""
    criteria, names = result.criteria, countries.register()
    made = model(criteria, result.centre, result.peers.tolist(), result.as_of, result.cells.sheets)
    found, also = edits(strict_yaml.parse(criteria.text), made["parameters"])
    for parameter, edit in zip(made["parameters"], found, strict=True):
        parameter["edit"] = edit
    key = hashlib.sha256(criteria.text.encode()).hexdigest()[:12]
    return {
        "model": made,
        "names": [plain(names.name(iso3)) for iso3 in made["countries"]],
        "file": {
            "id": criteria.id,
            "as_of": result.as_of.isoformat(),
            "key": f"{key}.{result.as_of.isoformat()}",  # what a link must have been made for
            "text": criteria.text,
            **also,
        },
    }


def embedded(data: object) -> Markup:
    """Data as JSON that nothing in it can break out of."""
    return Markup(
        json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_ESCAPED)
    )
