"""One table of operators: nothing else knows one by its name, and a row more is all that a new one takes."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from typing import get_args

import pytest
from places import ROOT

from eligibility.policy.operators import COMPARISONS
from eligibility.policy.requirements import Asks, asks

MODULES = sorted((ROOT / "eligibility").rglob("*.py"))
NAMES = frozenset(COMPARISONS)


def told_apart(source: str) -> list[int]:
    """Lines that compare something called an operator with text, or hold a table of several comparisons."""
    found = []
    for node in ast.walk(ast.parse(source)):
        keys: list[ast.expr | None] = []
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            about = any(getattr(side, "attr", getattr(side, "id", "")) == "operator" for side in sides)
            texts = {x.value for side in sides for x in ast.walk(side) if isinstance(x, ast.Constant)}
            if about and NAMES & texts:
                found.append(node.lineno)
        elif isinstance(node, ast.Dict):
            keys = node.keys
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            keys = list(node.elts)
        if len(NAMES & {key.value for key in keys if isinstance(key, ast.Constant)}) > 1:
            found.append(node.lineno)
    return found


def test_no_other_module_knows_comparisons_by_name():
    found = {path: told_apart(path.read_text(encoding="utf-8")) for path in MODULES}
    assert len(found) > 200 and [path for path, lines in found.items() if lines] == []


def test_a_module_that_did_would_be_found():
    assert told_apart("if test.operator == 'above': pass") == [1]
    assert told_apart("x = operator in ('at_least', 'above')") == [1, 1]
    assert told_apart("SIGN = {'above': 1, 'below': -1}") == [1]


@pytest.mark.parametrize("script", ["scorer.js", "state.js", "save.js"])
def test_the_page_s_scorer_takes_comparisons_from_the_model(script):
    text = (ROOT / "reports/static" / script).read_text(encoding="utf-8")
    assert re.findall(rf"""operator\W+["'](?:{"|".join(NAMES)})["']""", text) == []
    assert script != "scorer.js" or "{ up, equal } = test" in text


@pytest.mark.parametrize("name", COMPARISONS)
def test_the_opposite_holds_where_it_does_not(name):
    row = COMPARISONS[name]
    other = COMPARISONS[row.opposite]
    assert (row.name, other.opposite) == (name, name)
    assert (row.up, row.equal) == (not other.up, not other.equal)
    for value in (0.4, 0.5, 0.6):
        assert row.holds(value, 0.5) is not other.holds(value, 0.5)
        assert row.holds(value, 0.5) is (row.equal if value == 0.5 else (value > 0.5) == row.up)
    assert asks()[name] == "threshold"


def test_every_kind_of_test_is_one_that_is_read():
    assert set(asks().values()) == set(get_args(Asks))


def test_the_readme_of_the_language_has_every_operator():
    text = (ROOT / "criteria/README.md").read_text(encoding="utf-8")
    table = text.partition("| operator |")[2].partition("\n\n")[0]
    assert [name for name in asks() if f"`{name}" not in table] == []


INVENTED = """
from pathlib import Path
import sys
from eligibility.policy import operators

above = operators.COMPARISONS["above"]
operators.COMPARISONS["exceeds"] = operators.Comparison("exceeds", "at_most", above.up, above.equal, "≫", "well over", "over {}")

from eligibility.language import criteria; from eligibility.present import explain, report, tables; from eligibility.data import panel; from eligibility.method import run
from eligibility.pages.facts import Facts
from eligibility.workbench import page

written = criteria.find("mcc-hurdles").read_text(encoding="utf-8")
assert written.count("above:") > 2
new = Path(sys.argv[1]) / "invented.yaml"
new.write_text(written.replace("above:", "exceeds:"), encoding="utf-8")
assert "exceeds" in criteria.json_schema()["$defs"]["Test"]["properties"]
old, made = run.run("mcc-hurdles", draws=0), run.run(new, draws=0)
tests = [test for test in page.content(made)["model"]["gates"] if "exceeds" in str(test)]
assert tests and "'up': True, 'equal': False" in str(tests)
for one, two in zip(tables.document(old)["countries"], tables.document(made)["countries"], strict=True):
    said = [gate.pop("reason") for gate in two["gates"]]
    meant = [gate.pop("reason") for gate in one["gates"]]
    assert [text.replace("≫", ">") for text in said] == meant
    assert one == two
flips = made.flips.equals(old.flips), made.thresholds.equals(old.thresholds)
assert flips == (True, True), flips
who = made.ranking.order[0]
assert "needed well over" in " ".join(explain.country(made, who).split())
pages = report.content(made, (who,), "screen")
assert any("≫".encode() in data or b"well over" in data for data in pages.values())
"""


def test_an_invented_operator_takes_one_row(tmp_path):
    """Loaded, described in the schema, judged, explained, on pages, in tables and on the workbench."""
    command = [sys.executable, "-c", INVENTED, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
