"""Pictures of real pages for README and docs, docs/pictures/*.png: `make pictures`, or `python tests/harness/pictures.py`.

Of the run at the newest day: the first sheet of the briefing and the card of the country placed first as they print, the workbench as on a screen. In
few greys and colours, so that each is small. Needs what `make gallery` needs, and pdftoppm (poppler-utils).
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from places import ROOT

OUT = ROOT / "docs" / "pictures"
SCREEN = {"width": 1200, "height": 800}
MOST = 150_000  # bytes


def main() -> int:
    """Writes the pictures; what is missing is said in a sentence and the exit code is 2."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("playwright is not installed: make test, or pip install 'eligibility[test]'", file=sys.stderr)
        return 2
    from eligibility.method import run
    from eligibility.pages import print_pdf
    from eligibility.present import report
    from eligibility.workbench import page

    if (program := print_pdf.browser()) is None:
        print("no Chromium or Chrome is on PATH, so no picture can be taken", file=sys.stderr)
        return 2
    if not shutil.which("pdftoppm"):
        print("pdftoppm is not on PATH (poppler-utils), so no sheet can be drawn", file=sys.stderr)
        return 2
    result = run.run()
    first = result.ranking.shortlist[0]
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as p:
        written = report.write(result, Path(folder), result.ranking.shortlist)
        bench = page.write(result.criteria.id, result.as_of, Path(folder) / "workbench.html")
        wanted = {
            "briefing": written.briefing,
            "country": written.path / "countries" / f"{first}.html",
            "workbench": bench,
        }
        browser = p.chromium.launch(executable_path=program, args=["--no-sandbox", *print_pdf.QUIET])
        for name, file in wanted.items():
            tab = browser.new_page(viewport=SCREEN, color_scheme="light")
            tab.goto(file.as_uri())
            if name == "workbench":  # the shares come some time after the ranking
                tab.locator("#ranking td.stays", has_text="%").first.wait_for(state="attached")
                data = small(tab.screenshot())
            else:
                data = small(printed(tab.pdf(prefer_css_page_size=True)))
            (OUT / f"{name}.png").write_bytes(data)
            print(f"{OUT / name}.png: {len(data):,} bytes" + (f", over {MOST:,}" if len(data) > MOST else ""))
        browser.close()
    return 0


def printed(pdf: bytes) -> bytes:
    """The first sheet of a PDF as a picture, 96 dots an inch."""
    draw = ["pdftoppm", "-png", "-r", "96", "-f", "1", "-l", "1", "-"]
    return subprocess.run(draw, input=pdf, stdout=subprocess.PIPE, check=True).stdout


def small(png: bytes) -> bytes:
    """The picture with at most 256 colours, each the nearest of a fixed cube or a grey: what text and flat fills need."""
    width, height, rows = pixels(png)
    palette: dict[bytes, int] = {}
    lines = []
    for row in rows:
        line = bytearray(1)
        for at in range(0, len(row), 3):
            r, g, b = row[at : at + 3]
            even = max(r, g, b) - min(r, g, b) < 12
            colour = bytes(
                [(r + g + b) // 3 // 17 * 17] * 3 if even else [(c + 25) // 51 * 51 for c in (r, g, b)]
            )
            line.append(palette.setdefault(colour, len(palette)))
        lines.append(bytes(line))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = zlib.compress(b"".join(lines), 9)
    parts = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts
    )


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and the rows of RGB of a picture as a browser writes it: eight bits, no interlacing."""
    at, body, width, height, channels = 8, b"", 0, 0, 3
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, _, colour, *_ = struct.unpack(">IIBBBBB", data)
            channels = {2: 3, 6: 4}[colour]
        body += data if kind == b"IDAT" else b""
        at += length + 12
    raw, wide = zlib.decompress(body), width * channels
    rows, before = [], bytearray(wide)
    for y in range(height):
        how, row = raw[y * (wide + 1)], bytearray(raw[y * (wide + 1) + 1 : (y + 1) * (wide + 1)])
        for x in range(wide):
            left, up = (row[x - channels] if x >= channels else 0), before[x]
            corner = before[x - channels] if x >= channels else 0
            row[x] = (row[x] + _guess(how, left, up, corner)) & 255
        before = row
        rows.append(b"".join(bytes(row[x : x + 3]) for x in range(0, wide, channels)))
    return width, height, rows


def _guess(how: int, left: int, up: int, corner: int) -> int:
    """What a filter of the PNG standard takes a byte to be."""
    if how == 4:
        near = left + up - corner
        return min((left, up, corner), key=lambda c: abs(near - c))
    return (0, left, up, (left + up) // 2)[how]


if __name__ == "__main__":
    sys.exit(main())
