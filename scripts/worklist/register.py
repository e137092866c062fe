"""The register of follow-up as it stands in git, and what one row of it must satisfy."""

import csv
import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path

from scripts.errors import UserError
from scripts.worklist.columns import ISO_DATE, LARGEST, SOURCES, STATUSES

HEADER = (
    "tiltak_nr,aargang,enhet_nr,gjelder,tiltak,aarsak_bekreftet,status,kontaktet,svar,nytt_tall,"
    "nytt_tall_kilde,ansvarlig,frist,kilde"
)
NAMES = HEADER.split(",")
MEASURE = "Enheten kontaktes om avviket mellom KMD-undersøkelsen og IPLOS"
ORIGIN = "Arbeidslisten for avvik"


@dataclass
class Register:
    """The rows, and the bytes they were read from."""

    path: Path
    rows: list[dict[str, str]]
    content: bytes

    def own(self, year: int) -> dict[str, dict[str, str]]:
        """The rows of single units, by unit."""
        return {
            row["enhet_nr"]: row
            for row in self.rows
            if row["gjelder"] == "enhet" and row["aargang"] == str(year)
        }

    def common(self, year: int) -> dict[str, str]:
        """The measure for every unit with a large deviation; blank where none is agreed."""
        for row in self.rows:
            if row["gjelder"] == "stort_avvik" and row["aargang"] == str(year):
                return row
        return dict.fromkeys(NAMES, "") | {"status": STATUSES[0]}


def read(path: Path) -> Register:
    """The register; a UserError where it is not one."""
    try:
        content = path.read_bytes()
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"the register of follow-up {path} cannot be read: {error}") from error
    if not rows or rows[0] != NAMES:
        raise UserError(
            f"{path}, line 1: found {','.join(rows[0]) if rows else 'nothing'}; expected {HEADER}"
        )
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(NAMES):
            raise UserError(f"{path}, row {number}: found {len(row)} cells; expected {len(NAMES)}")
        found = dict(zip(NAMES, row, strict=True))
        if found["nytt_tall"] and not (found["nytt_tall"].isdecimal() and int(found["nytt_tall"]) <= LARGEST):
            raise _wrong(path, number, "nytt_tall", found, "a whole number")
        for name in ("kontaktet", "frist"):
            if found[name] and not is_date(found[name]):
                raise _wrong(path, number, name, found, "a date as YYYY-MM-DD")
    return Register(path, [dict(zip(NAMES, row, strict=True)) for row in rows[1:]], content)


def _wrong(path: Path, number: int, name: str, row: dict[str, str], expected: str) -> UserError:
    return UserError(f"{path}, row {number}, column {name}: found '{row[name]}'; expected {expected}")


def is_date(text: str) -> bool:
    """Whether the text is a day of the calendar, as YYYY-MM-DD."""
    try:
        return bool(ISO_DATE.fullmatch(text) and dt.date.fromisoformat(text))
    except ValueError:
        return False


def text(rows: list[dict[str, str]]) -> str:
    """The rows as they stand in the file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(NAMES)
    writer.writerows([row[name] for name in NAMES] for row in rows)
    return out.getvalue()


def contradiction(row: dict[str, str]) -> tuple[str, str] | None:
    """The column that does not fit the status of the row, and what was expected there."""
    status = row["status"]
    if status in ("kontaktet", "besvart", "avsluttet") and not row["kontaktet"]:
        return "kontaktet", f"the date of the contact, since the status is {status}"
    if status in ("besvart", "avsluttet") and not row["svar"]:
        return "svar", f"the answer, since the status is {status}"
    if status == "ikke_kontaktet" and row["kontaktet"]:
        return "kontaktet", "a blank cell, since the status is ikke_kontaktet"
    if status in ("ikke_kontaktet", "kontaktet"):
        for name in ("svar", "aarsak_bekreftet", "nytt_tall"):
            if row[name]:
                return name, f"a blank cell, since the status is {status}; or the status besvart or avsluttet"
    if row["nytt_tall"] and not row["nytt_tall_kilde"]:
        return "nytt_tall_kilde", f"{' or '.join(SOURCES)}, since there is a new figure"
    if row["nytt_tall_kilde"] and not row["nytt_tall"]:
        return "nytt_tall", f"the new figure, since the column beside it says {row['nytt_tall_kilde']}"
    if not row["ansvarlig"]:
        return "ansvarlig", "who is responsible"
    return None
