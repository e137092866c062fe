"""The causes that leave a trace are found: recall and precision over twenty generated deliveries."""

import re
from dataclasses import replace

import deviations
import pytest

from scripts import paths


@pytest.fixture(scope="module")
def made():
    return deviations.deliveries()


@pytest.fixture(scope="module")
def result(made, tmp_path_factory):
    with deviations.build(tmp_path_factory.mktemp("avvik"), made) as connection:
        yield deviations.score(connection, made), connection


def test_the_deliveries_have_municipalities_of_their_own_and_every_cause(made, result):
    codes = [code for delivery in made for year, code in delivery.units if year == 2020]
    assert len(made) == 20
    assert len(set(codes)) == len(codes) > 300
    score, _ = result
    assert set(score.planted) == set(deviations.TRACED)
    assert min(score.planted.values()) >= 20
    assert score.doubles >= 40
    assert min(score.units[kind] for kind in (deviations.NONE, deviations.UNTRACED)) >= 100


def test_nine_of_ten_causes_are_found_and_four_of_five_found_are_right(result):
    score, _ = result
    assert score.recall >= 0.9
    assert score.precision >= 0.8
    assert {cause for cause in deviations.TRACED if score.right[cause] < 0.8 * score.planted[cause]} == set()


def test_traces_without_a_deviation_are_no_cause(result):
    score, connection = result
    assert {f for (true, f), n in score.confusion.items() if true == deviations.NONE} == {deviations.NONE}
    [(only_traces,)] = connection.sql(
        "select count(*) from intermediate.int_avvik__bevis where not er_aarsak and abs(virkning) >= 10"
    ).fetchall()
    assert only_traces > 20


def test_explained_and_unexplained_are_the_deviation(result):
    _, connection = result
    wrong = connection.sql(
        """
        with bevis as (
            select aargang, enhet_nr, sum(forklart) as forklart
            from intermediate.int_avvik__bevis group by aargang, enhet_nr
        )
        select avvik.aargang, avvik.enhet_nr
        from marts.avvik_kmd_iplos as avvik
        left join bevis using (aargang, enhet_nr)
        where avvik.avvik is not null
            and (avvik.uforklart + coalesce(bevis.forklart, 0) = avvik.avvik) is not true
        """
    ).fetchall()
    assert wrong == []


def test_the_page_of_results_is_fresh(result):
    """`python tests/python/deviations.py` writes it."""
    score, _ = result
    assert deviations.PAGE.read_text(encoding="utf-8") == deviations.page(score)


def test_the_score_counts_what_was_not_planted(made, result):
    """With nothing planted, everything found is wrong, and nothing is right."""
    _, connection = result
    innocent = deviations.deliveries()
    for delivery in innocent:
        delivery.units = {key: replace(unit, planted={"E3"}) for key, unit in delivery.units.items()}
    score = deviations.score(connection, innocent)
    assert score.right.total() == 0
    assert score.found.total() > 300


def test_no_sql_reads_the_ledger():
    for folder in ("models", "macros", "seeds", "tests/generic", "tests/makroer", "tests/regler"):
        for path in (paths.ROOT / folder).rglob("*.sql"):
            assert not re.search(r"fasit|feilplan", path.read_text(encoding="utf-8")), path
