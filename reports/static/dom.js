"use strict";
/* Small words for making elements. Text always goes in as text, never as markup. */
const Dom = (() => {
  /** An element with attributes (functions are listeners, false is left out) and children. */
  function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") made.addEventListener(name, value);
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  }

  /** Writes a text where it differs, for writing is what costs. */
  function say(element, text) {
    if (element.said !== text) element.textContent = element.said = text;
  }

  /** Marks a number with what `eligibility explain` takes for it; none where it is not one of the official result. */
  function traced(element, fact) {
    if (element.fact === fact) return;
    element.fact = fact;
    if (fact) element.setAttribute("data-fact", fact);
    else element.removeAttribute("data-fact");
  }

  /** A number with fixed decimals and a true minus. */
  const fixed = (value, decimals) => value.toFixed(decimals).replace(/^-(?=[0.]*$)/, "").replace("-", "−");
  const plain = value => String(value).replace("-", "−");

  /** "a, b and c", the rest only counted. */
  function listed(items, most = 6) {
    if (items.length > most) return `${items.slice(0, most).join(", ")} and ${items.length - most} more`;
    return items.length > 1 ? `${items.slice(0, -1).join(", ")} and ${items.at(-1)}` : (items[0] ?? "");
  }

  return { el, say, traced, fixed, plain, listed };
})();
