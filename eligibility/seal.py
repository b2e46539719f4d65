"""Whether a run on disk is still what its manifest says."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from eligibility.errors import Problem, UsageError

MANIFEST = "manifest.json"
# What file managers, spreadsheets, editors and folders that synchronise leave where somebody looked.
_JUNK = re.compile(
    r"\.DS_Store|\._.*|\.Spotlight-V100|\.fseventsd|\.Trashes|\.localized|Icon\r|__MACOSX"
    r"|(eh)?thumbs(_vista)?\.db|desktop\.ini|\$RECYCLE\.BIN|System Volume Information|Zone\.Identifier|.*:Zone\.Identifier"
    r"|~\$.*|\.~lock\..*#|\.directory|\.Trash-\d+|\.nfs[0-9a-f]+|\.~.*|.*~|\.[^/]*\.sw[a-p]"
    r"|@eaDir|\.dropbox(\.attr)?|\.sync|\.stfolder|\.stversions|\.owncloudsync\.log|\.tmp\.drive(download|upload)",
    re.IGNORECASE,
)


def junk(name: str) -> bool:
    """Whether a file of a run is one that nobody put there: its name, or that of a folder it lies in, is known for it.

    >>> junk("countries/.DS_Store"), junk("~$ranking.xlsx"), junk("countries/TUN.html")
    (True, True, False)
    """
    return any(_JUNK.fullmatch(part) for part in name.split("/"))


def line_ends(content: bytes, due: str) -> str:
    """What to say where nothing but the line ends differs from what was sealed with this checksum; else nothing."""
    plain = content.replace(b"\r\n", b"\n")
    for other in (plain, plain.replace(b"\n", b"\r\n")):
        if other != content and hashlib.sha256(other).hexdigest() == due:
            found = "CRLF" if plain != content else "LF"
            return (
                f"only its line ends were changed, to {found}, as Git with core.autocrlf or an editor does it; take the "
                "file again as it was: in a clone, `git config core.autocrlf false`, `git rm -rq --cached .`, `git reset --hard`"
            )
    return ""


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
        if name not in sealed and junk(name):
            continue
        if name not in sealed:
            found.append(f"{path}: file: not sealed in {MANIFEST}")
        elif path.is_symlink():
            found.append(f"{path}: file: must be the file itself, not a link")
        elif (seen := hashlib.sha256(content := path.read_bytes()).hexdigest()) != sealed[name]:
            why = line_ends(content, sealed[name])
            line = f"{path}: checksum: must be the one in {MANIFEST}, {sealed[name]} (got {seen})"
            found.append(f"{line}; {why}" if why else line)
    return tuple(found)


def manifest(run: Path) -> dict:
    """The manifest of a run, whatever it holds."""
    try:
        read = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
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
