"""All that decides a run, by checksum: what its id is made from, and what a seal covers."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pydantic
import yaml

from eligibility import __version__
from eligibility.data import sources
from eligibility.data.panel import Panel
from eligibility.files import opened
from eligibility.policy.model import Criteria
from eligibility.resources import shipped


def provenance(policy: Criteria, figures: Panel) -> dict[str, Any]:
    """All that decides the run: inputs by checksum, options, versions, seed. No time, path or user.

    Beside the datasets in use stand the other releases of what is asked for: they say when figures came out, and whether
    a newer one covers the question.
    """
    used = {s.id for s in figures.sources}
    others = {v.source.id: v.source for found in figures.vintages.values() for v in found}
    beside = [others[id_] for id_ in sorted(others.keys() - used)]
    return {
        "criteria": {
            "id": policy.id,
            "version": policy.version,
            "sha256": policy.sha256,
            "settings": list(policy.settings),
        },
        "sources": [_named(s) for s in figures.sources],
        "beside": [_named(s) for s in beside],
        "registers": registers(),
        "reading": {
            "as_known": figures.reading.as_known,
            "vintages": list(figures.reading.pins),
            "series": {s.id: figures.answers(s) for s in figures.sources},
        },
        "engine": {
            "version": __version__,
            "seed": policy.uncertainty.seed,
            "draws": policy.uncertainty.draws,
        },
        "libraries": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pandas": pd.__version__,
            "pydantic": pydantic.VERSION,
            "pyyaml": yaml.__version__,
        },
    }


def _named(source: sources.Source) -> dict[str, str]:
    return {"id": source.id, "sha256": source.sha256, "sheet": source.sheet_sha256}


@cache
def registers() -> dict[str, str]:
    """The checksum of each shipped table that says who and what there is: countries, ceilings, outlines, past bodies, programmes; read once."""
    held = shipped("datasets")
    return {
        path.relative_to(held).as_posix(): hashlib.sha256(opened.content(path, opened.REGISTER)).hexdigest()
        for folder in ("bodies", "countries", "programmes", "thresholds", "world")
        for path in sorted((held / folder).iterdir())
        if path.suffix in (".csv", ".yaml")
    }
