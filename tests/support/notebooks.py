"""A notebook run by Python itself: each code cell in order, in one namespace, and what it prints and shows written down.

It opens in Jupyter as any other. No kernel is started, so nothing of Jupyter need be installed to keep it true: what a cell shows is what its last
expression says of itself, `_repr_html_` and `repr`, as Jupyter would ask it.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import tempfile

from places import ROOT

NOTEBOOKS = tuple(sorted((ROOT / "docs").glob("*.ipynb")))


def executed(text: str) -> str:
    """The notebook with the outputs its cells give now; whatever a cell raises goes on."""
    book, names = json.loads(text), {"__name__": "__main__"}
    number, here = 0, os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for cell in book["cells"]:
                if cell["cell_type"] == "code":
                    number += 1
                    cell["execution_count"] = number
                    cell["outputs"] = _outputs("".join(cell["source"]), names, number)
        finally:
            os.chdir(here)
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _outputs(source: str, names: dict, number: int) -> list[dict]:
    """What one cell prints, and what its last expression shows."""
    tree, printed, shown = ast.parse(source), io.StringIO(), None
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)
        if last:
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    outputs: list[dict] = []
    if told := printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": told.splitlines(keepends=True)})
    if shown is not None:
        data = {"text/plain": repr(shown).splitlines(keepends=True)}
        if hasattr(shown, "_repr_html_"):
            data = {"text/html": shown._repr_html_().splitlines(keepends=True)} | data
        outputs.append(
            {"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"}
        )
    return outputs


def markdown(text: str) -> str:
    """The notebook as a page: its words, its code, and what came out."""
    parts = []
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {"text/plain": output.get("text", [])})
            if "text/html" in data:
                parts.append(f"```{{raw}} html\n{''.join(data['text/html']).strip()}\n```")
            else:
                parts.append(f"```text\n{''.join(data['text/plain']).rstrip()}\n```")
    return "\n\n".join(parts) + "\n"
