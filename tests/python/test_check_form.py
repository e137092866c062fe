"""A form is checked before it is sent, and the warehouse stays as it is."""

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from scripts import check_form, paths
from scripts.__main__ import main
from scripts.demo.writing import digest
from scripts.errors import UserError

DELIVERED = paths.DEMO / "kildedata" / "skjema13" / "syntetisk_skjema13_2023.csv"
UNITS = ("1103", "1106")


@pytest.fixture(scope="module")
def delivered():
    with DELIVERED.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file, delimiter=";") if row["enhet_nr"] in UNITS]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    return path


@pytest.fixture(scope="module")
def checked(delivered, tmp_path_factory):
    """One right form and one with a part above its whole, an unreadable answer and a thousand error."""
    first, second = (dict(row) for row in delivered)
    first["brukereide"] = str(int(first["privat_eide_disposisjonsrett"]) + 1)
    first["garanti_depositum"] = "ca. 4"
    first["soeknader_i_alt"] += "000"
    file = write(tmp_path_factory.mktemp("skjema") / "mitt skjema.csv", [first, second])
    before = digest(paths.WAREHOUSE)
    letters, hard = check_form.check(paths.ROOT, file, "skjema13", 2023)
    assert digest(paths.WAREHOUSE) == before
    return letters, hard, first


def test_the_findings_are_those_of_the_form(checked):
    (first, second), hard, form = checked
    assert first.startswith("SYNTETISKE DATA")
    assert "Stavanger (kommune 1103), 31.12.2023" in first
    assert f"R102 (må rettes): Fant {form['brukereide']} i «Boliger der brukeren eier" in first
    assert "R122 (må rettes): 1 av svarene er ikke et helt tall" in first
    assert f"R135 (må rettes): Fant {form['soeknader_i_alt']} i «Søknader om kommunal bolig i alt»" in first
    assert "garanti_depositum er «ca. 4»" in first
    assert "(mitt skjema.csv, rad 1)" in first
    assert "syntetisk_skjema13_2023" not in first
    assert hard == 3
    assert "Haugesund (kommune 1106)" in second
    assert "Ingen kontroller har gitt utslag." in second


def test_the_command_prints_the_letters_and_says_by_its_exit_code_what_was_found(delivered, tmp_path, capsys):
    wrong = {**delivered[1], "utleide_boliger": str(int(delivered[1]["boliger_i_alt"]) + 1)}
    assert main(["check", str(write(tmp_path / "feil.csv", [wrong])), "--year", "2023"]) == 3
    out, err = capsys.readouterr()
    assert "R104 (må rettes)" in out
    assert "1 hard finding in feil.csv; nothing was kept" in err
    assert "Running the controls on a copy" in err


def test_the_first_form_of_a_year_is_checked_whatever_its_file_is_called(delivered, tmp_path):
    root = tmp_path / "prosjekt"
    (root / "warehouse").mkdir(parents=True)
    for part in ("dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests"):
        (root / part).symlink_to(paths.ROOT / part)
    shutil.copyfile(paths.WAREHOUSE, root / "warehouse" / paths.WAREHOUSE.name)
    with duckdb.connect(str(root / "warehouse" / paths.WAREHOUSE.name)) as connection:
        for table in ("staging.stg_leveranse__fil", "intermediate.int_leveranse__gjeldende"):
            connection.execute(f"delete from {table} where kilde = 'skjema13' and aargang = 2023")
        connection.execute("delete from staging.stg_skjema13__svar where aargang = 2023")
    wrong = {**delivered[1], "utleide_boliger": str(int(delivered[1]["boliger_i_alt"]) + 1)}
    file = write(tmp_path / "skjema, «Karmøy» og 'Sveio'.csv", [wrong])
    [text], hard = check_form.check(root, file, "skjema13", 2023)
    assert "R104 (må rettes)" in text
    assert hard == 1


def test_the_survey_can_be_checked_too(tmp_path):
    source = paths.DEMO / "kildedata" / "kmd" / "syntetisk_kmd_2017.xlsx"
    shutil.copyfile(source, tmp_path / "svar.xlsx")
    letters, hard = check_form.check(paths.ROOT, tmp_path / "svar.xlsx", "kmd", 2017)
    assert len(letters) > 400
    assert hard > 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"enhet_nr": "0101"}, "enhet_nr 0101 is not in the division of 2023; expected the four digits"),
        ({"enhet_nr": ""}, "enhet_nr (blank) is not in the division of 2023"),
        ({"aargang": "2022"}, "aargang is '2022'; expected 2023"),
    ],
)
def test_a_form_of_another_unit_or_year_is_one_sentence(delivered, tmp_path, change, sentence):
    before = digest(paths.WAREHOUSE)
    with pytest.raises(UserError) as error:
        check_form.check(
            paths.ROOT, write(tmp_path / "feil.csv", [{**delivered[0], **change}]), "skjema13", 2023
        )
    assert sentence in str(error.value)
    assert digest(paths.WAREHOUSE) == before


def test_what_cannot_be_checked_is_one_sentence(delivered, tmp_path, capsys):
    file = write(tmp_path / "skjema.csv", delivered)
    assert main(["check", str(file), "--year", "2031"]) == 1
    assert "Error: the year is 2031; skjema13 is expected for one of 2015, " in capsys.readouterr().err
    assert main(["check", str(tmp_path / "borte.csv"), "--year", "2023"]) == 1
    assert f"Error: there is no file {tmp_path / 'borte.csv'}; expected a filled-in form" in (
        capsys.readouterr().err
    )
    lacking = [{name: row[name] for name in row if name != "innleide"} for row in delivered]
    assert main(["check", str(write(file, lacking)), "--year", "2023"]) == 1
    assert "found no column 'innleide'" in capsys.readouterr().err
    with pytest.raises(UserError, match=r"found no warehouse at .* run `make build` first"):
        check_form.check(tmp_path, file, "skjema13", 2023)
