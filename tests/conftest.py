"""What several test files share."""

from __future__ import annotations

from pathlib import Path

import pytest

RELEASES = Path(__file__).resolve().parent.parent.parent / "shared" / "releases"


@pytest.fixture
def releases() -> Path:
    """The publishers' own files, held beside the repository and never in it."""
    if not RELEASES.is_dir():
        pytest.skip("the publishers' releases (../shared/releases) are not on this machine")
    return RELEASES


@pytest.fixture(autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user folder, so that no test sees or writes the real one."""
    folder = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("ELIGIBILITY_DATA", str(folder))
    return folder


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of the invented countries (fake_result.py)."""
    import fake_result

    from eligibility import countries

    register = fake_result.register(40)
    monkeypatch.setattr(countries, "register", lambda: register)
