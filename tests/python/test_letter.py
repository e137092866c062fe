"""The letter says what the warehouse says of one unit, and refuses what it does not have."""

import shutil

import duckdb
import pytest

from scripts import letter, paths
from scripts.__main__ import main
from scripts.errors import UserError
from scripts.headline import number

BANNER = "SYNTETISKE DATA: ingen tall nedenfor gjelder en virkelig kommune"


@pytest.fixture(scope="module")
def warehouse():
    assert paths.WAREHOUSE.exists(), f"{paths.WAREHOUSE} is missing; run `make build` first"
    with duckdb.connect(str(paths.WAREHOUSE), read_only=True) as connection:
        yield connection


def line(text, start):
    [found] = [line for line in text.splitlines() if line.startswith(start)]
    return found.removeprefix(start).split("  ")


def test_the_figures_stand_side_by_side(warehouse):
    [(unit, kmd, iplos)] = warehouse.sql(
        "select enhet_nr, kmd_boliger, iplos_personer_levert from marts.avvik_kmd_iplos "
        "where stort_avvik and enhet_type = 'kommune' order by enhet_nr limit 1"
    ).fetchall()
    text = letter.letter(paths.WAREHOUSE, unit, 2017)
    assert text.splitlines()[0] == BANNER
    assert f"(kommune {unit}), 31.12.2017" in text
    cells = [cell.strip() for cell in line(text, "Helse- og omsorgsformål") if cell.strip()]
    assert cells == [".", number(kmd), number(iplos)]
    assert "R208 (må vurderes): Undersøkelsen har " in text
    assert "avklar sammen" in text


def test_every_finding_and_every_unreadable_value_is_there(warehouse):
    for unit, year, findings in warehouse.sql(
        "select enhet_nr, aargang, count(*) as antall from marts.kontrollutslag where not unntak "
        "group by enhet_nr, aargang order by antall desc, enhet_nr limit 5"
    ).fetchall():
        text = letter.letter(paths.WAREHOUSE, unit, year)
        assert f"Kontrollene har gitt {findings} utslag:" in text
        assert text.count("      Regelen: ") == text.count("      Lageret: ") == findings
    for unit, year, findings in warehouse.sql(
        "select utslag.enhet_nr, utslag.aargang, count(*) filter (where not utslag.unntak) "
        "from marts.kontrollutslag as utslag group by 1, 2 having bool_or(utslag.unntak) order by 1, 2"
    ).fetchall():
        text = letter.letter(paths.WAREHOUSE, unit, year)
        opening, accepted = text.split("Vurdert og godtatt tidligere:")
        assert opening.count("      Regelen: ") == findings
        assert "      Godtatt: Kommunen har en egen ordning" in accepted
    for unit, year, values in warehouse.sql(
        "select karantene.enhet_nr, karantene.aargang, count(*) as antall "
        "from intermediate.int_kvalitet__karantene as karantene "
        "inner join intermediate.int_region__enhet_aar as enheter "
        "on karantene.aargang = enheter.aargang and karantene.enhet_nr = enheter.enhet_nr "
        "group by karantene.enhet_nr, karantene.aargang order by antall desc, 1 limit 5"
    ).fetchall():
        text = letter.letter(paths.WAREHOUSE, unit, year)
        assert f"{values} av svarene og vedtakene kunne ikke brukes:" in text


def test_every_severity_and_treatment_has_words(warehouse):
    found = warehouse.sql("select distinct alvorlighet, behandling from marts.kontroller").fetchall()
    assert {s for s, _ in found if s} == {"H", "S", "I"} == letter.SEVERITIES.keys()
    assert {t for _, t in found if t} == letter.TREATMENTS.keys()


def test_a_unit_without_findings_is_told_so(warehouse):
    [(unit,)] = warehouse.sql(
        "select enhet_nr from intermediate.int_region__enhet_aar where aargang = 2023 and rapporterer = 'ja' "
        "and enhet_nr not in (select enhet_nr from marts.kontrollutslag where aargang = 2023) "
        "and enhet_nr not in "
        "(select enhet_nr from intermediate.int_kvalitet__karantene where aargang = 2023) "
        "order by enhet_nr limit 1"
    ).fetchall()
    text = letter.letter(paths.WAREHOUSE, unit)
    assert "31.12.2023" in text
    assert "Ingen kontroller har gitt utslag." in text
    assert "Alt som ble levert, kunne leses." in text


def test_a_form_that_was_not_delivered_is_missing_not_zero(warehouse):
    [(unit, year)] = warehouse.sql(
        "select enhet_nr, aargang from marts.kontrollutslag where regel_nr = 'R121' order by 1, 2 limit 1"
    ).fetchall()
    text = letter.letter(paths.WAREHOUSE, unit, year)
    assert next(cell for cell in line(text, "Boliger i alt") if cell.strip()).strip() == ".."
    assert "R121 (til orientering): Skjema 13 er ikke levert." in text


def test_real_deliveries_have_no_banner(tmp_path):
    copy = tmp_path / "lager.duckdb"
    shutil.copyfile(paths.WAREHOUSE, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("update staging.stg_leveranse__fil set syntetisk = 'nei'")
    assert letter.letter(copy, "0301").splitlines()[0] == "Oslo - Oslove (kommune 0301), 31.12.2023"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["9999"], "the unit '9999' is not in the division of 2023; expected the four digits of"),
        (["0122", "--year", "2023"], "the unit '0122' is not in the division of 2023"),
        (["0301' or 1=1 --"], "is not in the division of 2023"),
        (["0301", "--year", "1999"], "the year is 1999; expected one of 2015, 2016,"),
    ],
)
def test_what_the_warehouse_does_not_have_is_one_sentence(capsys, arguments, sentence):
    assert main(["letter", *arguments]) == 1
    [error] = capsys.readouterr().err.splitlines()
    assert error.startswith("Error: ")
    assert sentence in error


def test_a_missing_warehouse_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match=r"found no warehouse at .*; run `make build` first"):
        letter.letter(tmp_path / "borte.duckdb", "0301")


def test_a_large_unexplained_deviation_gives_questions_and_an_explained_one_none(warehouse):
    def units(where):
        return warehouse.sql(
            f"select enhet_nr, avvik from marts.avvik_kmd_iplos where {where} order by enhet_nr limit 1"
        ).fetchall()

    for sign, more, own, other in ((">", "flere boliger", "P", "M"), ("<", "flere personer", "M", "P")):
        [(unit, deviation)] = units(f"sannsynlig_aarsak = 'U' and avvik {sign} 0")
        text = " ".join(letter.letter(paths.WAREHOUSE, unit, 2017).split())
        assert f"er {number(abs(deviation))} fra hverandre ({more} enn" in text
        for direction, is_asked in ((own, True), ("B", True), (other, False)):
            for (question,) in warehouse.sql(
                "select spoersmaal_nb from referanse.avvik_spoersmaal "
                f"where spoersmaal_nr like '{direction}%'"
            ).fetchall():
                assert (question in text) is is_asked, question
    for where in ("sannsynlig_aarsak = 'E1'", "not stort_avvik"):
        [(unit, _)] = units(where)
        assert "Vi spør derfor" not in letter.letter(paths.WAREHOUSE, unit, 2017)
