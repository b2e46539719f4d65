"""What users touch after the figures: streams that lack signs, closed ones, homes, files of --out, clones with other line ends."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from places import ROOT

from eligibility import terminal
from eligibility.analysis import soundness
from eligibility.cli import commands as cli
from eligibility.data import sources
from eligibility.errors import IntegrityError
from eligibility.files import seal
from eligibility.method import run
from eligibility.pages import outlines
from eligibility.present import explain, tables

ME = [sys.executable, "-m", "eligibility"]
# six that lack some of the signs, and three that have all
POOR = ["cp1252", "cp437", "latin-1", "ascii", "koi8-r", "cp932"]
RICH = ["utf-8", "utf-16", "gb18030"]
REALLY = run.run  # other tests put something in its place
POSIX = pytest.mark.skipif(os.name == "nt", reason="descriptors and signals of this kind")


@cache
def result():
    """A round of few draws."""
    return REALLY("peacetime-pilots", draws=20)


@cache
def sound() -> soundness.Soundness:
    """Its audit as a report has it, worked out once."""
    return soundness.quick(result())


@cache
def told() -> str:
    """What explain says of a country with every mark: ✓, ✗, ◐, ≥, −, quotes."""
    text = explain.country(result(), "TUN") + "✓ ✗ ◐ ≥ ≤ − – → “São Tomé” Côte d’Ivoire Türkiye Łódź\n"
    assert all(sign in text for sign in "✓✗◐≥")
    return text


def said(monkeypatch, encoding: str, *words: str) -> bytes:
    """The bytes on a standard output of this encoding."""
    raw, text = io.BytesIO(), told()
    monkeypatch.setattr(explain, "country", lambda *_: text)
    monkeypatch.setattr(run, "run", lambda *_, **__: result())
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, errors="strict"))
    with pytest.raises(SystemExit) as end:
        cli.main(list(words))
    assert end.value.code == 0
    sys.stdout.flush()
    return raw.getvalue()


@pytest.mark.parametrize("encoding", POOR)
def test_a_stream_without_the_signs_gets_words_for_them(monkeypatch, encoding):
    text = said(monkeypatch, encoding, "explain", "TUN").decode(encoding)
    assert text.count("?") == told().count("?")
    lines = list(zip(told().splitlines(), text.splitlines(), strict=True))
    words = {"✓": ("✓", "√", "[yes]"), "✗": ("✗", "[no]"), "◐": ("◐", "[partly]")}
    pairs = [pair for was, now in lines for pair in zip(was.split(), now.split(), strict=True)]
    seen = {sign: {now for was, now in pairs if was == sign} for sign in words}
    for sign, may in words.items():
        assert seen[sign] and seen[sign] <= set(may)
    assert len(set().union(*seen.values())) == 3  # a pass is no fail
    for was, now in lines:
        assert ("≥" in was) == ("≥" in now or ">=" in now), now


@pytest.mark.parametrize("encoding", RICH)
def test_a_stream_that_has_the_signs_gets_them(monkeypatch, encoding):
    assert said(monkeypatch, encoding, "explain", "TUN").decode(encoding) == told()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_what_is_for_a_program_is_utf_8_on_every_stream(monkeypatch, encoding):
    assert said(monkeypatch, encoding, "screen", "--format", "csv").decode("utf-8") == tables.csv(result())


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_the_command_itself_says_it_in_a_code_page(encoding):
    env = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*ME, "data", "list"], env=env, capture_output=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    assert "?" not in text.replace("?q=", "") and "vdem-v14" in text


class Notebook:
    """A stream that is no file and can only write text."""

    encoding = None

    def __init__(self):
        self.text = ""

    def write(self, text):
        assert isinstance(text, str)
        self.text += text

    def flush(self):
        """Nothing to do."""


@pytest.mark.parametrize("stream", [io.StringIO, Notebook], ids=["StringIO", "notebook"])
@pytest.mark.parametrize(
    "words", [["screen", "--top", "1"], ["screen", "--format", "json"], ["--help"], ["--version"]]
)
def test_a_stream_that_is_no_file_is_written_to(monkeypatch, stream, words):
    made = stream()
    monkeypatch.setattr(run, "run", lambda *_, **__: result())
    monkeypatch.setattr(sys, "stdout", made)
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    text = made.text if isinstance(made, Notebook) else made.getvalue()
    assert end.value.code == 0 and len(text) > 20
    assert sys.stdout is made


@pytest.mark.parametrize("which", ["stdout", "stderr"])
@pytest.mark.parametrize("state", ["closed", "none"])
@pytest.mark.parametrize(
    "words, code", [(["screen", "--top", "1"], 0), (["screen", "--format", "json"], 0), (["scren"], 2)]
)
def test_a_stream_that_is_closed_is_none(monkeypatch, which, state, words, code):
    made = io.StringIO()
    made.close()
    monkeypatch.setattr(run, "run", lambda *_, **__: result())
    monkeypatch.setattr(sys, which, made if state == "closed" else None)
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == code


@POSIX
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&- <&-", "</dev/null >/dev/full 2>&1"])
@pytest.mark.parametrize("words", ["schema", "screen --as-of 1850-01-01", "scren"])
def test_no_descriptor_makes_a_traceback(tmp_path, closed, words):
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    line = f"'{sys.executable}' -m eligibility {words} {closed}"
    done = subprocess.run(["sh", "-c", line], env=env, capture_output=True, cwd=tmp_path, timeout=120)
    assert done.returncode == (0 if words == "schema" and "full" not in closed else 2)
    assert b"Traceback" not in done.stdout + done.stderr and b"Exception" not in done.stderr


@POSIX
@pytest.mark.parametrize(
    "words, code", [(["schema"], 0), (["scren"], 2), (["check", "no-such-file.yaml"], 2)]
)
def test_nobody_at_the_other_end_of_both_pipes(words, code):
    reads, writes = os.pipe()
    os.close(reads)
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([*ME, *words], env=env, stdout=writes, stderr=writes, timeout=120)
    os.close(writes)
    assert done.returncode == code


# Homes


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home, and elsewhere an empty folder to be in."""
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "home"


def ended(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(list(words))
    return end.value.code


@pytest.mark.parametrize(
    "words",
    [
        ["report", "--country", "TUN", "--out=~/x"],
        ["workbench", "hdi", "--out=~/x.html"],
        ["screen", "--format", "csv", "--out=~/x.csv"],
        ["explain", "TUN", "--out=~/x.txt"],
        ["audit", "hdi", "--draws", "20", "--page=~/x.html"],
        ["screen", "~/mine.yaml", "--out=~/x"],
        ["explain", "TUN", "--criteria=~/mine.yaml", "--out=~/x"],
        ["check", "~/mine.yaml"],
        ["diff", "~/mine.yaml", "2016-07-01", "--as-of", "2016-07-01", "--out=~/x"],
        ["screen", "--data=~", "--top", "1"],
        ["sweep", "~/mine.yaml", "--draws", "2", "--out=~/x.csv", "--backend", "threading", "--jobs", "1"],
    ],
    ids=" ".join,
)
def test_a_tilde_is_the_home_in_every_path(home, monkeypatch, words):
    shutil.copy(ROOT / "criteria" / "hdi.yaml", home / "mine.yaml")
    if words[0] not in ("diff", "sweep", "audit", "workbench"):
        monkeypatch.setattr(run, "run", lambda ref, *_, **__: found(ref))
    assert ended(*words) in (0, 1)
    assert list(Path.cwd().iterdir()) == []
    assert any("x" in path.name for path in home.iterdir()) or words[0] == "check" or "--data=~" in words


def found(ref: str):
    """The round, where the criteria are there."""
    assert "/" not in ref or Path(ref).is_file()
    return result()


def test_the_users_own_folder_may_have_a_tilde(home, monkeypatch):
    monkeypatch.setenv("ELIGIBILITY_DATA", "~/mine")
    assert sources.user_folder() == home / "mine"


def test_a_home_that_is_not_there_is_told(home, capsys):
    assert ended("report", "--out=~no-such-user/x") == 2
    assert capsys.readouterr().err == (
        "--out: path: there is no such home folder (got ~no-such-user/x); a name that begins so is written ./~no-such-user/x\n"
    )
    assert list(Path.cwd().iterdir()) == []


# --out


@pytest.mark.parametrize(
    "words",
    [
        ["screen"], ["screen", "--format", "json"], ["screen", "--format", "csv"], ["explain", "TUN"],
        ["explain", "TUN", "vdem.polyarchy"], ["diff", "2015-07-01", "2016-07-01", "--draws", "20"],
        ["diff", "2015-07-01", "2016-07-01", "--draws", "20", "--format", "json"], ["audit"], ["audit", "--format", "json"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_out_has_what_the_screen_would_show_as_utf_8(tmp_path, monkeypatch, capfdbinary, words):
    if words[0] != "diff":
        monkeypatch.setattr(run, "run", lambda *_, **__: result())
    if words[0] == "audit":
        monkeypatch.setattr(soundness, "full", lambda *_: sound())
    out = tmp_path / "mine.txt"
    code = ended(*words)
    shown = capfdbinary.readouterr().out
    assert ended(*words, "--out", str(out)) == code
    assert capfdbinary.readouterr().out == f"{out}\n".encode()
    assert out.read_bytes() == shown and len(shown) > 100
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "words", [["screen"], ["explain", "TUN"], ["diff", "a", "b"], ["audit"], ["sweep", "hdi"]]
)
def test_out_without_its_folder_is_refused_before_any_work(tmp_path, monkeypatch, capsys, words):
    monkeypatch.setattr(run, "run", lambda *_, **__: pytest.fail("worked"))
    place = tmp_path / "none"
    assert ended(*words, "--out", str(place / "x")) == 2
    assert capsys.readouterr().err == f"--out: folder: must be there (got {place})\n"


@POSIX
@pytest.mark.parametrize(
    "words", [["check"], ["screen"], ["pilots", "check"], ["data", "import"]], ids=" ".join
)
def test_a_name_gives_the_terminal_no_orders_and_its_message_is_one_line(tmp_path, capfd, words):
    odd = tmp_path / "a\nb\x1b[31mc\x07.yaml"
    odd.write_text("id: [", encoding="utf-8")
    assert ended(*words, str(odd)) == 2
    said = "".join(capfd.readouterr())
    assert "\x1b" not in said and "\x07" not in said and r"a\nb\x1b[31mc\x07.yaml" in said
    assert said.count("a\nb") == 0


# Spreadsheets and their neighbours


def test_the_csv_of_a_run_is_read_right_by_a_spreadsheet_and_the_one_for_programs_is_plain(tmp_path):
    from eligibility.present import report

    made = report.write(result(), tmp_path, ("STP",)).path / "ranking.csv"
    assert made.read_bytes() == b"\xef\xbb\xbf" + tables.csv(result()).encode()
    rows = list(csv.DictReader(io.StringIO(made.read_bytes().decode("utf-8-sig"))))
    assert "São Tomé and Príncipe" in {row["name"] for row in rows} and rows[0]["rank"] == "1"


JUNK = [
    ".DS_Store", "countries/.DS_Store", "._ranking.xlsx", "Thumbs.db", "thumbs.db", "ehthumbs.db", "desktop.ini", "Desktop.ini",
    "~$ranking.xlsx", ".~lock.ranking.xlsx#", ".directory", ".nfs000001", "ranking.csv~", ".ranking.csv.swp", "Icon\r",
    "@eaDir/x.jpg", ".dropbox", ".Spotlight-V100/store",
]  # fmt: skip
NOT_JUNK = [
    "notes.txt",
    "countries/UKR.html",
    "Thumbs.html",
    "DS_Store",
    "ranking (1).csv",
    "desktop.ini.html",
    ".hidden",
]


@pytest.fixture
def sealed(tmp_path):
    """A small whole run."""
    import hashlib
    import json

    (tmp_path / "run" / "countries").mkdir(parents=True)
    files = {"briefing.html": b"<p>one</p>\n<p>two</p>\n", "criteria.yaml": b"id: x\r\ntitle: y\r\n"}
    for name, content in files.items():
        (tmp_path / "run" / name).write_bytes(content)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    (tmp_path / "run" / "manifest.json").write_text(json.dumps({"files": sums}), encoding="utf-8")
    return tmp_path / "run"


@pytest.mark.skipif(os.name == "nt", reason="some of these cannot be names there")
@pytest.mark.parametrize("name", JUNK + NOT_JUNK)
def test_what_file_managers_leave_is_passed_over_and_nothing_else(sealed, name):
    (sealed / name).parent.mkdir(exist_ok=True)
    (sealed / name).write_bytes(b"x")
    found = seal.differences(sealed)
    assert found == (() if name in JUNK else (f"{sealed / name}: file: not sealed in manifest.json",))


@pytest.mark.parametrize(
    "name, ends", [("briefing.html", (b"\n", b"\r\n")), ("criteria.yaml", (b"\r\n", b"\n"))]
)
def test_line_ends_that_were_changed_are_named(sealed, name, ends):
    path = sealed / name
    path.write_bytes(path.read_bytes().replace(*ends))
    (line,) = seal.differences(sealed)
    to = "CRLF" if len(ends[1]) == 2 else "LF"
    assert f"only its line ends were changed, to {to}" in line
    path.write_bytes(path.read_bytes() + b"x")
    assert "line ends" not in seal.differences(sealed)[0]


def test_a_source_with_other_line_ends_says_so_and_what_to_do(tmp_path):
    shutil.copytree(ROOT / "datasets" / "wgi-2024", tmp_path / "wgi-2024")
    (folder,) = tmp_path.iterdir()
    source = sources.sheet(folder)
    table = folder / source.file
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(
        IntegrityError, match=r"only its line ends were changed, to CRLF.*git config core.autocrlf false"
    ):
        sources.table(source)


def test_the_map_with_other_line_ends_says_so(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "datasets" / "world", tmp_path / "datasets" / "world")
    table = tmp_path / "datasets" / "world" / "world.csv"
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setattr(outlines, "shipped", lambda folder: tmp_path / folder)
    with pytest.raises(IntegrityError, match="only its line ends were changed, to CRLF"):
        outlines.world.__wrapped__()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not on this machine")
def test_a_clone_as_windows_makes_it_has_the_same_bytes(tmp_path):
    """A repository of the attributes and what is compiled, cloned with core.autocrlf=true."""
    first = tmp_path / "first"
    shutil.copytree(ROOT / "datasets" / "wgi-2024", first / "datasets" / "wgi-2024")
    shutil.copy(ROOT / ".gitattributes", first)
    shutil.copytree(ROOT / "criteria", first / "criteria")
    git = lambda *words: subprocess.run(["git", *words], check=True, capture_output=True, cwd=first)  # noqa: E731
    git("init", "-q")
    git("add", "-A")
    git(*"-c user.name=x -c user.email=x@example.org -c commit.gpgsign=false commit -qm x".split())
    git(*"clone -q -c core.autocrlf=true -c core.eol=crlf".split(), str(first), str(tmp_path / "second"))
    held = lambda folder: {  # noqa: E731
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }
    assert held(tmp_path / "second") == held(first)


# Wide signs, hints, signals


def test_wide_signs_are_counted_as_terminals_show_them(tmp_path, capfd):
    text = (ROOT / "criteria" / "hdi.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "title: ",
        "title: 人類發展指數與各國制度比較研究人類發展指數與各國制度比較研究人類發展指數與各國制度比較研究 ",
        1,
    )
    (tmp_path / "wide.yaml").write_text(text, encoding="utf-8")
    assert ended("screen", str(tmp_path / "wide.yaml"), "--draws", "2") == 0
    out = capfd.readouterr().out
    assert "人類" in out and max(map(terminal.columns, out.splitlines())) <= 80
    assert "".join(out.split()).count("人類發展指數與各國制度比較研究") == 3


@pytest.mark.parametrize(
    "text", ["a b  c", "", "one-two/three " * 20, "wgi.rule_of_law " * 9, "tab\tand\nline"]
)
def test_text_without_wide_signs_is_wrapped_as_ever(text):
    import textwrap

    options = {
        "initial_indent": "- ",
        "subsequent_indent": "  ",
        "break_on_hyphens": False,
        "break_long_words": False,
    }
    assert terminal.wrapped(text, 40, "- ", "  ") == textwrap.wrap(text, 40, **options)


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("what", ["raise", "raise ImportError('cut short')"])
def test_signals_end_a_command_alike_whatever_they_interrupt(tmp_path, number, what):
    """An import that is cut short may say anything; the command is stopped by a pipe it opens, not by a time."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    code = f"""
import sys
from eligibility.cli import commands as cli; from eligibility.method import run
def stuck(*_, **__):
    try:
        with open({str(gate)!r}, "w"):
            pass
        with open({str(gate) + ".never"!r}) as never:
            never.read()
    except BaseException:
        {what}
run.run = stuck
cli.main(["screen"])
"""
    os.mkfifo(f"{gate}.never")
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = subprocess.Popen(
        [sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    gate.read_bytes()
    command.send_signal(number)
    out, err = command.communicate(timeout=60)
    assert (command.returncode, out, err) == (130, b"", b"interrupted; nothing was written\n")


@POSIX
def test_ctrl_c_while_python_runs_a_text_is_130_under_python_m_too(tmp_path):
    """CPython ends by the signal of an interrupt that came within `exec`, as dataclasses use it, unless it is told to forget."""
    (tmp_path / "held.py").write_text(
        "import sys\n"
        "from eligibility.cli import main\n"
        "from eligibility.method import run\n"
        "run.run = lambda *_, **__: exec('import os, signal; os.kill(os.getpid(), signal.SIGINT); signal.pause()')\n"
        "sys.argv = ['eligibility', 'screen']\n"
        "main()\n"
    )
    env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    done = subprocess.run([sys.executable, "-m", "held"], env=env, capture_output=True, timeout=120)
    assert (done.returncode, done.stderr) == (130, b"interrupted; nothing was written\n")


@POSIX
def test_signals_that_somebody_else_hears_are_left_alone(monkeypatch):
    heard = []
    before = {n: signal.signal(n, lambda n, _: heard.append(n)) for n in (signal.SIGTERM, signal.SIGHUP)}
    try:
        monkeypatch.setattr(run, "run", lambda *_, **__: os.kill(os.getpid(), signal.SIGTERM) or result())
        assert ended("screen") == 0
        assert heard == [signal.SIGTERM]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_command_in_a_thread_needs_no_signals(monkeypatch):
    import threading

    seen = []
    monkeypatch.setattr(run, "run", lambda *_, **__: result())
    thread = threading.Thread(target=lambda: seen.append(ended("screen", "--top", "1")))
    thread.start()
    thread.join()
    assert seen == [0]


def test_the_verdicts_that_report_counts_add_up_to_those_considered(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "run", lambda *_, **__: result())
    assert ended("report", "--only", "TUN", "--out", str(tmp_path)) == 0
    (line,) = [
        x for x in capsys.readouterr().out.splitlines() if " countries considered: " in x and "qualify" in x
    ]
    of, *each = map(int, re.findall(r"\d+", line))
    assert of == sum(each) and "of no ideal kind" in line


def test_a_table_of_figures_says_beside_it_which_years_were_read(capfd):
    with pytest.raises(SystemExit):
        cli.main(["screen", "hdi", "--format", "csv"])
    out, err = capfd.readouterr()
    assert out.startswith("rank,") and err.startswith("Figures read: HDI ")
