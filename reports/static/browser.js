"use strict";
/* What a browser may refuse, in one place: saving a file, the clipboard, the way back. Nothing here claims what the browser
 * does not tell (a preview drops a file without a word), and the page works where all of it is refused.
 */
const Browser = (() => {
  /** Asks for a text to be saved as a file; false where that is refused aloud. Whether a file came, nobody is told. */
  function save(name, text, type) {
    try {
      const anchor = document.createElement("a");
      anchor.href = URL.createObjectURL(new Blob([text], { type }));
      anchor.download = name;
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
      return true;
    } catch {
      return false;
    }
  }

  /** Whether a text is on the clipboard now. */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }

  /** Whether the address of this page is one that others can open: not that of a preview or a frame. */
  const addressed = () => self === top && /^(https?|file):$/.test(location.protocol);

  /** The way back: the browser's history, or a list of our own where that is not for us to write. `open` is told of each step. */
  function way(open) {
    const own = [], native = addressed();
    let here = location.hash;
    const hash = () => (own.length || !native ? here : location.hash);
    const before = () => { try { return (native && history.state?.depth) || 0; } catch { return 0; } };
    const write = (how, depth, said) => history[how]({ depth }, "", location.href.split("#")[0] + said);
    try { if (native && !history.state) write("replaceState", 0, location.hash); } catch { /* the list does it */ }
    addEventListener("popstate", () => { own.length = 0; here = location.hash; open(); });
    return {
      hash,
      depth: () => own.length + before(),
      push(said) {
        if (native && !own.length) {
          try { write("pushState", before() + 1, said); return; } catch { /* some browsers count the steps, and stop */ }
        }
        own.push(hash());
        here = said;
      },
      back() {
        if (own.length) { here = own.pop(); open(); } else if (before()) history.back();
      },
    };
  }

  return { save, copy, addressed, way };
})();
