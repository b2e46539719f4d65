"""The shelf: sheets read strictly, tables only after their checksum holds."""

from __future__ import annotations

import datetime
import random
import shutil
from pathlib import Path

import pytest
import yaml

from eligibility import sources
from eligibility.errors import DataError, IntegrityError
from eligibility.resources import shipped

VDEM = shipped("datasets") / "vdem-v15"


@pytest.fixture
def copy(own_folder: Path) -> Path:
    """A source in the user's folder that a test may damage."""
    return Path(shutil.copytree(VDEM, own_folder / "vdem-v15"))


def edited(folder: Path, **changes: object) -> Path:
    """The folder, its sheet changed at these keys; None takes a key away."""
    path = folder / "source.yaml"
    raw = {**yaml.safe_load(path.read_text(encoding="utf-8")), **changes}
    kept = {key: value for key, value in raw.items() if value is not None}
    path.write_text(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return folder


def test_a_sheet_says_what_a_series_means():
    source = sources.sheet(VDEM)
    series = source.series["polyarchy"]
    assert (source.id, source.family, source.vintage) == ("vdem-v15", "vdem", "v15")
    assert source.released == datetime.date(2025, 3, 13)
    assert (series.id, series.name, series.source_id) == ("vdem.polyarchy", "polyarchy", "vdem-v15")
    assert (series.lo, series.hi, series.better, series.sd_kind) == (0, 1, "high", "published")
    regime = source.series["regime"]
    assert regime.classes[2] == "electoral democracy"
    assert (regime.follows, regime.cut, regime.between) == ("vdem.polyarchy", 0.5, (1, 2))
    assert sources.sheet(VDEM / "source.yaml") == source


def test_a_modelled_uncertainty_names_its_formula_and_factor():
    series = sources.sheet(shipped("datasets") / "vdem-v14").series["core_civil_society"]
    assert (series.sd_kind, series.sd_formula, series.shape) == ("modelled", "probit", "probit")
    assert series.sd_how.startswith(
        f"Half of a 68 % interval is {series.sd_factor:.3f} * density(quantile(p))"
    )


@pytest.mark.parametrize(
    ("year", "lag", "day"),
    [
        (2015, 3, (2016, 3, 31)),
        (2015, 9, (2016, 9, 30)),
        (2015, 0, (2015, 12, 31)),
        (2015, 14, (2017, 2, 28)),
    ],
)
def test_a_figure_is_known_from_the_end_of_its_month(year: int, lag: int, day: tuple[int, int, int]):
    assert sources.month_end(year, lag) == datetime.date(*day)


def test_the_shelf_is_ordered_by_family_and_age():
    shelf = sources.shelf()
    assert [(s.family, s.released, s.id) for s in shelf] == sorted(
        (s.family, s.released, s.id) for s in shelf
    )
    assert {"vdem-v14", "vdem-v15", "wgi-2024"} <= {source.id for source in shelf}


def test_a_users_source_stands_in_for_a_shipped_one(copy: Path, tmp_path: Path):
    edited(copy, title="mine")
    held = {source.id: source for source in sources.shelf()}
    assert held["vdem-v15"].title == "mine"
    third = Path(shutil.copytree(VDEM, tmp_path / "vdem-v15"))
    edited(third, title="given by name")
    assert {source.id: source for source in sources.shelf(tmp_path)}["vdem-v15"].title == "given by name"


def test_half_written_folders_are_not_on_the_shelf(copy: Path):
    copy.rename(copy.parent / ".building-vdem-v15-x")
    assert sources.held(copy.parent) == []


def test_the_users_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("ELIGIBILITY_DATA", str(tmp_path / "a"))
    assert sources.user_folder() == tmp_path / "a"
    monkeypatch.delenv("ELIGIBILITY_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "b"))
    assert sources.user_folder() == tmp_path / "b" / "eligibility"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert sources.user_folder() == tmp_path / ".local" / "share" / "eligibility"


def test_a_table_is_keyed_by_country_and_year():
    table = sources.table(sources.sheet(VDEM))
    assert table.index.names == ["iso3", "year"]
    assert "NAM" in table.index.get_level_values("iso3")
    assert 0 < table.loc[("MEX", 2024), "polyarchy_sd"] < 0.1 < table.loc[("MEX", 2024), "polyarchy"] < 1
    assert set(table.dtypes.astype(str)) == {"float64"}


def test_figures_come_back_as_the_floats_they_were():
    source = sources.sheet(shipped("datasets") / "wgi-2024")
    rows = [line.split(",") for line in (source.path / "values.csv").read_text(encoding="utf-8").splitlines()]
    place = rows[0].index("rule_of_law")
    written = [float(row[place]) for row in rows[1:] if row[place]]
    assert sources.table(source)["rule_of_law"].dropna().tolist() == written


def test_every_flipped_bit_is_found(copy: Path):
    source, rng = sources.sheet(copy), random.Random(11)
    sound = (copy / "values.csv").read_bytes()
    for _ in range(200):
        place, bit = rng.randrange(len(sound)), rng.randrange(8)
        (copy / "values.csv").write_bytes(
            sound[:place] + bytes([sound[place] ^ 1 << bit]) + sound[place + 1 :]
        )
        with pytest.raises(IntegrityError, match="vdem-v15/values.csv: checksum"):
            sources.table(source)


def test_a_table_cut_short_or_gone_is_named(copy: Path):
    source = sources.sheet(copy)
    (copy / "values.csv").write_bytes((copy / "values.csv").read_bytes()[:-1])
    with pytest.raises(IntegrityError, match="checksum"):
        sources.table(source)
    (copy / "values.csv").unlink()
    with pytest.raises(IntegrityError, match="cannot be read"):
        sources.table(source)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"licence": None}, "vdem-v15/source.yaml: licence: missing"),
        ({"lisence": "x"}, "vdem-v15/source.yaml: lisence: unknown key"),
        ({"id": "vdem-v99"}, "id: must be the folder's name, 'vdem-v15' (got vdem-v99)"),
        ({"released": "soon"}, "released: a date such as 2024-03-07 (got soon)"),
        ({"series": []}, "series: must be a dict (got list)"),
        ({"values": {"rows": 3}}, "values: 'sha256' is missing"),
        ({"series": {"x": {"label": "no more"}}}, "series.x: incomplete or wrong"),
    ],
)
def test_a_wrong_sheet_is_refused(copy: Path, changes: dict[str, object], says: str):
    with pytest.raises(DataError) as caught:
        sources.sheet(edited(copy, **changes))
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["[", "- a\n", "!!python/object/apply:os.getcwd []", "\x00"])
def test_what_is_no_sheet_is_refused(copy: Path, text: str):
    (copy / "source.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="vdem-v15/source.yaml: file"):
        sources.sheet(copy)


def test_every_shipped_series_has_the_words_a_page_needs():
    for source in sources.shelf():
        assert source.ship, source.id
        for series in source.series.values():
            assert series.label, series.id
            assert series.description.endswith("."), series.id
            assert series.unit, series.id
            assert series.sd_how, series.id
            assert series.lo < series.hi, series.id
            if series.sd_kind == "published":
                assert f"{series.name}_sd" in sources.table(source).columns
            if series.follows:
                assert series.follows.partition(".")[2] in source.series
