"""The ways to break a delivery. Whoever damages it knows what was delivered; nothing here asks ingest."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import product

import numpy as np
import pyarrow as pa
from garbage_draft import (
    SOURCES,
    Damaged,
    Dice,
    Draft,
    Rows,
    a_free_column,
    a_row,
    columns,
    csv_bytes,
    note_bytes,
    note_row,
    parquet_bytes,
    read_as,
    refused,
    workbook,
    xlsx_bytes,
)
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from scripts.ingest.note import COLUMNS

FORMATS = (".csv", ".xlsx", ".parquet")
UNKNOWN_UNITS = ("9999", "0000", "301", "03010", "abc", "０３０１", "", "EAK", "030199", "-1", "1103 ")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

# Damage that any format can have


def column_missing(draft: Draft, dice: Dice) -> Damaged:
    gone = dice.number(0, len(draft.names) - 1)

    def rest(cells: list[str]) -> list[str]:
        return cells[:gone] + cells[gone + 1 :]

    return refused(draft, draft.write(rest(draft.names), [rest(cells) for cells in draft.rows]))


def column_renamed(draft: Draft, dice: Dice) -> Damaged:
    place = dice.number(0, len(draft.names) - 1)
    name = draft.names[place]
    new = [
        name.upper(),
        f"{name} ",
        f"{name}\u00a0",
        f"\u200f{name}",
        f"{name}_2",
        "",
        "ordfører\n2",
        name[:-1],
    ]
    names = [*draft.names[:place], dice.in_turn(new), *draft.names[place + 1 :]]
    return refused(draft, draft.write(names))


def column_doubled(draft: Draft, dice: Dice) -> Damaged:
    place = dice.number(0, len(draft.names) - 1)
    other = dice.coin()
    table = [[*cells, "1" if other else cells[place]] for cells in draft.rows]
    return refused(draft, draft.write([*draft.names, draft.names[place]], table))


def text_in_number(draft: Draft, dice: Dice) -> Damaged:
    texts = [
        "ca. 12",
        "tolv",
        "12 stk",
        "-",
        "?",
        "1 000",
        "12,5",
        "1.2.2017",
        "=1+1",
        "NULL",
        " 12 ",
        '"12"',
        "a;b",
    ]
    for _ in range(dice.number(1, 4)):
        column = dice.one_of(draft.number_columns)
        draft = draft.with_cell(a_row(draft, dice), column, dice.one_of(texts))
    return read_as(draft)


def odd_number(draft: Draft, dice: Dice) -> Damaged:
    """In a workbook a number is a number cell; the text it must get stands beside it."""
    row, column = a_row(draft, dice), dice.one_of(draft.number_columns)
    if draft.suffix == ".xlsx":
        numbers = [(-5, "-5"), (1e12, "1000000000000"), (2.5, "2.5"), (12.0, "12"), (1e18, "1e+18")]
        numbers += [(-0.25, "-0.25"), (True, "true"), (0, "0"), (999_999_999_999, "999999999999")]
        value, text = dice.one_of(numbers)
        table: list[list[object]] = [list(cells) for cells in draft.rows]
        table[row][column] = value
        return read_as(draft, draft.with_cell(row, column, text), draft.write(table=table))
    texts = [
        "-5",
        "1e12",
        "1E+12",
        "1000000000000",
        "12,0",
        "2.5",
        "+7",
        "00012",
        "9" * 30,
        "-0",
        "1_000",
        "0x1F",
    ]
    return read_as(draft.with_cell(row, column, dice.one_of(texts)))


def duplicate_unit(draft: Draft, dice: Dice) -> Damaged:
    again = list(draft.rows[a_row(draft, dice)])
    if dice.coin():
        again[dice.one_of(draft.number_columns)] = "77"
    place = dice.number(0, len(draft.rows))
    return read_as(replace(draft, rows=[*draft.rows[:place], again, *draft.rows[place:]]))


def unknown_unit(draft: Draft, dice: Dice) -> Damaged:
    """Every unknown code, between the known ones."""
    table = [list(cells) for cells in draft.rows]
    for code in UNKNOWN_UNITS:
        more = list(table[dice.number(0, len(table) - 1)])
        more[draft.unit_column] = code
        table.insert(dice.number(0, len(table)), more)
    return read_as(replace(draft, rows=table))


def very_long_cell(draft: Draft, dice: Dice) -> Damaged:
    longest = 32_000 if draft.suffix == ".xlsx" else 300_000
    text = dice.one_of(["x", "å ", "9", "linje\n"]) * dice.number(2_000, longest // 6)
    return read_as(draft.with_cell(a_row(draft, dice), a_free_column(draft, dice), text))


def control_character(draft: Draft, dice: Dice) -> Damaged:
    sign = dice.in_turn([*"\x01\x07\x08\x0b\x0c\x1b\x1f\x7f\x85\x9b\t\n\r", "\r\n", "\x1b[31m"])
    text = dice.one_of(["Å{}mot", "{}Åmot", "Åmot{}", "12{}"]).format(sign)
    return read_as(draft.with_cell(a_row(draft, dice), a_free_column(draft, dice), text))


def invisible_mark(draft: Draft, dice: Dice) -> Damaged:
    marks = "\u200f\u200e\u202e\u2066\u200b\u00ad\ufeff\u2028\u00a0\u3000"
    text = dice.one_of(["{}12", "12{}", "Å{}mot", "{}", "2017-{}01-01"])
    text = text.format(dice.in_turn(marks))
    return read_as(draft.with_cell(a_row(draft, dice), a_free_column(draft, dice), text))


def full_width_digits(draft: Draft, dice: Dice) -> Damaged:
    row, column = a_row(draft, dice), dice.one_of(draft.number_columns)
    zero = ord(dice.in_turn("０٠०𝟎"))
    text = str(dice.number(0, 99_999)).translate({48 + digit: zero + digit for digit in range(10)})
    return read_as(draft.with_cell(row, column, text))


def nul(draft: Draft, dice: Dice) -> Damaged:
    if draft.suffix == ".csv":
        data = draft.write()
        place = dice.number(0, len(data))
        return refused(draft, data[:place] + b"\x00" + data[place:])
    text = dice.one_of(["\x00", "Å\x00mot", "12\x00"])
    return refused(draft, draft.with_cell(a_row(draft, dice), a_free_column(draft, dice), text).write())


def header_only(draft: Draft, dice: Dice) -> Damaged:
    return refused(draft, draft.write(table=[]))


def empty_file(draft: Draft, dice: Dice) -> Damaged:
    return refused(draft, dice.in_turn([b"", b"\n", b"", b"\r\n\r\n", b"\xef\xbb\xbf", b"   "]))


def half_a_file(draft: Draft, dice: Dice) -> Damaged:
    """Cut at any byte; text that is cut where a row could end is read, all else is refused."""
    data = draft.write()
    anywhere = dice.number(1, len(data) - 1)
    if draft.suffix != ".csv":
        return refused(draft, data[:anywhere])
    starts = [found.start() for found in re.finditer(rb"\n", data)]
    near_an_end = dice.one_of(starts[:-1]) + dice.number(-1, 1)
    cut = data[: dice.in_turn([anywhere, near_an_end])]
    return Damaged({draft.fil: cut}, rows_of_text(cut, draft))


def another_format(draft: Draft, dice: Dice) -> Damaged:
    page = b"<html><body><table><tr><td>aargang</td></tr></table></body></html>\n"
    texts = [
        page,
        b'[{"aargang": "2017"}]',
        b"%PDF-1.4\n",
        b"syntetisk tekst\n",
        b"\xd0\xcf\x11\xe0" + bytes(600),
    ]
    others = [suffix for suffix in FORMATS if suffix != draft.suffix]
    other = dice.in_turn([*others, *texts])
    return refused(draft, replace(draft, fil=f"x{other}").write() if isinstance(other, str) else other)


def wrong_year_in_row(draft: Draft, dice: Dice) -> Damaged:
    year = draft.aargang
    texts = [
        str(year - 1),
        "",
        str(year).translate({48 + n: 0xFF10 + n for n in range(10)}),
        f"{year}.0",
        f" {year}",
    ]
    text = dice.in_turn([*texts, "20l7", f"{year}\n", "år"])
    return refused(draft, draft.with_cell(a_row(draft, dice), draft.names.index("aargang"), text).write())


# Text files


def latin_1(draft: Draft, dice: Dice) -> Damaged:
    text = draft.with_cell(a_row(draft, dice), a_free_column(draft, dice), "Blåbærøya").write().decode()
    return refused(draft, text.encode(dice.in_turn(["latin-1", "cp1252", "cp865"])))


def utf_16(draft: Draft, dice: Dice) -> Damaged:
    encodings = ["utf-16", "utf-16-le", "utf-16-be", "utf-32"]
    return refused(draft, draft.write().decode().encode(dice.in_turn(encodings)))


def byte_order_mark(draft: Draft, dice: Dice) -> Damaged:
    draft = draft.with_cell(a_row(draft, dice), a_free_column(draft, dice), "Blåbærøya")
    return read_as(draft, data=b"\xef\xbb\xbf" + draft.write())


def mixed_line_endings(draft: Draft, dice: Dice) -> Damaged:
    ends = ["\n", "\r\n", "\r"]
    name = f"to{dice.one_of(ends)}linjer"
    draft = draft.with_cell(a_row(draft, dice), a_free_column(draft, dice), name)
    lines = [csv_bytes(cells, [], draft.quote_all).decode()[:-1] for cells in [draft.names, *draft.rows]]
    return read_as(draft, data="".join(line + dice.one_of(ends) for line in lines).encode())


def unbalanced_quote(draft: Draft, dice: Dice) -> Damaged:
    """A quote that stands inside an unquoted text is text; every other one is refused."""
    plain = [[cell.replace('"', "") for cell in cells] for cells in [draft.names, *draft.rows]]
    row, column = dice.number(1, len(plain) - 2), a_free_column(draft, dice)
    how = dice.in_turn(["swallows", "inside", "opened", "not closed"])
    if how == "inside":
        plain[row][column] = 'Å"mot"'
    elif how == "opened":
        plain[row][column] = '"' + plain[row][column]
    elif how == "swallows":
        last = dice.number(row + 1, len(plain) - 1)
        plain[row][column] = '"' + plain[row][column]
        plain[last][column] += '"'
    if how == "not closed":
        lines = [";".join(f'"{cell}"' for cell in cells) for cells in plain]
        closing = dice.one_of([found.start() for found in re.finditer(r'"(;|$)', lines[row])])
        lines[row] = lines[row][:closing] + lines[row][closing + 1 :]
    else:
        lines = [";".join(cells) for cells in plain]
    data = "".join(f"{line}\n" for line in lines).encode()
    return Damaged({draft.fil: data}, plain[1:] if how == "inside" else None)


def ragged_row(draft: Draft, dice: Dice) -> Damaged:
    row = a_row(draft, dice)
    cells = draft.rows[row]
    new = dice.in_turn([cells[:-1], [*cells, ""], [], cells * 2, ["slutt"]])
    table = [*draft.rows[:row], new, *draft.rows[row:]]
    return refused(draft, draft.write(table=table))


def cut_off_text(draft: Draft, dice: Dice) -> Damaged:
    """Cut inside a character, or where nobody can see it: between two rows, or in the last cell of a row."""
    draft = draft.with_cell(a_row(draft, dice), draft.free_columns[-1], "Blå €12 𝟎")
    data = replace(draft, quote_all=False).write()
    inside = [place for place, byte in enumerate(data) if 0x80 <= byte < 0xC0]
    ends = [found.start() for found in re.finditer(rb"\n", data)][1:]
    place = dice.in_turn([dice.one_of(inside), dice.one_of(ends), dice.one_of(ends) - 1])
    cut = data[:place]
    return Damaged({draft.fil: cut}, rows_of_text(cut, draft))


# Workbooks


def in_sheet(draft: Draft, change: Callable[[Worksheet], object]) -> bytes:
    book = workbook(draft.names, draft.rows)
    change(book["svar"])
    return xlsx_bytes(book)


def cell_of(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell of a data row and a column, both counted from 0."""
    return sheet.cell(row + 2, column + 1)


def date_cell(draft: Draft, dice: Dice) -> Damaged:
    row, column = a_row(draft, dice), a_free_column(draft, dice)
    day = dt.date(1900, 3, 1) + dt.timedelta(dice.number(0, 100_000))
    clock = dice.one_of([None, dt.time(), dt.time(4, 5, 6)])
    value = day if clock is None else dt.datetime.combine(day, clock)
    text = f"{day} {clock}" if clock not in (None, dt.time()) else str(day)
    style = dice.one_of(["dd.mm.yyyy", "yyyy-mm-dd hh:mm", "mmm yy"])

    def change(sheet: Worksheet) -> None:
        cell_of(sheet, row, column).value = value
        cell_of(sheet, row, column).number_format = style

    return read_as(draft, draft.with_cell(row, column, text), in_sheet(draft, change))


def formula(draft: Draft, dice: Dice) -> Damaged:
    row, column = a_row(draft, dice), a_free_column(draft, dice)
    texts = ["=SUM(C2:C3)", "=1+1", '=IF(A2=2017;"ja";"nei")', "=[1]Ark1!A1", '=HYPERLINK("http://x";"12")']
    value = dice.in_turn([*texts, ArrayFormula("C2:C3", "=C2:C3*2")])
    return refused(draft, in_sheet(draft, lambda sheet: setattr(cell_of(sheet, row, column), "value", value)))


def error_cell(draft: Draft, dice: Dice) -> Damaged:
    row, column = a_row(draft, dice), a_free_column(draft, dice)
    text = dice.in_turn(["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])

    def change(sheet: Worksheet) -> None:
        cell_of(sheet, row, column).value = text
        cell_of(sheet, row, column).data_type = "e"

    return read_as(draft, draft.with_cell(row, column, text), in_sheet(draft, change))


def several_sheets(draft: Draft, dice: Dice) -> Damaged:
    book = workbook(draft.names, draft.rows)
    titles = dice.some(["svar (2)", "SVAR gammel", "kladd", "Ark3"], 1, 4)
    for title in titles:
        other = book.create_sheet(title, dice.number(0, 1))
        other.append(["aargang", "=1/0", "#REF!", 1e12])
    book.active = 0
    return read_as(draft, data=xlsx_bytes(book))


def hidden_parts(draft: Draft, dice: Dice) -> Damaged:
    """A hidden sheet, row or column is delivered too."""
    row, column = a_row(draft, dice), a_free_column(draft, dice)
    what = dice.in_turn(["hidden", "veryHidden", "row", "column", "filter"])

    def change(sheet: Worksheet) -> None:
        if what == "row":
            sheet.row_dimensions[row + 2].hidden = True
        elif what == "column":
            sheet.column_dimensions[sheet.cell(1, column + 1).column_letter].hidden = True
        elif what == "filter":
            sheet.auto_filter.ref = sheet.dimensions
            sheet.row_dimensions[row + 2].hidden = True
        else:
            sheet.sheet_state = what
            sheet.parent.active = 1

    return read_as(draft, data=in_sheet(draft, change))


def sheet_missing(draft: Draft, dice: Dice) -> Damaged:
    title = dice.in_turn(["Svar", "svar ", "Ark1", "svar2017", "s'var", "\u200fsvar"])
    return refused(draft, xlsx_bytes(workbook(draft.names, draft.rows, title)))


def sheet_empty(draft: Draft, dice: Dice) -> Damaged:
    book = workbook(draft.names, draft.rows, "Ark1")
    sheet = book.create_sheet("svar", dice.number(0, 2))
    if dice.coin():
        sheet["B7"].font = Font(bold=True)
        sheet["A3"] = ""
    return refused(draft, xlsx_bytes(book))


def impossible_date(draft: Draft, dice: Dice) -> Damaged:
    """A number in a cell that is formatted as a date: which number, the reading would not show."""
    row, column = a_row(draft, dice), a_free_column(draft, dice)
    value = dice.in_turn([1e12, -5, 2_958_466, 0, 0.5, 12, 60, 10**18, -1e9])
    style = dice.one_of(["dd.mm.yyyy", "yyyy-mm-dd hh:mm", "[h]:mm:ss"])

    def change(sheet: Worksheet) -> None:
        cell_of(sheet, row, column).value = value
        cell_of(sheet, row, column).number_format = style

    return refused(draft, in_sheet(draft, change))


def stray_cell(draft: Draft, dice: Dice) -> Damaged:
    """Far below or far to the right: formatting does not matter, a value does."""
    far = [(LAST_ROW, LAST_COLUMN), (LAST_ROW, 2), (2, LAST_COLUMN), (LAST_ROW, 1)]
    place = dice.in_turn(far)
    value = dice.in_turn([None, "x", "x", None])

    def change(sheet: Worksheet) -> None:
        sheet.cell(*place).value = value
        sheet.cell(*place).font = Font(bold=True)

    data = in_sheet(draft, change)
    return read_as(draft, data=data) if value is None else refused(draft, data)


# Parquet files


def with_columns(draft: Draft, changed: dict[int, pa.Array]) -> bytes:
    plain = [pa.array(column, pa.string()) for column in columns(draft.names, draft.rows)]
    return parquet_bytes(draft.names, [changed.get(place, column) for place, column in enumerate(plain)])


def typed(number: int) -> list[tuple[pa.Array, list[str]]]:
    """Columns of other types than text, and the text that each value must get."""
    days = [dt.date(2017, 1, 1) + dt.timedelta(31 * place) for place in range(number)]
    ints = [7 * place - 3 for place in range(number)]
    texts = [str(value) for value in ints]
    halves = [value + 0.5 for value in ints]
    half_texts = [str(value) for value in halves]
    tenths = np.array([0.1 * (place + 1) for place in range(number)], dtype="float32")
    exact = [Decimal(value) / 4 for value in ints]
    exact_texts = [f"{value:f}" for value in exact]
    times = [dt.datetime.combine(day, dt.time(4, 5, 6)) for day in days]
    day_texts = [str(day) for day in days]
    return [
        (pa.array(ints, pa.int64()), texts),
        (pa.array(ints, pa.int8()), texts),
        (
            pa.array([2**64 - 1 - place for place in range(number)], pa.uint64()),
            [str(2**64 - 1 - place) for place in range(number)],
        ),
        (pa.array([float(value) for value in ints]), texts),
        (pa.array([1e12] * number), ["1000000000000"] * number),
        (pa.array(halves), half_texts),
        (pa.array(tenths), [str(value) for value in tenths]),
        (pa.array(exact, pa.decimal128(12, 2)), exact_texts),
        (pa.array(exact, pa.decimal128(28, 10)), exact_texts),
        (pa.array([Decimal(0), *exact[1:]], pa.decimal256(50, 12)), ["0", *exact_texts[1:]]),
        (pa.array(days), day_texts),
        (pa.array(days, pa.date64()), day_texts),
        (pa.array(days).cast(pa.timestamp("ns")), day_texts),
        (pa.array(times, pa.timestamp("s")), [str(value) for value in times]),
        (pa.array(times, pa.timestamp("us", "UTC")), [f"{value}Z" for value in times]),
        (
            pa.array([place % 2 == 0 for place in range(number)]),
            ["true" if place % 2 == 0 else "false" for place in range(number)],
        ),
        (pa.array(texts).dictionary_encode(), texts),
        (pa.array(days).dictionary_encode(), day_texts),
        (
            pa.array([f"å{text}".encode() for text in texts], pa.large_binary()),
            [f"å{text}" for text in texts],
        ),
        (pa.array(texts, pa.large_string()), texts),
        (pa.array([None, *ints[1:]], pa.int32()), ["", *texts[1:]]),
    ]


def other_types(draft: Draft, dice: Dice) -> Damaged:
    kinds = typed(len(draft.rows))
    year = draft.names.index("aargang")
    arrays = {year: pa.array([draft.aargang] * len(draft.rows), dice.one_of([pa.int32(), pa.float64()]))}
    for column in dice.some(draft.free_columns, 3, 6):
        arrays[column], texts = kinds[dice.number(0, len(kinds) - 1)]
        for row, text in enumerate(texts):
            draft = draft.with_cell(row, column, text)
    return read_as(draft, data=with_columns(draft, arrays))


def nested(draft: Draft, dice: Dice) -> Damaged:
    number = len(draft.rows)
    arrays = [
        pa.array([["1", "2"]] * number),
        pa.array([{"a\nb": 1}] * number),
        pa.array([[("a", 1)]] * number, pa.map_(pa.string(), pa.int32())),
        pa.array([b"abcd"] * number, pa.binary(4)),
        pa.array([dt.timedelta(days=1)] * number),
        pa.array([2**31 - 1] * number, pa.int32()).cast(pa.date32()),
        pa.array([0] * number, pa.timestamp("ms", "Mars/Phobos")),
    ]
    return refused(draft, with_columns(draft, {a_free_column(draft, dice): dice.in_turn(arrays)}))


def only_nulls(draft: Draft, dice: Dice) -> Damaged:
    kind = dice.one_of([pa.null(), pa.string(), pa.int64(), pa.date32(), pa.float32()])
    chosen = dice.some(draft.free_columns, 1, 5)
    data = with_columns(draft, {column: pa.nulls(len(draft.rows), kind) for column in chosen})
    for row, column in product(range(len(draft.rows)), chosen):
        draft = draft.with_cell(row, column, "")
    return read_as(draft, data=data)


def bytes_not_utf8(draft: Draft, dice: Dice) -> Damaged:
    column = a_free_column(draft, dice)
    name = draft.names[column].encode()
    if dice.coin():
        return refused(draft, draft.write().replace(name, b"\xff" + name[1:]))
    values = [b"Halden"] * len(draft.rows)
    values[a_row(draft, dice)] = dice.one_of([b"\xc5mot", b"a\xff", b"\xed\xa0\x80", b"\xc3"])
    return refused(draft, with_columns(draft, {column: pa.array(values)}))


# The delivery note


def noted(draft: Draft, **changed: str) -> Damaged:
    return Damaged({draft.fil: draft.write()}, note=note_bytes([{**note_row(draft), **changed}]))


def note_wrong_year(draft: Draft, dice: Dice) -> Damaged:
    years = ["2014", "17", "２０１７", "2050", "", "0000", "9999", "2017.0", " 2017", str(draft.aargang + 1)]
    return noted(draft, aargang=dice.in_turn(years))


def note_file_missing(draft: Draft, dice: Dice) -> Damaged:
    fil = dice.one_of([draft.fil.upper(), f"{draft.fil[:-1]}", f"ny/{draft.fil}"])
    return Damaged({}, note=note_bytes([{**note_row(draft), "fil": dice.one_of([fil, draft.fil])}]))


def note_file_twice(draft: Draft, dice: Dice) -> Damaged:
    row = note_row(draft)
    again = dice.in_turn([{}, {"leveranse": "2030-01-01"}, {"kilde": "kmd", "aargang": "2017"}])
    return Damaged({draft.fil: draft.write()}, note=note_bytes([row, {**row, **again}]))


def note_unknown_source(draft: Draft, dice: Dice) -> Damaged:
    others = [source for source in SOURCES if source != draft.kilde]
    return noted(draft, kilde=dice.in_turn(["skjema31", "KMD", "", "iplos ", "Husbanken", *others]))


def note_odd_date(draft: Draft, dice: Dice) -> Damaged:
    texts = [
        "15.06.2019",
        "2019-6-15",
        "2019-02-30",
        "20190615",
        "２０１９-06-15",
        "",
        f"{draft.aargang}-12-31",
    ]
    return noted(draft, leveranse=dice.in_turn([*texts, "2019-06-15T00:00", "43266", "2024-00-01"]))


def note_columns(draft: Draft, dice: Dice) -> Damaged:
    extra = [*COLUMNS, dice.one_of(["merknad", "Kilde", "", "fil", "a\nb", "kilde\u200f"])]
    names = dice.one_of([extra, extra, COLUMNS[:-1], COLUMNS[1:]])
    row = {**{name: "x" for name in names}, **note_row(draft)}
    return Damaged({draft.fil: draft.write()}, note=note_bytes([row], names))


def note_damaged(draft: Draft, dice: Dice) -> Damaged:
    whole = note_bytes([note_row(draft)])
    damaged = [
        b"",
        b"\n",
        whole[: dice.number(1, len(whole) - 4)],
        whole.decode().encode("utf-16"),
        whole.replace(b"revidert", "revidért".encode("latin-1")),
        whole + b"\x00",
        whole.replace(b",", b";"),
        whole.replace(b"revidert", b'"revidert'),
        whole.replace(b",ja", b""),
        draft.write(),
    ]
    return Damaged({draft.fil: draft.write()}, note=dice.in_turn(damaged))


def note_undeclared_file(draft: Draft, dice: Dice) -> Damaged:
    names = [f"{draft.kilde}/en_til.csv", "a\nb.csv", "notat.docx", f"{draft.fil}.bak", "\u202egnp.csv"]
    return Damaged({draft.fil: draft.write(), dice.in_turn(names): b"x"})


def note_odd_path(draft: Draft, dice: Dice) -> Damaged:
    fil = dice.in_turn(
        ["loop", "long", "../x.csv", "/x.csv", "a\tb.csv", "b\\c.csv", "x.xls", "", "././x.csv"]
    )
    if fil == "loop":
        row = {**note_row(draft), "fil": "rundt.csv"}
        return Damaged({}, note=note_bytes([row]), links={"rundt.csv": "rundt.csv"})
    if fil == "long":  # as long as a name can be, and longer in inndata
        draft = replace(draft, fil="x" * 251 + ".csv")
        return Damaged({draft.fil: draft.write()}, note=note_bytes([note_row(draft)]))
    return noted(draft, fil=fil)


# Reading, to know what a cut text still holds


def rows_of_text(data: bytes, draft: Draft) -> Rows | None:
    """The rows of a cut CSV file, or None when it can not be read as one."""
    try:
        table = cells_of(data.decode())
    except ValueError:
        return None
    whole = len(table) > 1 and table[0] == draft.names and all(len(row) == len(draft.names) for row in table)
    return table[1:] if whole else None


def cells_of(text: str) -> Rows:
    """A CSV text, sign by sign; a ValueError where a quote is left open."""
    table: Rows = [[""]]
    quoted, previous = False, "\n"
    for sign in text:
        if sign == '"':
            if previous == '"' and not quoted:
                table[-1][-1] += '"'
            quoted = not quoted
            previous = "" if previous == '"' and quoted else '"'
            continue
        if sign in ";\n" and not quoted:
            if sign == ";":
                table[-1].append("")
            else:
                table.append([""])
        else:
            table[-1][-1] += sign
        previous = sign
    if quoted:
        raise ValueError("a quote is open")
    return table[:-1] if table[-1] == [""] else table


ANY = [
    column_missing,
    column_renamed,
    column_doubled,
    text_in_number,
    odd_number,
    duplicate_unit,
    unknown_unit,
    very_long_cell,
    control_character,
    invisible_mark,
    full_width_digits,
    nul,
    header_only,
    empty_file,
    half_a_file,
    another_format,
    wrong_year_in_row,
]
TEXT = [
    latin_1,
    utf_16,
    byte_order_mark,
    mixed_line_endings,
    unbalanced_quote,
    ragged_row,
    cut_off_text,
]
WORKBOOK = [
    date_cell,
    formula,
    error_cell,
    several_sheets,
    hidden_parts,
    sheet_missing,
    sheet_empty,
    impossible_date,
    stray_cell,
]
PARQUET = [other_types, nested, only_nulls, bytes_not_utf8]
NOTES = [
    note_wrong_year,
    note_file_missing,
    note_file_twice,
    note_unknown_source,
    note_odd_date,
    note_columns,
    note_damaged,
    note_undeclared_file,
    note_odd_path,
]
