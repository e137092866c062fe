"""Ingest: what it writes, and the delivery note."""

import argparse
import datetime as dt
import fcntl
import os
import time
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivery_folder import (
    CSV_2017,
    PARQUET_2017,
    UNITS,
    XLSX_2017,
    DeliveryFolder,
    as_csv,
    as_parquet,
    as_xlsx,
    complete,
    header,
    rows,
    workbook,
)

import scripts.ingest as ingest_command
from scripts.__main__ import main
from scripts.errors import UserError
from scripts.ingest import ingest
from scripts.ingest.note import COLUMNS, NOTE
from scripts.ingest.problems import SHOWN, DeliveryError
from scripts.ingest.read_parquet import column_text
from scripts.ingest.read_xlsx import cell_text


@pytest.fixture
def folder(tmp_path: Path) -> DeliveryFolder:
    """One valid file per source, already ingested once."""
    made = complete(tmp_path / "levert")
    ingest(made.root)
    return made


def refused(folder: DeliveryFolder) -> str:
    """The message of an ingest that must be refused, after which inndata must be as it was."""
    before = folder.fingerprint()
    with pytest.raises(UserError) as caught:
        ingest(folder.root)
    assert folder.fingerprint() == before
    return str(caught.value)


# What is written


def test_forms_are_long_with_provenance(folder: DeliveryFolder) -> None:
    found = folder.read("skjema13/svar_2017")
    names = [name for name in header("skjema13", 2017) if name not in ("aargang", "enhet_nr")]
    assert [row["felt"] for row in found] == names * len(UNITS)
    first = found[names.index("kommunalt_eide")]
    assert len(first.pop("fil_sha256")) == 64
    assert first == {
        "fil": CSV_2017,
        "rad_nr": "1",
        "leveranse": "2019-06-15",
        "publiseringsstatus": "revidert",
        "syntetisk": "ja",
        "aargang": "2017",
        "enhet_nr": "0101",
        "felt": "kommunalt_eide",
        "verdi": "12",
    }
    assert [row["rad_nr"] for row in found[:: len(names)]] == ["1", "2", "3"]
    assert {row["verdi"] for row in found if row["felt"] == "ingenting_aa_rapportere"} == {None}


def test_iplos_is_wide_with_provenance(folder: DeliveryFolder) -> None:
    found = folder.read("iplos/vedtak")
    provenance = ["fil", "fil_sha256", "rad_nr", "leveranse", "publiseringsstatus", "syntetisk"]
    assert list(found[0]) == provenance + header("iplos", 2017)
    assert [(row["rad_nr"], row["komm_nr"]) for row in found] == [("1", "0101"), ("2", "0301"), ("3", "1103")]


def test_every_column_is_text(folder: DeliveryFolder) -> None:
    for path in (folder.root / "inndata").rglob("*.parquet"):
        assert set(pq.read_schema(path).types) == {pa.string()}, path


def test_note_has_hash_and_counts(folder: DeliveryFolder) -> None:
    found = {row["kilde"]: row for row in folder.read("leveranser/leveranser")}
    assert list(found["kmd"]) == [
        "fil",
        "fil_sha256",
        "kilde",
        "aargang",
        "leveranse",
        "publiseringsstatus",
        "syntetisk",
        "antall_rader",
        "antall_celler",
    ]
    assert found["skjema13"]["fil_sha256"] == folder.read("skjema13/svar_2017")[0]["fil_sha256"]
    fields = len(header("skjema13", 2017)) - 2
    assert (found["skjema13"]["antall_rader"], found["skjema13"]["antall_celler"]) == ("3", str(3 * fields))
    assert (found["iplos"]["antall_rader"], found["iplos"]["antall_celler"]) == ("3", "3")


def test_same_deliveries_give_same_bytes(folder: DeliveryFolder) -> None:
    before = folder.fingerprint()
    ingest(folder.root)
    assert folder.fingerprint() == before


def test_source_without_deliveries_is_an_empty_table(tmp_path: Path) -> None:
    folder = DeliveryFolder(tmp_path)
    folder.add(CSV_2017, as_csv(header("skjema13", 2017), rows("skjema13", 2017)))
    ingest(folder.root)
    assert folder.read("iplos/ingen_leveranse") == []
    assert folder.read("kmd/ingen_leveranse") == []


def test_formats_agree(tmp_path: Path) -> None:
    """The same answers give the same values from CSV, XLSX and Parquet, in any order of columns."""
    names, table = header("skjema13", 2017), rows("skjema13", 2017)
    turned = [row[::-1] for row in table]
    files = {
        "csv": as_csv(names, table),
        "xlsx": as_xlsx(workbook(names, table)),
        "parquet": as_parquet(names[::-1], turned),
    }
    found = []
    for kind, data in files.items():
        folder = DeliveryFolder(tmp_path / kind)
        folder.add(f"skjema13/svar.{kind}", data)
        ingest(folder.root)
        found.append([{**row, "fil": "", "fil_sha256": ""} for row in folder.read("skjema13/svar")])
    assert found[0] == found[1] == found[2]


def test_utf8_with_byte_order_mark_is_accepted(folder: DeliveryFolder) -> None:
    data = (folder.kildedata / CSV_2017).read_bytes()
    values = [row["verdi"] for row in folder.read("skjema13/svar_2017")]
    folder.set_file(CSV_2017, b"\xef\xbb\xbf" + data + b"\r\n\r\n")
    ingest(folder.root)
    assert [row["verdi"] for row in folder.read("skjema13/svar_2017")] == values


def test_wrong_values_are_not_the_business_of_ingest(tmp_path: Path) -> None:
    names, table = header("skjema13", 2017), rows("skjema13", 2017)
    table[0][names.index("kommunalt_eide")] = "ca. 12"
    table[1][names.index("kommunalt_eide")] = "-5"
    table[2][names.index("kommunalt_eide")] = " 7 "
    folder = DeliveryFolder(tmp_path)
    folder.add(CSV_2017, as_csv(names, table))
    ingest(folder.root)
    found = [row["verdi"] for row in folder.read("skjema13/svar_2017") if row["felt"] == "kommunalt_eide"]
    assert found == ["ca. 12", "-5", " 7 "]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("012", "012"),
        (12, "12"),
        (12.0, "12"),
        (-3.5, "-3.5"),
        (True, "true"),
        (dt.datetime(2018, 2, 3), "2018-02-03"),
        (dt.datetime(2018, 2, 3, 4, 5, 6), "2018-02-03 04:05:06"),
        (dt.date(2018, 2, 3), "2018-02-03"),
    ],
)
def test_typed_values_become_the_same_text_from_xlsx_and_parquet(value: object, text: str) -> None:
    assert cell_text(value) == text
    assert column_text(pa.array([value])).to_pylist() == [text or None]


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pa.array([12.0, 0.5, None, 10_000_000.0]), ["12", "0.5", None, "10000000"]),
        (pa.array([Decimal("12.00"), Decimal("12.50"), Decimal("100.00")]), ["12", "12.5", "100"]),
        (pa.array([0.1, 1.25, None, 12.0, 1e20], pa.float32()), ["0.1", "1.25", None, "12", "1e+20"]),
        (
            pa.array([Decimal("0"), Decimal("0.00000001"), None], pa.decimal128(18, 8)),
            ["0", "0.00000001", None],
        ),
        (pa.array(["a", "", "a"]).dictionary_encode(), ["a", None, "a"]),
        (pa.array([dt.datetime(2018, 2, 3)], pa.timestamp("ns", "UTC")), ["2018-02-03"]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_parquet_types_become_text(column: pa.Array, texts: list[str | None]) -> None:
    assert column_text(column).to_pylist() == texts


def test_half_a_million_decisions_are_read_in_seconds(tmp_path: Path) -> None:
    number = 500_000
    codes = pa.array(np.arange(number) % 1000).cast(pa.string())
    years = pa.repeat(pa.scalar("2017"), number)
    names = header("iplos", 2017)
    out = BytesIO()
    pq.write_table(pa.table([years if name == "aargang" else codes for name in names], names=names), out)
    folder = DeliveryFolder(tmp_path)
    folder.add(PARQUET_2017, out.getvalue(), "iplos")
    start = time.process_time()
    (delivery,) = ingest(folder.root)
    assert delivery.antall_rader == delivery.antall_celler == number
    assert time.process_time() - start < 6  # processor time of all threads; about 1.5 s of waiting
    last = pq.read_table(tmp_path / "inndata" / "iplos" / "vedtak.parquet").slice(number - 1).to_pylist()
    assert (last[0]["rad_nr"], last[0]["komm_nr"]) == ("500000", "999")


# The command


def test_command_reports_files_rows_and_cells(
    folder: DeliveryFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    ingest_command.arguments(parser)
    assert ingest_command.run(parser.parse_args(["--deliveries", str(folder.root)])) == 0
    out, err = capsys.readouterr()
    cells = 3 * (len(header("skjema13", 2017)) - 2) + 3 * (len(header("kmd", 2017)) - 2) + 3
    assert out == f"Read 3 files into {folder.root}/inndata: 9 rows, {cells} cells.\n"
    assert f"[1/3] {CSV_2017} 3 rows" in err


def test_command_line_gives_one_sentence_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ingest", "--deliveries", str(tmp_path / "borte")]) == 1
    assert capsys.readouterr().err == (
        f"Error: There is no delivery folder {tmp_path}/borte; expected one with kildedata/leveranser.csv.\n"
    )


# The swap


def test_interrupted_swap_is_recovered(folder: DeliveryFolder) -> None:
    before = folder.fingerprint()
    (folder.root / "inndata").rename(folder.root / ".inndata-gammel")
    (folder.root / ".inndata-ny").mkdir()
    (folder.kildedata / CSV_2017).unlink()
    with pytest.raises(UserError):
        ingest(folder.root)
    assert folder.fingerprint() == before


def test_finished_swap_is_tidied(folder: DeliveryFolder) -> None:
    before = folder.fingerprint()
    (folder.root / ".inndata-gammel").mkdir()
    (folder.root / ".inndata-gammel" / "rest.parquet").write_bytes(b"x")
    ingest(folder.root)
    assert folder.fingerprint() == before


def test_interrupt_while_reading_leaves_inndata(
    folder: DeliveryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = folder.fingerprint()
    monkeypatch.setattr(ingest_command.layout, "write_note", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ingest(folder.root)
    assert folder.fingerprint() == before


def test_full_disk_is_one_sentence(folder: DeliveryFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ingest_command.layout, "write_note", full)
    assert refused(folder).endswith("could not be written: No space left on device.")


def test_two_at_once_are_refused(folder: DeliveryFolder) -> None:
    handle = os.open(folder.root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert "Another ingest is at work" in refused(folder)
    finally:
        os.close(handle)


# The delivery note


def test_missing_folders_and_note(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no delivery folder .*borte; expected"):
        ingest(tmp_path / "borte")
    with pytest.raises(UserError, match=r"There is no folder .*kildedata; expected"):
        ingest(tmp_path)
    (tmp_path / "kildedata").mkdir()
    with pytest.raises(UserError, match=r"There is no delivery note .*leveranser\.csv; expected"):
        ingest(tmp_path)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kilde": "skjema31"}, "kilde is 'skjema31'; expected skjema13, kmd, iplos or husbanken"),
        ({"aargang": "17"}, "aargang is '17'; expected a year of four digits"),
        (
            {"aargang": "2014"},
            "skjema13 has no form version for 2014; expected a year in 2015–2017, 2018–2019, 2020–",
        ),
        (
            {"aargang": "2024"},
            "the warehouse has no skjema13 for 2024; expected 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022 "
            "or 2023, or a row for the year in seeds/definisjoner/aargang.csv",
        ),
        ({"leveranse": "2018-6-15"}, "leveranse is '2018-6-15'; expected a date as YYYY-MM-DD"),
        ({"leveranse": "2018-02-30"}, "leveranse is '2018-02-30'; expected a date as YYYY-MM-DD"),
        (
            {"leveranse": "2011-06-15"},
            "leveranse is 2011-06-15, before the end of 2017; expected a later date",
        ),
        (
            {"publiseringsstatus": "endelig"},
            "publiseringsstatus is 'endelig'; expected urevidert or revidert",
        ),
        ({"syntetisk": ""}, "syntetisk is ''; expected ja or nei"),
        (
            {"fil": "../svar.csv"},
            "fil is '../svar.csv', which leads out of the folder; expected a path inside it",
        ),
        (
            {"fil": "/svar.csv"},
            "fil is '/svar.csv', which leads out of the folder; expected a path inside it",
        ),
        ({"fil": "skjema13\\svar.csv"}, "expected a path inside the folder, written with /"),
        ({"fil": ""}, "fil is ''; expected a path inside the folder, written with /"),
        ({"fil": "./svar.csv"}, "fil is './svar.csv'; expected a plain path such as skjema13/fil.csv"),
        (
            {"fil": "svar.xls"},
            "fil is 'svar.xls'; expected a file whose name ends in .csv, .xlsx or .parquet",
        ),
        (
            {"fil": "svar.csv"},
            "the file svar.csv is not there; expected every file in the note to be in the folder",
        ),
        ({"fil": f"{'x' * 300}.csv"}, "cannot be reached (File name too long); expected a file inside"),
    ],
)
def test_wrong_cell_in_the_note(folder: DeliveryFolder, changed: dict[str, str], sentence: str) -> None:
    folder.note[0] |= changed
    folder.write_note()
    message = refused(folder)
    assert "leveranser.csv, line 2: " in message
    assert sentence in message


@pytest.mark.parametrize(
    ("found", "sentences"),
    [
        (COLUMNS[:-1], ["column syntetisk is missing; expected fil, kilde"]),
        (
            (*COLUMNS, "Kilde"),
            ["found the unknown column 'Kilde' (did you mean 'kilde'?); expected fil, kilde"],
        ),
        ((*COLUMNS, "kilde"), ["column 'kilde' stands 2 times; expected once"]),
        (COLUMNS[:4], ["column publiseringsstatus and syntetisk is missing"]),
    ],
)
def test_wrong_columns_of_the_note(folder: DeliveryFolder, found: list[str], sentences: list[str]) -> None:
    (folder.kildedata / NOTE).write_bytes(as_csv(list(found), [["x"] * len(found)], ","))
    message = refused(folder)
    assert message.startswith("leveranser.csv, line 1: ")
    assert all(sentence in message for sentence in sentences)


def test_note_with_semicolons(folder: DeliveryFolder) -> None:
    (folder.kildedata / NOTE).write_bytes(as_csv(list(COLUMNS), [], ";").replace(b'"', b""))
    assert (
        refused(folder) == "leveranser.csv, line 1: the cells are separated by semicolon; expected comma (,)."
    )


def test_note_without_rows(folder: DeliveryFolder) -> None:
    folder.note = []
    folder.write_note()
    assert "leveranser.csv: the delivery note has no rows; expected one row per delivered file." in refused(
        folder
    )


def test_note_with_a_row_too_short(folder: DeliveryFolder) -> None:
    with (folder.kildedata / NOTE).open("a", encoding="utf-8") as note:
        note.write("skjema13/en_til.csv,skjema13\n")
    assert refused(folder) == "leveranser.csv, line 5: found 2 cells; expected 6 as in the header."


def test_same_file_twice(folder: DeliveryFolder) -> None:
    folder.note.append({**folder.note[0], "leveranse": "2018-07-01"})
    folder.write_note()
    assert f"the file {CSV_2017} stands more than once; expected one row per file" in refused(folder)


def test_two_files_for_one_delivery(folder: DeliveryFolder) -> None:
    data = (folder.kildedata / CSV_2017).read_bytes()
    folder.add("skjema13/en_til.csv", data)
    assert (
        f"{CSV_2017} and skjema13/en_til.csv are both skjema13 2017, leveranse 2019-06-15, revidert; "
        "expected one file for each" in refused(folder)
    )
    folder.note[-1]["publiseringsstatus"] = "urevidert"
    folder.write_note()
    assert len(ingest(folder.root)) == 4


def test_two_files_with_one_name(folder: DeliveryFolder) -> None:
    data = (folder.kildedata / CSV_2017).read_bytes()
    folder.add("skjema13/ny/svar_2017.csv", data, leveranse="2018-09-01")
    assert "have the same name; expected different file names within skjema13" in refused(folder)


def test_link_out_of_the_folder(folder: DeliveryFolder, tmp_path: Path) -> None:
    outside = tmp_path / "utenfor.csv"
    (folder.kildedata / CSV_2017).rename(outside)
    (folder.kildedata / CSV_2017).symlink_to(outside)
    assert "a link that leads out of the folder; expected a file inside it" in refused(folder)


def test_link_to_itself(folder: DeliveryFolder) -> None:
    (folder.kildedata / CSV_2017).unlink()
    (folder.kildedata / CSV_2017).symlink_to("svar_2017.csv")
    assert refused(folder).startswith(f"leveranser.csv, line 2: the file '{CSV_2017}' cannot be reached (")


def test_a_name_too_long_for_inndata(folder: DeliveryFolder) -> None:
    data = (folder.kildedata / CSV_2017).read_bytes()
    folder.add(f"{'x' * 247}.csv", data, leveranse="2018-09-01")
    assert len(ingest(folder.root)) == 4
    folder.add(f"{'å' * 125}.csv", data, leveranse="2018-09-02")
    message = refused(folder)
    assert message.startswith("leveranser.csv, line 6: fil is 'ååå")
    assert message.endswith(", a name of 254 bytes; expected a name of at most 247 bytes before the ending.")


def test_file_outside_the_note(folder: DeliveryFolder) -> None:
    for name in ("README.md", ".DS_Store", "skjema13/README.txt"):
        folder.set_file(name, b"x")
    ingest(folder.root)
    folder.set_file("skjema13/ukjent.csv", b"x")
    assert refused(folder) == (
        "leveranser.csv: the file skjema13/ukjent.csv lies in the folder but not in the note; "
        "expected a row for every file."
    )
    (folder.kildedata / "skjema13" / "ukjent.csv").unlink()
    folder.set_file("skjema13/to\nlinjer.csv", b"x")
    assert "the file 'skjema13/to\\nlinjer.csv' lies in the folder but" in refused(folder)


def test_problems_of_all_files_are_told_but_not_more_than_ten(folder: DeliveryFolder) -> None:
    names, table = header("skjema13", 2017), rows("skjema13", 2017)
    folder.set_file(CSV_2017, as_csv(names, [row[:-1] for row in table * 3]))
    folder.set_file(XLSX_2017, b"")
    folder.set_file(PARQUET_2017, b"PAR1")
    message = refused(folder)
    assert message.startswith("11 problems found, nothing was read in:\n  skjema13/svar_2017.csv, line 2: ")
    assert message.count("\n") == SHOWN + 1
    assert message.endswith("\n  and 1 more.")


def test_one_problem_is_one_sentence() -> None:
    assert str(DeliveryError(["a.csv: x."])) == "a.csv: x."
