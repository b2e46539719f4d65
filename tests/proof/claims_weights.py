"""What the audit says of weights and what they do: held against the tables of importance."""

from __future__ import annotations

import re

from claims_audit import called, finding
from prover import Page, claim
from reading import NUMBER, is_number

from eligibility.pages.glossary import explained


@claim("audit", "weights", re.escape(explained("Share", "Alone", "Unique")) + rf"(?P<needed> {re.escape(explained('Needed'))})?(?P<log> Needed is reckoned on the logarithms of the parts\.)?", tags="p")  # fmt: skip
def shares_note(page: Page, needed, log):
    made = page.truth.sound.audit.by_pillar
    assert bool(needed) == bool(made.table["needed"].notna().all()) and bool(log) == (
        bool(needed) and made.logged
    )


TOLD = rf"\(correlation (?P<r{{k}}>{NUMBER}), (?P<u{{k}}>{NUMBER})% of its variance told by it alone\)"


@finding(rf"(?P<says>Weights are not importance|Importance is what the weights say): “(?P<most>.+)” weighs (?P<w1>{NUMBER})% and accounts for (?P<s1>{NUMBER})% of what (?P<what>pillars|indicators) do to the score {TOLD.format(k=1)}; “(?P<least>.+)” weighs (?P<w2>{NUMBER})% and accounts for (?P<s2>{NUMBER})% of what (?:pillars|indicators) do to the score {TOLD.format(k=2)}\.")  # fmt: skip
def gap(page: Page, says, most, w1, s1, what, least, w2, s2, r1, u1, r2, u2):
    t = page.truth
    assert (says[0] == "I") == (w1 == s1 and w2 == s2)
    table = (t.sound.audit.by_pillar if what == "pillars" else t.sound.audit.by_indicator).table
    ratio = table["share"] / table["weight"]
    for name, w, s, key, r, u in (
        (most, w1, s1, ratio.idxmax(), r1, u1), (least, w2, s2, ratio.idxmin(), r2, u2),
    ):  # fmt: skip
        assert (
            called(t, key) == name
            and is_number(w, 100 * table.at[key, "weight"])
            and is_number(s, 100 * table.at[key, "share"])
            and is_number(r, table.at[key, "correlation"])
            and is_number(u, 100 * table.at[key, "unique"])
        )


@finding(
    rf"No weights of (?P<what>pillars|indicators) would make importance what the weights say: “(?P<name>.+)” would need a weight of (?P<w>{NUMBER}) of 100\."
)
def unattainable(page: Page, what, name, w):
    t = page.truth
    table = (t.sound.audit.by_pillar if what == "pillars" else t.sound.audit.by_indicator).table
    key = table["needed"].idxmin()
    assert called(t, key) == name and is_number(w, 100 * table.at[key, "needed"])
