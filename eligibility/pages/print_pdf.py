"""Prints pages with a browser that is on the machine; without one, a sentence says what to do instead."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from eligibility import opened

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
)
SECONDS = 120  # for one page
_BESIDE = re.compile(r'<a href="(?!https://|#)[^"]*">')
_STAMP = re.compile(rb"/(CreationDate|ModDate) ?\(D:[^)]*\)")


def browser() -> str | None:
    """The first browser on PATH that can print."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def pages(folder: Path, paths: list[str]) -> tuple[str, ...]:
    """Prints each page beside itself as PDF; returns sentences for the terminal."""
    program = browser()
    if program is None:
        return ("No PDF: no Chromium or Chrome is on PATH. Open a page in any browser and print it.",)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        done = list(pool.map(lambda path: _page(program, folder / path), paths))
    failed = [path for path, well in zip(paths, done, strict=True) if not well]
    lines = [f"{len(paths) - len(failed)} pages printed as PDF"]
    if failed:
        named = ", ".join(failed[:5]) + (" and more" if len(failed) > 5 else "")
        lines.append(f"Not printed: {named}; open them in a browser and print.")
    return tuple(lines)


def _page(program: str, page: Path) -> bool:
    """Prints one page; whether it worked. The hour in it is blanked: two prints are the same bytes."""
    target = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as place:
        copy, printed = Path(place) / "page.html", Path(place) / "page.pdf"
        # links to other files would be printed with the full path of this folder
        copy.write_text(_BESIDE.sub("<a>", opened.text(page, opened.SEALED)), encoding="utf-8")
        # a container's root has no sandbox to put a browser in
        alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        own = [f"--user-data-dir={Path(place) / 'profile'}", f"--print-to-pdf={printed}", copy.as_uri()]
        try:
            subprocess.run([program, *QUIET, *alone, *own], check=True, capture_output=True, timeout=SECONDS)
            target.write_bytes(
                _STAMP.sub(lambda m: re.sub(rb"\d", b"0", m.group(0)), opened.content(printed, opened.SEALED))
            )
        except (OSError, subprocess.SubprocessError):
            target.unlink(missing_ok=True)
            return False
    return True
