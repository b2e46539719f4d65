"""Files as large as a publisher's bulk file, or larger than any: what the tests of memory and the bench read."""

from __future__ import annotations

from pathlib import Path

from eligibility.data import countries

BULK, MANY = "WDICSV-2025-12.csv", "V-Dem-CY-Core-v16.csv"
ECONOMIES, INDICATORS = 200, 1_500
YEARS = range(1960, 2025)


def bulk(path: Path) -> list[str]:
    """Writes 300,000 rows, near 140 MB, in the layout of the World Bank's bulk file, and says which economies it has.

    Of its 1,500 indicators two are compiled.
    """
    names = countries.register().names()
    codes = ["SH.DYN.MORT", "NY.GNP.PCAP.CD", *(f"XX.YYY.{number:04d}" for number in range(INDICATORS - 2))]
    figures = ",".join(f"{year % 100}.125" for year in YEARS)
    header = ["Country Name", "Country Code", "Indicator Name", "Indicator Code", *map(str, YEARS)]
    economies = sorted(names)[:ECONOMIES]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(header) + "\n")
        for iso3 in economies:
            file.writelines(
                f'"{names[iso3]}",{iso3},An indicator of something,{code},{figures}\n' for code in codes
            )
    return economies


def many(path: Path, same: bool) -> None:
    """Writes three million rows, over 60 MB, whose third line is the second again; the rest the same row or not."""
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "country_name,country_text_id,year,v2x_polyarchy\nTunisia,TUN,2015,0.7\nTunisia,TUN,2015,0.7\n"
        )
        file.writelines(
            "Tunisia,TUN,2016,0.7\n" if same else f"Tunisia,T{row:06d},2016,0.7\n" for row in range(3_000_000)
        )
