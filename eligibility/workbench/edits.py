"""Where in the text of a criteria file each number stands, so that one can be replaced and the rest kept.

Positions count UTF-16 units from the start of the text, as a browser does. What has no place of its own gets one:
a weight where the file says `weights: equal` is put before a key that every pillar and indicator has, and the line
`weights: equal` goes, for the language does not take both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import getitem
from typing import Any

from eligibility.files.strict_yaml import Document, Place, Steps
from eligibility.language.shape import readable

_BREAK = re.compile(r"\r\n|\r|\n")


def edits(document: Document, parameters: Iterable[Mapping[str, Any]]) -> tuple[list[dict | None], dict]:
    """For each parameter how to write it, None where the file gives it no single place; and what goes with some.

    Beside the cuts of `weights: equal`, by path, stands under "means" where the list of means that
    `uncertainty.choices` leaves open takes one more: it must hold the score's own.

    An edit    at       [start, end] of what is replaced; equal where something is put in
               write    number | power | quantile | percentile | scale
               before, after   text around what is put in
               with     the key of a cut that goes with it, and with its siblings
               number   for a power written as a number: where that number stands
               line     of the file, counted from 1
    """
    text = _Text(document)
    made = [text.edit(parameter["path"], parameter["kind"]) for parameter in parameters]
    return made, {"cuts": text.cuts, "means": text.longer(("uncertainty", "choices", "aggregation"))}


class _Text:
    def __init__(self, document: Document):
        self.document = document
        self.shift = len(document.text) - len(document.text.removeprefix("\ufeff"))  # a mark no column counts
        body = document.text[self.shift :]
        self.starts = [self.shift, *(self.shift + found.end() for found in _BREAK.finditer(body))]
        self.newline = "\r\n" if "\r\n" in body else "\n"
        counted = Counter(readable(steps) for steps in document.values)
        # a test's own path is also that of the rule it stands for: only what ends in one place is edited
        self.steps = {
            readable(steps): steps for steps in document.values if counted[readable(steps)] == 1 or not steps
        }
        self.cuts: dict[str, dict] = {}

    def edit(self, path: str, kind: str) -> dict | None:
        """How to write one parameter."""
        steps = self.steps.get(path)
        if steps is None:
            return self.put_in(path, kind)
        made = {"at": self.span(steps), "write": "number", "line": self.document.values[steps].line}
        if kind == "quantile":
            said = str(reduce(getitem, steps, self.document.data))
            made["write"] = "percentile" if said.startswith("percentile") else "quantile"
        elif kind == "scale":
            made["write"] = "scale"
        elif kind == "power":
            number = (*steps, "power")
            made |= {"write": "power", "number": self.span(number) if number in self.document.ends else None}
        return made

    def put_in(self, path: str, kind: str) -> dict | None:
        """How to write a weight or a floor that the file does not have."""
        around, _, name = path.rpartition(".")
        holder = self.steps.get(around)
        anchor = {"weight": "scale" if ".indicators." in path else "title", "floor": "aggregation"}.get(kind)
        if holder is None or anchor is None or (*holder, anchor) not in self.document.keys:
            return None
        place = self.document.keys[(*holder, anchor)]
        at = self.offset(place)
        indent = " " * (place.column - 1)
        after = ", " if self.flow(holder) else f"{self.newline}{indent}"
        made = {
            "at": [self.units(at)] * 2, "write": "number", "before": f"{name}: ", "after": after, "line": place.line
        }  # fmt: skip
        if kind == "weight":
            made["with"] = self.cut(holder[:-2])
        return made

    def cut(self, steps: Steps) -> str:
        """The key of the cut of `weights: equal` from a mapping."""
        key = (*steps, "weights")
        name = readable(key)
        if name not in self.cuts and key in self.document.keys:
            start, end = self.offset(self.document.keys[key]), self.offset(self.document.ends[key])
            text = self.document.text
            if self.flow(steps):
                after = re.compile(r"\s*,\s*").match(text, end)
                before = re.search(r",\s*\Z", text[:start])
                if after:
                    end = after.end()
                elif before:
                    start = before.start()
            else:
                rest = re.compile(r"[ \t]*(\r\n|\r|\n|\Z)").match(text, end)
                if rest:  # a comment behind it stays, on a line of its own
                    start, end = self.starts[self.document.keys[key].line - 1], rest.end()
            self.cuts[name] = {"at": [self.units(start), self.units(end)]}
        return name

    def longer(self, steps: Steps) -> dict | None:
        """Where a list takes one more entry, its first, and what follows it; None if there is no such list.

        At the end it would come between the last entry and what a comment says of that.
        """
        if steps not in self.document.values:
            return None
        place = self.document.values[*steps, 0]
        at = self.offset(place)
        if self.document.text[self.offset(self.document.values[steps])] == "[":
            return {"at": self.units(at), "after": ", "}
        return {
            "at": self.units(at),
            "after": self.newline + self.document.text[self.starts[place.line - 1] : at],
        }

    def flow(self, steps: Steps) -> bool:
        return self.document.text[self.offset(self.document.values[steps])] == "{"

    def span(self, steps: Steps) -> list[int]:
        places = (self.document.values[steps], self.document.ends[steps])
        return [self.units(self.offset(place)) for place in places]

    def offset(self, place: Place) -> int:
        return self.starts[place.line - 1] + place.column - 1

    def units(self, offset: int) -> int:
        """The same place counted in UTF-16 units, as JavaScript counts."""
        return offset + sum(1 for sign in self.document.text[:offset] if ord(sign) > 0xFFFF)
