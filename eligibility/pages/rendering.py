"""Values into the templates of reports/: everything printed is escaped, and each page knows its own style and scripts."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from eligibility.files import opened
from eligibility.pages.phrases import PHRASES
from eligibility.pages.places import PLACES
from eligibility.pages.said import Said, Writer, located
from eligibility.resources import shipped


@cache
def environment() -> Environment:
    """The templates, compiled once."""
    env = Environment(
        loader=FileSystemLoader(shipped("reports/templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    style, hash_ = static("report.css")
    env.globals |= {"style": style, "style_hash": hash_}
    env.filters |= {
        "polyline": polyline,
        "said": said,
        "words": lambda words: words if isinstance(words, str) else said(words),
        "kind": lambda block: type(block).__name__,
        "phrase": PHRASES.__getitem__,
    }
    return env


class _Marking(Writer):
    """Sets apart each number that has a path, between signs no text holds: what comes from outside is printable."""

    def facts(self, said: Said) -> dict:
        at = PLACES.get(said.phrase, {})
        return {k: located(x, at[k]) if k in at and not hasattr(x, "at") else x for k, x in said.given}

    def mark(self, value, text: str) -> str:
        at = getattr(value, "at", "")
        return f"\x01{at}\x02{text}\x03" if at else text


_MARKING = _Marking()
_MARKED = re.compile("\x01([^\x02]*)\x02([^\x03]*)\x03")


def said(sentence) -> Markup:
    """A sentence or a figure as markup: escaped, what is marked **so** bold, each number with the path it has.

    >>> from eligibility.pages.said import Figure, Located
    >>> said("**Data error:** 1 < 2")
    Markup('<b>Data error:</b> 1 &lt; 2')
    >>> said(Figure(Located(0.713, "TUN score"), 2))
    Markup('<span data-fact="TUN score">0.71</span>')
    """
    if isinstance(sentence, Said):
        text = sentence.written(_MARKING)
    else:
        text = _MARKING.mark(sentence, getattr(sentence, "text", sentence))
    parts = str(escape(text)).split("**")
    whole = "".join(f"<b>{part}</b>" if i % 2 else part for i, part in enumerate(parts))
    return Markup(_MARKED.sub(r'<span data-fact="\1">\2</span>', whole))


def polyline(points: Iterable[tuple[float, float]]) -> Markup:
    """Coordinates of ours as the `d` of a path; written here, for a template would escape each number by itself.

    >>> polyline(((0.5, 1.0), (2.0, 3.5)))
    Markup('M0.5 1.0L2.0 3.5')
    """
    return Markup("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points))  # a float and nothing else prints so


def render(template: str, **values) -> bytes:
    """One page."""
    running = next((page.running for page in values.values() if hasattr(page, "running")), None)
    foot = _foot(running.plain) if running else None  # of the workbench, which nobody prints, none
    return environment().get_template(template).render(**values, foot=foot).encode()


def _foot(text: str) -> tuple[Markup, str]:
    """The style that writes this at the foot of each sheet of paper, and the hash by which a page's policy admits it."""
    signs = "".join(f"\\{ord(sign):06x}" for sign in text)  # none of which can end the string or the element
    style = f'@page {{ @bottom-left {{ content: "{signs}"; }} }}'
    return Markup(style), digest(style)


def digest(text: str) -> str:
    """What a page's policy knows a style or script by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def static(name: str) -> tuple[Markup, str]:
    """A file of reports/static, ours and not data, and the hash by which a page's policy admits it."""
    text = opened.text(shipped("reports/static") / name)
    return Markup(text), digest(text)
