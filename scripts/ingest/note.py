"""The delivery note kildedata/leveranser.csv: one row per delivered file."""

import datetime as dt
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from scripts.catalogue import FORMS, SOURCES, Catalogue, warehouse_years
from scripts.errors import UserError
from scripts.ingest.problems import Problems, counted, listed, quoted
from scripts.ingest.read_csv import csv_rows

NOTE = "leveranser.csv"
COLUMNS = ("fil", "kilde", "aargang", "leveranse", "publiseringsstatus", "syntetisk")
CHOICES = {"kilde": SOURCES, "publiseringsstatus": ("urevidert", "revidert"), "syntetisk": ("ja", "nei")}
ABSENT = "expected every file in the note to be in the folder"
HOW_TO_MAKE = "the synthetic demonstration is made by `python -m scripts demo-data`"
LITTER = ("Thumbs.db", "desktop.ini")
FORMATS = (".csv", ".xlsx", ".parquet")
LONGEST_STEM = 255 - len(".parquet")  # what a file system takes for the file in inndata


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivered file; the last three are known when it has been read."""

    fil: str
    kilde: str
    aargang: int
    leveranse: str
    publiseringsstatus: str
    syntetisk: str
    fil_sha256: str = ""
    antall_rader: int = 0
    antall_celler: int = 0

    @property
    def stem(self) -> str:
        return PurePosixPath(self.fil).stem

    @property
    def is_form(self) -> bool:
        return self.kilde in FORMS


def read_note(folder: Path, shown: str, catalogues: dict[str, Catalogue]) -> list[Delivery]:
    """Read and check the delivery note of a kildedata folder, and that it names exactly what is there."""
    if not folder.is_dir():
        raise UserError(f"There is no folder {shown}; expected the deliveries and their note {NOTE} in it.")
    problems = Problems(NOTE)
    try:
        data = (folder / NOTE).read_bytes()
    except FileNotFoundError:
        raise UserError(
            f"There is no delivery note {shown}/{NOTE}; expected a CSV file with {', '.join(COLUMNS)}."
        ) from None
    except OSError as error:
        raise UserError(
            f"The delivery note {shown}/{NOTE} cannot be read ({error.strerror}); expected a CSV file."
        ) from error
    found = csv_rows(data, ",", problems)
    _check_header(found.header, problems)
    deliveries: list[Delivery] = []
    for line, cells in zip(found.lines, found.rows, strict=True):
        row = dict(zip(found.header, cells, strict=True))
        delivery = _delivery(row, f"line {line}", folder, catalogues, problems)
        if delivery:
            deliveries.append(delivery)
    if not found.rows:
        problems.add("the delivery note has no rows; expected one row per delivered file")
    _check_doubles(deliveries, problems)
    _check_folder(folder, {row[found.header.index("fil")] for row in found.rows}, problems)
    problems.check()
    return deliveries


def _check_header(header: list[str], problems: Problems) -> None:
    expected = ", ".join(COLUMNS)
    for name in dict.fromkeys(header):
        if name not in COLUMNS:
            nearest = get_close_matches(name.strip().lower(), COLUMNS, 1)
            hint = f" (did you mean '{nearest[0]}'?)" if nearest else ""
            problems.add(f"found the unknown column {quoted(name)}{hint}; expected {expected}", "line 1")
        elif header.count(name) > 1:
            problems.add(f"column '{name}' stands {header.count(name)} times; expected once", "line 1")
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        problems.add(f"column {listed(missing)} is missing; expected {expected}", "line 1")
    problems.check()


def _delivery(
    row: dict[str, str], where: str, folder: Path, catalogues: dict[str, Catalogue], problems: Problems
) -> Delivery | None:
    """The row as a Delivery, or None when something in it is wrong."""
    before = len(problems.found)
    for column, allowed in CHOICES.items():
        if row[column] not in allowed:
            expected = listed(allowed, "or")
            problems.add(f"{column} is {quoted(row[column])}; expected {expected}", where)
    if not re.fullmatch(r"[0-9]{4}", row["aargang"]):
        problems.add(f"aargang is {quoted(row['aargang'])}; expected a year of four digits", where)
    elif row["kilde"] in SOURCES and not catalogues[row["kilde"]].delivered(int(row["aargang"])):
        known = catalogues[row["kilde"]].periods()
        problems.add(
            f"{row['kilde']} has no form version for {row['aargang']}; expected a year in {known}", where
        )
    elif row["kilde"] in SOURCES and row["aargang"] not in (years := warehouse_years(row["kilde"])):
        problems.add(
            f"the warehouse has no {row['kilde']} for {row['aargang']}; expected {listed(years, 'or')}, "
            "or a row for the year in seeds/definisjoner/aargang.csv",
            where,
        )
    if not _is_date(row["leveranse"]):
        problems.add(f"leveranse is {quoted(row['leveranse'])}; expected a date as YYYY-MM-DD", where)
    elif re.fullmatch(r"[0-9]{4}", row["aargang"]) and row["leveranse"] <= f"{row['aargang']}-12-31":
        problems.add(
            f"leveranse is {row['leveranse']}, before the end of {row['aargang']}; expected a later date",
            where,
        )
    reason = _path_problem(folder, row["fil"])
    if reason:
        hint = f" ({HOW_TO_MAKE})" if reason.endswith(ABSENT) and row["syntetisk"] == "ja" else ""
        problems.add(f"{reason}{hint}", where)
    if len(problems.found) > before:
        return None
    return Delivery(**{**row, "aargang": int(row["aargang"])})


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _path_problem(folder: Path, fil: str) -> str | None:
    """What is wrong with the path of a file, if anything."""
    parts = fil.split("/")
    if not fil or not fil.isprintable() or "\\" in fil:
        return f"fil is {quoted(fil)}; expected a path inside the folder, written with /"
    if fil.startswith("/") or ".." in parts:
        return f"fil is {quoted(fil)}, which leads out of the folder; expected a path inside it"
    if "" in parts or "." in parts:
        return f"fil is {quoted(fil)}; expected a plain path such as skjema13/fil.csv"
    if PurePosixPath(fil).suffix.lower() not in FORMATS:
        return f"fil is {quoted(fil)}; expected a file whose name ends in {listed(FORMATS, 'or')}"
    path = folder / fil
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return f"fil is {quoted(fil)}, a link that leads out of the folder; expected a file inside it"
        if not path.is_file():
            return f"the file {fil} is not there; {ABSENT}"
    except (
        OSError,
        RuntimeError,
    ) as error:  # RuntimeError: a link that leads back to itself, before Python 3.13
        reason = getattr(error, "strerror", "the link leads back to itself")
        return f"the file {quoted(fil)} cannot be reached ({reason}); expected a file inside the folder"
    length = len(path.stem.encode())
    if length > LONGEST_STEM:
        return (
            f"fil is {quoted(fil)}, a name of {counted(length + len(path.suffix), 'byte')}; "
            f"expected a name of at most {LONGEST_STEM} bytes before the ending"
        )
    return None


def _check_doubles(deliveries: list[Delivery], problems: Problems) -> None:
    """The same file twice, two files for one delivery, or two that would get the same name in inndata."""
    files: set[str] = set()
    keys: dict[tuple[str, ...], str] = {}
    stems: dict[tuple[str, ...], str] = {}
    for row in deliveries:
        if row.fil.casefold() in files:
            problems.add(f"the file {row.fil} stands more than once; expected one row per file")
            continue
        files.add(row.fil.casefold())
        key = (row.kilde, str(row.aargang), row.leveranse, row.publiseringsstatus)
        if key in keys:
            problems.add(
                f"{keys[key]} and {row.fil} are both {row.kilde} {row.aargang}, leveranse {row.leveranse}, "
                f"{row.publiseringsstatus}; expected one file for each"
            )
        elif (row.kilde, row.stem.casefold()) in stems:
            problems.add(
                f"{stems[row.kilde, row.stem.casefold()]} and {row.fil} have the same name; "
                f"expected different file names within {row.kilde}"
            )
        keys.setdefault(key, row.fil)
        stems.setdefault((row.kilde, row.stem.casefold()), row.fil)


def _check_folder(folder: Path, noted: set[str], problems: Problems) -> None:
    """Files that nobody has declared; README, hidden and lock files may lie there."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith((".", "~$")) or part in LITTER for part in name.split("/"))
        if path.is_dir() or hidden or path.stem == "README" or name == NOTE or name in noted:
            continue
        shown = name if name.isprintable() else quoted(name)
        problems.add(
            f"the file {shown} lies in the folder but not in the note; expected a row for every file"
        )
