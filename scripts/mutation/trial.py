"""Try every mutant of a project, and count."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts.errors import UserError
from scripts.mutation.compiled import Compiled
from scripts.mutation.judge import INVALID, KILLED, SURVIVED, TIMED_OUT, Judge
from scripts.mutation.subjects import Authors, Mutant, Query, cases, mutants

HEADINGS = ("mutants", "killed", "by the clock", "explained", "survive")


@dataclass(frozen=True)
class Score:
    """What became of the mutants, and what the register says about those that survive."""

    outcomes: dict[Mutant, str]
    register: dict[Mutant, str]

    def _with(self, *outcomes: str) -> list[Mutant]:
        return [mutant for mutant, outcome in self.outcomes.items() if outcome in outcomes]

    @property
    def survivors(self) -> list[Mutant]:
        """Those that no test noticed and nobody has explained."""
        return [mutant for mutant in self._with(SURVIVED) if mutant not in self.register]

    @property
    def unused(self) -> list[Mutant]:
        """Those that are explained and do not survive, or are not there any more."""
        return [mutant for mutant in self.register if self.outcomes.get(mutant) != SURVIVED]

    def _counts(self, tried: list[Mutant]) -> tuple[int, ...]:
        """In the order of the headings; what could not be started is not counted."""
        counts = Counter(self.outcomes[mutant] for mutant in tried)
        explained = sum(self.outcomes[mutant] == SURVIVED and mutant in self.register for mutant in tried)
        return (
            counts[KILLED] + counts[TIMED_OUT] + counts[SURVIVED],
            counts[KILLED] + counts[TIMED_OUT],
            counts[TIMED_OUT],
            explained,
            counts[SURVIVED] - explained,
        )

    def table(self) -> str:
        """One line per text that was mutated."""
        groups: dict[tuple[str, str], list[Mutant]] = {}
        for mutant in self.outcomes:
            groups.setdefault((mutant.kind, mutant.subject), []).append(mutant)
        width = max((len(subject) for _, subject in groups), default=0)
        lines = [f"{'':8} {'':{width}}" + "".join(f"{heading:>14}" for heading in HEADINGS)]
        for (kind, subject), tried in groups.items():
            numbers = "".join(f"{number:14}" for number in self._counts(tried))
            lines.append(f"{kind:8} {subject:{width}}{numbers}")
        return "\n".join(lines)

    def line(self) -> str:
        """The score in one line."""
        tried, killed, _, explained, survive = self._counts(list(self.outcomes))
        percent = 100 * killed / tried if tried else 0
        rest = f", {survive} survive" if survive else ""
        return f"{killed} of {tried} mutants killed ({percent:.1f} %), {explained} explained{rest}"

    def complaints(self, register: Path) -> list[str]:
        """One sentence per mutant that is wrong."""
        return [f"no test notices {mutant}" for mutant in self.survivors] + [
            f"{register} explains a mutant that does not survive: {mutant}" for mutant in self.unused
        ]


def mutate(
    project: Compiled,
    database: Path | None,
    names: list[str],
    seconds: float,
    register: dict[Mutant, str],
    say: Callable[[str], None],
) -> Score:
    """Try every mutant; `names` limits them, and the part of the register that counts, to some texts."""
    authors = Authors(project)
    queries = [Query(case) for case in cases(project, authors)]
    found = mutants(queries, authors)
    known = {mutant.subject for mutant in found}
    if unknown := sorted(set(names) - known):
        raise UserError(
            f"found nothing to mutate that is called {', '.join(unknown)}; "
            f"expected one of {', '.join(sorted(known))}"
        )
    chosen = [mutant for mutant in found if not names or mutant.subject in names]
    outcomes: dict[Mutant, str] = {}
    with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as connection:
        if database is not None:
            connection.execute(f"attach '{database}' as {database.stem} (read_only)")
        judge = Judge(connection, seconds)
        for query in queries:
            judge.prepare(query)
        subject = ""
        for mutant in chosen:
            if mutant.subject != subject:
                subject = mutant.subject
                say(f"{mutant.kind} {subject}")
            outcome = judge.outcome(found[mutant])
            if outcome not in (None, INVALID):
                outcomes[mutant] = outcome
    explained = {mutant: why for mutant, why in register.items() if not names or mutant.subject in names}
    return Score(outcomes, explained)
