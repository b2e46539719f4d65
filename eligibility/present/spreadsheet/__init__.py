"""ranking.xlsx: the ranked list for a board, to print; the whole of it for those who work in a spreadsheet.

    For the board       one or two pages: the finding, what was read, a row a ranked country, near misses   board.py
    All candidates      every country: verdict, place, score, chances, what decided                         candidates.py
    Requirements        every country by every requirement and kind of candidate: result, chance, figures
    Score               the parts of every score
    Figures             every country by every figure: value, margin of error, year
    Criteria            every rule in words, one row a clause                                               criteria_sheets.py
    What is measured    what each figure is: unit, direction, range, classes, error, source
    Sources             publisher, edition, licence and checksum of every source in use                     source_sheets.py
    Notes               how sure it is, the notes of the run, what the words mean
    data                the same rows by the names programs know, as in result.json                         programs.py
    data columns        what each of those columns holds

The rows are those of `tables.document`, the words those of the pages; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eligibility.pages.facts import Facts
from eligibility.pages.views import Entry
from eligibility.present import workbook
from eligibility.present.spreadsheet import board, candidates, criteria_sheets, programs, source_sheets


def book(facts: Facts, told: Mapping[str, Any], proof: Sequence[Entry]) -> bytes:
    """The workbook of a run.

    told    the result's `tables.document`
    proof   how to make the run again, as at the foot of every page
    """
    own = facts.criteria
    sheets = [board.sheet(facts), candidates.everybody(facts)]
    if own.gates or own.tracks:
        sheets.append(candidates.requirements(facts))
    if own.score:
        sheets.append(candidates.score(facts))
    sheets += [candidates.figures(facts), criteria_sheets.criteria(facts), criteria_sheets.measured(facts)]
    sheets += [source_sheets.sources(facts), source_sheets.notes(facts, told, proof)]
    sheets += [programs.data(facts, told), programs.columns(facts)]
    return workbook.book(own.title, facts.result.as_of, sheets)
