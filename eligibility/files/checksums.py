"""A list of checksums beside files, as `sha256sum` writes it: what was changed since it was made, is gone or was added.

In datasets/ it covers every source, register, ceiling and outline, and `data build` makes it; in each source that an import
made it covers that source. Who can change a file can change the list too: it finds accidents, not forgers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from eligibility.files import opened

LIST = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n\r]+)\n")
_AFTER = {".pyc", ".md"}  # what explains files, or is made of them


def listed(content: Mapping[str, bytes]) -> bytes:
    """The list of some files, name -> bytes.

    >>> listed({"a.csv": b""})[-8:]
    b'  a.csv\\n'
    """
    return _text({name: hashlib.sha256(data).hexdigest() for name, data in content.items()})


def of(folder: Path) -> bytes:
    """The list of every file below a folder; hidden folders and what only explains are left out."""
    return _text(
        {
            name: hashlib.sha256(opened.content(path, opened.SEALED)).hexdigest()
            for name, path in _files(folder)
        }
    )


def differences(folder: Path) -> tuple[str, ...]:
    """Every way in which a folder, and each one in it with a list of its own, is not as listed; one line each."""
    own = _own(folder)
    found = [line for one in own for line in differences(one)]
    try:
        text = opened.content(folder / LIST, opened.REGISTER).decode("utf-8", errors="replace")
    except FileNotFoundError:
        return tuple(found)
    due: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        match = _LINE.fullmatch(line)
        if not match or match[2] in due:
            rule = "line: must be a checksum and a name, each name once"
            return (*found, f"{folder / LIST}:{number}: {rule}")
        due[match[2]] = match[1]
    apart = tuple(f"{one.name}/" for one in own)
    due = {name: seen for name, seen in due.items() if not name.startswith(apart)}
    held = {name: path for name, path in _files(folder) if not name.startswith(apart)}
    for name in sorted(due.keys() | held.keys()):
        if name not in held:
            found.append(f"{folder / name}: file: listed in {LIST} and not there")
        elif name not in due:
            found.append(f"{held[name]}: file: not listed in {LIST}")
        elif (seen := hashlib.sha256(opened.content(held[name], opened.SEALED)).hexdigest()) != due[name]:
            found.append(f"{held[name]}: checksum: must be the one in {LIST}, {due[name]} (got {seen})")
    return tuple(found)


def _own(folder: Path) -> list[Path]:
    """The folders in a folder that have a list of their own."""
    lists = folder.glob(f"*/{LIST}")
    return sorted(path.parent for path in lists if not path.parent.name.startswith("."))


def _text(sums: Mapping[str, str]) -> bytes:
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name below the folder and path of each file that a list covers."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
        if path.is_file() and name.name != LIST and not hidden and path.suffix not in _AFTER:
            yield name.as_posix(), path
