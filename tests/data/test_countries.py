"""The country register: every code in use maps or is listed, and nothing is guessed."""

from __future__ import annotations

import unicodedata

import pytest

from eligibility.data import countries
from eligibility.data.countries import Register, UnknownCode, register
from eligibility.data.readers import strict
from eligibility.errors import DataError

WGI_OLD = {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "WBG": "PSE", "ADO": "AND", "KSV": "XKX", "ANT": "ANT"}
NOT_ISO = {"XKX", "CHI", "PSG", "SML", "ZZB", "ANT", "CSK", "DDR", "SCG", "SUN", "VDR", "YMD", "YUG"}
SPELLINGS = {
    "CIV": ("Côte d'Ivoire", "Cote d'Ivoire", "Côte d’Ivoire", "Ivory Coast"),
    "TUR": ("Türkiye", "Turkey", "Turkiye"),
    "COD": ("DR Congo", "Congo, Dem. Rep.", "Democratic Republic of the Congo"),
    "COG": ("Congo", "Congo, Rep.", "Republic of the Congo"),
    "KGZ": ("Kyrgyzstan", "Kyrgyz Republic"),
    "MMR": ("Myanmar", "Burma/Myanmar", "Burma"),
    "PRK": ("North Korea", "Korea, Dem. People's Rep.", "Democratic People's Republic of Korea"),
    "MKD": ("North Macedonia", "The former Yugoslav Republic of Macedonia"),
    "MDA": ("Moldova", "Republic of Moldova"),
    "LAO": ("Laos", "Lao PDR", "Lao People's Democratic Republic"),
}


def test_every_key_and_name_comes_back_as_itself():
    reg = register()
    assert len(reg) == 262
    for iso3, name in reg.names().items():
        assert reg.resolve(iso3) == iso3
        assert reg.resolve(name, scheme="name") == iso3
        for number, scheme in ((reg[iso3].m49, "m49"), (reg[iso3].gw, "gw")):
            if number:
                assert reg.resolve(number, scheme=scheme, year=reg[iso3].end or 2020) == iso3


@pytest.mark.parametrize("iso3", SPELLINGS)
def test_a_country_under_every_publishers_spelling(iso3):
    for spelling in SPELLINGS[iso3]:
        for form in (spelling, spelling.upper(), unicodedata.normalize("NFD", spelling)):
            assert register().resolve(form, scheme="name") == iso3


def test_namibia_is_not_missing():
    reg = register()
    assert reg.resolve("NAM") == "NAM" and reg.name("NAM") == "Namibia"
    assert reg.resolve("516", scheme="m49") == "NAM" and reg.resolve("565", scheme="gw") == "NAM"
    with pytest.raises(UnknownCode):
        reg.resolve("NA")  # ISO2 is nobody's key here


def test_old_wgi_codes():
    assert {old: register().resolve(old, scheme="wgi") for old in WGI_OLD} == WGI_OLD


def test_an_old_code_is_unknown_elsewhere():
    for code in ("ROM", "ZAR", "TMP", "WBG", "ADO", "KSV"):
        with pytest.raises(UnknownCode, match="not in the country register"):
            register().resolve(code)


def test_a_wrong_code_that_is_anothers_right_one_goes_by_its_scheme():
    reg = register()
    assert reg.resolve("YUG", scheme="wb") == "SCG" and reg.resolve("YUGf", scheme="wb") == "YUG"
    assert reg.resolve("SCG", scheme="cpi", year=2016) == "SRB" and reg.resolve("LWI", scheme="cpi") == "XKX"
    assert reg.resolve("ECA", scheme="wb") is None
    assert reg.resolve("ZZB", scheme="vdem") == "ZZB" and reg.resolve("ZZB.HHD", scheme="undp") is None


def test_vdem_units_are_never_merged():
    for code in ("XKX", "PSE", "PSG", "SML", "ZZB", "DDR", "YMD", "VDR"):
        assert register().resolve(code, scheme="vdem") == code


@pytest.mark.parametrize(
    "code, year, iso3",
    [
        ("345", 1990, "YUG"),
        ("345", 1991, "YUG"),
        ("345", 1992, "SCG"),
        ("345", 2005, "SCG"),
        ("345", 2006, "SRB"),
        ("365", 1991, "SUN"),
        ("365", 1992, "RUS"),
        ("345", None, "SRB"),
        ("365", None, "RUS"),
        ("315", 1992, "CSK"),
    ],
)
def test_the_year_chooses_between_states_that_share_a_number(code, year, iso3):
    assert register().resolve(code, scheme="gw", year=year) == iso3


def test_a_row_after_a_state_ended_is_refused():
    with pytest.raises(UnknownCode, match="Czechoslovakia ended in 1992; the row says 1999"):
        register().resolve("315", scheme="gw", year=1999)


def test_historical_states_are_not_candidates_today():
    reg = register()
    assert [iso3 for iso3 in reg if not reg.exists(iso3, 2016)] == sorted(
        ["ANT", "CSK", "DDR", "SCG", "SUN", "VDR", "YMD", "YUG"]
    )
    assert reg.exists("SSD", 2011) and not reg.exists("SSD", 2010)


def test_an_unknown_name_gets_a_hint_and_no_guess():
    with pytest.raises(UnknownCode, match="nearest is Kyrgyzstan; names are never guessed"):
        register().resolve("Kirgyzstan", scheme="name")
    with pytest.raises(UnknownCode, match="capitals"):
        register().resolve("tun")
    for broken in ("", " ", "CÃ´te d'Ivoire", "NaN", "nan", "None"):
        with pytest.raises(UnknownCode):
            register().resolve(broken, scheme="name")


def test_aggregates_say_why():
    reg = register()
    for code, scheme in (("AFE", "wb"), ("WLD", "wb"), ("1", "m49"), ("OWID_WRL", "owid"), ("XXA", "unhcr")):
        assert reg.resolve(code, scheme=scheme) is None
        assert len(reg.why_not(code, scheme)) > 5


def test_an_unknown_scheme_is_a_programming_error():
    with pytest.raises(ValueError, match="scheme 'iso2'"):
        register().resolve("TN", scheme="iso2")


def test_regions_are_the_banks_seven():
    regions = {register().region(iso3) for iso3 in register()}
    assert len(regions - {""}) == 7
    assert register().region("MMR") == "East Asia & Pacific"


@pytest.mark.parametrize(
    "file, row, rule",
    [
        ("countries.csv", "TUN,Tunis,,,,,,,", "listed twice"),
        ("aliases.csv", "Tunisie,TUX,name", "alias of an unknown key"),
        ("aliases.csv", "Tunisia,DZA,name", "means several countries"),
        ("aliases.csv", "TN,TUN,iso2", "unknown scheme"),
        ("not_countries.csv", "TUN,iso3,by mistake", "and as not a country"),
        ("not_countries.csv", "QQQ,wb", "not the columns of the header"),
    ],
)
def test_a_register_that_contradicts_itself_does_not_load(tmp_path, file, row, rule):
    for path in register().folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text + (row + "\n" if path.name == file else ""), encoding="utf-8")
    with pytest.raises(DataError, match=rule):
        Register(tmp_path)


def test_against_iso_3166():
    pycountry = pytest.importorskip("pycountry")
    reg = register()
    iso = {country.alpha_3: country.numeric for country in pycountry.countries}
    assert set(reg) - set(iso) == NOT_ISO
    assert {iso3: reg[iso3].m49.zfill(3) for iso3 in iso} == iso


def test_schemes_are_the_ones_the_tables_use():
    used = {scheme for scheme, _ in register()._codes} | {scheme for scheme, _ in register()._not}
    assert used <= set(countries.SCHEMES)


# Publishers' own files: what no reader reads maps or is listed, too. What one reads is refused where it does not.


@pytest.mark.parametrize(
    "file, column, scheme",
    [
        ("worldbank/WDICSV-selection-2025-12.csv", "Country Name", "name"),
        ("un/geo-area-m49.csv", "geo_area", "m49"),
        ("ibp/obs.csv", "country", "name"),
    ],
)
def test_every_code_or_name_of_a_file(releases, file, column, scheme):
    _all_resolve(strict.read_csv(releases / file, [column]).text[column], scheme)


def test_every_name_of_a_workbook(releases):
    header, *rows = strict.xlsx_rows(releases / "cpi/CPI2025_Results.xlsx", "CPI Historical")[3:]
    place = header.index("Country / Territory")
    _all_resolve([row[place] for row in rows if row[place]], "name")


def test_codes_and_names_of_a_file_agree(releases):
    """One file, two columns: a wrong alias would send its name and its code to different countries."""
    reg = register()
    table = strict.read_csv(releases / "vdem/V-Dem-CY-v14-selection.csv", ["country_text_id", "country_name"])
    pairs = {(code, name, "vdem") for code, name in zip(*table.text.values(), strict=True)}
    rows = strict.xlsx_rows(releases / "wgi/wgidataset.xlsx", "Sheet1")[1:]
    pairs |= {(row[1], row[2], "wgi") for row in rows}
    rows = strict.xlsx_rows(releases / "worldbank/CLASS.xlsx", "List of economies")[1:218]
    pairs |= {(row[1], row[0], "wb") for row in rows}
    assert len(pairs) > 600
    wrong = [
        pair for pair in pairs if reg.resolve(pair[0], scheme=pair[2]) != reg.resolve(pair[1], scheme="name")
    ]
    assert wrong == []


def test_regions_agree_with_the_bank(releases):
    rows = strict.xlsx_rows(releases / "worldbank/CLASS.xlsx", "List of economies")[1:218]
    wrong = [row for row in rows if register().region(register().resolve(row[1], scheme="wb")) != row[2]]
    assert wrong == []


def _all_resolve(codes: list[str], scheme: str) -> None:
    """Fails where a code is unknown; every one is named at once."""
    unknown = []
    for code in dict.fromkeys(codes):
        try:
            register().resolve(code, scheme=scheme)
        except UnknownCode as error:
            unknown.append(str(error))
    assert unknown == []
