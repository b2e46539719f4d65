"""Phrases of the audit and of the index of a run: of the catalogue, in the field's terms."""

from __future__ import annotations

from eligibility.pages.wording import NOT_DRAWN

_ENDS = "correlation {x:2} (90% interval {low:2} to {high:2})"
_OFF = "stand a tenth of the list or more from where the whole score puts them"
_WIDE = "90% range of ranks wider than a third of the list, where it is ranked, drawn over {kinds:list}."

AUDIT: dict[str, str] = {
    # ── what was found: x is its number, n the countries it rests on ──
    "audit.absent": "No dataset holds “{name}”: what rests on it cannot be judged.",
    "audit.coverage": "“{name}” is known of {x:%} of the {n:n} countries considered.",
    "audit.coverage-group": "“{name}” is known of {x:%} of the {n:n} countries of the group “{other}”.",
    "audit.coverage-pillar": "The pillar “{name}” can be made for {x:%} of the {n:n} countries.",
    "audit.thin": "{who:Among country/countries} {x:has|have} less than two thirds of the score's weight in figures.",
    "audit.thin.none": "{who:Among country/countries} {n:has|have} at least two thirds of the score's weight in figures.",
    "audit.one-sided": "{x:%} of the {n:n} countries it is judged for pass the test “{name} {needs}” of “{rule}”: it tells hardly anybody apart.",
    "audit.one-sided.open": "{x:%} of the {n:n} countries it is judged for pass the test “{name} {needs}” of “{rule}” (of {open:n} it is unknown): it tells hardly anybody apart.",
    "audit.outlier": "A few countries lie far from all others on “{name}”: skew {x:1}.",
    "audit.few": "Only {n:of country has/countries have} a figure of “{name}”: too few to say whether some lie far from all others.",
    "audit.few.none": "No country has a figure of “{name}”: too few to say whether some lie far from all others.",
    "audit.few.pillar": "Only {n:of country has/countries have} every figure of “{name}”: too few to say whether it hangs together.",
    "audit.few.pillar.none": "No country has every figure of “{name}”: too few to say whether it hangs together.",
    "audit.alpha.parts": "The pillars",
    "audit.alpha.inside": "The indicators of “{name}”",
    "audit.alpha": "{what} hang together: Cronbach's alpha {x:2}.",
    "audit.alpha.loose": "{what} hang together loosely: Cronbach's alpha {x:2}.",
    "audit.alpha.low": "{what} do not measure one thing: Cronbach's alpha {x:2}.",
    "audit.sign": "The indicators of “{name}” do not all point one way: “{other}” pulls against the rest.",
    "audit.own-negative": f"“{{name}}” works against the rest of its own pillar, “{{other}}”: {_ENDS}.",
    "audit.own-weak": f"“{{name}}” has little to do with the rest of its own pillar, “{{other}}”: {_ENDS}.",
    "audit.other-pillar": "“{name}” goes more with the pillar “{other}” ({x:2}) than with the rest of its own ({own:2}).",
    "audit.redundant": f"“{{name}}” and “{{other}}” say nearly the same of countries: {_ENDS}. Inside one pillar the one tells as much as the two.",
    "audit.redundant.apart": f"“{{name}}” and “{{other}}” say nearly the same of countries: {_ENDS}. In two pillars, what the one tells is counted twice.",
    "audit.built-from": "“{other}” is one of the figures that the publisher makes “{name}” of: what it says is counted in both, however far the two go together.",
    "audit.pillar-negative": f"The pillar “{{name}}” works against the rest of the score: {_ENDS}.",
    "audit.pillar-weak": f"The pillar “{{name}}” has little to do with the rest of the score: {_ENDS}.",
    "audit.moved": f"In “{{name}}” alone {{x:%}} of {{all:n}} countries {_OFF}.",
    "audit.moved.ranked": f"In “{{name}}” alone {{x:%}} of the {{n:n}} ranked countries, and {{every:%}} of all {{all:n}} considered, {_OFF}.",
    "audit.few-ranked": "Only {ranked:of country is/countries are} ranked, too few for correlations and effects of their own: those told here are of all {n:n} countries considered, and need not hold of the ranked.",
    "audit.sets-differ.least": "Of what weighs least in the score, the ranked and all countries considered disagree: among the {n:n} ranked it is “{name}”, among all “{other}”.",
    "audit.sets-differ.most": "Of what weighs most in the score, the ranked and all countries considered disagree: among the {n:n} ranked it is “{name}”, among all “{other}”.",
    "audit.gap": "Weights are not importance: {most}; {least}.",
    "audit.gap.even": "Importance is what the weights say: {most}; {least}.",
    "audit.gap.part": "“{name}” weighs {weight:0}% and accounts for {share:0}% of what {what} do to the score (correlation {r:2}, {unique}% of its variance told by it alone)",
    "audit.unattainable": "No weights of {what} would make importance what the weights say: “{other}” would need a weight of {weight:0} of 100.",
    "audit.copeland": "Ranked by how many others each country beats on the pillars, two at a time, the order agrees with the score: rank correlation {x:2}.",
    "audit.copeland.part": "Ranked by how many others each country beats on the pillars, two at a time, the order agrees only in part with the score: rank correlation {x:2}.",
    "audit.left-out": "The {what} on which the ranks rest most is “{name}”: without it ranks move by {x:1} places on average{kept}.",
    "audit.left-out.none": "No rank rests on any one {what}.",
    "audit.kept": " and {n:none} of {of:word} {n:stays|stay} on the shortlist",
    "audit.kept.one": " and the one country on the shortlist stays on it",
    "audit.kept.gone": " and the one country on the shortlist leaves it",
    "audit.wide": f"{{who:Among ranked country/ranked countries}} {{x:has|have}} a {_WIDE} {{x:Do not read its rank.|Do not read their ranks, only who is near the top.}}",
    "audit.wide.none": f"None of the {{n:n}} ranked countries has a {_WIDE}",
    "audit.wide.none.one": f"The one ranked country has no {_WIDE}",
    "audit.not-drawn": NOT_DRAWN,
    "audit.well": "Nothing in these figures speaks against the score",
    # ── other assumptions on measurement error ──
    "audit.assumed": "Firm: ranked countries admitted in at least {p:%} of the re-runs; not: the other ranked ones. Sure: countries on the shortlist in at least {p:%}, by measurement error alone. Range: mean width of the 90% range of ranks. Each line is {draws:n} re-runs. None of these assumptions can be settled from the figures held.",
    "audit.flat": "How often error alone lets a figure that did not move pass a test of a change, or from one standard error short of it a test of a peak:",
    # ── the shortlist and its weights ──
    "audit.edge.never": "No change of the pillars' weights brings anybody into the shortlist or out of it.",
    "audit.edge.in": "Moving {points:1} of 100 points of weight between the pillars is enough to bring {name} in{past}: the smallest change that alters the shortlist.",
    "audit.edge.out": "Moving {points:1} of 100 points of weight between the pillars is enough to take {name} out{past}: the smallest change that alters the shortlist.",
    "audit.edge.past": ", past {name}",
    "audit.edge.safe": "No change of ten points or less touches {names:list}.",
    # ── the specification curve ──
    "audit.named": "The source names {n:of country/countries} ({names:list}). Under the criteria as written, on the figures of {day:day}, {come} out as it says.",
    "audit.come.all": "all come",
    "audit.come.one": "it comes",
    "audit.come": "{n:word} {n:comes|come}",
    "audit.readings": "Of {all:n} readings of the criteria, each a step from the one written in some of its numbers, {right:n} ({p:%}) sort {n:it|all of them} so.{worst}",
    "audit.worst": " Most often it is {name} that does not, in {p:%} of the readings.",
    "audit.those": "Those {right:n} readings admit {low} to {high} countries in {lists:n} different lists{kept}.",
    "audit.those.kept": "; on average {x:1} of the {of} shortlisted as written stay",
    "audit.lot": "{others:n} other sets of {n:word} countries come out just so under the criteria as written; a rule that admitted as many of the {pool} by lot would match {odds}.",
    "audit.lot.once": "once in {n:n}",
    "audit.little": "So {n:word} matching names prove little: most readings as sensible match them too{still}.",
    "audit.little.known": "So {n:word} matching names prove little: most readings as sensible do not match, whoever chose these numbers may have known the names{still}.",
    "audit.little.still": ", and those that match still disagree about whom to admit",
    "audit.unmatched": "The criteria as written do not match the source; no number should be moved to make them.",
    # ── the index of a run ──
    "index.shown": "{finding}. Shown: pages of {n:n} of {of:n} candidates",
    "index.count": "{n:of country/countries}",
    "index.shares": "After each name: share of re-runs under measurement error in which the country is admitted.",
}
