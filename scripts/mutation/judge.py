"""Run mutants over their fixtures and say which of them a test notices."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import duckdb

from scripts.errors import UserError
from scripts.mutation.subjects import Case, Columns, Query, RowCount, Subject, place

KILLED, SURVIVED, TIMED_OUT, INVALID = "killed", "survived", "timed out", "invalid"
# What a change makes impossible to run is not a mutant: dbt would not even start the test.
NOT_RUNNABLE = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)


@dataclass(frozen=True)
class Mutant:
    """One change of one subject; the fields are its name in the register."""

    kind: str
    subject: str
    place: str
    operator: str
    before: str
    after: str
    # Which of those with the same name it is.
    number: int = 1

    def __str__(self) -> str:
        became = f"became: {self.after}" if self.after else "was dropped"
        nth = f" (no. {self.number})" if self.number > 1 else ""
        return f"{self.kind} {self.subject}, {self.place}: {self.operator}: {self.before}{nth} {became}"


class Judge:
    """Fixtures in memory, and a clock that stops a query that has run away."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self.connection = connection
        self.seconds = seconds
        self._schemas = 0
        self._current = ""

    def run(self, sql: str) -> list[tuple]:
        """All rows of a query that ends in time; an InterruptException otherwise."""
        clock = threading.Timer(self.seconds, self.connection.interrupt)
        clock.start()
        try:
            return self.connection.execute(sql).fetchall()
        finally:
            clock.cancel()

    def prepare(self, case: Case, query: Query) -> Callable[[str], bool]:
        """Make the fixtures of a case; gives what says whether its test passes for a query."""
        self._schemas += 1
        schema = f"memory.fixtures_{self._schemas}"
        self.connection.execute(f"create schema {schema}")
        for name, sql in query.fixtures.items():
            self.connection.execute(f"create table {schema}.{name} as {sql}")
        self._use(schema)
        verdict = case.verdict
        if isinstance(verdict, RowCount):
            passes = self._row_count(verdict)
        else:
            passes = self._columns(verdict, case.sql)
        try:
            as_compiled, as_written_anew = passes(case.sql), passes(query.sql())
        except duckdb.Error as error:
            raise UserError(f"the test {case.name} cannot be run without any mutation: {error}") from error
        if not as_compiled or not as_written_anew:
            raise UserError(f"the test {case.name} does not pass without any mutation")

        def test(sql: str) -> bool:
            self._use(schema)
            return passes(sql)

        return test

    def _use(self, schema: str) -> None:
        if schema != self._current:
            self.connection.execute(f"use {schema}")
            self._current = schema

    def _row_count(self, verdict: RowCount) -> Callable[[str], bool]:
        limit = f" limit {verdict.limit}" if verdict.limit else ""

        def passes(sql: str) -> bool:
            ((failed,),) = self.run(
                f"select {verdict.fail_calc} {verdict.error_if} from ({sql}\n{limit}) as dbt_internal_test"
            )
            return not failed

        return passes

    def _columns(self, verdict: Columns, sql: str) -> Callable[[str], bool]:
        """dbt has compared the expected rows with the unchanged query, so its rows are the expected ones."""
        columns = "*" if verdict.names is None else ", ".join(f'"{name}"' for name in verdict.names)
        expected = Counter(self.run(f"select {columns} from ({sql}\n) as actual"))
        most = expected.total() + 1

        def passes(sql: str) -> bool:
            # One row more than expected is enough to see that there are too many.
            return Counter(self.run(f"select {columns} from ({sql}\n) as actual limit {most}")) == expected

        return passes


def try_all(subject: Subject, judge: Judge) -> Iterator[tuple[Mutant, str]]:
    """Every mutant of a subject with its outcome."""
    queries = [Query(case.sql) for case in subject.cases]
    tests = [judge.prepare(case, query) for case, query in zip(subject.cases, queries, strict=True)]
    lists = [query.changes(case.mutated) for case, query in zip(subject.cases, queries, strict=True)]
    shapes = {tuple((part.alias, change.operator) for part, change in changes) for changes in lists}
    if len(shapes) != 1:
        raise UserError(
            f"{subject.name} is not the same query in its tests "
            f"{', '.join(case.name for case in subject.cases)}; expected only other relations and constants"
        )
    seen: set[str] = set()
    numbers: Counter[Mutant] = Counter()
    unchanged = queries[0].sql()
    for same in zip(*lists, strict=True):
        part, change = same[0]
        mutant = Mutant(
            subject.kind,
            subject.name,
            place(part, change),
            change.operator,
            change.before,
            change.after,
        )
        numbers[mutant] += 1
        outcome = None
        for query, test, (changed_part, changed) in zip(queries, tests, same, strict=True):
            old = changed.apply()
            try:
                sql = query.sql(changed_part)
            finally:
                changed.undo(old)
            if query is queries[0]:
                if sql == unchanged or sql in seen:
                    break
                seen.add(sql)
            outcome = _outcome(sql, test)
            if outcome != SURVIVED:
                break
        if outcome is not None:
            yield replace(mutant, number=numbers[mutant]), outcome


def _outcome(sql: str, test: Callable[[str], bool]) -> str:
    try:
        return SURVIVED if test(sql) else KILLED
    except NOT_RUNNABLE:
        return INVALID
    except duckdb.InterruptException:
        return TIMED_OUT
    except duckdb.Error:
        # A cast that fails, a number out of range: the test ends with an error.
        return KILLED
