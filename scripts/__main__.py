"""Entry point: python -m scripts <command>."""

import argparse
import importlib
import sys

from scripts.errors import UserError

COMMANDS = {
    "demo-data": "scripts.demo.command",
    "ingest": "scripts.ingest",
    "build": "scripts.build",
    "fields": "scripts.fields",
    "rules": "scripts.rules",
    "failures": "scripts.failures",
    "expected": "scripts.expected",
    "compare": "scripts.compare",
    "postgres-load": "scripts.postgres.inndata",
    "postgres-build": "scripts.postgres.build",
    "postgres-test": "scripts.postgres.own_server",
    "letter": "scripts.letter",
    "check": "scripts.check_form",
    "export-controls": "scripts.export_controls",
    "worklist": "scripts.worklist",
    "lint": "scripts.lint",
    "mutate": "scripts.mutation",
    "simulate": "scripts.simulation",
    "docs": "scripts.docs",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; a UserError becomes one sentence on stderr and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m scripts", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    modules = {name: importlib.import_module(path) for name, path in COMMANDS.items()}
    for name, module in modules.items():
        module.arguments(subparsers.add_parser(name, help=module.HELP, description=module.HELP))
    args = parser.parse_args(argv)
    try:
        return modules[args.command].run(args)
    except UserError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        print(f"Error: {error.filename} cannot be used: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Error: {args.command} was stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
