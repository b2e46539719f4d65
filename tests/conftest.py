"""What several test files share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from places import RELEASES, SHARED

REQUIRED = os.environ.get("ELIGIBILITY_RELEASES") == "required"  # set by .ci/run


LONGEST = ("test_docs.py", "test_workbench.py", "test_sheets_on_paper.py", "test_sheets_are_true.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first: a file is one worker's, and the others would wait for it at the end."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_sessionstart() -> None:
    """Ends a run that was told to have the publishers' files and has not: its tests of them would be skipped unseen."""
    lacking = [
        name for name in ("releases", "cases", "mission", "rules", "lists") if not (SHARED / name).is_dir()
    ]
    if REQUIRED and lacking:
        pytest.exit(
            f"ELIGIBILITY_RELEASES=required and {SHARED.name}/ lacks {', '.join(lacking)}", returncode=1
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test of the publishers' files that is skipped because they are missing has failed where they are required."""
    report = yield
    if (
        REQUIRED
        and report.skipped
        and not hasattr(report, "wasxfail")
        and "../shared" in str(report.longrepr)
    ):
        report.outcome, report.longrepr = "failed", f"ELIGIBILITY_RELEASES=required: {report.longrepr}"
    return report


@pytest.fixture
def releases() -> Path:
    """The publishers' own files, held beside the repository and never in it."""
    if not RELEASES.is_dir():
        pytest.skip("the publishers' releases (../shared/releases) are not on this machine")
    return RELEASES


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of the invented countries (made_up.py)."""
    import made_up

    from eligibility.data import countries

    register = made_up.register()
    monkeypatch.setattr(countries, "register", lambda: register)


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch):
    """A server of this machine that stands in for every publisher (publisher.py), without a proxy in between."""
    from publisher import Publisher

    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    made = Publisher()
    yield made
    made.go_on.set()
    made.server.shutdown()
    made.server.server_close()
