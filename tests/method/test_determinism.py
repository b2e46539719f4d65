"""The same input gives the same bytes, whatever the machine's threads, processor, language, clock or folder.

Each circumstance is tried in a process of its own, once with the shipped policy and data through the command
line and once with a made-up panel, where every number of a result is written out.
"""

from __future__ import annotations

import hashlib
import json
import locale
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

import made_up
import pytest
from places import PATHS, ROOT
from random_policies import SHEETS
from test_properties import AS_OF, answers, random_round

from eligibility.method import run

SCREEN = ("-m", "eligibility", "screen", "--format", "json", "--draws", "1500", "--seed", "3")
WRITE_OUT = "import test_determinism; print(test_determinism.written_out())"
PLAIN = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}


def german() -> str:
    """A locale that writes 0,5 for one half, or the plain one where it is not installed."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        return locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
    except locale.Error:
        return "C.UTF-8"
    finally:
        locale.setlocale(locale.LC_ALL, before)


# Much at once: what moves no byte together moves none alone, and each process takes seconds.
CIRCUMSTANCES = {
    "another machine": {
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
        "PYTHONHASHSEED": "1",
        "LC_ALL": german(),
        "LANG": german(),
        "TZ": "Asia/Tokyo",
    },
    "an older machine": {
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3",
        "PYTHONHASHSEED": "2",
        "LC_ALL": "C",
    },
}


def printed(*words: str, own: Path, cwd: Path = ROOT, **circumstances: str) -> bytes:
    """What Python prints in a process of its own; it must end well and say nothing on the side."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(own),
        "PYTHONPATH": os.pathsep.join((PATHS, str(Path(__file__).parent))),
        **PLAIN,
        **circumstances,
    }
    done = subprocess.run(
        [sys.executable, *words], env=environment, cwd=cwd, capture_output=True, timeout=300
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout


def written_out() -> str:
    """The sha256 of every number and word of three results on made-up panels, floats to their last digit."""
    digest = hashlib.sha256()
    for seed in range(3):
        criteria, world = random_round(seed, draws=1_200)
        result = run.judge(criteria, made_up.panel((SHEETS[s] for s in world), world), AS_OF)
        for table in (
            *answers(result).values(),
            result.firmness.places.counts,
            result.flips,
            result.cells.sd,
        ):
            digest.update(repr(table.to_numpy().tolist()).encode())
        digest.update(repr((result.ranking.order, result.ranking.shortlist, result.notes)).encode())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> tuple[bytes, bytes]:
    """The official result and the digest of the made-up ones, in plain circumstances."""
    own = tmp_path_factory.mktemp("home")
    return printed(*SCREEN, own=own), printed("-c", WRITE_OUT, own=own)


@pytest.mark.parametrize("circumstance", CIRCUMSTANCES)
def test_the_official_result_is_the_same_bytes(usual, circumstance, tmp_path):
    """`screen --format json`, from another folder and home each time."""
    assert printed(*SCREEN, own=tmp_path, cwd=tmp_path, **CIRCUMSTANCES[circumstance]) == usual[0]


@pytest.mark.parametrize("circumstance", CIRCUMSTANCES)
def test_every_number_of_a_result_is_the_same_to_its_last_digit(usual, circumstance, tmp_path):
    """On made-up panels, with percentiles, medians, power means and draws of every kind."""
    assert printed("-c", WRITE_OUT, own=tmp_path, **CIRCUMSTANCES[circumstance]) == usual[1]


def test_the_official_result_is_a_result(usual):
    """What is the same everywhere is not an empty page."""
    result = json.loads(usual[0])
    assert result["engine"]["draws"] == 1_500
    assert sum(result["counts"][word] for word in ("eligible", "conditional")) > 0
    assert len(result["countries"]) == result["counts"]["pool"] > 100


def test_the_official_result_names_no_folder(usual):
    """Neither the repository, nor a home, nor the interpreter: a result can be published as it is."""
    text = usual[0].decode()
    places = [ROOT, Path.home(), Path(sys.prefix), Path(tempfile.gettempdir())]
    assert not [place for place in places if len(place.parts) > 1 and str(place) in text]


def test_the_order_of_rows_in_a_data_file_changes_nothing(usual, tmp_path):
    """Every source's rows shuffled, its checksum set anew: only the checksums in the result differ."""
    rng = Random(8)
    for sheet in sorted((ROOT / "datasets").glob("*/source.yaml")):
        folder = tmp_path / "data" / sheet.parent.name
        shutil.copytree(sheet.parent, folder)
        (values,) = (path for path in folder.glob("*.csv") if path.name != "origins.csv")
        old = values.read_bytes()
        header, *rows = old.splitlines(keepends=True)
        values.write_bytes(b"".join((header, *rng.sample(rows, len(rows)))))
        before, after = (hashlib.sha256(content).hexdigest() for content in (old, values.read_bytes()))
        text = (folder / "source.yaml").read_text(encoding="utf-8")
        assert before in text
        (folder / "source.yaml").write_text(text.replace(before, after), encoding="utf-8")
    shuffled = printed(*SCREEN, "--data", str(tmp_path / "data"), own=tmp_path)
    assert shuffled != usual[0]
    assert without_checksums(shuffled) == without_checksums(usual[0])


def without_checksums(result: bytes) -> dict:
    """A result less the checksums of its sources."""
    shown = json.loads(result)
    for source in shown["sources"]:
        del source["sha256"]
    # whose files were read, not what
    notes = [note for note in shown["notes"] if not note.startswith("Your file ")]
    return shown | {"notes": notes}
