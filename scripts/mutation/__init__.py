"""The mutation run: change one thing at a time in every query that has fixtures, and see whether a test notices."""

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.errors import UserError
from scripts.paths import ROOT

if TYPE_CHECKING:
    from scripts.mutation.subjects import Mutant

HELP = "Change one thing at a time in rules, controls and unit-tested models; every change must be noticed."
REGISTER = ROOT / "tests" / "mutanter_som_overlever.csv"
SURVIVORS = Path("overlever.csv")
SECONDS = 5.0


@dataclass
class Score:
    """What became of the mutants."""

    outcomes: dict["Mutant", str] = field(default_factory=dict)
    register: dict["Mutant", str] = field(default_factory=dict)

    def _with(self, *outcomes: str) -> list["Mutant"]:
        return [mutant for mutant, outcome in self.outcomes.items() if outcome in outcomes]

    @property
    def survivors(self) -> list["Mutant"]:
        """Those that no test noticed and nobody has explained."""
        return [mutant for mutant in self._with("survived") if mutant not in self.register]

    @property
    def explained(self) -> list["Mutant"]:
        """Those that no test noticed, with a reason in the register."""
        return [mutant for mutant in self._with("survived") if mutant in self.register]

    @property
    def unused(self) -> list["Mutant"]:
        """Explanations of what does not survive, or no longer exists."""
        tried = {(mutant.kind, mutant.subject) for mutant in self.outcomes}
        return [
            mutant
            for mutant in self.register
            if self.outcomes.get(mutant) != "survived"
            and ((mutant.kind, mutant.subject) in tried or self.complete)
        ]

    complete: bool = True

    def table(self) -> str:
        """One line per text that was mutated."""
        subjects = list(dict.fromkeys((mutant.kind, mutant.subject) for mutant in self.outcomes))
        width = max((len(subject) for _, subject in subjects), default=0)
        lines = [f"{'':9} {'':{width}} {'mutants':>8} {'killed':>8} {'timed out':>9} {'explained':>9} {'survive':>8}"]
        for kind, subject in subjects:
            counts = Counter(
                "explained" if outcome == "survived" and mutant in self.register else outcome
                for mutant, outcome in self.outcomes.items()
                if (mutant.kind, mutant.subject) == (kind, subject) and outcome != "invalid"
            )
            lines.append(
                f"{kind:9} {subject:{width}} {counts.total():8} {counts['killed']:8} {counts['timed out']:9} "
                f"{counts['explained']:9} {counts['survived']:8}"
            )
        return "\n".join(lines)

    def line(self) -> str:
        """The score."""
        killed = self._with("killed", "timed out")
        total = len(self._with("killed", "timed out", "survived"))
        percent = 100 * len(killed) / total if total else 0
        parts = [f"{len(killed)} of {total} mutants killed ({percent:.1f} %)", f"{len(self.explained)} explained"]
        timed_out = self._with("timed out")
        if timed_out:
            parts.append(f"{len(timed_out)} of the killed by the clock")
        if self.survivors:
            parts.append(f"{len(self.survivors)} survive")
        return ", ".join(parts)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Command-line options."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="a rule, control test, model or macro; default all of them",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        help=f"how long a mutant may run before it counts as noticed, default {SECONDS:g}",
    )


def run(args: argparse.Namespace) -> int:
    """Mutate, print the score and what survives; 1 if something does that the register does not explain."""
    # sqlglot and dbt are only needed here, and dbt takes seconds to import.
    from scripts.mutation import compiled, register

    started = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {text}", file=sys.stderr, flush=True)

    explained = register.read(REGISTER)
    score = mutate(compiled.compile_project(ROOT, say), ROOT / compiled.DATABASE, args.names, args.seconds, say)
    score.register = explained
    print(score.table())
    print()
    print(score.line())
    survivors = ROOT / compiled.FOLDER / SURVIVORS
    register.write(survivors, score.survivors)
    for mutant in score.survivors:
        print(f"Error: no test notices {mutant}", file=sys.stderr)
    for mutant in score.unused:
        print(f"Error: {REGISTER.relative_to(ROOT)} explains what does not survive: {mutant}", file=sys.stderr)
    if score.survivors:
        print(
            f"The {len(score.survivors)} that survive are in {survivors.relative_to(ROOT)}; give the fixtures a row "
            f"that tells, or explain them in {REGISTER.relative_to(ROOT)}",
            file=sys.stderr,
        )
    return 1 if score.survivors or score.unused else 0


def mutate(project, database: Path, names: list[str], seconds: float, say) -> Score:
    """Try every mutant of a compiled project; `names` limits it to some texts."""
    import duckdb

    from scripts.mutation import subjects
    from scripts.mutation.judge import Judge

    authors = subjects.Authors(project)
    queries = [subjects.Query(case) for case in subjects.cases(project, authors)]
    mutants = subjects.mutants(queries, authors)
    known = {mutant.subject for mutant in mutants}
    if unknown := sorted(set(names) - known):
        raise UserError(
            f"found nothing to mutate that is called {', '.join(unknown)}; expected one of {', '.join(sorted(known))}"
        )
    chosen = {mutant: places for mutant, places in mutants.items() if not names or mutant.subject in names}
    score = Score(complete=not names)
    with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as connection:
        if database.exists():
            connection.execute(f"attach '{database}' as {database.stem} (read_only)")
        judge = Judge(connection, seconds)
        for query in queries:
            judge.prepare(query)
        subject = None
        for mutant, places in chosen.items():
            if mutant.subject != subject:
                subject = mutant.subject
                say(f"{mutant.kind} {subject}")
            score.outcomes[mutant] = judge.outcome(places)
    return score
