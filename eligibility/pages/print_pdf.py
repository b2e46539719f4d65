"""Prints pages with a browser that is on the machine; without one, a sentence says what to do instead."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from eligibility.files import opened
from eligibility.pages import leash
from eligibility.pages.rendering import digest
from eligibility.pages.wording import plain

VARIABLE = "ELIGIBILITY_BROWSER"
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge", "brave-browser", "brave", "vivaldi", "org.chromium.Chromium", "com.google.Chrome",
)  # fmt: skip
# where an installer puts it without a word on PATH: macOS, Windows, snap and Flatpak
PLACES = (
    *(f"{home}/Applications/{name}.app/Contents/MacOS/{name}" for home in ("", "~")
      for name in ("Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser")),
    *(f"{folder}/{path}" for folder in ("%ProgramFiles%", "%ProgramFiles(x86)%", "%LocalAppData%")
      for path in ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe", "Chromium/Application/chrome.exe")),
    "/snap/bin/chromium",
    *(f"{folder}/flatpak/exports/bin/{name}" for folder in ("/var/lib", "~/.local/share")
      for name in ("org.chromium.Chromium", "com.google.Chrome")),
)  # fmt: skip
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
SECONDS = 120  # for one page
WORDS = 300  # of a browser that failed, at most so many characters
_BESIDE = re.compile(r'<a href="(?!https://|#)[^"]*">')
_STAMP = re.compile(rb"/(CreationDate|ModDate) ?\(D:[^)]*\)")
_TAG = re.compile(rb"\(node(\d{8})\)")  # what a table's cells call their heads


@dataclass(frozen=True)
class Printed:
    """What became of the pages: sentences for the terminal, and whether all of them were printed."""

    lines: tuple[str, ...]
    whole: bool


def browser() -> str | None:
    """The browser that ELIGIBILITY_BROWSER names; without it the first on PATH, or in its usual place, that can print."""
    if named := os.environ.get(VARIABLE):
        return shutil.which(os.path.expanduser(named))
    found = [*map(shutil.which, NAMES), *(shutil.which(_spelled(place)) for place in PLACES)]
    return next(filter(None, found), None)


def _spelled(place: str) -> str:
    """A place with its home and its variables spelled out; those of Windows are left as they are elsewhere."""
    return os.path.expanduser(re.sub(r"%([^%]+)%", lambda m: os.environ.get(m[1], m[0]), place))


def pages(folder: Path, paths: list[str], paper: str = "a4") -> Printed:
    """Prints each page beside itself as PDF, on a4 or letter. No browser outlives the call, however it ends."""
    program = browser()
    if program is None:
        named = os.environ.get(VARIABLE)
        why = (
            f"{VARIABLE} names {plain(named)}, which is no program"
            if named
            else "no Chromium, Chrome or Edge was found"
        )
        hint = f"Name one in {VARIABLE}, or open a page in any browser and print it."
        return Printed((f"No PDF: {why}. {hint}",), False)
    press = _Press(program, paper)
    pool = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1))
    try:
        failed = [
            (path, why)
            for path, why in zip(paths, pool.map(press.page, (folder / p for p in paths)), strict=True)
            if why
        ]
    finally:
        press.stop()
        pool.shutdown(cancel_futures=True)
    lines = [f"{len(paths) - len(failed)} pages printed as PDF"]
    if failed:
        named = ", ".join(path for path, _ in failed[:5]) + (" and more" if len(failed) > 5 else "")
        lines.append(f"Not printed: {named}; open them in a browser and print.")
        lines.append(f"{program} said: {failed[0][1]}")
    return Printed(tuple(lines), not failed)


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Closes what the process reads, which ends it."""
    assert process.stdin is not None  # a pipe, as each is started with
    process.stdin.close()


class _Press:
    """One browser program, and every process of it that runs."""

    def __init__(self, program: str, paper: str):
        self.program, self.paper = program, paper
        self.running: set[subprocess.Popen[bytes]] = set()
        self.lock, self.stopped = threading.Lock(), False

    def stop(self) -> None:
        """Ends what runs; nothing starts any more."""
        with self.lock:
            self.stopped = True
            for process in self.running:
                _let_go(process)

    def page(self, page: Path) -> str:
        """Prints one page; why it could not, "" where it could. Two prints are the same bytes (`still`)."""
        target = page.with_suffix(".pdf")
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
            copy, printed = Path(place) / "page.html", Path(place) / "page.pdf"
            # links to other files would be printed with the full path of this folder
            text = _BESIDE.sub("<a>", opened.text(page, opened.SEALED))
            copy.write_text(sized(text, self.paper), encoding="utf-8")
            # a container's root has no sandbox to put a browser in
            alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
            own = [f"--user-data-dir={Path(place) / 'profile'}", f"--print-to-pdf={printed}", copy.as_uri()]
            said = self.run([self.program, *QUIET, *alone, *own], Path(place) / "said")
            try:
                data = opened.content(printed, opened.SEALED)
            except OSError:
                target.unlink(missing_ok=True)
                return said or "nothing, and printed nothing"
            target.write_bytes(still(data))
        return ""

    def run(self, command: list[str], said: Path) -> str:
        """The last words of a browser, when it has ended or its time is up."""
        with said.open("wb+") as words:
            with self.lock:
                if self.stopped:
                    return "stopped"
                process = subprocess.Popen(
                    [sys.executable, "-I", "-S", leash.__file__, *command],
                    stdin=subprocess.PIPE,
                    stdout=words,
                    stderr=words,
                )
                self.running.add(process)
            late = ""
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                late = f"nothing was printed in {SECONDS} seconds; "
            with self.lock:
                self.running.discard(process)
                _let_go(process)
            process.wait()
            words.seek(0)
            lines = words.read().decode("utf-8", "replace").split("\n")
        told = " / ".join(plain(line.strip()) for line in lines if line.strip())
        return late + (told if len(told) <= WORDS else "..." + told[-WORDS:])


def still(data: bytes) -> bytes:
    """A PDF without what differs from print to print: its hour, and where a busy browser began to count its tags.

    Nothing changes its length, as the table of a PDF's objects tells places in bytes.

    >>> still(b"/CreationDate (D:20260331) /ID (node00000027) (node00000031) (node00000027)")
    b'/CreationDate (D:00000000) /ID (node00000000) (node00000001) (node00000000)'
    """
    data = _STAMP.sub(lambda m: re.sub(rb"\d", b"0", m[0]), data)
    order = {tag: b"%08d" % k for k, tag in enumerate(sorted(set(_TAG.findall(data))))}
    return _TAG.sub(lambda m: b"(node%s)" % order[m[1]], data)


def sized(page: str, paper: str) -> str:
    """A page that prints on this paper, its policy letting the style in.

    >>> sized('<meta content="style-src \\'sha256-a\\'"><style>x</style></head>', "letter").count("sha256-")
    2
    """
    if paper == "a4":  # what the pages say themselves
        return page
    style = f"@page {{ size: {paper}; }}"
    page = page.replace("style-src ", f"style-src '{digest(style)}' ", 1)
    return page.replace("</head>", f"<style>{style}</style>\n</head>", 1)
