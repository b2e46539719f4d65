"""The words of docs/words.md: what short pages, README and the papers for boards must not say, and how long a sentence may be."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

from places import ROOT

from eligibility.pages.audit_phrases import AUDIT
from eligibility.pages.phrases import PHRASES
from eligibility.pages.said import FORMS, places

# What a board reads. Other docs are for those who write criteria or code, and keep the field's terms.
FOR_BOARDS = ("README.md", "docs/words.md", "docs/record.md", "docs/mid-2016.md", "docs/faq.md",
    "docs/method.md", "docs/tutorial-board.md", "docs/tutorial-officer.md", "docs/index.md",
)  # fmt: skip
# Of eligibility/pages only the catalogue is held: the rule in words keeps the field's terms, the audit the names of statistics.
TERMS = {  # a pattern -> what to say
    r"(gate|hurdle)s?": "requirement",
    r"(track|pathway)s?": "kind of candidate",
    r"(pool|universe)s?": "candidates",
    r"(pillar|dimension)s?": "part of the score",
    r"re-runs?|realisations?|iterations?|draws?": "simulation",
    r"s\.e\.|sds?|sigmas?|measurement noise": "margin of error",
    r"admit(s|ted|ting)?|ineligible|insufficient data": "the words of the status",
    r"P\((elig|qual)\.\)|acceptability|kept in": "chance it qualifies",
    r"thresholds?|cut-?offs?|≥|≤|needs [\d−]": "needed",
    r"loadings?": "contribution",
    r"decided by": "because",
    r"clientelism|neopatrimonial(ism)?|polyarchy": "the plain name",
}
IDIOMS = {
    r"for want of": "because … is not held",
    r"drawn anew": "simulated",
    r"told as": "say it",
    r"hang(s|ing)? on": "rests on, and the figure",
    r"has a hand in": "name the cause",
    r"rests? open|the answer open": "is not known",
    r"in that sense": "say which",
    r"taken all at once": "together",
    r"how sure the data let us be": "how sure we are",
    r"robust(ly|ness)?|significant(ly)?": "the number",
    r"firm(?!,? \(?(at )?\d+%)": "firm (…%)",
    r"confidence(?! (interval )?\d)": "the number",
}
LONGEST = 20  # words of a sentence; a fact counts for one


def compiled(words: dict[str, str]) -> list[tuple[re.Pattern[str], str]]:
    """Patterns that match whole words."""
    return [(re.compile(rf"(?<![\w-])(?:{p})(?![\w-])", re.I), say) for p, say in words.items()]


def faults(text: str, words: dict[str, str]) -> list[str]:
    """What a text must not say, each with what to say."""
    return [f"“{m[0]}”: say {say}" for pattern, say in compiled(words) for m in pattern.finditer(text)]


def prose(page: str) -> str:
    """A Markdown page without its code: fences, blocks set in by four spaces, spans, addresses of links."""
    page = re.sub(r"^```.*?^```", "", page, flags=re.M | re.S)
    page = re.sub(r"^<!-- (\w+) -->.*?^<!-- /\1 -->", "", page, flags=re.M | re.S)  # written by a program
    page = re.sub(r"^ {4}.*$", "", page, flags=re.M)
    page = re.sub(r"`[^`]*`", "X", page)
    return re.sub(r"\]\([^)]*\)", "]", page)


def spoken(phrase: str) -> str:
    """A phrase with its facts as X, and both of two forms."""
    phrase = re.sub(r"\{\w+:([^{}|]*)\|([^{}|]*)\}", r"\1", phrase)
    return re.sub(r"\{[^{}]*\}", "X", phrase).replace("**", "")


def sentences(text: str) -> list[str]:
    """The sentences of a phrase: what ends in a full stop, a question mark, a colon or a semicolon."""
    return re.split(r"(?<=[.?:;])\s+", text)


def found(texts: dict[str, list[str]], words: dict[str, str]) -> dict[str, list[str]]:
    """Name -> what is wrong with its texts; {} where nothing is."""
    bad = {name: [fault for text in own for fault in faults(text, words)] for name, own in texts.items()}
    return {name: wrong for name, wrong in bad.items() if wrong}


def test_a_phrase_keeps_to_the_words():
    both = {key: phrase.replace("|", " ") for key, phrase in PHRASES.items()}
    said = {key: [re.sub(r"\{\w+(:[\w%+]*)?\}", "X", phrase)] for key, phrase in both.items()}
    assert found(said, TERMS | IDIOMS) == {}


def test_a_sentence_is_short_and_ends():
    for key in PHRASES.keys() - AUDIT:
        for sentence in sentences(spoken(PHRASES[key])):
            assert len(sentence.split()) <= LONGEST, sentence
            assert "  " not in sentence
            assert " ," not in sentence
            assert not re.search(r"\b(a [aeio]|an [bcdfgj-np-tv-z])", sentence), sentence


def printed(path: Path) -> list[str]:
    """The texts of a module that somebody may read: every string with a space that is no docstring, a path in backticks left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bodies = (n.body for n in ast.walk(tree) if isinstance(n, (ast.Module, ast.FunctionDef, ast.ClassDef)))
    aside = {id(b[0].value) for b in bodies if b and isinstance(b[0], ast.Expr)}
    aside |= {id(x) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for x in n.values}
    texts = [
        "".join(x.value if isinstance(x, ast.Constant) else "X" for x in n.values)
        if isinstance(n, ast.JoinedStr)
        else n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.JoinedStr) or (isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in aside)
    ]  # fmt: skip
    texts = [re.sub(r"`[^`]*`", "X", text) for text in texts]
    return [text for text in texts if " " in text.strip() and not re.fullmatch(CODE, text)]


# paths of numbers, names in the record, columns of the table for programs
CODE = r"(run|X) [\w.]+|others: admitted|admitted - others|(gate|pillar|≥) X"
SPEAKING = sorted(
    path
    for room in ("present", "pages")
    for path in (ROOT / "eligibility" / room).rglob("*.py")
    if not path.name.endswith("phrases.py")  # held above
)


def test_what_terminal_pages_and_workbook_say_keeps_to_the_words():
    assert len(SPEAKING) > 60
    assert found({path.stem: printed(path) for path in SPEAKING}, TERMS | IDIOMS) == {}


def unknown(phrase: str) -> list[str]:
    """The places of a phrase whose form there is not."""
    forms = [f"{name}:{form}" for _, name, form, _ in Formatter().parse(phrase) if name is not None]
    more = r"all|All|(of|Among) [^/|]+/[^/|]+|[^|]*\|[^|]*|\+?\d"
    return [one for one in forms if not re.fullmatch(rf"\w+:({more}|{'|'.join(map(re.escape, FORMS))})", one)]


def test_every_place_of_a_phrase_has_a_form_there_is():
    assert {key: bad for key, phrase in PHRASES.items() if (bad := unknown(phrase))} == {}
    assert unknown("{p:%} {n:wrod} {x:+2} {n:a|b|c}") == ["n:wrod", "n:a|b|c"]


def misspoken(code: str) -> list[str]:
    """Calls of `say` by a name that is no phrase, or with other facts than its places, where both are written out."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and node.args]
    said = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "say"]
    found = []
    for key, given in ((node.args[0], {k.arg for k in node.keywords}) for node in said):
        if (
            isinstance(key, ast.Constant)
            and None not in given
            and (key.value not in PHRASES or places(key.value) != given)
        ):
            found.append(f"{key.value}: {', '.join(sorted(given))}")
    return found


def test_what_is_said_is_a_phrase_with_its_facts():
    """The first to notice a new sentence that is half written; the proofs of the pages take minutes."""
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "eligibility").rglob("*.py")]
    assert [wrong for one in code for wrong in misspoken(one)] == []
    assert misspoken('say("name", name=1), say("naem"), say("name", nmae=1), say(f"x.{y}", z=1)') == [
        "naem: ", "name: nmae",
    ]  # fmt: skip


def test_papers_for_boards_keep_to_the_words():
    papers = {page: [prose((ROOT / page).read_text(encoding="utf-8"))] for page in FOR_BOARDS}
    assert found(papers, TERMS | IDIOMS) == {}


def test_no_page_of_the_docs_has_a_banned_idiom():
    pages = {page.name: [prose(page.read_text(encoding="utf-8"))] for page in (ROOT / "docs").glob("*.md")}
    assert pages and found(pages, IDIOMS) == {}


def test_the_lint_finds_what_it_looks_for():
    bad = "It passes each gate in 3 draws; the verdict is firm. For want of data the answer hangs on robust sigma."
    assert len(faults(bad, TERMS | IDIOMS)) == 7
    assert faults("It is firm (93%), or firm, 95%; a tracked drawing.", TERMS | IDIOMS) == []
    assert prose("a `gate` [b](gate.md)\n```\ngate\n```\n    gate\n").split() == ["a", "X", "[b]"]
    assert spoken("**So:** {n:n} {n:country|countries} {x:2}") == "So: X country X"
