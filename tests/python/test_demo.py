"""The synthetic demonstration delivery: same bytes, exact sums, and a ledger that is true."""

import argparse
import csv
import io
import shutil
from collections import defaultdict

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.demo import answers, command, writing
from scripts.demo.allocate import allocate, split
from scripts.demo.delivery import IPLOS_YEARS, Delivery
from scripts.demo.targets import YEARS
from scripts.errors import UserError
from scripts.paths import DEFINITIONS, DEMO, SEEDS

STOCK = ["boliger_i_alt", "kommunalt_eide", "innleide", "privat_eide_disposisjonsrett"]
UNITS = dict(zip(YEARS, [428, 428, 426, 422, 422, 356, 356, 356, 356], strict=True))
SKJEMA = "kildedata/skjema13/syntetisk_skjema13_{}.csv"
SURVEY = "kildedata/kmd/syntetisk_kmd_2017.xlsx"
IPLOS = "kildedata/iplos/syntetisk_iplos_{}.parquet"


def rows_of(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def delivery() -> Delivery:
    """Everything generated once, in memory; the manifest in git is from another run."""
    return command.build()


@pytest.fixture(scope="module")
def folder(delivery, tmp_path_factory):
    """The generated files on disk."""
    root = tmp_path_factory.mktemp("demo")
    for path, content in delivery.files.items():
        writing.put(root / path, content)
    return root


@pytest.fixture(scope="module")
def ledger(folder):
    return rows_of(folder / "fasit.csv")


@pytest.fixture(scope="module")
def forms(delivery):
    """The delivered skjema 13 per year, as text."""
    return {
        year: pd.read_csv(
            io.BytesIO(delivery.files[SKJEMA.format(year)]), sep=";", dtype=str, keep_default_na=False
        )
        for year in YEARS
    }


@pytest.fixture(scope="module")
def survey(delivery):
    """The delivered survey, as text."""
    book = openpyxl.load_workbook(io.BytesIO(delivery.files[SURVEY]))
    header, *rows = book["svar"].iter_rows(values_only=True)
    return pd.DataFrame([["" if v is None else str(v) for v in row] for row in rows], columns=header)


def truth(delivery, year: int) -> pd.DataFrame:
    return answers.with_city(delivery.truth.years[year], delivery.regions, year)


def country(delivery, year: int, field: str) -> int:
    return int(delivery.truth.years[year][field].sum())


# --- bytes


def test_the_files_are_those_of_the_manifest(folder):
    shutil.copyfile(DEMO / "manifest.csv", folder / "manifest.csv")
    assert command.check(folder) == len(rows_of(DEMO / "manifest.csv"))


def test_the_same_forms_twice(delivery):
    again = command.build("forms")
    assert again.files
    assert all(delivery.files[path] == content for path, content in again.files.items())


def test_a_changed_file_is_named(tmp_path):
    shutil.copytree(DEMO, tmp_path / "demo", ignore=shutil.ignore_patterns("inndata", "iplos"))
    name = "syntetisk_skjema13_2018.csv"
    with (tmp_path / "demo" / "kildedata" / "skjema13" / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(UserError, match=name):
        command.check(tmp_path / "demo", "forms")
    with pytest.raises(UserError, match=r"syntetisk_iplos_2017\.parquet is missing"):
        command.check(tmp_path / "demo", "iplos")


def test_only_the_forms_are_written(tmp_path):
    arguments = argparse.ArgumentParser()
    command.arguments(arguments)
    assert command.run(arguments.parse_args(["--only", "forms", "--out", str(tmp_path)])) == 0
    assert (tmp_path / SURVEY).exists()
    assert not (tmp_path / "kildedata" / "iplos").exists()
    assert not (tmp_path / "manifest.csv").exists()


def test_everything_says_that_it_is_synthetic(delivery, folder):
    for path in delivery.files:
        if path not in ("fasit.csv", "kildedata/leveranser.csv"):
            assert "syntetisk" in path
    notes = rows_of(folder / "kildedata" / "leveranser.csv")
    assert {row["syntetisk"] for row in notes} == {"ja"}
    assert {f"kildedata/{row['fil']}" for row in notes} == {
        path for path in delivery.files if path.count("/") == 2
    }
    about = openpyxl.load_workbook(io.BytesIO(delivery.files[SURVEY]))["om"]
    assert "syntetisk" in str(about["A1"].value).lower()
    readme = (DEMO / "README.md").read_text(encoding="utf-8")
    assert "oppdiktet" in readme and "made up" in readme


# --- whole numbers that keep their sums


@given(st.lists(st.tuples(st.floats(0.01, 1000), st.integers(0, 50)), min_size=1, max_size=30), st.data())
def test_allocation_is_exact_and_inside_its_bounds(units, data):
    weights, ceiling = [w for w, _ in units], np.array([c for _, c in units])
    floor = np.array([data.draw(st.integers(0, int(c))) for c in ceiling])
    total = data.draw(st.integers(int(floor.sum()), int(ceiling.sum())))
    parts = allocate(weights, total, ceiling=ceiling, floor=floor)
    assert parts.sum() == total
    assert ((floor <= parts) & (parts <= ceiling)).all()


@given(st.lists(st.integers(0, 40), min_size=1, max_size=20), st.data())
def test_groups_add_to_the_whole_both_ways(whole, data):
    first = data.draw(st.integers(0, sum(whole)))
    second = data.draw(st.integers(0, sum(whole) - first))
    totals = [first, second, sum(whole) - first - second]
    parts = split(whole, [np.full(len(whole), weight) for weight in (3.0, 2.0, 1.0)], totals)
    assert [int(part.sum()) for part in parts] == totals
    assert (np.sum(parts, axis=0) == whole).all()


# --- the truth against what is published


def published(measure: str) -> dict[int, float]:
    rows = rows_of(SEEDS / "publisert" / "publisert_landstall.csv")
    return {
        int(r["aar"]): float(r["verdi"])
        for r in rows
        if r["maal"] == measure and r["nyeste"] == "ja" and int(r["aar"]) in YEARS
    }


@pytest.mark.parametrize(
    ("measure", "field", "count"),
    [
        ("boliger_i_alt", "boliger_i_alt", 8),
        ("kommunalt_eide", "kommunalt_eide", 2),
        ("innleide", "innleide", 2),
        ("privat_eide_med_disposisjonsrett", "privat_eide_disposisjonsrett", 2),
        ("soeknader", "soeknader_i_alt", 1),
    ],
)
def test_the_truth_adds_to_every_published_total(delivery, measure, field, count):
    figures = published(measure)
    assert len(figures) == count
    assert {year: country(delivery, year, field) for year in figures} == figures


def test_oslo_is_exact_every_year(delivery):
    rows = {int(r["aar"]): r for r in rows_of(SEEDS / "publisert" / "publisert_oslo.csv")}
    for year in YEARS:
        frame = delivery.truth.years[year]
        oslo = frame[frame.komm_nr == "0301"]
        assert len(oslo) == 15
        for field in ("boliger_i_alt", "kommunalt_eide"):
            assert oslo[field].sum() == int(rows[year][field])


def test_published_shares_are_reproduced_within_rounding(delivery):
    checked = 0
    for row in rows_of(SEEDS / "publisert" / "publisert_maal.csv"):
        if row["enhet"] == "prosent":
            for year, share in published(row["maal"]).items():
                found = 100 * country(delivery, year, row["teller_maal"])
                found /= country(delivery, year, row["nevner_maal"])
                assert abs(found - share) < 0.5, (row["maal"], year, found)
                checked += 1
    assert checked >= 15
    # "More than" and "about" in the article on 2016.
    assert 102_500 < country(delivery, 2016, "utleide_boliger") < 103_000
    assert country(delivery, 2016, "nyinnflyttede_i_alt") == 14_500
    for group, least in (("flyktninger", 30), ("tilrettelagt", 31)):
        assert 100 * country(delivery, 2016, f"nyinnflyttede_{group}") / 14_500 > least


def test_2017_against_2016_is_what_the_minutes_say(delivery):
    def change(field: str) -> float:
        return country(delivery, 2017, field) / country(delivery, 2016, field) - 1

    def share(field: str, whole: str, year: int) -> float:
        return 100 * country(delivery, year, field) / country(delivery, year, whole)

    let = [share("utleide_boliger", "boliger_i_alt", y) for y in (2016, 2017)]
    refugees = [share("nyinnflyttede_flyktninger", "nyinnflyttede_i_alt", y) for y in (2016, 2017)]
    assert let[1] - let[0] == pytest.approx(-1, abs=0.1)
    assert refugees[1] - refugees[0] == pytest.approx(-7, abs=0.3)
    for field in ("kjoepte_bygde", "solgte_boliger", "kommunal_bostotte_husstander"):
        assert change(field) < -0.05
    for field in ("soeknader_i_alt", "soeknader_nye", "avslag_i_alt", "avslag_nye"):
        assert abs(change(field)) < 0.01
    assert -0.1 < change("midlertidig_i_alt") < -0.02


@pytest.mark.parametrize("year", YEARS)
def test_parts_are_never_more_than_the_whole(delivery, year):
    frame = truth(delivery, year)
    assert (frame.enhet_type == "kommune").sum() == UNITS[year]
    numbers = answers.number_fields("skjema13", year)
    assert (frame[numbers] >= 0).all(axis=None)
    fields = answers.fields_of("skjema13", year)
    sums = defaultdict(list)
    for row in fields[fields.del_av != ""].itertuples():
        assert (frame[row.felt] <= frame[row.del_av]).all(), row.felt
        if row.del_type == "sum":
            sums[row.del_av].append(row.felt)
    assert len(sums) == 4
    for whole, parts in sums.items():
        assert (frame[parts].sum(axis=1) == frame[whole]).all(), whole
    assert (frame.avslag_nye <= frame.soeknader_nye).all()
    city = frame[frame.enhet_nr == "0301"][numbers].iloc[0]
    assert (frame[frame.enhet_type == "bydel"][numbers].sum() == city).all()


def test_areas_change_slowly(delivery):
    """A municipality keeps its level from year to year, also when it got a new code or merged."""
    for year in YEARS[1:]:
        before, after = (delivery.truth.years[y] for y in (year - 1, year))
        expected = delivery.regions.step(year) @ before.boliger_i_alt.to_numpy()
        large = (expected >= 50) & (after.komm_nr != "0301")
        assert (np.abs(np.log(after.boliger_i_alt[large] / expected[large])) < 0.2).all()


def test_dwellings_without_means_test_are_common_in_small_municipalities(delivery):
    frame = delivery.truth.years[2018]
    by_class = frame.groupby("klasse")[["uten_behovsproving", "boliger_i_alt"]].sum()
    share = by_class.uten_behovsproving / by_class.boliger_i_alt
    assert share["K1"] > 3 * share["K2"]
    assert frame.uten_behovsproving.sum() / frame.boliger_i_alt.sum() == pytest.approx(0.02, abs=0.001)


# --- the survey


def test_the_survey_answers_as_published(delivery, survey):
    frame = delivery.survey_truth
    assert len(frame) == 440
    places = frame.drop_duplicates("komm_nr").assign(
        stor=lambda f: (f.folketall > 20_000) | (f.komm_nr == "0301")
    )
    assert len(places) == 426
    assert places.svarer.mean() == pytest.approx(0.77, abs=0.005)
    assert places.svarer[places.stor].mean() == pytest.approx(0.95, abs=0.005)
    form = delivery.truth.years[2017].set_index("enhet_nr").boliger_i_alt
    assert form[frame.enhet_nr[frame.svarer]].sum() / form.sum() == pytest.approx(0.89, abs=0.005)
    assert frame.svarer[frame.enhet_type == "bydel"].all()
    answered = survey[survey.besvart == "ja"].drop_duplicates("enhet_nr", keep="last")
    assert len(answered) == frame.svarer.sum()
    assert (answered.omsorgsboliger != "").mean() == pytest.approx(0.98, abs=0.005)
    assert (answered.omsorgsboliger_tilskudd_mva != "").mean() == pytest.approx(0.75, abs=0.005)
    both = answered[(answered.omsorgsboliger != "") & (answered.omsorgsboliger_tilskudd_mva != "")]
    unequal = both.omsorgsboliger != both.omsorgsboliger_tilskudd_mva
    assert unequal.mean() == pytest.approx(0.45, abs=0.02)
    assert (answered.innsendt_dato < "2018-01-01").sum() == 0
    silent = survey[survey.besvart == "nei"]
    assert (silent.drop(columns=["aargang", "enhet_nr", "enhet_navn", "besvart"]) == "").all(axis=None)


def test_the_survey_gives_the_published_purposes(survey):
    answered = survey[survey.besvart == "ja"].drop_duplicates("enhet_nr", keep="last")
    fields = ["boliger_i_alt", "omsorgsboliger", "vanskeligstilte", "uten_behovsproving"]
    numbers = answered[fields].apply(pd.to_numeric, errors="coerce").dropna()
    whole, *parts = numbers.sum()
    assert [round(100 * part / whole) for part in parts] == [42, 56, 2]


# --- the plan and the ledger


def test_the_plan_has_at_most_ten_operations():
    plan = rows_of(DEMO / "feilplan.csv")
    assert len({row["operasjon"] for row in plan}) <= 10
    assert {row["lag"] for row in plan} == {"ingest", "staging", "status", "identitet", "kontroll"}
    assert len({row["feil_nr"] for row in plan}) == len(plan)


def test_every_fault_of_the_plan_is_in_the_ledger(ledger):
    planned = {row["feil_nr"] for row in rows_of(DEMO / "feilplan.csv")}
    assert {row["feil_nr"] for row in ledger} == planned


def test_no_fault_moves_the_stock_in_2016_and_2017(delivery, forms, ledger):
    for row in ledger:
        if row["kilde"] == "skjema13" and row["aargang"] in ("2016", "2017"):
            assert row["felt"] not in STOCK and row["operasjon"] not in ("fjern", "kopier"), row
    for year in (2016, 2017):
        form = forms[year]
        if year == 2017:
            form = form[form.enhet_nr.str.len() == 4]
            assert len(form) == UNITS[year]
        else:
            assert len(form) == UNITS[year] - 1 + 15 and "0301" not in set(form.enhet_nr)
        for field in STOCK:
            assert form[field].replace("", "0").astype(int).sum() == country(delivery, year, field)


def test_oslo_delivers_as_the_city_then_as_districts_then_as_both(forms):
    for year, form in forms.items():
        found = (int((form.enhet_nr == "0301").sum()), int(form.enhet_nr.str.startswith("0301").sum()))
        assert found == {2015: (1, 1), 2016: (0, 15)}.get(year, (1, 16))


def test_the_ledger_agrees_with_the_delivered_forms(forms, survey, ledger):
    delivered = {("skjema13", str(year)): form for year, form in forms.items()} | {("kmd", "2017"): survey}
    touched = set()
    for row in ledger:
        if row["kilde"] == "iplos" or row["lag"] == "ingest":
            continue
        form = delivered[row["kilde"], row["aargang"]]
        if row["operasjon"] == "fjern":
            assert row["enhet_nr"] not in set(form.enhet_nr) and row["levert_verdi"] == ""
            assert row["sann_verdi"].isdigit()
            continue
        line = form.iloc[int(row["rad_nr"]) - 1]
        if row["felt"] != "enhet_nr":
            assert line.enhet_nr == row["enhet_nr"]
        if row["felt"] == "alle_heltall":
            assert (line[answers.number_fields("skjema13", int(row["aargang"]))] == "").all()
            continue
        assert line[row["felt"]] == row["levert_verdi"] != row["sann_verdi"], row
        touched.add((row["kilde"], row["aargang"], int(row["rad_nr"]) - 1, row["felt"]))
    assert len(touched) > 300


def test_what_is_not_in_the_ledger_is_the_truth(delivery, forms, ledger):
    """Outside the ledger's cells every delivered cell of skjema 13 is the clean answer."""
    for year, form in forms.items():
        rows = [r for r in ledger if r["kilde"] == "skjema13" and r["aargang"] == str(year)]
        cells = {(r["enhet_nr"], r["felt"]) for r in rows}
        nil = {unit for unit, field in cells if field == "alle_heltall"}
        clean = answers.form_rows(answers.form_truth(delivery.truth, year), year).set_index("enhet_nr")
        extra = {int(r["rad_nr"]) - 1 for r in rows if r["operasjon"] == "kopier"}
        form = form.drop(index=list(extra)).set_index("enhet_nr")
        differs = form.ne(clean.loc[form.index]).stack()
        found = set(differs[differs].index)
        assert {(u, f) for u, f in found if u not in nil} == {
            (u, f) for u, f in cells if u not in nil and u in form.index and f in form.columns
        }
        assert set(clean.index) - set(form.index) == {
            r["enhet_nr"] for r in rows if r["operasjon"] == "fjern"
        }


def test_the_refused_files_are_broken_in_their_own_way(delivery, ledger):
    broken = [row for row in ledger if row["lag"] == "ingest"]
    assert len(broken) == 6
    notes = delivery.files["kildedata/leveranser.csv"].decode()
    for row in broken:
        assert row["fil"].startswith("avvist/") and row["fil"] in delivery.files and row["levert_verdi"]
        assert row["fil"] not in notes


# --- the register


@pytest.fixture(scope="module")
def register(folder):
    """Rows with the published filter's verdict: levert (during the year) and bosatt (at 31.12.)."""
    connection = duckdb.connect()
    for year in IPLOS_YEARS:
        connection.execute(
            f"""
            create table iplos_{year} as
            with rader as (
                select *, file_row_number + 1 as rad_nr,
                    coalesce(person_id, 'rad ' || file_row_number) as person,
                    try_cast(startdato as date) as s, try_cast(sluttdato as date) as e,
                    try_cast(doedsdato as date) as d
                from read_parquet('{folder / IPLOS.format(year)}', file_row_number = true)
            ),
            test as (
                select person as testperson from rader group by person having count(distinct komm_nr) >= 5
            ),
            filtrert as (
                select rader.*,
                    coalesce(
                        tjenestetype in ('12', '13', '29') and testperson is null
                        and year(s) >= 1980 and year(s) >= foedselsaar::int
                        and (e is null or s <= e) and s <= date '{year}-12-31'
                        and (e is null or e >= date '{year}-01-01')
                        and (d is null or d >= date '{year}-01-01'), false
                    ) as levert
                from rader left join test on person = testperson
            )
            select *, levert and (e is null or e >= date '{year}-12-31') as bosatt
            from filtrert
            """
        )
    return connection


def count(register, year: int, condition: str) -> int:
    query = f"select count(distinct (komm_nr, person)) from iplos_{year} where {condition}"
    return register.execute(query).fetchone()[0]


def test_the_register_gives_the_published_counts(register, delivery):
    stock, flow = (published(f"iplos_beboere_{kind}") for kind in ("31des", "i_loepet_av_aaret"))
    assert len(stock) == 6 and len(flow) == 5
    for year in IPLOS_YEARS:
        found = count(register, year, "bosatt"), count(register, year, "levert")
        wanted = stock.get(year, delivery.targets.number("iplos_beboere_31des", year))
        assert found[0] == wanted
        assert found[1] == flow.get(year, round(wanted * 1.16))


def test_every_municipality_is_in_the_register_of_2017(register):
    assert register.execute("select count(distinct komm_nr) from iplos_2017").fetchone()[0] == 426


def test_most_residents_stay(register):
    stayed = register.execute(
        "select count(*) from (select distinct person_id from iplos_2018 where bosatt) "
        "join (select distinct person_id from iplos_2020 where bosatt) using (person_id)"
    ).fetchone()[0]
    assert stayed > 0.55 * count(register, 2018, "bosatt")


def test_the_known_years_went_wrong_as_published(register):
    def units(year: int) -> set[str]:
        return {
            unit
            for (unit,) in register.execute(
                f"select distinct komm_nr from iplos_{year} where tjenestetype in ('12', '13', '29')"
            ).fetchall()
        }

    # Rindal got a new code in 2019, and Utsira was reported with Karmøy.
    gone = units(2018) - units(2019) - {"1567", "1151"}
    assert len(gone) == 61
    tests = register.execute(
        "select count(*) from (select person_id from iplos_2022 where person_id is not null "
        "group by person_id having count(distinct komm_nr) >= 5)"
    ).fetchone()[0]
    assert tests == 15
    assert "1151" not in units(2019) and "1149" in units(2019)
    (missing,) = (units(2021) & units(2023)) - units(2022)
    residents = register.execute(
        "select count(distinct person) from iplos_2021 where bosatt and komm_nr = ?", [missing]
    ).fetchone()[0]
    assert 450 < residents < 560


def test_ids_are_obviously_synthetic(register):
    for year in IPLOS_YEARS:
        other = f"select count(*) from iplos_{year} where not regexp_matches(person_id, '^SYN[0-9]+$')"
        assert register.execute(other).fetchone()[0] == 0


def test_the_ledger_agrees_with_the_delivered_register(register, ledger):
    fields = [row["felt"] for row in rows_of(DEFINITIONS / "iplos_felt.csv")]
    named, counted = defaultdict(list), 0
    for row in ledger:
        if row["kilde"] != "iplos" or row["lag"] == "ingest":
            continue
        if row["felt"] == "beboere_31des":
            assert row["rad_nr"] == row["person_id"] == ""
            # Karmøy and the bydeler also take part in later faults.
            if len(row["enhet_nr"]) == 4 and row["operasjon"] != "flytt":
                condition = f"bosatt and komm_nr = '{row['enhet_nr']}'"
                assert count(register, int(row["aargang"]), condition) == int(row["levert_verdi"]), row
                counted += 1
        else:
            named[row["aargang"]].append(row)
    assert counted > 90
    for year, rows in named.items():
        wanted = [int(row["rad_nr"]) for row in rows]
        table = f"select {', '.join(fields)}, rad_nr from iplos_{year} where rad_nr in {tuple(wanted)}"
        delivered = register.execute(table).df().set_index("rad_nr").astype(object)
        delivered = delivered.where(delivered.notna(), "")
        for row, number in zip(rows, wanted, strict=True):
            line = delivered.loc[number]
            if row["felt"]:
                assert line[row["felt"]] == row["levert_verdi"], row
            if row["felt"] != "person_id":
                assert line.person_id == row["person_id"], row
            if row["felt"] != "komm_nr":
                assert row["enhet_nr"].startswith(line.komm_nr), row
