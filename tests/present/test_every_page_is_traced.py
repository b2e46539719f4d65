"""Every kind of page: each number can be asked for and is what `explain` says of it, or claims nothing and is listed here with a reason."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from pydantic import TypeAdapter
from test_review_page import MORE, REGISTER
from test_tracing import MANY, VOID, Marked, agrees, lacking

from eligibility import review_contract
from eligibility.analysis import soundness
from eligibility.analysis.compare.since import year_before
from eligibility.analysis.reviews import replay, whole
from eligibility.cli.commands import explain as explain_command
from eligibility.errors import UsageError
from eligibility.method import run
from eligibility.pages import auditing, contents, dossier, replaying, reviewing
from eligibility.pages.facts import Facts
from eligibility.pilots import precedents
from eligibility.present import audited, explain, piloted, report, reviewed, totals, traced
from eligibility.present.fact import Fact, under

DAY = date(2025, 3, 31)
LANDS = ("TUN", "GHA", "MDA", "GTM", "AFG", "MLI")
KINDS = ("index", "briefing", "country", "dossier", "audit", "audit-full", "review", "past-body")
OF_THEMSELVES = (  # what a page prints without a path: it names a thing, and says nothing of a country or a run
    (r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b", "days"),
    (r"\b(?:19|20)\d\d(?:[-/–]\d\d)*\b", "years and days of register, lists and releases; a figure's year stands with it"),
    (r"\b[a-z]+(?:-[a-z0-9]+)*-[a-z]*@?[\d.]+(?:-\d\d)?|-@-\d\d|\b(?:wb|lists|un)[a-z-]*-@-\d\d|also/\d+|sha256|version \d\.\d|peacetime-pilots 2\.0|mcc-scorecard 1\.1", "ids and versions"),
    (r"\b[0-9a-f]{12,64}\b", "checksums"),
    (r"\(lines? [\d-]+\)", "lines of the document"),
    (r"\(MCC\), December @: from fiscal year @ .*? 7,855 dollars in that year", "what became of MCC, in the words of datasets/programmes"),
    (r"channel4\.com|nbcnews\.com \d+|ideasforpeace\.org \d+|sueddeutsche\.de [\d.]+|SG/SM/\d+|n24gambia|b92\.net \d+|EUR 70/2220", "addresses of pages"),
    (r"\b0 = [a-z ]+, 1 = [a-z ]+|world average = 0|index, 0 to 1|from 0(?: \(worst\))? to 1(?: \(best\))?|^0 to 1|class, 0 to 3|1 yes(?:, 0 no)?|per 1(?:,000|00,000) (?:births|people)", "scales and units"),
    (r"threshold of graduation, [\d,]+ dollars", "the limit of a programme, as its page has it"),
    (r"90% (?:range|interval)|holds? 90%|[Bb]elow 1×|between 10% and 90%", "what a range is called, and limits of a way of speaking"),
    (r"Lost ground: .*? (?:0\.10|on the scale)|0\.10 or more lower|fall of 0\.05|0\.10 and 2\.33|0\.05 and 1\.64|by 1\.28|chance above 25%|in more than 25% of simulations|at least 90%|2\.8 × .*? countries\)|within 0\.5", "limits and rules, in docs/reviews.md and docs/method.md"),
    (r"Shaded from .*? one\.|1 where all of it says the same, 0 where|of two, 1 where .*? round|of 100 points|10-year peak|Each line is 2,000", "how the audit is read"),
    (r"^(?:persistence|correlation) \d\.\d\d|^\d of \d$|^-?\d(?:\.\d+)?$|^\d\.\d+ or \d\.\d+$|^quantile \d\.\d", "what is tried, by its name"),
    (r"^\d+\.? |^\d+\.?$|^\d · ", "numbers of sections, decisions, rows and columns"),
    (r"later years that are held here, \d+ verdicts?|and \d+ more\.?$", "how many: the names stand beside it"),
    (r"pages? of \d+ of|cards of \d+ of", "how many pages were asked for"),
)  # fmt: skip
ANNEXES = {  # sections whose numbers are copied from a file that is named there
    "s-criteria": "rules, in the words of the criteria file",
    "s-data": "editions, units and citations of sources",
    "s-since": "limits of the criteria then and now",
    "s-again": "how to get the page again",
}


class Bare(Marked):
    """What a page prints outside of every element that is marked, with the section it stands in."""

    def __init__(self, html: str):
        self.within: list[tuple[str, bool]] = []  # tag, whether it or what holds it is marked or no text
        self.section, self.bare = "", list[tuple[str, str]]()
        super().__init__(html)

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        if tag in VOID:
            return
        named = dict(attrs)
        if tag == "section":
            self.section = named.get("aria-labelledby") or ""
        quiet = "data-fact" in named or tag in ("script", "style", "title", "svg", "code")
        self.within.append((tag, quiet or any(silent for _, silent in self.within[-1:])))

    def handle_endtag(self, tag):
        super().handle_endtag(tag)
        if tag not in VOID:
            self.within.pop()

    def handle_data(self, data):
        super().handle_data(data)
        if re.search(r"\d", data) and not (self.within and self.within[-1][1]):
            self.bare.append((self.section, " ".join(data.split())))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    path = tmp_path_factory.mktemp("traced") / "pilots.yaml"
    path.write_text(REGISTER + MORE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(kept):
    """Kind of page -> its pages as written, the pages as values, and word -> path -> fact."""
    result = run.run("peacetime-pilots", DAY, draws=200, pilots=kept)
    other = run.run("mcc-scorecard", DAY, draws=200)
    facts = Facts.of(result, year_before(result), [other])
    files = report.content(result, LANDS, others=[other])
    pages = {kind: [files[f"{kind}.html"].decode()] for kind in ("index", "briefing", "audit")}
    for kind, folder in (("country", "countries/"), ("dossier", "pilots/")):
        pages[kind] = [files[name].decode() for name in sorted(files) if name.startswith(folder)]
    quick, full = soundness.quick(result), soundness.full(result, "peacetime-pilots")
    pages["audit-full"] = [report.audit(Facts.of(result), full, ()).decode()]
    review = whole.review(kept, date(2026, 11, 30))
    past = replay.replay(precedents.named("CICIG"))
    pages["review"], pages["past-body"] = [reviewed.html(review).decode()], [reviewed.past_body(past, "html")]
    links = frozenset(LANDS)
    values = [report.briefing_page(facts, links, (), None), reviewing.page(review), replaying.page(past)]
    values += [auditing.page(facts, sound, ()) for sound in (quick, full)]
    values.append(contents.page(facts, values[0].title, {*files}, links, ()))
    values += [report.country_page(facts, c, links, ()) for c in LANDS]
    values += [dossier.page(facts, pilot, "") for pilot in result.pilots.pilots]
    every = {
        "run": lambda: totals.facts_of(facts),
        "review": lambda: piloted.facts_of(json.loads(reviewed.json(review))),
        '"CICIG GTM"': lambda: piloted.facts_of(json.loads(reviewed.past_body(past, "json"))),
        "audit": lambda: audited.facts_of(quick),
        "audit-full": lambda: audited.facts_of(full),
    }
    for own, words in ((facts, ""), (Facts.of(other), f" --criteria {other.criteria.id}")):
        every |= {f"{c}{words}": lambda own=own, c=c: traced.facts_of(own, c) for c in own.pool}
        every.setdefault(f"run{words}", lambda own=own: totals.facts_of(own))
    return pages, values, {word: cache(fact) for word, fact in every.items()}, review, past


MARK = re.compile(r'("[^"]*"|\S+) (\S+)( --criteria \S+)?')


def facts_of(mark: str, kind: str, every: dict[str, Callable[[], dict[str, Fact]]]) -> list[Fact]:
    """The fact of a mark, or all that lie under its path: of what `explain` is given."""
    word, path, more = MARK.fullmatch(mark).groups()
    word = "audit-full" if (word, kind) == ("audit", "audit-full") else word + (more or "")
    return under(every[word](), path)


def right(mark: str, text: str, found: list[Fact]) -> bool:
    """Whether a page prints what `explain` says; a sentence is that of the finding, of several numbers each is one of theirs."""
    if mark.startswith("audit findings"):
        return any(fact.said.startswith(text.rstrip(".")) for fact in found)
    if mark.startswith("audit ") and text in ("–", "", "no score is left", "nobody", "zero"):
        return True
    parts = re.findall(r"<?[+−]?\d[\d,]*(?:\.\d+)?%?", text.rpartition(" of ")[0] or text)
    if mark.startswith("audit ") and parts:  # behind a name or before the whole that it is a part of
        return all(any(agrees(part, fact) or _point(part, fact) for fact in found) for part in parts)
    return any(agrees(text, fact) or (mark.startswith("review ") and _point(text, fact)) for fact in found)


def _point(part: str, fact: Fact) -> bool:
    """Whether a share is printed in points of a hundred, or as less than one."""
    if part.startswith("<"):
        return 0 < fact.value <= 0.01
    end = fact.path.endswith(("_low", ".most", ".from", ".to", ".low", ".high")) or ".to[" in fact.path
    return end and agrees(f"{part}%", fact)


def test_numbers_of_every_kind_of_page_are_what_explain_says_of_them(made):
    """Two hundred by chance, and then all: each is known to `explain`, and is the number it tells."""
    pages, _, every, _, _ = made
    assert tuple(sorted(pages)) == tuple(sorted(KINDS))
    told = [(kind, *one) for kind in KINDS for html in pages[kind] for one in Marked(html).found]
    wrong = []
    for kind, mark, text in [*random.Random(11).sample(told, MANY), *told]:
        text = " ".join(text.split())
        if not right(mark, text, facts_of(mark, kind, every)):
            wrong.append((kind, mark, text, [fact.shown for fact in facts_of(mark, kind, every)][:3]))
    assert not wrong, "\n".join(map(str, wrong[:20]))
    few = {kind: sum(1 for k, *_ in told if k == kind) for kind in KINDS}
    assert min(few.values()) > 5 and len(told) > 3_000, few


def test_no_number_is_printed_that_cannot_be_asked_for(made):
    """What stands outside of every mark names something; a number of a country, a run, a pilot or a body does not."""
    pages, values, *_ = made
    left = set()
    for kind in KINDS:
        for html in pages[kind]:
            for section, text in Bare(html).bare:
                told = text
                for pattern, _ in OF_THEMSELVES:
                    told = re.sub(pattern, "@", told)
                if section not in ANNEXES and re.search(r"\d", told):
                    left.add((kind, section, told))
    assert not left, "\n".join(map(str, sorted(left)[:40]))
    assert not set().union(*map(lacking, values))


def test_a_number_printed_without_a_mark_would_be_noticed(made):
    """The search can fail: each mark of a page taken away is seen, but where its number looks like what names something."""
    pages, *_ = made
    for kind in KINDS:
        html = pages[kind][0]
        bare = Bare(re.sub(r' data-fact="[^"]*"', "", html))
        assert len(bare.bare) > len(Bare(html).bare), kind


def test_numbers_of_a_review_lead_to_rows(made):
    """A figure of a pilot, and of a past body as its review read it, by file, checksum, row and day."""
    *_, review, past = made
    text = piloted.review(review, "pilots[0].changes[0].is")
    assert "in full    0.553\n" in text and "vdem.polyarchy of MDA for 2025: 0.553\n" in text
    assert re.search(r"line \d+, column 'v2x_polyarchy', for MDA 2025", text)
    text = piloted.past_body(past, "reviews[3].changes[0].errors")
    assert text.count("sha256") == 2 and "of GTM for" in text
    document = reviewed.past_body(past, "json")
    assert TypeAdapter(review_contract.PastBody).validate_json(document) == json.loads(document)
    caught = piloted.review(review, "base_rates.rows[0].shares.caught")
    assert "red: of pilots that lost ground: how many" in caught
    assert "teach.outcomes[0].sd_of_five_years: " in piloted.review(review)
    with pytest.raises(UsageError, match=r"did you mean 'alarmed'"):
        piloted.review(review, "alarmd")


def test_every_past_body_has_a_word_of_its_own():
    word = explain_command.params[0]
    for body in precedents.bodies():
        assert word.type.convert(f"{body.short} {body.iso3}", word, None) == body


def test_explain_names_who_moved_since_the_last_round():
    result = run.run("peacetime-pilots", DAY, draws=1)
    last = year_before(result)
    text = " ".join(explain.run(result, "since.newly", last).split())
    assert f"value {len(last.newly)} " in text and "countries that qualify and did not: " in text
    assert explain.run(result, "since.newly") == explain.run(result, "since.newly", last)
