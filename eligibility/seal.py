"""Whether a run on disk is still what its manifest says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from eligibility import opened
from eligibility.errors import Problem, UsageError

MANIFEST = "manifest.json"


def differences(run: Path) -> tuple[str, ...]:
    """Every file of a run that was changed, lost or added since it was sealed; nothing if it is whole.

    Only files found in the folder are opened: a name in a manifest is compared, never followed.
    """
    sealed = _sealed(run)
    held = {
        path.relative_to(run).as_posix(): path
        for path in sorted(run.rglob("*"))
        if (path.is_file() or path.is_symlink()) and path != run / MANIFEST
    }
    found = [
        f"{run / name}: file: sealed in {MANIFEST} and not there" for name in sorted(set(sealed) - set(held))
    ]
    for name, path in held.items():
        if name not in sealed:
            found.append(f"{path}: file: not sealed in {MANIFEST}")
        elif path.is_symlink():
            found.append(f"{path}: file: must be the file itself, not a link")
        elif (seen := hashlib.sha256(opened.content(path, opened.SEALED)).hexdigest()) != sealed[name]:
            found.append(f"{path}: checksum: must be the one in {MANIFEST}, {sealed[name]} (got {seen})")
    return tuple(found)


def manifest(run: Path) -> dict:
    """The manifest of a run, whatever it holds."""
    try:
        read = json.loads(opened.text(run / MANIFEST))
    except FileNotFoundError:
        hint = f"a run is a folder with a {MANIFEST}"
        raise UsageError(Problem("RUN", "folder", "must be a sealed run", str(run), hint)) from None
    except (ValueError, RecursionError):
        read = None
    return read if isinstance(read, dict) else {}


def _sealed(run: Path) -> dict[str, str]:
    """File name to checksum, as the manifest has them."""
    sealed = manifest(run).get("files")
    if not isinstance(sealed, dict) or not all(isinstance(value, str) for value in sealed.values()):
        raise UsageError(Problem(str(run / MANIFEST), "files", "must be file names and their checksums"))
    return sealed
