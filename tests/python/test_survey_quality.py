"""The quality of the survey against an independent recomputation with numpy, from the answers per unit."""

from collections import defaultdict

import duckdb
import numpy as np
import pytest

from scripts.paths import WAREHOUSE

PURPOSES = {
    "helse_omsorg": "omsorgsboliger",
    "uten_behovsproving": "uten_behovsproving",
    "vanskeligstilte": "vanskeligstilte",
}
VARIABLES = ("stoerrelsesklasse", "sentralitet")
# A published figure has six decimals.
ROUNDED = 0.5000001e-6


@pytest.fixture(scope="module")
def sql():
    """Run a query on the published warehouse; give its rows."""
    assert WAREHOUSE.exists(), f"{WAREHOUSE} is missing; run `make build` first"
    with duckdb.connect(str(WAREHOUSE), read_only=True) as connection:
        yield lambda query: connection.sql(query).fetchall()


@pytest.fixture(scope="module")
def units(sql):
    """The respondents of 2017: class by variable, population, answered or not, and the answers by field."""
    regions = {
        number: (kind, city, population, {"stoerrelsesklasse": size, "sentralitet": central})
        for number, kind, city, population, size, central in sql(
            "select enhet_nr, enhet_type, komm_nr, folketall, stoerrelsesklasse, sentralitet "
            "from intermediate.int_region__enhet_aar where aargang = 2017 and rapporterer = 'ja'"
        )
    }
    answered = dict(
        sql("select enhet_nr, besvart_selv from intermediate.int_kmd__enhet where aargang = 2017")
    )
    answers = defaultdict(dict)
    for number, field, figure in sql(
        "select enhet_nr, felt, antall from intermediate.int_kmd__verdi where aargang = 2017"
    ):
        answers[number][field] = figure
    cities = {city for kind, city, *_ in regions.values() if kind == "bydel"}
    assert cities == {"0301"}
    found = []
    for number, (kind, city, population, _) in regions.items():
        if city in cities and (kind == "kommune") != answered[city]:
            continue
        classes = {"alle": "alle", **regions[city][3]}
        found.append((number, classes, population, answered[number], answers[number]))
    return found


def whole(answer):
    """The three purposes of an answer, or nothing where one is missing."""
    figures = [answer.get(field) for field in PURPOSES.values()]
    return None if None in figures else dict(zip(PURPOSES, figures, strict=True))


def ratio(asked, y, x):
    """Σy/Σx and its variance: N²(1 - n/N) s²/n of the residuals, divided by the square of N/n Σx."""
    y, x = np.array(y, dtype=float), np.array(x, dtype=float)
    answered = len(y)
    share = y.sum() / x.sum()
    spread = np.var(y - share * x, ddof=1)
    variance = asked**2 * (1 - answered / asked) * spread / answered
    return share, variance / (asked / answered * x.sum()) ** 2


def test_shares_and_intervals_are_the_independent_ones(sql, units):
    published = sql(
        "select gruppetype, gruppe, formaal, enheter, enheter_i_alt, antall, boliger_i_alt, andel, "
        "standardfeil, nedre, oevre, andel_andre, differanse, differanse_standardfeil, "
        "differanse_nedre, differanse_oevre "
        "from marts.kmd_formaalsandel where aargang = 2017"
    )
    expected = {}
    for variable in VARIABLES:
        for group in sorted({classes[variable] for _, classes, *_ in units}):
            for purpose in PURPOSES:
                sides = {True: [0, [], []], False: [0, [], []]}
                for _, classes, _, _, answer in units:
                    side = sides[classes[variable] == group]
                    side[0] += 1
                    split = whole(answer)
                    if split is not None:
                        side[1].append(split[purpose])
                        side[2].append(sum(split.values()))
                inside, variance = ratio(*sides[True])
                outside, variance_outside = ratio(*sides[False])
                both = np.sqrt(variance + variance_outside)
                error = np.sqrt(variance)
                gap = inside - outside
                asked, y, x = sides[True]
                expected[variable, group, purpose] = (
                    *(len(y), asked, sum(y), sum(x), inside, error),
                    *(inside - 1.96 * error, inside + 1.96 * error, outside),
                    *(gap, both, gap - 1.96 * both, gap + 1.96 * both),
                )
    assert {row[:3] for row in published} == set(expected)
    for row in published:
        assert row[3:7] == expected[row[:3]][:4], row
        assert [float(value) for value in row[7:]] == pytest.approx(expected[row[:3]][4:], abs=ROUNDED), row


def test_small_municipalities_allocate_a_far_higher_share_without_means_test(sql):
    (small,) = sql(
        "select andel, nedre, andel_andre, differanse_nedre from marts.kmd_formaalsandel "
        "where aargang = 2017 and gruppe = 'K1' and formaal = 'uten_behovsproving'"
    )
    share, low, others, gap_low = map(float, small)
    assert share > 5 * others
    assert low > others
    assert gap_low > 0


def test_percentiles_are_numpys(sql, units):
    published = sql(
        "select maal, gruppetype, gruppe, formaal, enheter, enheter_i_alt, p10, median, p90 "
        "from marts.kmd_fordeling where aargang = 2017"
    )
    values, asked = defaultdict(list), defaultdict(int)
    for _, classes, population, _, answer in units:
        split = whole(answer)
        for variable in ("alle", *VARIABLES):
            for purpose in PURPOSES:
                key = (variable, classes[variable], purpose)
                asked[key] += 1
                if split is not None:
                    values["per_1000", *key].append(1000 * split[purpose] / population)
                    if sum(split.values()):
                        values["andel", *key].append(split[purpose] / sum(split.values()))
    assert {row[:4] for row in published} == set(values)
    for *key, count, total, low, middle, high in published:
        assert (count, total) == (len(values[tuple(key)]), asked[tuple(key[1:])]), key
        expected = np.quantile(values[tuple(key)], [0.1, 0.5, 0.9])
        # The units' shares are rounded before the percentile is taken.
        assert [float(low), float(middle), float(high)] == pytest.approx(expected, abs=2 * ROUNDED), key


def test_r_indicators_are_the_independent_ones(sql):
    asked = sql(
        "select enhet.enhet_nr, enhet.besvart, region.stoerrelsesklasse, region.sentralitet "
        "from intermediate.int_kmd__enhet as enhet "
        "inner join intermediate.int_region__enhet_aar as region using (aargang, enhet_nr) "
        "where aargang = 2017 and enhet.enhet_type = 'kommune'"
    )
    response = np.array([float(answered) for _, answered, _, _ in asked])
    labels = {
        "stoerrelsesklasse": np.array([size for _, _, size, _ in asked]),
        "sentralitet": np.array([central for _, _, _, central in asked]),
        "stratum": np.array([f"{size} {central}" for _, _, size, central in asked]),
    }
    expected = {}
    for variable, label in labels.items():
        propensity = np.array([response[label == own].mean() for own in label])
        spread = np.std(propensity, ddof=1)
        expected[variable, "alle"] = (
            np.std(propensity),
            spread,
            1 - 2 * spread,
            spread / response.mean(),
        )
        for own in np.unique(label):
            inside = label == own
            part = np.sqrt(inside.mean()) * (response[inside].mean() - response.mean())
            expected[variable, str(own)] = (part, None, None, None)
    published = sql(
        "select variabel, gruppe, delindikator, standardavvik, r_indikator, stoerste_skjevhet "
        "from marts.representativitet where aargang = 2017"
    )
    assert {row[:2] for row in published} == set(expected)
    for variable, group, *figures in published:
        for found, right in zip(figures, expected[variable, group], strict=True):
            assert (found is None) == (right is None)
            # R is twice as sensitive to the spread, which is not rounded before.
            assert right is None or float(found) == pytest.approx(right, abs=ROUNDED), (variable, group)


def test_the_45_per_cent_and_its_main_reason(sql, units):
    ((answered, both, differ, share, of_all, difference, explained, rest, main),) = sql(
        "select enheter_svart, enheter_svart_begge, enheter_uten_samsvar, andel_uten_samsvar, "
        "andel_uten_samsvar_av_alle, avvik, forklart_foer_1994, rest, andel_hovedgrunn_foer_1994 "
        "from marts.avvik_kmd_tilskudd_oversikt where aargang = 2017 and gruppetype = 'alle'"
    )
    pairs = [
        (answer["omsorgsboliger"] - answer["omsorgsboliger_tilskudd_mva"], answer["omsorgsboliger_foer_1994"])
        for *_, answer in units
        if answer["omsorgsboliger"] is not None and answer["omsorgsboliger_tilskudd_mva"] is not None
    ]
    by_1994 = [max(0, min(gap, older or 0)) for gap, older in pairs]
    assert (answered, both) == (sum(done for _, _, _, done, _ in units), len(pairs))
    assert differ == sum(gap != 0 for gap, _ in pairs)
    assert (difference, explained) == (sum(gap for gap, _ in pairs), sum(by_1994))
    assert difference == explained + rest
    assert round(100 * share) == 45
    assert of_all < share
    assert main > 0.5


def test_the_items_of_the_minutes_can_be_read(sql):
    items = dict(
        sql(
            "select felt, 100 * andel_enheter from marts.svarprosent "
            "where kilde = 'kmd' and aargang = 2017 and gruppetype = 'alle'"
        )
    )
    assert round(items["omsorgsboliger"]) == 98
    assert round(items["omsorgsboliger_tilskudd_mva"]) == 75


def test_every_type_of_group_has_the_same_units(sql):
    for delivery, year, field, types, least, most in sql(
        "select kilde, aargang, felt, count(*), min(enheter), max(enheter) from ("
        "  select kilde, aargang, felt, gruppetype, sum(enheter_spurt) as enheter "
        "  from marts.svarprosent group by all"
        ") group by all"
    ):
        assert (types, least) == (5, most), (delivery, year, field)
