"""The command line as a shell sees it: speed, exit codes, refusals, streams. The engine is stood in for."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from click.testing import CliRunner
from places import ROOT

import eligibility
from eligibility.analysis.view import Asked, View
from eligibility.cli import commands as cli
from eligibility.errors import DataError, IntegrityError, Problem

ME = [sys.executable, "-m", "eligibility"]
FORMS = "must be a criteria file, a date such as 2016-07-01, ids of datasets held, or the folder of a run"
NO_SET = "CRITERIA: criteria: must be a shipped id or a .yaml file (got peacetime-pilot); did"
HEAVY = {"pandas", "numpy", "pydantic", "pydantic_core", "jinja2", "yaml", "sklearn", "scipy", "xlsxwriter"}


@pytest.fixture
def typed(capfd):
    """What a user sees after typing a command: exit code, standard output, standard error."""

    def type_(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            cli.main(list(words))
        return (end.value.code, *capfd.readouterr())

    return type_


@pytest.fixture
def engine(monkeypatch):
    """Stands in for the engine, and keeps what it was asked."""
    # `report` takes it from there, and it wants the real engine
    importlib.import_module("eligibility.analysis.compare.since")
    asked: dict = {}

    def fake(name: str, **names) -> None:
        module = ModuleType(f"eligibility.{name}")
        module.__dict__.update(names)
        room, _, leaf = module.__name__.rpartition(".")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(importlib.import_module(room), leaf, module, raising=False)

    def run(*arguments, reading, pilots=None):
        asked["run"], asked["reading"] = arguments, reading
        if "raises" in asked:
            raise asked["raises"]
        status = SimpleNamespace(status=asked.get("status", ["excluded", "eligible"]))
        places = SimpleNamespace(shortlist=("TUN", "MWI"))
        said = SimpleNamespace(shortlist=8)
        return SimpleNamespace(screening=status, ranking=places, criteria=said, reading="Figures read: x.")

    def write(*arguments, since, others, paper, replace, narrowed):
        asked["write"], asked["since"], asked["also"] = (*arguments, paper), since, others
        asked["narrowed"] = narrowed
        if "raises while writing" in asked:
            raise asked["raises while writing"]
        lines = ("out/x/briefing.html", "2 country pages in out/x/countries", "out/x/ranking.xlsx")
        return SimpleNamespace(lines=lines, unprinted=asked.get("unprinted", False))

    fake("method.run", run=run)
    fake(
        "present.tables",
        found=lambda result: "9 countries considered: what was found",
        json=lambda result, seen: '{"name": "Côte d\'Ivoire"}\n',
        csv=lambda result, seen: "iso3\nCIV\n",
    )
    fake("present.ranked", text=lambda result, top, seen, why: f"table {top}\n")
    shown = View(("TUN", "UKR"), 9, ("--only", "tun", "--only", "Ukraine"))
    fake(
        "analysis.view",
        Asked=Asked,
        view=lambda result, asked: shown if asked.only or asked.regions else None,
    )
    fake(
        "present.explain",
        country=lambda result, iso3: f"why {iso3}\n",
        asked=lambda result, iso3, word: f"walk {iso3} {word}\n",
    )
    fake("present.report", write=write)
    return asked


def test_help_loads_nothing_heavy_for_any_command():
    code = f"""
import sys
from eligibility.cli.commands import shell
def helped(group, before):
    shell.main([*before, "--help"], standalone_mode=False)
    for name, command in getattr(group, "commands", {{}}).items():
        helped(command, [*before, name])
helped(shell, [])
print("heavy:", sorted({HEAVY} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "heavy: []", done.stderr


@pytest.mark.parametrize(
    "words, code",
    [
        (["data", "list"], 0),
        (["schema"], 0),
        (["check", "peacetime-pilots", "peacetime-pilots-full", "mcc-hurdles"], 0),
        (["check", "misspelt.yaml"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_command_that_needs_no_figure_loads_no_pandas(words, code, tmp_path):
    own = (ROOT / "criteria" / "peacetime-pilots.yaml").read_text(encoding="utf-8")
    file = tmp_path / "misspelt.yaml"
    file.write_text(own.replace("vdem.polyarchy", "vdem.polyarchi"), encoding="utf-8")
    words = [str(file) if word == file.name else word for word in words]
    told = f"""
import atexit, sys
atexit.register(lambda: print("heavy:", sorted({{"pandas", "numpy"}} & set(sys.modules))))
from eligibility.cli import commands
commands.main({words})
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (code, "heavy: []"), done.stderr


def test_help_lists_the_commands_in_the_order_one_needs_them(typed):
    code, out, _ = typed("--help")
    assert code == 0
    listed = [line.split()[0] for line in out.split("Commands:\n")[1].splitlines() if line.startswith("  ")]
    assert listed[:14] == [
        "screen", "explain", "report", "workbench", "diff", "audit", "record", "review", "pilots", "check", "test", "schema", "sweep",
        "data",
    ]  # fmt: skip


def test_version_is_the_package_version(typed):
    assert typed("--version") == (0, f"eligibility, version {eligibility.__version__}\n", "")


@pytest.mark.parametrize(
    "day", ["2016-7-1", "20160701", "2016-W26-5", "2016-13-01", "2016-02-30", "2016", "now", ""]
)
def test_a_date_is_written_one_way(typed, day):
    code, out, err = typed("screen", "--as-of", day)
    got = f" (got {day})" if day else ""
    rule = "--as-of: date: a day of the calendar as YYYY-MM-DD"
    assert (code, out, err) == (2, "", f"{rule}{got}; write it as 2016-07-01\n")


@pytest.mark.parametrize(
    "words",
    [
        ["screen", "--draws", "0"],
        ["screen", "--draws", "1000001"],
        ["screen", "--draws", "many"],
        ["screen", "--seed", "-1"],
        ["screen", "--top", "0"],
        ["screen", "--format", "xml"],
        ["screen", "--data", "no/such/folder"],
        ["screen", "one", "two"],
        ["screen", "--nonsense"],
        ["diff", "2016-07-01"],
        ["diff", "a", "b", "c"],
        ["diff", "a", "b", "--format", "csv"],
        ["data", "diff", "vdem-v14"],
        ["check"],
        ["check", "no/such/file.yaml"],
        ["test"],
        ["explain"],
        ["data", "build"],
        ["data", "import", "no/such/file.csv"],
    ],
)
def test_a_wrong_option_ends_with_two_and_one_message(typed, words):
    code, out, err = typed(*words)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"[^:\n]+: (option|argument|words): [^\n]+; [^\n]+\n", err), err
    assert "Error" not in err and "Usage" not in err


@pytest.mark.parametrize(
    "words, message",
    [
        (["scren"], "scren: command: there is none of this name; did you mean 'screen'?\n"),
        (["screen", "--tpo", "3"], "--tpo: option: there is none of this name; did you mean '--top' or "),
        (["screen", "--as-of"], "--as-of: option: requires an argument"),
        (["report", "--pdf=3"], "--pdf: option: does not take a value"),
        (["data", "verify", "no/run"], "RUN: argument: directory 'no/run' does not exist; "),
        (["check"], "CRITERIA: argument: must be given; `eligibility check --help` says how it is used"),
        (["check", "peacetime-pilot"], NO_SET),
        (["test", "peacetime-pilot"], NO_SET),
        (["screen", "--set", "score.pillars.democracy.weight=2"],
         "--set: score.pillars.democracy.weight: is not in the criteria file; where the file says "),
        (["diff", "", "2016-07-01"], "A: path: must not be empty"),
        (["screen", "~no-such-user/x"], "CRITERIA: path: there is no such home folder (got ~no-such-user/x); a name "),
        (["diff", "nonsense", "2016-07-01"], "A: argument: must be a criteria file, a date such as 2016-07-01, "),
        (["diff", "2016-07-01", "2016-7-1"], f"B: argument: {FORMS} (got 2016-7-1); write a date as 2016-07-01"),
        (["diff", "vdem-v99", "2016-07-01"], f"A: argument: {FORMS} (got vdem-v99); did you mean 'vdem-v"),
        (["diff", "2016-07-01", "2016-02-30"], "B: date: a day of the calendar as YYYY-MM-DD (got 2016-02-30); write"),
        (["diff", "wgi-2024,vdem-v99", "2016-07-01"], "A: datasets: must be ids of datasets held (got vdem-v99)"),
        (["diff", "vdem-v14,vdem-v15", "2016-07-01"], "A: datasets: one of each family (got vdem)"),
        (["diff", "2015-07-01", "2016-07-01", "--as-of", "2016-07-01"], "--as-of: option: A and B both say their date"),
        (["diff", "peacetime-pilots", "peacetime-pilots", "--criteria", "peacetime-pilots"],
         "--criteria: option: A and B both say their criteria"),
        (["diff", "a", "b", "--top", "3", "--format", "json"], "--top: option: only for --format table"),
        (["screen", "--top", "3", "--format", "json"], "--top: option: only for --format table; json lists them all\n"),
        (["diff", str(ROOT / "tests"), "2016-07-01"], "RUN: folder: must be a sealed run"),
        (["data", "diff", "vdem-v99", "vdem-v15"], "OLD: dataset: must be a dataset held or a folder with a source.yaml"),
        (["data", "diff", "vdem-v14", "wgi-2024"], "NEW: dataset: must be a vintage of 'vdem', as OLD is (got wgi-2024)"),
        (["data", "diff", "un-rome-2026-10", "un-sdg-2020"], "NEW: dataset: holds no series that un-rome-2026-10 holds"),
    ],
)  # fmt: skip
def test_what_was_typed_wrong_is_said_in_a_line_as_everything_else_is(typed, words, message):
    code, out, err = typed(*words)
    assert (code, out) == (2, "")
    assert err.startswith(message)
    assert err.count("\n") == 1


@pytest.mark.parametrize("group", [(), ("data",), ("pilots",)])
def test_the_list_of_commands_is_whole_in_eighty_columns(group):
    told = CliRunner().invoke(cli.shell, [*group, "--help"], terminal_width=80).stdout
    assert "..." not in told.partition("Commands:")[2]
    assert max(map(len, told.splitlines())) <= 80


def test_folders_in_the_examples_are_those_that_a_report_writes(typed):
    from eligibility.method import run, vintages

    policy, figures = run.ready("peacetime-pilots")
    newest = vintages.default_day(policy, figures).isoformat()
    helps = [typed(*words, "--help")[1] for words in (["diff"], ["data", "verify"])]
    named = set(re.findall(r"out/peacetime-pilots-(\S+)", "".join(helps)))
    assert named == {newest, "2016-07-01"}


def test_screen_hands_its_options_on(typed, engine, tmp_path):
    words = ["my.yaml", "--as-of", "2016-07-01", "--draws", "50", "--seed", "7", "--top", "3"]
    words += ["--set", "a=1", "--set", "b.c=2", "--data", str(tmp_path)]
    assert typed("screen", *words) == (0, "table 3\n", "")
    assert engine["run"] == ("my.yaml", date(2016, 7, 1), 50, 7, ("a=1", "b.c=2"), tmp_path, None)


def test_which_releases_may_be_read_is_handed_on(typed, engine):
    from eligibility.data.panel import NEWEST, Reading

    for words in (["screen"], ["explain", "TUN"]):
        typed(*words)
        assert engine["reading"] == NEWEST
        typed(*words, "--as-known", "--vintage", "made.x=made-1", "--vintage", "made-2")
        assert engine["reading"] == Reading(True, ("made.x=made-1", "made-2"))


def test_screen_alone_uses_the_shipped_policy(typed, engine):
    assert typed("screen") == (0, "table None\n", "")
    assert engine["run"] == ("peacetime-pilots", None, None, None, (), None, None)


@pytest.mark.parametrize(
    "status, code", [(["excluded"], 1), ([], 1), (["conditional"], 0), (["eligible"], 0)]
)
def test_screen_ends_with_one_when_no_country_passes(typed, engine, status, code):
    engine["status"] = status
    assert typed("screen")[0] == code


def test_json_is_utf_8_whatever_the_terminal_speaks(engine):
    done = CliRunner(charset="ascii").invoke(cli.shell, ["screen", "--format", "json"])
    assert done.stdout_bytes == '{"name": "Côte d\'Ivoire"}\n'.encode()


@pytest.mark.parametrize("written", ["TUN", "tun", "Tun", "Tunisia", "tunisia", " TUN "])
def test_a_country_is_its_code_or_its_name(typed, engine, written):
    assert typed("explain", written) == (0, "why TUN\n", "")


def test_explain_walks_one_number(typed, engine):
    assert typed("explain", "TUN", "vdem.polyarchy") == (0, "walk TUN vdem.polyarchy\n", "")


@pytest.mark.parametrize(
    "written, hint",
    [
        ("Tunesia", "did you mean TUN (Tunisia)?"),
        ("Nigera", "NGA (Nigeria)"),
        ("TUNN", "TUN (Tunisia)"),
        ("qqqqq", ""),
    ],
)
def test_a_country_is_never_guessed(typed, engine, written, hint):
    code, out, err = typed("explain", written)
    assert (code, out) == (2, "")
    assert err.startswith(f"COUNTRY: country: an ISO3 code or the name of a country (got {written})")
    assert hint in err
    assert "run" not in engine


def test_report_prints_what_was_found_and_what_to_open(typed, engine):
    code, out, err = typed("report", "--out", "x", "--only", "tun", "--country", "Ukraine", "--pdf")
    assert (code, err) == (0, "")
    assert out == (
        "Figures read: x.\n"
        "9 countries considered: what was found\n"
        "shortlist: Tunisia, Malawi\n"
        "out/x/briefing.html\n"
        "2 country pages in out/x/countries\n"
        "out/x/ranking.xlsx\n"
        "shown: 2 of 9 countries considered; ranks, medians and counts are those of all 9\n"
    )
    assert engine["narrowed"] == ("--only", "tun", "--only", "Ukraine")
    assert engine["write"][1:] == (Path("x"), ("TUN", "UKR"), True, "a4")


def test_paper_is_handed_on_and_goes_with_pdf(typed, engine):
    assert typed("report", "--pdf", "--paper", "letter")[0] == 0
    assert engine["write"][-1] == "letter"
    assert typed("report", "--paper", "letter") == (
        2,
        "",
        "--paper: option: goes with --pdf (got letter)\n",
    )


def test_a_page_that_was_asked_for_and_not_printed_ends_with_one(typed, engine):
    engine["unprinted"] = True
    assert typed("report", "--pdf")[0] == 1


def test_a_refusal_is_its_message_and_no_traceback(typed, engine):
    engine["raises"] = DataError([Problem("v.csv:3", "column 'year'", "a whole number", got="2015.5")] * 12)
    code, out, err = typed("screen")
    assert (code, out) == (2, "")
    line = "v.csv:3: column 'year': a whole number (got 2015.5)\n"
    assert err == line * 10 + "... and 2 more problems\n"


def test_a_broken_seal_ends_with_one(typed, engine):
    engine["raises"] = IntegrityError("vdem-v14/values.csv: checksum: does not hold")
    assert typed("screen") == (1, "", "vdem-v14/values.csv: checksum: does not hold\n")


def test_a_folder_that_cannot_be_written_is_named(typed, engine):
    engine["raises"] = PermissionError(13, "Permission denied", "/no")
    assert typed("report") == (2, "", "/no: file: Permission denied\n")


def test_a_fault_of_ours_is_not_hidden(engine):
    engine["raises"] = ZeroDivisionError
    with pytest.raises(ZeroDivisionError):
        cli.main(["screen"])


@pytest.mark.parametrize("words", [["screen"], ["explain", "TUN"], ["report"]])
def test_ctrl_c_is_one_line(typed, engine, words):
    engine["raises"] = KeyboardInterrupt()
    assert typed(*words) == (130, "", "interrupted; nothing was written\n")


def test_ctrl_c_says_of_a_report_what_was_written(typed, engine, tmp_path):
    engine["raises while writing"] = KeyboardInterrupt()
    said = "interrupted; nothing was written\n"
    assert typed("report", "--out", str(tmp_path)) == (130, "", said)

    class Late(KeyboardInterrupt):
        """Comes when the run has taken its name."""

        def __init__(self):
            (tmp_path / "x-2016-07-01").mkdir()
            (tmp_path / "x-2016-07-01" / "manifest.json").write_text("{}")

    import eligibility.present.report as fake

    def late(*arguments, **more):
        raise Late

    fake.write = late
    said = f"interrupted; written: {tmp_path / 'x-2016-07-01' / 'manifest.json'}\n"
    assert typed("report", "--out", str(tmp_path)) == (130, "", said)


@pytest.mark.skipif(os.name == "nt", reason="no broken pipes of this kind here")
@pytest.mark.parametrize("words", [["--help"], ["screen", "--help"], ["--version"], ["schema"]])
def test_what_nobody_reads_is_no_fault(words):
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run([*ME, *words], stdout=writes, stderr=subprocess.PIPE, cwd=ROOT, timeout=60)
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("words", [["--help"], ["schema"], ["check", "hdi"]])
def test_a_full_disk_is_told_and_no_traceback(words):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*ME, *words], stdout=full, stderr=subprocess.PIPE, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stderr) == (2, b"standard output: file: No space left on device\n")


def test_what_was_set_is_said_with_the_result(typed):
    said = "Changed for this run: shortlist.size=5; score.floor=0.02. It is not the result of peacetime-pilots 2.0 "
    words = ["--set", "shortlist.size=5", "--set", "score.floor=0.02", "--draws", "1"]
    code, out, err = typed("screen", *words)
    assert (code, err) == (0, "")
    assert "(peacetime-pilots 2.0, changed for this run)" in " ".join(out.split())
    assert said in " ".join(out.split())
    told = json.loads(typed("screen", *words, "--format", "json")[1])
    assert told["criteria"]["settings"] == ["shortlist.size=5", "score.floor=0.02"]
    assert told["notes"][0].startswith("Figures read: ") and told["notes"][1].startswith(said)
    of_index = typed("audit", "hdi", "--set", "score.floor=0.02", "--draws", "1")[1]
    assert "Changed for this run: score.floor=0.02. It is not the result of hdi 1.0 " in " ".join(
        of_index.split()
    )
    told = json.loads(typed("screen", "--draws", "1", "--format", "json")[1])
    assert told["criteria"]["settings"] == []
    assert not any("Changed" in note for note in told["notes"])


def test_a_country_that_is_no_candidate_is_told_what_the_rule_sees(typed):
    code, out, err = typed("explain", "USA", "--as-of", "2016-07-01", "--draws", "1")
    assert (code, err) == (0, "")
    assert "United States is not considered: income class is high income." in out
    code, out, err = typed("explain", "USA", "vdem.polyarchy", "--as-of", "2016-07-01", "--draws", "1")
    assert (code, out) == (2, "")
    assert (
        err
        == "COUNTRY: USA: not a candidate of peacetime-pilots at 2016-07-01; income class is high income\n"
    )


def test_a_near_miss_of_an_indicator_is_asked_about(typed):
    code, out, err = typed("explain", "TUN", "vdem.polyarch", "--draws", "1")
    assert (code, out) == (2, "")
    assert err.endswith("(got vdem.polyarch); did you mean 'vdem.polyarchy'?\n")
    assert "it looks at lists.eiti_member, " in typed("explain", "TUN", "nonsense", "--draws", "1")[2]


def test_figures_that_begin_later_are_not_asked_for(typed):
    """A download would not bring what its publisher has never published."""
    out = " ".join(typed("screen", "--as-of", "1995-01-01", "--draws", "1")[1].split())
    assert "wgi.rule_of_law: wgi-2024 holds 1996 to 2023, but no year that was published by then" in out
    assert "data import" not in out


def test_control_characters_of_a_file_are_named_and_not_obeyed(typed, tmp_path):
    text = (ROOT / "criteria" / "peacetime-pilots.yaml").read_text(encoding="utf-8")
    file = tmp_path / "odd.yaml"
    text = re.sub(r"(?m)^title: .*", r'title: "A \\e[2Jb \\u202ec"', text, count=1)
    text = text.replace("    title: Democracy\n", '    title: "D\\e[1m"\n', 1)
    text = re.sub(r"(?m)^  - name: ", '  - name: "\\\\e[7m"\n    # ', text, count=1)
    file.write_text(text, encoding="utf-8")
    runner = CliRunner()
    for words in (["screen", "--draws", "1"], ["test"]):
        told = runner.invoke(cli.shell, [words[0], str(file), *words[1:]], color=True).stdout
        assert "\x1b" not in told and "\u202e" not in told
        assert "U+001B[" in told


def test_a_data_folder_that_cannot_be_looked_into_is_not_an_empty_one(typed, monkeypatch, tmp_path):
    file = tmp_path / "mine"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("ELIGIBILITY_DATA", str(file))
    assert typed("data", "list") == (2, "", f"{file}: folder: cannot be looked into: Not a directory\n")
    monkeypatch.setenv("ELIGIBILITY_DATA", str(tmp_path / "none-yet"))
    assert typed("data", "list")[0] == 0


def test_ids_stay_in_one_piece(typed):
    out = typed("screen", "--as-of", "2016-07-01", "--draws", "1")[1]
    assert max(map(len, out.splitlines())) <= 80
    assert not [line for line in out.splitlines() if re.search(r"[a-z]-$", line)]


def test_no_colour_reaches_a_pipe(engine, monkeypatch):
    monkeypatch.setattr(
        sys.modules["eligibility.present.ranked"],
        "text",
        lambda result, top, seen, why: "\x1b[1mbold\x1b[0m\n",
    )
    assert CliRunner().invoke(cli.shell, ["screen"]).stdout == "bold\n"
    assert "\x1b" in CliRunner().invoke(cli.shell, ["screen"], color=True).stdout


def test_data_list_names_every_shipped_source(typed, monkeypatch, tmp_path):
    monkeypatch.setenv("ELIGIBILITY_DATA", str(tmp_path))
    code, out, _ = typed("data", "list")
    assert code == 0
    shipped = {path.parent.name for path in (ROOT / "datasets").glob("*/source.yaml")}
    assert {line.split()[0] for line in out.splitlines() if not line.startswith(" ")} == shipped


def test_data_verify_finds_one_changed_digit(typed, monkeypatch, tmp_path):
    monkeypatch.setenv("ELIGIBILITY_DATA", str(tmp_path / "none"))
    assert typed("data", "verify") == (0, "every source, register and outline is as it was made\n", "")
    shutil.copytree(ROOT / "datasets" / "wgi-2024", tmp_path / "wgi-2024")
    table = tmp_path / "wgi-2024" / "values.csv"
    content = bytearray(table.read_bytes())
    content[-3] ^= 1
    table.write_bytes(content)
    code, out, err = typed("data", "verify", "--data", str(tmp_path))
    assert (code, err, len(out.splitlines())) == (1, "", 2)
    told, found = out.splitlines()
    assert told.startswith(f"{tmp_path / 'wgi-2024'}: no list of checksums: ")
    assert found.startswith("wgi-2024/values.csv: checksum: ")


def test_data_import_refuses_what_no_reader_knows(typed, tmp_path):
    file = tmp_path / "shopping.csv"
    file.write_text("eggs,milk\n1,2\n", encoding="utf-8")
    code, out, err = typed("data", "import", str(file), "--to", str(tmp_path / "mine"))
    assert (code, out) == (2, "")
    assert err.startswith("shopping.csv: ")
    assert not (tmp_path / "mine").exists()


def test_check_takes_a_shipped_set_and_a_file(typed, tmp_path):
    file = tmp_path / "mine.yaml"
    shutil.copy(ROOT / "criteria" / "peacetime-pilots.yaml", file)
    lines = f"peacetime-pilots: no problem found\n{file}: no problem found\n"
    assert typed("check", "peacetime-pilots", str(file)) == (0, lines, "")
    file.write_text("title: x\n", encoding="utf-8")
    code, out, err = typed("check", "peacetime-pilots", str(file))
    assert (code, err) == (2, "") and out.startswith(f"{file}:1:1: ")


def test_test_takes_a_shipped_set_and_a_file(typed, monkeypatch):
    from eligibility.analysis import cases

    asked = []
    monkeypatch.setattr(cases, "cases", lambda ref: asked.append(ref) or [])
    file = str(ROOT / "criteria" / "peacetime-pilots.yaml")
    assert typed("test", "peacetime-pilots", file) == (0, "0 cases, 0 failed\n", "")
    assert asked == ["peacetime-pilots", file]


def test_a_case_whose_figures_nobody_holds_waits_and_does_not_hold(typed, monkeypatch, tmp_path):
    monkeypatch.setenv("ELIGIBILITY_DATA", str(tmp_path))
    code, out, err = typed("test", "ogp-core")
    assert (code, err) == (0, "")
    assert re.findall(r"(?m)^\w+", out) == ["2015", "2016"] + ["waits"] * 3 + [
        "3"
    ]  # two dates, of which were read
    assert out.count("\n       no dataset holds ogp.access_to_information, ") == 3
    assert out.endswith("3 cases, 0 failed, 3 wait for data\n")


@pytest.mark.parametrize("day", ["0001-01-01", "1950-01-01", "2090-07-01", "9999-12-31"])
def test_a_date_out_of_reach_is_refused_with_those_in_reach(typed, day):
    code, out, err = typed("screen", "--as-of", day)
    assert (code, out) == (2, "")
    said = (
        f"--as-of: pool: no country can be judged at this date (got {day}); the figures held can answer for "
    )
    assert err.startswith(said)
    first, _, last = err.removeprefix(said).strip().partition(" to ")
    assert date(1980, 1, 1) < date.fromisoformat(first) < date(2000, 1, 1)
    assert date(2020, 1, 1) < date.fromisoformat(last) < date(2040, 1, 1)


def test_the_dates_in_reach_are_the_outermost(typed):
    _, _, err = typed("screen", "--as-of", "2090-07-01")
    for place, beyond in ((-3, -1), (-1, 1)):
        day = date.fromisoformat(err.split()[place])
        assert typed("screen", "--as-of", day.isoformat(), "--draws", "1")[0] in (0, 1)
        code, _, said = typed("screen", "--as-of", (day + timedelta(days=beyond)).isoformat(), "--draws", "1")
        assert code == 2 and said.endswith(err.partition(";")[2])
