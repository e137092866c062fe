"""The columns of the work list: what the case worker fills in, and what must stay as it is."""

import datetime as dt
import re
from dataclasses import dataclass

SHEET, QUESTIONS, ABOUT, BEFORE = "arbeidsliste", "spørsmål", "om", "før"
HEADER_ROW = 2
STATUSES = ("ikke_kontaktet", "kontaktet", "besvart", "avsluttet")
SOURCES = ("kmd", "iplos")
LARGEST = 999_999
LONGEST = 2_000
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Column:
    """One column of the sheet; `name` is that of the mart or, where it is filled in, of the register."""

    name: str
    label: str
    kind: str
    filled_in: bool = False
    width: int = 12


COLUMNS = (
    Column("aargang", "År", "number", width=7),
    Column("prioritet", "Prioritet", "number", width=9),
    Column("enhet_nr", "Enhet", "text", width=9),
    Column("enhet_navn", "Navn", "text", width=22),
    Column("kmd_boliger", "Omsorgsboliger i undersøkelsen", "number", width=15),
    Column("iplos_personer_levert", "Personer i IPLOS", "number", width=11),
    Column("avvik", "Avvik", "number", width=8),
    Column("forklart", "Forklart av spor", "number", width=10),
    Column("uforklart", "Uforklart", "number", width=10),
    Column("bevis", "Spor", "text", width=18),
    Column("sannsynlig_aarsak_navn", "Sannsynlig årsak", "text", width=34),
    Column("status", "Status", "status", filled_in=True, width=15),
    Column("kontaktet", "Kontaktet dato", "date", filled_in=True, width=13),
    Column("svar", "Svar", "text", filled_in=True, width=40),
    Column("aarsak_bekreftet", "Bekreftet årsak", "cause", filled_in=True, width=11),
    Column("nytt_tall", "Nytt tall", "number", filled_in=True, width=9),
    Column("nytt_tall_kilde", "Nytt tall gjelder", "source", filled_in=True, width=11),
    Column("ansvarlig", "Ansvarlig", "text", filled_in=True, width=26),
    Column("frist", "Frist", "date", filled_in=True, width=13),
)
PROTECTED = tuple(column for column in COLUMNS if not column.filled_in)
FILLED_IN = tuple(column for column in COLUMNS if column.filled_in)


def cell_value(column: Column, text: str) -> object:
    """What stands in a cell for a text of the register: a date is a date, a number a number."""
    if text == "":
        return None
    if column.kind == "date":
        return dt.date.fromisoformat(text)
    return int(text) if column.kind == "number" else text
