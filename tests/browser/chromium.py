"""A real browser for tests: how it is started, and axe-core to look for accessibility faults."""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENT = 120_000  # milliseconds: a machine may be busy, and no test may depend on its speed
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]


def axe_path() -> Path | None:
    """Where axe-core lies: $AXE_PATH, node_modules here, or inside axe-playwright-python."""
    found = [Path(p) for p in (os.environ.get("AXE_PATH"),) if p]
    found.append(Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js")
    if (spec := find_spec("axe_playwright_python")) and spec.origin:
        found += sorted(Path(spec.origin).parent.glob("**/axe.min.js"))
    return next((p for p in found if p.is_file()), None)


@cache
def axe() -> str:
    """axe-core's source, empty where this machine has none."""
    path = axe_path()
    return path.read_text(encoding="utf-8") if path else ""


def faults(page) -> list:
    """The accessibility faults of an open page; its context must have been made with bypass_csp."""
    page.evaluate(axe())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)[
        "violations"
    ]
    return [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found]
