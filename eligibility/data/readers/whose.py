"""Whose file it is: the publisher, the vintage, and the tables to read, in an archive as on its own."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from eligibility.data.readers import Head, family_sheet, packed, readers, unknown
from eligibility.errors import DataError, InputError, Problem, quoted
from eligibility.files import opened

TABLES = (".csv", ".tsv", ".txt", ".xlsx")  # what an archive may hold that is a table
MOST_TABLES = 50
# Bytes a table may have, once unpacked where it lies in an archive. V-Dem's and the World Bank's have 200 to 400 million, others below ten.
UNPACKED = {"vdem": 1 << 30, "wb": 1 << 30}
UNPACKED_ELSE = 128 << 20


@dataclass(frozen=True)
class Whose:
    """What a file was found to be.

    vintage   '' where it cannot be told
    paths     what its reader reads: the file itself, or the tables of one release inside the archive
    beside    files of the archive that no reader knows
    dated     the day the archive gives its table, which says no vintage but narrows it
    """

    family: str
    vintage: str
    paths: tuple[Path, ...]
    beside: tuple[str, ...] = ()
    dated: str = ""

    def hint(self) -> str:
        """How to say the vintage, by an example of this family."""
        reader = readers()[self.family]
        named = reader.example(self.paths[0]) if hasattr(reader, "example") else example(self.family)
        dated = f"; the table in the archive is dated {self.dated}" if self.dated else ""
        return f"say which with --vintage, such as --vintage {named}{dated}"


def whose(path: Path) -> Whose:
    """The family, vintage and tables of a file; DataError if no reader takes it, or more than one does."""
    if any(unicodedata.category(letter)[0] == "C" for letter in path.name):
        raise DataError(Problem(quoted(path.name), "file", "must have a name of printable letters"))
    try:
        there = path.is_file()
    except OSError:  # such as a name that is too long
        there = False
    if not there:
        name = quoted(path.name or path)
        raise DataError(Problem(name, "file", "must be a regular file that is there"))
    if path.suffix.lower() == ".zip" and path.stat().st_size:
        return _packed(path)
    family, vintage = _claimed(path)
    _check_size(path.name, family, path.stat().st_size)
    return Whose(family, vintage, (path,))


def example(family: str) -> str:
    """The newest vintage in the family's sheet, as one may be written."""
    vintages = family_sheet(family).get("vintages", {})
    dated = [(str(entry.get("released", "")), name) for name, entry in vintages.items()]
    return max(dated, default=("", "2025"))[1]


def _claimed(path: Path) -> tuple[str, str]:
    """The family and vintage of one table."""
    head = Head(path)
    if problem := unknown.foreign(path, head):
        raise DataError(problem)
    known = readers()
    claims = {family: reader.recognise(path, head) for family, reader in known.items()}
    claims = {family: vintage for family, vintage in claims.items() if vintage is not None}
    if not claims:
        raise DataError(unknown.nearest(path, head, known))
    if len(claims) > 1:
        raise DataError(Problem(path.name, "file", "must be one publisher's", got=", ".join(claims)))
    return next(iter(claims.items()))


def _packed(path: Path) -> Whose:
    """The tables of one release in an archive; what no reader knows is named, and never unpacked."""
    if problem := unknown.foreign(path, Head(path)):
        raise DataError(problem)
    inside = packed.entries(path)
    tables = [one for one in inside if one.suffix.lower() in TABLES]
    if len(tables) > MOST_TABLES:
        raise DataError(Problem(path.name, "archive", f"at most {MOST_TABLES} tables", got=str(len(tables))))
    found: dict[Path, tuple[str, str]] = {}
    refused: list[InputError] = []
    for table in tables:
        try:
            found[table] = _claimed(table)
        except InputError as error:
            refused.append(error)
    if not found:
        if len(refused) == 1:
            raise refused[0]
        names = ", ".join(one.relative_to(path).as_posix() for one in inside)
        raise DataError(Problem(path.name, "archive", "must hold a table that a reader knows", names))
    if len(set(found.values())) > 1:
        said = ", ".join(f"{table.name} ({' '.join(of)})" for table, of in found.items())
        rule = "must hold the tables of one release"
        raise DataError(Problem(path.name, "archive", rule, said, "unpack it and import the one you mean"))
    family, vintage = next(iter(found.values()))
    for table in found:
        _check_size(f"{path.name}, entry '{quoted(table.name)}' unpacked", family, inside[table].file_size)
    beside = [one.relative_to(path).as_posix() for one in inside if one not in found]
    dated = "{:04}-{:02}-{:02}".format(*max(inside[table].date_time for table in found)[:3])
    return Whose(family, vintage, tuple(found), tuple(sorted(beside)), dated)


def _check_size(where: str, family: str, size: int) -> None:
    """Refuse a table larger than its publisher's can be; no byte past the size an archive states is ever read."""
    if size > (largest := UNPACKED.get(family, UNPACKED_ELSE)):
        raise DataError(opened.too_large(f"{where}, of {family}", largest, size))
