"""Whether a run on disk is still what its manifest says.

manifest.json holds the checksum of every file and all that decided the run: criteria, figures and their sheets, registers,
options, engine. One digest is taken over what decided; its first twelve signs are the run id on every page. manifest.sha256
holds the digest of manifest.json itself.

Who can change a page can make a new manifest: only a digest kept elsewhere (`data verify RUN --digest`) proves no forgery.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eligibility.errors import Problem, UsageError
from eligibility.files import opened

MANIFEST, DIGEST = "manifest.json", "manifest.sha256"
# what a manifest says of a run beside what decided it
_BESIDE = ("run", "digest", "command", "since", "also", "files")
_SHA256 = re.compile("[0-9a-f]{64}")
SHORT = 12  # signs of the digest that name a run
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


def digest(told: Mapping[str, Any]) -> str:
    """The sha256 over everything in a manifest that decided the run.

    >>> digest({"as_of": "2016-07-01", "run": "x"}) == digest({"as_of": "2016-07-01"})
    True
    """
    decided = {key: value for key, value in told.items() if key not in _BESIDE}
    return hashlib.sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()


def run_id(told: Mapping[str, Any]) -> str:
    """The name of a run: the first signs of its digest."""
    return digest(told)[:SHORT]


def digest_of(run: Path) -> str:
    """The sha256 of a run's manifest.json, to be kept elsewhere; UsageError where there is none."""
    manifest(run)
    return hashlib.sha256(opened.content(run / MANIFEST, opened.REGISTER)).hexdigest()


def differences(run: Path, kept: str = "") -> tuple[str, ...]:
    """Every file of a run that was changed, lost or added since it was sealed; nothing if it is whole.

    Only files found in the folder are opened: a name in a manifest is compared, never followed.

    kept   the digest of its manifest.json as it was kept elsewhere; UsageError where that is no sha256
    """
    kept = kept.strip().lower()
    if kept and not _SHA256.fullmatch(kept):
        hint = "`report` prints it, and it is the first word of manifest.sha256"
        raise UsageError(Problem("--digest", "option", "must be 64 signs from 0-9 and a-f", kept, hint))
    told = manifest(run)
    sealed = _sealed(run, told)
    held = {
        path.relative_to(run).as_posix(): path
        for path in sorted(run.rglob("*"))
        if (path.is_symlink() or not path.is_dir()) and path not in (run / MANIFEST, run / DIGEST)
    }
    found = [*_identity(run, told), *_itself(run, "digest" in told, kept)]
    found += [
        f"{run / name}: file: sealed in {MANIFEST} and not there" for name in sorted(set(sealed) - set(held))
    ]
    for name, path in held.items():
        if name not in sealed and junk(name):
            continue
        if name not in sealed:
            found.append(f"{path}: file: not sealed in {MANIFEST}")
        elif path.is_symlink() or not path.is_file():
            found.append(f"{path}: file: must be the file itself, not a link, pipe or device")
        elif (seen := hashlib.sha256(content := opened.content(path, opened.SEALED)).hexdigest()) != sealed[
            name
        ]:
            why = line_ends(content, sealed[name])
            line = f"{path}: checksum: must be the one in {MANIFEST}, {sealed[name]} (got {seen})"
            found.append(f"{line}; {why}" if why else line)
    return tuple(found)


def _identity(run: Path, told: Mapping[str, Any]) -> list[str]:
    """What is wrong with the run id, worked out again from what the manifest says decided the run."""
    if "digest" not in told:  # runs from before there was one
        return []
    whole, where = digest(told), run / MANIFEST
    pairs = (("digest", whole), ("run", whole[:SHORT]))
    return [
        f"{where}: {key}: must be {due}, worked out from what it says decided the run (got {told.get(key)})"
        for key, due in pairs
        if told.get(key) != due
    ]


def _itself(run: Path, due: bool, kept: str) -> list[str]:
    """How manifest.json differs from its digest beside it, which must be there where it is `due`, and from the one kept."""
    seen, beside = digest_of(run), run / DIGEST
    link = "file: must be the file itself, not a link"
    found = [f"{run / MANIFEST}: {link}"] if (run / MANIFEST).is_symlink() else []
    if beside.is_symlink():
        found.append(f"{beside}: {link}")
    elif not beside.is_file():
        found += [f"{beside}: file: sealed with {MANIFEST} and not there"] if due else []
    elif opened.content(beside, opened.REGISTER) != f"{seen}  {MANIFEST}\n".encode():
        found.append(f"{run / MANIFEST}: checksum: must be the one in {DIGEST} (got {seen})")
    if kept and kept != seen:
        found.append(f"{run / MANIFEST}: checksum: must be the one that was kept, {kept} (got {seen})")
    return found


def manifest(run: Path) -> dict[str, Any]:
    """The manifest of a run, whatever it holds."""
    try:
        read = json.loads(opened.text(run / MANIFEST))
    except FileNotFoundError:
        hint = f"a run is a folder with a {MANIFEST}"
        raise UsageError(Problem("RUN", "folder", "must be a sealed run", str(run), hint)) from None
    except (ValueError, RecursionError):
        read = None
    return read if isinstance(read, dict) else {}


def _sealed(run: Path, told: Mapping[str, Any]) -> dict[str, str]:
    """File name to checksum, as the manifest has them."""
    sealed = told.get("files")
    if not isinstance(sealed, dict) or not all(isinstance(value, str) for value in sealed.values()):
        raise UsageError(Problem(str(run / MANIFEST), "files", "must be file names and their checksums"))
    return sealed
