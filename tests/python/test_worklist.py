"""The work list goes out as a workbook and comes back into the register, whole or not at all."""

import csv
import datetime as dt
import shutil
import zipfile

import duckdb
import pytest
from openpyxl import load_workbook

from scripts import paths, worklist
from scripts.__main__ import main
from scripts.errors import UserError
from scripts.worklist.columns import COLUMNS, FILLED_IN, HEADER_ROW
from scripts.worklist.register import NAMES

FIRST = HEADER_ROW + 1
PLACE = {column.name: number for number, column in enumerate(COLUMNS, start=1)}
LABEL = {column.name: column.label for column in COLUMNS}


@pytest.fixture
def register(tmp_path):
    return shutil.copyfile(worklist.REGISTER, tmp_path / "oppfolging.csv")


@pytest.fixture
def sheet(tmp_path, register):
    """The list as written, with one answer that is all right."""
    path = tmp_path / "liste.xlsx"
    worklist.write_list(paths.WAREHOUSE, register, path)
    return path


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill(path, *cells, row=FIRST):
    """Put values in the columns of a row of the list."""
    book = load_workbook(path)
    for name, value in cells:
        book["arbeidsliste"].cell(row, PLACE[name]).value = value
    book.save(path)


ANSWERED = (
    ("status", "besvart"),
    ("kontaktet", dt.date(2018, 9, 3)),
    ("svar", "Boligkontoret fører ikke vedtakene, «40» av dem\nmangler; =nesten alle"),
    ("aarsak_bekreftet", "D1"),
    ("nytt_tall", 0),
    ("nytt_tall_kilde", "iplos"),
    ("ansvarlig", "Kari Åmodt (SSB)"),
    ("frist", dt.date(2018, 10, 1)),
)


def test_the_same_figures_give_the_same_bytes(tmp_path, register):
    for name in ("a.xlsx", "b.xlsx"):
        worklist.write_list(paths.WAREHOUSE, register, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2018, 3, 1, 12, 0, 0)}


def test_the_list_is_the_mart_with_the_follow_up_of_the_register(sheet):
    book = load_workbook(sheet)
    list_ = book["arbeidsliste"]
    assert list_.cell(1, 1).value.startswith("SYNTETISKE DATA")
    assert "syntetiske data" in book.properties.title
    found = [[cell.value for cell in row] for row in list_.iter_rows(min_row=FIRST)]
    with duckdb.connect(str(paths.WAREHOUSE), read_only=True) as connection:
        expected = connection.sql(
            "select enhet_nr, avvik, uforklart, bevis from marts.avvik_oppfolging order by prioritet"
        ).fetchall()
    columns = [PLACE[name] - 1 for name in ("enhet_nr", "avvik", "uforklart", "bevis")]
    assert [tuple(row[c] for c in columns) for row in found] == expected
    assert any(row[PLACE["enhet_nr"] - 1].startswith("0") for row in found)
    assert {row[PLACE["status"] - 1] for row in found} == {"ikke_kontaktet"}
    assert {row[PLACE["frist"] - 1] for row in found} == {dt.datetime(2018, 10, 30)}
    assert book["spørsmål"].max_row == 18
    assert book["før"].sheet_state == "hidden"


def test_a_list_that_is_not_filled_in_changes_nothing(sheet, register):
    before = register.read_bytes()
    assert worklist.read_list(paths.WAREHOUSE, register, sheet) == []
    assert register.read_bytes() == before


def test_the_round_trip_loses_nothing(sheet, register, tmp_path):
    before = rows(register)
    unit = load_workbook(sheet)["arbeidsliste"].cell(FIRST, PLACE["enhet_nr"]).value
    fill(sheet, *ANSWERED)
    assert worklist.read_list(paths.WAREHOUSE, register, sheet) == [unit]
    *kept, new = rows(register)
    assert kept == before
    assert new == {
        **dict.fromkeys(NAMES, ""),
        **{name: str(value) for name, value in ANSWERED},
        "tiltak_nr": f"2017-{unit}", "aargang": "2017", "enhet_nr": unit, "gjelder": "enhet",
        "tiltak": "Enheten kontaktes om avviket mellom KMD-undersøkelsen og IPLOS",
        "kilde": "Arbeidslisten for avvik",
    }  # fmt: skip
    # Read once more, and written and read again, it is still the same.
    content = register.read_bytes()
    assert worklist.read_list(paths.WAREHOUSE, register, sheet) == []
    again = tmp_path / "igjen.xlsx"
    worklist.write_list(paths.WAREHOUSE, register, again)
    written = load_workbook(again)["arbeidsliste"]
    for name, value in ANSWERED:
        found = written.cell(FIRST, PLACE[name]).value
        assert (found.date() if isinstance(found, dt.datetime) else found) == value
    assert worklist.read_list(paths.WAREHOUSE, register, again) == []
    assert register.read_bytes() == content
    # An answer can be taken back.
    fill(again, ("aarsak_bekreftet", None), ("nytt_tall", None), ("nytt_tall_kilde", None))
    assert worklist.read_list(paths.WAREHOUSE, register, again) == [unit]
    assert rows(register)[-1]["aarsak_bekreftet"] == rows(register)[-1]["nytt_tall"] == ""


def test_rows_may_be_sorted_and_left_out(sheet, register):
    fill(sheet, *ANSWERED)
    book = load_workbook(sheet)
    list_ = book["arbeidsliste"]
    unit = list_.cell(FIRST, PLACE["enhet_nr"]).value
    values = [[cell.value for cell in row] for row in list_.iter_rows(min_row=FIRST)]
    list_.delete_rows(FIRST, len(values))
    for row in [*reversed(values[5:]), values[0]]:
        list_.append(row)
    book.save(sheet)
    assert worklist.read_list(paths.WAREHOUSE, register, sheet) == [unit]


def test_two_case_workers_do_not_undo_each_other(sheet, register, tmp_path):
    other = shutil.copyfile(sheet, tmp_path / "annen.xlsx")
    fill(sheet, *ANSWERED)
    fill(other, ("status", "kontaktet"), ("kontaktet", dt.date(2018, 9, 4)), row=FIRST + 1)
    assert len(worklist.read_list(paths.WAREHOUSE, register, sheet)) == 1
    assert len(worklist.read_list(paths.WAREHOUSE, register, other)) == 1
    assert [row["status"] for row in rows(register)[-2:]] == ["besvart", "kontaktet"]
    before = register.read_bytes()
    fill(other, ("status", "avsluttet"), ("kontaktet", dt.date(2018, 9, 3)), ("svar", "noe annet"))
    with pytest.raises(UserError, match="somebody else has changed the register"):
        worklist.read_list(paths.WAREHOUSE, register, other)
    assert register.read_bytes() == before


WRONG = [
    ("nytt_tall", "=1+1", "the formula '=1\\+1'; expected a value, not a formula"),
    ("avvik", "=1+1", "the formula '=1\\+1'; expected -?\\d+"),
    ("enhet_nr", "9999", "'9999'; expected the number of a unit of the list"),
    ("enhet_nr", 221, "221; expected the number of a unit of the list, as text, perhaps '0221'"),
    ("enhet_nr", None, "a blank cell; expected the number of a unit"),
    ("avvik", 12345, "12345; expected -?\\d+: the column 'Avvik' is not to be changed"),
    ("enhet_navn", "Nye Moss", "'Nye Moss'; expected '.*': the column 'Navn' is not to be changed"),
    ("aargang", 2018, "2018; expected 2017: the column 'År'"),
    ("status", "ringt", "'ringt'; expected one of ikke_kontaktet, kontaktet, besvart, avsluttet"),
    ("status", None, "a blank cell; expected a status"),
    ("aarsak_bekreftet", "X9", "'X9'; expected one of A1, "),
    ("aarsak_bekreftet", "U", "'U'; expected one of A1, "),
    ("kontaktet", "3. september", "'3. september'; expected a date from 2018-01-01 on"),
    ("kontaktet", dt.date(1918, 9, 3), "1918-09-03; expected a date from 2018-01-01 on"),
    ("kontaktet", dt.datetime(2018, 9, 3, 12), "2018-09-03 12:00:00; expected a date"),
    ("frist", 20181001, "'#VALUE!'; expected a date, not an error or a number"),
    ("nytt_tall", -1, "-1; expected a whole number from 0 to 999999"),
    ("nytt_tall", 12.5, "12.5; expected a whole number"),
    ("nytt_tall", "ca. 40", "'ca. 40'; expected a whole number"),
    ("nytt_tall", True, "True; expected a whole number"),
    ("nytt_tall_kilde", "skjema13", "'skjema13'; expected one of kmd, iplos"),
    ("svar", "x" * 2001, "'x+…'; expected a text of at most 2000 characters"),
    ("svar", 17, "17; expected text"),
    ("ansvarlig", None, "a blank cell; expected who is responsible"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG, ids=lambda v: str(v)[:20])
def test_a_wrong_cell_is_refused_with_its_place(name, value, sentence, sheet, register):
    before = register.read_bytes()
    fill(sheet, *ANSWERED)
    fill(sheet, (name, value))
    place = f"liste.xlsx, sheet 'arbeidsliste', row {FIRST}, column '{LABEL[name]}': found "
    with pytest.raises(UserError, match=f"^{place}{sentence}"):
        worklist.read_list(paths.WAREHOUSE, register, sheet)
    assert register.read_bytes() == before
    assert [path.name for path in register.parent.glob(".*")] == []


@pytest.mark.parametrize(
    ("cells", "name", "sentence"),
    [
        ({"kontaktet": None}, "kontaktet", "a blank cell; expected the date of the contact"),
        ({"svar": None}, "svar", "a blank cell; expected the answer, since the status is besvart"),
        ({"status": "kontaktet"}, "svar", "'.*'; expected a blank cell, since the status is kontaktet"),
        ({"status": "ikke_kontaktet"}, "kontaktet", "'2018-09-03'; expected a blank cell"),
        ({"nytt_tall_kilde": None}, "nytt_tall_kilde", "a blank cell; expected kmd or iplos"),
        ({"nytt_tall": None}, "nytt_tall", "a blank cell; expected the new figure"),
    ],
)
def test_answers_that_do_not_fit_together_are_refused(cells, name, sentence, sheet, register):
    before = register.read_bytes()
    fill(sheet, *ANSWERED)
    fill(sheet, *cells.items())
    with pytest.raises(UserError, match=f"row {FIRST}, column '{LABEL[name]}': found {sentence}"):
        worklist.read_list(paths.WAREHOUSE, register, sheet)
    assert register.read_bytes() == before


def test_every_wrong_cell_is_named_at_once(sheet, register):
    fill(sheet, ("status", "ringt"), ("nytt_tall", -1), ("kontaktet", "i går"))
    with pytest.raises(UserError) as error:
        worklist.read_list(paths.WAREHOUSE, register, sheet)
    assert str(error.value).startswith("3 problems found")
    assert all(LABEL[name] in str(error.value) for name in ("status", "nytt_tall", "kontaktet"))


def change(path, edit):
    book = load_workbook(path)
    edit(book)
    book.save(path)


def doubled(book):
    list_ = book["arbeidsliste"]
    list_.append([cell.value for cell in list_[FIRST]])


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (doubled, r"row 36, column 'Enhet': found '.*', which is in row 3 too; expected each unit once"),
        (lambda b: b.remove(b["om"]), "found no sheet 'om'"),
        (lambda b: b.remove(b["før"]), "found no sheet 'før'"),
        (lambda b: setattr(b["arbeidsliste"], "title", "ark"), "found no sheet 'arbeidsliste'"),
        (lambda b: b["arbeidsliste"].delete_cols(4), "row 2, column 'Navn': found 'Omsorgs.*expected the"),
        (lambda b: b["arbeidsliste"].cell(5, 25, "merknad"), "row 5, column Y: found 'merknad'; expected"),
        (lambda b: b["arbeidsliste"].merge_cells("N4:N5"), "row 4, cells N4:N5: found merged cells"),
        (lambda b: b["om"].cell(1, 2, 2016), "sheet 'om', row 1: found the year 2016; expected one of 2017"),
        (lambda b: b["om"].cell(2, 2, "nei"), "found syntetisk = 'nei'; expected 'ja'.*never mixed"),
        (lambda b: b["før"].cell(1, 2, "annet"), "sheet 'før': found other columns"),
    ],
    ids=range(10),
)  # fmt: skip
def test_a_sheet_of_another_shape_is_refused(edit, sentence, sheet, register):
    before = register.read_bytes()
    change(sheet, edit)
    with pytest.raises(UserError, match=sentence):
        worklist.read_list(paths.WAREHOUSE, register, sheet)
    assert register.read_bytes() == before


def test_an_error_value_is_refused(sheet, register):
    def edit(book):
        cell = book["arbeidsliste"].cell(FIRST, PLACE["svar"])
        cell.value, cell.data_type = "#N/A", "e"

    change(sheet, edit)
    with pytest.raises(UserError, match="column 'Svar': found '#N/A'; expected a value, not an error"):
        worklist.read_list(paths.WAREHOUSE, register, sheet)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("tiltak_nr,", "nr,", "line 1: found nr,"),
        ("2018-1a,2017,", "2018-1a,2017,,", "row 2: found 15 cells; expected 14"),
        ("2018-10-30", "30.10.2018", "row 2, column frist: found '30.10.2018'; expected a date"),
        ("Helsedirektoratet / SSB", '"Helsedirektoratet / SSB', "cannot be read"),
    ],
)
def test_a_faulty_register_is_one_sentence(old, new, sentence, sheet, register):
    register.write_text(register.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(UserError, match=sentence):
        worklist.read_list(paths.WAREHOUSE, register, sheet)


def test_a_register_that_changes_meanwhile_is_not_overwritten(sheet, register, monkeypatch):
    from scripts.worklist import read

    fill(sheet, *ANSWERED)
    merged = read.merged

    def slow(*arguments):
        result = merged(*arguments)
        register.write_text(register.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        return result

    monkeypatch.setattr(read, "merged", slow)
    with pytest.raises(UserError, match="was changed while the sheet was read"):
        worklist.read_list(paths.WAREHOUSE, register, sheet)
    assert register.read_text(encoding="utf-8").endswith("\n\n")


def test_what_cannot_be_written_is_one_sentence(tmp_path, register, sheet):
    before = sheet.read_bytes()
    for out, year, sentence in (
        (sheet, None, "is already there, perhaps with answers"),
        (tmp_path / "liste.xls", None, "expected a name that ends with .xlsx"),
        (tmp_path / "borte" / "liste.xlsx", None, "there is no folder"),
        (tmp_path / "ny.xlsx", 2018, "the year is 2018; expected one of 2017"),
    ):
        with pytest.raises(UserError, match=sentence):
            worklist.write_list(paths.WAREHOUSE, register, out, year)
    assert sheet.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["liste.xlsx", "oppfolging.csv"]
    with pytest.raises(UserError, match="found no warehouse"):
        worklist.write_list(tmp_path / "borte.duckdb", register, tmp_path / "ny.xlsx")


def test_what_cannot_be_read_is_one_sentence(tmp_path, register, capsys):
    with pytest.raises(UserError, match="there is no file"):
        worklist.read_list(paths.WAREHOUSE, register, tmp_path / "borte.xlsx")
    (tmp_path / "tekst.xlsx").write_text("ikke et regneark", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be read as an XLSX workbook"):
        worklist.read_list(paths.WAREHOUSE, register, tmp_path / "tekst.xlsx")
    assert main(["worklist", "--read", str(tmp_path / "tekst.xlsx"), "--year", "2017"]) == 1
    assert "--year is only for --out" in capsys.readouterr().err


def test_the_command_says_what_it_did(tmp_path, capsys):
    out = tmp_path / "liste.xlsx"
    assert main(["worklist", "--out", str(out)]) == 0
    assert "Wrote 33 units" in capsys.readouterr().out
    assert main(["worklist", "--read", str(out)]) == 0
    assert "the follow-up of 0 units changed" in capsys.readouterr().out


def test_the_follow_ups_of_the_meeting_are_the_first_rows():
    found = [(row["tiltak_nr"], row["frist"], row["ansvarlig"]) for row in rows(worklist.REGISTER)[:4]]
    assert found == [
        ("2018-1a", "2018-10-30", "Helsedirektoratet / SSB"),
        ("2018-1b", "2018-10-30", "Helsedirektoratet / SSB"),
        ("2018-2", "2018-08-30", "Helsedirektoratet"),
        ("2018-4", "2018-09-15", "Arbeidsgruppen"),
    ]


def test_the_yellow_columns_are_columns_of_the_register():
    assert {column.name for column in FILLED_IN} <= set(NAMES)
