"""What can be wrong with a query, one thing at a time: the mutation operators, on sqlglot's syntax tree.

Changes that by their very form no data can tell from the original are not made: a key or a code that is
compared with a neighbour, the value that count counts, the aggregate of a pivot, a flag that is neither 0 nor
1, a rank in an order by that keeps its place.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

DIALECT = "duckdb"
LONGEST_TEXT = 160

# Each comparison becomes its neighbours and its negation; for = see _has_neighbours.
COMPARISONS: dict[type[exp.Expression], tuple[type[exp.Expression], ...]] = {
    exp.EQ: (exp.NEQ, exp.LTE, exp.GTE),
    exp.NEQ: (exp.EQ,),
    exp.LT: (exp.LTE, exp.GTE),
    exp.LTE: (exp.LT, exp.GT),
    exp.GT: (exp.GTE, exp.LTE),
    exp.GTE: (exp.GT, exp.LT),
    exp.NullSafeEQ: (exp.NullSafeNEQ, exp.EQ),
    exp.NullSafeNEQ: (exp.NullSafeEQ, exp.NEQ),
}
ARITHMETIC: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
    exp.Mul: exp.Div,
    exp.Div: exp.Mul,
    exp.IntDiv: exp.Mul,
    exp.Mod: exp.IntDiv,
}
FUNCTIONS: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.Sum: exp.Max,
    exp.Max: exp.Min,
    exp.Min: exp.Max,
    exp.Greatest: exp.Least,
    exp.Least: exp.Greatest,
    exp.Lag: exp.Lead,
    exp.Lead: exp.Lag,
    exp.LogicalOr: exp.LogicalAnd,
    exp.LogicalAnd: exp.LogicalOr,
}
# The first argument alone takes the place of these.
WRAPPERS = (exp.Abs, exp.Nullif, exp.Neg)


@dataclass(frozen=True)
class Change:
    """One argument of one node gets another value; `before` and `after` show it to a person."""

    operator: str
    place: exp.Expression
    parent: exp.Expression
    key: str
    value: object
    before: str
    after: str

    def apply(self) -> object:
        """Make the change; gives what `undo` needs."""
        old = self.parent.args.get(self.key)
        self.parent.set(self.key, self.value)
        return old

    def undo(self, old: object) -> None:
        """Put back what stood there."""
        self.parent.set(self.key, old)


def changes(
    query: exp.Expression, opaque: Callable[[exp.Expression], bool] = lambda node: False
) -> Iterator[Change]:
    """Every change of a query, in an order that its text decides; the query must have a parent.

    Nothing is changed inside an opaque node.
    """
    for node in list(query.dfs(prune=opaque)):
        if not opaque(node):
            for operator in OPERATORS:
                yield from operator(node)


def text(node: exp.Expression | None) -> str:
    """How a person reads a part of a query: as the project writes SQL, and not longer than a line or two."""
    if node is None:
        return ""
    sql = re.sub(r"\s+", " ", node.sql(DIALECT, comments=False))
    sql = "".join(
        part if part.startswith("'") else part.lower().replace('"', "")
        for part in re.split(r"('(?:[^']|'')*')", sql)
    )
    # The relation without database and schema, the fixture without dbt's prefix.
    sql = re.sub(r"\b\w+\.\w+\.(?=[a-z])", "", sql).replace("__dbt__cte__", "")
    if len(sql) > LONGEST_TEXT:
        half = LONGEST_TEXT // 2 - 3
        sql = f"{sql[:half].rstrip()} ... {sql[-half:].lstrip()}"
    return sql


def _replace(
    operator: str, node: exp.Expression, new: exp.Expression, shown: exp.Expression | None = None
) -> Change:
    """A node gives way to another; `shown` is the part around it that a person is shown."""
    slot = _slot(node, new)
    if shown is None or shown is node:
        return Change(operator, node, *slot, before=text(node), after=text(new))
    change = Change(operator, node, *slot, before=text(shown), after="")
    old = change.apply()
    after = text(shown)
    change.undo(old)
    return replace(change, after=after)


def _slot(node: exp.Expression, new: exp.Expression) -> tuple[exp.Expression, str, object]:
    """Where a node stands, and what stands there with another in its place."""
    old = node.parent.args[node.arg_key]
    value = [new if item is node else item for item in old] if isinstance(old, list) else new
    return node.parent, node.arg_key, value


def _around(node: exp.Expression) -> exp.Expression:
    """The expression that gives a constant its meaning."""
    around = node
    while isinstance(around.parent, exp.Cast | exp.Neg | exp.Paren | exp.Interval):
        around = around.parent
    if isinstance(around.parent, exp.Query | exp.Window | exp.Case | exp.CTE) or around.parent is None:
        return around
    return around.parent


def _comparison(node: exp.Expression) -> Iterator[Change]:
    for other in COMPARISONS.get(type(node), ()):
        if isinstance(node, exp.EQ) and other is not exp.NEQ and not _has_neighbours(node):
            continue
        yield _replace("comparison", node, other(this=node.this.copy(), expression=node.expression.copy()))
    if isinstance(node, exp.Between):
        low, high = node.args["low"], node.args["high"]
        for lower, upper in ((exp.GT, exp.LTE), (exp.GTE, exp.LT)):
            left = lower(this=node.this.copy(), expression=low.copy())
            right = upper(this=node.this.copy(), expression=high.copy())
            yield _replace("comparison", node, exp.Paren(this=exp.And(this=left, expression=right)))


def _has_neighbours(node: exp.Expression) -> bool:
    """Two amounts may be less or more than each other; a code, a flag and the key of a join may not."""
    if isinstance(node.this, exp.Literal | exp.Boolean) or isinstance(
        node.expression, exp.Literal | exp.Boolean
    ):
        return False
    above = node
    while isinstance(above.parent, exp.And | exp.Or | exp.Paren):
        above = above.parent
    return not (isinstance(above.parent, exp.Join) and above.arg_key == "on")


def _negation(node: exp.Expression) -> Iterator[Change]:
    """`is null` and `is not null`, `in` and `not in`, `exists` and `not exists`; no care for null."""
    if isinstance(node, exp.Not):
        yield _replace("negation", node, node.this.copy())
    elif isinstance(node, exp.Is | exp.In | exp.Exists | exp.Like) and not isinstance(node.parent, exp.Not):
        yield _replace("negation", node, exp.Not(this=node.copy()))
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Boolean):
        # Null is neither true nor false.
        shown = node.parent if isinstance(node.parent, exp.Not) else node
        yield _replace("null", node, node.this.copy(), shown)


def _condition(node: exp.Expression) -> Iterator[Change]:
    """One condition less; `and` for `or`."""
    if isinstance(node, exp.And | exp.Or):
        word, other_word = ("and", "or") if isinstance(node, exp.And) else ("or", "and")
        for kept, dropped in ((node.this, node.expression), (node.expression, node.this)):
            # A chain is nested to the left: its other operands are dropped further in.
            if not isinstance(dropped, type(node)):
                yield Change(
                    "drop condition",
                    node,
                    *_slot(node, kept.copy()),
                    before=text(dropped),
                    after="",
                )
        other = exp.Or if isinstance(node, exp.And) else exp.And
        new = exp.Paren(this=other(this=node.this.copy(), expression=node.expression.copy()))
        shown = text(node.expression)
        yield Change(
            "and/or",
            node,
            *_slot(node, new),
            before=f"{word} {shown}",
            after=f"{other_word} {shown}",
        )
    if isinstance(node, exp.Where | exp.Having | exp.Qualify) and not isinstance(node.this, exp.And):
        if isinstance(node.parent, exp.Filter):
            yield _replace("drop condition", node.parent, node.parent.this.copy())
        else:
            yield Change("drop condition", node, node.parent, node.arg_key, None, text(node), "")
    if isinstance(node, exp.Join):
        condition = node.args.get("on")
        if condition is not None and not isinstance(condition, exp.And | exp.Boolean):
            yield Change("drop condition", node, node, "on", exp.true(), f"on {text(condition)}", "on true")
    if isinstance(node, exp.In) and len(node.expressions) > 1:
        for item in node.expressions:
            fewer = node.copy()
            fewer.set("expressions", [other.copy() for other in node.expressions if other is not item])
            yield _replace("drop condition", node, fewer)


def _constant(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.Boolean) and not isinstance(node.parent, exp.Join):
        yield _replace("constant", node, exp.Boolean(this=not node.this), _around(node))
    if not isinstance(node, exp.Literal) or isinstance(node.parent, exp.DataTypeParam):
        return
    if isinstance(node.parent, exp.In) and len(node.parent.expressions) > 1:
        # Another value is the same as one value less, which _condition does.
        return
    if node.is_string:
        numeric = isinstance(node.parent, exp.Interval)
        others = _other_numbers(node.this) if numeric else [_other_text(node.this)]
        new = [exp.Literal.string(other) for other in others]
    elif _is_counted(node) or (_case_of(node) and _is_rank(_case_of(node))):
        return
    elif _is_flag(node):
        new = [exp.Literal.number("0" if node.this == "1" else "1")]
    else:
        new = [exp.Literal.number(other) for other in _other_numbers(node.this)]
    for other in new:
        yield _replace("constant", node, other, _around(node))


def _case_of(node: exp.Expression) -> exp.Case | None:
    """The case whose value a constant is."""
    parent = node.parent
    if isinstance(parent, exp.If) and node.arg_key == "true":
        parent = parent.parent
    elif not (isinstance(parent, exp.Case) and node.arg_key == "default"):
        return None
    return parent if isinstance(parent, exp.Case) else None


def _is_counted(node: exp.Literal) -> bool:
    """`count` and `exists` ask whether there is a value, not which."""
    case = _case_of(node)
    if case is not None:
        return isinstance(case.parent, exp.Count)
    return isinstance(node.parent, exp.Select) and isinstance(node.parent.parent, exp.Exists)


def _is_flag(node: exp.Literal) -> bool:
    """Whether a constant is one of the values of a case that is 0 or 1."""
    case = _case_of(node)
    if case is None:
        return False
    default = case.args.get("default")
    values = [branch.args["true"] for branch in case.args["ifs"]] + ([default] if default else [])
    return {value.sql() for value in values} == {"0", "1"}


def _is_rank(case: exp.Case) -> bool:
    """Whether a case only numbers what comes first, second and so on."""
    above = case.parent
    while isinstance(above, exp.Paren):
        above = above.parent
    return isinstance(above, exp.Ordered) and all(
        isinstance(value, exp.Literal)
        for value in [branch.args["true"] for branch in case.args["ifs"]] + [case.args.get("default")]
        if value is not None
    )


def _is_pivot(node: exp.Expression) -> bool:
    """`max(case when form = 'x' then antall end)` picks the one value there is: max and min are the same."""
    case = node.this
    return (
        isinstance(case, exp.Case)
        and case.args.get("default") is None
        and all(isinstance(branch.args["true"], exp.Column) for branch in case.args["ifs"])
    )


def _other_numbers(number: str) -> list[str]:
    if not number.isdigit():
        # A decimal number: moved by its last digit.
        decimals = len(number.partition(".")[2])
        return [f"{float(number) + sign * 10**-decimals:.{decimals}f}" for sign in (1, -1)]
    # As many for every number, so that twins with different numbers have the same changes.
    return [str(int(number) + 1), str(int(number) - 1), "0"]


def _other_text(value: str) -> str:
    """A date, or the end of one, moves by a day; any other text loses its last letter, or gets one."""
    if re.fullmatch(r"(\d{4})?-\d{2}-\d{2}", value):
        day = int(value[-2:])
        return f"{value[:-2]}{day - 1 if day > 1 else 2:02}"
    return value[:-1] if len(value) > 1 else f"{value}x"


def _join(node: exp.Expression) -> Iterator[Change]:
    if not isinstance(node, exp.Join) or not (node.args.get("on") or node.args.get("using")):
        return
    side = node.side.upper()
    for other in {"": ("LEFT",), "LEFT": ("",), "RIGHT": ("",), "FULL": ("LEFT", "RIGHT", "")}.get(side, ()):
        new = node.copy()
        new.set("side", other or None)
        new.set("kind", None if other else "INNER")
        table = text(node.this)
        yield Change(
            "join",
            node,
            *_slot(node, new),
            before=f"{(side or 'inner').lower()} join {table}",
            after=f"{(other or 'inner').lower()} join {table}",
        )


def _union(node: exp.Expression) -> Iterator[Change]:
    if not isinstance(node, exp.Union):
        return
    for key in ("this", "expression"):
        branch = node.args[key]
        if isinstance(branch, exp.Union) and key == "this":
            continue
        nothing = exp.select("*").from_(exp.Subquery(this=branch.copy(), alias=exp.to_identifier("gren")))
        yield Change(
            "drop branch",
            branch,
            node,
            key,
            nothing.where(exp.false()),
            text(branch),
            "",
        )
    if node.args.get("distinct"):
        yield Change("drop distinct", node, node, "distinct", False, "union", "union all")


def _distinct(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.Select) and node.args.get("distinct"):
        yield Change("drop distinct", node, node, "distinct", None, "select distinct", "select")
    if isinstance(node, exp.Count):
        if isinstance(node.this, exp.Distinct) and len(node.this.expressions) == 1:
            yield _replace("aggregate", node, exp.Count(this=node.this.expressions[0].copy(), big_int=True))
        elif not isinstance(node.this, exp.Star):
            counted = exp.Distinct(expressions=[node.this.copy()])
            # A window function cannot count distinct values together with an order.
            if not (isinstance(node.parent, exp.Window) and node.parent.args.get("order")):
                yield _replace("aggregate", node, exp.Count(this=counted, big_int=True))
            yield _replace("aggregate", node, exp.Count(this=exp.Star(), big_int=True))


def _function(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.Coalesce):
        arguments = [node.this, *node.expressions]
        for dropped in arguments:
            rest = [other.copy() for other in arguments if other is not dropped]
            new = rest[0] if len(rest) == 1 else exp.Coalesce(this=rest[0], expressions=rest[1:])
            yield _replace("drop argument", node, new)
    elif isinstance(node, WRAPPERS):
        if not isinstance(node.this, exp.Literal):
            yield _replace("drop function", node, exp.Paren(this=node.this.copy()))
    elif type(node) in FUNCTIONS and not _is_pivot(node):
        new = FUNCTIONS[type(node)]()
        for key, value in node.args.items():
            if key in new.arg_types:
                new.set(key, [v.copy() for v in value] if isinstance(value, list) else _copy(value))
        yield _replace("aggregate", node, new)


def _copy(value: object) -> object:
    return value.copy() if isinstance(value, exp.Expression) else value


def _arithmetic(node: exp.Expression) -> Iterator[Change]:
    other = ARITHMETIC.get(type(node))
    if other:
        new = other(this=node.this.copy(), expression=node.expression.copy())
        yield _replace("arithmetic", node, exp.Paren(this=new))


def _case(node: exp.Expression) -> Iterator[Change]:
    if not isinstance(node, exp.Case):
        return
    branches = node.args["ifs"]
    default = node.args.get("default")
    for branch in branches:
        if len(branches) > 1:
            rest = [other.copy() for other in branches if other is not branch]
            yield Change("drop when", branch, node, "ifs", rest, text(branch), "")
        else:
            new = exp.Null() if default is None else exp.Paren(this=default.copy())
            yield _replace("drop when", node, new)
    if default is not None and not isinstance(default, exp.Null) and not _is_rank(node):
        yield Change("drop else", node, node, "default", None, f"else {text(default)}", "")


def _order(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.Ordered):
        new = node.copy()
        new.set("desc", not node.args.get("desc"))
        yield _replace("order", node, new)
    if isinstance(node, exp.Window):
        keys = node.args.get("partition_by") or []
        for key in keys:
            rest = [other.copy() for other in keys if other is not key]
            yield Change("drop partition", key, node, "partition_by", rest, f"partition by {text(key)}", "")


OPERATORS = (
    _comparison,
    _negation,
    _condition,
    _constant,
    _join,
    _union,
    _distinct,
    _function,
    _arithmetic,
    _case,
    _order,
)
