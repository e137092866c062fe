"""Ingest: the deliveries as received (kildedata) become Parquet files with every value as text (inndata)."""

import argparse
import hashlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc

from scripts.catalogue import SOURCES, Catalogue, read_catalogue
from scripts.errors import UserError
from scripts.ingest import layout
from scripts.ingest.columns import check_columns
from scripts.ingest.contents import Contents
from scripts.ingest.note import Delivery, read_note
from scripts.ingest.problems import DeliveryError, Problems, counted, quoted
from scripts.ingest.read_csv import read_csv
from scripts.ingest.read_parquet import read_parquet
from scripts.ingest.read_xlsx import read_xlsx
from scripts.ingest.swap import exclusive, replaced
from scripts.paths import DEMO, ROOT

HELP = "Read the deliveries in kildedata, check them and write them to inndata."
READERS: dict[str, Callable[[bytes, Problems], Contents]] = {
    ".csv": read_csv,
    ".xlsx": read_xlsx,
    ".parquet": read_parquet,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command line of `python -m scripts ingest`."""
    parser.add_argument(
        "--deliveries",
        type=Path,
        default=DEMO,
        metavar="FOLDER",
        help="folder that holds kildedata/leveranser.csv and gets inndata/ (default: data/demo)",
    )
    parser.epilog = (
        "All or nothing: when anything is wrong, the command says what and where, "
        "and the earlier inndata stays as it was."
    )


def run(args: argparse.Namespace) -> int:
    """Ingest and say how much was read."""
    deliveries = ingest(args.deliveries)
    rows = sum(delivery.antall_rader for delivery in deliveries)
    cells = sum(delivery.antall_celler for delivery in deliveries)
    target = _shown(args.deliveries / "inndata")
    print(f"Read {counted(len(deliveries), 'file')} into {target}: {rows} rows, {cells} cells.")
    return 0


def ingest(root: Path) -> list[Delivery]:
    """Replace <root>/inndata with what <root>/kildedata holds; a UserError leaves it as it was."""
    if not root.is_dir():
        raise UserError(
            f"There is no delivery folder {_shown(root)}; expected one with kildedata/leveranser.csv."
        )
    kildedata = root / "kildedata"
    catalogues = {source: read_catalogue(source) for source in SOURCES}
    try:
        with exclusive(root, _shown(root)), replaced(root / "inndata") as inndata:
            deliveries = read_note(kildedata, _shown(kildedata), catalogues)
            return _write_all(deliveries, kildedata, inndata, catalogues)
    except OSError as error:
        raise UserError(
            f"inndata in {_shown(root)} could not be written: {error.strerror or error}."
        ) from error


def _write_all(
    deliveries: list[Delivery], kildedata: Path, inndata: Path, catalogues: dict[str, Catalogue]
) -> list[Delivery]:
    found: list[Delivery] = []
    problems: list[str] = []
    for source in SOURCES:
        (inndata / source).mkdir()
    for number, delivery in enumerate(deliveries, start=1):
        target = inndata / delivery.kilde / f"{delivery.stem}.parquet"
        print(f"[{number}/{len(deliveries)}] {delivery.fil}", end=" ", file=sys.stderr, flush=True)
        try:
            found.append(_write_one(delivery, kildedata, target, catalogues[delivery.kilde]))
            print(counted(found[-1].antall_rader, "row"), file=sys.stderr)
        except DeliveryError as error:
            problems += error.problems
            print(counted(len(error.problems), "problem"), file=sys.stderr)
    if problems:
        raise DeliveryError(problems)
    for source in set(SOURCES) - {delivery.kilde for delivery in deliveries}:
        layout.write_nothing(catalogues[source], inndata / source / f"{layout.NO_DELIVERY}.parquet")
    (inndata / "leveranser").mkdir()
    layout.write_note(found, inndata / "leveranser" / "leveranser.parquet")
    return found


def _write_one(delivery: Delivery, kildedata: Path, target: Path, catalogue: Catalogue) -> Delivery:
    """Read, check and write one file; gives the delivery with its hash and counts."""
    problems = Problems(delivery.fil)
    try:
        data = (kildedata / delivery.fil).read_bytes()
    except OSError as error:
        raise problems.stop(
            f"the file cannot be read ({error.strerror}); expected a file that may be opened"
        ) from error
    delivery = replace(delivery, fil_sha256=hashlib.sha256(data).hexdigest())
    contents = READERS[PurePosixPath(delivery.fil).suffix.lower()](data, problems)
    check_columns(contents.header, catalogue, delivery.aargang, problems)
    problems.check()
    names = [
        field.felt for field in catalogue.delivered(delivery.aargang) if field.felt not in layout.FORM_KEYS
    ]
    columns = layout.columns_of(catalogue)
    rows = 0
    with layout.writer(target, layout.schema_of(columns)) as out:
        for part in contents.parts():
            _check_years(part, delivery, rows, contents, problems)
            if delivery.is_form:
                out.write_table(layout.form_part(delivery, part, rows, names))
            else:
                out.write_table(layout.wide_part(delivery, part, rows, columns))
            rows += part.num_rows
    if rows == 0:
        problems.add("the file has a header but no data rows; expected at least one")
    problems.check()
    return replace(delivery, antall_rader=rows, antall_celler=rows * (len(names) if delivery.is_form else 1))


def _check_years(
    part: pa.Table, delivery: Delivery, first_row: int, contents: Contents, problems: Problems
) -> None:
    """Every row must be of the year the delivery note says; the first that is not is named."""
    year = part["aargang"]
    differs = pc.fill_null(pc.not_equal(year, str(delivery.aargang)), True)
    first = pc.index(differs, True).as_py()
    if first < 0:
        return
    value = year[first].as_py()
    text = "blank" if value is None else quoted(value)
    others = pc.sum(differs).as_py() - 1
    also = f" ({counted(others, 'other row')} also wrong)" if others else ""
    problems.add(
        f"aargang is {text}{also}; expected {delivery.aargang} as in the delivery note",
        contents.place(first_row + first),
    )


def _shown(path: Path) -> str:
    """A path as people write it: from the project root where it lies there."""
    resolved = path.resolve()
    return resolved.relative_to(ROOT).as_posix() if resolved.is_relative_to(ROOT) else str(path)
