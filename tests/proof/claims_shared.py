"""What several kinds of page say: how to get the page again, the links between pages."""

from __future__ import annotations

from prover import Page, claim, fixed
from reading import is_day

from eligibility import __version__
from eligibility.present import report

EVERY = "audit"
fixed(EVERY, "reproduce", "To get this page again", tags="h2")
fixed(EVERY, "reproduce", "Command", "Run", "Engine", "Criteria", tags="dt")
fixed(EVERY, "-", "On this page", tags="label")
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
    own, read = page.truth.criteria, page.truth.result.provenance["reading"]
    pins = [x for pin in read["vintages"] for x in ("--vintage", pin)]
    assert releases.split() == (["--as-known"] if read["as_known"] else []) + pins
    more = more.replace(releases, "") if releases else more
    assert not since
    assert id == own.id and day == page.truth.result.as_of.isoformat()
    asked = [f"also/{n}-{other.criteria.id}.yaml" for n, other in enumerate(page.truth.others, 1)]
    assert verb == "audit" or (also or "").split() == [x for path in asked for x in ("--also", path)]
    assert [x for x in more.split() if "=" in x] == list(own.settings)


@claim(EVERY, "-", r"(?P<kind>Statistical audit) · (?P<title>.+?) · criteria “(?P<id>.+?)” version (?P<version>.+?) · as known on (?P<day>\d+ \w+ \d{4})", tags="p")  # fmt: skip
def kicker(page: Page, kind, title, id, version, day):
    own = page.truth.criteria
    assert (title, id, version) == (own.title, own.id, own.version) and is_day(day, page.truth.result.as_of)
    assert kind
