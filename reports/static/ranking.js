"use strict";
/* The right side: the ranking as a table, and what is said about it.
 *
 * Rows stand still and take whatever country has their place: nothing is moved in the page, and a text is written
 * only where it differs. That is what keeps a key press under a tenth of a second with 195 countries.
 */
const Ranking = (() => {
  const { el, say, fixed, listed, traced } = Dom;
  const FILLS = 6; // colours of the style sheet; with more pillars they come again, in the order of the legend

  /** How a country does at the gates: a sign and words. */
  function gatesOf(model, result, c) {
    const titles = verdict => model.gates.filter((_, i) => result.gates[i][c] === verdict).map(gate => gate.title);
    const track = result.fits ? result.fits[c] : Scorer.PASS;
    const missed = titles(Scorer.FAIL), kindless = track === Scorer.FAIL ? ["is of none of the kinds looked for"] : [];
    if (missed.length || kindless.length) return ["✗", [...(missed.length ? [`misses: ${missed.join(", ")}`] : []), ...kindless].join("; ")];
    const open = [...titles(Scorer.UNKNOWN), ...(track === Scorer.UNKNOWN ? ["its kind of candidate"] : [])];
    if (open.length) return ["?", `not known: ${open.join(", ")}`];
    if (result.status[c] === Scorer.HELD) return ["‖", "on hold"];
    const on = [...titles(Scorer.CONDITIONAL), ...(track === Scorer.CONDITIONAL ? ["its kind of candidate"] : [])];
    const apart = result.status[c] === Scorer.QUALIFIED ? ["meets the requirements, of no ideal kind"] : [];
    if (on.length || apart.length) return [apart.length ? "○" : "◐", [...apart, ...(on.length ? [`on condition: ${on.join(", ")}`] : [])].join("; ")];
    return ["✓", "meets all"];
  }

  /** Countries in the order they are shown: ranked ones, those admitted without a rank, the rest by name. */
  function ordered(names, result) {
    const key = c => result.rank[c] || (result.status[c] >= Scorer.ADMITTED ? 1e6 : result.apart[c] ? 1e6 + result.apart[c] : 1e7);
    const tie = (a, b) => (result.rank[a] || result.apart[a] ? a - b : names[a].localeCompare(names[b], "en"));
    return names.map((_, c) => c).sort((a, b) => key(a) - key(b) || tie(a, b));
  }

  /** A name as people type it: without accents, apostrophes and hyphens. */
  const folded = name => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  const admitted = (result, c) => result.status[c] >= Scorer.ADMITTED;

  /** A country's move against the base: sign, word for who does not see, amount. */
  function move(model, result, base, c) {
    const [now, then] = model.score ? [result.rank[c], base.rank[c]] : [admitted(result, c), admitted(base, c)];
    if (!now && !then) return ["", "", ""];
    if (!then) return ["+", "", "new"];
    if (!now) return ["−", "", "out"];
    const up = then - now;
    return up > 0 ? ["▲", "up ", String(up)] : up < 0 ? ["▼", "down ", String(-up)] : ["=", "unchanged", ""];
  }

  /** Who is on the shortlist: by rank where there is one, else all who are admitted. */
  function shortlisted(model, values, result) {
    const size = model.shortlist === null ? 0 : values[model.shortlist];
    const inside = c => (size ? result.rank[c] > 0 && result.rank[c] <= size : admitted(result, c));
    return new Set(model.countries.flatMap((_, c) => (inside(c) ? [c] : [])));
  }

  /** What the ranking says, in two sentences. */
  function sentence(model, names, values, result, base) {
    const n = names.length, count = model.countries.filter((_, c) => admitted(result, c)).length;
    const index = !model.gates.length && !model.tracks.length;
    const what = index ? (count === 1 ? "has a score" : "have a score")
      : `${count === 1 ? "qualifies" : "qualify"}`;
    const first = `${count} of ${n} ${what}.`;
    const differ = names.filter((_, c) => result.rank[c] !== base.result.rank[c]).length;
    const moved = differ ? `${differ} ${differ === 1 ? "rank differs" : "ranks differ"}` : "";
    if (index && model.shortlist === null)
      return `${first} ${moved ? `${moved} from ${base.name}.` : `Every rank is that of ${base.name}.`}`;
    const now = shortlisted(model, values, result), then = shortlisted(model, base.values, base.result);
    const list = model.shortlist === null ? "those who qualify" : `the shortlist of ${values[model.shortlist]}`;
    const by = set => [...set].sort((a, b) => result.rank[a] - result.rank[b] || a - b).map(c => names[c]);
    const into = by(new Set([...now].filter(c => !then.has(c)))), out = by(new Set([...then].filter(c => !now.has(c))));
    if (!now.size && !then.size) return `${first} Nobody ${model.shortlist === null ? "qualifies" : "is on the shortlist"}, as in ${base.name}.`;
    if (!into.length && !out.length) return `${first} The same countries as in ${base.name} ${model.shortlist === null ? "qualify" : "are on the shortlist"}${moved && `; ${moved}`}.`;
    if (base.name === "the link")
      return `${first} Against the link, in: ${listed(into) || "nobody"}. Out: ${listed(out) || "nobody"}.`;
    return `${first}${into.length ? ` Into ${list}: ${listed(into)}.` : ""}${out.length ? ` Out: ${listed(out)}.` : ""}`;
  }

  function build(place, model, names, drawn) {
    const pillars = model.score ? model.score.pillars : [], gated = model.gates.length + model.tracks.length > 0;
    const stay = drawn && model.shortlist !== null;
    const columns = [
      ...(model.score ? [["rank", "Rank"]] : []), ["change", "Change"], ["country", "Country"],
      ...(gated ? [["gates", "Requirements"]] : []),
      ...(model.score ? [["score", "Score"], ["parts", "Parts"]] : []), ...(stay ? [["stays", "Stays on shortlist"]] : []),
    ];
    // Whoever looks for a country waits for it: no row is left for later, for nothing else would write it.
    const filter = () => { show(last); finish(); };
    const find = el("input", { type: "search", id: "find", autocomplete: "off", input: filter });
    const only = el("input", { type: "checkbox", id: "only", change: filter });
    const told = el("p", { class: "quiet told", role: "status" });
    place.append(
      el("div", { class: "filters" }, el("label", { for: "find" }, "Find"), find,
        ...(gated ? [el("label", { class: "tick" }, only, " Only countries that qualify")] : [])),
      ...(pillars.length ? [el("ul", { class: "key legend", "aria-label": "The bars are made of" },
        ...pillars.map((pillar, i) => el("li", {}, el("span", { class: `swatch s${i % FILLS}`, "aria-hidden": "true" }), pillar.title)))] : []),
      told,
    );
    const body = el("tbody"), table = el("table", { class: gated ? "ranking gated" : "ranking" },
      el("caption", { class: "hidden" }, `${model.score ? "Ranking" : "Who qualifies"} with these settings, a preview`),
      el("thead", {}, el("tr", {}, ...columns.map(([name, title]) => el("th", { scope: "col", class: name }, title)))), body);
    place.append(el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Ranking" }, table));
    const rows = names.map(() => row());
    const plainly = names.map(folded);
    let last = null, pending = [];
    // Rows in sight are written at once, the others when the hand rests.
    const seen = new Set(), watch = new IntersectionObserver(entries => {
      for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
    }, { rootMargin: "150px" });
    for (const { made } of rows) watch.observe(made);

    function row() {
      const cells = Object.fromEntries(columns.map(([name, title]) => [name,
        name === "country" ? el("th", { scope: "row", class: name }) : el("td", { class: name, "data-label": title })]));
      const sign = el("span", { "aria-hidden": "true" }), word = el("span", { class: "hidden" }), amount = el("span");
      cells.change.append(sign, word, amount);
      const mark = el("span", { class: "mark", "aria-hidden": "true" }), gates = el("span");
      if (cells.gates) cells.gates.append(mark, gates);
      const bar = el("div", { class: "bar", role: "img", hidden: true });
      if (cells.parts) cells.parts.append(bar);
      const made = el("tr", {}, ...Object.values(cells));
      body.append(made);
      return { made, cells, sign, word, amount, mark, gates, bar, class: "", fill: "" };
    }

    /** Writes one country into one row. */
    function write(own, c, view, cut) {
      own.written = true;
      const { result, values } = view, ranked = result.rank[c] > 0;
      const [sign, word, amount] = move(model, result, view.base.result, c);
      const classes = `${admitted(result, c) ? "" : "out"}${cut ? " last-in" : ""}${sign === "▲" || sign === "+" ? " up" : sign === "▼" || sign === "−" ? " down" : ""}`;
      if (own.class !== classes) own.made.className = own.class = classes;
      say(own.sign, sign);
      say(own.word, word);
      say(own.amount, amount && ` ${amount}`);
      say(own.cells.country, names[c]);
      if (gated) {
        const [mark, text] = gatesOf(model, result, c);
        say(own.mark, mark);
        say(own.gates, ` ${text}`);
      }
      if (!model.score) return;
      const told = !Number.isNaN(result.score[c]), path = name => (view.asFiled ? `${model.countries[c]} ${name}` : "");
      say(own.cells.rank, ranked ? String(result.rank[c]) : "");
      say(own.cells.score, told ? fixed(result.score[c], 3) : "no data");
      traced(own.cells.rank, ranked && path("rank"));
      traced(own.cells.score, told && path("score"));
      paint(own, ranked ? Scorer.shares(model, values, result, c) : []);
      if (stay) say(own.cells.stays, result.status[c] === Scorer.OPEN ? "" : view.stays ? share(view.stays[c]) : "…");
    }

    function paint(own, shares) {
      let from = 0;
      const stops = shares.flatMap((part, i) => {
        const to = from + 100 * part, colour = `var(--part-${i % FILLS})`, stop = [`${colour} ${from.toFixed(2)}% ${to.toFixed(2)}%`];
        from = to;
        return stop;
      });
      const fill = stops.length ? `linear-gradient(to right,${stops.join()},transparent ${from.toFixed(2)}%)` : "";
      if (own.fill === fill) return;
      own.bar.hidden = !fill;
      own.bar.style.backgroundImage = own.fill = fill;
      own.bar.setAttribute("aria-label", pillars.map((p, i) => `${p.title} ${fixed(shares[i] ?? 0, 3)}`).join(", "));
    }

    /** Shows a view: settings, their result, the base it is held against, the shares that stay. */
    function show(view) {
      last = view;
      const wanted = folded(find.value), size = model.shortlist === null ? 0 : view.values[model.shortlist];
      const fits = c => (!only.checked || admitted(view.result, c))
        && (!find.value.trim() || (wanted && plainly[c].includes(wanted)) || model.countries[c].toLowerCase() === wanted);
      const order = view.order.filter(fits), cut = order.findLastIndex(c => view.result.rank[c] > 0 && view.result.rank[c] <= size);
      pending = [];
      rows.forEach((own, i) => {
        const gone = i >= order.length, put = () => write(own, order[i], view, i === cut);
        if (own.made.hidden !== gone) own.made.hidden = gone;
        if (!gone && (seen.has(own.made) || !own.written)) put();
        else if (!gone) pending.push(put);
      });
      table.setAttribute("aria-busy", String(pending.length > 0));
      say(told, order.length === names.length ? "" : `${order.length} of ${names.length} countries shown.`);
      table.classList.toggle("stale", stay && !view.fresh);
    }

    /** Writes the rows that were out of sight. */
    function finish() {
      for (const put of pending) put();
      pending = [];
      table.setAttribute("aria-busy", "false");
    }

    return { show, finish };
  }

  /** A share as whole per cent that never rounds a doubt away. */
  const share = p => (p > 0 && p < 0.005 ? "<1%" : p >= 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);

  return { build, ordered, sentence, gatesOf, move, shortlisted, share };
})();
