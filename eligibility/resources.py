"""Where the shipped folders are, in a wheel and in a checkout alike."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).resolve().parent / "_share"  # laid there by the wheel
_CHECKOUT = Path(__file__).resolve().parent.parent  # a source tree or an editable install


def shipped(folder: str) -> Path:
    """`criteria`, `datasets`, `reports/templates` or `reports/static`, wherever this copy keeps it."""
    return (_INSTALLED if _INSTALLED.is_dir() else _CHECKOUT) / folder
