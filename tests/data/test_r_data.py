"""Files that R saved, and V-Dem's among them."""

from __future__ import annotations

import gzip
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from eligibility.data import sources
from eligibility.data.readers import r_data, series_of, vdem
from eligibility.data.readers.whose import whose
from eligibility.errors import DataError
from eligibility.resources import shipped

KEYS = ("country_text_id", "year")
FRAME = pd.DataFrame(
    {
        "country_name": ["Tunisia", "Türkiye", None],
        "country_text_id": ["TUN", "TUR", "NAM"],
        "year": [2024.0, 2024.0, 2023.0],
        "v2x_polyarchy": [0.1 + 0.2, np.nan, 0.5],
        "v2x_regime": pd.array([1, None, 2], dtype="Int32"),
        "kind": pd.Categorical(["a", "b", "a"]),
        "other": [1.0, 2.0, 3.0],
    }
)


@pytest.fixture
def rdata():
    return pytest.importorskip("rdata", reason="rdata is not installed (make test installs it)")


@pytest.mark.parametrize("packing", ["gzip", "bzip2", "xz"])
def test_the_columns_wanted_are_read_exactly(rdata, tmp_path, packing):
    path = tmp_path / "vdem.RData"
    rdata.write_rda(str(path), {"codebook": [1.0, 2.0], "vdem": FRAME}, compression=packing)
    found = r_data.frame(path, KEYS, {"country_name", "v2x_polyarchy", "v2x_regime", "kind", "absent"})
    assert found == {
        "country_text_id": ["TUN", "TUR", "NAM"],
        "year": ["2024.0", "2024.0", "2023.0"],
        "country_name": ["Tunisia", "Türkiye", ""],
        "v2x_polyarchy": [repr(0.1 + 0.2), "", "0.5"],
        "v2x_regime": ["1", "", "2"],
        "kind": ["a", "b", "a"],
    }


def test_a_file_without_the_table_or_cut_or_of_another_kind_is_refused(rdata, tmp_path, monkeypatch):
    path = tmp_path / "vdem.RData"
    rdata.write_rda(str(path), {"vdem": FRAME}, compression="gzip")
    whole = path.read_bytes()
    turned = whole[:60] + bytes(255 - one for one in whole[60:70]) + whole[70:]
    with pytest.raises(DataError, match="must hold a data frame with the columns iso3"):
        r_data.frame(path, ("iso3",), set())
    for content in (
        whole[:-30],
        b"<!doctype html>",
        gzip.compress(gzip.decompress(whole)[:200]),
        b"",
        turned,
    ):
        path.write_bytes(content)
        with pytest.raises(DataError, match="must be a (whole file|file that R saved)"):
            r_data.frame(path, KEYS, set())
    path.write_bytes(whole)
    monkeypatch.setattr(r_data, "LARGEST", 100)
    with pytest.raises(DataError, match="at most 100 bytes once unpacked"):
        r_data.frame(path, KEYS, set())


def test_what_r_notes_on_a_column_is_passed_over():
    def one(kind, value):
        return SimpleNamespace(value=value, attributes=kind, tag=None)

    label = SimpleNamespace(
        tag=SimpleNamespace(referenced_object=None, value=SimpleNamespace(value=b"label")),
        value=(one(None, []), None),
    )
    assert r_data._text(one(label, np.array([0.5, np.nan]))) == ["0.5", ""]


def test_without_the_package_it_is_told_how_to_install_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "pip install 'eligibility[fetch]'" in str(vdem.ready())


def rda(folder: Path, rdata) -> Path:
    """The figures of V-Dem 16 that ship, as the institute's file for R would give them."""
    source = sources.sheet(shipped("datasets") / "vdem-v16")
    codes = {name: entry["publisher_code"] for name, entry in series_of("vdem", "v16").items()}
    table = sources.table(source)[list(source.series)].rename(columns=codes).reset_index()
    table = table.rename(columns={"iso3": "country_text_id"}).astype({"year": float})
    path = folder / "raw"
    rdata.write_rda(str(path), {"vdem": table}, compression="xz")
    return path


def test_v_dems_file_for_r_reads_as_its_csv(rdata, tmp_path):
    target = tmp_path / "V-Dem-CY-v16-vdemdata.csv"
    vdem.unpack(rda(tmp_path, rdata), target)
    assert (whose(target).family, whose(target).vintage) == ("vdem", "v16")
    values = vdem.read([target], "v16").values
    source = sources.sheet(shipped("datasets") / "vdem-v16")
    there = sources.table(source)
    read = values.pivot(index=["iso3", "year"], columns="series", values="value")
    for name in source.series:
        assert read[name].dropna().equals(there[name].dropna().rename(name))
