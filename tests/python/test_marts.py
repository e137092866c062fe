"""What the marts of the demonstration delivery say, against what is publicly known of 2017."""

import duckdb
import pytest

from scripts.paths import WAREHOUSE


@pytest.fixture(scope="module")
def sql():
    """Run a query on the published warehouse; give its rows."""
    assert WAREHOUSE.exists(), f"{WAREHOUSE} is missing; run `make build` first"
    with duckdb.connect(str(WAREHOUSE), read_only=True) as connection:
        yield lambda query: connection.sql(query).fetchall()


@pytest.fixture(scope="module")
def country(sql):
    """Reported sum of a form field, by year and field."""
    rows = sql(
        "select aargang, maal, sum(antall) from intermediate.int_boliger__tall "
        "where kilde = 'skjema13' and enhet_type = 'kommune' group by all"
    )
    return {(year, field): int(total) for year, field, total in rows if total is not None}


def _share(country, year, part, whole):
    return 100 * country[year, part] / country[year, whole]


def test_stock_of_2017_is_the_published_one(country):
    assert country[2017, "boliger_i_alt"] == 110_994
    assert country[2017, "boliger_i_alt"] - country[2016, "boliger_i_alt"] == 2_161


def test_2017_against_2016_is_as_the_minutes_say(country, sql):
    def change(field):
        return country[2017, field] / country[2016, field] - 1

    # Over the municipalities with both figures: three answers of 2017, above the stock, are set aside.
    utilisation = [
        100 * let / stock
        for let, stock in sql(
            "select sum(let.antall), sum(stock.antall) from intermediate.int_boliger__tall as let "
            "inner join intermediate.int_boliger__tall as stock using (aargang, enhet_nr, kilde) "
            "where let.maal = 'utleide_boliger' and stock.maal = 'boliger_i_alt' and kilde = 'skjema13' "
            "and let.enhet_type = 'kommune' and let.antall is not null and aargang in (2016, 2017) "
            "group by aargang order by aargang"
        )
    ]
    assert utilisation[1] - utilisation[0] == pytest.approx(-1, abs=0.5)
    refugees = [_share(country, y, "nyinnflyttede_flyktninger", "nyinnflyttede_i_alt") for y in (2016, 2017)]
    assert refugees[1] - refugees[0] == pytest.approx(-7, abs=0.5)
    assert change("kjoepte_bygde") < -0.02
    assert change("solgte_boliger") < -0.02
    assert abs(change("soeknader_i_alt")) < 0.02
    assert abs(change("avslag_i_alt")) < 0.02
    assert -0.15 < change("midlertidig_i_alt") < 0
    assert change("kommunal_bostotte_husstander") < 0


def test_survey_shares_and_response_are_the_published_ones(sql):
    ((care, disadvantaged, without),) = sql(
        """
        with respondents as (
            -- The published shares are those of the answers as they were given, before anything is set aside.
            select enhet_nr,
                max(antall) filter (where felt = 'omsorgsboliger') as care,
                max(antall) filter (where felt = 'vanskeligstilte') as disadvantaged,
                max(antall) filter (where felt = 'uten_behovsproving') as without
            from intermediate.int_kontroll__formsvar
            where kilde = 'kmd' and felt in ('omsorgsboliger', 'vanskeligstilte', 'uten_behovsproving')
            group by enhet_nr
            having count(antall) = 3
        )
        select sum(care), sum(disadvantaged), sum(without) from respondents
        """
    )
    total = care + disadvantaged + without
    assert [round(100 * x / total) for x in (care, disadvantaged, without)] == [42, 56, 2]
    response = {
        (group, field): (float(units), float(stock))
        for group, field, units, stock in sql(
            "select gruppe, felt, 100 * andel_enheter, 100 * andel_boliger from marts.svarprosent "
            "where kilde = 'kmd' and aargang = 2017"
        )
    }
    assert round(response["alle", "ENHET"][0]) == 77
    assert round(response["K5", "ENHET"][0]) == 95
    assert round(response["alle", "ENHET"][1]) == 89
    assert round(response["alle", "omsorgsboliger"][0]) == 98
    assert round(response["alle", "omsorgsboliger_tilskudd_mva"][0]) == 75


def test_45_per_cent_have_other_care_dwellings_than_built_with_grant(sql):
    ((differ, more, both),) = sql(
        """
        select count(*) filter (where not samsvar), count(*) filter (where avvik > 0), count(samsvar)
        from marts.avvik_kmd_tilskudd
        where enhet_nr not in (select komm_nr from referanse.bydel)
        """
    )
    assert round(100 * differ / both) == 45
    assert more > differ / 2


def test_small_municipalities_have_more_without_means_test(sql):
    shares = dict(
        sql(
            """
            select region.stoerrelsesklasse = 'K1', sum(uten.antall) / sum(stock.antall)
            from intermediate.int_boliger__tall as uten
            inner join intermediate.int_boliger__tall as stock
                using (aargang, enhet_nr, kilde)
            inner join intermediate.int_region__enhet_aar as region
                using (aargang, enhet_nr)
            where uten.kilde = 'kmd' and uten.maal = 'uten_behovsproving' and stock.maal = 'boliger_i_alt'
                and uten.antall is not null and stock.antall is not null and region.enhet_type = 'kommune'
            group by all
            """
        )
    )
    assert shares[True] > 2 * shares[False]


def test_iplos_persons_during_the_year_are_about_1_16_times_those_at_the_end(sql):
    for year, ratio in sql(
        "select aargang, sum(personer_levert_i_aaret) / sum(personer_levert) "
        "from intermediate.int_iplos__beboere where enhet_type = 'kommune' group by 1"
    ):
        assert ratio == pytest.approx(1.13 if year == 2019 else 1.16, abs=0.006)


def test_rates_of_city_districts_stop_with_their_population(sql):
    found = sql(
        "select aargang, count(verdi), count(*), min(symbol), min(symbol_aarsak) from marts.nokkeltall "
        "where region_type = 'bydel' and indikator = 'boliger_per_1000' and aargang >= 2019 "
        "group by 1 order by 1"
    )
    missing = (0, 15, "..", "ikke_utgitt")
    assert found == [(2019, 15, 15, None, None), (2020, 15, 15, None, None)] + [
        (year, *missing) for year in (2021, 2022, 2023)
    ]


def test_iplos_2019_and_2022_show_what_happened(sql):
    fell = dict(
        sql(
            "select aargang, count(*) from marts.boligmasse_formaal_metode "
            "where metode = 'residual_iplos' and formaal = 'helse_omsorg' and forbehold = 'falt_til_null' "
            "and enhet_type = 'kommune' group by 1"
        )
    )
    assert fell == {2019: 61, 2022: 1}
