"""The seal covers all that decides: what changes a result changes the run id, and verify finds every bit that turned."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import bitflips
import made_up
import pytest
from places import ROOT

from eligibility import resources
from eligibility.cli import commands as cli
from eligibility.data import build, panel, sources
from eligibility.errors import UsageError
from eligibility.files import checksums, seal
from eligibility.language import criteria
from eligibility.method import provenance, run
from eligibility.method.result import Result
from eligibility.present import report

POLICY, DAY = "peacetime-pilots", date(2016, 7, 1)


@pytest.fixture(scope="module")
def usual() -> Result:
    return run.run(POLICY, DAY, draws=0)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> Path:
    """A small run on disk, of invented countries."""
    with made_up.named():
        return report.write(made_up.make(), tmp_path_factory.mktemp("out")).path


@pytest.fixture
def copy(sealed, tmp_path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / sealed.name))


def test_a_direction_changed_in_a_sheet_of_ones_own_changes_the_run_id(usual, own_folder):
    shutil.copytree(ROOT / "datasets" / "wgi-2024", own_folder / "wgi-2024")
    assert report.run_id(run.run(POLICY, DAY, draws=0)) == report.run_id(usual)  # the same bytes elsewhere
    sheet = own_folder / "wgi-2024" / "source.yaml"
    text = sheet.read_text(encoding="utf-8")
    assert "better: high" in text
    sheet.write_text(text.replace("better: high", "better: low"), encoding="utf-8")
    other = run.run(POLICY, DAY, draws=0)
    assert [s.sha256 for s in other.panel.sources] == [s.sha256 for s in usual.panel.sources]
    assert report.run_id(other) != report.run_id(usual)


def test_every_option_and_the_boards_register_change_the_run_id(usual, tmp_path):
    register = tmp_path / "o.yaml"
    register.write_text(
        "overrides:\n  - {country: TUN, criteria: peacetime-pilots, decision: defer, name: A, date: '2016-07-01', "
        "reason: put off, source: 'https://example.org/a'}\n",
        encoding="utf-8",
    )
    known = usual.panel.reading
    others = [
        run.run(POLICY, date(2016, 7, 2), draws=0),
        run.run(POLICY, DAY, draws=2),
        run.run(POLICY, DAY, draws=0, seed=7),
        run.run(POLICY, DAY, draws=0, settings=("shortlist.size=5",)),
        run.run(POLICY, DAY, draws=0, reading=replace(known, as_known=True)),
        run.run(POLICY, DAY, draws=0, reading=replace(known, pins=("vdem-v14",))),
        run.run(POLICY, DAY, draws=0, register=register),
        run.run("peacetime-pilots-full", DAY, draws=0),
    ]
    ids = {report.run_id(one) for one in (usual, *others)}
    assert len(ids) == len(others) + 1


@pytest.mark.parametrize("name", ["countries/countries.csv", "thresholds/world-bank.csv", "world/world.csv"])
def test_a_register_that_was_changed_changes_the_run_id(usual, monkeypatch, name):
    registers = {**provenance.registers(), name: "0" * 64}
    assert name in usual.provenance["registers"]
    other = replace(usual, provenance={**usual.provenance, "registers": registers})
    assert report.run_id(other) != report.run_id(usual)


def test_releases_that_are_not_in_use_but_say_when_figures_came_out_are_sealed_too(usual):
    named = {one["id"] for key in ("sources", "beside") for one in usual.provenance[key]}
    looked = {v.source.id for found in usual.panel.vintages.values() for v in found}
    assert named == looked | {one.source.id for one in usual.panel.beside.values()}
    assert all(len(one["sheet"]) == 64 for key in ("sources", "beside") for one in usual.provenance[key])


def test_the_run_id_is_on_every_page_and_in_the_manifest(sealed):
    told = seal.manifest(sealed)
    assert told["run"] == told["digest"][:12] == seal.run_id(told)
    pages = sorted(sealed.rglob("*.html"))
    assert len(pages) == 15 and all(told["run"] in page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize(
    "forge",
    [
        lambda told: told["engine"].update(seed=8),
        lambda told: told.update(as_of="2016-07-02"),
        lambda told: told["sources"][0].update(sheet="0" * 64),
        lambda told: told["registers"].update({"countries/countries.csv": "0" * 64}),
        lambda told: told.update(run="0" * 12),
    ],
)
def test_a_manifest_that_was_changed_no_longer_gives_its_run_id(copy, forge):
    told = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    forge(told)
    (copy / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    (copy / "manifest.sha256").write_text(f"{seal.digest_of(copy)}  manifest.json\n", encoding="utf-8")
    assert any(": run: must be " in line for line in seal.differences(copy))


def test_only_a_digest_kept_elsewhere_finds_a_run_that_was_sealed_anew(copy, capsys):
    kept = seal.digest_of(copy)

    def verify(*more):
        with pytest.raises(SystemExit) as left:
            cli.main(["data", "verify", str(copy), *more])
        return left.value.code, capsys.readouterr().out

    assert verify("--digest", kept) == (
        0,
        "every file is as it was sealed, and the seal is the one that was kept\n",
    )
    page = copy / "briefing.html"
    page.write_text(page.read_text(encoding="utf-8") + " ", encoding="utf-8")
    told = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    told["files"]["briefing.html"] = seal.hashlib.sha256(page.read_bytes()).hexdigest()
    (copy / "manifest.json").write_bytes(report._written(told))
    (copy / "manifest.sha256").write_text(f"{seal.digest_of(copy)}  manifest.json\n", encoding="utf-8")
    assert verify()[0] == 0
    code, out = verify("--digest", kept)
    assert code == 1 and f"must be the one that was kept, {kept}" in out


def test_a_lost_digest_is_named_and_a_run_from_before_digests_is_read(copy):
    (copy / "manifest.sha256").unlink()
    assert [line.split(": ", 1)[1] for line in seal.differences(copy)] == [
        "file: sealed with manifest.json and not there"
    ]
    told = seal.manifest(copy)
    del told["digest"]
    (copy / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    assert seal.differences(copy) == ()


def test_a_digest_is_of_one_run(sealed, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["data", "verify", "--digest", "0" * 64])
    assert left.value.code == 2 and "--digest: option: is of one run" in capsys.readouterr().err


def test_a_digest_that_is_none_is_refused(sealed):
    with pytest.raises(UsageError, match="must be 64 signs"):
        seal.differences(sealed, "5f70bf18a086")
    assert seal.differences(sealed, f" {seal.digest_of(sealed).upper()}\n") == ()


def test_what_was_changed_among_what_ships_is_named(tmp_path, monkeypatch):
    folder = Path(shutil.copytree(resources.shipped("datasets"), tmp_path / "datasets"))
    monkeypatch.setattr(sources, "shipped", lambda _: folder)
    assert build.verified() == ()
    changed = (
        "countries/countries.csv",
        "thresholds/world-bank.csv",
        "vdem-v16/source.yaml",
        "world/world.csv",
    )
    for name in changed:
        (folder / name).write_bytes((folder / name).read_bytes() + b"\n")
    (folder / "wgi-2024" / "values.csv").unlink()
    (folder / "hdi-2031").mkdir()
    (folder / "hdi-2031" / "source.yaml").write_bytes(b"id: hdi-2031\n")
    told = build.verified()
    for name in changed:
        assert f"{folder / name}: checksum: must be the one in SHA256SUMS, " in "\n".join(told)
    assert f"{folder / 'wgi-2024/values.csv'}: file: listed in SHA256SUMS and not there" in told
    assert f"{folder / 'hdi-2031/source.yaml'}: file: not listed in SHA256SUMS" in told
    assert any("hdi-2031/source.yaml" in line and "family: missing" in line for line in told)


@pytest.mark.parametrize(
    "name", ["countries/countries.csv", "reviews/alarms.csv", "world/sheet.yaml", "fiscal_years/mcc.csv"]
)
def test_a_register_that_was_damaged_beyond_reading_is_named_by_the_command_that_reads_it(name, tmp_path):
    """A copy of the package whose table is no text any more: a line that names the file, exit code 1, no traceback."""
    words = {
        "countries": ["data", "verify"],
        "reviews": ["review", "--on", "2026-06-30"],
        "world": ["report", "hdi", "--only", "TUN", "--out", str(tmp_path / "out")],
        "fiscal_years": ["screen", "hdi", "--as-of", "FY2024"],
    }[name.partition("/")[0]]
    for folder in ("eligibility", "datasets", "criteria", "reports"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "datasets" / name
    whole = bytearray(path.read_bytes())
    whole[whole.index(b"\n") + 3] ^= 0x80
    path.write_bytes(whole)
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "eligibility", *words], env=env, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert done.stderr.startswith(f"{path}: checksum: must be the one in SHA256SUMS, "), done.stderr
    assert done.stderr.count("\n") == 1


def test_an_error_of_our_own_is_not_laid_to_the_data(monkeypatch):
    monkeypatch.setattr(run, "run", lambda *_, **__: [][0])
    with pytest.raises(IndexError):
        cli.main(["screen"])


def test_every_bit_that_turns_is_noticed(copy, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    flips = bitflips.flips(place, copy, 60)
    assert len(flips) == 60
    assert [flip for flip in flips if "verify" not in flip.by] == []
    tables = [flip for flip in flips if flip.kind == "table of figures"]
    assert tables and all(flip.by == "screen and verify" for flip in tables)
    assert {flip.kind for flip in flips} >= {"sheet", "seal", "list of checksums", "file of a run"}


def test_what_ships_is_as_its_list_says():
    """After a change in datasets/: `eligibility data build --from DIR`, where DIR may hold no release."""
    folder = resources.shipped("datasets")
    assert checksums.differences(folder) == ()
    assert (folder / checksums.LIST).read_bytes() == checksums.of(folder)
    covered = (folder / checksums.LIST).read_text(encoding="utf-8")
    for name in (
        "countries/aliases.csv",
        "thresholds/world-bank.csv",
        "world/sheet.yaml",
        "vdem-v16/source.yaml",
    ):
        assert f"  {name}\n" in covered


def test_what_an_import_made_is_held_against_its_own_list(tmp_path):
    folder = bitflips.user_folder(tmp_path)
    assert checksums.differences(folder) == () and build.unlisted(folder) == ()
    (source,) = folder.iterdir()
    sheet = source / "source.yaml"
    sheet.write_text(
        sheet.read_text(encoding="utf-8").replace("better: high", "better: low"), encoding="utf-8"
    )
    (source / "more.csv").write_bytes(b"")
    added, changed = build.verified(folder)
    assert added == f"{source / 'more.csv'}: file: not listed in SHA256SUMS"
    assert changed.startswith(f"{sheet}: checksum: must be the one in SHA256SUMS, ")
    (source / "SHA256SUMS").unlink()
    assert build.unlisted(folder) == (str(source),)


@pytest.mark.parametrize("text", ["x\n", "0" * 64 + "  a", ("0" * 64 + "  a\n") * 2, "0" * 64 + " a\n"])
def test_a_list_that_is_none_is_named(tmp_path, text):
    (tmp_path / "SHA256SUMS").write_text(text, encoding="utf-8")
    (line,) = checksums.differences(tmp_path)
    assert "SHA256SUMS:" in line and "must be a checksum and a name, each name once" in line


def test_a_run_is_not_replaced_unasked(tmp_path, invented):
    own = made_up.make()
    path = report.write(own, tmp_path, ("XAA",)).path
    seen = (path / "manifest.json").stat().st_ino
    report.write(own, tmp_path, ("XAA",))
    assert (path / "manifest.json").stat().st_ino == seen  # the same bytes: nothing is written
    with pytest.raises(UsageError) as refused:
        report.write(own, tmp_path, ("XAB",))
    assert str(refused.value) == (
        f"--out: {path}: another run stands there, and none is replaced unasked (got the run {report.run_id(own)} of "
        "made-up 0.1); add --replace to put this one in its place, or name another folder"
    )
    (path / "ranking.csv").write_bytes(b"mine")
    with pytest.raises(UsageError, match="changed since it was sealed"):
        report.write(own, tmp_path, ("XAA",))
    assert (path / "ranking.csv").read_bytes() == b"mine"
    report.write(own, tmp_path, ("XAB",), replace=True)
    assert sorted(p.name for p in (path / "countries").iterdir()) == ["XAB.html"]
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def edited(tmp_path: Path, change) -> Path:
    text = (resources.shipped("criteria") / f"{POLICY}.yaml").read_text(encoding="utf-8")
    file = tmp_path / "mine.yaml"
    file.write_bytes(change(text).encode())
    return file


def load(ref):
    return criteria.load(ref, panel.catalogue(sources.shelf()))


def test_an_edited_copy_of_a_shipped_policy_is_called_that(tmp_path):
    own = load(POLICY)
    mine = load(edited(tmp_path, lambda text: text.replace("  size: 8", "  size: 5\n  # fewer")))
    assert mine.id == f"peacetime-pilots-edited-{mine.sha256[:8]}"
    assert mine.title == f"{own.title} (edited copy of peacetime-pilots {own.version}, 2 lines differ)"
    one = load(edited(tmp_path, lambda text: text.replace("  size: 8", "  size: 5")))
    assert one.title.endswith("1 line differs)") and one.id != mine.id


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("id: peacetime-pilots\n", "id: mine\n").replace("  size: 8", "  size: 5"),
        lambda text: text.replace("version: ", "version: 9.").replace("  size: 8", "  size: 5"),
    ],
    ids=["as it is", "other line ends", "an id of its own", "a version of its own"],
)
def test_what_is_no_edited_copy_keeps_its_name(tmp_path, change):
    mine = load(edited(tmp_path, change))
    assert "edited" not in mine.id + mine.title


def test_an_edited_copy_has_a_folder_of_its_own_and_says_so_on_every_page(tmp_path):
    mine = edited(tmp_path, lambda text: text.replace("  size: 8", "  size: 5"))
    result = run.run(str(mine), DAY, draws=0)
    path = report.write(result, tmp_path / "out", result.ranking.order[:1]).path
    assert path.name == f"{result.criteria.id}-2016-07-01"
    pages = sorted(path.rglob("*.html"))
    assert len(pages) == 4
    for page in pages:
        assert "edited copy of peacetime-pilots" in page.read_text(encoding="utf-8"), page.name
    found = json.loads((path / "result.json").read_text(encoding="utf-8"))["criteria"]
    assert found["id"] == result.criteria.id and "1 line differs" in found["title"]


def test_data_list_names_what_a_stopped_command_left(own_folder, capsys):
    (own_folder / ".vdem-v16.new-abcd1234").mkdir()
    with pytest.raises(SystemExit):
        cli.main(["data", "list"])
    told = capsys.readouterr()
    assert told.err == (
        f"{own_folder / '.vdem-v16.new-abcd1234'}  left by a command that was stopped, or is at work; "
        "the next import clears it\n"
    )


def test_a_source_that_a_killed_import_left_aside_is_on_the_shelf(tmp_path):
    folder = bitflips.user_folder(tmp_path)
    (source,) = folder.iterdir()
    aside = folder / f".{source.name}.old-abcd1234"
    aside.mkdir()
    source.rename(aside / source.name)
    assert [one.id for one in sources.held(folder)] == [source.name]


def test_bits_are_turned_everywhere(tmp_path):
    """The harness itself: where nobody looks, it says so."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "values.csv").write_bytes(b"abc")
    missed = bitflips.turn(tmp_path, lambda *_: (False, False), 3, random.Random(1))
    assert [flip.by for flip in missed] == ["nobody"] * 3
    assert (tmp_path / "a" / "values.csv").read_bytes() == b"abc"
