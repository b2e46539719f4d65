"""Where publishers' files lie on the network, by the `fetch:` block of each sheet; nothing here opens a connection.

fetch:
  by_hand: steps                     # what to do where no address serves
  files:
    - source: undp                 # the word `eligibility data fetch` takes
      kind: wdi                    # of a family of several kinds: which; its series come from here
      vintage: hdr2025             # the one release at this address; without it the newest lies there
      address: https://...         # {code}: one file a series of the kind, by its publisher's code
      name: HDR25.csv              # what to save it as, where the address does not say; {code} likewise
      certainty: several           # see CERTAINTY
      largest: 10000000            # bytes; more is not that publisher's file
      bytes: 2001263               # where a copy of the file is on file
      sha256: 61ed...
      unpack: true                 # the reader's `unpack` makes the table of it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from eligibility.data.readers import families, family_sheet, said_of, series_of
from eligibility.errors import Problem, UsageError, quoted

CERTAINTY = {
    "several": "seen in several public programs of 2026, not called by us",
    "one": "seen in one public program, not called by us",
    "memory": "from memory, not called by us",
}


@dataclass(frozen=True)
class Address:
    """One file on the network.

    name      what it is saved as; where the newest release lies at the address, the day is put into it
    largest   bytes; size and sha256 where a copy of the file is on file, else None and ''
    """

    address: str
    name: str
    largest: int
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Offer:
    """One release on the network.

    source    the word `eligibility data fetch` takes
    vintage   '' where the newest release lies at the address
    unpack    whether its table must be made of what is downloaded
    """

    source: str
    family: str
    kind: str
    vintage: str
    certainty: str
    files: tuple[Address, ...]
    unpack: bool = False

    @property
    def id(self) -> str:
        """The dataset it makes, '' where only the file tells."""
        return f"{self.family}-{self.vintage}" if self.vintage else ""

    def of(self, code: str) -> str:
        """The address of the file that holds a series, by its publisher's code."""
        own = (one.address for one in self.files if f"/{code}?" in one.address)
        return next(own, self.files[0].address)


@cache
def offers() -> dict[str, Offer]:
    """Every release that can be fetched, by its word.

    >>> offers()["undp"].id
    'undp-hdr2025'
    """
    found = {}
    for family in families():
        for entry in family_sheet(family).get("fetch", {}).get("files", ()):
            found[entry["source"]] = Offer(
                entry["source"],
                family,
                entry.get("kind", ""),
                str(entry.get("vintage", "")),
                entry["certainty"],
                tuple(_files(family, entry)),
                entry.get("unpack", False),
            )
    return found


def named(words: Sequence[str]) -> list[Offer]:
    """The releases of these words, every one without words; UsageError that says what can be fetched, and what by hand."""
    known, problems = offers(), []
    for word in words:
        if word in known:
            continue
        kinds = [one.source for one in known.values() if one.family == word]
        hint = f"one of {', '.join(kinds or known)}"
        if not kinds and word in families():
            hint = by_hand(word)
        problems.append(Problem("SOURCE", quoted(word), "nothing is fetched under this name", hint=hint))
    if problems:
        raise UsageError(problems)
    return [known[word] for word in dict.fromkeys(words)] or list(known.values())


def serving(series: str) -> list[Offer]:
    """The releases to fetch that hold a series, by its id.

    >>> [one.source for one in serving("wb.income_class")]
    ['oghist', 'class']
    """
    family, _, name = series.partition(".")
    every = [one for one in offers().values() if one.family == family]
    return [one for one in every if name in series_of(family, one.kind or one.vintage)]


def by_hand(family: str, vintage: str = "") -> str:
    """How a release is got without `data fetch`: the steps of the sheet, or where to download what."""
    whole = family_sheet(family)
    if steps := whole.get("fetch", {}).get("by_hand", ""):
        return " ".join(steps.split())
    url = said_of(family, vintage).get("url", whole["url"])
    return f"download {whole.get('file') or 'the newest release'} from {url}"


def _files(family: str, entry: dict[str, Any]) -> list[Address]:
    """The files of one entry: one, or one a series of its kind."""
    codes = [""]
    if "{code}" in entry["address"]:
        codes = [sheet["publisher_code"] for sheet in series_of(family, entry["kind"]).values()]
    address, name = entry["address"], entry.get("name") or entry["address"].rpartition("/")[2]
    return [
        Address(
            address.replace("{code}", code),
            name.replace("{code}", code),
            entry["largest"],
            entry.get("bytes"),
            entry.get("sha256", ""),
        )
        for code in codes
    ]
