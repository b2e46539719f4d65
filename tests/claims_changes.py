"""What a country's page says would change its answer: the smallest changes of one figure, and of one threshold."""

from __future__ import annotations

import math
import re

from prover import Page, claim, fixed
from reading import COUNT, NUMBER, SHARE, count, is_count, is_number, is_share, is_signed, listed, value
from truth import INSIDE, PASSED, SHARES, Truth
from verdicts import HOLDS, lapsed, rescues

from eligibility.policy import Test


def losing(t: Truth, iso3: str) -> list[dict]:
    """The changes of one figure that would exclude a country: of a gate, or of the one track that it fits."""
    fits = t.tracks(iso3, *PASSED)
    ids = {g.id for g in t.criteria.gates} | {x.id for x in fits if len(fits) == 1}
    return [r for r in t.flips.get(iso3, []) if r["gate"] in ids and r["becomes"] == "fail"]


def _close(rows: list[dict]) -> int:
    """How many different figures, moved one way, would do within one standard error."""
    return len({(r["indicator"], r["change"] > 0) for r in rows if r["in_sd"] <= 1})


@claim("country", "changes", r"(?P<n>\S+) (?P<verb>changes?) of a single figure within one standard error would (?P<each>each )?exclude (?P<name>.+)", tags="finding")  # fmt: skip
def would_exclude(page: Page, n, verb, each, name):
    t, c = page.truth, page.iso3
    close = _close(losing(t, c))
    assert t.status[c] in INSIDE and name == t.name[c] and losing(t, c)
    assert is_count(n, close) and (verb == "changes") == (close > 1) == bool(each)


@claim(
    "country",
    "changes",
    r"No change of a single figure would (?P<way>exclude|admit) (?P<name>.+)",
    tags="finding",
)
def no_change(page: Page, way, name):
    t, c = page.truth, page.iso3
    assert name == t.name[c] and (way == "exclude") == (t.status[c] in INSIDE)
    assert not (losing(t, c) if way == "exclude" else rescues(t, c))


@claim("country", "changes", r"(?P<n>\S+) changes of a single figure would each admit (?P<name>.+), (?P<near>\S+) within one standard error", tags="finding")  # fmt: skip
def would_admit(page: Page, n, name, near):
    t, c = page.truth, page.iso3
    rows = rescues(t, c)
    close = sum(r["in_sd"] <= 1 for r in rows)
    assert t.status[c] == "excluded" and name == t.name[c] and is_count(n, len(rows)) and len(rows) > 1
    assert (
        close == len(rows) == 2 if near == "both" else is_count(near, close) and not close == len(rows) == 2
    )


@claim("country", "changes", r"One change would admit (?P<name>.+), (?P<far>within one standard error|more than one standard error away|of a figure without a stated error)", tags="finding")  # fmt: skip
def one_change(page: Page, name, far):
    t, c = page.truth, page.iso3
    (row,) = rescues(t, c)
    assert name == t.name[c] and t.status[c] == "excluded"
    if math.isnan(row["in_sd"]):
        assert "without" in far
    else:
        assert (row["in_sd"] <= 1) == (far == "within one standard error") and "without" not in far


def _obstacles(t: Truth, iso3: str) -> list[str]:
    failed = [f"“{g.title}”" for g in t.gates(iso3, "fail")]
    if t.trackless(iso3):
        return [*failed, "the want of a track"]
    return [*failed, "the want of an ideal track"] if t.kindless(iso3) else failed


@claim(
    "country",
    "changes",
    r"No single change would admit (?P<name>.+): (?P<n>\S+) things stand in the way",
    tags="finding",
)
def blocked(page: Page, name, n):
    t, c = page.truth, page.iso3
    assert (
        name == t.name[c]
        and t.status[c] == "excluded"
        and is_count(n, len(_obstacles(t, c)))
        and len(_obstacles(t, c)) > 1
    )


@claim("country", "changes", r"They are (?P<what>.+?)\.(?P<gains> The nearest change for each that a single figure could mend:)?", tags="p")  # fmt: skip
def they_are(page: Page, what, gains):
    t, c = page.truth, page.iso3
    assert what == listed(_obstacles(t, c))
    ids = {g.id for g in t.gates(c, "fail")} | {x.id for x in t.criteria.tracks if t.trackless(c)}
    assert bool(gains) == any(r["gate"] in ids and r["becomes"] in PASSED for r in t.flips.get(c, []))


@claim(
    "country",
    "changes",
    r"What stands in the way is (?:the gate )?(?P<what>“[^”]+”|the want of an? (?:ideal )?track)\.",
    tags="p",
)
def in_the_way(page: Page, what):
    assert [what] == _obstacles(page.truth, page.iso3)


@claim("country", "changes", rf"Yet it (?P<verb>falls out|is admitted) in (?P<share>{SHARE}) of re-runs: there several figures, or those of earlier years, move together\.", tags="p")  # fmt: skip
def yet(page: Page, verb, share):
    t, c = page.truth, page.iso3
    admitted = t.status[c] in INSIDE
    assert (verb == "falls out") == admitted and is_share(share, 1 - t.p[c] if admitted else t.p[c])
    assert not any(r["in_sd"] <= 1 for r in (losing(t, c) if admitted else rescues(t, c)))


@claim("country", "changes", "(?P<what>More figures|A threshold in force) would settle it", tags="finding")
def more_figures(page: Page, what):
    t, c = page.truth, page.iso3
    assert t.status[c] == "insufficient-data"
    open_ = t.gates(c, "unknown")
    assert (what == "A threshold in force") == (bool(open_) and all(lapsed(t, g) for g in open_))


@claim(
    "country",
    "changes",
    r"“(?P<title>[^”]+)” (?:needs figures on (?P<gaps>.+)|cannot be judged on the figures held)\.",
    tags="li",
)
def needs_figures(page: Page, title, gaps):
    t, c = page.truth, page.iso3
    gate = t.titled(title)
    assert t.word(c, gate) == "unknown"
    blind = [x for x in _blind(t, c, gate.rule) if isinstance(x, Test)]
    lacking = {t.called(x.quantity).lower() for x in blind if math.isnan(t.measured[c].get(x.path, math.nan))}
    shown, rest = 0, (gaps or "").lower()
    for name in sorted(lacking, key=len, reverse=True):
        shown, rest = shown + (name in rest), rest.replace(name, "", 1)
    found = re.fullmatch(rf"(?:, )*(?: and )?(?:(?P<more>{COUNT}) more)?", rest)
    assert not gaps or (found and shown + count(found["more"] or "none") == len(lacking))


def _blind(t: Truth, iso3: str, node) -> list:
    """The tests that leave a node unknown: they are unknown, and so is every group around them."""
    if t.node[iso3].get(node.path, "unknown") != "unknown":
        return []
    return [x for b in node.of for x in _blind(t, iso3, b)] if hasattr(node, "of") else [node]


fixed("country", "changes", "The nearest change for each gate or track whose loss alone would exclude it:",
      "The same figures under another rule, one threshold moved at a time:", tags="p")  # fmt: skip


@claim("country", "changes gates tracks", rf"(?P<name>[^“”]+?)(?:: (?:at (?P<to>{NUMBER}) or (?P<side>more|less)|(?P<past>above|below) (?P<mark>{NUMBER})) instead of (?P<now>{NUMBER}) \((?P<change>[+−]?{NUMBER})(?:, (?P<sd>{NUMBER}) standard errors)?(?P<worse>; that is, worse)?\)|: with “(?P<into>[^”]+)” instead of “(?P<was>[^”]+)”| stands at its limit \((?P<limit>{NUMBER})\): with any (?P<way>higher|lower) value) the (?P<kind>gate|track) “(?P<title>[^”]+)” (?P<becomes>would [a-z ]+)\.", tags="li")  # fmt: skip
def flip(
    page: Page,
    name,
    to,
    side,
    past,
    mark,
    now,
    change,
    sd,
    worse,
    into,
    was,
    limit,
    way,
    kind,
    title,
    becomes,
):
    t, c = page.truth, page.iso3
    gate = t.titled(title)
    word = {"would pass": "pass", "would pass on condition": "conditional", "would fail": "fail"}[becomes]
    (row,) = [
        r
        for r in t.flips[c]
        if r["gate"] == gate.id and t.sheets[r["indicator"]].label == name and r["becomes"] == word
    ]
    assert (kind == "gate") == (gate in t.criteria.gates) and row["now"] == t.values[row["indicator"]][c]
    if into:
        assert (into, was) == tuple(t.class_of(row["indicator"], row[k]) for k in ("needed", "now"))
        assert into != was
        return
    if limit:
        assert is_number(limit, row["now"]) and is_number(limit, row["needed"])
        assert row["needed"] != row["now"] and (way == "higher") == (row["needed"] > row["now"])
        return
    assert is_number(now, row["now"]) and _reaches(
        t, row, to or mark, past, side in ("more", None) and past != "below"
    )
    # to a limit that is printed the way is that to it, from which what is needed may lie a hair
    assert is_signed(change, value(mark) - row["now"] if past else row["needed"] - row["now"])
    assert bool(sd) == (not math.isnan(row["in_sd"])) and (
        not sd or is_number(sd, abs(row["change"]) / t.sds[row["indicator"]][c])
    )
    better = (row["change"] > 0) == t.high_is_better(row["indicator"])
    assert bool(worse) == (word != "fail" and not better)


@claim("country", "changes", rf"With (?:a threshold (?P<side>at or below|at or above|below|above) (?P<to>{NUMBER}%?|“[^”]+”) instead of|any (?P<move>lower|higher) threshold than) (?P<now>{NUMBER}%?|“[^”]+”) for (?P<what>[^“”]+) the (?P<kind>gate|track) “(?P<title>[^”]+)” (?P<becomes>would [a-z ]+)\.", tags="li")  # fmt: skip
def other_rule(page: Page, side, to, move, now, what, kind, title, becomes):
    t, c = page.truth, page.iso3
    gate = t.titled(title)
    assert (kind == "gate") == (gate in t.criteria.gates)
    assert any(_turns(t, c, gate, x, side, to, move, now, what, becomes) for x in t.tests(gate))


def _reaches(t: Truth, row: dict, text: str, past: str | None, up: bool) -> bool:
    """Whether the figure printed is the least change that turns the gate: no less, and no more than its last digit."""
    sheet, printed = t.sheets[row["indicator"]], value(text)
    beyond = printed - row["needed"] if up else row["needed"] - printed
    moved = (printed > row["now"]) == up or past is not None
    if up != (row["needed"] > row["now"]) or not moved:
        return False
    if past:  # the limit itself does not do: what does lies a hair beyond it
        return -3e-6 * (sheet.hi - sheet.lo) <= beyond < 0
    return -1e-6 <= beyond < 10.0 ** -len(text.partition(".")[2])


def _turns(t: Truth, c: str, gate, test: Test, side, to, move, now, what, becomes) -> bool:
    """Whether the test asks for `now`, and with the threshold named it, and then the gate, would turn."""
    name = t.called(test.quantity)
    x, need = t.measured[c].get(test.path, math.nan), t.needs[c].get(test.path, math.nan)
    if what.lower() != name.lower() or test.operator == "in" or math.isnan(x + need):
        return False
    sheet, level = t.sheets[test.quantity.indicator], test.quantity.measure == "level"
    if not t.is_value(now.strip("“”"), test.quantity, need):
        return False
    part = test.quantity.measure in SHARES
    if part:
        to = to and to[:-1]
        x, need, now = 100 * x, 100 * need, now[:-1]
    lower = move == "lower" or "below" in (side or "")
    if move or (sheet.classes and level):
        other = x - 1e-9 if lower else x + 1e-9
        if not move and (not t.is_value(to.strip("“”"), test.quantity, x) or to == now):
            return False
    else:
        printed = value(to)
        fine = 10.0 ** -len(to.partition(".")[2])
        if abs(printed - x) > fine + 1e-9 or to == now or (printed < need) != lower:
            return False
        other = printed + (0 if side.startswith("at") else -1e-9 if lower else 1e-9)
    before, after = (bool(HOLDS[test.operator](x, y)) for y in (need, other))
    if before == after:
        return False
    turned = {test.path: ("conditional" if test.grants == "conditional" else "pass") if after else "fail"}
    return (
        t.verdict(c, gate.rule, turned)
        == {"would pass": "pass", "would pass on condition": "conditional", "would fail": "fail"}[becomes]
    )


# Who is qualified, who is on hold --------------------------------------------------------------------------


@claim(
    "country",
    "changes",
    r"It is qualified; to be eligible (?P<name>.+) would have to be of an ideal kind",
    tags="finding label",
)
def apart(page: Page, name):
    t = page.truth
    assert t.status[page.iso3] == "qualified" and name == t.name[page.iso3]


def _to_ideal(t: Truth, c: str) -> list:
    ideal = {x.id for x in t.criteria.tracks if x.ideal}
    return [r for r in t.flips.get(c, []) if r["gate"] in ideal and r["becomes"] in ("pass", "conditional")]


@claim("country", "changes", r"(?P<none>No change of a single figure would do that\.)|The nearest change of a single figure for each kind that one could bring:", tags="p")  # fmt: skip
def to_ideal(page: Page, none):
    assert page.truth.status[page.iso3] == "qualified" and bool(none) != bool(
        _to_ideal(page.truth, page.iso3)
    )


@claim("country", "changes", "No change of a figure ends a hold", tags="finding label")
def hold_stays(page: Page):
    assert page.truth.status[page.iso3] == "on-hold"


@claim(
    "country", "changes", r"It ends with time(?P<figures> and with the figures of later years)?\.", tags="p"
)
def hold_ends(page: Page, figures):
    rule = page.truth.criteria.hold
    assert page.truth.status[page.iso3] == "on-hold" and bool(figures) == rule.figures
