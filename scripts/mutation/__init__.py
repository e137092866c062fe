"""The mutation run: change one thing at a time in every query with fixtures; a test must notice."""

import argparse
import os
import sys
import time
from pathlib import Path

from scripts.paths import ROOT

HELP = (
    "Change one thing at a time in rules, controls and unit-tested models; a test must notice every change."
)
REGISTER = ROOT / "tests" / "mutanter_som_overlever.csv"
SURVIVORS = Path("target") / "mutasjon" / "overlever.csv"
SECONDS = 5.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which texts, and how long a mutant may run."""
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="a rule, control, model or macro; default all of them"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        help=f"a mutant that runs longer is stopped, and counts as noticed; default {SECONDS:g}",
    )


def run(args: argparse.Namespace) -> int:
    """Print a table and the score; 1 if something survives unexplained, or is explained in vain."""
    # dbt and sqlglot take a second to import, which the other commands need not wait for.
    from scripts.mutation import compiled, register, trial

    started = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {text}", file=sys.stderr, flush=True)

    explained = register.read(REGISTER)
    project = compiled.compile_project(ROOT, say)
    database, workers = ROOT / compiled.DATABASE, os.cpu_count() or 1
    score = trial.mutate(project, database, args.names, args.seconds, explained, say, workers)
    register.write(ROOT / SURVIVORS, score.survivors)
    print(score.table(), score.line(), sep="\n\n")
    for sentence in score.complaints(REGISTER.relative_to(ROOT)):
        print(f"Error: {sentence}", file=sys.stderr)
    if score.survivors:
        print(
            f"The rows of those that survive are in {SURVIVORS}: give the fixtures a row that tells, "
            f"or add the row with a reason to {REGISTER.relative_to(ROOT)}",
            file=sys.stderr,
        )
    return 1 if score.survivors or score.unused else 0
