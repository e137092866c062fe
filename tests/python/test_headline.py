"""The headline table says what the warehouse says, in the Norwegian way of writing numbers."""

import duckdb
import pytest

from scripts import headline

STATEMENTS = [
    "create schema staging",
    "create schema intermediate",
    "create schema marts",
    "create table staging.stg_leveranse__fil as "
    "select 'skjema13' as kilde, 2017 as aargang, 'ja' as syntetisk",
    """
    create table intermediate.int_boligmasse__beholdning as
    select * from (values
        (2017, '0301', 'kommune', 100000), (2017, '1103', 'kommune', 10000), (2017, '1601', 'kommune', 994),
        (2017, '0101', 'kommune', null), (2017, '030101', 'bydel', 500), (2016, '0301', 'kommune', 7)
    ) as rader (aargang, enhet_nr, enhet_type, boliger_i_alt)
    """,
    """
    create table marts.boligmasse_disposisjon as
    select * from (values
        (2017, '0301', 'kommune', 'innleid', 20994, false),
        (2017, '0301', 'kommune', 'kommunalt_eid', 90000, false),
        (2017, '0301', 'kommune', 'brukereid', null, true),
        (2016, '0301', 'kommune', 'kommunalt_eid', 1, false)
    ) as rader (aargang, enhet_nr, enhet_type, disposisjonsform, antall, er_herav)
    """,
    """
    create table marts.boligmasse_formaal_metode as
    select 2017 as aargang, 'kommune' as enhet_type, enhet_nr, metode, formaal,
        case when not (enhet_nr = '1103' and metode = 'kmd' and formaal = 'uten_behovsproving')
            and not (enhet_nr = '1601' and metode <> 'kmd') then antall end as antall
    from (values ('0301', 1000), ('1103', 200), ('1601', 30)) as enheter (enhet_nr, antall)
    cross join (values ('kmd'), ('residual_kmd'), ('residual_iplos'), ('estimat')) as metoder (metode)
    cross join (values ('helse_omsorg'), ('uten_behovsproving'), ('vanskeligstilte')) as f (formaal)
    """,
    """
    create table marts.kmd_estimat as
    select 2017 as aargang, *, 4 as enheter, 3 as enheter_svart, 111000 as boliger from (values
        ('land', 'helse_omsorg', 40000.6, 39000.0, 41000.4, 30000.0, 40100.0),
        ('land', 'uten_behovsproving', 999.5, null, null, 800.0, 998.0),
        ('land', 'vanskeligstilte', 69999.9, 69000.0, 71000.0, 60000.0, 70000.0),
        ('fylke', 'helse_omsorg', 7.0, 7.0, 7.0, 7.0, 7.0)
    ) as rader (gruppetype, formaal, antall, nedre_95, oevre_95, sum_svar, ekspansjon)
    """,
    """
    create table marts.boligmasse_formaal_region as
    select *, 4 as enheter, 110000 as boliger_med_tall, 11000 as boliger_anslaatt from (values
        (2017, 'EAK', 'helse_omsorg', 40002, 3), (2017, 'EAK', 'uten_behovsproving', 998, 3),
        (2017, 'EAK', 'vanskeligstilte', 69000, 3), (2017, 'EKA01', 'helse_omsorg', 7, 1),
        (2016, 'EAK', 'helse_omsorg', null, 0)
    ) as rader (aargang, region_nr, formaal, antall, enheter_med_tall)
    """,
    """
    create table marts.residual_folsomhet as
    select 2017 as aargang, 3 as enheter, * from (values
        ('residual_iplos', 'graasone', 5000, 4000.4, -999.6),
        ('residual_iplos', 'graasone', 5000, 6000, 1000),
        ('residual_iplos', 'ledighet', 5000, 5500, 500),
        ('residual_iplos', 'ledighet', 5000, null, null),
        ('residual_kmd', 'definisjon', 4000, 4000, 0)
    ) as rader (metode, parameter, vanskeligstilte, vanskeligstilte_med, endring)
    """,
    """
    create table marts.iplos_vurdering as
    select * from (values (2018, 'kan_brukes'), (2017, 'kan_ikke_brukes'), (2019, 'kan_ikke_brukes'))
    as rader (aargang, vurdering)
    """,
    """
    create table marts.avvik_kmd_iplos as
    select 2017 as aargang, * from (values
        ('0301', 'kommune', 50, true), ('1103', 'kommune', 1, false), ('1601', 'kommune', null, null),
        ('030101', 'bydel', 50, true)
    ) as rader (enhet_nr, enhet_type, avvik, stort_avvik)
    """,
    """
    create table intermediate.int_kvalitet__karantene as
    select * from (values
        ('kmd', 'ikke_heltall'), ('skjema13', 'ukjent_enhet'), ('skjema13', 'ukjent_enhet'),
        ('skjema13', 'ikke_heltall')
    ) as rader (kilde, aarsak)
    """,
]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in STATEMENTS:
            connection.execute(statement)
    return headline.text(path).replace(headline.THIN_SPACE, "_")


def rows(table, first):
    return [line.split() for line in table.splitlines() if line.split()[:1] == [first]]


def test_the_stock_is_that_of_the_municipalities(table):
    assert "Stock in all                      110_994   reported by 3 municipalities" in table
    assert rows(table, "kommunalt_eid") == [["kommunalt_eid", "90_000"]]
    assert rows(table, "of") == [["of", "which", "brukereid", ".."]]
    assert table.index("kommunalt_eid") < table.index("innleid") < table.index("brukereid")


def test_a_method_counts_the_municipalities_with_all_three_purposes(table):
    everywhere, common = rows(table, "kmd")[:2]
    assert everywhere == ["kmd", "2", "100_994", "91,0", "%", "1_030", "1_030", "1_030"]
    assert common == ["kmd", "1", "100_000", "90,1", "%", "1_000", "1_000", "1_000"]
    everywhere, common = rows(table, "residual_iplos")[:2]
    assert everywhere == ["residual_iplos", "2", "110_000", "99,1", "%", "1_200", "1_200", "1_200"]
    assert common == ["residual_iplos", "1", "100_000", "90,1", "%", "1_000", "1_000", "1_000"]
    assert "The same for the 1 municipalities that all the methods cover" in table


def test_the_estimate_of_the_country_adds_to_the_stock(table):
    assert "all 4 municipalities, estimated from the 3 that answered the survey" in table
    assert rows(table, "helse_omsorg") == [
        ["helse_omsorg", "40_001", "39_000", "–", "41_000", "30_000", "40_100"]
    ]
    assert rows(table, "uten_behovsproving") == [["uten_behovsproving", "1_000", "..", "800", "998"]]
    assert rows(table, "vanskeligstilte") == [
        ["vanskeligstilte", "69_999", "69_000", "–", "71_000", "60_000", "70_000"]
    ]
    assert rows(table, "in") == [["in", "all", "111_000"]]


def test_the_chosen_figures_say_how_much_is_estimated(table):
    assert "added: helse_omsorg 40_002, uten_behovsproving 998, vanskeligstilte 69_000" in table
    assert "3 of 4 municipalities, 110_000 dwellings, of which 10,0 %" in table


def test_the_sensitivity_range_names_its_ends(table):
    lines = [line.strip() for line in table.splitlines() if "from" in line and "to" in line]
    assert "residual_kmd        4_000   from 4_000 (definisjon) to 4_000 (definisjon)" in lines
    assert "residual_iplos      5_000   from 4_000 (graasone) to 6_000 (graasone)" in lines


def test_large_deviations_are_of_the_municipalities_that_can_be_compared(table):
    assert "(stort_avvik): 1 of the 2 municipalities that can be compared" in table


def test_the_verdicts_on_the_register_are_grouped(table):
    assert rows(table, "kan_brukes") == [["kan_brukes", "2018"]]
    assert rows(table, "kan_ikke_brukes") == [["kan_ikke_brukes", "2017,", "2019"]]


def test_what_could_not_be_used_is_counted_by_source_and_reason(table):
    assert rows(table, "skjema13") == [
        ["skjema13", "3", "ukjent_enhet", "2,", "ikke_heltall", "1"],
    ]
    assert rows(table, "kmd")[-1] == ["kmd", "1", "ikke_heltall", "1"]


def test_a_year_that_was_not_delivered_gives_way_to_the_newest(tmp_path):
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in STATEMENTS:
            connection.execute(statement)
        connection.execute("update staging.stg_leveranse__fil set aargang = 2016")
    text = headline.text(path)
    assert "31.12.2016" in text
    # No survey that year, and no figure by purpose.
    assert "interval" not in text and "added" not in text and "Sensitivity" not in text


def test_synthetic_data_are_called_synthetic(table):
    assert "SYNTHETIC" in table


@pytest.mark.parametrize(
    ("value", "expected"), [(None, ".."), (0, "0"), (999, "999"), (1000, "1_000"), (1234567, "1_234_567")]
)
def test_number(value, expected):
    assert headline.number(value).replace(headline.THIN_SPACE, "_") == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(1, 3, "33,3 %"), (0, 5, "0,0 %"), (None, 5, ".."), (1, 0, ".."), (1, None, "..")],
)
def test_percent(part, whole, expected):
    assert headline.percent(part, whole) == expected
