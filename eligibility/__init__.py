"""Which countries a pilot programme could start in, why, and how sure we are.

>>> import eligibility
>>> result = eligibility.screen("peacetime-pilots", as_of="2016-07-01", draws=50)
>>> result.ranking.shortlist[0]
'TUN'

Names are fetched when they are first used, so that `import eligibility` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eligibility.data.panel import Panel
    from eligibility.errors import EligibilityError, InputError, IntegrityError
    from eligibility.notebook import Result, load_criteria, load_panel, screen, write_report
    from eligibility.policy.model import Criteria

__version__ = "0.1.0"

# public name -> the module it lives in. None has the name of a module of this package: importing that module
# would replace it.
_HOME = {
    "Criteria": "policy.model",
    "EligibilityError": "errors",
    "InputError": "errors",
    "IntegrityError": "errors",
    "Panel": "data.panel",
    "Result": "notebook",
    "load_criteria": "notebook",
    "load_panel": "notebook",
    "screen": "notebook",
    "write_report": "notebook",
}

__all__ = [  # noqa: RUF022  the version comes last, after what one can use
    "Criteria",
    "EligibilityError",
    "InputError",
    "IntegrityError",
    "Panel",
    "Result",
    "load_criteria",
    "load_panel",
    "screen",
    "write_report",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """The public object of that name, imported now."""
    if name not in _HOME:
        raise AttributeError(f"module 'eligibility' has no attribute {name!r}")
    return getattr(import_module(f"eligibility.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """The public names, for completion in a notebook."""
    return sorted(__all__)
