"""Sets that only rank: a score without gates, and a case that holds it against a published series."""

from __future__ import annotations

import pytest
from criteria_samples import SMALL, loaded, refused

from eligibility.policy.model import SeriesCase

HEAD = SMALL[: SMALL.index("peers:")]
SCORE = SMALL[SMALL.index("score:") : SMALL.index("axes:")]
AGES = "ages: {max_age: 3, basis: three}\n"
SERIES = """\
cases:
  - name: The score is the index
    series: undp.hdi
    years: [1990, 2022]
    decimals: 3
"""


def test_an_index_needs_neither_gates_nor_a_shortlist(tmp_path):
    (case,) = loaded(tmp_path, HEAD + SCORE + AGES + SERIES).cases
    assert case == SeriesCase("The score is the index", "undp.hdi", (1990, 2022), 3)
    assert refused(tmp_path, HEAD + AGES) == [
        "c.yaml:1:1: file: needs the key `gates`; or `score` alone, for an index that only ranks"
    ]
    (tracked,) = refused(tmp_path, SMALL.replace("shortlist: {size: 3, basis: three}\n", ""))
    assert "needs the key `shortlist`" in tracked


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("series: undp.hdi", "series: undp.hdj", "unknown indicator"),
        ("series: undp.hdi", "series: vdem.regime", "must be numbers of a range with two ends"),
        ("series: undp.hdi", "series: wb.population", "must be numbers of a range with two ends"),
        ("[1990, 2022]", "[2022, 1990]", "must go from the first year to the last"),
        ("[1990, 2022]", "[1990]", "needs 2 entries"),
        ("[1990, 2022]", "[1990, 3000]", "must be at most 2,100"),
        ("decimals: 3", "decimals: 10", "must be at most 9"),
        ("    decimals: 3\n", "", "needs the key `decimals`"),
        ("decimals: 3", "decimals: 3\n    expect: {status: eligible}", "unknown key"),
        ("decimals: 3", "decimals: 3\n    except: []", "must not be empty"),
        (
            "decimals: 3",
            "decimals: 3\n    except: [{country: RWA, years: [1990, 1994]}]",
            "needs the key `basis`",
        ),
        (
            "decimals: 3",
            "decimals: 3\n    except: [{country: RWA, years: [1989, 1994], basis: why}]",
            "is outside the years of the case, 1990 to 2022",
        ),
    ],
)
def test_a_series_case_that_cannot_be_honoured_is_refused(tmp_path, old, new, said):
    (told,) = refused(tmp_path, HEAD + SCORE + AGES + SERIES.replace(old, new))
    assert said in told and ": cases[0]" in told


def test_a_series_case_needs_a_score(tmp_path):
    gates = SMALL[SMALL.index("gates:") : SMALL.index("tracks:")]
    (told,) = refused(tmp_path, HEAD + gates + AGES + SERIES)
    assert ": cases[0].series: needs a score to hold against it" in told
