"""The reference seeds against what is known of them: official counts, national sums, references."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise

import pytest

from scripts.paths import SEEDS

KEYS = {
    "klass/bydel.csv": ("bydel_nr",),
    "klass/folketall.csv": ("komm_nr", "aar"),
    "klass/folketall_bydel.csv": ("bydel_nr", "aar"),
    "klass/fylke.csv": ("fylke_nr", "gyldig_fra_aar"),
    "klass/kommune.csv": ("komm_nr", "gyldig_fra"),
    "klass/kommune_endring.csv": ("fra_komm_nr", "dato", "til_komm_nr"),
    "klass/kostragruppe.csv": ("gruppering", "komm_nr"),
    "klass/kostragruppering.csv": ("gruppering",),
    "klass/sentralitet.csv": ("standard", "komm_nr"),
    "klass/sentralitetsstandard.csv": ("standard",),
    "klass/stoerrelsesklasse.csv": ("klasse",),
    "publisert/publisert_landstall.csv": ("aar", "maal", "utgitt"),
    "publisert/publisert_maal.csv": ("omfang", "maal"),
    "publisert/publisert_oslo.csv": ("aar",),
    "register/avvik_spoersmaal.csv": ("spoersmaal_nr",),
    "register/bevisregel.csv": ("bevis",),
    "register/indikator.csv": ("indikator",),
    "register/taksonomi_avvik.csv": ("aarsak_kode",),
}
MUNICIPALITIES = {
    2002: 434,
    **dict.fromkeys(range(2013, 2017), 428),
    2017: 426,
    2018: 422,
    2019: 422,
    **dict.fromkeys(range(2020, 2024), 356),
    **dict.fromkeys(range(2024, 2027), 357),
}
POPULATION = {
    2015: 5_165_802,
    2016: 5_213_985,
    2017: 5_258_317,
    2018: 5_295_619,
    2019: 5_328_212,
    2020: 5_367_580,
    2021: 5_391_369,
    2022: 5_425_270,
    2023: 5_488_988,
    2024: 5_550_203,
    2025: 5_594_340,
    2026: 5_627_400,
}
COMPUTED_MEASURES = {"folketall", "iplos_personer_levert", "iplos_personer_levert_i_aaret"}


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def versions_in(year: int) -> list[dict[str, str]]:
    """The municipality versions valid on 1 January of the year."""
    return [r for r in rows("klass/kommune.csv") if int(r["forste_aar"]) <= year <= int(r["siste_aar"])]


def newest_published() -> dict[tuple[str, str], int]:
    """Measure and year to the figure of the latest release."""
    landstall = rows("publisert/publisert_landstall.csv")
    return {(r["maal"], r["aar"]): int(r["verdi"]) for r in landstall if r["nyeste"] == "ja"}


def codes_in(year: int) -> set[str]:
    """The municipality codes valid on 1 January of the year."""
    return {
        r["komm_nr"] for r in rows("klass/kommune.csv") if int(r["forste_aar"]) <= year <= int(r["siste_aar"])
    }


def form_fields() -> set[str]:
    return {r["felt"] for r in rows("definisjoner/skjema13_felt.csv")}


# Form of the files


@pytest.mark.parametrize("name", KEYS)
def test_file_is_plain_sorted_csv_with_provenance(name: str) -> None:
    raw = (SEEDS / name).read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf"), "byte order mark"
    assert b"\r" not in raw, "carriage return"
    assert raw.endswith(b"\n") and not raw.endswith(b"\n\n")
    data = rows(name)
    keys = [tuple(r[k] for k in KEYS[name]) for r in data]
    assert keys == sorted(keys), "not sorted by key"
    assert len(set(keys)) == len(keys), "key is not unique"
    if name != "publisert/publisert_maal.csv":
        assert all(r["kilde"] for r in data), "row without a source"
    assert all(v is not None and v == v.strip() for r in data for v in r.values())


# The municipal division


@pytest.mark.parametrize(("year", "expected"), MUNICIPALITIES.items())
def test_number_of_municipalities_is_the_official_one(year: int, expected: int) -> None:
    assert len(codes_in(year)) == expected


def test_codes_are_text_with_leading_zero() -> None:
    assert all(re.fullmatch(r"\d{4}", r["komm_nr"]) for r in rows("klass/kommune.csv"))
    assert all(r["komm_nr"][:2] == r["fylke_nr"] for r in rows("klass/kommune.csv"))
    assert all(re.fullmatch(r"0301\d{2}", r["bydel_nr"]) for r in rows("klass/bydel.csv"))


def test_versions_of_a_code_leave_no_gap_and_do_not_overlap() -> None:
    versions = defaultdict(list)
    for row in rows("klass/kommune.csv"):
        versions[row["komm_nr"]].append(row)
    for code, parts in versions.items():
        for earlier, later in pairwise(parts):
            assert earlier["gyldig_til"] == later["gyldig_fra"], code


def test_first_and_last_year_follow_the_dates() -> None:
    for row in rows("klass/kommune.csv"):
        valid = [
            year
            for year in range(2002, 2027)
            if row["gyldig_fra"] <= f"{year}-01-01"
            and (not row["gyldig_til"] or f"{year}-01-01" < row["gyldig_til"])
        ]
        assert (valid[0], valid[-1]) == (int(row["forste_aar"]), int(row["siste_aar"])), row


def test_every_ceased_code_has_a_change_row_on_the_day_it_ceased() -> None:
    changes = {(r["fra_komm_nr"], r["dato"]) for r in rows("klass/kommune_endring.csv")}
    last = {r["komm_nr"]: r["gyldig_til"] for r in rows("klass/kommune.csv")}
    ceased = {(code, day) for code, day in last.items() if day > "2011-01-01"}
    assert ceased
    assert not ceased - changes


def test_every_new_code_has_a_change_row_on_the_day_it_began() -> None:
    changes = {(r["til_komm_nr"], r["dato"]) for r in rows("klass/kommune_endring.csv")}
    first: dict[str, str] = {}
    for row in rows("klass/kommune.csv"):
        first.setdefault(row["komm_nr"], row["gyldig_fra"])
    began = {(code, day) for code, day in first.items() if day > "2011-01-01"}
    assert began
    assert not began - changes


@pytest.mark.parametrize(
    ("old", "day", "new"),
    [
        ("0720", "2017-01-01", {"0704", "0710"}),
        ("1850", "2020-01-01", {"1806", "1875"}),
        ("5012", "2020-01-01", {"5055", "5056", "5059"}),
        ("1507", "2024-01-01", {"1508", "1580"}),
    ],
)
def test_split_municipality_stands_in_several_rows(old: str, day: str, new: set[str]) -> None:
    changes = rows("klass/kommune_endring.csv")
    assert {r["til_komm_nr"] for r in changes if (r["fra_komm_nr"], r["dato"]) == (old, day)} == new


@pytest.mark.parametrize(
    ("code", "day", "others"),
    [
        ("0704", "2017-01-01", {"0720"}),
        ("1103", "2020-01-01", {"1141", "1142"}),
        ("5001", "2020-01-01", {"5030"}),
    ],
)
def test_municipality_that_grows_under_its_own_code_names_the_others(
    code: str, day: str, others: set[str]
) -> None:
    changes = rows("klass/kommune_endring.csv")
    parts = {r["fra_komm_nr"] for r in changes if (r["til_komm_nr"], r["dato"]) == (code, day)}
    assert parts == {code} | others


def test_county_years_agree_with_the_municipalities() -> None:
    counties = rows("klass/fylke.csv")
    for year in range(2002, 2027):
        stated = {
            (r["fylke_nr"], r["fylke_navn"])
            for r in counties
            if int(r["gyldig_fra_aar"]) <= year <= int(r["gyldig_til_aar"] or 9999)
        }
        derived = {(r["fylke_nr"], r["fylke_navn"]) for r in versions_in(year)}
        assert stated == derived, year
        assert len({number for number, _ in stated}) == len(stated), year


# Population


@pytest.mark.parametrize(("year", "expected"), POPULATION.items())
def test_population_sums_to_the_national_figure_at_the_codes_of_the_day(year: int, expected: int) -> None:
    data = {r["komm_nr"]: int(r["folketall"]) for r in rows("klass/folketall.csv") if r["aar"] == str(year)}
    assert set(data) == codes_in(year)
    assert sum(data.values()) == expected


def test_only_known_fault_in_the_population_is_noted() -> None:
    assert [(r["komm_nr"], r["aar"]) for r in rows("klass/folketall.csv") if r["merknad"]] == [
        ("1507", "2023")
    ]


@pytest.mark.parametrize("year", range(2015, 2022))
def test_city_districts_sum_to_oslo(year: int) -> None:
    districts = [r for r in rows("klass/folketall_bydel.csv") if r["aar"] == str(year)]
    oslo = [r for r in rows("klass/folketall.csv") if (r["komm_nr"], r["aar"]) == ("0301", str(year))]
    assert {r["bydel_nr"] for r in districts} == {r["bydel_nr"] for r in rows("klass/bydel.csv")}
    assert sum(int(r["folketall"]) for r in districts) == int(oslo[0]["folketall"])


def test_fifteen_city_districts_report() -> None:
    reporting = [r["bydel_nr"] for r in rows("klass/bydel.csv") if r["rapporterer"] == "ja"]
    assert reporting == [f"0301{n:02d}" for n in range(1, 16)]


# Groupings


@pytest.mark.parametrize(
    ("register", "values", "key", "group"),
    [
        ("kostragruppering", "kostragruppe", "gruppering", "kostragruppe"),
        ("sentralitetsstandard", "sentralitet", "standard", "sentralitet"),
    ],
)
def test_grouping_covers_its_code_year(register: str, values: str, key: str, group: str) -> None:
    groupings = rows(f"klass/{register}.csv")
    assert {r[key] for r in rows(f"klass/{values}.csv")} == {r[key] for r in groupings}
    for grouping in groupings:
        members = [r for r in rows(f"klass/{values}.csv") if r[key] == grouping[key]]
        assert {r["komm_nr"] for r in members} == codes_in(int(grouping["kodeaar"])), grouping[key]
        assert all(r[group] for r in members)


@pytest.mark.parametrize("register", ["kostragruppering", "sentralitetsstandard"])
def test_every_statistical_year_has_exactly_one_grouping(register: str) -> None:
    for year in range(2015, 2027):
        valid = [
            r
            for r in rows(f"klass/{register}.csv")
            if int(r["gyldig_fra"]) <= year <= int(r["gyldig_til"] or 9999)
        ]
        assert len(valid) == 1, year


def test_size_classes_cover_every_population_once() -> None:
    classes = rows("klass/stoerrelsesklasse.csv")
    assert classes[0]["fra"] == "0"
    assert classes[-1]["til"] == ""
    for lower, upper in pairwise(classes):
        assert int(lower["til"]) + 1 == int(upper["fra"])
    assert [r["klasse"] for r in classes if r["opphav"] == "offentlig_kilde"] == ["K1", "K5"]


# Published figures


def test_published_measures_are_the_described_ones() -> None:
    described = {(r["omfang"], r["maal"]) for r in rows("publisert/publisert_maal.csv")}
    published = {("land", r["maal"]) for r in rows("publisert/publisert_landstall.csv")}
    published |= {("oslo", name) for name in ("boliger_i_alt", "kommunalt_eide")}
    assert described == published


def test_published_total_is_the_sum_of_the_forms_of_disposal() -> None:
    newest = newest_published()
    parts = ("kommunalt_eide", "innleide", "privat_eide_med_disposisjonsrett")
    stock = [year for name, year in newest if name == "boliger_i_alt"]
    years = [year for year in stock if all((part, year) in newest for part in parts)]
    assert years == ["2005", *map(str, range(2009, 2017))]
    for year in years:
        assert newest["boliger_i_alt", year] == sum(newest[part, year] for part in parts), year


def test_one_release_of_each_measure_and_year_is_the_newest() -> None:
    landstall = rows("publisert/publisert_landstall.csv")
    count = Counter((r["aar"], r["maal"]) for r in landstall if r["nyeste"] == "ja")
    assert set(count) == {(r["aar"], r["maal"]) for r in landstall}
    assert set(count.values()) == {1}
    revised = {(r["aar"], r["verdi"]) for r in landstall if r["nyeste"] == "nei"}
    assert revised == {("2012", "102089"), ("2015", "107129")}


def test_rounding_is_stated_where_the_figure_is_rounded() -> None:
    for row in rows("publisert/publisert_landstall.csv"):
        assert (int(row["avrunding"]) > 1) == ("avrundet" in row["sikkerhet"]), row
        assert int(row["verdi"]) % int(row["avrunding"]) == 0, row


def test_compared_measures_name_what_they_are_compared_with() -> None:
    known = form_fields() | COMPUTED_MEASURES
    for row in rows("publisert/publisert_maal.csv"):
        if row["sammenlignes"] == "nei":
            assert row["grunn"] and not row["lager_maal"] and not row["toleranse"], row
            continue
        assert row["lager_maal"] and not row["grunn"], row
        assert row["teller_maal"] in known, row
        assert not row["nevner_maal"] or row["nevner_maal"] in known, row
        ratio = bool(row["nevner_maal"])
        assert (row["faktor"] != "1") == ratio, row
        assert Decimal(row["toleranse"]) == (Decimal("0.5") if ratio else 0), row


def test_units_are_those_of_the_described_measures() -> None:
    unit = {r["maal"]: r["enhet"] for r in rows("publisert/publisert_maal.csv") if r["omfang"] == "land"}
    assert all(r["enhet"] == unit[r["maal"]] for r in rows("publisert/publisert_landstall.csv"))


def test_published_rate_is_the_stock_over_the_population_of_the_next_first_of_january() -> None:
    newest = newest_published()
    rates = [int(year) for name, year in newest if name == "boliger_per_1000"]
    years = [year for year in rates if year + 1 in POPULATION]
    assert years == [2017, 2018, 2019, 2021, 2022, 2023]
    for year in years:
        rate = Decimal(1000 * newest["boliger_i_alt", str(year)]) / POPULATION[year + 1]
        assert rate.quantize(Decimal(1), ROUND_HALF_UP) == newest["boliger_per_1000", str(year)], year


# Registers


def test_indicators_use_measures_that_exist() -> None:
    known = form_fields() | {"folketall"}
    indicators = rows("register/indikator.csv")
    assert Counter(r["dekning"] for r in indicators) == {"innenfor": 10, "utenfor": 3}
    for row in indicators:
        if row["dekning"] == "utenfor":
            assert not row["teller_maal"] and not row["nevner_maal"], row
            continue
        assert row["teller_maal"] in form_fields(), row
        assert not row["nevner_maal"] or row["nevner_maal"] in known, row
        assert bool(row["nevner_maal"]) == (row["type"] != "antall"), row
        assert row["faktor"] == {"antall": "1", "andel": "100", "rate": "1000"}[row["type"]], row


def test_traces_are_claimed_for_the_causes_the_deliveries_show() -> None:
    traced = {r["aarsak_kode"] for r in rows("register/taksonomi_avvik.csv") if r["etterlater_spor"] == "ja"}
    assert traced == {"E1", "E2", "F1", "F2", "F3", "F4", "G2", "H2", "H4"}


def test_a_cause_has_evidence_rules_where_it_leaves_a_trace_and_questions_where_it_does_not() -> None:
    causes = {r["aarsak_kode"]: r for r in rows("register/taksonomi_avvik.csv")}
    traced = {code for code, r in causes.items() if r["etterlater_spor"] == "ja"}
    evidence, questions = rows("register/bevisregel.csv"), rows("register/avvik_spoersmaal.csv")
    assert {r["aarsak_kode"] for r in evidence} == traced
    assert not {r["aarsak_kode"] for r in questions} & traced
    for row in evidence + questions:
        sign = causes[row["aarsak_kode"]]["fortegn"]
        assert row["retning"] == sign or "begge" in (row["retning"], sign), row
    assert {r["retning"] for r in questions} == {"pluss", "minus", "begge"}
