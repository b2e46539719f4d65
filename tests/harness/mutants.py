"""One thing wrong in the engine's own code, and a test must notice: `make mutants` (MORE="score rank --sample 40").

    python tests/harness/mutants.py [MODULE ...] [--sample N] [--line N] [--first] [--list] [--limit SECONDS]

A mutant is a module with a single change: a comparison moved or turned, + for -, `and` for `or`, a number one more, a
sign or `not` dropped, a result that is None. It is put in the place of the module in a copy of the process, and the module's
examples and the tests named for it in TESTS are run until one fails: then it is killed. What no test notices survives
and is listed; EQUIVALENT names changes that alter nothing anybody can see, with the reason, and these are not counted.

Not part of `make test`: minutes a module. Works where processes can be forked, so not on Windows.
"""

from __future__ import annotations

import argparse
import ast
import copy
import math
import os
import random
import select
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from places import ROOT

FIRST = 30.0  # seconds given beside ten times what the tests take unchanged

# module -> the test files that hold it, the quick ones first
TESTS: dict[str, tuple[str, ...]] = {
    "method.scales": ("method_kernels", "properties"),
    "method.rank": ("method_kernels", "properties"),
    "method.score": ("method_kernels", "index", "properties", "stability"),
    "method.measures": ("method_kernels", "in_force", "flips", "properties"),
    "method.screen": ("method_kernels", "kinds_and_holds", "properties"),
    "method.evaluate": ("method_kernels", "kinds_and_holds", "in_force", "flips", "properties"),
    "policy.operators": ("operators", "method_kernels"),
    "data.intake.alone": ("intake_limits", "intake"),
    "data.intake.beside": ("intake_limits", "intake"),
    "data.intake.case": ("intake_limits", "intake"),
    "data.intake.missing": ("intake_limits", "intake"),
    "data.intake.rules": ("intake_limits", "intake"),
}
# minutes each, so not asked of every mutant; what they alone would notice counts as survived
SLOW = ("test_no_mutation_of_the_sample", "test_a_release_beside_the_one_before", "test_the_harness_sees")

# (module, a part of the line, what was changed) -> why nobody can see it
_SHORT, _LAST, _NAN = "a short cut to the same", "a difference in the last digits", "missing either way"
_WAY = "there is no third way"
EQUIVALENT: dict[tuple[str, str, str], str] = {
    ("method.scales", "if not (width > 0).all()", "0 -> 1"): _SHORT,
    ("method.scales", "np.where(even, 1.0, width)", "1.0 -> 2.0"): "divides what is replaced",
    ("method.rank", "tied = same &", "& -> |"): _SHORT,
    ("method.rank", "tied = same &", "< -> <="): _SHORT,
    ("method.rank", "np.where(new, place, 0)", "0 -> 1"): "the first place is 1",
    ("method.score", "absent = np.inf", "1.0 -> 2.0"): "weighs nothing",
    ("method.score", "reduce(np.minimum, weights) > 0", "0 -> 1"): _SHORT,
    ("method.score", "if abs(power) < 1e-12", "< -> <="): _LAST,
    ("method.score", "if abs(power) < 0.01", "< -> <="): _LAST,
    ("method.score", "if abs(power) < 0.01", "0.01 -> 1.01"): _LAST,
    ("method.score", "weights.reshape(-1", "1 -> 2"): "numpy reads any number below nought so",
    ("method.score", "tiny = np.finfo", "1.0 -> 2.0"): "below any value of a scale",
    ("method.score", "lost = -np.log", "- x -> x"): "only shares of it are taken",
    ("method.score", "lost = np.where(known, lost, 0.0)", "0.0 -> 1.0"): "weighs nothing",
    ("method.score", "share = np.where(all_lost == 0", "0 -> 1"): "nothing is lost, so nothing is shared out",
    (
        "method.score",
        "share = np.where(all_lost == 0",
        "0.0 -> 1.0",
    ): "nothing is lost, so nothing is shared out",
    (
        "method.score",
        "share = np.where(all_lost == 0",
        "1.0 -> 2.0",
    ): "nothing is lost, so nothing is shared out",
    ("method.score", "observed >= score.coverage - 1e-12", ">= -> >"): _LAST,
    ("method.score", "observed / _added(observed)", "/ -> *"): "a share of nothing",
    ("method.score", "np.where(observed > 0, share", "> -> >="): "a missing part brings nothing already",
    ("method.score", "fixed = len(ways.scales) == 1 or", "or -> and"): _SHORT,
    ("method.score", "np.empty((0, 0))", "0 -> 1"): "holds nothing, and is replaced",
    ("method.score", "np.empty_like(parts[0]", "0 -> 1"): "parts are of one kind and shape",
    ("method.evaluate", "default_factory=dict, repr=False", "False -> True"): "what is printed of a judge",
    ("method.evaluate", "holds, known =", "1 -> 2"): "missing in one draw is missing in all",
    ("method.evaluate", "holds, known =", "+ -> -"): _NAN,
    ("method.evaluate", "h = round((n - 1) * q, 9)", "9 -> 10"): _LAST,
    ("data.intake.alone", "'later' if by > 0", "> -> >="): _WAY,
    ("data.intake.beside", "'a year later' if by > 0", "> -> >="): _WAY,
    ("data.intake.beside", "if own < 0.9995", "0.9995 -> 1.9995"): _SHORT,
    ("data.intake.beside", "if own < 0.9995", "< -> <="): _SHORT,
    (
        "data.intake.beside",
        "wide = likeness.spread(y) or 1",
        "1 -> 2",
    ): "where all are one figure nobody trades",
    ("data.intake.beside", "near[t] > own - 0.02", "> -> >="): _SHORT,
    ("data.intake.beside", "near[t] > own - 0.02", "0.02 -> 1.02"): _SHORT,
}


@dataclass(frozen=True)
class Mutant:
    """One change: where, what, and the module's tree with it."""

    line: int
    what: str
    tree: ast.Module


SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
SHOWN = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not",
    ast.In: "in", ast.NotIn: "not in", ast.And: "and", ast.Or: "or", ast.Add: "+", ast.Sub: "-", ast.Mult: "*",
    ast.Div: "/", ast.Pow: "**", ast.FloorDiv: "//", ast.BitAnd: "&", ast.BitOr: "|",
}  # fmt: skip


def changes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    """What can be changed at a node: in words, and how to do it to a copy of the node."""

    def put(**fields: object) -> Callable[[ast.AST], None]:
        return lambda other: [setattr(other, key, value) for key, value in fields.items()] and None

    if isinstance(node, ast.Compare):
        for k, op in enumerate(node.ops):
            new = SWAPS[type(op)]
            ops = [new() if i == k else each for i, each in enumerate(node.ops)]
            yield f"{SHOWN[type(op)]} -> {SHOWN[new]}", put(ops=ops)
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in SWAPS:
        new = SWAPS[type(node.op)]
        yield f"{SHOWN[type(node.op)]} -> {SHOWN[new]}", put(op=new())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
        sign = {ast.Not: "not", ast.Invert: "~", ast.USub: "-"}[type(node.op)]
        yield f"{sign} x -> x", _bare
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        value = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{node.value} -> {value}", put(value=value)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return x -> return None", put(value=ast.Constant(None))


def _bare(node: ast.AST) -> None:
    """Makes of `not x`, `~x` or `-x` the x; a node cannot be taken away in place, so it becomes `x or x`."""
    assert isinstance(node, ast.UnaryOp)
    inner = node.operand
    node.__class__ = ast.IfExp  # type: ignore[assignment]
    node.__dict__.update(test=ast.Constant(True), body=inner, orelse=ast.Constant(None))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def sites(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of the code in order; annotations, decorators and text are no code, and `strict` only guards."""
    if isinstance(tree, ast.keyword) and tree.arg == "strict":
        return
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
                yield from sites(child)


def mutants(source: str) -> list[Mutant]:
    """Every single change of a module."""
    tree = ast.parse(source)
    found = []
    for k, node in enumerate(sites(tree)):
        for what, apply in changes(node):
            other = copy.deepcopy(tree)
            apply(next(each for i, each in enumerate(sites(other)) if i == k))
            found.append(Mutant(node.lineno, what, ast.fix_missing_locations(other)))
    return found


def put_in_place(module: str, tree: ast.Module) -> None:
    """Makes the module that is loaded the changed one, for everybody who took something from it too."""
    own = sys.modules[f"eligibility.{module}"]
    old = dict(vars(own))
    exec(compile(tree, str(own.__file__), "exec"), vars(own))
    new = {id(value): vars(own)[name] for name, value in old.items() if callable(value)}
    for other in list(sys.modules.values()):
        if not str(getattr(other, "__file__", "")).startswith(str(ROOT)) or other is own:
            continue
        for key, value in list(vars(other).items()):
            if id(value) in new:
                setattr(other, key, new[id(value)])
            elif key in old and value is old[key] and not isinstance(value, ModuleType):
                setattr(other, key, vars(own)[key])  # a number taken by its name


class Trial:
    """Takes the place of pytest's loop: the tests are collected once, and tried in a copy of the process a mutant."""

    def __init__(self, module: str, then: Callable[[Trial], None]):
        self.module, self.then = module, then
        self.items: list[pytest.Item] = []
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = session.items
        self.then(self)
        return True

    def noticed(self, tree: ast.Module | None, limit: float) -> bool:
        """Whether a test failed, or was not done in time."""
        ended, held = os.pipe()  # held by the child alone, so that its end is something to wait for
        child = os.fork()
        if not child:
            os.setpgid(0, 0)
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            try:
                os._exit(self._failing(tree))
            finally:
                os._exit(1)
        os.close(held)
        in_time, _, _ = select.select([ended], [], [], limit)
        os.close(ended)
        if not in_time:
            os.killpg(child, signal.SIGKILL)
        return os.waitpid(child, 0)[1] != 0

    def _failing(self, tree: ast.Module | None) -> int:
        if tree is not None:
            put_in_place(self.module, tree)
        for item, following in zip(self.items, [*self.items[1:], None], strict=True):
            if example := getattr(item, "dtest", None):
                example.globs.update(vars(sys.modules[f"eligibility.{self.module}"]))
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return 1
        return 0


def why_equal(module: str, line: str, what: str) -> str:
    """Why a change alters nothing, or "" where it does."""
    return next(
        (
            why
            for (of, part, said), why in EQUIVALENT.items()
            if of == module and part in line and said == what
        ),
        "",
    )


def tried(module: str, some: list[Mutant], lines: list[str], most: int | None, until: float) -> Counter[str]:
    """How many of some mutants of a module are killed, survive or alter nothing; those that survive are told."""
    count: Counter[str] = Counter()

    def each(trial: Trial) -> None:
        begun = time.monotonic()
        if trial.noticed(None, 3600.0):
            raise SystemExit(f"{module}: its tests fail as it stands")
        limit = 10 * (time.monotonic() - begun) + FIRST
        for m in some:
            if time.monotonic() > until:
                break
            line = lines[m.line - 1].strip()
            if why_equal(module, line, m.what):
                count["equal"] += 1
            elif trial.noticed(m.tree, limit):
                count["killed"] += 1
            else:
                count["survived"] += 1
                print(f"{module}:{m.line}: {m.what} survives    {line}", flush=True)

    files = [place(module), *(next(ROOT.glob(f"tests/*/test_{name}.py")) for name in TESTS[module][:most])]
    pytest.main(
        [
            "-qq",
            "-s",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "-k",
            f"not ({' or '.join(SLOW)})",
            *map(str, files),
        ],
        plugins=[Trial(module, each)],
    )
    return count


def place(module: str) -> Path:
    """The file of a module."""
    return ROOT / "eligibility" / f"{module.replace('.', '/')}.py"


def main() -> int:
    """Tries the mutants of the modules asked for, tells those that survive, then a table."""
    ask = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    ask.add_argument("modules", nargs="*", help=f"of {', '.join(TESTS)}; a last word of one will do")
    ask.add_argument(
        "--sample", type=int, default=0, help="so many mutants a module, drawn with a fixed seed"
    )
    ask.add_argument("--line", type=int, default=0, help="only those of this line")
    ask.add_argument("--first", action="store_true", help="ask only the first test file of each module")
    ask.add_argument("--list", action="store_true", help="name them and try none")
    ask.add_argument(
        "--limit", type=float, default=math.inf, help="seconds after which no further one is tried"
    )
    told = ask.parse_args()
    until, rows = time.monotonic() + told.limit, []
    os.chdir(ROOT)
    for module in TESTS:
        if told.modules and not {module, module.rpartition(".")[2]} & set(told.modules):
            continue
        source = place(module).read_text(encoding="utf-8")
        lines, every = source.split("\n"), mutants(source)
        some = [m for m in every if told.line in (0, m.line)]
        if 0 < told.sample < len(some):
            some = sorted(random.Random(module).sample(some, told.sample), key=lambda m: m.line)
        if told.list:
            print("\n".join(f"{module}:{m.line}: {m.what}    {lines[m.line - 1].strip()}" for m in some))
            continue
        count = tried(module, some, lines, 1 if told.first else None, until)
        rows.append(_row(module, len(every), count))
    if rows:
        print("\n".join([_HEAD, *rows]))
    return 0


_HEAD = "module             mutants  tried  killed  survived  alter nothing  killed of those tried"


def _row(module: str, every: int, count: Counter[str]) -> str:
    met = count["killed"] + count["survived"]
    share = f"{100 * count['killed'] / met:.0f}%" if met else "-"
    return f"{module:<18} {every:>7} {met:>6} {count['killed']:>7} {count['survived']:>9} {count['equal']:>14}  {share}"


if __name__ == "__main__":
    sys.exit(main())
