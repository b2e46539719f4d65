"""What tests and the examples in docstrings share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user folder, so that no test sees or writes the real one."""
    folder = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("ELIGIBILITY_DATA", str(folder))
    return folder
