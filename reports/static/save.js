"use strict";
/* What leaves the page: the criteria file with only the changed numbers changed, and the ranking as CSV. */
const Save = (() => {
  /** The YAML with these values: every other character as it was read. */
  function yaml(model, file, values) {
    const { parameters } = model, changed = new Set(State.changed(model, values));
    if (floorNeeded(model, values)) changed.add(model.score.floor);
    const cuts = new Set([...changed].map(at => parameters[at].edit.with).filter(name => name in file.cuts));
    parameters.forEach((p, at) => { if (p.edit && cuts.has(p.edit.with)) changed.add(at); }); // equal no more: all say theirs
    const pieces = [...changed].map(at => [...place(parameters[at], values[at]), written(parameters[at], values[at])]);
    for (const name of cuts) pieces.push([...file.cuts[name].at, ""]);
    if (meanMissing(model, values)) pieces.push([file.means.at, file.means.at, mean(values[model.score.power]) + file.means.after]);
    pieces.sort((a, b) => b[0] - a[0] || b[1] - a[1]);
    return pieces.reduce((text, [start, end, said]) => text.slice(0, start) + said + text.slice(end), file.text);
  }

  /** The language asks for a floor with any mean of power 0 or less; one that is not said is 0. */
  function floorNeeded(model, values) {
    if (!model.score || !model.parameters[model.score.floor].edit?.before) return false;
    const powers = [model.score.power, ...model.score.pillars.map(pillar => pillar.power)];
    return powers.some(at => Scorer.powerOf(values[at]) <= 0);
  }

  /** The means that the file leaves open must hold the score's own. */
  const meanMissing = (model, values) => model.open.length > 0 && !model.open.includes(values[model.score.power]);

  /** A mean as the language writes it. */
  const mean = value => State.WORDS[value] ?? `{power: ${value}}`;

  const asNumber = (edit, value) => edit.write === "power" && edit.number && value !== "minimum";
  const place = ({ edit }, value) => (asNumber(edit, value) ? edit.number : edit.at);

  /** What is written in the place of a value. */
  function written({ edit }, value) {
    const said = {
      number: () => String(value),
      quantile: () => (value === 0.5 ? "median" : `quantile ${value}`),
      percentile: () => `percentile ${Number((value * 100).toFixed(4))}`,
      scale: () => `{${value.replace(" ", ": ")}}`,
      power: () => (asNumber(edit, value) ? String(value) : mean(value)),
    }[edit.write]();
    return (edit.before ?? "") + said + (edit.after ?? "");
  }

  /** Rows of text and numbers as CSV; text no spreadsheet will run. */
  function csv(rows) {
    const cell = value => {
      const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? "");
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    return rows.map(row => row.map(cell).join(",") + "\n").join("");
  }

  return { yaml, csv, floorNeeded, meanMissing };
})();
