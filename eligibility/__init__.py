"""Which countries a pilot programme could start in, why, and how sure the data let us be.

>>> import eligibility
>>> result = eligibility.screening_run("peacetime-pilots")          # doctest: +SKIP
>>> result.ranking.shortlist                                         # doctest: +SKIP

Names are fetched when they are first used, so that `import eligibility` costs nothing.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

# public name -> where it lives. Not `run` or `screen`: those are modules, and importing a module
# would replace a function of the same name.
_HOME = {
    "Criteria": "policy.Criteria",
    "EligibilityError": "errors.EligibilityError",
    "InputError": "errors.InputError",
    "IntegrityError": "errors.IntegrityError",
    "Panel": "panel.Panel",
    "Result": "run.Result",
    "load_criteria": "criteria.load",
    "screening_run": "run.run",
    "write_report": "report.write",
}

__all__ = [  # noqa: RUF022  the version comes last, after what one can use
    "Criteria",
    "EligibilityError",
    "InputError",
    "IntegrityError",
    "Panel",
    "Result",
    "load_criteria",
    "screening_run",
    "write_report",
    "__version__",
]


def __getattr__(name: str):
    """The public object of that name, imported now."""
    if name not in _HOME:
        raise AttributeError(f"module 'eligibility' has no attribute {name!r}")
    module, attribute = _HOME[name].split(".")
    return getattr(import_module(f"eligibility.{module}"), attribute)


def __dir__() -> list[str]:
    """The public names, for completion in a notebook."""
    return sorted(__all__)
