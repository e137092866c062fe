"""Lints of our own: what ruff, sqlfluff and dbt do not look at."""

import argparse
import sys

from scripts import lint_columns, lint_engine, lint_yaml, paths

HELP = "Check YAML and doc blocks (yaml), portability (engine), or the documented columns (columns)."

LINTS = {
    "yaml": lint_yaml.lint,
    "engine": lint_engine.lint,
    "columns": lambda root: lint_columns.lint(root, paths.WAREHOUSE),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which lint."""
    parser.add_argument("what", choices=LINTS, help="columns needs a published warehouse")


def run(args: argparse.Namespace) -> int:
    """Print every finding as file:line: text."""
    findings = LINTS[args.what](paths.ROOT)
    for finding in findings:
        print(finding)
    outcome = f"{len(findings)} findings" if findings else "nothing found"
    print(f"lint {args.what}: {outcome}", file=sys.stderr)
    return 1 if findings else 0
