"use strict";
/* Settings: one value a parameter and a what-if. How they are checked, and how a link says them. No DOM.
 *
 *   #of=<file and date>&score.pillars.democracy.weight=2&what-if=TUN:vdem.polyarchy:0.7&end=2.5f3a09c1
 *
 * A link names only what differs from the file. It ends in how many settings it says and a checksum: one that was cut or
 * changed on its way is not read as other numbers.
 */
const State = (() => {
  const WORDS = { 1: "arithmetic", 0: "geometric", "-1": "harmonic", minimum: "minimum" };

  const saved = model => ({ values: model.parameters.map(p => p.value), whatIf: null });

  /** Positions of the parameters that say nothing with these values: goalposts of a scale that has none. */
  function idle(model, values) {
    const scales = model.score ? model.score.pillars.flatMap(pillar => pillar.parts.map(part => part.scale)) : [];
    const without = scales.filter(scale => scale.low !== undefined && values[scale.kind] !== "goalposts");
    return new Set(without.flatMap(({ low, high }) => [low, high]));
  }

  /** Positions of the parameters that say something else than the file. */
  function changed(model, values) {
    const silent = idle(model, values);
    return model.parameters.flatMap((p, at) => (values[at] === p.value || silent.has(at) ? [] : [at]));
  }

  /** A number as its kind of parameter can be written: quantiles to six decimals, shares of a hundred as such. */
  function tidy(parameter, value) {
    if (parameter.kind !== "quantile" || typeof value !== "number") return value;
    if (parameter.edit && parameter.edit.write === "percentile") return Number((value * 100).toFixed(4)) / 100;
    return Number(value.toFixed(6));
  }

  /** What is wrong with a value by itself, "" if nothing. */
  function fault(parameter, value) {
    if (parameter.kind === "scale") return parameter.options.includes(value) ? "" : "is not one of the scales";
    if (parameter.kind === "power" && value === "minimum") return "";
    if (typeof value !== "number" || !Number.isFinite(value)) return "must be a number";
    if (parameter.kind === "count" && !Number.isInteger(value)) return "must be a whole number";
    if (parameter.classes && !parameter.classes.includes(value)) return "must be one of the classes";
    const { low, high } = parameter;
    if ((low !== null && value < low) || (high !== null && value > high))
      return high === null ? `must be ${low} or more` : low === null ? `must be ${high} or less` : `must be from ${low} to ${high}`;
    return "";
  }

  /** Positions of parameters that do not go together, each with what is wrong. */
  function conflicts(model, values) {
    const found = [];
    if (!model.score) return found;
    const weightless = (items, what) => {
      if (items.every(item => values[item.weight] === 0))
        found.push([items.map(item => item.weight), `at least one ${what} must weigh more than zero`]);
    };
    weightless(model.score.pillars, "part");
    const { floor, power } = model.score, means = model.open.length ? [...model.open, values[power]] : [];
    if (values[floor] === 0 && means.some(mean => Scorer.powerOf(mean) <= 0))
      found.push([[floor, power], "does not go with a floor of 0, for the file leaves means of power 0 or less open"]);
    for (const pillar of model.score.pillars) {
      weightless(pillar.parts, "figure");
      for (const { scale } of pillar.parts) {
        if (scale.low === undefined || values[scale.kind] !== "goalposts") continue;
        const both = [scale.low, scale.high], [low, high] = both.map(at => values[at]);
        if (!(low < high)) found.push([both, "the low goalpost must lie below the high one"]);
        else if (scale.log && !(low > 0)) found.push([both, "a goalpost on a log scale must be above zero"]);
      }
    }
    return found;
  }

  /** What is wrong with setting one value, "" if nothing. */
  function refusal(model, values, at, value) {
    const alone = fault(model.parameters[at], value);
    if (alone) return alone;
    const next = values.slice();
    next[at] = value;
    return (conflicts(model, next).find(([places]) => places.includes(at)) ?? [0, ""])[1];
  }

  // Links

  const text = value => String(value);
  const number = said => (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(said) ? Number(said) : NaN);
  const read = (parameter, said) => (parameter.kind === "scale" || said === "minimum" ? said : tidy(parameter, number(said)));

  /** The hash that says these settings, "" for those of the file. */
  function link(model, file, { values, whatIf }) {
    const said = changed(model, values).map(at => [model.parameters[at].path, text(values[at])]);
    if (whatIf) said.push(["what-if", `${whatIf.country}:${whatIf.indicator}:${text(whatIf.value)}`]);
    if (!said.length) return "";
    const pairs = [["of", file.key], ...said];
    return "#" + [...pairs, ["end", seal(pairs)]].map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
  }

  /** How many settings there are and CRC-32 of what they say. */
  function seal(pairs) {
    let crc = -1;
    for (const byte of new TextEncoder().encode(pairs.map(pair => pair.join("=")).join("&"))) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return `${pairs.length - 1}.${(~crc >>> 0).toString(16).padStart(8, "0")}`;
  }

  const decoded = said => { try { return decodeURIComponent(said); } catch { return said; } };

  /** What mail programs, chats and word processors do to an address, undone. The checksum tells which of it was done. */
  const UNDONE = [
    said => said.replace(/[\s<>"“”|\u00ad\u200b-\u200f\u2060\ufeff]+/g, ""),
    said => said.replace(/=\r?\n/g, "").replace(/=3D/gi, "="),
    said => said.replace(/&(amp|#38|#x26);/gi, "&"),
    said => said.replace(/\\([&=_~#.[\]-])/g, "$1"),
    said => said.replace(/[\u2010-\u2015\u2212]/g, "-"),
    said => said.replace(/\+/g, "%20"),
    decoded,
  ];
  const MOST = 400; // ways of undoing that are tried

  /** The settings of a link as pairs, or null where no way of undoing gives what its end says. */
  function pairsOf(address) {
    if (address.length > 100_000) return null;
    const tried = new Set([address]);
    for (const said of tried) {
      const [, body, end] = /(?:^|#)(of=[^]*?)&end=(\d+\.[0-9a-f]{8})/i.exec(said) ?? [];
      const pairs = body?.split("&").map(pair => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)].map(decoded));
      if (pairs && seal(pairs) === end.toLowerCase()) return pairs;
      for (const undo of UNDONE) if (tried.size < MOST) tried.add(undo(said));
    }
    return null;
  }

  /** Whether an address says that nothing differs from the file. */
  const silent = address => /^[^#]*#?$/.test(address) && !/of(=|%(25)*3D)/i.test(address);

  /** The settings of a link, or of the part after its #; what cannot be used is left as in the file and told.
   *  `foreign` where it was made for another file or date; `broken` where it is not whole, and then nothing of it is used. */
  function opened(model, file, address) {
    let foreign = false;
    const settings = saved(model), problems = [], places = new Map(model.parameters.map((p, at) => [p.path, at]));
    if (silent(address)) return { settings, problems, foreign, broken: false };
    const pairs = pairsOf(address);
    if (!pairs) return { settings, problems, foreign, broken: true };
    for (const [key, said] of pairs) {
      if (key === "of") {
        foreign = said !== file.key;
      } else if (key === "what-if") {
        settings.whatIf = whatIf(model, said);
        if (!settings.whatIf) problems.push("its what-if is about nothing on this page");
      } else if (!places.has(key)) {
        problems.push(`this file has no number “${key.slice(0, 80)}”`);
      } else {
        const at = places.get(key), value = read(model.parameters[at], said), wrong = fault(model.parameters[at], value);
        if (wrong) problems.push(`${key} ${wrong}`);
        else settings.values[at] = value;
      }
    }
    for (const [both, wrong] of conflicts(model, settings.values)) {
      problems.push(wrong);
      for (const at of both) settings.values[at] = model.parameters[at].value;
    }
    return { settings, problems, foreign, broken: false };
  }

  /** What a reader must know of a link that was opened, "" if nothing. */
  function told({ problems, foreign, broken }) {
    if (broken) return "The link is not whole: it was cut or changed on its way. Nothing of it was used; ask for it again.";
    const other = foreign ? "The link was made for another file or date, so its ranking may differ." : "";
    return [other, problems.length ? `Not all of the link could be used: ${problems.join("; ")}.` : ""].filter(Boolean).join(" ");
  }

  function whatIf(model, said) {
    const [country, indicator, value = "", ...more] = said.split(":");
    const known = Object.hasOwn(model.indicators, indicator) && model.countries.includes(country) && !more.length;
    return known && !faultOf(model.indicators[indicator], number(value)) ? { country, indicator, value: number(value) } : null;
  }

  /** What is wrong with a value of an indicator, "" if nothing. */
  function faultOf(indicator, value) {
    const classes = indicator.classes && Object.keys(indicator.classes).map(Number);
    return fault({ kind: "threshold", classes, low: indicator.low, high: indicator.high }, value);
  }

  return { saved, changed, idle, tidy, refusal, conflicts, link, opened, told, silent, faultOf, WORDS };
})();
