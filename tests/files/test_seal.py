"""A sealed run shows every change made to it afterwards."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

from eligibility.errors import UsageError
from eligibility.files.seal import differences

FILES = {"briefing.html": b"<p>one</p>", "countries/TUN.html": b"<p>two</p>"}


@pytest.fixture
def run(tmp_path):
    """A small whole run."""
    (tmp_path / "countries").mkdir()
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    sealed = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": sealed}), encoding="utf-8")
    return tmp_path


def test_a_whole_run_has_no_differences(run):
    assert differences(run) == ()


def test_a_changed_a_lost_and_an_added_file_are_each_named(run):
    (run / "briefing.html").write_bytes(b"<p>One</p>")
    (run / "countries" / "TUN.html").rename(run / "countries" / "TUV.html")
    lost, changed, added = differences(run)
    assert lost == f"{run / 'countries/TUN.html'}: file: sealed in manifest.json and not there"
    assert changed.startswith(f"{run / 'briefing.html'}: checksum: must be the one in manifest.json, ")
    assert added == f"{run / 'countries/TUV.html'}: file: not sealed in manifest.json"


def test_a_link_is_not_the_file(run, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "briefing.html"
    (run / "briefing.html").rename(elsewhere)
    (run / "briefing.html").symlink_to(elsewhere)
    assert [line.split(": ", 1)[1] for line in differences(run)] == [
        "file: must be the file itself, not a link, pipe or device"
    ]


def test_what_seals_is_not_a_link_either(run, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name in ("manifest.json", "manifest.sha256"):
        (run / name).touch()
        (run / name).rename(elsewhere / name)
        (run / name).symlink_to(elsewhere / name)
    assert differences(run) == tuple(
        f"{run / name}: file: must be the file itself, not a link"
        for name in ("manifest.json", "manifest.sha256")
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes among its files")
def test_a_pipe_in_a_run_is_named_and_never_waited_for(run):
    os.mkfifo(run / "countries" / "added")
    (run / "briefing.html").unlink()
    os.mkfifo(run / "briefing.html")
    assert [line.removeprefix(f"{run}/") for line in differences(run)] == [
        "briefing.html: file: must be the file itself, not a link, pipe or device",
        "countries/added: file: not sealed in manifest.json",
    ]


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(UsageError, match="must be a sealed run"):
        differences(tmp_path)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"files": []}', '{"files": {"a": 1}}', "[" * 100_000])
def test_a_manifest_that_is_none_is_refused(run, manifest):
    (run / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(UsageError, match="must be file names and their checksums"):
        differences(run)
