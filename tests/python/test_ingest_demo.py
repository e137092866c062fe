"""Ingest on the demonstration delivery: what is in git is taken in, and every planted ruin is refused."""

import csv
from pathlib import Path

import pytest
from delivery_folder import DeliveryFolder

from scripts.catalogue import read_catalogue
from scripts.errors import UserError
from scripts.ingest import ingest
from scripts.ingest.note import NOTE
from scripts.paths import DEMO


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


LEDGER = [row for row in table(DEMO / "fasit.csv") if row["lag"] == "ingest"]
FORMS = [row for row in table(DEMO / "kildedata" / NOTE) if row["kilde"] != "iplos"]


def test_the_forms_are_taken_in_whole(tmp_path: Path) -> None:
    """Every row and field of the delivered forms is a row of inndata."""
    folder = DeliveryFolder(tmp_path)
    for row in FORMS:
        folder.add(**{**row, "data": (DEMO / "kildedata" / row["fil"]).read_bytes()})
    found = ingest(tmp_path)
    assert [delivery.fil for delivery in found] == [row["fil"] for row in FORMS]
    for delivery in found:
        fields = len(read_catalogue(delivery.kilde).delivered(delivery.aargang)) - 2
        rows = folder.read(f"{delivery.kilde}/{delivery.stem}")
        assert len(rows) == delivery.antall_celler == delivery.antall_rader * fields
        if delivery.fil.endswith(".csv"):
            lines = table_of_form(DEMO / "kildedata" / delivery.fil)
            assert len(lines) == delivery.antall_rader
            assert all(row["verdi"] == (lines[int(row["rad_nr"]) - 1][row["felt"]] or None) for row in rows)


def table_of_form(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source, delimiter=";"))


def test_the_ledger_holds_ruined_files_of_every_source() -> None:
    assert {row["kilde"] for row in LEDGER} == {"skjema13", "kmd", "iplos"}


@pytest.mark.parametrize("row", LEDGER, ids=lambda row: Path(row["fil"]).stem)
def test_a_ruined_file_is_refused_for_its_reason(tmp_path: Path, row: dict[str, str]) -> None:
    folder = DeliveryFolder(tmp_path)
    first, *_ = FORMS
    folder.add(**{**first, "data": (DEMO / "kildedata" / first["fil"]).read_bytes()})
    ingest(tmp_path)
    before = folder.fingerprint()
    name = Path(row["fil"]).name
    folder.add(name, (DEMO / row["fil"]).read_bytes(), row["kilde"], row["aargang"])
    with pytest.raises(UserError) as caught:
        ingest(tmp_path)
    assert str(caught.value).startswith(name)
    assert row["levert_verdi"] in str(caught.value)
    assert folder.fingerprint() == before
