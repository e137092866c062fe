"""Markdown from the field catalogues: what a delivery holds, and what changed between form versions."""

import argparse
import sys
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from scripts.catalogue import SOURCES, read_catalogue
from scripts.errors import UserError
from scripts.fields_markdown import changelog, describe
from scripts.paths import ROOT

HELP = "Describe a delivery, or list what changed between two form versions, from the field catalogues."
DOCS = ROOT / "docs" / "skjema"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command line of `python -m scripts fields`."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="action")
    describe = commands.add_parser(
        "describe",
        help="describe the delivery of one form version",
        description="Print what a delivery of one form version holds, as Markdown.",
        epilog="Example: python -m scripts fields describe --source skjema13 --version 2018",
    )
    describe.add_argument(
        "--version", required=True, metavar="YEAR", help="a form version, or any year inside it"
    )
    changes = commands.add_parser(
        "changelog",
        help="list what changed between two form versions",
        description="Print new, removed and changed fields between two form versions, as Markdown.",
        epilog="Example: python -m scripts fields changelog --source skjema13 --from 2015 --to 2018",
    )
    changes.add_argument(
        "--from", dest="old", required=True, metavar="YEAR", help="the earlier version, or any year inside it"
    )
    changes.add_argument(
        "--to", dest="new", required=True, metavar="YEAR", help="the later version, or any year inside it"
    )
    for command in (describe, changes):
        command.add_argument("--source", required=True, metavar="SOURCE", help=f"one of {', '.join(SOURCES)}")
        command.add_argument(
            "--out", type=Path, metavar="FILE", help="write to this file instead of the screen"
        )
    commands.add_parser(
        "docs",
        help="write every description and changelog to docs/skjema",
        description="Write every version's description and the changelogs between neighbours to docs/skjema.",
    )


def run(args: argparse.Namespace) -> int:
    """Render what was asked for."""
    if args.action == "docs":
        write_docs(DOCS)
        return 0
    catalogue = read_catalogue(args.source)
    if args.action == "describe":
        text = describe(catalogue, catalogue.find_version(args.version))
    else:
        old, new = catalogue.find_version(args.old), catalogue.find_version(args.new)
        if old == new:
            raise UserError(
                f"{args.old} and {args.new} are both in {args.source} version {old.name} ({old.period}); "
                "expected two different versions."
            )
        if old.first > new.first:
            raise UserError(
                f"--from {args.old} is later than --to {args.new}; expected the earlier version first."
            )
        text = changelog(catalogue, old, new)
    if args.out is None:
        sys.stdout.write(text)
    else:
        write_text(args.out, text)
    return 0


def pages() -> dict[str, str]:
    """Every page of docs/skjema: descriptions, changelogs between neighbours, a front page."""
    found: dict[str, str] = {}
    for source in SOURCES:
        catalogue = read_catalogue(source)
        versions = catalogue.versions()
        for version in versions:
            found[f"{source}_{version.name}.md"] = describe(catalogue, version)
        for old, new in pairwise(versions):
            found[f"{source}_endringer_{old.name}_{new.name}.md"] = changelog(catalogue, old, new)
    links = [f"- [{text.splitlines()[0].removeprefix('# ')}]({name})" for name, text in found.items()]
    front = [
        "# Leveransene / *The deliveries*",
        "Sidene er laget av feltkatalogene i `seeds/definisjoner/` med `python -m scripts fields docs`.",
        "*The pages are rendered from the field catalogues in `seeds/definisjoner/` by the same command.*",
        "\n".join(links),
    ]
    return {"README.md": "\n\n".join(front) + "\n", **found}


def write_docs(folder: Path) -> None:
    """Write all pages, and remove those of versions that are no longer in a catalogue."""
    wanted = pages()
    for name, text in wanted.items():
        write_text(folder / name, text)
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    print(f"Wrote {len(wanted)} pages to {folder}.", file=sys.stderr)


def write_text(path: Path, text: str) -> None:
    """Write a whole file in one step."""
    if path.is_dir():
        raise UserError(f"{path} is a folder and cannot be written; expected the name of a file.")
    beside = path.with_name(f".{path.name}.ny")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise UserError(
            f"{path} cannot be written: {error.strerror}; expected a file name in a folder."
        ) from error
