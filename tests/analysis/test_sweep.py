"""Many rounds in one table: the same bytes wherever they are run, and nothing done twice."""

from __future__ import annotations

import csv
import io
import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from peak import told
from places import PATHS, ROOT

from eligibility.analysis import sweep
from eligibility.cli.commands import shell
from eligibility.errors import IntegrityError, UsageError
from eligibility.method import provenance, run

DATES = (date(2015, 7, 1), date(2016, 7, 1))
ENV = os.environ | {"PYTHONPATH": str(ROOT)}


def asked(**more) -> sweep.Plan:
    """Two shipped sets at two dates, few draws."""
    return sweep.plan(("peacetime-pilots", "hdi"), DATES, draws=60, **more)


def table(plan: sweep.Plan, out: Path | None = None, **more) -> str:
    """The table of a sweep; `more` says where the work is done."""
    return list(sweep.sweep(plan, out, **{"jobs": 1, "backend": "threading", **more}))[-1]


@pytest.fixture(scope="module")
def usual() -> str:
    """The table, one cell after another in this process."""
    return table(asked())


def test_a_cell_is_what_screen_says(usual):
    """Every column of every row against the round itself."""
    result = run.run("peacetime-pilots", DATES[1], draws=60)
    mine = [r for r in csv.DictReader(io.StringIO(usual)) if r["criteria"] == "peacetime-pilots"]
    mine = [r for r in mine if r["as_of"] == DATES[1].isoformat()]
    assert [r["iso3"] for r in mine] == list(result.ranking.order)
    empty = lambda x: None if x == "" else float(x)  # noqa: E731
    columns = {
        "p_eligible": result.firmness.p_eligible, "score": result.scores.score, "rank": result.ranking.shown,
        "rank_low": result.firmness.place("low"), "rank_high": result.firmness.place("high"),
        "p_top": result.firmness.places.p_top,
    }  # fmt: skip
    for row in mine:
        assert row["status"] == result.screening.status[row["iso3"]]
        for name, series in columns.items():
            expected = series[row["iso3"]]
            assert empty(row[name]) == (None if expected != expected else round(float(expected), 12)), name


def test_the_order_is_that_of_the_plan(usual):
    rows = list(csv.DictReader(io.StringIO(usual)))
    cells = list(dict.fromkeys((r["criteria"], r["as_of"]) for r in rows))
    assert cells == [(c, d.isoformat()) for c in ("peacetime-pilots", "hdi") for d in DATES]


@pytest.mark.parametrize(
    "way", [{"backend": "threading", "jobs": 3}, {"backend": "loky", "jobs": 2}], ids=str
)
def test_threads_and_processes_give_the_same_bytes(usual, way):
    assert table(asked(), **way) == usual


def test_a_dask_cluster_of_two_processes_gives_the_same_bytes_though_one_is_killed(usual, tmp_path):
    """A real scheduler and two real worker processes on this machine; one is killed while cells are in hand."""
    distributed = pytest.importorskip(
        "distributed", reason="distributed is not installed (make test installs it)"
    )
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None,
        local_directory=tmp_path,
    ) as cluster:  # fmt: skip
        where = {"backend": "dask", "scheduler": cluster.scheduler_address}
        assert table(asked(), **where) == usual
        steps, killed = sweep.sweep(asked(), None, **where), False
        for step in steps:
            if isinstance(step, sweep.Progress) and not killed:
                os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
                killed = True
        assert killed and step == usual


def test_workers_of_another_version_are_refused(tmp_path, monkeypatch):
    distributed = pytest.importorskip(
        "distributed", reason="distributed is not installed (make test installs it)"
    )
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, local_directory=tmp_path
    ) as cluster:
        here = sweep.versions()
        monkeypatch.setattr(sweep, "_said", lambda v: v["engine"])
        monkeypatch.setattr(sweep, "__version__", "0.0.0")  # of this process; the worker has its own
        with pytest.raises(UsageError, match=rf"must have 0\.0\.0 \(got {here['engine']}\)"):
            table(asked(), backend="dask", scheduler=cluster.scheduler_address)


def test_a_killed_worker_is_replaced(usual, tmp_path, monkeypatch):
    """The first process that judges a cell kills itself; the others go on and the table is whole."""
    once = tmp_path / "killed"
    monkeypatch.setattr(sweep, "_judged", partial(dies_once, once))
    assert table(asked(), tmp_path / "t.csv", backend="loky", jobs=2) == usual
    assert once.exists()


def dies_once(once, number, key, cell):
    """Judges, but for the first time it is asked."""
    try:
        os.close(os.open(once, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return number, key, sweep.rows(cell), ""
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def test_workers_that_always_die_end_it_and_what_is_finished_stays(tmp_path, monkeypatch):
    kept, told = tmp_path / "kept", sweep._Kept.put
    os.mkfifo(kept)
    mouth = os.open(kept, os.O_RDWR)  # held open, so that who reads waits until something is written

    def put(own, key, text):
        told(own, key, text)
        os.write(mouth, b"k" * 64)  # more than there are workers to die

    monkeypatch.setattr(sweep._Kept, "put", put)
    monkeypatch.setattr(sweep, "_judged", partial(dies_on_the_index, kept))
    with pytest.raises(IntegrityError, match="3 times a worker ended .* kept: the same command goes on"):
        table(asked(), tmp_path / "t.csv", backend="loky", jobs=2)
    assert not (tmp_path / "t.csv").exists()
    assert list((tmp_path / "t.csv.parts").glob("*.csv"))
    os.close(mouth)


def dies_on_the_index(kept, number, key, cell):
    """Judges what has gates; dies of the rest, once a cell that is finished has been handed back and kept."""
    if cell.policy.index:
        os.read(os.open(kept, os.O_RDONLY), 1)
        os.kill(os.getpid(), signal.SIGKILL)
    return number, key, sweep.rows(cell), ""


def test_an_interrupted_sweep_goes_on_where_it_stopped(usual, tmp_path, monkeypatch):
    """Half of the cells are answered, then nobody listens any more; the second time only the rest is judged."""
    out = tmp_path / "t.csv"
    steps = sweep.sweep(asked(), out, jobs=1, backend="threading")
    next(steps), next(steps)
    steps.close()
    kept = len(list((tmp_path / "t.csv.parts").glob("*.csv")))
    assert kept >= 2 and not out.exists()
    judged, real = [], sweep.rows
    monkeypatch.setattr(sweep, "rows", lambda cell: judged.append(cell.name) or real(cell))
    assert table(asked(), out) == usual == out.read_text(encoding="utf-8")
    assert len(judged) == 4 - kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.csv"]


def test_a_cell_made_from_other_inputs_is_not_taken_for_this_one(usual, tmp_path):
    out = tmp_path / "t.csv"
    steps = sweep.sweep(sweep.plan(("hdi",), DATES, draws=59), out, jobs=1, backend="threading")
    next(steps)
    steps.close()
    assert table(asked(), out) == usual
    other = sweep.plan(("peacetime-pilots",), DATES, draws=60, settings=("shortlist.size=3",))
    assert len({cell.key for plan in (asked(), asked(seed=2), other) for cell in plan}) == 10


def test_a_cell_made_with_another_sheet_or_register_is_not_taken_for_this_one(own_folder, monkeypatch):
    """The same figures read the other way round, or another list of countries, are another answer."""
    shutil.copytree(ROOT / "datasets" / "wgi-2024", own_folder / "wgi-2024")
    keys = [key_of_the_first()]
    sheet = own_folder / "wgi-2024" / "source.yaml"
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(text.replace("better: high", "better: low"), encoding="utf-8")
    keys.append(key_of_the_first())
    monkeypatch.setattr(provenance, "registers", lambda: {"countries/countries.csv": "0" * 64})
    keys.append(key_of_the_first())
    assert len(set(keys)) == 3


def key_of_the_first() -> str:
    """What the first cell of a plan depends on."""
    return next(iter(sweep.plan(("peacetime-pilots",), DATES[:1], draws=2))).key


def test_what_somebody_else_put_into_the_folder_stays(tmp_path):
    folder = tmp_path / "t.csv.parts"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    table(sweep.plan(("hdi",), DATES[:1], draws=2), tmp_path / "t.csv")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


HELD = """
import sys
from eligibility.cli import commands as cli; from eligibility.analysis import sweep
real, gate, most = sweep._judged, sys.argv[1], int(sys.argv[2])
def held(number, key, cell):
    if number >= most:
        with open(gate, "w"):  # whoever reads here knows how far it is
            pass
        with open(gate + ".never") as never:
            never.read()
    return real(number, key, cell)
sweep._judged = held
cli.main(sys.argv[3:])
"""


def held(folder: Path, most: int, *words: object, send: int = signal.SIGINT, group: bool = True) -> tuple:
    """How a command ends that is stopped when it is about to judge cell number `most`: code, standard output and error."""
    gate = folder / "gate"
    for name in (gate, Path(f"{gate}.never")):
        name.unlink(missing_ok=True)
        os.mkfifo(name)
    command = [sys.executable, "-c", HELD, gate, str(most), *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    run_ = subprocess.Popen(command, env=ENV, text=True, start_new_session=True, **pipes)
    gate.read_bytes()
    (os.killpg if group else os.kill)(run_.pid, send)
    told = run_.communicate(timeout=300)
    return run_.returncode, *told


FEW = ["sweep", "hdi", "cpia", "--draws", "2", "--as-of", "2018-07-01", "--as-of", "2019-07-01"]


@pytest.mark.skipif(os.name == "nt", reason="no pipes with names, and no signals of this kind")
def test_an_interrupted_command_leaves_no_table_and_goes_on(tmp_path):
    """Ctrl-C before the third of four cells in a process of its own, then the same command again."""
    out = tmp_path / "t.csv"
    words = [*FEW, "--jobs", "1", "--out", out]
    said = f"interrupted; {out} was not written; 2 of 4 cells are kept in {out}.parts: the same command goes on with the rest\n"
    assert held(tmp_path, 2, *words) == (130, "", said)
    assert not out.exists()
    command = [sys.executable, "-m", "eligibility"]
    again = subprocess.run([*command, *words], env=ENV, capture_output=True, text=True, timeout=300)
    first, *read = again.stderr.splitlines()  # the years of cells kept are told too
    assert (again.returncode, first) == (0, "2 of 4 cells were finished before")
    sets = ["hdi, 2018-07-01", "hdi, 2019-07-01", "cpia, 2018-07-01", "cpia, 2019-07-01"]
    assert [line.partition(": Figures read: ")[0] for line in read] == sets
    plain = subprocess.run([*command, *FEW, "--jobs", "1"], env=ENV, capture_output=True, timeout=300)
    assert out.read_bytes() == plain.stdout and plain.stdout.count(b"\n") > 100
    assert plain.stderr.decode().splitlines() == read  # no bar where nobody looks at a terminal


@pytest.mark.skipif(os.name == "nt", reason="no pipes with names, and no signals of this kind")
@pytest.mark.parametrize("send", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("group", [True, False], ids=["everybody", "the command alone"])
def test_stopping_workers_is_one_line(tmp_path, send, group):
    """Signals from a terminal go to every process of the group; the workers have nothing to say of it."""
    words = [*FEW, "--jobs", "2", "--out", tmp_path / "t.csv"]
    code, out, err = held(tmp_path, 0, *words, send=send, group=group)
    assert (code, out, err) == (130, "", "interrupted; nothing was written\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gate", "gate.never"]


STARTS = """
import os, sys
if "popen_loky_posix" in " ".join(sys.orig_argv):
    with open(os.environ["GATE"], "w"):
        pass
    with open(os.environ["GATE"] + ".never") as never:
        never.read()
"""


@pytest.mark.skipif(os.name == "nt", reason="no pipes with names, and no signals of this kind")
def test_workers_that_are_only_starting_have_nothing_to_say_of_ctrl_c(tmp_path):
    """They are held before their first line of Python has been read."""
    (tmp_path / "sitecustomize.py").write_text(STARTS)
    gate = tmp_path / "gate"
    os.mkfifo(gate), os.mkfifo(f"{gate}.never")
    env = os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT))), "GATE": str(gate)}
    run_ = subprocess.Popen(
        [sys.executable, "-m", "eligibility", *FEW, "--jobs", "2"],
        env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    gate.read_bytes()
    os.killpg(run_.pid, signal.SIGINT)
    out, err = run_.communicate(timeout=300)
    assert (run_.returncode, out, err) == (130, "", "interrupted; nothing was written\n")


@pytest.mark.parametrize("jobs", ["0", "257", "1000000"])
def test_there_is_a_cap_on_workers(jobs):
    done = CliRunner().invoke(shell, [*FEW, "--jobs", jobs])
    assert done.exit_code == 2 and "1<=x<=256" in done.stderr


def test_no_more_workers_start_than_there_are_cells(monkeypatch):
    import joblib

    asked_for = []

    class Counted(joblib.Parallel):
        def __init__(self, **more):
            super().__init__(**more)
            asked_for.append(self.n_jobs)

    monkeypatch.setattr(joblib, "Parallel", Counted)
    monkeypatch.setattr(joblib, "cpu_count", lambda: 64)
    plan = sweep.plan(("hdi",), DATES, draws=2)
    for jobs in (256, 1, -1):
        table(plan, jobs=jobs)
    assert asked_for == [2, 1, 2]


def test_vintages_are_a_column_of_their_own():
    found = list(
        csv.DictReader(io.StringIO(table(sweep.plan(("hdi",), DATES[1:], ("undp-hdr2023-24",), draws=2))))
    )
    assert {row["vintage"] for row in found} == {"undp-hdr2023-24"}


@pytest.mark.parametrize(
    "words, message",
    [
        (["hdi", "hdi"], "CRITERIA: id: each set must have its own (got hdi)"),
        (
            ["hdi", "--vintage", "vdem-v1"],
            "--vintage: dataset: must be the id of a dataset held (got vdem-v1); did you mean",
        ),
        (["hdi", "--backend", "dask"], "--scheduler: option: goes with --backend dask"),
        (["hdi", "--scheduler", "tcp://127.0.0.1:1"], "--scheduler: option: goes with --backend dask"),
        (["hdi", "--out", "nowhere/t.csv"], "--out: folder: must be there (got nowhere)"),
    ],
)
def test_what_makes_no_sense_is_refused(words, message):
    done = CliRunner().invoke(shell, ["sweep", "--draws", "2", *words])
    assert isinstance(done.exception, UsageError)
    assert message in str(done.exception)


def test_a_cell_nobody_can_judge_has_no_rows_and_is_named():
    done = CliRunner().invoke(
        shell, ["sweep", "hdi", "--draws", "2", "--as-of", "1850-07-01", "--as-of", "2016-07-01"]
    )
    assert done.exit_code == 1
    assert "not judged: hdi 1850-07-01: --as-of: pool" in done.stderr
    assert {row["as_of"] for row in csv.DictReader(io.StringIO(done.stdout))} == {"2016-07-01"}


def test_fifty_thousand_units_in_bounded_memory():
    """A sub-national panel: the arrays of a batch do not grow with the units."""
    script = (
        "from bench import problem; from eligibility.method import run\n"
        "policy = problem.criteria(draws=20)\n"
        "run.judge(policy, problem.world(50_000), __import__('made_up').AS_OF)"
    )
    env = os.environ | {"PYTHONPATH": PATHS}
    _, memory = told(script, env=env)
    assert memory < 1 << 30


FALLS = """
import signal, threading
from eligibility import interrupts

def fall():
    thread = threading.Thread(target={}.__getitem__, args=(STOPPED,))
    thread.start()
    thread.join()

try:
    with interrupts.heard():
        if STOPPED:
            signal.raise_signal(signal.SIGINT)
        fall()
except KeyboardInterrupt:
    fall()
"""


@pytest.mark.parametrize("stopped", [True, False])
def test_a_thread_that_falls_over_its_tidying_up_has_nothing_to_say_once_it_was_stopped(stopped):
    """As joblib's does now and then, after the command has said that it was stopped; else it is told."""
    done = subprocess.run(
        [sys.executable, "-c", f"STOPPED = {stopped}{FALLS}"], capture_output=True, text=True, env=ENV
    )
    assert done.returncode == 0
    assert ("KeyError" in done.stderr) is not stopped
    assert not stopped or done.stderr == ""
