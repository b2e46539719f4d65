"""Many rounds in one table: the same bytes wherever they are run, and nothing done twice."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from eligibility import run, sweep
from eligibility.cli import shell
from eligibility.errors import IntegrityError, UsageError

ROOT = Path(__file__).resolve().parent.parent
DATES = (date(2015, 7, 1), date(2016, 7, 1))


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
    monkeypatch.setattr(sweep, "_judged", dies_on_the_index)
    with pytest.raises(IntegrityError, match="3 times a worker ended .* kept: the same command goes on"):
        table(asked(), tmp_path / "t.csv", backend="loky", jobs=2)
    assert not (tmp_path / "t.csv").exists()
    assert list((tmp_path / "t.csv.parts").glob("*.csv"))


def dies_on_the_index(number, key, cell):
    """Judges what has gates; dies of the rest."""
    if cell.policy.index:
        time.sleep(1)  # what is finished must have been handed back
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


def test_what_somebody_else_put_into_the_folder_stays(tmp_path):
    folder = tmp_path / "t.csv.parts"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    table(sweep.plan(("hdi",), DATES[:1], draws=2), tmp_path / "t.csv")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_an_interrupted_command_leaves_no_table_and_goes_on(tmp_path):
    """Ctrl-C in a process of its own, then the same command again."""
    out = tmp_path / "t.csv"
    command = [
        sys.executable,
        "-m",
        "eligibility",
        "sweep",
        "peacetime-pilots",
        "--draws",
        "300",
        "--jobs",
        "1",
    ]
    command += [word for year in range(2008, 2020) for word in ("--as-of", f"{year}-07-01")]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    for _ in range(3):  # a busy machine may let it finish before the signal comes
        out.unlink(missing_ok=True)
        first = subprocess.Popen([*command, "--out", out], env=env, stderr=subprocess.PIPE, text=True)
        for _ in range(1200):
            if list(tmp_path.glob("t.csv.parts/*.csv")) or first.poll() is not None:
                break
            time.sleep(0.05)
        first.send_signal(signal.SIGINT)
        _, said = first.communicate(timeout=120)
        if first.returncode:
            break
    assert first.returncode == 130 and "Traceback" not in said and not out.exists()
    again = subprocess.run([*command, "--out", out], env=env, capture_output=True, text=True, timeout=300)
    assert again.returncode == 0 and "of 12 cells were finished before" in again.stderr
    plain = subprocess.run(command, env=env, capture_output=True, timeout=300)
    assert out.read_bytes() == plain.stdout and plain.stdout.count(b"\n") > 1_000
    assert plain.stderr == b""  # no bar where nobody looks at a terminal


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
        "import resource; from bench import problem; from eligibility import run\n"
        "policy = problem.criteria(draws=20)\n"
        "run.judge(policy, problem.world(50_000), __import__('made_up').AS_OF)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) / 1024 < 1_024
