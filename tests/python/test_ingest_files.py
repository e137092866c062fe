"""Ingest: files that cannot be used are refused with a sentence, and earlier inndata stays as it was."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivery_folder import (
    CSV_2017,
    PARQUET_2017,
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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from scripts.errors import UserError
from scripts.ingest import ingest

NAMES = header("skjema13", 2017)
ROWS = rows("skjema13", 2017)
VALID = as_csv(NAMES, ROWS)
WANTED = f"expected the {len(NAMES)} fields of skjema13 version 2015 (2015–2017)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DeliveryFolder:
    """One valid file per source, already ingested once."""
    made = complete(tmp_path_factory.mktemp("levert"))
    ingest(made.root)
    return made


def refused(folder: DeliveryFolder, fil: str, data: bytes) -> str:
    """The message when one file has other contents; inndata must be as it was."""
    before = folder.fingerprint()
    valid = (folder.kildedata / fil).read_bytes()
    folder.set_file(fil, data)
    try:
        with pytest.raises(UserError) as caught:
            ingest(folder.root)
    finally:
        folder.set_file(fil, valid)
    assert folder.fingerprint() == before
    return str(caught.value)


def renamed(old: str, new: str) -> list[str]:
    return [new if name == old else name for name in NAMES]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "svar_2017.csv: the file is empty (0 bytes)"),
        (b"\n\n", "line 1: found no header"),
        (b"\xef\xbb\xbf", "line 1: found no header"),
        (b"PK\x03\x04xxxx", "the contents are those of an XLSX or ZIP file"),
        (b"PAR1xxxxPAR1", "the contents are those of a Parquet file"),
        (VALID.decode().encode("utf-16"), "the encoding is UTF-16; expected UTF-8"),
        (VALID.decode().encode("latin-1"), "line 2: found the byte 0xc5, which is not UTF-8; expected UTF-8"),
        (VALID[:-9] + b"\x00" + VALID[-9:], "line 4: found a NUL byte"),
        (
            as_csv(NAMES, ROWS, ",").replace(b'"', b""),
            "line 1: the cells are separated by comma; expected semicolon (;)",
        ),
        (
            as_csv(NAMES, ROWS, "\t").replace(b'"', b""),
            "line 1: the cells are separated by tab; expected semicolon (;)",
        ),
        (b"hei\n" + VALID, "found 46 cells; expected 1 as in the header"),
        (as_csv(NAMES, [ROWS[0], ROWS[1][:-1]]), "line 3: found 45 cells; expected 46 as in the header"),
        (as_csv(NAMES, [ROWS[0], [*ROWS[1], ""]]), "line 3: found 47 cells; expected 46 as in the header"),
        (as_csv(NAMES, ROWS[:1]) + b"\n" + as_csv(ROWS[1], []), "line 3: found an empty line; expected 46"),
        (VALID[:-2], "line 4: the row that starts here is not valid CSV"),
        (
            VALID[: VALID.index(b"\xc3\x85") + 1],
            "line 2: the file ends in the middle of a character; expected whole UTF-8 text",
        ),
        (
            VALID.replace(b"\n", b"\r").decode().encode("latin-1"),
            "line 2: found the byte 0xc5, which is not UTF-8",
        ),
        (as_csv(NAMES, []), "svar_2017.csv: the file has a header but no data rows; expected at least one"),
    ],
)
def test_csv_that_is_no_table(folder: DeliveryFolder, data: bytes, sentence: str) -> None:
    message = refused(folder, CSV_2017, data)
    assert sentence in message
    assert CSV_2017 in message


def test_line_number_counts_lines_inside_quotes(folder: DeliveryFolder) -> None:
    long = ["to\nlinjer" if name == "enhet_navn" else cell for name, cell in zip(NAMES, ROWS[0], strict=True)]
    assert "line 4: found 45 cells" in refused(folder, CSV_2017, as_csv(NAMES, [long, ROWS[1][:-1]]))


@pytest.mark.parametrize("rows_swallowed", [1, 2])
@pytest.mark.parametrize("name", ["enhet_navn", NAMES[-1]])
def test_a_quote_that_swallows_a_row(folder: DeliveryFolder, name: str, rows_swallowed: int) -> None:
    """Opened in one row and closed in the same column of a later one, it leaves the right number of cells."""
    column = NAMES.index(name)
    lines = [list(cells) for cells in [NAMES, *ROWS]]
    lines[1][column] = '"' + lines[1][column]
    lines[1 + rows_swallowed][column] += '"'
    text = "".join(";".join(cells) + "\n" for cells in lines)
    assert (
        f"line 2: the cell of column '{name}' holds a line break and as many cells as a row; "
        "expected every quote to be closed in its own cell" in refused(folder, CSV_2017, text.encode())
    )


def test_a_cell_of_several_lines_with_semicolons_is_read(tmp_path: Path) -> None:
    made = DeliveryFolder(tmp_path)
    cell = "\n".join([";" * 3, ";" * (len(NAMES) - 1), "", ";"])
    made.add("a.csv", as_csv(NAMES, [[cell if name == "enhet_navn" else "2017" for name in NAMES]]))
    ingest(tmp_path)
    assert [row["verdi"] for row in made.read("skjema13/a") if row["felt"] == "enhet_navn"] == [cell]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            ["kolonne_1", "kolonne_2"],
            "found no columns 'aargang', 'enhet_nr', 'enhet_navn', 'ingenting_aa_rapportere', "
            "'boliger_i_alt', 'kommunalt_eide', 'innleide', 'privat_eide_disposisjonsrett', 'brukereide', "
            f"'{NAMES[9]}' and {len(NAMES) - 10} more; {WANTED}.",
        ),
        (
            [f"kolonne_{number}" for number in range(20_000)],
            "'kolonne_9' and 19990 more; expected",
        ),
        (
            [name for name in NAMES if name not in ("innleide", "brukereide")],
            f"found no columns 'innleide' and 'brukereide'; {WANTED}.",
        ),
        (
            [*NAMES, "innleide"],
            "found column 'innleide' (2 times) more than once; expected every column once.",
        ),
        (
            renamed("kommunalt_eide", "Kommunalt_eid "),
            f"found the unknown column 'Kommunalt_eid ' (did you mean 'kommunalt_eide'?); {WANTED}.",
        ),
        ([*NAMES, "ordfoerer"], f"found the unknown column 'ordfoerer'; {WANTED}."),
        ([*NAMES, ""], f"found column 47 without a name in the header; {WANTED}."),
        (
            [*NAMES, "spoersmaal_32"],
            "column 'spoersmaal_32' has no known content in 2017 and is no part of a delivery",
        ),
        (
            [*NAMES, "uten_behovsproving"],
            f"column 'uten_behovsproving' belongs to 2018–2019 and 2020–, not to 2017; {WANTED}.",
        ),
    ],
)
def test_wrong_columns(folder: DeliveryFolder, names: list[str], sentence: str) -> None:
    known = dict(zip(NAMES, ROWS[0], strict=True))
    message = refused(folder, CSV_2017, as_csv(names, [[known.get(name, "1") for name in names]]))
    assert f"{CSV_2017}: " in message
    assert sentence in message


def test_another_year_in_a_row(folder: DeliveryFolder) -> None:
    other = rows("skjema13", 2016)
    assert refused(folder, CSV_2017, as_csv(NAMES, [ROWS[0], other[1], other[2]])) == (
        f"{CSV_2017}, line 3: aargang is '2016' (1 other row also wrong); "
        "expected 2017 as in the delivery note."
    )
    blank = [["", *ROWS[0][1:]]]
    assert "line 2: aargang is blank; expected 2017" in refused(folder, CSV_2017, as_csv(NAMES, blank))


# XLSX

KMD = header("kmd", 2017)
KMD_ROWS = rows("kmd", 2017)


def book(change: Callable[[Worksheet], object]) -> bytes:
    made = workbook(KMD, KMD_ROWS)
    change(made["svar"])
    return as_xlsx(made)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", f"{XLSX_2017}: the file is empty (0 bytes)"),
        (
            VALID,
            f"{XLSX_2017}: the file cannot be read as an XLSX workbook (it may be cut off, damaged, locked "
            "with a password or of another format); expected a workbook that opens in a spreadsheet program.",
        ),
        (as_xlsx(Workbook())[:3000], f"{XLSX_2017}: the file cannot be read as an XLSX workbook"),
        (as_xlsx(Workbook()), "found the sheets 'Sheet'; expected a sheet 'svar'"),
        (as_xlsx(workbook([], [])), "sheet 'svar': the sheet is empty"),
        (as_xlsx(workbook(KMD, [])), "the file has a header but no data rows"),
        (
            book(lambda sheet: sheet.insert_rows(1, 2)),
            "sheet 'svar': found the header in row 3; expected it in row 1",
        ),
        (
            book(lambda sheet: sheet.__setitem__("F3", "=SUM(A1:A2)")),
            "sheet 'svar', cell F3: found the formula '=SUM(A1:A2)', whose result is not known",
        ),
        (book(lambda sheet: sheet.merge_cells("F2:G2")), "sheet 'svar', cells F2:G2: found merged cells"),
        (book(lambda sheet: sheet.__setitem__("Z3", "x")), "columns 14, 15, 16"),
        (
            book(lambda sheet: setattr(sheet, "title", "\u200fsvar")),
            "found the sheets '\\u200fsvar' and 'om'; expected a sheet 'svar'",
        ),
        (
            book(lambda sheet: sheet.insert_rows(3)),
            "sheet 'svar', row 3: the row is empty, and there are values below it; expected no empty row",
        ),
        (
            book(lambda sheet: sheet.__setitem__("B1048576", "x")),
            "sheet 'svar', row 5: the row is empty (1048570 other rows too), and there are values below it",
        ),
        (
            book(lambda sheet: sheet.__setitem__("XFD2", "x")),
            "columns 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 and 16361 more without a name in the header",
        ),
        (
            book(lambda sheet: sheet.__setitem__("C3", "Å_x0000_mot")),
            "sheet 'svar', cell C3: found a NUL character; expected text",
        ),
        (
            book(lambda sheet: sheet.__setitem__("A4", 2016)),
            "sheet 'svar', row 4: aargang is '2016'; expected 2017",
        ),
    ],
)
def test_xlsx_that_cannot_be_used(folder: DeliveryFolder, data: bytes, sentence: str) -> None:
    assert sentence in refused(folder, XLSX_2017, data)


@pytest.mark.parametrize("number", [1e12, 2_958_466, -5, 0, 0.5, 12, 60])
@pytest.mark.parametrize("style", ["dd.mm.yyyy", "[h]:mm:ss"])
def test_a_number_that_is_formatted_as_a_date(folder: DeliveryFolder, number: float, style: str) -> None:
    """openpyxl makes #VALUE! of what is no date, and 28 February of both 59 and 60: the number is lost."""

    def change(sheet: Worksheet) -> None:
        sheet["F3"] = number
        sheet["F3"].number_format = style

    assert (
        "sheet 'svar', cell F3: found a number that is formatted as a date or a time, and is no date after "
        "February 1900; expected a date, or the number without that format"
        in refused(folder, XLSX_2017, book(change))
    )


def test_the_number_formatted_as_a_date_of_our_time_is_a_date(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["E2"] = 43134
        sheet["E2"].number_format = "dd.mm.yyyy"

    made = DeliveryFolder(tmp_path)
    made.add(XLSX_2017, book(change), "kmd")
    ingest(tmp_path)
    assert "2018-02-03" in [row["verdi"] for row in made.read("kmd/svar") if row["felt"] == KMD[4]]


def test_formatting_far_below_and_to_the_right_costs_nothing(tmp_path: Path) -> None:
    """A cell without a value in the last row and column once meant seventeen thousand million cells."""

    def change(sheet: Worksheet) -> None:
        sheet["XFD1048576"].font = Font(bold=True)

    made = DeliveryFolder(tmp_path)
    made.add(XLSX_2017, book(change), "kmd")
    (delivery,) = ingest(tmp_path)
    assert delivery.antall_rader == 3


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Åmot_x000D_", "Åmot\r"),
        ("_x0007__x001B_[1m", "\x07\x1b[1m"),
        ("_x005F_x0007_", "_x0007_"),
        ("_xD83D__xDE00_", "_xD83D__xDE00_"),
        ("_x00_", "_x00_"),
    ],
)
def test_a_character_that_xml_cannot_hold_is_read_as_excel_means_it(
    tmp_path: Path, written: str, text: str
) -> None:
    made = DeliveryFolder(tmp_path)
    made.add(XLSX_2017, book(lambda sheet: sheet.__setitem__("C2", written)), "kmd")
    ingest(tmp_path)
    assert made.read("kmd/svar")[0]["verdi"] == text


def test_empty_and_merged_rows_at_the_end_are_left_out(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A9"] = ""
        sheet.merge_cells("A7:D8")
        sheet["A2"] = 2017

    folder = DeliveryFolder(tmp_path)
    folder.add(XLSX_2017, book(change), "kmd")
    (delivery,) = ingest(folder.root)
    assert delivery.antall_rader == 3


# Parquet


def parquet(**columns: pa.Array) -> bytes:
    """IPLOS 2017 with some columns replaced."""
    table = {
        name: pa.array(column) for name, column in zip(IPLOS, zip(*IPLOS_ROWS, strict=True), strict=True)
    }
    out = BytesIO()
    pq.write_table(pa.table({**table, **columns}), out)
    return out.getvalue()


IPLOS = header("iplos", 2017)
IPLOS_ROWS = rows("iplos", 2017)
INVALID_UTF8 = pa.StringArray.from_buffers(
    3, pa.py_buffer(bytes([0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0])), pa.py_buffer(b"a\xffb")
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "the file is empty (0 bytes)"),
        (
            VALID,
            f"{PARQUET_2017}: the file cannot be read as Parquet (it may be cut off, damaged or of another "
            "format); expected a Parquet file.",
        ),
        (
            parquet(kjoenn=pa.array([{"a\nb": 1}] * 3)),
            "column 'kjoenn' has the type 'struct<a\\nb: int64>'; expected text, numbers or dates",
        ),
        (
            parquet(doedsdato=pa.array([1, 2**31 - 1, 3], pa.int32()).cast(pa.date32())),
            "row 2: column 'doedsdato' holds a date outside the calendar; expected a date",
        ),
        (
            parquet(doedsdato=pa.array([1, 2, 3], pa.timestamp("ms", "Mars/Phobos"))),
            "column 'doedsdato' of the type 'timestamp[ms, tz=Mars/Phobos]' cannot be read as text; "
            "expected text, numbers or dates",
        ),
        (parquet()[:-20], "the file cannot be read as Parquet"),
        (
            parquet(kjoenn=pa.array([["1"]] * 3)),
            "column 'kjoenn' has the type 'list<element: string>'; expected text",
        ),
        (parquet(kjoenn=pa.array(["1", "\x00", "2"])), "row 2: column 'kjoenn' holds a NUL character"),
        (parquet(kjoenn=INVALID_UTF8), "column 'kjoenn' cannot be read as text; expected UTF-8"),
        (parquet(aargang=pa.array([2017, 2017, 2018])), "row 3: aargang is '2018'; expected 2017"),
        (parquet(ny=pa.array(["1"] * 3)), "found the unknown column 'ny'"),
        (
            as_parquet([*IPLOS, "kjoenn"], [[*row, "1"] for row in IPLOS_ROWS]),
            "'kjoenn' (2 times) more than once",
        ),
        (parquet(**{name: pa.array([], pa.string()) for name in IPLOS}), "has a header but no data rows"),
    ],
)
def test_parquet_that_cannot_be_used(folder: DeliveryFolder, data: bytes, sentence: str) -> None:
    message = refused(folder, PARQUET_2017, data)
    assert sentence in message
    assert message.startswith(PARQUET_2017)


# Properties

QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1)
AWKWARD = st.sampled_from(
    ["0301", "007", "a;b", '"', '";"', " x ", "\r", "\n\n", "\ufeff", "æøå", "=1+1", "1 000", "NULL"]
)


@QUICK
@given(cells=st.lists(TEXTS | AWKWARD, min_size=3, max_size=3))
def test_any_text_survives(
    folder: DeliveryFolder, tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    """A delivered text reaches inndata as it is, from CSV and from Parquet."""
    column = NAMES.index("enhet_navn")
    table = [[*row[:column], cell, *row[column + 1 :]] for row, cell in zip(ROWS, cells, strict=True)]
    made = DeliveryFolder(tmp_path_factory.mktemp("tekst"))
    made.add("a.csv", as_csv(NAMES, table))
    made.add("b.parquet", as_parquet(NAMES, table), leveranse="2018-07-01")
    ingest(made.root)
    for stem in ("a", "b"):
        found = [row["verdi"] for row in made.read(f"skjema13/{stem}") if row["felt"] == "enhet_navn"]
        assert found == cells


def reshaped(change: Callable[[list[str]], list[str]], names: list[str] = NAMES) -> bytes:
    """The valid file with the same change made to every row."""
    return as_csv(change(names), [change(row) for row in ROWS])


COLUMN = st.integers(0, len(NAMES) - 1)
POSITION = st.integers(0, len(VALID) - 1)
NEW_NAME = st.text(max_size=12).filter(
    lambda name: name not in NAMES and "\x00" not in name and name.isprintable()
)
MUTILATED = st.one_of(
    COLUMN.map(lambda place: reshaped(lambda row: row[:place] + row[place + 1 :])),
    COLUMN.map(lambda place: reshaped(lambda row: [*row, row[place]])),
    st.tuples(COLUMN, NEW_NAME).map(
        lambda drawn: as_csv([*NAMES[: drawn[0]], drawn[1], *NAMES[drawn[0] + 1 :]], ROWS)
    ),
    POSITION.map(lambda place: VALID[:place] + b"\x00" + VALID[place:]),
    POSITION.filter(
        lambda place: VALID[place - 1 : place + 1] != b'"\n' and VALID[place - 1 : place] != b"\n"
    ).map(lambda place: VALID[:place]),
)


@QUICK
@given(data=MUTILATED)
def test_a_damaged_csv_is_refused_with_sentences(folder: DeliveryFolder, data: bytes) -> None:
    message = refused(folder, CSV_2017, data)
    assert message.endswith(".")
    assert CSV_2017 in message


@QUICK
@given(data=st.binary(max_size=200), fil=st.sampled_from([CSV_2017, XLSX_2017, PARQUET_2017]))
def test_any_bytes_are_refused_with_sentences(folder: DeliveryFolder, data: bytes, fil: str) -> None:
    assert fil in refused(folder, fil, data)


@QUICK
@given(
    fil=st.sampled_from([XLSX_2017, PARQUET_2017]),
    place=st.floats(0, 1, exclude_max=True),
    put_in=st.binary(max_size=8),
    taken_out=st.integers(0, 8),
)
def test_a_damaged_workbook_or_parquet_file_never_gives_a_stack_trace(
    tmp_path_factory: pytest.TempPathFactory, fil: str, place: float, put_in: bytes, taken_out: int
) -> None:
    """Damage that happens to leave the file readable may pass; all else is refused with sentences."""
    made = complete(tmp_path_factory.mktemp("skadet"))
    valid = (made.kildedata / fil).read_bytes()
    start = int(place * len(valid))
    made.set_file(fil, valid[:start] + put_in + valid[start + taken_out :])
    try:
        ingest(made.root)
    except UserError as error:
        assert fil in str(error)
