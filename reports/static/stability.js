"use strict";
/* How often each country stays on the shortlist when the figures are drawn again with their measurement errors.
 *
 * The draws were made by the engine and travel with the page; each is judged by the same scorer as the published
 * figures. The work is done a few milliseconds at a time, and dropped when the settings move on. No DOM.
 */
const Stability = (() => {
  const SLICE = 8; // milliseconds before the page gets its turn
  const STEPS = 255;

  function unpacked(stored) {
    if (!stored) return null;
    const text = atob(stored.steps), steps = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) steps[i] = text.charCodeAt(i);
    return { ...stored, steps };
  }

  /** Something that gives the measures of the d-th draw. */
  function sampler(model, stored) {
    const published = Scorer.measures(model), now = {};
    for (const id of Object.keys(published.now)) now[id] = unpacked(stored.now[id]);
    const before = stored.before.map(unpacked);
    const drawn = (values, packed, d) => {
      if (!packed || !values) return values;
      const out = values.slice(), { who, low, width, steps } = packed, n = who.length;
      for (let i = 0; i < n; i++) out[who[i]] = low[i] + (steps[d * n + i] / STEPS) * width[i];
      return out;
    };
    const sample = d => Scorer.having(
      Object.fromEntries(Object.entries(published.now).map(([id, values]) => [id, drawn(values, now[id], d)])),
      published.before.map((values, at) => drawn(values, before[at], d)),
    );
    const kept = [];
    return d => (kept[d] ??= sample(d));
  }

  /** Shares of the draws in which each country is on the shortlist, given to `done`; returns how to stop it. */
  function count(model, values, sample, draws, done) {
    const inside = new Float64Array(model.countries.length), size = values[model.shortlist];
    let d = 0, timer = 0;
    function some() {
      const until = performance.now() + SLICE;
      do {
        Scorer.judged(model, values, sample(d)).rank.forEach((rank, c) => { if (rank && rank <= size) inside[c] += 1; });
        d += 1;
      } while (d < draws && performance.now() < until);
      if (d < draws) timer = setTimeout(some);
      else done(inside.map(times => times / draws));
    }
    timer = setTimeout(some);
    return () => clearTimeout(timer);
  }

  return { sampler, count };
})();
