"use strict";
/* One figure of one country replaced: what would become of it. Pool and peer groups stay as they are. */
const WhatIf = (() => {
  const { el, say, plain, traced } = Dom;

  function build(place, model, names, hooks) {
    const ids = Object.keys(model.indicators).filter(id => !model.indicators[id].absent);
    const byName = names.map((_, c) => c).sort((a, b) => names[a].localeCompare(names[b], "en"));
    const country = el("select", { id: "what-country", change: pick }, ...byName.map(c => el("option", { value: model.countries[c] }, names[c])));
    const indicator = el("select", { id: "what-indicator", change: pick }, ...ids.map(id => el("option", { value: id }, model.indicators[id].label)));
    const range = el("input", { type: "range", "aria-label": "Its value would be: slider", input: () => ask(range.value), change: () => hooks.commit("what-if") });
    const number = el("input", { type: "number", id: "what-value", inputmode: "decimal", "aria-describedby": "what-now what-fault",
      input: () => ask(number.value), change: () => hooks.commit("what-if") });
    const now = el("p", { class: "quiet", id: "what-now" }), fault = el("p", { class: "fault", id: "what-fault", role: "alert", hidden: true });
    const answer = el("p", { class: "answered", role: "status" });
    const clear = el("button", { type: "button", click: () => { hooks.change(null); hooks.commit(null); number.focus(); } }, "No what-if");
    if (!ids.length) { place.append(el("p", { class: "quiet" }, "There is no figure to change.")); return { show() {} }; }
    place.append(
      el("div", { class: "control" }, el("label", { for: "what-country" }, "Country"), country),
      el("div", { class: "control" }, el("label", { for: "what-indicator" }, "Figure"), indicator),
      el("div", { class: "control" }, el("label", { for: "what-value" }, "Its value would be"), range, number, fault),
      now, answer, clear,
    );

    const held = () => model.indicators[indicator.value].now[model.countries.indexOf(country.value)];

    /** Another country or indicator: the figure is what it is. */
    function pick() {
      const { slide } = model.indicators[indicator.value];
      hooks.change({ country: country.value, indicator: indicator.value, value: held() ?? slide[0] });
      hooks.commit(null);
    }

    function ask(text) {
      const value = text.trim() === "" ? NaN : Number(text), wrong = State.faultOf(model.indicators[indicator.value], value);
      tell(wrong);
      if (!wrong) hooks.change({ country: country.value, indicator: indicator.value, value });
    }

    function tell(wrong) {
      say(fault, wrong ? `The value ${wrong}.` : "");
      fault.hidden = !wrong;
      number.setAttribute("aria-invalid", String(Boolean(wrong)));
    }

    const standing = (result, c) => {
      const [, gates] = Ranking.gatesOf(model, result, c), rank = result.rank[c] ? `rank ${result.rank[c]}` : "";
      return [rank, model.gates.length + model.tracks.length ? gates : rank ? "" : "no score"].filter(Boolean).join(", ");
    };

    function show({ values, whatIf }, result, published) {
      if (whatIf) { country.value = whatIf.country; indicator.value = whatIf.indicator; }
      const about = model.indicators[indicator.value], c = model.countries.indexOf(country.value), own = held();
      range.min = number.min = about.slide[0];
      range.max = number.max = about.slide[1];
      range.step = number.step = about.step;
      const value = whatIf ? whatIf.value : (own ?? about.slide[0]);
      if (Number(range.value) !== value) range.value = value;
      const typing = number === document.activeElement && (Number(number.value) === value || !fault.hidden);
      if (!typing) { tell(""); number.value = value; }
      const word = x => (x === null ? "no data" : about.classes ? `${x} (${about.classes[x]})` : plain(Number(x.toFixed(about.decimals + 1))));
      say(now, `Now ${word(own)}${about.unit ? `, ${about.unit}` : ""}.`);
      traced(now, own !== null && `${country.value} values.${indicator.value}.value`);
      clear.disabled = !whatIf;
      if (!whatIf) { say(answer, ""); return; }
      const changed = published.now[whatIf.indicator].slice();
      changed[c] = whatIf.value;
      const then = Scorer.judged(model, values, Scorer.having({ ...published.now, [whatIf.indicator]: changed }, published.before));
      const [is, would] = [standing(result, c), standing(then, c)];
      say(answer, is === would ? `${names[c]} stays where it is: ${is}.` : `${names[c]}: ${would}, instead of ${is}.`);
    }

    return { show };
  }

  return { build };
})();
