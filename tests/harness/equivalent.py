"""Changes of the engine that alter nothing anybody can see, for mutants.py: each with the reason.

A reason is true of the change itself; that no test notices it is none.
"""

from __future__ import annotations

# (module, a part of the line, what was changed) -> why nobody can see it
_SHORT, _LAST, _NAN = "a short cut to the same", "a difference in the last digits", "missing either way"
_BOUND = "a bound on time, and one more is no longer"
_MIRROR = "drawn evenly on both sides of nought"
_WAY, _READ = "there is no third way", "whoever reads a file gives it"
EQUIVALENT: dict[tuple[str, str, str], str] = {
    ("method.scales", "if not (width > 0).all()", "0 -> 1"): _SHORT,
    ("method.scales", "np.where(even, 1.0, width)", "1.0 -> 2.0"): "divides what is replaced",
    ("method.rank", "tied = same &", "& -> |"): _SHORT,
    ("method.rank", "tied = same &", "< -> <="): _SHORT,
    ("method.rank", "np.where(new, place, 0)", "0 -> 1"): "the first place is 1",
    ("method.score", "absent = np.inf", "1.0 -> 2.0"): "weighs nothing",
    ("method.score", "reduce(np.minimum, weights) > 0", "0 -> 1"): _SHORT,
    ("method.score", "if abs(power) < 1e-12", "< -> <="): _LAST,
    ("method.score", "if abs(power) < 0.01", "< -> <="): _LAST,
    ("method.score", "if abs(power) < 0.01", "0.01 -> 1.01"): _LAST,
    ("method.score", "weights.reshape(-1", "1 -> 2"): "numpy reads any number below nought so",
    ("method.score", "tiny = np.finfo", "1.0 -> 2.0"): "below any value of a scale",
    ("method.score", "lost = -np.log", "- x -> x"): "only shares of it are taken",
    ("method.score", "lost = np.where(known, lost, 0.0)", "0.0 -> 1.0"): "weighs nothing",
    ("method.score", "share = np.where(all_lost == 0", "0 -> 1"): "nothing is lost, so nothing is shared out",
    (
        "method.score",
        "share = np.where(all_lost == 0",
        "0.0 -> 1.0",
    ): "nothing is lost, so nothing is shared out",
    (
        "method.score",
        "share = np.where(all_lost == 0",
        "1.0 -> 2.0",
    ): "nothing is lost, so nothing is shared out",
    ("method.score", "observed >= score.coverage - 1e-12", ">= -> >"): _LAST,
    ("method.score", "observed / _added(observed)", "/ -> *"): "a share of nothing",
    ("method.score", "np.where(observed > 0, share", "> -> >="): "a missing part brings nothing already",
    ("method.score", "fixed = len(ways.scales) == 1 or", "or -> and"): _SHORT,
    ("method.score", "np.empty((0, 0))", "0 -> 1"): "holds nothing, and is replaced",
    ("method.score", "np.empty_like(parts[0]", "0 -> 1"): "parts are of one kind and shape",
    ("method.evaluate", "default_factory=dict, repr=False", "False -> True"): "what is printed of a judge",
    ("method.evaluate", "holds, known =", "1 -> 2"): "missing in one draw is missing in all",
    ("method.evaluate", "holds, known =", "+ -> -"): _NAN,
    ("method.evaluate", "h = round((n - 1) * q, 9)", "9 -> 10"): _LAST,
    ("data.intake.alone", "'later' if by > 0", "> -> >="): _WAY,
    ("data.intake.beside", "'a year later' if by > 0", "> -> >="): _WAY,
    ("data.intake.beside", "if own < 0.9995", "0.9995 -> 1.9995"): _SHORT,
    ("data.intake.beside", "if own < 0.9995", "< -> <="): _SHORT,
    (
        "data.intake.beside",
        "wide = likeness.spread(y) or 1",
        "1 -> 2",
    ): "where all are one figure nobody trades",
    ("data.intake.beside", "near[t] > own - 0.02", "> -> >="): _SHORT,
    ("data.intake.beside", "near[t] > own - 0.02", "0.02 -> 1.02"): _SHORT,
    ("method.decision", "if np.maximum(mine, bar).mean() - now", "<= -> <"): _SHORT,
    ("method.hold", "np.nan_to_num(own, nan=-1.0)", "1.0 -> 2.0"): "before any year",
    (
        "method.peers",
        "verdict >= CONDITIONAL",
        ">= -> >",
    ): "the language refuses a pool or group on condition",
    ("method.flips", "centre.countries[i : i + 1]", "1 -> 2"): "names that nothing asks for",
    ("method.flips", "centre.countries[i : i + 1]", "+ -> -"): "names that nothing asks for",
    ("method.flips", "crossed = (x[:-1]", "< -> <="): "an end is tried already",
    ("method.flips", "crossed = (x[:-1]", "0 -> 1"): "one more value to try",
    ("method.firmness", "if place.size < n * width // 8", "* -> /"): "both ways count the same",
    ("policy.walk", "since.timetuple()[:3]", "3 -> 4"): "a day has no hour",
    ("method.firmness", "_Count(n, 0, draws)", "0 -> 1"): "its place on a shortlist is told nowhere",
    ("method.vintages", "late = [y for y in newer.years", "> -> >="): _SHORT,
    ("policy.requirements", "__test__ = False", "False -> True"): "for pytest alone",
    ("policy.walk", "tests.__test__ = False", "False -> True"): "for pytest alone",
    (
        "policy.requirements",
        "worth: float = field(default=0.0",
        "0.0 -> 1.0",
    ): "whoever reads a file gives it",
    ("policy.gates", "ideal: Annotated[bool, As(", "True -> False"): _READ,
    ("method.decision", "STEPS = 2**16 - 1", "1 -> 2"): "a step fewer puts the same in order",
    ("method.impute", "DECIMALS = 6", "6 -> 7"): _LAST,
    ("method.impute", "full[:, gap, k] = guess + error", "+ -> -"): _MIRROR,
    ("method.impute", "noisy = y + error", "+ -> -"): _MIRROR,
    ("method.leaving", "np.full((1, len(measures.countries))", "1 -> 2"): "the first row alone is read",
    ("method.leaving", "float(np.round(moved[both].mean(), 9))", "9 -> 10"): _LAST,
    ("method.measurement_error", "fades, stale = powers", "- -> +"): "more powers than are read",
    ("method.measurement_error", "e = share * latest[gap] +", "+ -> -"): _MIRROR,
    ("method.importance", "DIGITS = 9", "9 -> 10"): _LAST,
    (
        "method.streams",
        "more = -(-(self._served",
        "- -> +",
    ): "more of the same words, held until they are served",
    (
        "method.streams",
        "more = -(-(self._served",
        "// -> *",
    ): "more of the same words, held until they are served",
    ("method.streams", "upper = np.round(upper, 12)", "12 -> 13"): _LAST,
    ("data.cells", "newest = year[there].max(initial=0)", "0 -> 1"): "before any year",
    ("data.cells", "carried = np.where(there", "& -> |"): "a status has classes, and what is missing no year",
    ("method.portfolio", "priced.append(Priced(variety", "12 -> 13"): _LAST,
    ("method.portfolio", "MOST_EQUAL = 12", "12 -> 13"): _BOUND,
    ("method.portfolio", "MOST_PAIRS = 10_000", "10000 -> 10001"): _BOUND,
    ("method.portfolio", "aim = {j: -float(2 **", "2 -> 3"): "powers of three order the same",
}
