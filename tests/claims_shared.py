"""What several kinds of page say: how to get the page again, the links between pages."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date

from prover import Page, claim, fixed
from reading import COUNT, SHARE, is_among, is_count, is_day, is_share

from eligibility import __version__, report, run, walk

EVERY = "country briefing audit index"
fixed(EVERY, "reproduce", "To get this page again", tags="h2")
fixed(EVERY, "reproduce", "Command", "Run", "Engine", "Criteria", tags="dt")
fixed(EVERY, "-", "On this page", tags="label")
fixed("country", "-", "Gates", "Tracks", "Against peers", "Score", "Direction of travel", "How firm", "What would change it",
      "Neighbours", "Beyond the score", "Data and sources", "Board briefing", tags="li")  # fmt: skip
fixed("country", "changes", "What would change the answer", tags="h2")
fixed("briefing", "-", "Shortlist", "Map", "On condition", "Near misses", "What it rests on", "Decisions", "Cautions", "All candidates",
      "All countries", "Criteria", "Data", "Method", "Words", "Highest scores", "Who passes", tags="li")  # fmt: skip
fixed("audit", "-", "Findings", "Weights and importance", "What goes together", "Without one part", "Other errors", "Other weights", "Other readings",
      "Coverage", tags="li")  # fmt: skip


@claim(
    EVERY,
    "reproduce",
    r"(?P<run>[0-9a-f]{12}) \(names criteria, figures with their sheets, registers, options and engine together; manifest\.json lists the checksums\)",
    tags="dd",
)
def run_id(page: Page, run):
    assert run == report.run_id(page.truth.result)  # a checksum has no second way


@claim(
    EVERY,
    "reproduce",
    r"eligibility (?P<version>[\w.+]+)(?:; seed (?P<seed>\d+); (?P<draws>[\d,]+) re-runs)?",
    tags="dd",
)
def engine(page: Page, version, seed, draws):
    own = page.truth.criteria.uncertainty
    assert version == __version__ and bool(seed) == page.truth.drawn
    assert not seed or (int(seed) == own.seed and draws == f"{own.draws:,}")


@claim(EVERY, "reproduce", r"(?P<id>\S+) (?P<version>\S+), sha256 (?P<sha>[0-9a-f]{64})", tags="dd")
def criteria(page: Page, id, version, sha):
    own = page.truth.criteria
    assert (id, version, sha) == (own.id, own.version, own.sha256)


@claim(EVERY, "reproduce", r"sha256 (?P<sha>[0-9a-f]{64})", tags="dd")
def figures(page: Page, sha):
    assert sha in {s["sha256"] for s in page.truth.result.provenance["sources"]}


@claim(EVERY, "reproduce", r"Figures (?P<id>.+), released (?P<day>\S+)", tags="dt")
def figures_of(page: Page, id, day):
    assert (id, day) in {(s.id, s.released.isoformat()) for s in page.truth.result.panel.sources}


@claim(EVERY, "reproduce", r"eligibility (?P<verb>report|audit) (?P<id>\S+) --as-of (?P<day>\S+)(?P<more>(?: --set \S+)*(?P<releases>(?: --as-known)?(?: --vintage \S+)*)(?: --overrides overrides\.yaml)?(?: --since (?P<since>\S+))?(?P<also>(?: --also \S+)*)(?: --page audit\.html)?)", tags="dd")  # fmt: skip
@claim("audit", "findings", r"The smallest changes of weights that alter the shortlist and, where other readings of the criteria are written, how many of them match are on the page that this command writes: eligibility (?P<verb>audit) (?P<id>\S+) --as-of (?P<day>\S+)(?P<more>(?: --set \S+)*(?P<releases>(?: --as-known)?(?: --vintage \S+)*)) --page audit\.html", tags="p")  # fmt: skip
def command(page: Page, verb, id, day, more, releases, since=None, also=None):
    own, last, read = page.truth.criteria, page.truth.last, page.truth.result.provenance["reading"]
    pins = [x for pin in read["vintages"] for x in ("--vintage", pin)]
    assert releases.split() == (["--as-known"] if read["as_known"] else []) + pins
    more = more.replace(releases, "") if releases else more
    assert (since or "") == (last.word if last else "")
    assert id == own.id and day == page.truth.result.as_of.isoformat()
    asked = [f"also/{n}-{other.criteria.id}.yaml" for n, other in enumerate(page.truth.others, 1)]
    assert verb == "audit" or (also or "").split() == [x for path in asked for x in ("--also", path)]
    assert [x for x in more.split() if "=" in x] == list(own.settings)


@claim("country briefing", "- shortlist", r"Revised data: (?P<which>.+? sources?) (?P<verb>was|were) published after (?P<day>\d+ \w+ \d{4})\. (?P<whose>Its|Their) figures for the years known by then are used as revised since; the table of sources says which\.", tags="p")  # fmt: skip
def revised(page: Page, which, verb, day, whose):
    t = page.truth
    late = [s for s in t.result.panel.sources if s.released > t.result.as_of and not s.dated]
    assert len(late) == len(t.result.cells.revised) and is_day(day, t.result.as_of)
    assert is_among(which, len(late), len(t.result.panel.sources), "source")
    assert (verb == "was") == (len(late) == 1) == (whose == "Its")


@claim("country briefing", "- shortlist", r"Figures read: (?P<years>.+); (?:behind their publisher: (?P<behind>.+)|none that decides is behind its publisher)\.", tags="p")  # fmt: skip
def figures_read(page: Page, years, behind):
    result, own = page.truth.result, page.truth.criteria
    newest, late = {}, {}
    deciding = ("pool", "peers", "gate", "track", *(("score",) if own.index else ()))
    for use in walk.quantities(own):
        series = use.quantity.indicator
        source = result.panel.held.get(series)
        if source is None or source.dated or use.role in ("axis", "helper"):
            continue
        called = source.called or re.split(r",| \(", source.publisher)[0]
        known = [year for year in result.cells.year[series] if not math.isnan(year)]
        if known:
            newest.setdefault(called, set()).add(int(max(known)))
        frame = result.panel.values[series].dropna(how="all")
        if use.role in deciding and len(frame):
            last, sheet = int(frame.index[-1]), result.panel.sheets[series]
            due = sheet.known_from(last + sheet.every)
            if due <= result.as_of:
                late[called, last] = min(due, late.get((called, last), due))
    told = [
        re.fullmatch(r"(.+?) (\d{4}(?:, \d{4})*(?: and \d{4})?)", x) for x in re.split(r", (?=\D)", years)
    ]
    assert {x[1]: [int(y) for y in re.findall(r"\d{4}", x[2])] for x in told} == {
        called: sorted(of, reverse=True) for called, of in newest.items()
    }
    said = re.findall(r"(?:^|, )(.+?) \(held to (\d{4}), the next out by (\d+ \w+ \d{4})\)", behind or "")
    assert len(said) == len(late)
    for (called, last, day), (key, due) in zip(said, sorted(late.items()), strict=True):
        assert (called, int(last)) == key and is_day(day, due)


@claim("country briefing", "- shortlist", r"(?P<newer>\S+) is newer and does not cover what is asked of it here, so (?P<answers>\S+) answers for (?P<what>.+)\.", tags="p")  # fmt: skip
def not_covered(page: Page, newer, answers, what):
    t = page.truth
    for told in what.split("; "):
        label, has, of, year = re.fullmatch(r"(.+) \((\d+) of (\d+) countries in (\d{4})\)", told).groups()
        [series] = [s for s, sheet in t.sheets.items() if sheet.label.lower() == label.lower()]
        by_id = {v.source.id: v for v in t.result.panel.vintages[series]}
        assert (
            t.result.panel.held[series].id == answers
            and by_id[newer].source.released > by_id[answers].source.released
        )
        pool = t.pool if series not in walk.indicators(t.criteria, "pool") else by_id[answers].values.columns
        had, have = (
            {c for c in pool if not math.isnan(by_id[id_].values.get(c, {}).get(int(year), math.nan))}
            for id_ in (answers, newer)
        )
        assert (int(has), int(of)) == (len(had & have), len(had)) and int(has) < 0.95 * int(of)


WOULD_BE = {
    "insufficient-data": "unknown because data are not held",
    "not considered": "not given: it is not considered",
}


@claim("country", "-", r"With figures for later years that are held here, this verdict would be (?P<word>.+)\.", tags="p")  # fmt: skip
def turned(page: Page, word):
    other = later(page)[page.iso3]
    assert other != page.truth.status[page.iso3] and word == WOULD_BE.get(other, other)


@claim("briefing", "shortlist", r"With figures for later years that are held here, (?P<n>\d+) verdicts? would differ: (?P<who>.+)\.", tags="p")  # fmt: skip
def turned_all(page: Page, n, who):
    t, other = page.truth, later(page)
    differ = {t.name[c]: (t.status[c], other[c]) for c in t.pool if other[c] != t.status[c]}
    said = {
        name: (was, then) for name, was, then in re.findall(r"(?:^|, )(.+?) \((\S+), would be ([^)]+)\)", who)
    }
    assert int(n) == len(differ) and len(said) == min(len(differ), 8)
    assert all(differ[name] == pair for name, pair in said.items())


def later(page: Page) -> dict[str, str]:
    """iso3 -> its status where every figure held is taken for published, judged here."""
    t = page.truth

    def judged(truth):
        panel, own = truth.result.panel, truth.criteria
        out = lambda sheet: replace(sheet, published_on=dict.fromkeys(range(1900, 2100), date.min))  # noqa: E731
        known = replace(
            panel,
            sheets={s: out(sheet) for s, sheet in panel.sheets.items()},
            vintages={
                s: tuple(replace(v, sheet=out(v.sheet)) for v in of) for s, of in panel.vintages.items()
            },
        )
        policy = replace(own, uncertainty=replace(own.uncertainty, draws=0))
        return run.judge(policy, known, truth.result.as_of).screening.status

    status = t.once("later", judged)
    return {c: status.get(c, "not considered") for c in t.pool}


@claim("country", "recorded", r"Recorded by the board: (?P<what>.+)", tags="h2")
@claim("briefing", "shortlist candidates", r"Recorded by the board: (?P<what>.+)", tags="small")
def recorded(page: Page, what):
    entries = page.truth.result.overrides
    own = [entries[page.iso3]] if page.iso3 else entries.values()
    assert any(what.lower() == e.decision.lower() for e in own)


@claim(
    "country", "recorded", r"Signed (?P<name>.+), (?P<day>\d+ \w+ \d{4})\. Source: (?P<source>\S+)", tags="p"
)
def signed(page: Page, name, day, source):
    e = page.truth.result.overrides[page.iso3]
    assert (name, source) == (e.name, e.source) and is_day(
        day, type(page.truth.result.as_of).fromisoformat(e.date)
    )


@claim("country", "recorded", r"(?P<reason>.+)", tags="p")
def why(page: Page, reason):
    assert reason == page.truth.result.overrides[page.iso3].reason


fixed("country", "recorded", "A decision of people, shown beside the verdict of the criteria above and not in it: status, score and rank are what the figures give.", tags="p")  # fmt: skip

# The index page -------------------------------------------------------------------------------------------

fixed("index", "files", "Files", tags="h2")
fixed("index", "countries", "Countries by status", tags="h2")


@claim(
    "index",
    "files",
    r"(?P<title>[^:]+): (?P<what>.+) \((?P<file>[a-z0-9.]+|also/\d+-[a-z0-9-]+\.yaml)\)",
    tags="li",
)
def file(page: Page, title, what, file):
    from eligibility.pages.contents import FILES, OTHER  # tables of names and words, nothing worked out

    assert (OTHER if file.startswith("also/") else FILES[file]) == (title, what)


@claim("index", "-", r"(?P<title>.+?)(?P<rest>: contents)?", tags="h1 title")
def index_title(page: Page, title, rest):
    assert title == page.truth.criteria.title


@claim(
    "index", "countries", rf"(?P<mark>\S [A-Z][a-z ]+?) (?P<n>{COUNT}) (?P<noun>country|countries)", tags="h3"
)
def status_count(page: Page, mark, n, noun):
    from verdicts import WORDS

    t = page.truth
    statuses = [s for s, w in WORDS.items() if w == mark] or (
        ["eligible"] if t.criteria.index and mark == "✓ Ranked" else []
    )
    many = len(t.having(*statuses))
    assert is_count(n, many) and (noun == "country") == (many == 1)


@claim(
    "index",
    "countries",
    "After each name: share of re-runs under measurement error in which the country is admitted.",
    tags="p",
)
def shares(page: Page):
    assert page.truth.result.firmness.p_eligible.notna().any() and not page.truth.criteria.index


@claim("index", "countries", rf"(?P<name>.+?)(?: (?P<share>{SHARE}))?$", tags="li")
def one(page: Page, name, share, piece):
    t = page.truth
    p = t.p[t.iso3[name]]
    assert t.status[t.iso3[name]] == piece.within
    assert is_share(share, p) if share else math.isnan(p) or t.criteria.index


# What stands around the folded account of a country, which is proved sentence by sentence below.
fixed("country", "", "Details", tags="h2")
fixed("country", "", "Open them before you print; closed, they stay off paper.", tags="p")
fixed("country", "", "The whole account: every test, source and figure", tags="summary")
