"""The shelf: sheets read strictly, tables only after their checksum holds."""

from __future__ import annotations

import datetime
import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from eligibility.data import described, sources
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


def test_a_table_cut_short_or_gone_is_named(copy: Path):
    source = sources.sheet(copy)
    (copy / "values.csv").write_bytes((copy / "values.csv").read_bytes()[:-1])
    with pytest.raises(IntegrityError, match="checksum"):
        sources.table(source)
    (copy / "values.csv").unlink()
    with pytest.raises(IntegrityError, match="cannot be read"):
        sources.table(source)


@pytest.mark.parametrize(
    ("id", "row", "says"),
    [
        (
            "vdem-v15",
            "AND,2024,abc",
            "values.csv: rows: must be those of a compiled table (got could not convert",
        ),
        ("vdem-v15", ",2024,0.5", "a row without a country or a year, or two of the same"),
        ("vdem-v15", "MEX,9999999,0.5", "a row without a country or a year, or two of the same"),
        ("vdem-v15", "MEX,2024,0.5", "a row without a country or a year, or two of the same"),
        (
            "un-uncac-2024-08",
            "TUN,2008-13-01,party,a page,",
            "events.csv: rows: must be those of a compiled table",
        ),
        ("un-uncac-2024-08", "TUN,2008-09-23,party", "events.csv: rows: must be those of a compiled table"),
    ],
)
def test_what_is_no_table_is_refused_though_it_has_the_checksum_of_its_sheet(
    own_folder: Path, id: str, row: str, says: str
):
    """As one that was changed by hand; a year of seven digits would take all memory there is."""
    folder = Path(shutil.copytree(shipped("datasets") / id, own_folder / id))
    path = folder / sources.sheet(folder).file
    path.write_bytes(path.read_bytes() + f"{row}\n".encode())
    source = sources.sheet(folder)
    changed = {**source.values, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    with pytest.raises(DataError) as caught:
        sources.table(replace(source, values=changed))
    assert says in str(caught.value)


POLYARCHY = yaml.safe_load((VDEM / "source.yaml").read_text(encoding="utf-8"))["series"]["polyarchy"]


def of_polyarchy(**changes: object) -> dict[str, object]:
    """The change that gives one series of the sheet these keys."""
    return {"series": {"polyarchy": {**POLYARCHY, **changes}}}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"licence": None}, "licence: missing"),
        ({"lisence": "x"}, "lisence: unknown key"),
        ({"id": "vdem-v99"}, "id: must be the folder's name, 'vdem-v15' (got vdem-v99)"),
        ({"family": "made"}, "id: must be its family and vintage, 'made-v15' (got vdem-v15)"),
        ({"released": "soon"}, "released: must be a date such as 2024-03-07 (got soon)"),
        ({"released": datetime.datetime(2024, 3, 7, 1, 2)}, "released: must be a date such as 2024-03-07"),
        ({"imported": "2024-02-30"}, "imported: must be a date such as 2024-03-07 (got 2024-02-30)"),
        ({"series": []}, "series: must be a mapping (got a list)"),
        ({"values": {"rows": 3}}, "values.sha256: missing"),
        ({"series": {"x": {"label": "no more"}}}, "series.x.better: missing"),
        ({"ship": "yes"}, "ship: must be true or false (got yes)"),
        ({"url": "javascript:alert(1)"}, "url: must be an address that begins with https:// or http://"),
        ({"notes": [1]}, "notes[0]: must be text (got 1)"),
        ({"left_out": {"x": -1}}, "left_out.x: must be a whole number from 0 to 1,000,000,000 (got -1)"),
        (of_polyarchy(label=["a"]), "series.polyarchy.label: must be text (got a list)"),
        (of_polyarchy(label=7), "series.polyarchy.label: must be text (got 7)"),
        (of_polyarchy(unit={}), "series.polyarchy.unit: must be text (got a mapping)"),
        (
            of_polyarchy(better="more"),
            "series.polyarchy.better: must be one of high, low, neither (got more)",
        ),
        (of_polyarchy(range=[0]), "series.polyarchy.range: must have 2 entries (got 1)"),
        (of_polyarchy(range=[1, 0]), "series.polyarchy: range: the lower end comes first"),
        (of_polyarchy(range=[0, True]), "series.polyarchy.range[1]: must be a number (got true)"),
        (
            of_polyarchy(decimals=2.5),
            "series.polyarchy.decimals: must be a whole number from 0 to 10 (got 2.5)",
        ),
        (of_polyarchy(classes={"a": "b"}), "series.polyarchy.classes.a: must be a whole number (got a)"),
        (of_polyarchy(classes={1: 2}), "series.polyarchy.classes.1: must be text (got 2)"),
        (of_polyarchy(carry=1), "series.polyarchy.carry: must be true or false (got 1)"),
        (of_polyarchy(uncertainty={"kind": "none"}), "series.polyarchy.uncertainty.how: missing"),
        (
            of_polyarchy(uncertainty={"kind": "none", "how": "x", "factor": 0}),
            "series.polyarchy.uncertainty.factor: must be a number above 0 (got 0)",
        ),
        (of_polyarchy(published_on={2015: 2016}), "published_on.2015: must be a date such as 2024-03-07"),
    ],
)
def test_a_wrong_sheet_is_refused(copy: Path, changes: dict[str, object], says: str):
    with pytest.raises(DataError) as caught:
        sources.sheet(edited(copy, **changes))
    assert says in str(caught.value)
    assert str(caught.value).startswith("vdem-v15/source.yaml:")


def test_every_problem_of_a_sheet_is_told_at_once_with_its_line(copy: Path):
    path = copy / "source.yaml"
    text = path.read_text(encoding="utf-8")
    assert "\nship: true\n" in text and "decimals: 2" in text
    path.write_text(
        text.replace("\nship: true\n", "\nship: maybe\n").replace("decimals: 2", "decimals: three", 1),
        encoding="utf-8",
    )
    with pytest.raises(DataError) as caught:
        sources.sheet(copy)
    ship, decimals = (str(one) for one in caught.value.problems)
    line = text[: text.index("\nship: true")].count("\n") + 2
    assert ship == f"vdem-v15/source.yaml:{line}:7: ship: must be true or false (got maybe)"
    assert ".decimals: must be a whole number from 0 to 10 (got three)" in decimals


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "must be YAML"),
        ("- a\n", "sheet: must be a mapping (got a list)"),
        ("", "sheet: must be a mapping (got nothing)"),
        ("!!python/object/apply:os.getcwd []", "tags are not allowed"),
        ("[" * 60_000, "must be at most 20 levels deep"),
        ("a: " + "x" * 300_000, "must be at most 262,144 bytes"),
    ],
)
def test_what_is_no_sheet_is_refused(copy: Path, text: str, says: str):
    (copy / "source.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        sources.sheet(copy)
    assert says in str(caught.value)
    assert str(caught.value).startswith("vdem-v15/source.yaml:")


@pytest.mark.parametrize("text", "1e5|012|NO|true|~|2016-07-01|0x10|- a|a: b|#|'|€ 1|1.5e3|=".split("|"))
def test_a_sheet_is_written_so_that_it_is_read_back(copy: Path, text: str):
    raw = yaml.safe_load((copy / "source.yaml").read_text(encoding="utf-8"))
    raw |= {"title": text, "notes": [text, text], "left_out": {text: 1}}
    (copy / "source.yaml").write_text(described.written(raw), encoding="utf-8")
    source = sources.sheet(copy)
    assert (source.title, source.notes, source.left_out) == (text, (text, text), {text: 1})


def test_every_shipped_sheet_is_written_as_it_stands():
    for path in sorted(shipped("datasets").glob("*/source.yaml")):
        comment, _, text = path.read_text(encoding="utf-8").partition("\n")
        assert comment.startswith("#")
        assert described.written(described.read(path.read_bytes(), path.parent.name)[0]) == text, path


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
