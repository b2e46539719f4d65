"""The front door for Python: criteria and a date in, a `Result` one can look at, or an error that says what is wrong.

    result = screen("peacetime-pilots", as_of="2016-07-01")
    result.ranking_table()

`run.run` does the work, here as in the commands; this module reads what is given as the shell's words are read and
shows what comes out. Nothing is computed here.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import escape

from eligibility import contract, given
from eligibility.data import sources
from eligibility.data.countries import named
from eligibility.data.panel import NEWEST, Panel
from eligibility.errors import Problem, UsageError
from eligibility.method import result as judged
from eligibility.method import run
from eligibility.method.evaluate import ADMITTED
from eligibility.pages.wording import NOT_DRAWN, NOT_DRAWN_UNSCORED, percent, plain
from eligibility.policy.model import Criteria
from eligibility.policy.words import MOST_DRAWS
from eligibility.present import tables

if TYPE_CHECKING:
    from eligibility.present import report

SHOWN = ("rank", "rank_low", "rank_high", "name", "status", "score", "p_eligible", "p_top")
SETTING = "shortlist.size=5"  # an example, for who gives something else
FEWEST = 10  # countries a notebook shows, if so many are ranked
_DTYPES = {"whole": "Int64", "share": "float64", "score": "float64", "truth": "bool"}


class Result(judged.Result):
    """One screening round, every step kept.

    `screen` makes it. Frames and series share the index iso3: the countries considered, sorted. In a notebook it
    shows itself as the ranked list.

    Attributes
    ----------
    criteria : Criteria
        What was judged by.
    as_of : datetime.date
        The information date: only what was published by then was used.
    cells : eligibility.data.cells.Cells
        The figures as known at the date; `cells.value` is iso3 × indicator, native units, NaN where there is none.
    peers : pandas.Series
        The peer group of each country.
    screening : eligibility.method.screen.Screening
        `screening.status`, and `screening.gate` (iso3 × gate) with pass, conditional, fail or unknown.
    scores : eligibility.method.score.Scores or None
        `scores.score` and `scores.pillar`, 0 to 1, higher is better: weighted power means
        M_p = (Σ w xᵖ / Σ w)^(1/p) (Hardy, Littlewood and Pólya 1934). None where the criteria have no score.
    ranking : eligibility.method.rank.Ranking
        `ranking.rank`, 1 is best, and `ranking.shortlist`, ISO3 codes, best first.
    firmness : eligibility.method.firmness.Firmness
        Probabilities from 0 to 1, each a share of draws of measurement error; `firmness.places` has the 90 % interval
        of each rank (docs/decisions/011-rank-interval.md). How the draws lie together is told as in SMAA (Lahdelma
        and Salminen 2001).
    notes : tuple of str
        What a reader must know before the first number.

    Examples
    --------
    >>> result = screen("peacetime-pilots", as_of="2016-07-01", draws=50)
    >>> result
    <Result peacetime-pilots 2.0 as of 2016-07-01: 8 eligible, 9 conditional, 48 qualified, 13 insufficient-data, 1 on-hold, 60 excluded of 139 countries>
    >>> result.country("Tunisia")["status"]
    'eligible'
    """

    @cached_property
    def _told(self) -> contract.Result:
        return tables.document(self, whole=False)

    def ranking_table(self) -> pd.DataFrame:
        """The ranked countries, best first; where the criteria have no score, those that are admitted.

        Returns
        -------
        pandas.DataFrame
            Index iso3. Columns rank, rank_low and rank_high (the 90 % interval), name, status, score (0 to 1,
            higher is better), p_eligible and p_top (0 to 1); missing where not ranked or not drawn.

        Examples
        --------
        >>> result = screen("peacetime-pilots", as_of="2016-07-01", draws=50)
        >>> result.ranking_table().loc["TUN", ["name", "status"]].tolist()
        ['Tunisia', 'eligible']
        """
        table = self.to_frame()
        admitted = table["status"].isin(ADMITTED)
        return table.loc[admitted & table["rank"].notna() if self.scores else admitted, list(SHOWN)]

    def to_frame(self) -> pd.DataFrame:
        """Every country considered, ranked ones first: the columns of ranking.csv.

        Returns
        -------
        pandas.DataFrame
            Index iso3. Besides those of `ranking_table` a column for the verdict of each gate ("gate democracy"),
            for the probability that it is passed ("p_pass democracy") and for the score of each pillar.

        Examples
        --------
        >>> frame = screen("peacetime-pilots", as_of="2016-07-01", draws=50).to_frame()
        >>> len(frame), frame.at["TUN", "gate democracy"]
        (139, 'pass')
        """
        rows = self._told["countries"]
        series = {
            column.name: pd.Series([column.read(row) for row in rows], dtype=_DTYPES.get(column.kind, object))
            for column in tables.columns(self)
        }
        return pd.DataFrame(series).set_index("iso3")

    def country(self, country: str) -> contract.Country:
        """All that result.json says of one country: verdicts with their reasons, values, probabilities.

        Parameters
        ----------
        country : str
            ISO3 code in any case, or the name in full.

        Returns
        -------
        dict
            The keys are described in docs/result.md; a copy, free to be changed.

        Raises
        ------
        InputError
            For a country that there is not, or that was not considered.

        Examples
        --------
        >>> tunisia = screen("peacetime-pilots", as_of="2016-07-01", draws=50).country("TUN")
        >>> [gate["verdict"] for gate in tunisia["gates"]]
        ['pass', 'pass', 'pass']
        """
        iso3 = named(given.text(country, "country"), "country")
        found = next((row for row in self._told["countries"] if row["iso3"] == iso3), None)
        if found is None:
            hint = "only candidates are judged, whom the rule `pool` lets in"
            raise UsageError(Problem("country", iso3, "not a candidate", hint=hint))
        return {**copy.deepcopy(found), "since": tables.since(self, iso3).get(iso3)}

    def _repr_html_(self) -> str:
        """The ranked list as a notebook shows it, with what must be known before the first number."""
        own, table, firm = self.criteria, self.ranking_table(), self.firmness
        why = NOT_DRAWN if own.score else NOT_DRAWN_UNSCORED
        drawn = f"{firm.draws:,} draws, seed {firm.seed}" if firm.drawn else why
        most = max(own.shortlist, FEWEST)
        rows = "".join(_row(iso3, row) for iso3, row in table.head(most).iterrows())
        rest = f"<p>and {len(table) - most} more</p>" if len(table) > most else ""
        heads = "".join(f"<th>{name}</th>" for name in ("rank", "90 % range", "country", *SHOWN[4:]))
        return (
            f"<p><b>{escape(plain(own.title))}</b><br>{escape(plain(repr(self)[1:-1]))}<br>{drawn}</p>"
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{rest}"
            f"<ul>{''.join(f'<li>{escape(plain(note))}</li>' for note in self._told['notes'])}</ul>"
        )


def _row(iso3: str, row: pd.Series) -> str:
    """One country of the list in a notebook."""
    span = "" if pd.isna(row["rank_low"]) else f"{row['rank_low']}–{row['rank_high']}"
    cells = (
        "" if pd.isna(row["rank"]) else row["rank"], span, f"{row['name']} ({iso3})", row["status"],
        "" if pd.isna(row["score"]) else f"{row['score']:.3f}",
        *("" if pd.isna(row[p]) else percent(row[p]) for p in ("p_eligible", "p_top")),
    )  # fmt: skip
    return f"<tr>{''.join(f'<td>{escape(plain(cell))}</td>' for cell in cells)}</tr>"


@given.by_name()
def screen(
    criteria: str | Path | Criteria = "peacetime-pilots",
    as_of: str | date | None = None,
    *,
    panel: Panel | None = None,
    draws: int | None = None,
    seed: int | None = None,
    settings: Sequence[str] = (),
    overrides: str | Path | None = None,
    data: str | Path | None = None,
    as_known: bool = False,
    vintages: Sequence[str] = (),
) -> Result:
    """The result of judging every country by a set of criteria, as `eligibility screen` prints it.

    Parameters
    ----------
    criteria : str, pathlib.Path or Criteria
        Id of a shipped set, path of a file, or what `load_criteria` returned.
    as_of : str or datetime.date, optional
        The information date, "2016-07-01", or "FY2024" for the day MCC's scorecards of that fiscal year came out. By
        default the latest release day among the releases read by what decides.
    panel : Panel, optional
        What `load_panel` returned, to judge many times on figures read once.
    draws : int, optional
        How often every uncertain figure is drawn, 1 to 1,000,000; by default as the criteria say.
    seed : int, optional
        Start of the random numbers, 0 or more. The same seed gives the same bytes.
    settings : sequence of str
        "PATH=VALUE" each: values of the criteria changed for this run, as `--set` does.
    overrides : str or pathlib.Path, optional
        The board's own decisions, shown beside the verdicts and never counted.
    data : str or pathlib.Path, optional
        A folder of further data sources; they stand in for shipped ones.
    as_known : bool
        Read only releases that were out by the date, where one is held.
    vintages : sequence of str
        "SERIES=ID" each: the dataset that answers for a series; an ID alone for all it holds.

    Returns
    -------
    Result
        Frames and series by iso3. Scores and probabilities lie between 0 and 1; rank 1 is best.

    Raises
    ------
    EligibilityError
        For all that is refused: InputError with every problem found (`where: what: rule (got value); hint`),
        IntegrityError for figures that are not those their checksum is of.

    Examples
    --------
    >>> result = screen("peacetime-pilots", as_of="2016-07-01", draws=50, settings=["shortlist.size=3"])
    >>> len(result.ranking.shortlist)
    3
    >>> screen(as_of="1 July 2016")
    Traceback (most recent call last):
        ...
    eligibility.errors.UsageError: as_of: date: a day of the calendar as YYYY-MM-DD (got 1 July 2016); write it as 2016-07-01
    """
    reading, changed = given.reading(as_known, vintages), given.words(settings, "settings", SETTING)
    if panel is not None:
        given.panel(panel)
        if data is not None or reading != NEWEST:
            hint = "give data, as_known and vintages to load_panel"
            raise UsageError(Problem("panel", "argument", "has been read already", hint=hint))
    found = run.run(
        given.criteria(criteria, changed),
        given.day(as_of),
        given.whole(draws, "draws", 1, MOST_DRAWS),
        given.whole(seed, "seed", 0),
        changed,
        given.folder(data),
        None if overrides is None else given.path(overrides, "overrides"),
        reading,
        panel,
    )
    return Result(**{field.name: getattr(found, field.name) for field in fields(found)})


@given.by_name()
def load_criteria(
    criteria: str | Path = "peacetime-pilots",
    *,
    settings: Sequence[str] = (),
    data: str | Path | None = None,
) -> Criteria:
    """The criteria of a shipped set or a file, read and checked.

    Parameters
    ----------
    criteria, settings, data
        As in `screen`.

    Returns
    -------
    Criteria
        Frozen values; `screen` takes them.

    Raises
    ------
    InputError
        With every problem of the file, `file:line:column: path: rule (got value); hint`; for an id or a setting that
        fits nothing.

    Examples
    --------
    >>> load_criteria("peacetime-pilots", settings=["shortlist.size=5"]).shortlist
    5
    """
    changed, shelf = given.words(settings, "settings", SETTING), sources.shelf(given.folder(data))
    ref = given.criteria(criteria, changed)
    return ref if isinstance(ref, Criteria) else run.criteria_of(ref, shelf, changed)


@given.by_name()
def load_panel(
    criteria: str | Path | Criteria = "peacetime-pilots",
    *,
    data: str | Path | None = None,
    as_known: bool = False,
    vintages: Sequence[str] = (),
) -> Panel:
    """The figures a set of criteria asks for, every year that is held of them.

    Parameters
    ----------
    criteria, data, as_known, vintages
        As in `screen`.

    Returns
    -------
    Panel
        `panel.values["vdem.polyarchy"]` is year × iso3, native units, NaN where there is no figure.

    Raises
    ------
    EligibilityError
        InputError for wrong criteria, and for figures nobody holds without which no country could be considered;
        IntegrityError for a file that is not the one its checksum is of.

    Examples
    --------
    >>> criteria = load_criteria("peacetime-pilots")
    >>> panel = load_panel(criteria)
    >>> bool(panel.values["vdem.polyarchy"].loc[2015, "TUN"] > 0.5)
    True
    >>> rounds = [screen(criteria, f"{year}-07-01", panel=panel, draws=50) for year in (2015, 2016)]
    >>> [one.as_of.year for one in rounds]
    [2015, 2016]
    """
    return run.ready(given.criteria(criteria), (), given.folder(data), given.reading(as_known, vintages))[1]


@given.by_name()
def write_report(
    result: judged.Result,
    out: str | Path = "out",
    *,
    countries: Sequence[str] = (),
    pdf: bool = False,
    replace: bool = False,
) -> report.Written:
    """A run on disk: briefing, a page a country, audit, tables and result.json, sealed by a manifest.

    It says what moved since the same criteria one year before; `eligibility report --since --also` compares with
    others.

    Parameters
    ----------
    result : Result
        What `screen` returned.
    out : str or pathlib.Path
        The folder that holds runs; this one is CRITERIA-DATE in it.
    countries : sequence of str
        Whose pages are wanted, as in `Result.country`; all by default.
    pdf : bool
        Also print each page to PDF; needs Chromium or Chrome.
    replace : bool
        Let another run of that name give way, whole; the same run may be written again without it.

    Returns
    -------
    eligibility.present.report.Written
        `path` of the run, `briefing`, the number of country `pages`.

    Raises
    ------
    InputError
        For a country that is not in the pool, a folder that cannot be written to, and one where another run stands;
        nothing is written then.

    Examples
    --------
    >>> write_report(screen(draws=50), countries="TUN")
    Traceback (most recent call last):
        ...
    eligibility.errors.UsageError: countries: argument: must be a sequence of words (got TUN); write ["TUN"]
    """
    from eligibility.present import report  # brings templates and workbooks, which a screening does without

    given.kind(result, "result", judged.Result, "what screen returned")
    wanted = tuple(named(word, "countries") for word in given.words(countries, "countries", "TUN"))
    folder, printed, anew = given.path(out, "out"), given.truth(pdf, "pdf"), given.truth(replace, "replace")
    return report.write(result, folder, wanted, printed, replace=anew)
