"""The field catalogues seeds/definisjoner/<source>_felt.csv: what a delivery of a year must hold."""

import csv
import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, fields
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from scripts.errors import UserError
from scripts.paths import DEFINITIONS

T = TypeVar("T", bound=Hashable)

SOURCES = ("skjema13", "kmd", "iplos", "husbanken")
FORMS = ("skjema13", "kmd", "husbanken")
UNKNOWN_CONTENT = "innhold_ikke_kjent"

DATATYPES = ("heltall", "tekst", "ja_nei", "avkryssing", "kode", "dato", "aar")
ALLOWED = {
    "datatype": DATATYPES,
    "tidsreferanse": ("", "beholdning_3112", "i_aaret"),
    "del_type": ("", "sum", "herav"),
    "spoersmaal_sikkerhet": ("", "kjent", "ett_av_to", UNKNOWN_CONTENT),
    "status": ("gjeldende", "foreslaatt", UNKNOWN_CONTENT),
    "opphav": ("offentlig_kilde", "eget_forslag"),
}
IDENTITY = {
    "skjema13": ("aargang", "enhet_nr"),
    "kmd": ("aargang", "enhet_nr"),
    "iplos": ("aargang", "komm_nr"),
    "husbanken": ("aargang", "enhet_nr"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a catalogue: a field in one form version."""

    felt: str
    skjemaversjon: str
    gyldig_fra: int
    gyldig_til: int | None
    rekkefoelge: int
    ledetekst_nb: str
    ledetekst_en: str
    blokk: str
    datatype: str
    maaleenhet: str
    tidsreferanse: str
    del_av: str
    del_type: str
    spoersmaal_nr: str
    spoersmaal_aargang: str
    spoersmaal_sikkerhet: str
    status: str
    opphav: str
    kilde: str

    def valid_in(self, year: int) -> bool:
        return self.gyldig_fra <= year and (self.gyldig_til is None or year <= self.gyldig_til)


@dataclass(frozen=True, slots=True)
class Version:
    """A form version and the statistical years it holds for."""

    name: str
    first: int
    last: int | None

    def holds(self, year: int) -> bool:
        return self.first <= year and (self.last is None or year <= self.last)

    @property
    def period(self) -> str:
        if self.last == self.first:
            return str(self.first)
        return f"{self.first}–{self.last or ''}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All fields of one source, in all form versions."""

    source: str
    fields: tuple[Field, ...]

    def versions(self) -> list[Version]:
        """The form versions, oldest first."""
        found = []
        for name in dict.fromkeys(field.skjemaversjon for field in self.fields):
            rows = self.of_version(name)
            ends = [row.gyldig_til for row in rows]
            last = None if None in ends else max(end for end in ends if end is not None)
            found.append(Version(name, min(row.gyldig_fra for row in rows), last))
        return sorted(found, key=lambda version: version.first)

    def of_version(self, name: str) -> list[Field]:
        """The fields of one form version in the order of the form."""
        rows = [field for field in self.fields if field.skjemaversjon == name]
        return sorted(rows, key=lambda field: field.rekkefoelge)

    def delivered(self, year: int) -> list[Field]:
        """The columns of a delivery of that year; empty when the catalogue has no version for it."""
        rows = [row for row in self.fields if row.valid_in(year) and row.status != UNKNOWN_CONTENT]
        return sorted(rows, key=lambda field: field.rekkefoelge)

    def named(self, felt: str) -> list[Field]:
        """The field in every form version it belongs to."""
        return [field for field in self.fields if field.felt == felt]

    def find_version(self, text: str) -> Version:
        """The version with that name or, if there is none, the one that holds for that year."""
        versions = self.versions()
        for version in versions:
            if version.name == text:
                return version
        for version in versions:
            if text.isdecimal() and version.holds(int(text)):
                return version
        known = ", ".join(f"{version.name} ({version.period})" for version in versions)
        raise UserError(
            f"{self.source} has no form version '{text}'; expected one of, or a year in: {known}."
        )

    def periods(self) -> str:
        """The years the catalogue covers, for messages."""
        return ", ".join(version.period for version in self.versions())


def warehouse_years(source: str, folder: Path = DEFINITIONS) -> list[str]:
    """The statistical years for which the warehouse expects a delivery of the source (aargang.csv)."""
    with (folder / "aargang.csv").open(encoding="utf-8", newline="") as file:
        return sorted(row["aargang"] for row in csv.DictReader(file) if row[source] == "ja")


def read_catalogue(source: str, folder: Path = DEFINITIONS) -> Catalogue:
    """Read and validate one catalogue; a fault in it is a UserError with file and line."""
    if source not in SOURCES:
        raise UserError(f"Unknown source '{source}'; expected one of {', '.join(SOURCES)}.")
    path = folder / f"{source}_felt.csv"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The field catalogue {path.name} cannot be read: {error}.") from error
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    expected = [column.name for column in fields(Field)]
    try:
        if list(reader.fieldnames or []) != expected:
            found = ", ".join(reader.fieldnames or []) or "nothing"
            raise UserError(f"{path.name}, line 1: found columns {found}; expected {', '.join(expected)}.")
        catalogue = Catalogue(source, tuple(_rows(path.name, reader)))
    except csv.Error as error:
        raise UserError(f"{path.name}: not valid CSV after line {reader.line_num} ({error}).") from error
    problem = next(_problems(catalogue), None)
    if problem:
        raise UserError(f"{path.name}: {problem}.")
    return catalogue


def _rows(name: str, reader: csv.DictReader) -> Iterator[Field]:
    for row in reader:
        where = f"{name}, line {reader.line_num}"
        if None in row or None in row.values():
            raise UserError(f"{where}: the number of cells differs from the header's {len(fields(Field))}.")
        for column, allowed in ALLOWED.items():
            blank_type = column == "datatype" and row["status"] == UNKNOWN_CONTENT and not row[column]
            if row[column] not in allowed and not blank_type:
                expected = ", ".join(value or "blank" for value in allowed)
                raise UserError(f"{where}: {column} is '{row[column]}'; expected one of {expected}.")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", row["felt"]):
            raise UserError(f"{where}: felt is '{row['felt']}'; expected lower case ASCII snake_case.")
        for column in ("skjemaversjon", "ledetekst_nb", "ledetekst_en", "blokk"):
            if not row[column].strip():
                raise UserError(f"{where}: {column} is blank; expected a text.")
        numbers = {column: _whole(where, column, row[column]) for column in ("gyldig_fra", "rekkefoelge")}
        last = _whole(where, "gyldig_til", row["gyldig_til"]) if row["gyldig_til"] else None
        yield Field(**{**row, **numbers, "gyldig_til": last})


def _whole(where: str, column: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise UserError(f"{where}: {column} is '{text}'; expected a whole number of at most four digits.")
    return int(text)


def _problems(catalogue: Catalogue) -> Iterator[str]:
    """What no single row can show, one sentence each."""
    if not catalogue.fields:
        yield "the catalogue has no rows; expected one row per field and form version"
        return
    for field in catalogue.fields:
        if field.gyldig_til is not None and field.gyldig_til < field.gyldig_fra:
            yield (
                f"field {field.felt} in version {field.skjemaversjon}: gyldig_til {field.gyldig_til} "
                f"is before gyldig_fra {field.gyldig_fra}"
            )
        if bool(field.del_av) != bool(field.del_type):
            yield (
                f"field {field.felt} in version {field.skjemaversjon}: found del_av '{field.del_av}' and "
                f"del_type '{field.del_type}'; expected both or neither"
            )
    versions = catalogue.versions()
    for earlier, later in pairwise(versions):
        if earlier.last is None or earlier.last >= later.first:
            yield f"versions {earlier.name} ({earlier.period}) and {later.name} ({later.period}) overlap"
    for version in versions:
        yield from _version_problems(catalogue, version.name)


def _version_problems(catalogue: Catalogue, version: str) -> Iterator[str]:
    rows = catalogue.of_version(version)
    names = {row.felt for row in rows}
    for felt in doubled(row.felt for row in rows):
        yield f"field {felt} stands more than once in version {version}"
    for number in doubled(row.rekkefoelge for row in rows):
        yield f"rekkefoelge {number} stands more than once in version {version}"
    for felt in IDENTITY[catalogue.source]:
        if felt not in names:
            yield f"version {version} lacks the field {felt}, which every delivery must have"
    parent = {row.felt: row.del_av for row in rows if row.del_av}
    for felt, whole in parent.items():
        if whole not in names:
            yield f"field {felt} in version {version}: del_av '{whole}' is not a field of that version"
        seen = {felt}
        while whole in parent and whole not in seen:
            seen.add(whole)
            whole = parent[whole]
        if whole in seen:
            yield f"field {felt} in version {version}: following del_av leads back to {whole}"


def doubled(values: Iterable[T]) -> list[T]:
    """The values that occur more than once, in order of first occurrence."""
    counts: dict[T, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return [value for value, count in counts.items() if count > 1]
