"""What tests and the examples in docstrings share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def user_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that are not there yet. Numbered here: pytest looks through all there are for each number it gives."""
    folder = tmp_path_factory.mktemp("users")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_folder(user_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user folder, so that no test sees or writes the real one."""
    folder = next(user_folders)
    folder.mkdir()
    monkeypatch.setenv("ELIGIBILITY_DATA", str(folder))
    return folder
