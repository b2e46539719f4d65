"""Publishers' files fetched over the network: the only module that opens a connection, and only for `data fetch`.

    fetch(offer, folder)         every file of one release, whole and checked, handed to the import that users' files take
    download(one, target, offer) one file: its bytes in `target` and their checksum, or DataError

Files are kept in `fetched/` of the folder once they are whole, so that what is there need not be fetched again. What did
not arrive whole, or is no file of its publisher, leaves nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import truststore
import urllib3
from urllib3 import exceptions

from eligibility import __version__
from eligibility.data import build, sources
from eligibility.data.compiled import sha256_of
from eligibility.data.readers import readers
from eligibility.data.readers.addresses import Address, Offer, by_hand
from eligibility.data.readers.whose import whose
from eligibility.errors import SHOWN, DataError, InputError, Problem

KEPT = "fetched"  # the folder inside a user's own that keeps publishers' files
TRIES, REDIRECTS = 4, 5
CONNECT, READ = 15.0, 60.0  # seconds without a connection, without a byte
LONGEST = 3600.0  # seconds one file may take
CHUNK = 1 << 16
ABANDONED = 86_400.0  # seconds after which a folder half fetched is nobody's any more
_AGAIN = (429, 500, 502, 503, 504)  # answers that may be another one in a moment
_MOVED = (301, 302, 303, 307, 308)
_PREFIX = ".fetching-"

Progress = Callable[[int, int | None], None]  # bytes so far, of how many where that is known


@dataclass(frozen=True)
class Fetched:
    """What became of one release.

    made   what the import made of it; None where the very file is held already, as `held`
    files  name -> how it came: fetched, already there, or left out and why
    """

    made: build.Imported | None
    held: str
    files: dict[str, str]


class Unreachable(DataError):
    """An address that gave no whole answer, however often it was asked."""


class _Passing(Exception):
    """A failure that another try may mend."""


def fetch(
    offer: Offer,
    folder: Path | None = None,
    progress: Progress = lambda done, of: None,
    pause: Callable[[float], None] = time.sleep,
) -> Fetched:
    """The release of one offer, imported into the user's folder (or `folder`); DataError where it cannot be had.

    A file that is there with the right checksum is not fetched again; of a release of several files, one that its
    publisher does not give is left out, and said so. Where the intake gate refuses a release, its files
    stay in `fetched/`, so that they may be imported with `--accept`.
    """
    mine = Path(folder) if folder else sources.user_folder()
    shelf = sources.shelf(folder)
    if held := _held(offer, shelf):
        return Fetched(None, held, {})
    ready = getattr(readers()[offer.family], "ready", None)
    if offer.unpack and ready and (problem := ready()):
        raise DataError(problem)
    kept = mine / KEPT
    paths, files, came = [], {}, []
    problems: list[Problem] = []
    with _beside(mine) as fresh:
        for one in offer.files:
            name = one.name if offer.vintage else _dated(one.name, date.today())
            try:
                if entry := _there(offer, one, kept / name, shelf):
                    files[name] = "there already, with the right checksum"
                else:
                    entry = {
                        "address": one.address,
                        "sha256": _one(offer, one, fresh / name, progress, pause),
                    }
                    files[name] = f"fetched, sha256 {entry['sha256']}"
            except Unreachable:
                raise
            except DataError as error:  # one series less is no reason to do without the others
                (fresh / name).unlink(missing_ok=True)
                problems += error.problems
                files[name] = f"left out: {error.problems[0]}"
                continue
            paths.append(kept / name)
            came.append(entry)
        if not paths:
            raise DataError(problems)
        kept.mkdir(exist_ok=True)
        for path in (path for path in paths if (fresh / path.name).exists()):
            os.replace(fresh / path.name, path)
    try:
        made = build.import_release(paths, folder, offer.vintage, fetched=came)
    except InputError as error:
        hint = f"what was fetched is kept in {kept}, for `eligibility data import`"
        last = Problem(offer.source, "release", "was fetched whole and not imported", hint=hint)
        raise DataError([*error.problems[: SHOWN - 1], last]) from None
    return Fetched(made, "", files)


def download(
    one: Address,
    target: Path,
    offer: Offer,
    progress: Progress = lambda done, of: None,
    pause: Callable[[float], None] = time.sleep,
) -> str:
    """The SHA-256 of a file, once its bytes are in `target`: whole, no larger than it may be, and with the checksum on file.

    What may pass (no connection, an answer cut short, a server that is busy) is tried four times, 2, 4 and 8 seconds apart.
    """
    for again in range(TRIES):
        if again:
            pause(2.0**again)
        try:
            return _once(one, target, offer, progress)
        except _Passing as error:
            why = str(error)
    raise Unreachable(
        _refusal(offer, one, "must answer with the whole file", f"{why}, {TRIES} times").problems
    )


def _one(offer: Offer, one: Address, target: Path, progress: Progress, pause: Callable[[float], None]) -> str:
    """The checksum of what came from an address, once `target` is a table of the offer's."""
    raw = target.with_name("raw") if offer.unpack else target
    checksum = download(one, raw, offer, progress, pause)
    if offer.unpack:
        readers()[offer.family].unpack(raw, target)
        raw.unlink()
    it = whose(target)
    another = it.vintage and (
        it.vintage != offer.vintage if offer.vintage else not it.vintage.startswith(offer.kind)
    )
    if it.family != offer.family or another:
        want = f"{offer.family} {offer.vintage or offer.kind}".strip()
        raise _refusal(offer, one, f"must answer with {want}", f"{it.family} {it.vintage}".strip())
    return checksum


def _once(one: Address, target: Path, offer: Offer, progress: Progress) -> str:
    """One try: the checksum of what came; _Passing where another try may do better."""
    digest, done, begun = hashlib.sha256(), 0, time.monotonic()
    try:
        with _answer(one, offer) as answer, target.open("wb") as file:
            stated = answer.headers.get("Content-Length", "")
            of = int(stated) if stated.isdecimal() else one.size
            if of is not None and of > one.largest:
                raise _refusal(offer, one, f"at most {one.largest} bytes", str(of))
            for part in answer.stream(CHUNK):
                done += len(part)
                if done > one.largest:
                    raise _refusal(offer, one, f"at most {one.largest} bytes", "more")
                if time.monotonic() - begun > LONGEST:
                    raise _refusal(
                        offer, one, f"must come within {LONGEST:g} seconds", f"{done} bytes by then"
                    )
                digest.update(part)
                file.write(part)
                progress(done, of)
            file.flush()
            os.fsync(file.fileno())
    except exceptions.HTTPError as error:
        raise _failed(error, offer, one) from None
    except OSError as error:
        raise DataError(
            Problem(offer.source, target.name, "cannot be written", error.strerror or "")
        ) from None
    if one.size is not None and done != one.size:
        raise _Passing(f"{done} bytes of {one.size}")
    if one.sha256 and digest.hexdigest() != one.sha256:
        raise _refusal(offer, one, f"must have the checksum on file, {one.sha256}", digest.hexdigest())
    return digest.hexdigest()


@contextmanager
def _answer(one: Address, offer: Offer) -> Iterator[urllib3.BaseHTTPResponse]:
    """The answer that carries the file, redirects followed; closed, whatever was read of it."""
    address = one.address
    for _ in range(REDIRECTS + 1):
        answer = _pool(_proxy(address)).request(
            "GET", address, redirect=False, retries=False, preload_content=False,
            headers={"User-Agent": f"eligibility/{__version__}", "Accept-Encoding": "identity"},
        )  # fmt: skip
        try:
            if answer.status in _AGAIN:
                raise _Passing(f"answer {answer.status} {answer.reason or ''}".strip())
            if answer.status == 200:
                yield answer
                return
            if answer.status not in _MOVED:
                got = f"answer {answer.status} {answer.reason or ''}".strip()
                raise _refusal(offer, one, "must answer with the file", got)
            address = _next(address, answer.headers.get("Location", ""), one, offer)
        finally:
            answer.close()
    raise _refusal(offer, one, f"at most {REDIRECTS} redirects", "more")


def _next(address: str, location: str, one: Address, offer: Offer) -> str:
    """Where a redirect leads: never from an encrypted address to one that is not, and to no other kind of address."""
    try:
        there = urljoin(address, location)
        allowed = location and urlsplit(there).scheme in ("https", urlsplit(address).scheme)
    except ValueError:  # such as http://[
        there, allowed = location, False
    if not allowed:
        raise _refusal(offer, one, "must redirect to an address that begins with https", there)
    return there


def _failed(error: exceptions.HTTPError, offer: Offer, one: Address) -> Exception:
    """What a failure of the connection means: another try, or none."""
    if isinstance(error, exceptions.SSLError):
        hint = "a certificate that a proxy of yours puts in must be trusted by this machine"
        return _refusal(offer, one, "must show a certificate this machine trusts", str(error), hint)
    if isinstance(error, exceptions.LocationValueError | exceptions.ProxySchemeUnknown):
        return _refusal(offer, one, "must be an address that can be called", str(error))
    if isinstance(error, exceptions.NameResolutionError):
        return _Passing("no such host is known here (is there a network?)")
    if isinstance(error, exceptions.ProxyError):
        return _Passing("the proxy did not let it through")
    if isinstance(error, exceptions.NewConnectionError):
        return _Passing("no connection")
    if isinstance(error, exceptions.ConnectTimeoutError):
        return _Passing(f"no connection within {CONNECT:g} seconds")
    if isinstance(error, exceptions.TimeoutError):
        return _Passing(f"no byte for {READ:g} seconds")
    return _Passing("the answer broke off")


def _refusal(offer: Offer, one: Address, rule: str, got: str = "", hint: str = "") -> DataError:
    """What to say of an address that does not serve, and what to do instead."""
    hint = (
        hint or f"{by_hand(offer.family, offer.vintage or offer.kind)}, then `eligibility data import FILE`"
    )
    return DataError(Problem(offer.source, one.address, rule, got, hint))


def _proxy(address: str) -> str:
    """The proxy this machine uses for an address, '' for none."""
    parts = urlsplit(address)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return ""
    return urllib.request.getproxies().get(parts.scheme, "")


@cache
def _pool(proxy: str) -> urllib3.PoolManager:
    """Connections, straight or by a proxy; whom to trust is what the operating system says."""
    how: dict[str, Any] = {
        "timeout": urllib3.Timeout(connect=CONNECT, read=READ),
        "ssl_context": truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    }
    if not proxy:
        return urllib3.PoolManager(**how)
    signed = urllib3.util.make_headers(proxy_basic_auth=urllib3.util.parse_url(proxy).auth or None)
    return urllib3.ProxyManager(proxy, proxy_headers=signed, **how)


@contextmanager
def _beside(mine: Path) -> Iterator[Path]:
    """A folder in the user's own that is gone afterwards; those of fetches that were killed go with it."""
    mine.mkdir(parents=True, exist_ok=True)
    for left in mine.glob(f"{_PREFIX}*"):
        if time.time() - left.stat().st_mtime > ABANDONED:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=mine) as fresh:
        yield Path(fresh)


def _held(offer: Offer, shelf: tuple[sources.Source, ...]) -> str:
    """The id of a source that was compiled from the very files on file for an offer; '' where there is none."""
    known = {one.sha256 for one in offer.files}
    for source in shelf:
        if "" not in known and known == {file["sha256"] for file in source.files}:
            return source.id
    return ""


def _there(
    offer: Offer, one: Address, path: Path, shelf: tuple[sources.Source, ...]
) -> dict[str, str] | None:
    """Address and checksum of a file fetched earlier, if it still is what it was; the newest of an address is asked again."""
    if not path.is_file() or not offer.vintage:
        return None
    seen = sha256_of(path)
    if seen == one.sha256:
        return {"address": one.address, "sha256": seen}
    made = next((source for source in shelf if source.id == offer.id), None)
    if made is None or seen not in {file["sha256"] for file in made.files}:
        return None
    return next((entry for entry in made.fetched if entry["address"] == one.address), None)


def _dated(name: str, day: date) -> str:
    """A file's name with the day it was fetched, for an address where the newest release lies.

    >>> _dated("OGHIST.xlsx", date(2026, 7, 1))
    'OGHIST-2026-07-01.xlsx'
    """
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{day.isoformat()}{dot}{ending}"
