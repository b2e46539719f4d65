"""The tables of the audit, line by line: each cell against the measure of the audit that it prints."""

from __future__ import annotations

import math
from copy import copy
from dataclasses import replace

from cells_said import Line, Says, Table, num, share, word
from claims_audit import called
from prose import Piece
from prover import Page, fault
from reading import WORDS, is_number, listed
from truth import INSIDE

from eligibility.method.findings import Finding
from eligibility.method.structure import correlation
from eligibility.policy import walk

LEVELS = {"red": "✗ Red flag", "missing": "? Not held", "amber": "≈ Look at", "info": "· To know"}


SAYS = {
    "absent": "No dataset holds", "coverage": "is known of", "coverage-group": "is known of", "coverage-pillar": "can be made for",
    "thin": "two thirds of the score", "outlier": "A few countries lie far", "few": "too few to say", "alpha": "Cronbach's alpha",
    "sign": "do not all point one way", "own-negative": "works against the rest of its own", "own-weak": "has little to do with the rest of its own",
    "other-pillar": "goes more with", "redundant": "say nearly the same", "pillar-negative": "works against the rest of the score",
    "pillar-weak": "has little to do with the rest of the score", "moved": "a tenth of the list", "built-from": "one of the figures", "one-sided": "tells hardly anybody apart", "few-ranked": "too few for correlations", "sets-differ": "disagree", "gap": "accounts for", "unattainable": "No weights of",
    "left-out": " rest", "copeland": "two at a time", "wide": "90% range of ranks", "not-drawn": "Nobody states",
}  # fmt: skip


def findings(page: Page, shown: Table) -> list[Line]:
    """Each finding with its level; the sentence is proved as one of that very finding."""

    def line(found: Finding) -> Line:
        truth = copy(page.truth)
        truth.sound = replace(truth.sound, findings=(found,))
        own = replace(page, truth=truth)
        said = lambda s: SAYS[found.kind] in s and not fault(own, Piece(s, "th", "findings", shown.id))  # noqa: E731
        return {"Kind": word(LEVELS[found.level]), "Finding": said}

    return [line(found) for found in page.truth.sound.findings]


def whole(x: float) -> Says:
    """A share in whole points, which may be negative."""
    return lambda s: s[-1] == "%" and "." not in s and is_number(s[:-1], 100 * x)


def shares(page: Page, shown: Table) -> list[Line]:
    t = page.truth
    head = shown.head[0]
    made = {"Pillar": t.sound.audit.by_pillar, "Indicator": t.sound.audit.by_indicator}[head]
    return [
        {
            head: word(called(t, key)), "from none to the most": word(""), "Weight": whole(row["weight"]), "Share": whole(row["share"]),
            "Likely range": word(f"{100 * row['share_low']:.0f}–{100 * row['share_high']:.0f}%"), "Alone": num(row["effect"], 2),
            "Unique": num(row["unique"], 4 if row["unique"] < 0.01 else 2),
            "Needed": word("") if math.isnan(row["needed"]) else whole(row["needed"]),
        }
        for key, row in made.table.iterrows()
    ]  # fmt: skip


def dash(says: Says, x: float) -> Says:
    return word("–") if math.isnan(x) else says


def heat(page: Page, shown: Table) -> list[Line]:
    """Correlations with the indicators before it, with every pillar and with the score."""
    t, own, scores = page.truth, page.truth.sound.audit, page.truth.result.scores
    paths, out = [c.path for _, c in t.components], []
    for i, path in enumerate(paths):
        line = {"Indicator": word(f"{i + 1} {called(t, path)}")}
        for j, other in enumerate(paths):
            r = own.correlation.at[path, other]
            line[f"{j + 1}"] = dash(num(r, 2), r) if j < i else word("")
        for p in t.pillars:
            r = own.to_pillar.at[path, p.id]
            line[p.title] = dash(num(r, 2), r)
        r = correlation(
            scores.normalised.loc[own.base, path].to_numpy(), scores.score.loc[own.base].to_numpy()
        )[0]
        out.append({**line, "Score": dash(num(r, 2), r)})
    return out


def pillars(page: Page, shown: Table) -> list[Line]:
    t, own = page.truth, page.truth.sound.audit
    rows = [(p, own.pillar.loc[p.id]) for p in t.pillars]
    return [
        {
            "Pillar": word(p.title), "Indicators": word(f"{len(p.components)}"), "Known of": share(t.result.scores.pillar[p.id].notna().mean()),
            "Alpha": dash(num(row["alpha"], 2), row["alpha"]), "First component": dash(share(row["first"]), row["first"]),
            "With the rest": dash(num(row["rest"], 2), row["rest"]), "A tenth off": dash(share(row["moved"]), row["moved"]),
            "Of the ranked": dash(share(row["moved_ranked"]), row["moved_ranked"]),
        }
        for p, row in rows
    ]  # fmt: skip


def left_out(page: Page, shown: Table) -> list[Line]:
    """The ranking without a part; the first three columns of a part without which nobody has a score say so."""
    t, out = page.truth, []
    names = lambda codes: listed(t.name[c] for c in codes)  # noqa: E731
    for row in t.sound.audit.left_out.to_dict("records"):
        what = row["subject"] if row["kind"] == "source" else called(t, row["subject"])
        line = {"Without": word(what), "Which is": word(row["kind"])}
        if not row["scored"]:
            rest = dict.fromkeys(("Largest", "Shortlist kept", "Who comes and goes"), word(""))
            out.append({**line, "Mean shift of rank": word("no score is left"), **rest})
            continue
        kept = "" if math.isnan(row["kept"]) else f"{row['kept']:.0f} of {len(t.shortlist)}"
        assert not kept or row["kept"] == len(t.shortlist) - len(row["leaves"])
        turn = [f"{way}: {names(row[of])}" for way, of in (("in", "enters"), ("out", "leaves")) if row[of]]
        most = f"{t.name[row['most_of']]}, {row['most']:.0f}" if row["most_of"] else "nobody"
        out.append(
            {**line, "Mean shift of rank": num(row["shift"], 1), "Largest": word(most), "Shortlist kept": word(kept),
             "Who comes and goes": word("; ".join(turn))}
        )  # fmt: skip
    return out


def coverage(page: Page, shown: Table) -> list[Line]:
    """Of how many countries a figure is known, counted again."""
    t, out = page.truth, []
    groups = [g for g in t.criteria.peers if g.id in t.group.values()]
    for i in t.sound.audit.coverage.index:
        known = [c for c in t.pool if not math.isnan(t.values[i][c])]
        carried = sum(t.marks[i][c] == "carried" for c in known)
        line = {"Indicator": word(called(t, i)), "Countries": word(f"{len(known)}"), "Share": share(len(known) / len(t.pool)),
                "Carried on": word(f"{_spelled(carried)} value{'s' * (carried > 1)}" if carried else "no")}  # fmt: skip
        for g in groups:
            own = [c for c in t.pool if t.group[c] == g.id]
            line[g.title] = share(sum(c in set(known) for c in own) / len(own))
        out.append(line)
    return out


def _spelled(n: int) -> str:
    return WORDS[n] if n <= 10 else f"{n:,}"


def edge(page: Page, shown: Table) -> list[Line]:
    """The smallest changes of weights that turn the shortlist, those that need least first."""
    t, made = page.truth, page.truth.sound.stability
    rows = made.all[made.all["of"] == "pillars"].sort_values(["change", "iso3"], kind="stable")
    single = made.all[made.all["of"] == "indicators"].set_index("iso3")["change"]
    assert len(shown.lines) == min(12, len(rows))
    out = []
    for row in rows.head(12).to_dict("records"):
        c, on = row["iso3"], row["becomes"] == "out"
        assert (c in t.shortlist) == on and t.status[c] in INSIDE
        weights = ", ".join(
            f"{called(t, k)} {100 * w:.1f}" for k, w in zip(made.pillars.index, row["to"], strict=True)
        )
        out.append(
            {
                "Country": word(t.name[c]), "Shortlist": word("on it" if on else "below"), "Points moved": num(50 * row["change"], 1),
                "Then the pillars weigh": word(weights), "Passing or passed by": word(t.name.get(row["rival"], "")),
                "Points between indicators": num(50 * single[c], 1) if c in single.index else word("–"),
            }
        )  # fmt: skip
    return out


def right(page: Page, shown: Table) -> list[Line]:
    own = page.truth.sound.curve
    return [
        {
            "Names right": word(f"{k} of {len(own.names)}"),
            "Readings": word(f"{n:,}"),
            "Share": share(n / own.readings),
        }
        for k, n in reversed(list(enumerate(own.right)))
        if n
    ]


def choices(page: Page, shown: Table) -> list[Line]:
    own, out = page.truth.sound.curve, []
    none = dict.fromkeys(("from none to the most", "All match", "Admits, on average"), word(""))
    for choice, rows in own.by_option.groupby("choice", sort=False):
        out.append({"Choice and option": word(own.titles[choice]), **none})
        for i, row in enumerate(rows.to_dict("records")):
            name = word(row["option"] + (" as written" if i == 0 else ""))
            out.append(
                {
                    **none,
                    "Choice and option": name,
                    "All match": share(row["right"]),
                    "Admits, on average": num(row["admitted"], 0),
                }
            )
    return out


def assumed(page: Page, shown: Table) -> list[Line]:
    """The outcome under each assumption as the audit has it; test_measurement_error.py runs each of them again."""
    t, out = page.truth, []
    names = {"as stated": "as the criteria state", "composites": "wider intervals of averages"}
    for row in t.sound.assumptions.table.to_dict("records"):
        points = "<1" if row["most"] < 0.01 else f"{100 * row['most']:.0f}"
        moved = f"{t.name[row['moved']]} ({points} points)" if row["moved"] else ""
        name = names.get(row["kind"], f"{row['kind']} {row['value']:.2f}")
        assert row["firm"] + row["borderline"] == int(t.result.ranking.rank.notna().sum())
        out.append(
            {"Measurement error": word(name), "Firm": word(f"{row['firm']}"), "Not firm": word(f"{row['borderline']}"),
             "Sure of a place": word(f"{row['sure']}"), "Range of ranks": num(row["width"], 1), "Moves most": word(moved)}
        )  # fmt: skip
    return out


def flat(page: Page, shown: Table) -> list[Line]:
    """Each test of a fall or a change by a stated number."""
    t = page.truth
    rules = [g.rule for g in (*t.criteria.gates, *t.criteria.tracks)]
    paths = [x.path for rule in rules for x in walk.tests(rule) if x.quantity.measure != "level"]
    made = t.sound.assumptions.flat
    assert [p for p in paths if p in set(made["path"])] == list(made["path"])
    tests = {x.path: x for rule in rules for x in walk.tests(rule)}
    return [
        {"Test": lambda s, q=tests[row["path"]].quantity: s.lower() == t.called(q).lower(),
         "Passes by error alone": share(row["chance"])}
        for row in made.to_dict("records")
    ]  # fmt: skip


TABLES = {
    "assumed-table": assumed, "flat-table": flat,
    "findings-table": findings, "shares-": shares, "heat-table": heat, "pillars-table": pillars, "left-out-table": left_out,
    "coverage-table": coverage, "turns-table": edge, "right-table": right, "choices-table": choices,
}  # fmt: skip
