"""Every single change of a module, for mutants.py: a comparison moved or turned, + for -, `and` for `or`, a number one more, a
sign or `not` dropped, a result that is None.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One change: where and what.

    within   lines of the innermost function around it; empty outside of any
    site     which node of the module; apply: does it to that node
    """

    line: int
    what: str
    within: range
    site: int
    apply: Callable[[ast.AST], None]

    def tree(self, source: str) -> ast.Module:
        """The module with the change."""
        tree = ast.parse(source)
        self.apply(next(each for i, each in enumerate(sites(tree)) if i == self.site))
        return ast.fix_missing_locations(tree)


SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
SHOWN = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not",
    ast.In: "in", ast.NotIn: "not in", ast.And: "and", ast.Or: "or", ast.Add: "+", ast.Sub: "-", ast.Mult: "*",
    ast.Div: "/", ast.Pow: "**", ast.FloorDiv: "//", ast.BitAnd: "&", ast.BitOr: "|",
}  # fmt: skip


def changes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    """What can be changed at a node: in words, and how to do it to a copy of the node."""

    def put(**fields: object) -> Callable[[ast.AST], None]:
        return lambda other: [setattr(other, key, value) for key, value in fields.items()] and None

    if isinstance(node, ast.Compare):
        for k, op in enumerate(node.ops):
            new = SWAPS[type(op)]
            ops = [new() if i == k else each for i, each in enumerate(node.ops)]
            yield f"{SHOWN[type(op)]} -> {SHOWN[new]}", put(ops=ops)
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in SWAPS:
        new = SWAPS[type(node.op)]
        yield f"{SHOWN[type(node.op)]} -> {SHOWN[new]}", put(op=new())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
        sign = {ast.Not: "not", ast.Invert: "~", ast.USub: "-"}[type(node.op)]
        yield f"{sign} x -> x", _bare
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        value = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{node.value} -> {value}", put(value=value)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return x -> return None", put(value=ast.Constant(None))


def _bare(node: ast.AST) -> None:
    """Makes of `not x`, `~x` or `-x` the x; a node cannot be taken away in place, so it becomes `x or x`."""
    assert isinstance(node, ast.UnaryOp)
    inner = node.operand
    node.__class__ = ast.IfExp  # type: ignore[assignment]
    node.__dict__.update(test=ast.Constant(True), body=inner, orelse=ast.Constant(None))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def sites(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of the code in order; annotations, decorators and text are no code, and `strict` only guards."""
    if isinstance(tree, ast.keyword) and tree.arg == "strict":
        return
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
                yield from sites(child)


def mutants(source: str) -> list[Mutant]:
    """Every single change of a module."""
    tree = ast.parse(source)
    return [
        Mutant(node.lineno, what, _function(tree, node.lineno), k, apply)  # type: ignore[attr-defined]
        for k, node in enumerate(sites(tree))
        for what, apply in changes(node)
    ]


def _function(tree: ast.Module, line: int) -> range:
    """The lines of the innermost function around a line, its decorators among them; none outside of any."""
    every = [
        range(min([f.lineno, *(d.lineno for d in f.decorator_list)]), (f.end_lineno or 0) + 1)
        for f in ast.walk(tree)
        if isinstance(f, ast.FunctionDef)
    ]
    return min((lines for lines in every if line in lines), key=len, default=range(0))
