"""Files of other readings: what one means, what is refused, where it lies."""

from __future__ import annotations

import pytest

from eligibility.errors import CriteriaError
from eligibility.language import variants
from eligibility.language.variants import Choice

GOOD = """\
for: mine
choices:
  a:
    title: A
    basis: a reason
    options:
      "1": []
      "2": ["gates.g.at_least=2"]
"""


def read(tmp_path, text):
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    return variants.read(tmp_path / "mine.yaml", "mine")


def test_a_file_is_read(tmp_path):
    assert read(tmp_path, GOOD).choices == (
        Choice("a", "A", "a reason", (("1", ()), ("2", ("gates.g.at_least=2",)))),
    )


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("for: mine", "for: yours", "mine.yaml:1:6: for: must be mine"),
        ("for: mine\n", "", "needs the key `for`"),
        ("    basis: a reason\n", "", "choices.a: needs the key `basis`"),
        ("basis", "bases", "did you mean 'basis'?"),
        ("title: A", "title: [A]", "choices.a.title: must be text"),
        ('"1": []', '"1": ["x=1"]', "must be [], the set as it is written"),
        ('["gates.g.at_least=2"]', "[]", "must change something"),
        ('["gates.g.at_least=2"]', "[2]", "choices.a.options.2[0]: must be text (got 2)"),
        ('      "2": ["gates.g.at_least=2"]\n', "", "choices.a.options: needs 2 entries"),
        (GOOD, "[]", "must be a mapping with the keys for, choices"),
        (GOOD, "for: mine\nchoices: 1\n", "choices: must be a mapping of keys (got 1)"),
        (GOOD, "for: mine\nchoices: {a: 1}\n", "choices.a: must be a mapping of keys"),
    ],
)
def test_what_is_refused(tmp_path, old, new, told):
    with pytest.raises(CriteriaError) as error:
        read(tmp_path, GOOD.replace(old, new))
    assert told in str(error.value)


def test_the_readings_of_a_file_lie_beside_it(tmp_path):
    (tmp_path / "variants").mkdir()
    mine = tmp_path / "mine.yaml"
    mine.write_text("", encoding="utf-8")
    assert variants.beside(mine) is None
    (tmp_path / "variants" / "mine.yaml").write_text(GOOD, encoding="utf-8")
    assert variants.beside(mine) == tmp_path / "variants" / "mine.yaml"
    assert variants.beside("hdi") is None
