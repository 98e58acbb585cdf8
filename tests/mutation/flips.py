"""Small changes of a module's syntax tree, one at a time: thresholds, comparisons, logic, booleans, members, names."""

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

_COMPARED = {ast.GtE: ast.LtE, ast.LtE: ast.GtE, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Gt: ast.GtE, ast.Lt: ast.LtE}
_JOINED = {ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub}


class Flip(NamedTuple):
    """A changed module and what was changed."""

    line: int
    was: str
    now: str
    source: str


def flips(source: str) -> Iterator[Flip]:
    """Every module that differs from this one by one flip. Annotations, documentation and prose are left alone."""
    tree = ast.parse(source)
    places = [node for node in ast.walk(tree) if not isinstance(node, ast.Module)]
    untouched = {id(inner) for node in places for outer in _not_code(node) for inner in ast.walk(outer)}
    for place, node in enumerate(places):
        if id(node) in untouched:
            continue
        for changed in _changes(node):
            whole = copy.deepcopy(tree)
            target = [one for one in ast.walk(whole) if not isinstance(one, ast.Module)][place]
            new = _Swap(target, changed).visit(whole)
            yield Flip(
                node.lineno, ast.unparse(node), ast.unparse(changed), ast.unparse(ast.fix_missing_locations(new))
            )


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _not_code(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Raise() | ast.JoinedStr() | ast.Expr(value=ast.Constant()):
            return [node]
        case ast.arg(annotation=ast.AST() as annotation) | ast.AnnAssign(annotation=annotation):
            return [annotation]
        case ast.FunctionDef(returns=ast.AST() as annotation):
            return [annotation]
    return []


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield from (ast.Constant(value + step) for step in (1, -1))
        case ast.Constant(value=str() as value):
            yield from map(ast.Constant, _words(value))
        case ast.Compare(left=left, ops=[op], comparators=right) if type(op) in _COMPARED:
            yield ast.Compare(left, [_COMPARED[type(op)]()], right)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _JOINED:
            yield ast.BinOp(left, _JOINED[type(op)](), right)
            yield from (left, right)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(_JOINED[type(op)](), values)
        case ast.UnaryOp(op=ast.Invert() | ast.Not(), operand=operand):
            yield operand
        case ast.Tuple(elts=members, ctx=ast.Load()) if len(members) > 1:
            yield from (ast.Tuple([*members[:i], *members[i + 1 :]], ast.Load()) for i in range(len(members)))


def _words(text: str) -> Iterator[str]:
    """A cut such as >3 includes its value or not; a name becomes another. Prose is left alone."""
    if text.startswith(">="):
        yield ">" + text[2:]
    elif text.startswith(">") and text[1:].replace(".", "").isdigit():
        yield ">=" + text[1:]
    elif text.isidentifier() and text.islower():
        yield text + "_x"
