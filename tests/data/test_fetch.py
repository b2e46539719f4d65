"""`data fetch` against a publisher on this machine that does what publishers do on a bad day; no other network."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from places import ROOT
from publisher import Waits, answer, endless, in_turn, left, to

from eligibility.cli import commands as cli
from eligibility.data import sources
from eligibility.data.readers import addresses
from eligibility.data.readers.addresses import Address, Offer
from eligibility.errors import DataError

fetch = pytest.importorskip(
    "eligibility.data.fetch", reason="urllib3 is not installed (make test installs it)"
)
exceptions = fetch.exceptions

PRESS = b"iso3,year,rank,score\nTUN,2022,94,59.5\nNAM,2022,18,81.5\nNAM,2023,22,80.5\nCSS,2023,93,58.5\n"
SUM = hashlib.sha256(PRESS).hexdigest()
FOLDER = "fetched"


def offer(publisher, path: str = "/rsf.csv", vintage: str = "2023", **more) -> Offer:
    """The press figures, as a sheet's `fetch:` would give their address."""
    one = replace(Address(publisher.at(path), "rsf.csv", 10_000), **more)
    return Offer("rsf", "rsf", "", vintage, "memory", (one,))


WHOLE = [
    "fetched/rsf.csv",
    *(f"rsf-2023/{name}" for name in ("SHA256SUMS", "origins.csv", "source.yaml", "values.csv")),
]


def refused(of: Offer, folder: Path, **more) -> str:
    """What fetching says, after it left nothing."""
    with pytest.raises(DataError) as caught:
        fetch.fetch(of, pause=more.pop("pause", Waits()), **more)
    assert left(folder) == [] and not list(folder.glob(".*"))
    return str(caught.value)


# ── What arrives ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_fetched_checked_kept_and_imported(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(PRESS)
    seen = []
    done = fetch.fetch(offer(publisher, size=len(PRESS), sha256=SUM), progress=lambda *at: seen.append(at))
    assert left(own_folder) == WHOLE and (own_folder / FOLDER / "rsf.csv").read_bytes() == PRESS
    assert not list(own_folder.glob(".*"))
    assert seen[-1] == (len(PRESS), len(PRESS))
    assert done.files == {"rsf.csv": f"fetched, sha256 {SUM}"}
    source = sources.sheet(own_folder / "rsf-2023")
    assert source.fetched == ({"address": publisher.at("/rsf.csv"), "sha256": SUM},)
    assert source.files == ({"name": "rsf.csv", "sha256": SUM},) and source.imported
    assert publisher.headers["User-Agent"].startswith("eligibility/")


@pytest.mark.parametrize("known", [SUM, ""])
def test_what_is_there_with_the_right_checksum_is_not_fetched_again(publisher, own_folder, known):
    publisher.does["/rsf.csv"] = answer(PRESS)
    of = offer(publisher, sha256=known)
    first = fetch.fetch(of)
    before = (own_folder / "rsf-2023" / "source.yaml").read_bytes()
    again = fetch.fetch(of)
    assert publisher.asked == ["/rsf.csv"]
    assert again.files == {} if known else "there already" in again.files["rsf.csv"]
    assert again.held == ("rsf-2023" if known else "")
    assert (own_folder / "rsf-2023" / "source.yaml").read_bytes() == before
    assert first.made.source.id == "rsf-2023"


def test_a_kept_file_that_was_changed_is_fetched_again(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(PRESS)
    fetch.fetch(offer(publisher))
    (own_folder / FOLDER / "rsf.csv").write_bytes(PRESS.replace(b"59.5", b"95.5"))
    fetch.fetch(offer(publisher))
    assert len(publisher.asked) == 2 and (own_folder / FOLDER / "rsf.csv").read_bytes() == PRESS


def test_where_the_newest_release_lies_it_is_asked_for_each_time_and_kept_under_its_day(
    publisher, own_folder
):
    publisher.does["/rsf.csv"] = answer(PRESS)
    of = replace(offer(publisher), vintage="", kind="20")
    for _ in range(2):
        fetch.fetch(of)
    assert len(publisher.asked) == 2
    day = sources.sheet(own_folder / "rsf-2023").imported
    assert f"fetched/rsf-{day.isoformat()}.csv" in left(own_folder)


def test_another_folder_may_be_named(publisher, own_folder, tmp_path):
    publisher.does["/rsf.csv"] = answer(PRESS)
    fetch.fetch(offer(publisher), tmp_path / "mine")
    assert left(tmp_path / "mine") == WHOLE and left(own_folder) == []


def test_what_a_killed_fetch_left_is_swept_away_once_it_is_old(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(PRESS)
    for name, age in (("old", 2 * fetch.ABANDONED), ("young", 0)):
        folder = own_folder / f".fetching-{name}"
        folder.mkdir()
        then = folder.stat().st_mtime - age
        os.utime(folder, (then, then))
    fetch.fetch(offer(publisher))
    assert [path.name for path in own_folder.glob(".*")] == [".fetching-young"]


# ── A bad day ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_redirect_is_followed(publisher, own_folder):
    publisher.does |= {"/old": to("/new", 301), "/new": to("rsf.csv", 307), "/rsf.csv": answer(PRESS)}
    fetch.fetch(offer(publisher, "/old"))
    assert publisher.asked == ["/old", "/new", "/rsf.csv"] and left(own_folder) == WHOLE


def test_redirects_end(publisher, own_folder):
    publisher.does["/rsf.csv"] = to("/rsf.csv")
    assert "at most 5 redirects" in refused(offer(publisher), own_folder)
    assert len(publisher.asked) == fetch.REDIRECTS + 1


@pytest.mark.parametrize("where", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://[", ""])
def test_a_redirect_leads_to_no_other_kind_of_address(publisher, own_folder, where):
    publisher.does["/rsf.csv"] = to(where)
    assert "must redirect to an address that begins with https" in refused(offer(publisher), own_folder)


@pytest.mark.parametrize(
    "start, there, allowed",
    [
        ("https://a.org/x", "https://b.org/y", True),
        ("https://a.org/x", "/y", True),
        ("https://a.org/x", "http://a.org/y", False),
        ("http://a.org/x", "https://a.org/y", True),
        ("http://a.org/x", "http://a.org/y", True),
        ("https://a.org/x", "//b.org/y", True),
    ],
)
def test_an_encrypted_address_leads_to_encrypted_ones_only(start, there, allowed):
    of = next(iter(addresses.offers().values()))
    if allowed:
        assert fetch._next(start, there, of.files[0], of).endswith("/y")
    else:
        with pytest.raises(DataError):
            fetch._next(start, there, of.files[0], of)


def test_an_answer_cut_short_is_asked_for_again(publisher, own_folder):
    publisher.does["/rsf.csv"] = in_turn(answer(PRESS[:40], Content_Length=str(len(PRESS))), answer(PRESS))
    waits = Waits()
    fetch.fetch(offer(publisher), pause=waits)
    assert waits == [2.0] and left(own_folder) == WHOLE


def test_an_answer_that_is_always_cut_short_leaves_nothing(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(PRESS[:40], Content_Length=str(len(PRESS)))
    waits = Waits()
    said = refused(offer(publisher), own_folder, pause=waits)
    assert "the answer broke off, 4 times" in said and waits == [2.0, 4.0, 8.0]


def test_a_shorter_file_than_the_one_on_file_is_no_whole_file(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(PRESS[:40])
    said = refused(offer(publisher, size=len(PRESS)), own_folder)
    assert f"40 bytes of {len(PRESS)}" in said


def test_another_checksum_is_refused_at_once(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(PRESS.replace(b"59.5", b"95.5"))
    said = refused(offer(publisher, size=len(PRESS), sha256=SUM), own_folder)
    assert "must have the checksum on file" in said and len(publisher.asked) == 1


@pytest.mark.parametrize("status", [404, 403, 410])
def test_an_address_that_does_not_serve_says_how_to_get_the_file_by_hand(publisher, own_folder, status):
    publisher.does["/rsf.csv"] = answer(b"gone", status)
    said = refused(offer(publisher), own_folder)
    assert f"answer {status}" in said and "download" in said and "rsf.org" in said
    assert "eligibility data import" in said and len(publisher.asked) == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_is_busy_is_asked_again(publisher, own_folder, status):
    publisher.does["/rsf.csv"] = in_turn(answer(b"", status), answer(b"", status), answer(PRESS))
    waits = Waits()
    fetch.fetch(offer(publisher), pause=waits)
    assert waits == [2.0, 4.0] and left(own_folder) == WHOLE


def test_a_server_that_stays_busy_is_given_up(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(b"", 503)
    assert "answer 503 Service Unavailable, 4 times" in refused(offer(publisher), own_folder)


def test_a_server_that_says_nothing_is_given_up(publisher, own_folder, monkeypatch):
    monkeypatch.setattr(fetch, "READ", 0.05)
    fetch._pool.cache_clear()
    publisher.does["/rsf.csv"] = lambda handler: publisher.go_on.wait(30)
    said = refused(offer(publisher), own_folder)
    fetch._pool.cache_clear()
    assert "no byte for 0.05 seconds, 4 times" in said


def half(publisher, sent=lambda: None):
    """What sends a part of the file and then waits."""

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(PRESS)))
        handler.end_headers()
        handler.wfile.write(PRESS[:40])
        handler.wfile.flush()
        sent()
        publisher.go_on.wait(60)

    return answer


def test_a_server_that_stops_in_the_middle_is_given_up(publisher, own_folder, monkeypatch):
    monkeypatch.setattr(fetch, "READ", 0.05)
    fetch._pool.cache_clear()
    publisher.does["/rsf.csv"] = half(publisher)
    said = refused(offer(publisher), own_folder)
    fetch._pool.cache_clear()
    assert "no byte for 0.05 seconds" in said


def test_a_file_that_comes_too_slowly_is_given_up(publisher, own_folder, monkeypatch):
    monkeypatch.setattr(fetch, "LONGEST", -1.0)
    publisher.does["/rsf.csv"] = answer(PRESS)
    assert "must come within" in refused(offer(publisher), own_folder)


def test_a_proxy_of_the_machine_is_used(publisher, own_folder, monkeypatch):
    monkeypatch.setenv("http_proxy", publisher.at("").replace("//", "//me:secret@"))
    there = "http://publisher.invalid/rsf.csv"
    publisher.does[there] = answer(PRESS)
    of = offer(publisher)
    fetch.fetch(replace(of, files=(replace(of.files[0], address=there),)))
    assert publisher.asked == [there] and left(own_folder) == WHOLE
    assert publisher.headers["proxy-authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "error, said",
    [
        (exceptions.SSLError("self-signed certificate"), "must show a certificate this machine trusts"),
        (exceptions.ProxySchemeUnknown("ftp"), "must be an address that can be called"),
        (exceptions.LocationParseError("x"), "must be an address that can be called"),
        (exceptions.NameResolutionError("x", None, OSError()), "no such host is known here"),
        (exceptions.ProxyError("x", OSError()), "the proxy did not let it through"),
        (exceptions.ConnectTimeoutError("x"), "no connection within 15 seconds"),
        (exceptions.NewConnectionError(None, "x"), "no connection"),
        (exceptions.ProtocolError("x"), "the answer broke off"),
    ],
)
def test_what_another_try_mends_and_what_it_does_not(error, said):
    of = next(iter(addresses.offers().values()))
    meant = fetch._failed(error, of, of.files[0])
    assert said in str(meant) and isinstance(meant, DataError) == ("must" in said)


def test_nobody_there(publisher, own_folder):
    of = offer(publisher)
    publisher.server.shutdown()
    publisher.server.server_close()
    assert "no connection, 4 times" in refused(of, own_folder)


def test_an_endless_answer_is_cut_at_the_largest_the_file_may_be(publisher, own_folder):
    publisher.does["/rsf.csv"] = endless
    said = refused(offer(publisher), own_folder)
    assert "at most 10000 bytes (got more)" in said and len(publisher.asked) == 1


def test_a_length_beyond_the_largest_is_not_even_read(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(b"", Content_Length=str(1 << 40))
    assert f"at most 10000 bytes (got {1 << 40})" in refused(offer(publisher), own_folder)


# ── What is whole and not right ──────────────────────────────────────────────────────────────────────────────────


def test_a_page_in_place_of_a_file_leaves_nothing(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(b"<!doctype html><title>Please accept our cookies</title>")
    assert "a web page (HTML)" in refused(offer(publisher), own_folder)


def test_another_layout_is_told_with_what_it_lacks(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(PRESS.replace(b"score", b"points"))
    said = refused(offer(publisher), own_folder)
    assert "rsf.csv" in said and "must be a publisher's release" in said


def test_another_publishers_file_is_refused(publisher, own_folder):
    hdr = b"iso3,country,hdicode,hdi_2022\nTUN,Tunisia,High,0.7\n"
    publisher.does["/rsf.csv"] = answer(hdr)
    assert "must answer with rsf 2023" in refused(offer(publisher), own_folder)


def test_what_the_reader_or_the_gate_refuses_is_kept_to_be_looked_at(publisher, own_folder):
    publisher.does["/rsf.csv"] = answer(PRESS.replace(b"TUN", b"QQQ"))
    with pytest.raises(DataError) as caught:
        fetch.fetch(offer(publisher))
    assert "QQQ" in str(caught.value) and "was fetched whole and not imported" in str(caught.value)
    assert left(own_folder) == ["fetched/rsf.csv"] and not list(own_folder.glob(".*"))


def test_a_release_that_the_gate_refuses_changes_nothing(publisher, own_folder):
    publisher.does["/rsf.csv"] = in_turn(answer(PRESS), answer(PRESS.replace(b"NAM,2023,22,80.5\n", b"")))
    fetch.fetch(offer(publisher))
    before = (own_folder / "rsf-2023" / "values.csv").read_bytes()
    (own_folder / FOLDER / "rsf.csv").unlink()
    with pytest.raises(DataError, match="cells-lost|countries-lost|partial-year|years-lost"):
        fetch.fetch(offer(publisher))
    assert (own_folder / "rsf-2023" / "values.csv").read_bytes() == before


def test_the_sheet_of_a_fetched_source_is_plain_yaml(publisher, own_folder):
    publisher.does["/rsf.csv?a=b&c=d"] = answer(PRESS)
    fetch.fetch(offer(publisher, "/rsf.csv?a=b&c=d"))
    raw = yaml.safe_load((own_folder / "rsf-2023" / "source.yaml").read_text(encoding="utf-8"))
    assert raw["fetched"] == [{"address": publisher.at("/rsf.csv?a=b&c=d"), "sha256": SUM}]


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def offered(publisher, monkeypatch):
    """Two offers in place of those of the sheets."""
    publisher.does |= {"/rsf.csv": answer(PRESS), "/gone.csv": answer(b"", 404)}
    every = {"rsf": offer(publisher), "gone": replace(offer(publisher, "/gone.csv"), source="gone")}
    monkeypatch.setattr(addresses, "offers", lambda: every)
    return publisher


def test_one_that_fails_does_not_keep_the_others(offered, own_folder):
    told = CliRunner().invoke(cli.shell, ["data", "fetch", "gone", "rsf"])
    assert isinstance(told.exception, DataError) and "answer 404" in str(told.exception)
    assert "gone: nothing was imported" in told.output and "rsf-2023" in told.output
    assert f"rsf.csv: fetched, sha256 {SUM}" in told.output and left(own_folder) == WHOLE
    assert "#" not in told.output and "\r" not in told.output  # no bar where the output is kept


def test_without_a_word_everything_is_fetched(offered, own_folder):
    CliRunner().invoke(cli.shell, ["data", "fetch"])
    assert sorted(set(offered.asked)) == ["/gone.csv", "/rsf.csv"]


STOPPED = """
import sys
from eligibility.cli import commands as cli
from eligibility.data.readers import addresses
from eligibility.data.readers.addresses import Address, Offer
addresses.offers = lambda: {"rsf": Offer("rsf", "rsf", "", "2023", "memory", (Address(sys.argv[1], "rsf.csv", 10_000),))}
cli.main(["data", "fetch"])
"""


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another thing there")
def test_ctrl_c_leaves_nothing_and_says_so(publisher, own_folder):
    under_way = threading.Event()
    publisher.does["/rsf.csv"] = half(publisher, under_way.set)
    command = [sys.executable, "-c", STOPPED, publisher.at("/rsf.csv")]
    env = {**os.environ, "ELIGIBILITY_DATA": str(own_folder), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env, cwd=own_folder, stderr=subprocess.PIPE, text=True) as running:
        assert under_way.wait(60)
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert said == "rsf: fetching\nstopped: rsf was not imported\n"
    assert left(own_folder) == [] and not list(own_folder.glob(".*"))


def test_the_bar_is_for_a_terminal(monkeypatch):
    import io

    from eligibility.cli import data_commands as cli_data

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with cli_data._bar("wgi") as progress:
        progress(5_000_000, 10_000_000)
        progress(6_000_000, None)
    assert f"wgi  [{'#' * 15}{'.' * 15}] 5.0 of 10.0 MB" in screen.getvalue()
    assert "6.0 MB" in screen.getvalue()
