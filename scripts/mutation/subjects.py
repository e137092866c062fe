"""What is mutated: the queries that have fixtures, as dbt compiles them; found in dbt's own files, never in a list.

- `kontroll`: the controls. A singular test in tests/regler/ runs macros over twins; a CTE that is the rendering
  of a macro is mutated, the harness around it is not.
- `regel`: the definition rules. A generic test in tests/generic/regler/ is compiled once for each twin in
  seeds/fixtures/; the same change is made in all of them.
- `modell`: the models with unit tests, with the fixtures in the place of the inputs.
"""

import re
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

from scripts.errors import UserError
from scripts.mutation.operators import DIALECT, Change, changes, text

FIXTURE_PREFIX = "__dbt__cte__"
HARNESSES = "tests/regler/"
RULES = "tests/generic/regler/"
TWINS = "seeds/fixtures/"
MACRO_CTE = re.compile(r"(\w+)\s+as\s*\(\s*\{\{-?\s*(\w+)\s*\(")


@dataclass(frozen=True)
class RowCount:
    """A dbt data test: it fails when the number of its rows meets a condition."""

    fail_calc: str
    error_if: str
    limit: int | None = None


@dataclass(frozen=True)
class Columns:
    """A dbt unit test: it fails when these columns (None: all of them) have other rows than expected."""

    names: tuple[str, ...] | None


@dataclass
class Case:
    """One compiled query with its fixtures, and what decides whether its test passes."""

    name: str
    sql: str
    verdict: RowCount | Columns
    # The names of the CTEs that are mutated; None: the whole query but the fixtures.
    mutated: frozenset[str] | None = None


@dataclass
class Subject:
    """One text that is mutated, in all its cases at once."""

    kind: str
    name: str
    cases: list[Case] = field(default_factory=list)


class Query:
    """A query in parts: the fixtures, the other CTEs and the query below them."""

    def __init__(self, sql: str) -> None:
        body = sqlglot.parse_one(sql, dialect=DIALECT)
        self.fixtures: dict[str, str] = {}
        self.parts: list[exp.CTE] = []
        self.recursive = False
        clause = body.args.get("with_")
        if clause is not None:
            self.recursive = bool(clause.args.get("recursive"))
            body.set("with_", None)
            for cte in clause.expressions:
                if cte.alias.startswith(FIXTURE_PREFIX):
                    self.fixtures[cte.alias] = cte.this.sql(DIALECT)
                else:
                    self.parts.append(cte)
        # The last part is called what no CTE is; as a CTE it has a parent, as every other part.
        self.body = exp.CTE(this=body, alias=exp.TableAlias(this=exp.to_identifier("select")))
        self._texts = [self._text(part) for part in [*self.parts, self.body]]

    def _text(self, part: exp.CTE) -> str:
        return part.this.sql(DIALECT) if part is self.body else part.sql(DIALECT)

    def sql(self, changed: exp.CTE | None = None) -> str:
        """The query without its fixtures; only the part that is changed is written anew."""
        parts = [*self.parts, self.body]
        texts = [
            self._text(part) if part is changed else known
            for part, known in zip(parts, self._texts, strict=True)
        ]
        word = "WITH RECURSIVE " if self.recursive else "WITH "
        return (word + ", ".join(texts[:-1]) + " " if self.parts else "") + texts[-1]

    def changes(self, mutated: frozenset[str] | None) -> list[tuple[exp.CTE, Change]]:
        """Every change of the mutated parts."""
        return [
            (part, change)
            for part in [*self.parts, self.body]
            if mutated is None or part.alias in mutated
            for change in changes(part.this)
        ]


def place(part: exp.CTE, change: Change) -> str:
    """In which CTE a change is; in a union also in which branch, by a text that only that branch has."""
    union = None
    node = change.place
    branch = node
    while node is not None and node is not part:
        if isinstance(node.parent, exp.Union) and not isinstance(node, exp.Union):
            union, branch = node.parent, node
        node = node.parent
    if union is None:
        return part.alias
    while isinstance(union.parent, exp.Union):
        union = union.parent
    branches = _branches(union)
    literals = [[literal.this for literal in other.find_all(exp.Literal) if literal.is_string] for other in branches]
    number = next(number for number, other in enumerate(branches) if other is branch)
    elsewhere = {literal for other, texts in enumerate(literals) if other != number for literal in texts}
    label = next((literal for literal in literals[number] if literal not in elsewhere), str(number + 1))
    return f"{part.alias}[{label}]"


def _branches(union: exp.Expression) -> list[exp.Expression]:
    if not isinstance(union, exp.Union):
        return [union]
    return [*_branches(union.this), *_branches(union.expression)]


def find(manifest: dict, compiled: dict[str, str]) -> list[Subject]:
    """Every subject of a project, by the ids of the tests that dbt compiled."""
    found: dict[tuple[str, str], Subject] = {}

    def add(kind: str, name: str, case: Case) -> None:
        found.setdefault((kind, name), Subject(kind, name)).cases.append(case)

    macros = {
        macro["name"]: macro["original_file_path"]
        for macro in manifest["macros"].values()
        if macro["package_name"] == manifest["metadata"]["project_name"]
    }
    for key, node in manifest["nodes"].items():
        if node["resource_type"] != "test":
            continue
        config = node["config"]
        verdict = RowCount(config["fail_calc"], config["error_if"], config.get("limit"))
        metadata = node.get("test_metadata")
        if metadata is None and node["original_file_path"].startswith(HARNESSES):
            rendered = frozenset(
                cte for cte, macro in MACRO_CTE.findall(node["raw_code"]) if macro in macros
            )
            if rendered:
                add("kontroll", node["name"], Case(node["name"], _text(key, compiled), verdict, rendered))
        elif metadata is not None and node["original_file_path"].startswith(TWINS):
            rule = metadata["name"]
            if macros.get(f"test_{rule}", "").startswith(RULES):
                add("regel", rule, Case(node["name"], _text(key, compiled), verdict))
    for key, test in manifest["unit_tests"].items():
        expect = test["expect"]
        rows = expect["rows"] if isinstance(expect["rows"], list) else []
        columns = Columns(tuple(rows[0]) if rows else None)
        add("modell", test["model"], Case(test["name"], _text(key, compiled), columns))
    order = {"kontroll": 0, "regel": 1, "modell": 2}
    subjects = sorted(found.values(), key=lambda subject: (order[subject.kind], subject.name))
    for subject in subjects:
        subject.cases.sort(key=lambda case: case.name)
    return subjects


def _text(key: str, compiled: dict[str, str]) -> str:
    if key not in compiled:
        raise UserError(f"dbt did not compile {key}; expected its SQL in run_results.json")
    return compiled[key]


__all__ = ["Case", "Columns", "Query", "RowCount", "Subject", "find", "place", "text"]
