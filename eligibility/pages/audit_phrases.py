"""Phrases of the audit and of the index of a run: of the catalogue, in the field's terms."""

from __future__ import annotations

AUDIT: dict[str, str] = {
    # ── the index of a run ──
    "index.shown": "{finding}. Shown: pages of {n:n} of {of:n} candidates",
    "index.count": "{n:of country/countries}",
    "index.shares": "After each name: share of re-runs under measurement error in which the country is admitted.",
}
