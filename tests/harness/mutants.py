"""One thing wrong in the engine's own code, and a test must notice: `make mutants` (MORE="score rank --sample 40").

    python tests/harness/mutants.py [MODULE ...] [--sample N] [--draw N] [--line N] [--first] [--list] [--limit SECONDS]

A mutant is a module with a single change (changed.py). It is put in the place of the module in a copy of the process, and the module's
examples and the tests named for it in TESTS are run until one fails: then it is killed. Those that enter the changed
function are asked, the quickest first; all are, where it is in no function. What no test notices survives
and is listed; equivalent.py names changes that alter nothing anybody can see, with the reason, and these are not counted.

Not part of `make test`: minutes a module. Works where processes can be forked, so not on Windows.
"""

from __future__ import annotations

import argparse
import ast
import json
import math
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from graphlib import TopologicalSorter
from pathlib import Path
from types import FrameType, ModuleType

import pytest
from changed import Mutant, mutants
from equivalent import EQUIVALENT
from places import ROOT

FIRST = 5.0  # seconds given beside four times what the tests take unchanged

# module -> the test files that hold it, the quick ones first
TESTS: dict[str, tuple[str, ...]] = {
    "method.scales": ("method_kernels", "properties"),
    "method.rank": ("method_kernels", "properties"),
    "method.score": ("method_kernels", "index", "properties", "stability"),
    "method.measures": ("method_kernels", "in_force", "flips", "properties"),
    "method.screen": ("method_kernels", "kinds_and_holds", "properties"),
    "method.evaluate": ("method_kernels", "kinds_and_holds", "in_force", "flips", "properties"),
    "policy.operators": ("operators", "method_kernels"),
    "method.decision": ("decision",),
    "method.portfolio": ("portfolio",),
    "method.hold": ("kinds_and_holds",),
    "method.vintages": ("vintages",),
    "method.peers": ("peers", "in_force"),
    "method.flips": ("flips",),
    "method.firmness": ("firmness", "kinds_and_holds"),
    "method.stability": ("stability",),
    "method.leaving": ("audit",),
    "method.cohorts": ("record",),
    "method.alarms": ("alarms",),
    "method.impute": ("impute",),
    "method.measurement_error": ("measurement_error", "firmness"),
    "method.streams": ("choices", "impute", "measurement_error"),
    "method.rounds": ("measurement_error",),
    "method.resamples": ("alarms",),
    "method.importance": ("importance",),
    "method.structure": ("structure",),
    "policy.walk": ("walk", "when_in_force", "in_force"),
    "policy.requirements": ("criteria", "marks_and_lists", "kinds_and_holds"),
    "policy.gates": ("criteria", "marks_and_lists", "kinds_and_holds"),
    "policy.scoring": ("criteria",),
    "policy.fiscal": ("fiscal",),
    "policy.limits": ("limits",),
    "policy.quantities": ("criteria", "marks_and_lists", "kinds_and_holds"),
    "policy.doubts": ("criteria", "open_choices"),
    "data.cells": ("panel",),
    "data.panel": ("panel", "vintages", "import"),
    "data.intake": ("intake",),
    "data.intake.alone": ("intake_limits", "intake"),
    "data.intake.beside": ("intake_limits", "intake"),
    "data.intake.case": ("intake_limits", "intake"),
    "data.intake.missing": ("intake_limits", "intake"),
    "data.intake.rules": ("intake_limits", "intake"),
}
# minutes each, so not asked of every mutant; what they alone would notice counts as survived
SLOW = ("test_no_mutation_of_the_sample", "test_a_release_beside_the_one_before", "test_the_harness_sees",
        "test_the_value_as_printed_turns_the_gate", "test_the_example_of_the_documents_shows", "test_many_problems_take",
        "test_a_comparison_solves_them", "test_the_commands_know_the_keys", "test_every_sentence_of_the_briefing",
        "test_ten_thousand_draws_are", "test_a_sentence_that_is_not_true")  # fmt: skip
SEEDS = 6  # of a test of many seeds, so many of them


def put_in_place(module: str, tree: ast.Module) -> None:
    """Makes the module that is loaded the changed one, for everybody who took something from it too."""
    new: dict[int, object] = {}
    held, named = [], {}  # what is replaced is kept, or its number could be given anew
    for name in (module, *_made_of(module)):
        own = sys.modules[f"eligibility.{name}"]
        old = dict(vars(own))
        held.append(old)
        code = tree if name == module else ast.parse(place(name).read_text(encoding="utf-8"))
        exec(compile(code, str(own.__file__), "exec"), vars(own))
        new |= {id(value): vars(own)[key] for key, value in old.items() if _own(value)}
        named |= {(key, id(value)): vars(own)[key] for key, value in old.items() if not key.startswith("__")}
    for other in list(sys.modules.values()):
        if not str(getattr(other, "__file__", "")).startswith(str(ROOT)):
            continue
        for key, value in list(vars(other).items()):
            if id(value) in new:
                setattr(other, key, new[id(value)])
            elif (key, id(value)) in named and not isinstance(value, ModuleType):
                setattr(other, key, named[key, id(value)])  # a number taken by its name


def _own(value: object) -> bool:
    """Whether it is a function or class of the engine, rather than one that it took from elsewhere."""
    return callable(value) and str(getattr(value, "__module__", "")).startswith("eligibility.")


def _made_of(module: str) -> list[str]:
    """What of policy and language was made of a module of policy when it was loaded, what others are made of first."""
    if not module.startswith("policy."):
        return []
    takes: dict[str, set[str]] = {}
    for path in sorted(ROOT.glob("eligibility/policy/*.py")) + sorted(ROOT.glob("eligibility/language/*.py")):
        name = f"{path.parent.name}.{path.stem}"
        if f"eligibility.{name}" in sys.modules:
            froms = (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ImportFrom))
            words = (f"{n.module}.{each.name}".split(".")[1:3] for n in froms for each in n.names)
            takes[name] = {".".join(word) for word in words}
    order = [name for name in TopologicalSorter(takes).static_order() if name in takes]
    changed = {module}
    for name in order:
        if takes[name] & changed:
            changed.add(name)
    return [name for name in order if name in changed - {module}]


class Trial:
    """Takes the place of pytest's loop: the tests are collected once, and tried in a copy of the process a mutant."""

    def __init__(self, module: str, then: Callable[[Trial], None]):
        self.module, self.then = module, then
        self.items: list[pytest.Item] = []
        self.entered: list[tuple[float, list[int]]] = []  # of each test: seconds, first lines of functions
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        many: Counter[object] = Counter()
        for item in list(items):
            of = getattr(item, "callspec", None)
            if of and all(isinstance(value, int) for value in of.params.values()):
                many[item.nodeid.partition("[")[0]] += 1
                if many[item.nodeid.partition("[")[0]] > SEEDS:
                    items.remove(item)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = session.items
        self.then(self)
        return True

    def learn(self, tree: ast.Module) -> None:
        """Runs every test with the module put in its own place, so that it is seen which enter which function.

        One that fails so is asked no more: it holds things made of the module as it was when the test was read.
        """
        with tempfile.NamedTemporaryFile("r") as told:
            self.noticed(tree, self.items, Path(told.name))
            found = json.load(told)
        kept = [(item, seen) for item, (failed, seen) in zip(self.items, found, strict=True) if not failed]
        if len(kept) < len(self.items):
            print(
                f"{self.module}: {len(self.items) - len(kept)} of {len(self.items)} tests cannot be asked",
                flush=True,
            )
        self.items, self.entered = [item for item, _ in kept], [seen for _, seen in kept]

    def order(self, within: range) -> list[pytest.Item]:
        """The tests that enter a function, the quickest first, then those that share a fixture with one; all, outside of any."""
        of = sorted(
            (took, k) for k, (took, lines) in enumerate(self.entered) if not within or {*lines} & {*within}
        )
        first = [self.items[k] for _, k in of]
        kept = {each for item in first for each in _kept(item)}
        return first + [item for item in self.items if item not in first and _kept(item) & kept]

    def noticed(self, tree: ast.Module, items: list[pytest.Item], tell: Path | None = None) -> bool:
        """Whether a test failed, or did not come to an end."""
        child = os.fork()
        if not child:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            try:
                if tell is None:  # time of the processor, so that a busy machine kills nothing
                    took = sum(self.entered[self.items.index(item)][0] for item in items)
                    resource.setrlimit(resource.RLIMIT_CPU, (int(4 * took + FIRST),) * 2)
                os._exit(self._failing(tree, items, tell))
            finally:
                os._exit(1)
        return os.waitpid(child, 0)[1] != 0

    def _failing(self, tree: ast.Module, items: list[pytest.Item], tell: Path | None) -> int:
        put_in_place(self.module, tree)
        file, entered, now = str(place(self.module)), [], set[int]()

        def seen(frame: FrameType, event: str, arg: object) -> None:
            if frame.f_code.co_filename == file:
                now.add(frame.f_code.co_firstlineno)

        for item, following in zip(items, [*items[1:], None], strict=True):
            if example := getattr(item, "dtest", None):
                example.globs.update(vars(sys.modules[f"eligibility.{self.module}"]))
            begun = time.process_time()
            sys.settrace(seen if tell else None)
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            sys.settrace(None)
            entered.append((self.failed, (time.process_time() - begun, sorted(now))))
            now.clear()
            if self.failed and not tell:
                return 1
            self.failed = False
        if tell:
            tell.write_text(json.dumps(entered), encoding="utf-8")
        return 0


def _kept(item: pytest.Item) -> set[object]:
    """The fixtures of the test files that a test has in common with others: made once, by whichever asks first."""
    info = getattr(item, "_fixtureinfo", None)
    every = [fixture for named in info.name2fixturedefs.values() for fixture in named] if info else []
    return {f.func for f in every if f.scope != "function" and not f.func.__module__.startswith("_pytest")}


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


def tried(module: str, some: list[Mutant], source: str, most: int | None, until: float) -> Counter[str]:
    """How many of some mutants of a module are killed, survive or alter nothing; those that survive are told."""
    count: Counter[str] = Counter()
    lines = source.split("\n")

    def each(trial: Trial) -> None:
        trial.learn(ast.parse(source))
        for m in some:
            if time.monotonic() > until:
                break
            line = lines[m.line - 1].strip()
            if why_equal(module, line, m.what):
                count["equal"] += 1
            elif trial.noticed(m.tree(source), trial.order(m.within)):
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
    path = ROOT / "eligibility" / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def main() -> int:
    """Tries the mutants of the modules asked for, tells those that survive, then a table."""
    ask = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    ask.add_argument("modules", nargs="*", help=f"of {', '.join(TESTS)}; a last word of one will do")
    ask.add_argument(
        "--sample", type=int, default=0, help="so many mutants a module, drawn with a fixed seed"
    )
    ask.add_argument("--draw", type=int, default=1, help="which sample: another number draws another one")
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
            some = sorted(
                random.Random(f"{module} {told.draw}").sample(some, told.sample), key=lambda m: m.line
            )
        if told.list:
            print("\n".join(f"{module}:{m.line}: {m.what}    {lines[m.line - 1].strip()}" for m in some))
            continue
        count = tried(module, some, source, 1 if told.first else None, until)
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
