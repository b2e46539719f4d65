"use strict";
/* Verdicts, scores and ranks of all countries for one set of numbers. No DOM, no state: data in, arrays out.
 *
 * The model is made by eligibility/workbench/payload.py; every operation here is one of eligibility/method, in the same
 * order, so that the two agree after rounding to 12 decimals. A test holds them to it in a real browser.
 *
 *   Scorer.judged(model, values, measures)   values: one a parameter; measures: from Scorer.measures(model) or draws
 */
const Scorer = (() => {
  const DROPPED = -1, FAIL = 0, UNKNOWN = 1, CONDITIONAL = 2, PASS = 3;
  // what stands before another takes precedence over it; who is admitted comes last
  const STATUS = ["excluded", "on-hold", "insufficient-data", "qualified", "conditional", "eligible"];
  const [EXCLUDED, HELD, OPEN, QUALIFIED, ADMITTED, ELIGIBLE] = STATUS.keys();
  const WHOLE = 2 ** 52, TINY = 2.2250738585072014e-308;

  /** The nearest whole number, a half to the even one. */
  const rint = x => (!(Math.abs(x) < WHOLE) ? x : x < 0 ? -(WHOLE - x - WHOLE) : x + WHOLE - WHOLE);
  const round12 = x => rint(x * 1e12) / 1e12;
  const floats = (values, missing = NaN) => Float64Array.from(values, x => (x === null ? missing : x));

  // Measures: values of indicators now, and before now, by country

  /** The published values. `now` by indicator, `before` by position of the quantity. */
  function measures(model) {
    const now = {};
    for (const id of Object.keys(model.indicators)) now[id] = floats(model.indicators[id].now);
    return having(now, model.quantities.map(q => q.before && floats(q.before)));
  }

  /** Measures of these values; what follows from them alone is kept, so that a moved weight asks for little. */
  const having = (now, before) => ({ now, before, kept: new Map() });

  /** What was made of measures before in this place from the same numbers, or what is made now. */
  function once(measures, place, numbers, make) {
    const held = measures.kept.get(place);
    if (held && held.numbers === numbers) return held.made;
    const made = make();
    measures.kept.set(place, { numbers, made });
    return made;
  }

  /** What is divided by, under error: nothing is left to divide by in no draw, for what is missing is missing in all. */
  const atLeast = x => Math.max(x, 1e-9);

  function measured(quantity, now, before) {
    if (quantity.measure === "level") return now;
    if (quantity.measure === "within_months") return before;
    if (quantity.measure === "change_over") return now.map((x, c) => round12(x - before[c]));
    if (quantity.measure === "relative_change_over") return now.map((x, c) => round12(x / atLeast(before[c]) - 1));
    if (quantity.measure === "gap_closed_over") {
      const [to, sign] = [quantity.to, quantity.falling ? -1 : 1];
      return now.map((x, c) => round12((sign * (x - before[c])) / atLeast(sign * (to - before[c]))));
    }
    const peak = now.map((x, c) => (Number.isNaN(x) ? NaN : Math.max(x, before[c])));
    return quantity.measure === "peak_over" ? peak : now.map((x, c) => round12(x - peak[c]));
  }

  /** The known values, ascending. */
  function sorted(x) {
    const out = new Float64Array(x.length);
    let n = 0;
    for (let i = 0; i < x.length; i++) if (!Number.isNaN(x[i])) out[n++] = x[i];
    return out.subarray(0, n).sort();
  }

  /** How many of an ascending array lie below a value, or do not lie above it. */
  function before(ascending, value, equals) {
    let low = 0, high = ascending.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ascending[middle] < value || (equals && ascending[middle] === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The q-quantile of the known values, linear between order statistics; only what lies between two is rounded. */
  function quantile(x, q) {
    const known = sorted(x), n = known.length;
    if (n === 0) return NaN;
    const h = Number(((n - 1) * q).toFixed(9)), k = Math.floor(h), g = h - k;
    const low = known[k], high = known[Math.min(k + 1, n - 1)];
    return g === 0 || low === high ? low : round12(low + g * (high - low));
  }

  // Rules

  const ABSENT = { unknown: UNKNOWN, fail: FAIL, drop: DROPPED };

  /** Judges gates on measures. */
  class Judge {
    constructor(model, values, given) {
      Object.assign(this, { model, values, given, n: model.countries.length });
    }

    of(at) {
      const quantity = this.model.quantities[at], { now, before } = this.given;
      return once(this.given, at, "", () => measured(quantity, now[quantity.indicator], before[at]));
    }

    absent(at) {
      return this.model.indicators[this.model.quantities[at].indicator].absent;
    }

    column(make) {
      const out = new Float64Array(this.n);
      for (let c = 0; c < this.n; c++) out[c] = make(c);
      return out;
    }

    gate(gate) {
      const verdict = this.node(gate.rule), { peers } = this.model, out = new Float64Array(this.n);
      for (let c = 0; c < this.n; c++) {
        out[c] = verdict[c] === DROPPED ? UNKNOWN : verdict[c];
        if (gate.group !== null) out[c] = Math.min(out[c], peers[c] === gate.group ? PASS : peers[c] < 0 ? UNKNOWN : FAIL);
      }
      return out;
    }

    node(node) {
      const verdict = this[node.type](node);
      return node.conditional ? verdict.map(v => Math.min(v, CONDITIONAL)) : verdict;
    }

    named(node) {
      return this.column(c => (node.listed[c] ? PASS : FAIL));
    }

    test(test) {
      const x = this.of(test.quantity), { n } = this, out = new Float64Array(n);
      const absent = this.absent(test.quantity) && !test.told ? UNKNOWN : ABSENT[test.missing];
      if (test.operator === "in") {
        for (let c = 0; c < n; c++) out[c] = Number.isNaN(x[c]) ? absent : test.classes.includes(x[c]) ? PASS : FAIL;
        return out;
      }
      const needs = this.threshold(test.threshold), { up, equal } = test;
      for (let c = 0; c < n; c++) {
        const value = x[c], need = needs[c];
        out[c] = Number.isNaN(value + need) ? absent : (value === need ? equal : up ? value > need : value < need) ? PASS : FAIL;
      }
      return out;
    }

    /** The number to compare with, for each country. */
    threshold(threshold) {
      if (threshold.type === "number") return new Float64Array(this.n).fill(this.values[threshold.at]);
      if (threshold.type === "none") return new Float64Array(this.n).fill(NaN);
      if (threshold.type === "quantile") return this.quantiles(threshold);
      const pick = threshold.type === "min_of" ? Math.min : Math.max;
      return threshold.of.map(part => this.threshold(part)).reduce((a, b) => a.map((v, c) => pick(v, b[c])));
    }

    quantiles({ of, among, at }) {
      const q = this.values[at], { peers, groups } = this.model;
      return once(this.given, `quantile ${at}`, q, () => {
        const x = this.of(of);
        if (among === "pool") return new Float64Array(this.n).fill(quantile(x, q));
        const own = groups.map((_, group) => quantile(x.filter((_, c) => peers[c] === group), q));
        return this.column(c => (peers[c] < 0 ? NaN : own[peers[c]]));
      });
    }

    group(group) {
      const parts = group.of.map(child => this.node(child));
      const n = group.join === "at_least" ? this.values[group.n] : 0;
      return joined(group.join, n, parts, this.n);
    }

    points(points) {
      const needed = round12(this.values[points.share]), least = this.values[points.least];
      const enough = share => share.map(s => (s >= needed ? PASS : FAIL));
      const [share, count] = this.share(points, NaN);
      let verdict = enough(share);
      if (points.metrics.some(metric => this.unheld(metric))) { // judged only where no points and all come to the same
        const [none, all] = [0, 1].map(fill => enough(this.share(points, fill)[0]));
        verdict = none.map((v, c) => (v === all[c] ? v : UNKNOWN));
      }
      return verdict.map((v, c) => (count[c] < least ? UNKNOWN : v));
    }

    share(points, fill) {
      const have = new Float64Array(this.n), worth = new Float64Array(this.n), count = new Float64Array(this.n);
      for (const metric of points.metrics)
        this.pointsOf(metric, fill).forEach((got, c) => {
          if (Number.isNaN(got)) return;
          have[c] += got;
          worth[c] += metric.worth;
          count[c] += 1;
        });
      return [have.map((points, c) => round12(points / (worth[c] > 0 ? worth[c] : NaN))), count];
    }

    unheld(metric) {
      const at = metric.test ? metric.test.quantity : metric.quantity;
      return metric.of.some(part => this.unheld(part)) || (at !== null && this.absent(at));
    }

    pointsOf(metric, fill) {
      if (!metric.of.length && this.unheld(metric)) return this.column(() => fill * metric.worth);
      if (metric.kind === "flag")
        return this.node(metric.test).map(v => (v === UNKNOWN || v === DROPPED ? NaN : v >= CONDITIONAL ? metric.worth : 0));
      if (metric.of.length) {
        const larger = (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b));
        const pick = metric.kind === "sum" ? (a, b) => a + b : larger; // a sum needs every part, a maximum any
        return metric.of.map(part => this.pointsOf(part, fill)).reduce((a, b) => a.map((v, c) => pick(v, b[c])));
      }
      const bands = metric.kind === "bands", holds = bands ? (x, edge) => x > (edge ?? -Infinity) : (x, number) => x === number;
      return this.of(metric.quantity).map(x => (metric.steps.find(([edge]) => holds(x, edge)) ?? [0, NaN])[1]);
    }
  }

  /** The verdicts of a group from those of its parts; dropped parts do not count. */
  function joined(join, least, parts, n) {
    const out = new Float64Array(n), reached = [0, 0, 0, 0];
    for (let c = 0; c < n; c++) {
      let worst = PASS, best = DROPPED;
      if (join === "at_least") reached.fill(0);
      for (let i = 0; i < parts.length; i++) {
        const v = parts[i][c];
        if (v > best) best = v;
        if (v !== DROPPED && v < worst) worst = v;
        if (join === "at_least") for (let word = UNKNOWN; word <= v; word++) reached[word] += 1;
      }
      if (best === DROPPED) out[c] = DROPPED;
      else if (join === "all") out[c] = worst;
      else if (join === "any") out[c] = best;
      else if (join === "none") out[c] = best === UNKNOWN ? UNKNOWN : best === FAIL ? PASS : FAIL;
      else out[c] = (reached[UNKNOWN] >= least) + (reached[CONDITIONAL] >= least) + (reached[PASS] >= least); // the n-th largest
    }
    return out;
  }

  // Scales: native units to 0..1

  const clip = x => (Number.isNaN(x) ? NaN : Math.min(Math.max(x, 0), 1));
  const known = x => x.filter(value => !Number.isNaN(value));
  const mean = x => x.reduce((a, b) => a + b, 0) / x.length;

  function goalposts(x, low, high, log) {
    if (!log) return x.map(v => clip((v - low) / (high - low)));
    const [from, to] = [Math.log(low), Math.log(high)];
    return x.map(v => clip((Math.log(Math.max(v, TINY)) - from) / (to - from)));
  }

  function piecewise(x, points) {
    const last = points.length - 1;
    return x.map(v => {
      if (Number.isNaN(v)) return NaN;
      if (v <= points[0][0]) return points[0][1];
      if (v >= points[last][0]) return points[last][1];
      const at = points.findIndex(([edge]) => edge > v) - 1, [x0, y0] = points[at], [x1, y1] = points[at + 1];
      return v === x0 ? y0 : ((y1 - y0) / (x1 - x0)) * (v - x0) + y0;
    });
  }

  const RELATIVE = {
    percentile(x) {
      const all = sorted(x), n = all.length;
      if (n < 2) return x.map(v => (Number.isNaN(v) ? NaN : 0.5));
      return x.map(v => {
        if (Number.isNaN(v)) return NaN;
        const below = before(all, v, false), above = before(all, v, true);
        return (below + (above - below - 1) / 2) / (n - 1);
      });
    },
    minmax(x) {
      const all = known(x), low = Math.min(...all), high = Math.max(...all);
      return x.map(v => (high > low || Number.isNaN(v) ? (v - low) / (high - low) : 0.5));
    },
    z(x) {
      const all = known(x), middle = mean(all), sd = Math.sqrt(mean(all.map(v => (v - middle) * (v - middle))));
      const differ = Math.max(...all) > Math.min(...all);
      return x.map(v => clip(((Number.isNaN(v) ? NaN : differ ? (v - middle) / sd : 0) + 3) / 6));
    },
  };

  /** The values of a component on its scale, 1 always better. */
  function normalised(x, part, values, model) {
    const kind = values[part.scale.kind];
    if (kind === "piecewise") return piecewise(x, part.scale.points);
    const turned = y => (part.better === "low" ? y.map(v => 1 - v) : y);
    if (kind === "goalposts")
      return turned(goalposts(x, values[part.scale.low], values[part.scale.high], part.scale.log));
    const [name, among] = kind.split(" "), scale = x => (known(x).length ? RELATIVE[name](x) : x);
    if (among === "pool") return turned(scale(x));
    const out = new Float64Array(x.length).fill(NaN);
    model.groups.forEach((_, group) => {
      const mine = model.peers.flatMap((own, c) => (own === group ? [c] : []));
      scale(Float64Array.from(mine, c => x[c])).forEach((y, i) => { out[mine[i]] = y; });
    });
    return turned(out);
  }

  // Score

  const powerOf = value => (value === "minimum" ? -Infinity : value);

  /** Weighted power mean of parts, by country; a part counts for nobody for whom its weight is 0. */
  function powerMean(parts, weights, power) {
    const n = parts[0].length, least = power === -Infinity, geometric = Math.abs(power) < 1e-12;
    const near = !geometric && Math.abs(power) < 0.01, out = new Float64Array(n);
    const raised = least || geometric || near || power === 1 ? null : power;
    for (let c = 0; c < n; c++) {
      let total = 0, sum = least ? Infinity : 0;
      for (let i = 0; i < parts.length; i++) {
        const w = weights[i][c], x = w > 0 ? parts[i][c] : least ? Infinity : 1;
        total += w;
        if (least) sum = Math.min(sum, x);
        else if (geometric) sum += w * Math.log(x);
        else if (near) sum += w * Math.expm1(power * Math.log(x));
        else sum += w * (raised === null ? x : Math.pow(x, raised));
      }
      if (!(total > 0)) out[c] = NaN;
      else if (least) out[c] = sum;
      else if (geometric) out[c] = Math.exp(sum / total);
      else if (near) out[c] = Math.exp(Math.log1p(sum / total) / power);
      else out[c] = raised === null ? sum / total : Math.pow(sum / total, 1 / raised);
    }
    return out;
  }

  /** The score of every country, rounded to 12 decimals, and its pillars; NaN below the coverage rule. */
  function scored(model, values, judge) {
    const { score } = model, floor = values[score.floor], enough = values[score.coverage] - 1e-12, n = judge.n;
    const all = w => new Float64Array(n).fill(w);
    const pillars = score.pillars.map(pillar => {
      const parts = pillar.parts.map(part => {
        const numbers = [part.scale.kind, part.scale.low, part.scale.high].map(at => values[at]).concat(floor).join();
        return once(judge.given, `scale ${part.scale.kind}`, numbers, () => {
          const y = normalised(judge.of(part.quantity), part, values, model);
          return floor ? y.map(v => floor + (1 - floor) * v) : y;
        });
      });
      const weights = pillar.parts.map((part, i) => parts[i].map(y => (Number.isNaN(y) ? 0 : values[part.weight])));
      const whole = pillar.parts.reduce((sum, part) => sum + values[part.weight], 0);
      const mean = powerMean(parts, weights, powerOf(values[pillar.power]));
      return mean.map((m, c) => (weights.reduce((sum, w) => sum + w[c], 0) / whole >= enough ? m : NaN));
    });
    const weights = score.pillars.map(pillar => all(values[pillar.weight]));
    return { pillars, score: powerMean(pillars, weights, powerOf(values[score.power])).map(round12) };
  }

  /** How much of a country's score each pillar brings; the parts sum to it (score.contributions). */
  function contributions(x, weights, power, whole) {
    const counts = x.map((v, i) => !Number.isNaN(v) && weights[i] > 0);
    const total = weights.reduce((sum, w, i) => sum + (counts[i] ? w : 0), 0);
    if (power === -Infinity) {
      const least = Math.min(...x.filter((_, i) => counts[i])), ties = x.filter((v, i) => counts[i] && v === least).length;
      return x.map((v, i) => (counts[i] && v === least ? whole / ties : 0));
    }
    const tiny = Math.pow(TINY, 1 / Math.max(1, -power));
    const lost = x.map((v, i) => {
      if (!counts[i]) return 0;
      return power === 0 ? -Math.log(Math.max(v, tiny)) : 1 - Math.pow(Math.max(v, tiny), power);
    });
    const w = weights.map((weight, i) => (counts[i] ? weight : 0) / total);
    const all = lost.reduce((sum, l, i) => sum + w[i] * l, 0);
    return w.map((own, i) => own - (all === 0 ? 0 : (own * lost[i]) / all) * (1 - whole));
  }

  // Result

  /** 1 + how many ranked countries score higher; 0 where not ranked. */
  function ranks(score, ranked) {
    const order = [];
    score.forEach((s, c) => { if (ranked[c] && !Number.isNaN(s)) order.push(c); });
    order.sort((a, b) => score[b] - score[a] || a - b);
    const out = new Int32Array(score.length);
    order.forEach((c, i) => { out[c] = i && score[c] === score[order[i - 1]] ? out[order[i - 1]] : i + 1; });
    return out;
  }

  /** Everything about every country: verdicts of gates and tracks, status (by STATUS), score, rank and the one apart (0 for none). */
  function judged(model, values, given) {
    const judge = new Judge(model, values, given);
    const gates = model.gates.map(gate => judge.gate(gate)), tracks = model.tracks.map(gate => judge.gate(gate));
    const nothing = new Float64Array(judge.n).fill(NaN);
    const { score, pillars } = model.score ? scored(model, values, judge) : { score: nothing, pillars: [] };
    const best = kinds => (kinds.length ? [kinds.reduce((a, b) => a.map((v, c) => Math.max(v, b[c])))] : []);
    const every = verdicts => (verdicts.length
      ? verdicts.reduce((a, b) => a.map((v, c) => Math.min(v, b[c])))
      : score.map(s => (Number.isNaN(s) ? UNKNOWN : PASS)));
    const fits = best(tracks), whole = every([...gates, ...fits]), own = tracks.filter((_, i) => model.tracks[i].ideal);
    const ideal = own.length === tracks.length ? whole : own.length ? every([...gates, ...best(own)]) : whole.map(() => FAIL);
    const status = whole.map((v, c) => {
      if (v === FAIL) return EXCLUDED;
      if (model.held && model.held[c]) return HELD;
      if (v === UNKNOWN) return OPEN;
      return ideal[c] === PASS ? ELIGIBLE : ideal[c] === CONDITIONAL ? ADMITTED : QUALIFIED;
    });
    const rank = ranks(score, status.map(s => s >= ADMITTED)), apart = ranks(score, status.map(s => s === QUALIFIED));
    return { gates, tracks, fits: fits[0] ?? null, status, score, pillars, rank, apart };
  }

  /** What each pillar brings to a country's score, in file order; empty without a score. */
  function shares(model, values, result, c) {
    if (!model.score || Number.isNaN(result.score[c])) return [];
    const weights = model.score.pillars.map(pillar => values[pillar.weight]);
    return contributions(result.pillars.map(p => p[c]), weights, powerOf(values[model.score.power]), result.score[c]);
  }

  return { judged, measures, having, shares, powerOf, STATUS, OPEN, QUALIFIED, ADMITTED, HELD, UNKNOWN, CONDITIONAL, PASS, FAIL };
})();
