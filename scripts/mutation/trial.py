"""Try every mutant of a project, and count."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts.errors import UserError
from scripts.mutation.compiled import Compiled
from scripts.mutation.judge import INVALID, KILLED, SURVIVED, TIMED_OUT, Judge
from scripts.mutation.subjects import Authors, Mutant, Occurrence, Query, cases, mutants

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
    workers: int = 1,
) -> Score:
    """Try every mutant; `names` limits them, and the part of the register that counts, to some texts.

    With several workers the texts are shared between them; what becomes of a mutant is the same.
    """
    found = _found(project)
    known = {mutant.subject for mutant in found}
    if unknown := sorted(set(names) - known):
        raise UserError(
            f"found nothing to mutate that is called {', '.join(unknown)}; "
            f"expected one of {', '.join(sorted(known))}"
        )
    sizes = Counter(mutant.subject for mutant in found if not names or mutant.subject in names)
    shares = _shares(sizes, workers)
    if len(shares) == 1:
        tried = _try(found, database, set(sizes), seconds, say)
    else:
        tried = {}
        # Each worker starts afresh: a copy of a process with threads of dbt's can hang.
        with ProcessPoolExecutor(len(shares), multiprocessing.get_context("spawn")) as pool:
            running = [pool.submit(_worker, project, database, share, seconds) for share in shares]
            for done in as_completed(running):
                tried |= done.result()
                say(f"{len(tried)} mutants tried")
    # In the order of the texts, whoever tried them.
    outcomes = {mutant: tried[mutant] for mutant in found if mutant in tried}
    explained = {mutant: why for mutant, why in register.items() if not names or mutant.subject in names}
    return Score(outcomes, explained)


def _found(project: Compiled) -> dict[Mutant, list[Occurrence]]:
    authors = Authors(project)
    return mutants([Query(case) for case in cases(project, authors)], authors)


def _shares(sizes: Counter[str], workers: int) -> list[set[str]]:
    """The texts in as many parts as there are workers, the largest first, each to whoever has least."""
    shares: list[set[str]] = [set() for _ in range(max(1, min(workers, len(sizes))))]
    for subject, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        min(shares, key=lambda share: sum(sizes[name] for name in share)).add(subject)
    return shares


def _worker(project: Compiled, database: Path | None, share: set[str], seconds: float) -> dict[Mutant, str]:
    return _try(_found(project), database, share, seconds, lambda _: None)


def _try(
    found: dict[Mutant, list[Occurrence]],
    database: Path | None,
    subjects: set[str],
    seconds: float,
    say: Callable[[str], None],
) -> dict[Mutant, str]:
    """What became of the mutants of some texts, without those that change nothing or cannot be started."""
    outcomes: dict[Mutant, str] = {}
    with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as connection:
        if database is not None:
            connection.execute(f"attach '{database}' as {database.stem} (read_only)")
        judge = Judge(connection, seconds)
        subject = ""
        for mutant, occurrences in found.items():
            if mutant.subject not in subjects:
                continue
            if mutant.subject != subject:
                subject = mutant.subject
                say(f"{mutant.kind} {subject}")
            for occurrence in occurrences:
                judge.prepare(occurrence.query)
            outcome = judge.outcome(occurrences)
            if outcome not in (None, INVALID):
                outcomes[mutant] = outcome
    return outcomes
