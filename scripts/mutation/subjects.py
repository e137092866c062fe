"""What is mutated: the queries with fixtures, as dbt compiles them; found in dbt's manifest, never in a list.

- `kontroll`: the controls. A singular test in tests/regler/ runs macros over twins; a CTE that a macro
  renders is mutated, the harness around it is not.
- `regel`: the definition rules. A generic test in tests/generic/regler/ is compiled once for each twin in
  seeds/fixtures/; the same change is made in all of them.
- `modell`: the models with unit tests, with the fixtures in the place of the inputs.
- `makro`: what a macro wrote into any of these. It is one text, so a change of it is one mutant, which is
  killed when any of the places where the macro was rendered notices. What an engine macro or an editing
  method wrote is left alone: those have mutations of their own, in tests/makroer and test_editering.py.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

from scripts.errors import UserError
from scripts.mutation.compiled import Compiled
from scripts.mutation.operators import DIALECT, Change, changes

FIXTURE_PREFIX = "__dbt__cte__"
HARNESSES = "tests/regler/"
RULES = "tests/generic/regler/"
TWINS = "seeds/fixtures/"
LEFT_ALONE = ("macros/engine/", "macros/editering/")
BODY = "select"
KINDS = ("kontroll", "regel", "modell", "makro")


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


@dataclass(frozen=True)
class Case:
    """One compiled query with its fixtures, and what decides whether its test passes."""

    kind: str
    subject: str
    name: str
    sql: str
    verdict: RowCount | Columns
    # The SQL that the project has for it, with the macros still to be rendered.
    raw: str
    # The only CTEs that are mutated; None: the whole query but its fixtures.
    mutated: frozenset[str] | None = None


@dataclass(frozen=True)
class Mutant:
    """One change of one text; the fields are its name in the register."""

    kind: str
    subject: str
    place: str
    operator: str
    before: str
    after: str
    # Which of those with the same name it is.
    number: int = 1

    def __str__(self) -> str:
        nth = f" (number {self.number})" if self.number > 1 else ""
        became = f" -> {self.after}" if self.after else " dropped"
        return f"{self.kind} {self.subject}, {self.place}, {self.operator}{nth}: {self.before}{became}"


class Query:
    """The query of a case in parts: the fixtures, the other CTEs and the query below them."""

    def __init__(self, case: Case) -> None:
        self.case = case
        body = sqlglot.parse_one(case.sql, dialect=DIALECT)
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
        # As a CTE the query below has a parent, as every other part.
        self.body = exp.CTE(this=body, alias=exp.TableAlias(this=exp.to_identifier(BODY)))
        self.parts.append(self.body)
        self._texts = [self._text(part) for part in self.parts]

    def _text(self, part: exp.CTE) -> str:
        return part.this.sql(DIALECT) if part is self.body else part.sql(DIALECT)

    def sql(self, changed: exp.CTE | None = None) -> str:
        """The query without its fixtures; only the part that is changed is written anew."""
        texts = [
            self._text(part) if part is changed else known
            for part, known in zip(self.parts, self._texts, strict=True)
        ]
        word = "WITH RECURSIVE " if self.recursive else "WITH "
        return (word + ", ".join(texts[:-1]) + " " if len(texts) > 1 else "") + texts[-1]


@dataclass(frozen=True)
class Occurrence:
    """A change in one of the queries that the mutated text stands in."""

    query: Query
    part: exp.CTE
    # What one author wrote: the part, or what a macro rendered inside it.
    root: exp.Expression
    change: Change

    def sql(self) -> str:
        """The query with the change."""
        old = self.change.apply()
        try:
            return self.query.sql(self.part)
        finally:
            self.change.undo(old)


@dataclass
class Scope:
    """A piece of one query that one author wrote: a CTE, or what a macro rendered inside one."""

    kind: str
    subject: str
    place: str
    occurrences: list[Occurrence] = field(default_factory=list)

    @property
    def shape(self) -> tuple:
        """What two renderings of the same text have in common; names and constants may be arguments."""
        return tuple(occurrence.change.operator for occurrence in self.occurrences)


class Authors:
    """Who wrote a piece of a query: the test or model itself, or a macro."""

    def __init__(self, compiled: Compiled) -> None:
        project = compiled.manifest["metadata"]["project_name"]
        macros = [macro for macro in compiled.manifest["macros"].values() if macro["package_name"] == project]
        self.files = {macro["name"]: macro["original_file_path"] for macro in macros}
        self._sql = {
            macro["name"]: macro["macro_sql"]
            for macro in macros
            if macro["original_file_path"].startswith("macros/")
            and not macro["original_file_path"].startswith(LEFT_ALONE)
        }
        self._expressions: dict[exp.Expression, str] = {}
        for text, name in compiled.rendered.items():
            expression = _expression(text)
            if expression is not None:
                self._expressions.setdefault(expression, name)
        self._types = {type(expression) for expression in self._expressions}

    def macro(self, node: exp.Expression) -> str | None:
        """The macro that rendered exactly this node."""
        return self._expressions.get(node) if type(node) in self._types else None

    def is_left_alone(self, node: exp.Expression) -> bool:
        """Whether a macro that is left alone rendered this node."""
        return self.files.get(self.macro(node) or "", "").startswith(LEFT_ALONE)

    def of_part(self, case: Case, alias: str) -> str | None:
        """The macro that rendered a whole CTE; None when the case has it in its own SQL."""
        pattern = re.compile(r"\bselect\b" if alias == BODY else rf"\b{alias}\b(\s*\([^()]*\))?\s+as\s*\(")
        own = re.sub(r"\{\{.*?\}\}|\{#.*?#\}|--[^\n]*", " ", case.raw, flags=re.DOTALL)
        if pattern.search(own):
            return None
        called = [name for name in self._sql if re.search(rf"\b{name}\s*\(", case.raw)]
        having = [name for name in called if pattern.search(self._sql[name])]
        return having[0] if len(having) == 1 else None

    def rendered_ctes(self, file: str, raw: str) -> frozenset[str]:
        """The CTEs of a harness that a macro renders; none for a test that calls no macro."""
        code = re.sub(r"\{#.*?#\}|--[^\n]*", " ", raw, flags=re.DOTALL)
        called = re.findall(r"\{\{-?\s*(\w+)\s*\(", code)
        ctes = re.findall(r"(\w+)\s+as\s*\(\s*\{\{-?\s*(\w+)\s*\(", code)
        found = frozenset(cte for cte, macro in ctes if macro in self._sql)
        if not found and any(macro in self._sql for macro in called):
            raise UserError(
                f"{file} calls a macro that is not a CTE of its own, so it cannot be told from the harness; "
                "expected: name as ( {{ macro(...) }} )"
            )
        return found


def _expression(text: str) -> exp.Expression | None:
    """What a macro rendered, if it is a whole expression or query and more than a name or a constant."""
    try:
        expression = sqlglot.parse_one(text, dialect=DIALECT)
    except sqlglot.errors.SqlglotError:
        return None
    simple = exp.Column | exp.Literal | exp.Identifier | exp.Table | exp.Alias | exp.Command | exp.Dot
    return None if expression is None or isinstance(expression, simple) else expression


def scopes(query: Query, authors: Authors) -> Iterator[Scope]:
    """Everything that can be changed in a query, by the text that it stands in."""
    case = query.case
    for part in query.parts:
        if case.mutated is not None and part.alias not in case.mutated:
            continue
        found: dict[int, Scope] = {}
        author = authors.of_part(case, part.alias) if case.mutated is None else None
        whole = ("makro", author) if author else (case.kind, case.subject)
        for change in changes(part.this, authors.is_left_alone):
            if _is_unseen(query, part, change):
                continue
            root, name = _innermost(change.place, part, authors)
            if id(root) not in found:
                kind, subject = ("makro", name) if name else whole
                place = part.alias if name is None else "-"
                found[id(root)] = Scope(kind, subject, place)
            found[id(root)].occurrences.append(Occurrence(query, part, root, change))
        yield from found.values()


def _innermost(node: exp.Expression, part: exp.CTE, authors: Authors) -> tuple[exp.Expression, str | None]:
    while node is not None and node is not part:
        name = authors.macro(node)
        if name is not None:
            return node, name
        node = node.parent
    return part, None


def _is_unseen(query: Query, part: exp.CTE, change: Change) -> bool:
    """A test that counts rows does not look at what stands in the columns of its last query."""
    verdict = query.case.verdict
    body = query.body.this
    if part is not query.body or not isinstance(verdict, RowCount) or verdict.fail_calc != "count(*)":
        return False
    if not isinstance(body, exp.Select) or body.args.get("distinct"):
        return False
    node = change.place
    while node.parent is not body and node.parent is not None:
        node = node.parent
    return node.parent is body and node.arg_key == "expressions"


def branch(occurrence: Occurrence) -> str:
    """In which branch of a union a change is, by a text that only that branch has; blank outside of one."""
    union = None
    node = found = occurrence.change.place
    while node is not None and node is not occurrence.root:
        if isinstance(node.parent, exp.Union) and not isinstance(node, exp.Union):
            union, found = node.parent, node
        node = node.parent
    if union is None:
        return ""
    while isinstance(union.parent, exp.Union) and union is not occurrence.root:
        union = union.parent
    branches = _branches(union)
    literals = [
        [literal.this for literal in other.find_all(exp.Literal) if literal.is_string] for other in branches
    ]
    number = next(number for number, other in enumerate(branches) if other is found)
    elsewhere = {text for other, texts in enumerate(literals) if other != number for text in texts}
    own = next((text for text in literals[number] if text not in elsewhere), str(number + 1))
    return f"[{own}]"


def _branches(union: exp.Expression) -> list[exp.Expression]:
    if not isinstance(union, exp.Union):
        return [union]
    return [*_branches(union.this), *_branches(union.expression)]


def mutants(queries: list[Query], authors: Authors) -> dict[Mutant, list[Occurrence]]:
    """Every mutant, with the places where it can be made; kinds and subjects in order."""
    groups: dict[tuple[str, str, str], dict[tuple, list[Scope]]] = {}
    for query in queries:
        for scope in scopes(query, authors):
            key = (scope.kind, scope.subject, scope.place)
            groups.setdefault(key, {}).setdefault(scope.shape, []).append(scope)
    found: dict[Mutant, list[Occurrence]] = {}
    for (kind, subject, place), shapes in groups.items():
        if kind == "regel" and len(shapes) != 1:
            raise UserError(
                f"{subject} is not the same query for each of its twins in {place}; "
                "expected only other relations and constants"
            )
        for alike in shapes.values():
            numbers: Counter[Mutant] = Counter()
            for same in zip(*(scope.occurrences for scope in alike), strict=True):
                change = same[0].change
                mutant = Mutant(
                    kind, subject, place + branch(same[0]), change.operator, change.before, change.after
                )
                numbers[mutant] += 1
                numbered = Mutant(*list(vars(mutant).values())[:-1], numbers[mutant])
                # A macro renders its text in several shapes; what they have in common is one mutant.
                found.setdefault(numbered, []).extend(same)
    return dict(sorted(found.items(), key=lambda item: (KINDS.index(item[0].kind), item[0].subject)))


def cases(compiled: Compiled, authors: Authors) -> list[Case]:
    """Every test with fixtures, as dbt compiled it."""
    found = []
    for key, node in compiled.manifest["nodes"].items():
        if node["resource_type"] != "test":
            continue
        config = node["config"]
        verdict = RowCount(config["fail_calc"], config["error_if"], config["limit"])
        metadata = node.get("test_metadata")
        file, name = node["original_file_path"], node["name"]
        if metadata is None and file.startswith(HARNESSES):
            rendered = authors.rendered_ctes(file, node["raw_code"])
            if rendered:
                sql = _sql(key, compiled)
                found.append(Case("kontroll", name, name, sql, verdict, node["raw_code"], rendered))
        elif metadata is not None and file.startswith(TWINS):
            rule = metadata["name"]
            if authors.files.get(f"test_{rule}", "").startswith(RULES):
                raw = compiled.manifest["macros"][
                    f"macro.{compiled.manifest['metadata']['project_name']}.test_{rule}"
                ]["macro_sql"]
                found.append(Case("regel", rule, name, _sql(key, compiled), verdict, raw))
    models = {
        node["name"]: node for node in compiled.manifest["nodes"].values() if node["resource_type"] == "model"
    }
    for key, test in compiled.manifest["unit_tests"].items():
        rows = test["expect"]["rows"]
        # With SQL instead of rows dbt compares every column.
        columns = Columns(tuple(rows[0]) if isinstance(rows, list) and rows else None)
        raw = models[test["model"]]["raw_code"]
        found.append(Case("modell", test["model"], test["name"], _sql(key, compiled), columns, raw))
    return sorted(found, key=lambda case: (KINDS.index(case.kind), case.subject, case.name))


def _sql(key: str, compiled: Compiled) -> str:
    if key not in compiled.sql:
        raise UserError(f"dbt did not run {key}; expected it among the tests of the fixtures")
    return compiled.sql[key]
