"""Printing to PDF: which browser, what it says where it fails, and that none of it outlives the command."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from places import ROOT

from eligibility.pages import leash, print_pdf

POSIX = pytest.mark.skipif(os.name == "nt", reason="a program is a shell script here")
PAGE = "<!DOCTYPE html><html lang=en><head><meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'sha256-x'\"><title>t</title></head><body><h1>One</h1><p>a</p><h2>Two</h2></body></html>"
HANGS = """#!/bin/sh
trap '' INT TERM HUP
sleep 600 &
echo $! > "$PIDS"
echo $$ >> "$PIDS"
: > "$BEGUN"
wait
"""  # what it starts has the ear of no signal either


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Puts a program under a name on a PATH of its own."""

    def make(text: str, name: str = "chromium") -> Path:
        place = tmp_path / "bin"
        place.mkdir(exist_ok=True)
        (place / name).write_text(text)
        (place / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
        return place / name

    return make


@pytest.fixture
def page(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "a.html").write_text(PAGE, encoding="utf-8")
    return tmp_path / "run"


@POSIX
@pytest.mark.parametrize("name", print_pdf.NAMES)
def test_each_usual_name_is_found(script, monkeypatch, tmp_path, name):
    path = script("#!/bin/sh\n", name)
    monkeypatch.setenv("PATH", str(path.parent))
    assert print_pdf.browser() == str(path)


@POSIX
def test_a_usual_place_is_looked_at_when_nothing_is_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ProgramFiles", str(tmp_path / "files"))
    for path in (
        "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "files/Google/Chrome/Application/chrome.exe",
    ):
        place = tmp_path / path
        place.parent.mkdir(parents=True)
        place.write_text("#!/bin/sh\n")
        place.chmod(0o755)
        assert print_pdf.browser() == str(place)
        place.unlink()


@POSIX
def test_the_variable_counts_over_all_others(script, monkeypatch, tmp_path, page):
    script("#!/bin/sh\n")
    mine = tmp_path / "mine"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(print_pdf.VARIABLE, "~/mine")
    assert print_pdf.browser() == str(mine)
    monkeypatch.setenv(print_pdf.VARIABLE, "no-such-browser")
    done = print_pdf.pages(page, ["a.html"])
    assert not done.whole
    assert done.lines[0].startswith("No PDF: ELIGIBILITY_BROWSER names no-such-browser, which is no program.")


@POSIX
@pytest.mark.parametrize(
    "text, said",
    [
        ("echo no display >&2; exit 1", "no display"),
        ("echo one; echo two >&2; exit 0", "one / two"),
        ("exit 3", "nothing, and printed nothing"),
        ("printf '\\033[31mred'; exit 1", "U+001B[31mred"),
        ("i=0; while [ $i -lt 100 ]; do echo line $i; i=$((i+1)); done; exit 1", "line 99"),
    ],
)  # fmt: skip
def test_a_browser_that_prints_nothing_is_quoted(script, page, text, said):
    program = script(f"#!/bin/sh\n{text}\n")
    done = print_pdf.pages(page, ["a.html"])
    assert not done.whole
    assert done.lines[:2] == (
        "0 pages printed as PDF",
        "Not printed: a.html; open them in a browser and print.",
    )
    assert done.lines[2].startswith(f"{program} said: ") and done.lines[2].endswith(said)
    assert len(done.lines[2]) < print_pdf.WORDS + len(str(program)) + 20
    assert [path.name for path in page.iterdir()] == ["a.html"]


@POSIX
def test_a_browser_that_hangs_is_ended_with_all_it_started(script, page, tmp_path, monkeypatch):
    """Its time is up once it says, by opening a pipe, that all of it runs: nothing here takes a time."""
    begun, real = tmp_path / "begun", subprocess.Popen.wait
    os.mkfifo(begun)
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    monkeypatch.setenv("BEGUN", str(begun))

    def wait(process, timeout=None):
        if timeout != print_pdf.SECONDS:
            return real(process, timeout)
        begun.read_bytes()
        raise subprocess.TimeoutExpired(process.args, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", wait)
    script(HANGS)
    done = print_pdf.pages(page, ["a.html"])
    assert not done.whole and "nothing was printed in 120 seconds" in done.lines[2]
    assert gone(tmp_path / "pids")


def gone(pids: Path) -> bool:
    """Whether the processes have ended; one that is ending is waited for."""
    for pid in map(int, pids.read_text().split()):
        subprocess.run(
            ["sh", "-c", f"n=0; while kill -0 {pid} 2>/dev/null && ! grep -q '^State:.Z' /proc/{pid}/status 2>/dev/null"
             " && [ $n -lt 3000 ]; do n=$((n+1)); sleep 0.1; done; [ $n -lt 3000 ]"],
            check=True,
        )  # fmt: skip
    return True


PRINTS = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from eligibility import interrupts
from eligibility.errors import Interrupted
from eligibility.pages import print_pdf
with interrupts.heard():
    try:
        with interrupts.telling(interrupts.nothing):
            print_pdf.pages(Path(sys.argv[1]), ["a.html"])
    except Interrupted as told:
        print(told)
        sys.exit(told.exit_code)
"""


@POSIX
@pytest.mark.parametrize(
    "number, whom",
    [
        *((name, whom) for name in ("SIGINT", "SIGTERM", "SIGHUP") for whom in ("the command alone", "its whole group")),
        ("SIGKILL", "the command alone"),  # of a whole group nobody would be left to end the browser
    ],
)  # fmt: skip
def test_no_browser_outlives_the_command_however_it_ends(script, page, tmp_path, monkeypatch, number, whom):
    """The browser says that it has begun by opening a pipe: nothing here waits for a time."""
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    monkeypatch.setenv("BEGUN", str(begun))
    script(HANGS)
    command = subprocess.Popen(
        [sys.executable, "-c", PRINTS, str(page)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )  # fmt: skip
    begun.read_bytes()
    send = os.kill if whom == "the command alone" else os.killpg
    send(command.pid, getattr(signal, number))
    out, err = command.communicate(timeout=60)
    if number == "SIGKILL":
        assert command.returncode == -9
    else:
        assert (command.returncode, out, err) == (130, b"interrupted; nothing was written\n", b"")
    assert gone(tmp_path / "pids")
    assert [path.name for path in page.iterdir()] == ["a.html"]


@POSIX
def test_the_leash_gives_the_code_of_what_it_holds():
    run = lambda *command: subprocess.Popen(  # noqa: E731
        [sys.executable, "-I", "-S", leash.__file__, *command], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    for command, code in ((["true"], 0), (["sh", "-c", "exit 7"], 7), (["no-such-program"], 127)):
        held = run(*command)
        assert held.wait(60) == code
        held.stdin.close()
        held.stderr.close()


@pytest.mark.skipif(print_pdf.browser() is None, reason="no Chromium or Chrome on PATH")
@pytest.mark.parametrize("paper, size", [("a4", (595, 842)), ("letter", (612, 792))])
def test_paper_and_outline(tmp_path, paper, size):
    """The size of each sheet, and that the headings are the outline."""
    style = "@page { size: A4; }"
    page = PAGE.replace("<title>", f"<style>{style}</style><title>").replace("sha256-x", hashed(style))
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    done = print_pdf.pages(tmp_path, ["a.html"], paper)
    assert done == print_pdf.Printed(("1 pages printed as PDF",), True)
    data = (tmp_path / "a.pdf").read_bytes()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", everything(data))
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {size}
    assert b"/Outlines" in everything(data)


def hashed(style: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def everything(data: bytes) -> bytes:
    """The file with its streams unpacked, where they can be."""
    out = [data]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", data, re.S):
        try:
            out.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(out)
