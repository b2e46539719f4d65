"""Which country a publisher means: one register, keyed by ISO3, for every spelling and code in use.

Nothing here guesses. A code or a name is in the register, is listed as not a country with the reason,
or is refused. `datasets/countries/README.md` says what was decided where publishers disagree.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eligibility.errors import DataError, Problem, UsageError
from eligibility.files import opened
from eligibility.resources import shipped

# Schemes whose codes are ISO3 except where aliases.csv says otherwise.
ISO3_SCHEMES = ("iso3", "cpi", "gapminder", "owid", "rsf", "sdg", "tip", "undp", "unhcr", "vdem", "wb", "wgi")
SCHEMES = (*ISO3_SCHEMES, "gw", "m49", "name")


@dataclass(frozen=True)
class Country:
    """One entry of the register.

    iso3        the key; 13 entries are not current ISO 3166 codes and the README lists them
    region      World Bank region, '' where the Bank would have none (uninhabited territories)
    start, end  first and last calendar year of the unit, None where it began before 1990 or has not ended
    """

    iso3: str
    name: str
    region: str
    m49: str
    gw: str
    wgi_old: str
    start: int | None
    end: int | None

    def exists(self, year: int) -> bool:
        """Whether the unit stood on its own in that calendar year."""
        return (self.start or year) <= year <= (self.end or year)


class UnknownCode(LookupError):
    """A code or name that is neither in the register nor listed as not a country."""

    def __init__(self, code: str, scheme: str, rule: str, hint: str = ""):
        self.code, self.scheme, self.rule, self.hint = code, scheme, rule, hint
        super().__init__(f"{scheme} {code!r}: {rule}" + (f"; {hint}" if hint else ""))


def fold(name: str) -> str:
    """A name as names are compared: NFC, case folded, one plain blank for any blanks and none around; nothing else.

    >>> fold("CÔTE D'IVOIRE") == fold("Co\\u0302te\\u00a0 d'Ivoire ")
    True
    """
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class Register:
    """Every country, territory and historical state that a publisher in use has figures for."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._countries = {row["iso3"]: _country(row) for row in _rows(folder / "countries.csv", "iso3")}
        self._codes: dict[tuple[str, str], list[str]] = {}
        self._not: dict[tuple[str, str], str] = {}
        for country in self._countries.values():
            self._add("iso3", country.iso3, country.iso3)
            self._add("name", fold(country.name), country.iso3)
            for scheme, code in (("m49", country.m49), ("gw", country.gw), ("wgi", country.wgi_old)):
                if code:
                    self._add(scheme, code, country.iso3)
        for row in _rows(folder / "aliases.csv", "alias", "scheme"):
            self._add(row["scheme"], _key(row["alias"], row["scheme"]), row["iso3"])
        for row in _rows(folder / "not_countries.csv", "code", "scheme"):
            self._not[row["scheme"], _key(row["code"], row["scheme"])] = row["why"]
        self._refuse_contradictions()

    def resolve(self, code: str, scheme: str = "iso3", year: int | None = None) -> str | None:
        """The ISO3 key a publisher's code stands for; None when it is listed as not a country.

        Raises UnknownCode for anything else. Where a publisher carries one code through a change of
        state (Gleditsch-Ward 345: Yugoslavia, Serbia and Montenegro, Serbia), `year` chooses.

        >>> register().resolve("ROM", scheme="wgi"), register().resolve("WLD", scheme="wb")
        ('ROU', None)
        >>> register().resolve("345", scheme="gw", year=1991)
        'YUG'
        """
        if scheme not in SCHEMES:
            raise ValueError(f"scheme {scheme!r}: not one of {', '.join(SCHEMES)}")
        key = scheme, _key(code, scheme)
        if key in self._not:
            return None
        found = self._codes.get(key) or (self._codes.get(("iso3", code)) if scheme in ISO3_SCHEMES else None)
        if not found:
            raise UnknownCode(code, scheme, "not in the country register", self._hint(code, scheme))
        return self._in_year(found, code, scheme, year)

    def means(self, name: str, scheme: str = "name") -> str | None:
        """The ISO3 key a name (or a code) stands for; None for one the register does not know, or no country's.

        >>> register().means("Sierra\\u00a0Leone "), register().means("Freedonia")
        ('SLE', None)
        """
        try:
            return self.resolve(name, scheme)
        except UnknownCode:
            return None

    def why_not(self, code: str, scheme: str) -> str | None:
        """Why a listed code is not a country, for the count of rows left out; None for any other code."""
        return self._not.get((scheme, _key(code, scheme)))

    def name(self, iso3: str) -> str:
        """The common English name."""
        return self[iso3].name

    def region(self, iso3: str) -> str:
        """The World Bank region, '' where there is none."""
        return self[iso3].region

    def names(self) -> dict[str, str]:
        """ISO3 to common name, for every entry."""
        return {iso3: country.name for iso3, country in self._countries.items()}

    def exists(self, iso3: str, year: int) -> bool:
        """Whether the unit stood on its own in that calendar year; a candidate must."""
        return self[iso3].exists(year)

    def __getitem__(self, iso3: str) -> Country:
        if iso3 not in self._countries:
            raise UnknownCode(iso3, "iso3", "not in the country register", self._hint(iso3, "iso3"))
        return self._countries[iso3]

    def __contains__(self, iso3: object) -> bool:
        return iso3 in self._countries

    def __iter__(self) -> Iterator[str]:
        return iter(self._countries)

    def __len__(self) -> int:
        return len(self._countries)

    def _add(self, scheme: str, key: str, iso3: str) -> None:
        units = self._codes.setdefault((scheme, key), [])
        if iso3 not in units:
            units.append(iso3)

    def _in_year(self, found: list[str], code: str, scheme: str, year: int | None) -> str:
        if year is None:
            # The unit of today; a state that ended is asked for by its own code or with a year.
            standing = [iso3 for iso3 in found if self[iso3].end is None]
            return (standing or found)[0]
        if len(found) > 1:
            found = [iso3 for iso3 in found if self[iso3].exists(year)] or found
        ended = self[found[0]].end
        if ended is not None and year > ended:
            hint = f"{self.name(found[0])} ended in {ended}; the row says {year}"
            raise UnknownCode(code, scheme, "no country of that year in the register", hint)
        return found[0]

    def _hint(self, code: str, scheme: str) -> str:
        if scheme == "name":
            spelled = {key: iso3s[0] for (where, key), iso3s in self._codes.items() if where == "name"}
            near = difflib.get_close_matches(fold(code), spelled, n=1, cutoff=0.8)
            return f"nearest is {self.name(spelled[near[0]])}; names are never guessed" if near else ""
        if code.upper() != code and code.upper() in self:
            return "codes are written in capitals"
        return ""

    def _refuse_contradictions(self) -> None:
        for (scheme, key), found in self._codes.items():
            unknown = [iso3 for iso3 in found if iso3 not in self]
            rule = f"alias of an unknown key {unknown}" if unknown else ""
            if (scheme, key) in self._not:
                rule = f"listed as {found[0]} and as not a country"
            standing = [iso3 for iso3 in found if iso3 in self and self[iso3].end is None]
            if len(standing) > 1:
                rule = f"means several countries {standing}"
            if scheme not in SCHEMES:
                rule = "unknown scheme"
            if rule:
                raise DataError(Problem(str(self.folder), f"{scheme} {key}", rule))


@cache
def register() -> Register:
    """The shipped register, read once."""
    return Register(shipped("datasets") / "countries")


def named(word: str, where: str) -> str:
    """The ISO3 key of a country somebody names by its code, in any case, or by its name in full.

    Raises UsageError with the nearest names; `where` is the option or argument it was given as.

    >>> named("tun", "COUNTRY"), named("Sierra Leone", "COUNTRY")
    ('TUN', 'SLE')
    """
    known = register()
    if iso3 := known.means(word.strip().upper(), "iso3") or known.means(word.strip()):
        return iso3
    rule = "an ISO3 code or the name of a country"
    raise UsageError(Problem(where, "country", rule, word, _nearest(word, known.names())))


def _nearest(written: str, names: dict[str, str]) -> str:
    """The countries written most like it, as a question; empty where none is near."""
    codes = {code.casefold(): f"{code} ({name})" for code, name in names.items()}
    known = {name.casefold(): codes[code.casefold()] for code, name in names.items()} | codes
    close = difflib.get_close_matches(written.casefold(), known, n=3, cutoff=0.7)
    near = dict.fromkeys(known[key] for key in close)
    return f"did you mean {' or '.join(near)}?" if near else ""


def _key(code: str, scheme: str) -> str:
    return fold(code) if scheme == "name" else code


def _country(row: dict[str, str]) -> Country:
    said = {key: row[key] for key in ("iso3", "name", "region", "m49", "gw", "wgi_old")}
    start, end = (int(row[key]) if row[key] else None for key in ("from", "to"))
    return Country(**said, start=start, end=end)


def _rows(path: Path, *key: str) -> list[dict[str, str]]:
    """The rows of one register file, each key once."""
    rows = opened.rows(path)
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(rows, start=2):
        this = tuple(row[k] for k in key)
        if None in row or None in row.values() or this in seen:
            rule = "listed twice" if this in seen else "not the columns of the header"
            raise DataError(Problem(f"{path.name}:{number}", " ".join(map(str, this)), rule))
        seen.add(this)
    return rows
