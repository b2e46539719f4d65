"""What several test files share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
RELEASES = SHARED / "releases"


def pytest_sessionstart() -> None:
    """Ends a run that was told to have the publishers' files and has not: its tests of them would be skipped unseen."""
    lacking = [
        name for name in ("releases", "cases", "mission", "rules", "lists") if not (SHARED / name).is_dir()
    ]
    if os.environ.get("NEEDS_RELEASES") and lacking:
        pytest.exit(f"NEEDS_RELEASES is set and {SHARED.name}/ lacks {', '.join(lacking)}", returncode=1)


@pytest.fixture
def releases() -> Path:
    """The publishers' own files, held beside the repository and never in it."""
    if not RELEASES.is_dir():
        pytest.skip("the publishers' releases (../shared/releases) are not on this machine")
    return RELEASES


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of the invented countries (fake_result.py)."""
    import fake_result

    from eligibility import countries

    register = fake_result.register(40)
    monkeypatch.setattr(countries, "register", lambda: register)
