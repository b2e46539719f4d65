"""A run on disk: whole or absent, sealed, the same bytes twice, nothing of this machine in it."""

from __future__ import annotations

import getpass
import hashlib
import json
import multiprocessing
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import made_up
import pytest
from places import PATHS

from eligibility.errors import UsageError
from eligibility.files import seal
from eligibility.pages import print_pdf
from eligibility.present import report

NAME = "made-up-2016-07-01"


@cache
def result():
    return made_up.make()


pytestmark = pytest.mark.usefixtures("invented")
CONTENT = report.content


@cache
def files(*asked) -> dict[str, bytes]:
    return CONTENT(result(), *asked)


@pytest.fixture(autouse=True)
def pages_made_once(monkeypatch):
    """Of the one result each choice of pages is made once: how a run gets on disk is what is tried here."""

    def content(own, countries, command, since, others, narrowed):
        if own is result() and not (since or others):
            return dict(files(countries, command, since, (), narrowed))
        return CONTENT(own, countries, command, since, others, narrowed)

    monkeypatch.setattr(report, "content", content)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def test_what_a_run_holds(tmp_path):
    written = report.write(result(), tmp_path)
    assert written.path == tmp_path / NAME
    assert written.briefing.is_file()
    assert written.pages == 12
    pages = {f"countries/{c}.html" for c in made_up.codes(12)}
    others = "index.html briefing.html audit.html ranking.csv ranking.xlsx result.json criteria.yaml manifest.json manifest.sha256"
    assert set(tree(written.path)) == pages | set(others.split())
    assert [p.name for p in tmp_path.iterdir()] == [NAME]
    run = tmp_path / NAME
    assert written.lines == (
        f"{run / 'briefing.html'}",
        f"12 country pages in {run / 'countries'}",
        f"{run / 'ranking.xlsx'}",
        f"sha256 of {run / 'manifest.json'}: {seal.digest_of(run)}",
    )
    assert seal.differences(run) == ()


def test_the_manifest_seals_every_other_file(tmp_path):
    files = tree(report.write(result(), tmp_path, command="eligibility report made-up").path)
    sealed = json.loads(told := files.pop("manifest.json"))
    assert files.pop("manifest.sha256").decode() == f"{hashlib.sha256(told).hexdigest()}  manifest.json\n"
    assert "ranking.xlsx" in files
    assert {"python", "numpy", "xlsxwriter", "jinja2"} <= sealed["libraries"].keys()
    assert sealed["files"] == {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    assert sealed["command"] == "eligibility report made-up"
    assert sealed["engine"]["seed"] == 1
    assert {s["id"] for s in sealed["sources"]} == {"made-1", "made-2"}


def test_two_writes_give_the_same_bytes(tmp_path):
    first = tree(report.write(result(), tmp_path / "a").path)
    assert tree(report.write(made_up.make(), tmp_path / "b").path) == first
    assert tree(report.write(result(), tmp_path / "a").path) == first  # over itself


def test_another_hash_seed_and_locale_give_the_same_bytes(tmp_path):
    code = (
        "import made_up, sys, hashlib; from eligibility.present import report\n"
        "with made_up.named():\n    files = report.content(made_up.make())\n"
        "print(hashlib.sha256(b''.join(files[k] for k in sorted(files))).hexdigest())"
    )
    seen = set()
    for seed, zone in (("0", "UTC"), ("4242", "Asia/Kathmandu")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": PATHS}
        seen.add(
            subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True).stdout
        )
    assert len(seen) == 1


def test_nothing_of_this_machine_is_written(tmp_path):
    everything = b"\n".join(tree(report.write(result(), tmp_path).path).values()).decode(errors="replace")
    node = os.uname().nodename if hasattr(os, "uname") else ""
    for word in (str(tmp_path), str(Path.home()), node, "/tmp/"):
        assert word in ("", "/") or word not in everything
    assert f"/{getpass.getuser()}/" not in everything


def test_pages_for_some_countries_only_link_to_those(tmp_path):
    written = report.write(result(), tmp_path, countries=("XAB",))
    assert written.pages == 1
    briefing = written.briefing.read_text(encoding="utf-8")
    assert 'href="countries/XAB.html"' in briefing
    assert 'href="countries/XAA.html"' not in briefing
    assert "Arvania" in briefing


def test_a_page_for_a_country_that_is_no_candidate_is_refused(tmp_path):
    with pytest.raises(UsageError, match="ZZZ: not a candidate"):
        report.write(result(), tmp_path, countries=("XAB", "ZZZ"))
    assert list(tmp_path.iterdir()) == []


def test_an_older_run_is_replaced_whole(tmp_path):
    old = report.write(result(), tmp_path)
    (old.path / "countries" / "OLD.html").write_text("left over")
    report.write(result(), tmp_path, replace=True)
    assert not (old.path / "countries" / "OLD.html").exists()
    assert [p.name for p in tmp_path.iterdir()] == [NAME]


def test_what_the_replaced_run_had_and_this_one_has_not_is_said(tmp_path):
    own = result()
    assert not [x for x in report.write(own, tmp_path).lines if x.startswith("replaced")]
    assert not [x for x in report.write(own, tmp_path).lines if x.startswith("replaced")]
    run = report.run_id(own)
    fewer = report.write(own, tmp_path, ("XAA",), replace=True).lines
    assert fewer[-1] == f"replaced the run {run} of made-up 0.1, which had 12 country pages"
    other = replace(own, criteria=replace(own.criteria, sha256="b" * 64))
    said = report.write(other, tmp_path, ("XAA",), replace=True).lines[-1]
    assert said.startswith(
        f"replaced the run {run} of made-up 0.1, whose file was another: to keep both, give"
    )
    odd = '{"criteria": 1, "files": 2, "run": 3}', '{"criteria": {"id": 1}, "files": [1]}'
    for text in ("", "[]", "{", *odd, "[" * 9999):
        (tmp_path / NAME / "manifest.json").write_text(text)
        assert report._replaced(tmp_path / NAME, own, {}, replace=True) == ()


def test_a_folder_that_is_no_run_is_left_alone(tmp_path):
    mine = tmp_path / NAME / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work")
    with pytest.raises(UsageError, match="is not a run"):
        report.write(result(), tmp_path)
    assert mine.read_text() == "years of work"
    assert sorted(p.name for p in tmp_path.iterdir()) == [NAME]


def test_a_link_of_that_name_is_replaced_and_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "keep.txt").write_text("keep")
    out = tmp_path / "out"
    out.mkdir()
    (out / NAME).symlink_to(elsewhere)
    report.write(result(), out)
    assert tree(elsewhere) == {"keep.txt": b"keep"}
    assert not (out / NAME).is_symlink()


def test_what_a_killed_run_left_is_cleared(tmp_path):
    for name in (f".{NAME}.new-abcdefgh", f".{NAME}.old-abc_1234", ".other.new-abcdefgh"):
        (tmp_path / name / "countries").mkdir(parents=True)
    (tmp_path / ".mine.new-ish").mkdir()
    report.write(result(), tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".mine.new-ish", NAME]


def _write(folder: str) -> None:
    with made_up.named():
        own = made_up.make()
        files = report.content(own)
        report.content = lambda *_: files  # this process ends with the test
        for _ in range(10):
            report.write(own, Path(folder))


@pytest.mark.skipif(sys.platform == "win32", reason="no lock of this kind there")
def test_runs_at_the_same_time_into_one_folder_do_not_mix(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_write, args=(str(tmp_path),)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [w.exitcode for w in workers] == [0, 0, 0]
    assert [p.name for p in tmp_path.iterdir()] == [NAME]
    files = tree(tmp_path / NAME)
    sealed = json.loads(told := files.pop("manifest.json"))
    assert files.pop("manifest.sha256").decode() == f"{hashlib.sha256(told).hexdigest()}  manifest.json\n"
    assert sealed["files"] == {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}


def test_a_folder_that_cannot_be_written_is_one_clear_message(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(UsageError, match="--out: .*: cannot be written"):
        report.write(result(), blocked)


def test_without_a_browser_a_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(print_pdf, "browser", lambda: None)
    written = report.write(result(), tmp_path, pdf=True)
    assert "open a page in any browser and print it" in written.lines[-1]
    assert written.unprinted
    assert not list(written.path.rglob("*.pdf"))


@pytest.mark.skipif(print_pdf.browser() is None, reason="no Chromium or Chrome on PATH")
def test_pages_are_printed_sealed_and_the_same_twice(tmp_path):
    written = report.write(result(), tmp_path, countries=("XAA",), pdf=True)
    first = tree(written.path)
    assert {p for p in first if p.endswith(".pdf")} == {"audit.pdf", "briefing.pdf", "countries/XAA.pdf"}
    assert first["briefing.pdf"].startswith(b"%PDF")
    assert not [p for p, data in first.items() if b"file:" in data or str(tmp_path).encode() in data]
    sealed = json.loads(first["manifest.json"])["files"]
    assert sealed["briefing.pdf"] == hashlib.sha256(first["briefing.pdf"]).hexdigest()
    assert tree(report.write(result(), tmp_path, countries=("XAA",), pdf=True).path) == first


def test_the_index_links_every_file_and_every_page_by_status(tmp_path):
    path = report.write(result(), tmp_path).path
    page = (path / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'<a href="([^"#]+)"', page))
    assert links == set(tree(path)) - {"index.html"}
    assert len(page.encode()) < 40 * 1024
    status = result().screening.status
    for word, block in re.findall(r'<h3 id="([a-z-]+)">.*?<ul class="names">(.*?)</ul>', page, re.S):
        linked = re.findall(r"countries/([A-Z]{3})\.html", block)
        assert set(linked) == set(status.index[status == word])
        names = re.findall(r"<bdi>(.*?)</bdi>", block)
        assert names == sorted(names, key=str.casefold)


def test_the_index_links_only_pages_that_were_written(tmp_path):
    written = report.write(result(), tmp_path, countries=("XAB",))
    page = (written.path / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"countries/([A-Z]{3})", page) == ["XAB"]
    assert "Arvania" in page
