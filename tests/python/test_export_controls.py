"""The export has the shape of SSB's control tables, and what the warehouse found."""

import csv

import duckdb
import pytest

from scripts import export_controls, paths
from scripts.__main__ import main
from scripts.errors import UserError

YEAR = 2017


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("eksport") / "kontroller"
    export_controls.export(paths.WAREHOUSE, folder, YEAR)
    return folder


def test_the_columns_are_those_of_the_framework(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["kontroller.csv", "kontrollutslag.csv"]
    controls, outcomes = rows(folder / "kontroller.csv"), rows(folder / "kontrollutslag.csv")
    assert list(controls[0]) == [
        *("iso_periode", "skjema", "kontrollid", "kontrolltype", "beskrivelse"),
        *("sorting_var", "sorting_order"),
    ]
    assert list(outcomes[0]) == [
        *("iso_periode", "skjema", "kontrollid", "ident", "refnr", "utslag", "verdi"),
    ]
    assert {row["kontrolltype"] for row in controls} == {"H", "S", "I"}
    assert {row["iso_periode"] for row in controls + outcomes} == {str(YEAR)}
    assert {row["utslag"] for row in outcomes} == {"true", "false"}


def test_the_keys_are_unique_and_every_outcome_has_its_control(folder):
    controls, outcomes = rows(folder / "kontroller.csv"), rows(folder / "kontrollutslag.csv")
    keys = [(row["skjema"], row["kontrollid"]) for row in controls]
    assert len(set(keys)) == len(keys)
    units = [(row["skjema"], row["kontrollid"], row["ident"]) for row in outcomes]
    assert len(set(units)) == len(units)
    assert {unit[:2] for unit in units} == set(keys)


def test_the_findings_are_those_of_the_warehouse(folder):
    found = {
        (row["kontrollid"][:4], row["ident"])
        for row in rows(folder / "kontrollutslag.csv")
        if row["utslag"] == "true"
    }
    with duckdb.connect(str(paths.WAREHOUSE), read_only=True) as connection:
        expected = connection.execute(
            "select distinct regel_nr, enhet_nr from marts.kontrollutslag where aargang = $1 and not unntak",
            [YEAR],
        ).fetchall()
    assert found == set(expected)
    [(answer,)] = [
        (row["refnr"],)
        for row in rows(folder / "kontrollutslag.csv")
        if (row["kontrollid"], row["ident"]) == ("R101", "1103")
    ]
    assert answer.startswith("skjema13/syntetisk_skjema13_2017.csv:")


def test_the_same_bytes_every_time(folder, tmp_path):
    again = tmp_path / "igjen"
    export_controls.export(paths.WAREHOUSE, again, YEAR)
    for file in folder.iterdir():
        assert (again / file.name).read_bytes() == file.read_bytes()


def test_a_wrong_request_is_one_sentence_and_writes_nothing(tmp_path, capsys):
    assert main(["export-controls", "--out", str(tmp_path / "ny"), "--year", "1999"]) == 1
    assert "Error: the year is 1999; expected one of 2015, " in capsys.readouterr().err
    assert main(["export-controls", "--out", str(tmp_path)]) == 1
    assert f"Error: {tmp_path} is already there; expected the name of a new folder" in capsys.readouterr().err
    with pytest.raises(UserError, match=r"there is no folder .*borte; expected one to make ny in"):
        export_controls.export(paths.WAREHOUSE, tmp_path / "borte" / "ny")
    with pytest.raises(UserError, match=r"found no warehouse at .* run `make build` first"):
        export_controls.export(tmp_path / "borte.duckdb", tmp_path / "ny")
    assert list(tmp_path.iterdir()) == []
