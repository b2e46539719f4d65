"use strict";
/* The left side: a slider with a number field for every number of the file that may be changed.
 *
 *   Controls.build(place, model, hooks)   hooks.move(at, value) while moving, returning what is wrong ("" if nothing);
 *                                         hooks.commit(at) when let go
 */
const Controls = (() => {
  const { el, plain } = Dom;
  const SCALES = {
    goalposts: "between goalposts", piecewise: "line in pieces, as in the file",
    percentile: "percentile", minmax: "lowest to highest", z: "standard score",
  };
  const AMONG = { pool: "of all candidates", peers: "of its peer group" };

  /** What a scale is called. */
  function scaleName(value) {
    const [name, among] = value.split(" ");
    return among ? `${SCALES[name]} ${AMONG[among]}` : SCALES[name];
  }

  /** A parameter's value as text. */
  function shown(parameter, value, model) {
    if (parameter.kind === "scale") return scaleName(value);
    if (parameter.kind === "power") return State.WORDS[value] ?? `power ${plain(value)}`;
    return parameter.classes ? className(parameter, value, model) : plain(value);
  }

  function className(parameter, value, model) {
    const names = model.indicators[model.quantities[parameter.of].indicator].classes;
    return `${value} (${names[value]})`;
  }

  /** Positions of the parameters of a rule, in the order of the file. */
  function* placesOf(node) {
    if (node.n !== undefined) yield node.n;
    if (node.share !== undefined) yield* [node.share, node.least];
    if (node.threshold) yield* placesIn(node.threshold);
    for (const child of node.of ?? node.metrics ?? []) yield* placesOf(child);
    if (node.test) yield* placesOf(node.test);
  }

  function* placesIn(threshold) {
    if (threshold.at !== undefined) yield threshold.at;
    for (const part of Array.isArray(threshold.of) ? threshold.of : []) yield* placesIn(part);
  }

  function build(place, model, hooks) {
    const shows = new Map(), home = new Map();
    let section = "", idle = new Set();

    /** A control for one parameter; nothing where the file gives the number no place. */
    function control(at, label = model.parameters[at].label) {
      const parameter = model.parameters[at];
      if (!parameter.edit) return [];
      home.set(at, section);
      const id = `n${at}`, fault = el("p", { class: "fault", id: `f${at}`, role: "alert", hidden: true });
      const inputs = parameter.kind === "scale" || parameter.classes ? [choice(at, id)]
        : parameter.kind === "power" ? mean(at, id, label, fault)
        : slider(at, id, label, fault);
      return [el("div", { class: `control ${parameter.kind}` }, el("label", { for: id }, label), ...inputs, fault)];
    }

    /** A chooser among the words of a scale or the classes of an indicator. */
    function choice(at, id) {
      const parameter = model.parameters[at], options = parameter.options ?? parameter.classes;
      const select = el("select", { id, change: () => {
        hooks.move(at, options[select.selectedIndex]);
        hooks.commit(at);
      } }, ...options.map(option => el("option", {}, shown(parameter, option, model))));
      shows.set(at, value => { select.selectedIndex = options.indexOf(value); });
      return select;
    }

    /** A slider and the number field that says the same. */
    function slider(at, id, label, fault) {
      const parameter = model.parameters[at], [low, high] = parameter.slide, { step } = parameter;
      const move = (text, from) => {
        const wrong = hooks.move(at, text.trim() === "" ? NaN : State.tidy(parameter, Number(text)));
        tell(wrong);
        if (wrong && from === range) range.value = hooks.value(at);
      };
      const range = el("input", {
        type: "range", min: low, max: high, step, "aria-label": `${label}: slider`,
        input: () => move(range.value, range), change: () => hooks.commit(at),
      });
      const number = el("input", {
        type: "number", id, min: parameter.low, max: parameter.high, step, "aria-describedby": fault.id, inputmode: "decimal",
        input: () => move(number.value, number), change: () => hooks.commit(at),
      });
      const tell = wrong => {
        fault.textContent = wrong ? `${label}: ${wrong}.` : "";
        fault.hidden = !wrong;
        number.setAttribute("aria-invalid", String(Boolean(wrong)));
      };
      const show = value => {
        range.disabled = number.disabled = value === "minimum" || idle.has(at);
        const typing = number === document.activeElement && (Number(number.value) === value || !fault.hidden);
        if (!typing && !fault.hidden) tell(""); // what was refused is no longer in the field
        if (value === "minimum") { number.value = ""; return; }
        if (Number(range.value) !== value) range.value = value;
        if (!typing && number.value !== String(value)) number.value = value;
      };
      shows.set(at, show);
      return [range, number];
    }

    /** A chooser of the mean, in front of its power. */
    function mean(at, id, label, fault) {
      const own = [1, 0, -1, "minimum"], power = slider(at, id, `${label}, power`, fault), show = shows.get(at);
      power[1].setAttribute("aria-label", `${label}, power`); // the label is beside the chooser too
      const select = el("select", { "aria-label": label, change: () => {
        if (select.selectedIndex === own.length) {
          for (const input of power) input.disabled = false; // the minimum has no power; another mean gets one here
          return power[1].focus();
        }
        hooks.move(at, own[select.selectedIndex]);
        return hooks.commit(at);
      } }, ...own.map(value => el("option", {}, State.WORDS[value])), el("option", {}, "another power"));
      const choose = value => { select.selectedIndex = own.includes(value) ? own.indexOf(value) : own.length; };
      power[1].addEventListener("blur", () => choose(hooks.value(at))); // none typed: the mean is what it was
      shows.set(at, value => {
        show(value);
        choose(value);
      });
      return [select, ...power];
    }

    const fold = (summary, children, open = false) =>
      (children.length ? [el("details", { open, "aria-label": summary }, el("summary", { dir: "auto" }, summary), ...children)] : []);
    const part = (title, children, open) => {
      place.append(el("section", { role: "group", "aria-label": title }, el("h2", { dir: "auto" }, title), ...children));
    };
    const named = (title, make) => { section = title; return make(); };

    if (model.score) named("Score", () => part("Score", [
      ...(model.shortlist === null ? [] : control(model.shortlist)),
      ...control(model.score.power),
      ...fold("Floor and coverage", [...control(model.score.floor), ...control(model.score.coverage)]),
    ]));
    for (const pillar of model.score ? model.score.pillars : []) named(pillar.title, () => part(pillar.title, [
      ...control(pillar.weight),
      ...fold(pillar.parts.length === 1 ? "One figure: weight and scale" : `${pillar.parts.length} figures: weights and scales`, [
        ...control(pillar.power),
        ...pillar.parts.flatMap(({ weight, label, scale }) => [
          ...control(weight, `Weight of ${label}`),
          ...fold(`Scale of ${label}`, [scale.kind, ...(scale.low === undefined ? [] : [scale.low, scale.high])].flatMap(at => control(at))),
        ]),
      ]),
    ]));
    const rules = (title, said, gates) => {
      const folds = gates.flatMap(gate => named(gate.title, () => {
        let last = "";
        return fold(gate.title, [
          ...(gate.question ? [el("p", { class: "quiet" }, gate.question)] : []),
          ...[...placesOf(gate.rule)].flatMap(at => {
            const within = (model.parameters[at].within ?? []).join(" › "), made = control(at);
            const heading = made.length && within && within !== last ? [el("p", { class: "within" }, within[0].toUpperCase() + within.slice(1))] : [];
            if (made.length) last = within;
            return [...heading, ...made];
          }),
        ]);
      }));
      if (folds.length) part(title, [el("p", { class: "quiet" }, said), ...folds]);
    };
    rules("Requirements", `What every country must meet${model.score ? ", whatever its score" : ""}.`, model.gates);
    rules("Kinds of candidate", "A country must be of one of them.", model.tracks);

    function show(values) {
      idle = State.idle(model, values);
      shows.forEach((own, at) => own(values[at]));
    }

    return { show, home, shown: (at, value) => shown(model.parameters[at], value, model) };
  }

  return { build };
})();
