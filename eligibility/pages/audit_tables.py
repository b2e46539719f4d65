"""Tables of the audit that stand behind its findings: correlations, the ranking without each part, every choice, coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from eligibility.analysis.soundness import Soundness
from eligibility.pages import charts, remarks
from eligibility.pages.blocks import Block, Cell, Column, Drawing, Row, Section, Sign, Table, Text
from eligibility.pages.facts import Facts
from eligibility.pages.glossary import explained
from eligibility.pages.remarks import POINTS, called
from eligibility.pages.said import Figure, located, say
from eligibility.pages.wording import counted, listed, missing, number, percent, plain, spelled

SHADES = (0.3, 0.6, 0.8, 0.92)  # where a correlation's cell turns a shade darker
WORDS = frozenset(  # columns that hold no numbers
    "kind finding part figure bars doubt error moves test country inside one rival to right option without which most turn".split()
)  # fmt: skip


def columns(*kinds: str, spare: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """Columns by the names of their headings; `spare` are those left out where there is no room."""
    made = []
    for k, kind in enumerate(kinds):
        head = say(f"audit.head.{kind}")
        label = head if k and kind not in ("bars", "finding") else None
        made.append(Column(head, kind not in WORDS, label, f"a-{kind.partition('.')[0]}", kind in spare))
    return tuple(made)


def placed_at(x: float, at: str) -> float:
    """The same number with its path in the audit."""
    return located(x, f"audit {at}")


def shown(x: float, at: str, written: Callable[[float], str]) -> Figure | str:
    """A number with its path in the audit, as it is written; a dash where there is none."""
    return "–" if missing(x) else Figure(placed_at(x, at), name=written(x))


def number_of(x: float, at: str, decimals: int = 2) -> Figure | str:
    return shown(x, at, lambda x: number(x, decimals))


def at_share(x: float, at: str, written: Callable[[float], str] | None = None) -> Figure | str:
    """A weight or a share in whole points, negative ones too."""
    return shown(x, at, written or (lambda x: f"{number(POINTS * x, 0)}%"))


def points(change: float, at: str) -> Figure | str:
    """How many points of weight move, of a change counted where it leaves and where it comes."""
    return shown(POINTS * change / 2, at, lambda x: number(x, 1))


def sections(facts: Facts, sound: Soundness) -> Iterator[Section]:
    """The tables there are."""
    if len(sound.audit.correlation):
        sense = Text((say("audit.together.sense"),))
        notes = (say("audit.heat.note", shades=SHADES, top=SHADES[-1]),)
        blocks = (sense, _heat(facts, sound), Text(notes, note=True), _pillars(facts, sound))
        told = say("rule.text", text=explained("First component", "With the rest", "A tenth off"))
        last = Text((told,), note=True)
        yield Section("together", say("audit.together"), (*blocks, last), new_page=True)
    for made in (_left_out(facts, sound), _choices(sound), _coverage(facts, sound)):
        if made:
            yield made


def _heat(facts: Facts, sound: Soundness) -> Table:
    """Correlations of every figure with those before it, with every part and with the score."""
    own, rows, seen = sound.audit, [], ""
    paths, wholes = list(own.correlation.columns), list(own.to_pillar.columns)
    for i, path in enumerate(paths):
        pillar = next(p for p, c in facts.components if c.path == path)
        name = say("audit.heat.name", n=f"{i + 1}", name=called(facts, path))
        head = Cell(name, below=say("name", name=called(facts, pillar.id)) if pillar.id != seen else "")
        seen = pillar.id
        before = [_shaded(own.correlation.at[path, p], f"correlation.{path}.{p}") for p in paths[:i]]
        to = [_shaded(own.to_pillar.at[path, p], f"correlation_with_pillars.{path}.{p}") for p in wholes]
        score = _shaded(sound.with_score[path], f"indicators_with_score.{path}")
        rows.append(Row((head, *before, *[Cell()] * (len(paths) - i), *to, score)))
    labels = [f"{i + 1}" for i in range(len(paths))]
    heads = [*((label, "") for label in labels), *((called(facts, p), "a-whole") for p in wholes)]
    across = (
        Column(say("audit.head.figure"), kind="a-figure"),
        *(Column(say("name", name=head), True, kind=kind) for head, kind in heads),
        Column(say("audit.head.score"), True, kind="a-whole"),
    )
    return Table("heat", say("audit.heat.table"), across, tuple(rows), say("audit.heat.caption"), kind="heat")


def _shaded(r: float, at: str) -> Cell:
    """A correlation as printed and shaded; one below nought is marked by more than its shade."""
    shade = "neg" if r < 0 else str(sum(r > limit for limit in SHADES))
    return Cell(number_of(r, at), shade=shade)


def _pillars(facts: Facts, sound: Soundness) -> Table:
    """How the figures of each part go together, and the part with the others."""
    forms: dict[str, Callable[[float], str]] = {"share": percent, "alpha": number, "first": percent, "rest": number, "moved": percent, "moved_ranked": percent}  # fmt: skip
    rows = []
    for p in facts.pillars:
        held, at = sound.audit.pillar.loc[p.id], f"pillars.{p.id}"
        count = shown(len(p.components), f"{at}.indicators", str)
        told = (count, *(shown(held[key], f"{at}.{key}", form) for key, form in forms.items()))
        rows.append(Row((Cell(called(facts, p.id)), *map(Cell, told))))
    across = columns("part", "figures", "known", "alpha", "first", "rest", "off", "off.ranked")
    label = say("audit.pillars")
    return Table("pillars", say("audit.pillars.table"), across, tuple(rows), label, kind="list")


def _left_out(facts: Facts, sound: Soundness) -> Section | None:
    """The ranking without each part: mean shift, who moves most, what of the shortlist is kept, who comes and goes."""
    names = lambda codes: listed(facts.names[c] for c in codes)  # noqa: E731
    rows, shortlisted = [], bool(facts.criteria.shortlist)
    for k, row in enumerate(sound.audit.left_out.to_dict("records")):
        at, what = f"left_out[{k}]", (called(facts, row["subject"]), remarks.KINDS[row["kind"]])
        if not row["scored"]:
            cells = [Cell(say("audit.left-out.unscored")), *[Cell()] * (3 if shortlisted else 1)]
        else:
            most = f"{facts.names[row['most_of']]}, {int(row['most'])}" if row["most_of"] else "nobody"
            size, ways = len(facts.result.ranking.shortlist), (("in", "enters"), ("out", "leaves"))
            kept = "" if missing(row["kept"]) else f"{int(row['kept'])} of {size}"
            turn = "; ".join(f"{way}: {names(row[of])}" for way, of in ways if row[of])
            shift = number_of(row["shift"], f"{at}.shift", 1)
            cells = [Cell(shift), Cell(most, at=f"audit {at}.most")]
            if shortlisted:
                cells += [Cell(kept, at=f"audit {at}.kept" if kept else ""), Cell(turn)]
        rows.append(Row((*map(Cell, what), *cells)))
    if not rows:
        return None
    across = columns("without", "which", "shift", "most", *(("kept", "turn") if shortlisted else ()))
    table = Table("left-out", say("audit.left-out.table"), across, tuple(rows), kind="list")
    return Section("left-out", say("audit.left-out.title"), (Text((say("audit.left-out.sense"),)), table))


def _choices(sound: Soundness) -> Section | None:
    """Every option of every choice, with the share of readings that match where it is taken."""
    own, rows = sound.curve, list[Row]()
    if own is None:
        return None
    largest = max(float(own.by_option["right"].max()), own.share, 1e-9)
    for choice, options in own.by_option.groupby("choice", sort=False):
        rows.append(Row((Cell(plain(own.titles[choice]), span=4),), heading=True))
        for i, (k, row) in enumerate(options.iterrows()):
            name, at = plain(row["option"]), f"curve.by_option[{k}]"
            right = shown(row["right"], f"{at}.right", percent)
            alt = say("audit.option.alt", name=name, p=right)
            drawn = Drawing("share", charts.share(row["right"], own.share, largest), alt)
            first = Cell(name, below="" if i else say("audit.option.written"))
            admitted = number_of(row["admitted"], f"{at}.admitted", 0)
            rows.append(Row((first, Cell(drawing=drawn), Cell(right), Cell(admitted))))
    key = (Sign("dot", say("audit.key.option")), Sign("line", say("audit.key.all")))
    across = columns("option", "bars", "match", "admitted")
    label, caption = say("audit.choices.table"), say("audit.choices.caption")
    table = Table("choices", label, across, tuple(rows), caption, kind="list grid", key=key)
    return Section("choices", say("audit.choices"), (table,), new_page=True)


def _coverage(facts: Facts, sound: Soundness) -> Section:
    """Of how many countries each figure is known, of each peer group, and how many values are carried on."""
    own, rows = sound.audit, []
    groups = tuple(own.by_group.columns)
    for i, row in own.coverage.iterrows():
        carried, at = int(row["carried"]), f"coverage.{i}"
        rows.append(
            Row((
                Cell(called(facts, i)),
                Cell(shown(int(row["known"]), f"{at}.known", str)),
                Cell(shown(row["share"], f"{at}.share", percent)),
                Cell(shown(carried, f"{at}.carried", lambda n: counted(int(n), "value") if n else spelled(0))),
                *(Cell(shown(own.by_group.at[i, g], f"coverage_by_group.{i}.{g}", percent)) for g in groups),
            ))
        )  # fmt: skip
    of_groups = ((say("name", name=facts.groups[g])) for g in groups)
    across = (
        *columns("figure", "countries", "share", "carried"),
        *(Column(head, True, head) for head in of_groups),
    )
    table = Table("coverage", say("audit.coverage.table"), across, tuple(rows), kind="list")
    told: tuple[Block, ...] = (
        Text((say("audit.coverage.sense"),)),
        table,
        Text((say("audit.coverage.note"),), note=True),
    )
    return Section("coverage", say("audit.coverage.title"), told)
