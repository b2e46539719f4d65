"""The workbench page without a browser: what it holds, where numbers stand, and what the command leaves behind."""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from places import ROOT

from eligibility.cli import commands as cli
from eligibility.files import strict_yaml
from eligibility.language import criteria
from eligibility.method import measurement_error, measures, run
from eligibility.policy.model import Imputation
from eligibility.workbench import draws, edits, page, payload

SHIPPED = criteria.shipped()


@pytest.fixture(scope="module")
def results():
    """Every shipped set, judged once."""
    return {ref: run.run(ref, draws=1) for ref in SHIPPED}


@pytest.fixture
def typed(capsys):
    def go(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["workbench", *words])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return go


@pytest.mark.parametrize("ref", SHIPPED)
def test_every_number_has_its_place_in_the_file(results, ref):
    content = page.content(results[ref])
    file, parameters = content["file"], content["model"]["parameters"]
    assert parameters
    for p in parameters:
        edit = p["edit"]
        assert edit, p["path"]
        written = file["text"][slice(*edit["at"])]
        if "before" in edit:
            assert written == ""
            assert edit["before"].endswith(": ")
        elif p["kind"] in ("quantile", "power", "scale"):
            assert re.fullmatch(r"median|(quantile|percentile) [\d.]+|[a-z]+|\{.+\}", written)
        else:
            assert strict_yaml.scalar(written) == p["value"]
        assert edit["line"] <= file["text"].count("\n") + 1


def test_what_can_be_read_twice_is_not_edited():
    text = "a: {x.y: {at_least: 1}}\nb: 2\n"
    document = strict_yaml.parse(text)
    found, also = edits.edits(
        document, [{"path": p, "kind": "threshold"} for p in ("a.at_least", "b", "c", "a")]
    )
    assert [text[slice(*edit["at"])] if edit else None for edit in found] == ["1", "2", None, None]
    assert also == {"cuts": {}, "means": None}


@pytest.mark.parametrize(
    "text, cut",
    [
        ("p: {weights: equal, title: T}\n", "weights: equal, "),
        ("p: {title: T, weights: equal}\n", ", weights: equal"),
        ("p: {weights: equal}\n", "weights: equal"),
        ("p:\n  weights: equal\n  title: T\n", "  weights: equal\n"),
        ("p:\n  title: T\n  weights: equal", "  weights: equal"),
        ("p:\n  weights: equal   # why\n  title: T\n", "weights: equal"),
        ("p:\r\n  weights: equal  \r\n  title: T\r\n", "  weights: equal  \r\n"),
        ("p:\n  weights:\n    equal\n  title: T\n", "  weights:\n    equal\n"),
    ],
)
def test_equal_weights_are_cut_without_a_trace(text, cut):
    reader = edits._Text(strict_yaml.parse(text))
    name = reader.cut(("p",))
    start, end = reader.cuts[name]["at"]
    assert text[start:end] == cut
    strict_yaml.parse(text[:start] + text[end:])


def test_positions_count_as_a_browser_counts():
    text = "\ufeffa: \U0001f30d\U0001f30d # \u00fc\r\nb: 7\r\n"
    (edit,), _ = edits.edits(strict_yaml.parse(text), [{"path": "b", "kind": "threshold"}])
    units = text.encode("utf-16-le")
    start, end = edit["at"]
    assert units[2 * start : 2 * end].decode("utf-16-le") == "7"


def test_the_draws_are_the_first_of_the_official_ones(results):
    result = results["peacetime-pilots"]
    stored = draws.draws(result.criteria, result.cells)
    assert stored["count"] == draws.DRAWS
    official = measurement_error.ErrorModel(
        result.cells,
        measures.point(result.cells, payload.quantities(result.criteria)),
        replace(result.criteria.uncertainty, draws=10_000),
    ).draw(1000)
    seen = 0
    for indicator, packed in stored["now"].items():
        if packed is None:
            continue
        steps = np.frombuffer(base64.b64decode(packed["steps"]), np.uint8).reshape(draws.DRAWS, -1)
        got = np.array(packed["low"]) + steps / draws.STEPS * np.array(packed["width"])
        wanted = official.now[indicator][: draws.DRAWS, packed["who"]]
        assert np.abs(got - wanted).max() <= (np.array(packed["width"]) / draws.STEPS).max() / 2 + 1e-12
        seen += 1
    assert seen > 5


def test_the_documentation_says_how_many_draws_there_are():
    text = (ROOT / "docs" / "workbench.md").read_text(encoding="utf-8")
    assert f"in {draws.DRAWS} simulations" in text


def test_without_any_known_error_nothing_is_drawn(results):
    assert draws.draws(results["cpia"].criteria, results["cpia"].cells) is None
    text = page.page(results["cpia"]).decode()
    assert "Nobody states a measurement error" in text
    assert '<script type="application/json" id="draws">null</script>' in text


@pytest.mark.parametrize("ref", SHIPPED)
def test_the_page_is_one_file_the_same_twice(results, ref):
    made = page.page(results[ref])
    assert made == page.page(results[ref])
    text = made.decode()
    assert not re.search(r"""(src|href)=["'](?!#)""", text)
    assert "preview" in text
    assert "/home" not in text
    assert os.getcwd() not in text


def test_the_page_says_that_it_fills_no_gaps(results):
    result = results["peacetime-pilots"]
    assert "fills gaps" not in page.page(result).decode()
    filled = replace(result.criteria.uncertainty, imputation=Imputation(5))
    asked = replace(result, criteria=replace(result.criteria, uncertainty=filled))
    assert "A missing figure stays missing here" in page.page(asked).decode()


def test_data_cannot_end_its_element():
    made = page.embedded({"a": "</script><!--&\u2028\u2029", "b": [1.5, None]})
    assert not re.search("[<>&\u2028\u2029]", made)
    assert json.loads(made) == {"a": "</script><!--&\u2028\u2029", "b": [1.5, None]}


def test_the_command_writes_one_file_and_says_which(typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = typed("cpia", "--as-of", "2020-08-01")
    assert (code, out, err) == (0, f"{Path('out') / 'workbench-cpia-2020-08-01.html'}\n", "")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["workbench-cpia-2020-08-01.html"]
    code, out, _ = typed("hdi", "--out", "deep/er/page.html")
    assert (code, out) == (0, f"{Path('deep/er/page.html')}\n")
    assert (tmp_path / "deep/er/page.html").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "words, said",
    [
        (["nobody"], "must be a shipped id"),
        (["cpia", "--as-of", "20160701"], "YYYY-MM-DD"),
        (["cpia", "--as-of", "1960-01-01"], "no country can be judged"),
        (["cpia", "--out", "."], "directory"),
        (["cpia", "--out", "file/page.html"], "cannot be written"),
        (["missing.yaml"], "must exist"),
    ],
)
def test_wrong_input_is_refused_and_nothing_written(typed, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    code, out, err = typed(*words)
    assert code == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_page_that_is_there_stays_when_writing_fails(results, tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    path.write_text("old")
    monkeypatch.setattr(
        os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(page.UsageError, match="No space left"):
        page.write("cpia", None, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
