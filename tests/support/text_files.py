"""Publishers' text files made by hand."""

from __future__ import annotations

from pathlib import Path


def text(folder: Path, name: str, *lines: str, encoding: str = "utf-8") -> Path:
    """The path of a new file of these lines."""
    path = folder / name
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path
