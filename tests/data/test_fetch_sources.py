"""What each source on file takes from its address and makes of it, the publishers' own files and made ones among them."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from places import ROOT
from publisher import Waits, answer, left
from test_r_data import rda
from test_readers_wdi_json import row

from eligibility.analysis import due
from eligibility.data import sources
from eligibility.data.readers import addresses, series_of
from eligibility.errors import DataError, Problem, UsageError
from eligibility.resources import shipped

fetch = pytest.importorskip(
    "eligibility.data.fetch", reason="urllib3 is not installed (make test installs it)"
)


def served(publisher, word: str, *bodies: bytes) -> addresses.Offer:
    """A source on file, its addresses led to bodies on this machine."""
    of = addresses.offers()[word]
    files = []
    for number, (one, body) in enumerate(zip(of.files, bodies, strict=False)):
        publisher.does[f"/{number}"] = answer(body)
        files.append(replace(one, address=publisher.at(f"/{number}")))
    return replace(of, files=tuple(files))


def get(of: addresses.Offer):
    """What fetching makes of it, without waiting."""
    return fetch.fetch(of, pause=Waits())


def answered(name: str, **head) -> bytes:
    """The service's answer for a series, with the figures that ship."""
    source = next(
        one
        for one in sources.held(shipped("datasets"))
        if one.family == "wb" and one.vintage.startswith("wdi") and name in one.series
    )
    code = series_of("wb", source.vintage)[name]["publisher_code"]
    cells = sources.table(source, [name])[name].dropna()
    rows = [row(iso3, "", year, value, code) for (iso3, year), value in cells.items()]
    said = {"page": 1, "pages": 1, "total": len(rows), "lastupdated": "2024-03-28", **head}
    return json.dumps([said, rows]).encode()


def test_the_indicators_are_one_release_of_as_many_files(publisher, own_folder):
    of = served(publisher, "wdi", answered("population"), answered("health_spending"))
    made = get(of).made.source
    assert made.id == "wb-wdi-2024-03" and set(made.series) == {"population", "health_spending"}
    assert made.released == date(2024, 3, 28)
    day = made.imported.isoformat()
    assert left(own_folder)[:2] == [
        f"fetched/WDI-NY.GNP.PCAP.CD-{day}.json",
        f"fetched/WDI-SP.POP.TOTL-{day}.json",
    ]
    assert [entry["address"] for entry in made.fetched] == [one.address for one in of.files]


def test_indicators_that_were_updated_on_another_day_leave_the_release_alone(publisher, own_folder):
    of = served(
        publisher, "wdi", answered("population"), answered("health_spending", lastupdated="2026-10-01")
    )
    with pytest.raises(DataError, match="must be one release"):
        get(of)
    assert not [name for name in left(own_folder) if not name.startswith("fetched/")]


NO = b'[{"message":[{"id":"175","key":"Invalid format","value":"The indicator was not found"}]}]'


def test_an_indicator_the_service_no_longer_gives_is_left_out_and_told(publisher, own_folder):
    done = get(served(publisher, "wdi", NO, answered("population")))
    assert set(done.made.source.series) == {"population"} and len(done.made.source.fetched) == 1
    why = [how for how in done.files.values() if how.startswith("left out: ")]
    assert len(why) == 1 and "JSON that says 'The indicator was not found'" in why[0]
    assert len([name for name in left(own_folder) if name.startswith("fetched/")]) == 1


def test_a_service_that_gives_nothing_at_all_leaves_nothing(publisher, own_folder):
    with pytest.raises(DataError, match="The indicator was not found"):
        get(served(publisher, "wdi", NO, NO))
    assert left(own_folder) == []


def test_a_service_that_breaks_off_is_not_asked_for_the_rest(publisher, own_folder):
    of = served(publisher, "wdi", answered("population"), b"", b"")
    publisher.does["/1"] = answer(b"", 503)
    with pytest.raises(fetch.Unreachable):
        get(of)
    assert "/2" not in publisher.asked and left(own_folder) == []


def test_every_series_of_the_bank_that_is_read_has_an_address():
    wanted = {sheet["publisher_code"] for sheet in series_of("wb", "wdi").values()}
    assert {"FP.CPI.TOTL.ZG", "SE.PRM.CMPT.FE.ZS", "SE.SEC.CMPT.LO.FE.ZS", "SG.LAW.INDX"} <= wanted
    of = addresses.offers()["wdi"]
    assert {one.name for one in of.files} == {f"WDI-{code}.json" for code in wanted}


def test_v_dems_file_for_r_is_fetched_as_a_table_and_let_in(publisher, own_folder, tmp_path):
    rdata = pytest.importorskip("rdata", reason="rdata is not installed (make test installs it)")
    made = get(served(publisher, "vdem", rda(tmp_path, rdata).read_bytes())).made.source
    assert made.id == "vdem-v16" and [one["name"] for one in made.files] == ["V-Dem-CY-v16-vdemdata.csv"]
    assert left(own_folder) == [
        "fetched/V-Dem-CY-v16-vdemdata.csv",
        "vdem-v16/SHA256SUMS",
        "vdem-v16/origins.csv",
        "vdem-v16/source.yaml",
        "vdem-v16/values.csv",
    ]
    asked = len(publisher.asked)
    of = addresses.offers()["vdem"]
    of = replace(of, files=(replace(of.files[0], address=publisher.at("/0")),))
    assert "there already" in get(of).files["V-Dem-CY-v16-vdemdata.csv"]
    assert len(publisher.asked) == asked


def test_without_what_reads_files_of_r_nothing_is_downloaded(publisher, own_folder, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"eligibility\[fetch\]"):
        get(served(publisher, "vdem", b"x"))
    assert publisher.asked == [] and left(own_folder) == []


def test_what_is_no_file_of_r_leaves_nothing(publisher, own_folder):
    pytest.importorskip("rdata", reason="rdata is not installed (make test installs it)")
    with pytest.raises(DataError, match="must be a file that R saved"):
        get(served(publisher, "vdem", b"version https://git-lfs.github.com/spec/v1\n"))
    assert left(own_folder) == []


@pytest.mark.parametrize(
    "word, file, id",
    [
        ("oghist", "worldbank/OGHIST_2025_10_07.xlsx", "wb-oghist-fy26"),
        ("class", "worldbank/CLASS_2025_10_07.xlsx", "wb-class-fy26"),
    ],
)
def test_the_newest_release_is_told_by_the_file(publisher, own_folder, releases, word, file, id):
    made = get(served(publisher, word, (releases / file).read_bytes())).made.source
    assert made.id == id and made.files[0]["name"].endswith(f"-{made.imported.isoformat()}.xlsx")


@pytest.mark.parametrize(
    "word, file, said",
    [
        ("ucdp", "ucdp/organizedviolencecy_v25_1.csv", "must be a whole .zip|must answer with ucdp v26.1"),
        ("wgi", "wgi/wgidataset.xlsx", r"must answer with wgi 2025 \(got wgi 2024\)"),
        ("oghist", "worldbank/CLASS_2025_10_07.xlsx", r"must answer with wb oghist \(got wb class-fy26\)"),
        ("undp", "undp/HDR23-24_Composite_indices_complete_time_series.csv", "bytes"),
    ],
)
def test_another_release_than_the_one_on_file_leaves_nothing(
    publisher, own_folder, releases, monkeypatch, word, file, said
):
    monkeypatch.setattr(fetch, "_held", lambda of, shelf: "")
    found = releases / file
    if not found.is_file():
        (found,) = (path for path in found.parent.iterdir() if path.name.startswith("HDR23"))
    with pytest.raises(DataError, match=said):
        get(served(publisher, word, found.read_bytes()))
    assert left(own_folder) == []


def test_the_report_on_file_has_the_size_and_checksum_on_file(publisher, own_folder, releases, monkeypatch):
    monkeypatch.setattr(fetch, "_held", lambda of, shelf: "")
    (found,) = (path for path in (releases / "undp").iterdir() if path.name.startswith("HDR25"))
    made = get(served(publisher, "undp", found.read_bytes())).made
    assert made.source.id == "undp-hdr2025" and "byte for byte" in next(iter(made.known.values()))


# ── What `data due` says of them ─────────────────────────────────────────────────────────────────────────────────


def test_what_is_due_and_fetched_says_so_and_how_sure_the_address_is():
    told = "\n".join(due.lines(date(2026, 11, 30), due.due(date(2026, 11, 30))))
    assert (
        "`eligibility data fetch vdem`, from https://raw.githubusercontent.com/vdeminstitute/vdemdata/"
        in told
    )
    assert (
        "`eligibility data fetch wdi`, from https://api.worldbank.org/v2/country/all/indicator/FP.CPI.TOTL.ZG?"
        in told
    )
    assert "(seen in several public programs of 2026, not called by us)" in told
    assert "or by hand: fill in the form at https://www.v-dem.net" in told
    human = told[told.index("United Nations Development") :].partition("\nV-Dem")[0]
    assert "data fetch" not in human and "download" in human  # the address on file is that of what is held
    house = told[told.index("Freedom House") :].partition("\nMillennium")[0]
    assert "data fetch" not in house and "FIW" in house


def test_what_is_due_reads_no_clock_and_no_network(monkeypatch):
    def no(*given, **more):
        raise AssertionError("a socket was made")

    monkeypatch.setattr("socket.socket", no)
    assert due.due(date(2026, 6, 30)) == due.due(date(2026, 6, 30))
    assert Path(due.__file__).read_text(encoding="utf-8").count("today(") == 0


# ── The addresses on file ────────────────────────────────────────────────────────────────────────────────────────


def test_every_address_is_encrypted_bounded_and_says_how_sure_it_is():
    every = addresses.offers()
    assert list(every) and {"vdem", "wgi", "oghist", "class", "wdi", "undp", "ucdp"} == set(every)
    for one in every.values():
        assert one.certainty in addresses.CERTAINTY and one.files
        assert len({file.name for file in one.files}) == len(one.files)
        for file in one.files:
            assert file.address.startswith("https://") and 0 < file.largest <= 200_000_000
            assert bool(file.size) == bool(file.sha256) and "/" not in file.name


def test_a_word_that_is_not_fetched_says_how_to_get_it():
    with pytest.raises(UsageError) as caught:
        addresses.named(["fh", "wb", "nobody"])
    fh, wb, nobody = caught.value.problems
    assert "freedomhouse.org" in fh.hint and wb.hint == "one of oghist, class, wdi"
    assert nobody == Problem("SOURCE", "nobody", "nothing is fetched under this name", hint=nobody.hint)
    assert "vdem" in nobody.hint


def test_what_is_held_of_the_very_file_is_not_fetched(own_folder):
    done = fetch.fetch(addresses.offers()["undp"])
    assert done.held == "undp-hdr2025" and done.made is None and left(own_folder) == []


# ── Who may open a connection ────────────────────────────────────────────────────────────────────────────────────

NETWORK = {
    "socket", "ssl", "http", "urllib", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "socketserver",
    "asyncio", "truststore", "xmlrpc", "webbrowser",
}  # fmt: skip


def imported(path: Path) -> set[str]:
    """Every module a file imports, by any statement in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_one_module_opens_connections_and_one_command_imports_it():
    network, users = [], []
    for path in sorted((ROOT / "eligibility").rglob("*.py")):
        names = imported(path)
        if {name.partition(".")[0] for name in names} & NETWORK:
            network.append(path.name)
        if "eligibility.data.fetch" in names:
            users.append(path.name)
    assert network == ["fetch.py"] and users == ["data_commands.py"]
