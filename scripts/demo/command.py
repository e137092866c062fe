"""python -m scripts demo-data: the synthetic demonstration delivery."""

import argparse
import sys
from pathlib import Path

from scripts.demo import writing
from scripts.demo.delivery import Delivery
from scripts.demo.targets import read_csv
from scripts.errors import UserError
from scripts.paths import DEMO

HELP = "generate the synthetic demonstration delivery (always the same bytes)"
MANIFEST = "manifest.csv"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--out", type=Path, default=DEMO, help="folder to write to (default: data/demo)")
    parser.add_argument(
        "--only",
        choices=["forms", "iplos"],
        help="write only these files, and compare them with manifest.csv, which is left as it is",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing: compare the files on disk with manifest.csv"
    )


def run(args: argparse.Namespace) -> int:
    """Generate, or check."""
    if args.check:
        count = check(args.out, args.only)
        print(f"{count} files agree with {args.out / MANIFEST}", file=sys.stderr)
        return 0
    delivery = build(args.only)
    for path, content in delivery.files.items():
        writing.put(args.out / path, content)
    if args.only is None:
        writing.put(args.out / MANIFEST, writing.manifest_bytes(args.out, list(delivery.files)))
    elif (args.out / MANIFEST).exists():
        check(args.out, args.only)
    print(f"{len(delivery.files)} files written to {args.out}", file=sys.stderr)
    return 0


def build(only: str | None = None) -> Delivery:
    """The delivery in memory, or the part of it that is asked for."""
    delivery = Delivery()
    if only == "iplos":
        delivery.survey()
        delivery.files.clear()
    else:
        delivery.forms()
    if only == "forms":
        return delivery
    delivery.iplos()
    if only is None:
        delivery.notes()
    return delivery


def check(root: Path, only: str | None = None) -> int:
    """Compare what is on disk with the manifest; the first difference is one sentence."""
    rows = read_csv(root / MANIFEST)
    register = rows.path.str.contains("/iplos/")
    if only is not None:
        rows = rows[register if only == "iplos" else ~register & ~rows.path.isin(["fasit.csv"])]
    for row in rows.itertuples():
        path = root / row.path
        if not path.exists():
            raise UserError(f"{path} is missing, but {MANIFEST} lists it; run 'python -m scripts demo-data'")
        found = writing.digest(path)
        if found != row.sha256:
            raise UserError(
                f"{path} has sha256 {found[:12]}…, expected {row.sha256[:12]}… as in {MANIFEST}: "
                "the file was changed, or made by another version of the generator"
            )
    return len(rows)
