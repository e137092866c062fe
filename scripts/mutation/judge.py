"""Run mutants over their fixtures and say which of them a test notices."""

import threading
from collections import Counter
from collections.abc import Callable

import duckdb

from scripts.errors import UserError
from scripts.mutation.subjects import Columns, Occurrence, Query, RowCount

KILLED, TIMED_OUT, SURVIVED, INVALID = "killed", "timed out", "survived", "invalid"
# What a change makes impossible to start is no mutant.
NOT_RUNNABLE = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)


class Judge:
    """Fixtures in memory, and a clock that stops a query that has run away."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self.connection = connection
        self.seconds = seconds
        self._tests: dict[Query, Callable[[str], bool]] = {}
        self._current = ""
        self._seen: set[tuple[Query, str]] = set()

    def prepare(self, query: Query) -> None:
        """Make the fixtures of a query, once; its test must pass, also as the query is written anew."""
        if query in self._tests:
            return
        case = query.case
        schema = f"memory.fixtures_{len(self._tests) + 1}"
        self.connection.execute(f"create schema {schema}")
        for name, sql in query.fixtures.items():
            self.connection.execute(f"create table {schema}.{name} as {sql}")
        self._use(schema)
        try:
            if isinstance(case.verdict, RowCount):
                passes = self._row_count(case.verdict)
            else:
                passes = self._columns(case.verdict, case.sql)
            good = passes(case.sql) and passes(query.sql())
        except duckdb.Error as error:
            raise UserError(f"the test {case.name} cannot be run without any mutation: {error}") from error
        if not good:
            raise UserError(f"the test {case.name} does not pass without any mutation")

        def test(sql: str) -> bool:
            self._use(schema)
            return passes(sql)

        self._tests[query] = test
        self._seen.add((query, query.sql()))

    def outcome(self, occurrences: list[Occurrence]) -> str | None:
        """A mutant is killed when a test notices it in any of the places where it can be made.

        None for one that changes nothing, or gives the same query as an earlier one.
        """
        outcomes = []
        for occurrence in occurrences:
            sql = occurrence.sql()
            if not outcomes:
                if (occurrence.query, sql) in self._seen:
                    return None
                self._seen.add((occurrence.query, sql))
            outcomes.append(self._try(sql, self._tests[occurrence.query]))
            if outcomes[-1] in (KILLED, TIMED_OUT):
                return outcomes[-1]
        return SURVIVED if SURVIVED in outcomes else INVALID

    def _try(self, sql: str, test: Callable[[str], bool]) -> str:
        try:
            return SURVIVED if test(sql) else KILLED
        except NOT_RUNNABLE:
            return INVALID
        except duckdb.InterruptException:
            return TIMED_OUT
        except duckdb.Error:
            # A cast that fails, a number out of range: the test ends with an error.
            return KILLED

    def _run(self, sql: str) -> list[tuple]:
        clock = threading.Timer(self.seconds, self.connection.interrupt)
        clock.start()
        try:
            return self.connection.execute(sql).fetchall()
        finally:
            clock.cancel()

    def _use(self, schema: str) -> None:
        if schema != self._current:
            self.connection.execute(f"use {schema}")
            self._current = schema

    def _row_count(self, verdict: RowCount) -> Callable[[str], bool]:
        limit = f" limit {verdict.limit}" if verdict.limit else ""

        def passes(sql: str) -> bool:
            ((fails,),) = self._run(
                f"select {verdict.fail_calc} {verdict.error_if} from ({sql}\n{limit}) as dbt_internal_test"
            )
            return not fails

        return passes

    def _columns(self, verdict: Columns, sql: str) -> Callable[[str], bool]:
        """dbt has just compared the unchanged query with what is expected, so its rows are that."""
        columns = "*" if verdict.names is None else ", ".join(f'"{name}"' for name in verdict.names)
        expected = Counter(self._run(f"select {columns} from ({sql}\n) as actual"))
        # One row more than expected is enough to see that there are too many.
        most = expected.total() + 1

        def passes(sql: str) -> bool:
            return Counter(self._run(f"select {columns} from ({sql}\n) as actual limit {most}")) == expected

        return passes
