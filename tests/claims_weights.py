"""What the audit says of weights and what they do: held against the tables of importance."""

from __future__ import annotations

from claims_audit import called, finding
from prover import Page, claim
from reading import NUMBER, is_number


@claim("audit", "weights", r"Share: of all main effects on the score; its likely range holds 90% of drawing the countries anew\. Alone: the share of the score's variance that is left once this part is known \(correlation ratio, cubic spline\)\.(?: Needed: the weight that would make the shares what the weights say(?P<log>, reckoned on the logarithms of the parts)?\.)?", tags="p")  # fmt: skip
def shares_note(page: Page, log):
    assert bool(log) <= page.truth.sound.audit.by_pillar.logged


@finding(rf"(?P<says>Weights are not importance|Importance is what the weights say): “(?P<most>.+)” weighs (?P<w1>{NUMBER})% and accounts for (?P<s1>{NUMBER})% of what (?P<what>pillars|indicators) do to the score; “(?P<least>.+)” weighs (?P<w2>{NUMBER})% and accounts for (?P<s2>{NUMBER})% of what (?:pillars|indicators) do to the score\.")  # fmt: skip
def gap(page: Page, says, most, w1, s1, what, least, w2, s2):
    t = page.truth
    assert (says[0] == "I") == (w1 == s1 and w2 == s2)
    table = (t.sound.audit.by_pillar if what == "pillars" else t.sound.audit.by_indicator).table
    ratio = table["share"] / table["weight"]
    for name, w, s, key in ((most, w1, s1, ratio.idxmax()), (least, w2, s2, ratio.idxmin())):
        assert (
            called(t, key) == name
            and is_number(w, 100 * table.at[key, "weight"])
            and is_number(s, 100 * table.at[key, "share"])
        )


@finding(
    rf"No weights of (?P<what>pillars|indicators) would make importance what the weights say: “(?P<name>.+)” would need a weight of (?P<w>{NUMBER}) of 100\."
)
def unattainable(page: Page, what, name, w):
    t = page.truth
    table = (t.sound.audit.by_pillar if what == "pillars" else t.sound.audit.by_indicator).table
    key = table["needed"].idxmin()
    assert called(t, key) == name and is_number(w, 100 * table.at[key, "needed"])
