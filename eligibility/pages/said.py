"""A sentence that carries its facts.

>>> say("sure.next.none", p=0.25).text
'No other country has a chance above 25%.'
>>> say("sure.next.none", p=0.25).facts
{'p': 0.25}
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from pydantic import BaseModel

from eligibility.pages.phrases import PHRASES
from eligibility.pages.wording import (
    among,
    capital,
    counted,
    day,
    listed,
    number,
    ordinal,
    percent,
    plain,
    signed,
    spelled,
)


@dataclass(frozen=True)
class Said:
    """One phrase of the catalogue and the facts that stand in it; two are equal where both agree."""

    phrase: str
    given: tuple[tuple[str, Any], ...]

    @property
    def facts(self) -> dict[str, Any]:
        """Name of a place in the phrase -> what stands there: a number, a word, a date, another sentence."""
        return dict(self.given)

    @property
    def text(self) -> str:
        """The sentence; **so** marks what a page prints bold."""
        return self.written(WRITER)

    def written(self, writer: Writer) -> str:
        """The sentence as a writer writes it."""
        return writer.vformat(PHRASES[self.phrase], (), writer.facts(self))

    @property
    def plain(self) -> str:
        """The sentence without marks."""
        return self.text.replace("**", "")

    def __str__(self) -> str:
        return self.plain

    def within(self) -> Iterator[Said]:
        """The sentence and those that stand in it."""
        yield self
        for _, fact in self.given:
            for part in fact if isinstance(fact, tuple) else (fact,):
                if isinstance(part, Said):
                    yield from part.within()


NOTHING = Said("nothing", ())


def say(phrase: str, /, **facts: Any) -> Said:
    """The sentence of a phrase with these facts; KeyError for a phrase that is not in the catalogue."""
    if phrase not in PHRASES:
        raise KeyError(f"no phrase {phrase!r} in the catalogue (pages/phrases.py and *_phrases.py beside it)")
    wanted = places(phrase)
    if wanted != facts.keys():
        raise KeyError(f"phrase {phrase!r} has places for {sorted(wanted)}, not for {sorted(facts)}")
    return Said(phrase, tuple(facts.items()))


def tell(phrase: str, /, **facts: Any) -> Said:
    """The sentence of a phrase with those of these facts that it has places for."""
    wanted = places(phrase)
    return say(phrase, **{key: fact for key, fact in facts.items() if key in wanted})


def places(phrase: str) -> set[str]:
    """The names of the places of a phrase."""
    return {name for _, name, _, _ in WRITER.parse(PHRASES[phrase]) if name}


def _text(x: Any, writer: Writer) -> str:
    """What stands in a place: a sentence in a sentence is written by the same writer."""
    return x.written(writer) if isinstance(x, Said) else plain(x)


FORMS: Mapping[str, Callable[[Any, Writer], str]] = {
    "": _text,
    "cap": lambda x, w: capital(_text(x, w)),
    "n": lambda x, w: f"{x:,}",
    "g": lambda x, w: f"{x:g}",
    "word": lambda x, w: spelled(x),
    "Word": lambda x, w: capital(spelled(x)),
    "none": lambda x, w: spelled(x) if x else "none",
    "None": lambda x, w: capital(spelled(x)) if x else "None",
    "%": lambda x, w: percent(x),
    "0%": lambda x, w: f"{100 * x:.0f}%",
    "100": lambda x, w: f"{100 * x:.0f}",
    "th": lambda x, w: ordinal(x),
    "day": lambda x, w: day(x),
    "date": lambda x, w: f"{x.day} {x:%b} {x.year}",
    "list": lambda x, w: listed(_text(y, w) for y in x),
    "or": lambda x, w: listed((_text(y, w) for y in x), "or"),
    "semi": lambda x, w: "; ".join(_text(y, w) for y in x),
    "dots": lambda x, w: " · ".join(_text(y, w) for y in x),
    "tenth": lambda x, w: "<0.1" if 0 < x < 0.05 else number(x, 1),
    "errors": lambda x, w: f"{'less than 0.1' if 0 < x < 0.05 else number(x, 1)} margins of error",
    "about": lambda x, w: spelled(round(x)) if round(x) else "none",
}


class Writer(string.Formatter):
    """Writes each fact in the form its place asks for: `{p:%}`, `{n:word}`, `{day:day}`, `{x:2}`, `{x:+2}`, `{n:country|countries}`,
    of a tuple by how many it holds, `{year:g}` of a year (`{year:0}` would part its thousands), `{n:all}` for both or all three, `{who:Among country/countries}` of a pair, so many of so many.
    """

    def format_field(self, value: Any, form: str) -> str:
        if form in ("all", "All"):
            every = "both" if value == 2 else f"all {self.mark(value, spelled(value))}"
            return capital(every) if form == "All" else every
        text = self._formed(value, form)
        return text if "|" in form else self.mark(value, text)  # a word chosen by a number is none

    def facts(self, said: Said) -> dict[str, Any]:
        """The facts of a sentence; a writer for pages adds the paths that follow from their places."""
        return said.facts

    def mark(self, value: Any, text: str) -> str:
        """A fact as written; a writer for pages sets apart what has a path."""
        return text

    def _formed(self, value: Any, form: str) -> str:
        if form in FORMS:
            return FORMS[form](value, self)
        if "|" in form:
            one, many = form.split("|")
            return one if (len(value) if isinstance(value, tuple) else round(value)) == 1 else many
        if form.startswith("of "):
            return counted(value, *form.removeprefix("of ").split("/"))
        if form.startswith("Among "):
            return capital(among(*value, *form.removeprefix("Among ").split("/")))
        return (signed if form.startswith("+") else number)(value, int(form.lstrip("+")))


WRITER = Writer()


class Located(float):
    """A number with its path, as `explain` takes it: "TUN score". What is worked out from it is a plain number.

    >>> p = Located(0.25, "TUN p_eligible")
    >>> p == 0.25, p.at, type(1 - p).__name__
    (True, 'TUN p_eligible', 'float')
    """

    __slots__ = ("at",)
    at: str

    def __new__(cls, value: float, at: str) -> Located:
        made = super().__new__(cls, value)
        made.at = at
        return made

    def __reduce__(self):
        return Located, (float(self), self.at)


class Count(int):
    """A count with its path, as `explain` takes it: "run counts.eligible".

    >>> n = Count(3, "run counts.eligible")
    >>> n == 3, n.at, type(n + 1).__name__
    (True, 'run counts.eligible', 'int')
    """

    at: str

    def __new__(cls, value: int, at: str) -> Count:
        made = super().__new__(cls, value)
        made.at = at
        return made

    def __reduce__(self):
        return Count, (int(self), self.at)


def located(value: Any, at: str) -> Any:
    """The same number with a path: a count stays one."""
    return Count(value, at) if isinstance(value, int) else Located(value, at)


def unsigned(x: float) -> float:
    """How large a number is where words say which way, with the path of the number.

    >>> unsigned(Located(-0.32, "TUN score")).at
    'TUN score'
    """
    return located(abs(x), x.at) if isinstance(x, (Located, Count)) else abs(x)


def placed(made: Any, at: str, called: Mapping[str, str]) -> Any:
    """The same value in which every number has a path: at.FIELD, at.KEY, at[0].

    called   what a field is called in a path, where it is not by its own name; "" where it is left out

    >>> placed({"sd": (0.5, "of what")}, "review teach", {"sd": "error"})["sd"][0].at
    'review teach.error[0]'
    """
    under = lambda key: f"{at}.{name}" if (name := called.get(key, key)) else at  # noqa: E731
    if isinstance(made, (int, float)) and not isinstance(made, bool):
        return located(made, at) if made == made else made
    if isinstance(made, Mapping):
        return {key: placed(part, under(key), called) for key, part in made.items()}
    within = lambda keys: {key: placed(getattr(made, key), under(key), called) for key in keys}  # noqa: E731
    if hasattr(made, "_fields"):
        return made._replace(**within(made._fields))
    if isinstance(made, BaseModel):
        return made.model_copy(update=within(type(made).model_fields))
    if is_dataclass(made) and not isinstance(made, type):
        return replace(made, **within(f.name for f in fields(made)))
    if isinstance(made, (list, tuple)):
        return type(made)(placed(part, f"{at}[{i}]", called) for i, part in enumerate(made))
    return made


def derived(value: float, of: float, end: str) -> float:
    """A number made of one that has a path, with a path beside it: its own end in place of the other's.

    >>> derived(0.4, Count(2, "review rows[0].caught"), "share").at
    'review rows[0].share'
    """
    at = getattr(of, "at", "").rpartition(".")[0]
    return located(value, f"{at}.{end}") if at and value == value else value


@dataclass(frozen=True)
class Figure:
    """A number with the unit and decimals it is written in: "0.71", "22 per 1,000", "electoral democracy"."""

    value: float
    decimals: int = 2
    name: str = ""  # of a class
    sign: bool = False

    @property
    def text(self) -> str:
        """As it is printed."""
        return self.name or (signed if self.sign else number)(self.value, self.decimals)

    @property
    def at(self) -> str:
        """The path of its number; "" where it has none."""
        return getattr(self.value, "at", "")

    def __str__(self) -> str:
        return self.text
