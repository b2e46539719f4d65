"""One small file a publisher: the official release format in, one tidy `Release` out.

Adding a publisher is one module here and one sheet in `sheets/<family>.yaml`; of what is kept by hand it is the sheet
alone (kept.py). Nothing else is edited: a module is a reader when it has

    FAMILY = "wgi"
    def recognise(path: Path, head: Head) -> str | None:
        # The vintage of the release this file belongs to ("2024"), "" when it is this publisher's but the
        # vintage cannot be told, None when it is not this publisher's. Looks at names and headers only.
    def read(paths: Sequence[Path], vintage: str) -> Release:
        # All files of one vintage, read strictly (readers.strict); long rows with our series names.
        # A file may be missing: give the series that the others hold. Unknown codes raise, never vanish.

Files are grouped by (family, vintage); each group becomes the dataset `<family>-<vintage>`.

and, where the newest vintage of the sheet is no good example for every file of the family, `example(path) -> str`, one
that may be written for this file; and, where its files have a header by which they are known, `LAYOUTS`: the columns of each, so that a file which no
reader takes is told what it lacks of the nearest; and, where what is downloaded is no table yet (`unpack` in `fetch`),
`unpack(path, target)`, which makes it, and `ready()`, the Problem of what that lacks, if anything.

The sheet holds what the file does not say. Keys: publisher, title, citation, url, licence, licence_url, ship,
notes; `called`, what a sentence calls its figures ("V-Dem"); `file`, what the publisher calls the file, for a source that users bring themselves; `defaults` (merged into
each series); `fetch`, where `data fetch` finds it (addresses.py); `series` (by short name, see docs on source.yaml; plus `check_sign: {against: <series>, sign: "+" | "-"}`
and, where the publisher may give standard errors, `published: {how: ...}`, which says their scale and replaces
`uncertainty` when the release holds them, and `scale: {share_of_spread: [lo, hi]}`, by which it is tested; of a dated list `standing`, see lists.py, with
`list`, the name its vintages begin with; of an index `built_from`, the series of this sheet it is made of, among others); `vintages` (by vintage: `released`, and any top key to
override; `superseded_by`, the source that holds all of it and more, so that a build of what ships passes it over; `series: [names]` there limits that vintage to those, `entries` changes keys of single series; of a dated list `as_of` and `complete_to`); `kinds` (the same for every vintage whose name begins
so: `wdi` for wdi-2025-12), which a vintage's own entry overrides; `intake`, what the gate must know (docs/data.md); `kept`, the layout of a
table kept by hand (kept.py); `slugs`, what addresses call the charts (owid.py); `widths`, the folder of datasets/ with the modelled errors
of single series (modelled.py).
`{vintage}` and `{number}` (its digits) in title and citation are filled in.
"""

from __future__ import annotations

import codecs
import csv
import importlib
import io
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from eligibility.data.readers.modelled import widths_of
from eligibility.errors import DataError, Problem
from eligibility.files import opened

HEAD_BYTES = 1 << 18  # V-Dem's header alone is some 90 KiB
SINCE = 1990  # the first year any source keeps; earlier rows are counted as BEFORE (release.release, or the reader)
BEFORE = f"country-years before {SINCE}"
SHEETS = Path(__file__).resolve().parent / "sheets"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, and the same values


class Head:
    """What a file shows before it is read: the start of its text, its columns, its sheets."""

    def __init__(self, path: Path):
        self.path = path

    @cached_property
    def start(self) -> bytes:
        """The first 256 KiB as they are."""
        from eligibility.data.readers import packed

        with packed.contents(self.path) as content:
            try:
                return content.read(HEAD_BYTES)
            except packed.UNREADABLE as error:
                raise packed.broken(self.path, error) from None

    @cached_property
    def text(self) -> str:
        """The first 256 KiB as text (Latin-1 where it is not UTF-8); '' for a workbook."""
        start = self.start
        if start.startswith(b"PK\3\4"):
            return ""
        if b"\0" in start:
            from eligibility.data.readers.archive import UTF_16

            line, sixteen = start[: start.index(b"\0")].count(b"\n") + 1, start[:2] in UTF_16
            hint = "it looks like UTF-16; save it as UTF-8" if sixteen else ""
            raise DataError(Problem(f"{self.path.name}:{line}", "row", "no NUL bytes", hint=hint))
        try:
            return codecs.getincrementaldecoder("utf-8-sig")().decode(start)  # the cut may split a letter
        except UnicodeDecodeError:
            return start.decode("latin-1")

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The cells of the first row: of a CSV file, or of a workbook's first sheet."""
        if self.sheets:
            return tuple(self.rows[0]) if self.rows else ()
        return tuple(next(self.records(self.text.split("\n", 1)[:1]), []))

    def records(self, lines: Iterable[str] = ()) -> Iterator[list[str]]:
        """The rows of a CSV file's start, or of these lines of it."""
        reader = csv.reader(lines or io.StringIO(self.text))
        read = 0
        try:
            for row in reader:
                read = reader.line_num
                yield row
        except csv.Error as error:
            where = f"{self.path.name}:{read + 1}"
            raise DataError(Problem(where, "row", "must be well-formed CSV", got=str(error))) from None

    @cached_property
    def rows(self) -> list[list[str]]:
        """Every row of a workbook's first sheet, as text."""
        from eligibility.data.readers import strict

        return strict.xlsx_rows(self.path)

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """The names of a workbook's sheets; none for any other file."""
        from eligibility.data.readers import strict

        return strict.sheets(self.path) if self.path.suffix.lower() == ".xlsx" else ()


@lru_cache
def readers() -> dict[str, Any]:
    """Every reader of this folder, by family: its module or, of a family kept by hand, what `kept` makes of its sheet."""
    from eligibility.data.readers import kept

    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    own = {module.FAMILY: module for module in modules if hasattr(module, "FAMILY")}
    return own | {family: kept.reader(family) for family in families() if family not in own}


def families() -> list[str]:
    """Every family that has a sheet, sorted."""
    return sorted(path.stem for path in SHEETS.glob("*.yaml"))


@lru_cache
def family_sheet(family: str) -> dict[str, Any]:
    """The publisher's sheet as written: publisher, licence, series, vintages."""
    return yaml.load(opened.text(SHEETS / f"{family}.yaml"), Loader=_LOADER)


def said_of(family: str, vintage: str) -> dict[str, Any]:
    """What the sheet says of one vintage: of its kind ("wdi" of wdi-2025-12), then of itself."""
    whole = family_sheet(family)
    kind = whole.get("kinds", {}).get(vintage.partition("-")[0], {})
    return {**kind, **whole.get("vintages", {}).get(vintage, {})}


def series_of(family: str, vintage: str) -> dict[str, dict[str, Any]]:
    """The series a vintage may hold, by short name, each with the family's defaults filled in."""
    whole = family_sheet(family)
    said = said_of(family, vintage)
    only, then = said.get("series"), said.get("entries", {})
    defaults = whole.get("defaults", {})
    entries = {
        name: {**defaults, **entry, **then.get(name, {})}
        for name, entry in whole["series"].items()
        if only is None or name in only
    }
    if folder := whole.get("widths"):
        widths = widths_of(folder, vintage)
        for entry in entries.values():
            if entry["uncertainty"].get("shape") and entry["publisher_code"] in widths:
                entry["uncertainty"] = {**entry["uncertainty"], **widths[entry["publisher_code"]]}
    return entries
