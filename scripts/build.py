"""The safe build: make a new warehouse file, test it, and only then replace the published one in one step."""

import argparse
import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts import audit, dbt_step, headline, ingest, paths
from scripts.demo import command as demo
from scripts.demo import writing
from scripts.errors import UserError
from scripts.ingest.swap import exclusive

HELP = "Build and test the warehouse into a new file, then replace the published one in one step."

# Where a test may stop the build: after the start (lock taken, left-overs removed) and after each step but
# the last, which is the replacement itself.
POINTS = ("start", "deliveries", "ingest", "warehouse", "audit")

LOCK_SECONDS = 3.0

# Where the file of a build that failed is kept, for a look at the rows that its tests stored.
FAILED = Path("target") / "feil"


@dataclass(frozen=True)
class Steps:
    """The three steps that read deliveries; tests put stand-ins here."""

    deliveries: Callable[[Path], None]
    ingest: Callable[[Path], object]
    warehouse: Callable[[Path, Path, Path], list[dbt_step.Relation]]


def complete_the_demonstration(deliveries: Path) -> None:
    """Make the register files that git does not hold, and compare every file with the manifest in git."""
    if deliveries.resolve() != paths.DEMO.resolve():
        return
    try:
        demo.check(deliveries, "iplos")
    except UserError:
        for path, content in demo.build("iplos").files.items():
            writing.put(deliveries / path, content)
    demo.check(deliveries)


STEPS = Steps(complete_the_demonstration, ingest.ingest, dbt_step.build_warehouse)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The folder whose kildedata is read."""
    parser.add_argument(
        "--deliveries",
        type=Path,
        default=paths.DEMO,
        help="folder with kildedata/, default the demonstration delivery in data/demo",
    )
    parser.add_argument(
        "--replace-real",
        action="store_true",
        help="let the demonstration replace a published warehouse of real deliveries",
    )


def run(args: argparse.Namespace) -> int:
    """Build, publish and print the headline figures."""
    stop_on_signal()
    try:
        published = build(paths.ROOT, deliveries=args.deliveries.resolve(), replace_real=args.replace_real)
    except KeyboardInterrupt:
        print("Error: the build was stopped", file=sys.stderr)
        return 130
    print(headline.text(published))
    return 0


def stop_on_signal() -> None:
    """A request to end is treated as Ctrl-C, so that a build cleans up after itself."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def build(
    root: Path,
    *,
    deliveries: Path,
    steps: Steps = STEPS,
    replace_real: bool = False,
    after_step: Callable[[str], None] = lambda point: None,
) -> Path:
    """Make and publish the warehouse of `root`; give the path of the published file.

    Whatever happens before the replacement, the published file stays as it was.
    """
    published = root / "warehouse" / paths.WAREHOUSE.name
    published.parent.mkdir(exist_ok=True)
    # The new file has the name of the published one: a DuckDB database is called after its file, and what a
    # view refers to is stored with that name.
    work = published.parent / ".bygger"
    replaced = False
    new_file = work / published.name
    try:
        check_folder(deliveries)
        with _lock(published.parent / ".lock"):
            try:
                _remove_leftovers(work)
                work.mkdir()
                after_step("start")
                with step(1, 5, "deliveries", "the files that git does not hold"):
                    steps.deliveries(deliveries)
                after_step("deliveries")
                with step(2, 5, "ingest", "kildedata to inndata"):
                    steps.ingest(deliveries)
                after_step("ingest")
                # Nobody may read in other deliveries while dbt reads these.
                with _kept_on_failure(new_file, root / FAILED):
                    with (
                        step(3, 5, "warehouse", "every model and every test, into a new file"),
                        exclusive(deliveries, str(deliveries)),
                    ):
                        expected = steps.warehouse(root, deliveries / "inndata", new_file)
                    after_step("warehouse")
                    with step(4, 5, "audit", "the new file, from a copy in another folder"):
                        audit.audit(new_file, expected)
                    after_step("audit")
                _keep_the_real(published, deliveries, replace_real)
                with step(5, 5, "publish", "the new file in place of the old one"):
                    _publish(new_file, published)
                    replaced = True
                    _to_disk(published.parent)
                shutil.rmtree(root / FAILED, ignore_errors=True)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except BaseException:
        print(f"Published: {published}" if replaced else _unchanged(published), file=sys.stderr)
        raise
    return published


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold the lock of this warehouse folder, or say in one sentence that another build has it."""
    with path.open("w") as file:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise UserError(
                        f"another build is running in {path.parent}; wait until it is done, then try again"
                    ) from None
                time.sleep(0.1)
        yield


def _remove_leftovers(work: Path) -> None:
    if work.exists():
        print("Removing the working files of a build that was stopped", file=sys.stderr)
        shutil.rmtree(work)


@contextmanager
def _kept_on_failure(new_file: Path, folder: Path) -> Iterator[None]:
    """Move the new file into a folder, in the place of an earlier one, when what is done with it fails."""
    try:
        yield
    except UserError:
        if new_file.exists():
            try:
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                for file in (new_file, Path(f"{new_file}.wal")):
                    if file.exists():
                        shutil.move(file, folder / file.name)
                print(f"The file of the failed build is kept: {folder / new_file.name}", file=sys.stderr)
            except OSError as error:
                # What went wrong with the build is more important than this.
                print(f"Note: the file of the failed build is not kept: {error}", file=sys.stderr)
        raise


def check_folder(deliveries: Path) -> None:
    """A UserError unless the folder can be read by ingest and by dbt."""
    odd = sorted(set(str(deliveries)) & set("*?[]{}'\""))
    if odd:
        raise UserError(
            f"the path {deliveries} holds {' '.join(odd)}; expected a path without these characters"
        )
    if not (deliveries / "kildedata").is_dir():
        raise UserError(f"{deliveries} has no folder kildedata; expected a folder with deliveries")


@contextmanager
def step(number: int, of: int, name: str, what: str) -> Iterator[None]:
    """Say on stderr that a step begins, and how long it took."""
    print(f"[{number}/{of}] {name}: {what}", file=sys.stderr, flush=True)
    started = time.monotonic()
    yield
    print(f"[{number}/{of}] {name}: done in {time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def _keep_the_real(published: Path, deliveries: Path, replace_real: bool) -> None:
    """The demonstration does not take the place of a warehouse of real deliveries unless asked to."""
    if replace_real or deliveries.resolve() != paths.DEMO.resolve() or not published.exists():
        return
    try:
        with duckdb.connect(str(published), read_only=True) as connection:
            [(real,)] = connection.sql(
                "select count(*) from staging.stg_leveranse__fil where syntetisk = 'nei'"
            ).fetchall()
    except duckdb.Error:
        return  # not a warehouse that can be read: nothing to keep
    if real:
        raise UserError(
            f"{published} holds {real} real deliveries and the demonstration would replace it; "
            "move it away, or ask for it with --replace-real"
        )


def _publish(new_file: Path, published: Path) -> None:
    """Replace the published file in one step."""
    _to_disk(new_file)
    # A log that somebody left beside the published file belongs to it; the new file would not open with it.
    Path(f"{published}.wal").unlink(missing_ok=True)
    new_file.replace(published)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unchanged(published: Path) -> str:
    if not published.exists():
        return f"Nothing was published: there is no published warehouse yet at {published}"
    size = published.stat().st_size / 1_000_000
    return f"The published warehouse is unchanged: {published} ({size:.1f} MB)"
