"use strict";
/* The page: settings in, everything else follows. Undo is the browser's own way back, where it has one. */
(() => {
  const { el, say, plain } = Dom;
  const read = id => JSON.parse(document.getElementById(id).textContent);
  const at = id => document.getElementById(id);
  const { model, names, file } = read("data"), stored = read("draws"), published = Scorer.measures(model);
  const LATER = 120; // milliseconds after the last move before what costs more is worked out
  const ONE_STEP = 400; // milliseconds of rest that end a step of one control, which is undone as one

  const judged = values => Scorer.judged(model, values, published);
  const THE_FILE = { name: "the file", settings: State.saved(model), values: State.saved(model).values };
  THE_FILE.result = judged(THE_FILE.values);
  let settings = State.saved(model), base = THE_FILE, stays = null, view = null;
  const way = Browser.way(open);
  let later = 0, stop = () => {}, sampler = null, step = null;

  const controls = Controls.build(at("controls"), model, { move, commit, value: place => settings.values[place] });
  const ranking = Ranking.build(at("ranking"), model, names, stored !== null);
  const whatIf = WhatIf.build(at("what-if"), model, names, { change: value => { settings = { ...settings, whatIf: value }; update(); }, commit });

  /** One number moved; what is wrong with that, "" if nothing. */
  function move(place, value) {
    const wrong = State.refusal(model, settings.values, place, value);
    if (wrong) return wrong;
    const values = settings.values.slice();
    values[place] = value;
    settings = { ...settings, values };
    update();
    return "";
  }

  /** A control was let go: once it rests, or another one is, that is one entry of the history. */
  function commit(what) {
    if (step && step.what !== what) record();
    clearTimeout(step?.timer);
    step = { what, hash: State.link(model, file, settings), timer: setTimeout(record, ONE_STEP) };
    if (what === null) record();
  }

  function record() {
    if (!step) return;
    const { hash, timer } = step;
    clearTimeout(timer);
    step = null;
    if (hash !== way.hash()) way.push(hash);
    undoable();
  }

  // not `disabled`, which would take the focus from who presses it
  const undoable = () => { at("undo").setAttribute("aria-disabled", String(!way.depth())); };

  /** Everything a reader sees at once; the rest a moment later. */
  function update() {
    const { values } = settings, result = judged(values);
    const asFiled = !State.changed(model, values).length; // then its numbers are those of `explain`
    view = { values, result, base, stays, asFiled, fresh: false, order: Ranking.ordered(names, result) };
    ranking.show(view);
    controls.show(values);
    say(at("sentence"), Ranking.sentence(model, names, values, result, base));
    whatIf.show(settings, result, published);
    stop();
    clearTimeout(later);
    later = setTimeout(settle, LATER);
  }

  function settle() {
    ranking.finish();
    say(at("live"), at("sentence").textContent);
    showChanges();
    showCompared();
    if (stored === null || model.shortlist === null) return;
    sampler ??= Stability.sampler(model, stored);
    stop = Stability.count(model, settings.values, sampler, stored.count, shares => {
      stays = shares;
      view = { ...view, stays, fresh: true };
      ranking.show(view);
      ranking.finish();
    });
  }

  // Changes from the file

  const named = place => {
    const section = controls.home.get(place), { label } = model.parameters[place];
    return section && section !== "Score" ? `${section}: ${label}` : label;
  };

  function showChanges() {
    const changed = State.changed(model, settings.values), list = at("changes");
    say(at("count"), changed.length ? `Changes from the file (${changed.length})` : "Changes from the file");
    list.replaceChildren(...changed.map(place => {
      const parameter = model.parameters[place], line = parameter.edit?.line;
      return el("li", {},
        el("strong", {}, named(place)), ` ${controls.shown(place, parameter.value)} → ${controls.shown(place, settings.values[place])}`,
        el("small", {}, `Line ${line}. ${parameter.basis ? `The file’s reason for ${controls.shown(place, parameter.value)}: ${parameter.basis}` : ""}`),
        el("button", { type: "button", "aria-label": `Put back ${named(place)}`, click: () => {
          const wrong = move(place, parameter.value);
          if (wrong) say(at("notice"), `${named(place)}: ${wrong}.`);
          commit(null);
          at("count").parentElement.focus(); // the button has gone
        } }, "Put back"));
    }));
    at("unchanged").hidden = changed.length > 0;
    at("reasons").hidden = !changed.length;
    at("mean").hidden = !model.score || !Save.meanMissing(model, settings.values);
    at("floor").hidden = !Save.floorNeeded(model, settings.values);
  }

  // A colleague's link

  function compare(address) {
    const asked = State.opened(model, file, address), theirs = asked.settings;
    base = { name: "the link", settings: theirs, values: theirs.values, result: judged(theirs.values) };
    const none = State.silent(address) && !address.endsWith("#");
    say(at("compare-fault"), none ? "This is not a link of this page: it has no part after #." : State.told(asked));
    if (none || asked.broken) base = THE_FILE;
    update();
  }

  function showCompared() {
    const theirs = base === THE_FILE ? null : base.values, list = at("differences");
    at("compared").hidden = !theirs;
    if (!theirs) return;
    const differ = model.parameters.flatMap((p, place) => (settings.values[place] === theirs[place] ? [] : [place]));
    list.replaceChildren(...(differ.length ? differ.map(place => el("li", {}, el("strong", {}, named(place)),
      ` here ${controls.shown(place, settings.values[place])}, in the link ${controls.shown(place, theirs[place])}, in the file ${controls.shown(place, model.parameters[place].value)}`))
      : [el("li", {}, "No number differs.")]));
  }

  at("compare").addEventListener("submit", event => {
    event.preventDefault();
    compare(at("their-link").value.trim());
  });
  at("compare-end").addEventListener("click", () => { base = THE_FILE; compared(); });
  at("compare-take").addEventListener("click", () => { settings = base.settings; base = THE_FILE; compared(); commit(null); });

  /** No more comparing: the buttons that end it are about to go, so the focus goes to where it began. */
  function compared() {
    say(at("compare-fault"), "");
    at("their-link").focus();
    update();
  }

  // What leaves the page

  at("save").addEventListener("click", () => {
    const name = `${file.id}-edited.yaml`, text = Save.yaml(model, file, settings.values);
    const asked = handOver(name, text, text, "application/yaml");
    say(at("notice"), `${asked} The official result: eligibility check ${name}, then eligibility screen ${name} --as-of ${file.as_of}.`
      + " Its id is still that of the file; before a report, give it its own, for a run is kept under its id."
      + (settings.whatIf ? " The what-if is not in the file: it is about a figure, not about the criteria." : ""));
  });

  at("csv").addEventListener("click", () => {
    const { values, result } = view, words = ["fail", "unknown", "conditional", "pass"], { gates, tracks } = model;
    const pillars = model.score ? model.score.pillars : [], number = x => (Number.isNaN(x) || x === undefined ? "" : x);
    const rows = view.order.map(c => [
      result.rank[c] || result.apart[c] || "", Ranking.move(model, result, base.result, c).slice(1).join(""), model.countries[c], names[c],
      Scorer.STATUS[result.status[c]], number(result.score[c]), view.fresh ? stays[c] : "",
      ...gates.map((_, i) => words[result.gates[i][c]]), ...tracks.map((_, i) => words[result.tracks[i][c]]),
      ...(pillars.length ? result.pillars.map(p => number(p[c])) : []),
    ]);
    const head = ["rank", `change from ${base.name}`, "iso3", "name", "status", "score", "stays on shortlist (share of draws)",
      ...gates.map(g => `gate ${g.id}`), ...tracks.map(t => `track ${t.id}`), ...pillars.map(p => `pillar ${p.id}`)];
    const text = Save.csv([head, ...rows]);
    // the mark is for spreadsheets, which read a CSV without it in the code page of the desktop
    say(at("notice"), `${handOver(`${file.id}-${file.as_of}-preview.csv`, text, "\ufeff" + text, "text/csv")} It is a preview.`);
  });

  at("copy").addEventListener("click", async () => {
    const page = Browser.addressed() ? location.href.split("#")[0] : "", address = page + (State.link(model, file, settings) || "#");
    at("link").value = address;
    at("link-row").hidden = false;
    at("link").select();
    say(at("notice"), (await Browser.copy(address) ? "The link is copied." : "The link is selected below: copy it from there.")
      + " It opens on this page only; a colleague with the same page pastes it under Compare.");
  });

  /** Offers a text as a file, and to take by hand whatever the browser does with files; what to say of that. */
  function handOver(name, text, bytes, type) {
    say(at("text-label"), `The text of ${name}`);
    at("text").value = text;
    at("text-row").hidden = false;
    const asked = Browser.save(name, bytes, type) ? `The browser was asked to save ${name}.` : "The browser saves no files here.";
    return `${asked} If no file appears, copy the text below into one.`;
  }

  at("copy-text").addEventListener("click", async () => {
    at("text").select();
    say(at("notice"), await Browser.copy(at("text").value) ? "The text is copied." : "The text is selected below: copy it from there.");
  });

  at("undo").addEventListener("click", () => {
    record();
    way.back();
  });
  at("reset").addEventListener("click", () => { settings = State.saved(model); update(); commit(null); });

  /** Settings from the address: at the start, on the way back, or when a link is put into the address bar. */
  function open() {
    const asked = State.opened(model, file, way.hash());
    settings = asked.settings;
    clearTimeout(step?.timer);
    step = null;
    say(at("notice"), State.told(asked));
    undoable();
    update();
  }

  addEventListener("pagehide", record);
  addEventListener("beforeprint", () => { // a sheet of paper says what was changed
    showChanges();
    showCompared();
    for (const fold of document.querySelectorAll(".on-paper details")) fold.open = true;
  });
  // What stands after # are the settings: the way to the content must not write there.
  document.querySelector(".skip").addEventListener("click", event => {
    event.preventDefault();
    at("main").focus();
  });
  const wide = matchMedia("(min-width: 62rem)"); // as in the style sheet, which hides the fold's handle from there on
  wide.addEventListener("change", () => { if (wide.matches) document.querySelector(".all").open = true; });
  if (innerWidth < 720) for (const fold of document.querySelectorAll(".fold-small")) fold.open = false;
  open();
})();
