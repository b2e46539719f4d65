"""What the page of `eligibility audit` says beyond that of a report: other weights, other readings."""

from __future__ import annotations

from prover import Page, claim, fixed
from reading import NUMBER, SHARE, is_count, is_day, is_number, is_share, listed, some

from eligibility.method.assumptions import DRAWS

fixed("audit", "edge", "Other weights", tags="h2")
fixed("audit", "edge", "Table of other weights", tags="label")
fixed("audit", "edge", "Smallest changes of weights", tags="caption")
fixed(
    "audit",
    "edge",
    "The smallest change of weights that brings a country in or takes it out.",
    tags="finding",
)
fixed("audit", "readings", "Other readings", tags="h2")
fixed(
    "audit",
    "readings",
    "share of the readings with this option in which all names match",
    "share of all readings",
    tags="li",
)
fixed("audit", "readings", "Names right", "Choices", tags="label")
fixed(
    "audit",
    "readings",
    "Readings by how many names come out as the source says",
    "Every choice and what it could have been",
    tags="caption",
)


fixed("audit", "assumed", "Other errors", tags="h2 caption")
fixed("audit", "assumed", "Table of other errors", "Table of figures that stood still", tags="label")
fixed("audit", "assumed", "Figures that stood still", tags="caption")
fixed(
    "audit",
    "assumed",
    "What nobody can know of measurement error, and what the result would be.",
    tags="finding",
)


@claim(
    "audit",
    "assumed",
    rf"Firm: ranked countries admitted in at least 90% of the re-runs; not: the other ranked ones\. Sure: countries on the "
    rf"shortlist in at least 90%, by measurement error alone\. Range: mean width of the 90% range of ranks\. Each line is "
    rf"(?P<n>{NUMBER}) re-runs\. None of these assumptions can be settled from the figures held\.",
    tags="p",
)
def assumed(page: Page, n):
    made = page.truth.sound.assumptions.table
    assert is_number(n, DRAWS) and set(made["kind"]) >= {"as stated", "persistence", "correlation"}


@claim(
    "audit",
    "assumed",
    "How often error alone lets a figure that did not move pass a test of a change, or from one standard error short of it a test of a peak:",
    tags="p",
)
def stood_still(page: Page):
    assert len(page.truth.sound.assumptions.flat)


@claim(
    "audit",
    "edge",
    "No change of the pillars' weights brings anybody into the shortlist or out of it.",
    tags="p",
)
def never(page: Page):
    rows = page.truth.sound.stability.all
    assert rows[rows["of"] == "pillars"].empty


@claim("audit", "edge", rf"Moving (?P<points>{NUMBER}) of 100 points of weight between the pillars is enough to (?P<verb>bring|take) (?P<name>.+?) (?P<way>in|out)(?:, past (?P<rival>.+?))?: the smallest change that alters the shortlist\.", tags="p")  # fmt: skip
def smallest(page: Page, points, verb, name, way, rival):
    t = page.truth
    rows = t.sound.stability.all
    rows = rows[rows["of"] == "pillars"]
    first = rows[rows["change"] == rows["change"].min()].sort_values("iso3").iloc[0]
    assert (
        is_number(points, 50 * first["change"]) and t.name[first["iso3"]] == name and first["becomes"] == way
    )
    assert (verb == "bring") == (way == "in") and t.name.get(first["rival"], "") == (rival or "")


@claim("audit", "edge", r"No change of ten points or less touches (?P<who>.+)\.", tags="p")
def safe(page: Page, who):
    t = page.truth
    rows = t.sound.stability.all
    near = set(rows[(rows["of"] == "pillars") & (rows["change"] / 2 <= 0.1)]["iso3"])
    assert who == some([t.name[c] for c in t.shortlist if c not in near], 8)


@claim("audit", "edge", r"Points: how many of 100 points of weight move from some pillars to others, at the least; each change was put to the scorer and does what it says\. Between indicators: the least that must move between indicators, in any way where one kind of mean rules the whole score, else from one indicator to one other\.", tags="p")  # fmt: skip
def turns_note(page: Page):
    assert (page.truth.sound.stability.all["change"] >= 0).all()


@claim("audit", "readings", r"The source names (?P<n>\S+) (?P<noun>country|countries) \((?P<names>.+)\)\. Under the criteria as written, on the figures of (?P<day>\d+ \w+ \d{4}), (?P<come>all come|it comes|\S+ comes?) out as it says\.", tags="p")  # fmt: skip
def named(page: Page, n, noun, names, day, come):
    from eligibility.data import countries

    curve = page.truth.sound.curve
    register, size = countries.register(), len(curve.names)
    assert is_count(n, size) and (noun == "country") == (size == 1) and is_day(day, curve.as_of)
    assert names == listed(register.name(x.country) for x in curve.names)
    if come in ("all come", "it comes"):
        assert curve.written == size and (come == "it comes") == (size == 1)
    else:
        assert is_count(come.split()[0], curve.written) and curve.written < size


@claim("audit", "readings", rf"Of (?P<all>[\d,]+) readings of the criteria, each a step from the one written in some of its numbers, (?P<right>[\d,]+) \((?P<share>{SHARE})\) sort (?:all of them|it) so\.(?: Most often it is (?P<worst>.+) that does not, in (?P<lost>{SHARE}) of the readings\.)?", tags="p")  # fmt: skip
def readings(page: Page, all, right, share, worst, lost):
    curve = page.truth.sound.curve
    good = curve.right[-1]
    assert (
        is_number(all, sum(curve.right))
        and is_number(right, good)
        and is_share(share, good / sum(curve.right))
    )
    if worst:
        from eligibility.data import countries

        register = countries.register()
        key = curve.by_name.idxmin()
        assert register.name(key) == worst and is_share(lost, 1 - curve.by_name.min())
    else:
        assert good == sum(curve.right)


@claim("audit", "readings", rf"Those (?P<right>[\d,]+) readings admit (?P<low>\d+) to (?P<high>\d+) countries in (?P<lists>[\d,]+) different lists(?:; on average (?P<kept>{NUMBER}) of the (?P<size>\d+) shortlisted as written stay)?\.", tags="p")  # fmt: skip
def those(page: Page, right, low, high, lists, kept, size):
    curve = page.truth.sound.curve
    assert is_number(right, curve.right[-1]) and (int(low), int(high)) == (
        curve.admitted[1],
        curve.admitted[3],
    )
    assert is_number(lists, curve.patterns) and (
        not kept or (is_number(kept, curve.kept) and int(size) == min(curve.shortlist, curve.admitted[0]))
    )


@claim("audit", "readings", rf"(?P<others>[\d,]+) other sets of (?P<n>\S+) countries come out just so under the criteria as written; a rule that admitted as many of the (?P<pool>[\d,]+) by lot would match (?:once in (?P<once>[\d,]+)|(?P<p>{SHARE}))\.", tags="p")  # fmt: skip
def by_lot(page: Page, others, n, pool, once, p):
    curve = page.truth.sound.curve
    assert is_number(others, curve.others) and is_count(n, len(curve.names)) and is_number(pool, curve.pool)
    assert is_number(once, 1 / curve.chance) if once else is_share(p, curve.chance)


@claim("audit", "readings", r"So (?P<n>\S+) matching names prove little: most readings as sensible (?:(?P<no>do not match, whoever chose these numbers may have known the names)|match them too)(?P<still>, and those that match still disagree about whom to admit)?\.", r"The criteria as written do not match the source; no number should be moved to make them\.(?P<n>)(?P<no>)(?P<still>)", tags="finding")  # fmt: skip
def prove_little(page: Page, n, no, still):
    curve = page.truth.sound.curve
    size = len(curve.names)
    if not n:
        assert curve.written < size
    else:
        assert (
            is_count(n, size)
            and curve.written == size
            and bool(no) == (curve.share < 0.5)
            and bool(still) == (curve.patterns > 1)
        )


@claim(
    "audit",
    "readings",
    rf"(?P<option>.+): all names match in (?P<share>{SHARE}) of the readings with it\.",
    tags="title",
)
def option(page: Page, option, share, piece):
    choice, place = (int(k) - 1 for k in piece.within.removeprefix("option-").split("-"))
    own = page.truth.sound.curve.by_option
    row = own[own["choice"] == own["choice"].unique()[choice]].iloc[place]
    assert row["option"] == option and is_share(share, row["right"])
