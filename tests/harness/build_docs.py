"""The documentation as pages that open from files: `make docs`, or `python tests/harness/build_docs.py [DIR]`.

The pages of docs/, README, changelog and the like are laid out in one folder, their links to one another rewritten, the notebook
as a page; then Sphinx makes HTML of them, and any warning of it is an error. `outside` finds what a built page would load from
elsewhere: nothing may be.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import warnings
from html.parser import HTMLParser
from pathlib import Path

import notebooks
from places import ROOT

# pages that lie outside of docs/, by the name they have beside those that lie in it
OUTER = {
    "README.md": "readme.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "criteria/README.md": "criteria.md",
    "datasets/countries/README.md": "country-register.md",
}
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#:\s]+)(#[^)]*)?\)")
CODE = re.compile(r"(^```.*?^```$|^ {4}.*?$|`[^`\n]+`)", re.M | re.S)
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href", "object": "data"}

# what the theme leaves wrong for keyboards and screen readers, as axe found it
MENDED = {
    ' role="switch"': "",  # without a state that it must then tell; a checkbox tells its own
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    "<pre>": '<pre tabindex="0">',  # what scrolls must be reached without a mouse
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
}


def pages() -> dict[str, str]:
    """Every page: its path in the repository -> its path on the site."""
    inner = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").glob("*.ipynb")]
    found = {p.relative_to(ROOT).as_posix(): p.relative_to(ROOT / "docs").as_posix() for p in sorted(inner)}
    found = {path: re.sub(r"\.ipynb$", ".md", name) for path, name in found.items()}
    return found | {path: name for path, name in OUTER.items() if (ROOT / path).is_file()}


def lay_out(folder: Path) -> None:
    """The sources of the site in an empty folder."""
    names = pages()
    for path, name in names.items():
        file, target = ROOT / path, folder / name
        text = file.read_text(encoding="utf-8")
        text = notebooks.markdown(text) if file.suffix == ".ipynb" else text
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(linked(text, path, names), encoding="utf-8")
    shutil.copy(ROOT / "docs" / "conf.py", folder)
    if (ROOT / "docs" / "pictures").is_dir():
        shutil.copytree(ROOT / "docs" / "pictures", folder / "pictures")
    index = folder / "index.md"
    listed = index.read_text(encoding="utf-8")
    more = sorted(n.removesuffix(".md") for n in names.values() if "/" not in n and n != "index.md")
    if more := [name for name in more if not re.search(rf"(^|<){re.escape(name)}>?$", listed, re.M)]:
        lines = "\n".join(more)
        index.write_text(
            f"{listed}\n```{{toctree}}\n:caption: More\n:maxdepth: 1\n\n{lines}\n```\n", encoding="utf-8"
        )


def linked(text: str, path: str, names: dict[str, str]) -> str:
    """A page with links that lead where its neighbours lie on the site; a link to anything else becomes its words."""

    def one(link: re.Match) -> str:
        sign, words, target, anchor = link.groups(default="")
        meant = os.path.normpath(os.path.join(os.path.dirname(path), target)).replace(os.sep, "/")
        if sign and meant.startswith("docs/pictures/"):
            return f"![{words}]({_way(names[path], meant.removeprefix('docs/'))})"
        if f"{meant}/index.md" in names:
            meant += "/index.md"
        return f"[{words}]({_way(names[path], names[meant])}{anchor})" if meant in names else words

    parts = CODE.split(text)  # every second one is code
    return "".join(part if n % 2 else LINK.sub(one, part) for n, part in enumerate(parts))


def _way(start: str, end: str) -> str:
    return os.path.relpath(end, os.path.dirname(start) or ".").replace(os.sep, "/")


def build(out: Path) -> int:
    """The site, built anew in `out`; Sphinx's exit code, 1 where it warned."""
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory() as kept:
        sources, trees = Path(kept) / "sources", Path(kept) / "trees"
        sources.mkdir()
        lay_out(sources)
        shutil.rmtree(out, ignore_errors=True)
        words = ["-W", "--keep-going", "-q", "-b", "html", "-d", str(trees), str(sources), str(out)]
        with (
            warnings.catch_warnings()
        ):  # what MyST uses of Sphinx that will not be there for ever is theirs to settle
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            code = build_main(words)
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for was, now in MENDED.items():
            text = text.replace(was, now)
        page.write_text(text, encoding="utf-8")
    for left in (out / ".buildinfo", out / "_sources"):  # for builds on top of builds; empty
        shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
    return code


class _Loads(HTMLParser):
    """What a page has the browser load at once; links that somebody must follow are none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and not {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch"} & set(
            (given.get("rel") or "").split()
        ):
            return
        if address := given.get(LOADS.get(tag, "")):
            self.found.append(address)
        self.found += re.findall(r"url\(['\"]?([^'\")]+)", given.get("style") or "")


def outside(site: Path) -> list[str]:
    """`page: address` of everything a built page, style sheet or script would load from another place."""
    found = []
    for file in sorted(site.rglob("*")):
        if file.suffix == ".html":
            reader = _Loads()
            reader.feed(file.read_text(encoding="utf-8"))
            addresses = reader.found
        elif file.suffix == ".css":
            text = file.read_text(encoding="utf-8")
            addresses = re.findall(r"(?:url\(|@import\s+)['\"]?([^'\")\s]+)", text)
        else:
            continue
        found += [f"{file.relative_to(site)}: {a}" for a in addresses if re.match(r"(https?:)?//", a)]
    return found


def main() -> int:
    """Builds into out/docs, or the folder named."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out" / "docs"
    code = build(out)
    for line in (lines := outside(out)):
        print(f"loads from elsewhere: {line}", file=sys.stderr)
    print(out / "index.html" if not code else "warnings are errors: nothing to show")
    return code or bool(lines)


if __name__ == "__main__":
    sys.exit(main())
