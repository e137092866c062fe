"""Checks of the editing macros against other programs for the same methods.

Hb and ThError are compared with Statistics Norway's vaskify, the others with plain Python written from their
descriptions. A check also counts the branches of its method, and fails when its data stop reaching one.
"""

import math
import warnings
from collections import Counter

import numpy as np
import pandas as pd
from macro_rendering import Macros
from psycopg2.extras import execute_values
from vaskify import Detect

TYPES = {"f": "double precision", "i": "bigint", "O": "varchar(100)"}


class Bench:
    """An engine with a table `tall`, and the macros to ask it with."""

    def __init__(self, cursor, macros: Macros):
        self.cursor = cursor
        self.macros = macros

    def load(self, frame: pd.DataFrame) -> None:
        columns = ", ".join(f"{name} {TYPES[dtype.kind]}" for name, dtype in frame.dtypes.items())
        self.cursor.execute("drop table if exists tall")
        self.cursor.execute(f"create table tall ({columns})")
        if self.macros.engine == "duckdb":
            self.cursor.execute("insert into tall select * from frame")
        else:
            rows = [tuple(map(plain, row)) for row in frame.astype(object).itertuples(index=False)]
            execute_values(self.cursor, "insert into tall values %s", rows)

    def query(self, sql: str) -> list[dict]:
        self.cursor.execute(sql)
        names = [column[0] for column in self.cursor.description]
        return [dict(zip(names, row, strict=True)) for row in self.cursor.fetchall()]

    def ask(self, frame: pd.DataFrame, macro: str, *arguments, **named) -> list[dict]:
        """What the macro answers about a table."""
        self.load(frame)
        return self.query(self.macros[macro]("tall", *arguments, **named))


def plain(value):
    """Missing is None, whatever the type; numpy's numbers are Python's."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def by_key(rows: list[dict], key: list[str]) -> dict[tuple, dict]:
    found = {tuple(row[name] for name in key): row for row in rows}
    assert len(found) == len(rows), f"{key} is no key"
    return found


def assert_same(
    found: list[dict], expected: list[dict], key: list[str], tolerances: dict | None = None
) -> None:
    """The same rows, the same columns in the same order, and equal values in each."""
    found, expected = by_key(found, key), by_key(expected, key)
    assert found.keys() == expected.keys()
    for place, row in expected.items():
        assert list(found[place]) == list(row)
        for name, value in row.items():
            other = found[place][name]
            assert type(other) is type(value), (place, name, other, value)
            if isinstance(value, float):
                tolerance = (tolerances or {}).get(name, lambda _: 1e-9)(value)
                assert abs(other - value) <= tolerance * max(1, abs(value)), (place, name, other, value)
            else:
                assert other == value, (place, name, other, value)


def divided(numerator, denominator):
    return None if numerator is None or not denominator else numerator / denominator


def total(values):
    """The sum of those that are there, as in R's Kostra; none where none is there."""
    present = [value for value in values if value is not None]
    return math.fsum(present) if present else None


def grouped(rows: list[dict], names: list[str]) -> dict[tuple, list[dict]]:
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups


def as_rows(frame: pd.DataFrame) -> list[dict]:
    return [
        {name: plain(value) for name, value in row.items()} for row in frame.astype(object).to_dict("records")
    ]


def of(row: dict, names: list[str]) -> dict:
    return {name: row[name] for name in names}


def shuffled(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame.sample(frac=1, random_state=seed).reset_index(drop=True)


# Hb


NO_PAIRS = [(0, 5), (5, 0), (0, 0), (-3, 4), (-3, -3), (None, 5), (5, None), (None, None)]


def hb_data(seed: int) -> pd.DataFrame:
    """Pairs of figures in strata of every size and with every share of equal pairs."""
    random = np.random.default_rng(seed)
    rows = []
    unequal = {"odde": 41, "jevn": 60, "liten": 4, "ingen": 0}
    equal = {"halv": 0.5, "mest": 0.7, "noe": 0.3, "nesten": 0.45, "alle": 1}
    for group, size in (unequal | dict.fromkeys(equal, 40)).items():
        for number in range(size):
            x2 = float(random.integers(1, 2000)) if group != "jevn" else float(random.lognormal(3, 1))
            x1 = x2 * float(random.lognormal(0, 0.15 if number % 11 else 1.5))
            if number < size * equal.get(group, 0):
                x1 = x2
            rows.append([f"{group}{number}", group, x1, x2])
        # Left out: no pair, or not above zero. With equal zeros, half of "nesten" would be equal pairs.
        for number, pair in enumerate(NO_PAIRS):
            rows.append([f"{group}uten{number}", group, *pair])
    frame = pd.DataFrame(rows, columns=["enhet", "gruppe", "t", "t_1"])
    return shuffled(frame.astype({"t": float, "t_1": float}), seed)


def hb_compared(group: list[dict], counter: Counter) -> list[dict]:
    """The pairs that the method is used on."""
    positive = [row for row in group if (row["t"] or 0) > 0 and (row["t_1"] or 0) > 0]
    counter["not above zero"] += len(group) - len(positive)
    equal = sum(row["t"] == row["t_1"] for row in positive)
    if positive and 2 * equal >= len(positive):
        counter["half or more are equal"] += 1
        counter["exactly half are equal"] += 2 * equal == len(positive)
        return [row for row in positive if row["t"] != row["t_1"]]
    counter["fewer are equal"] += equal > 0
    return positive


def vaskify_hb(pairs: list[dict], strata: bool, parameters: dict) -> dict[str, dict]:
    """What vaskify says of the pairs, by unit."""
    long = pd.DataFrame(
        [
            {"enhet": row["enhet"], "stratum": row["stratum"], "aar": year, "verdi": row[name]}
            for row in pairs
            for year, name in (("2016", "t_1"), ("2017", "t"))
        ]
    )
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "DataFrameGroupBy.apply operated on the grouping", FutureWarning, module="vaskify"
        )
        warnings.filterwarnings("ignore", category=pd.errors.SettingWithCopyWarning, module="vaskify")
        named = {name.lower(): value for name, value in parameters.items()}
        found = Detect(long, "enhet").hb("verdi", "aar", strata_var="stratum" if strata else "", **named)
    return {row["enhet"]: row for row in found.to_dict("records")}


def count_hb_branches(pairs: list[dict], parameters: dict, counter: Counter) -> float:
    """The median ratio, after counting which branches of the method the pairs of a stratum reach."""
    p_u, p_a = parameters.get("pU", 0.5), parameters.get("pA", 0.05)
    ratio = np.array([row["t"] / row["t_1"] for row in pairs])
    size = np.array([max(row["t"], row["t_1"]) for row in pairs])
    median = np.median(ratio)
    above = ratio >= median
    distance = np.where(above, ratio / median - 1, 1 - median / ratio) * size**p_u
    q1, q2, q3 = np.quantile(distance, [0.25, 0.5, 0.75])
    least = abs(q2 * p_a) if q2 != 0 else p_a
    counter["q2 is zero" if q2 == 0 else "q2 is not zero"] += 1
    counter["least distance decides below" if least > q2 - q1 else "quartile decides below"] += 1
    counter["least distance decides above" if least > q3 - q2 else "quartile decides above"] += 1
    counter["ratio at or above the median"] += int(above.sum())
    counter["ratio below the median"] += int((~above).sum())
    return float(median)


def check_hb(bench: Bench) -> None:
    counter = Counter()
    cases = [
        {},
        {"pC": 4},
        {"pU": 0.3, "pA": 1.0, "pC": 3},
        {"pU": 1, "pA": 0, "pC": 2.5},
        {"pU": 0, "pA": 0.5, "pC": 1},
    ]
    for seed, parameters in enumerate(cases):
        for strata in ([], ["gruppe"], ["aargang", "gruppe"]):
            frame = hb_data(seed)
            if "aargang" in strata:
                later = hb_data(seed + 100).assign(enhet=lambda data: "senere" + data["enhet"])
                frame = pd.concat([frame.assign(aargang=2016), later.assign(aargang=2017)])
            frame["stratum"] = frame[strata].astype(str).agg("-".join, axis=1) if strata else "1"
            groups = grouped(as_rows(frame), ["stratum"])
            pairs = {key: hb_compared(group, counter) for key, group in groups.items()}
            medians = {
                key: count_hb_branches(group, parameters, counter) for key, group in pairs.items() if group
            }
            counter["nothing to compare"] += len(pairs) - len(medians)
            oracle = vaskify_hb([row for group in pairs.values() for row in group], bool(strata), parameters)
            expected = []
            for row in as_rows(frame):
                given = {**of(row, ["enhet", *strata]), "x1": row["t"], "x2": row["t_1"]}
                names = ("maks_x", "forhold", "nedre_grense", "oevre_grense", "median_forhold", "er_utenfor")
                said = oracle.get(row["enhet"])
                if said is None:
                    expected.append({**given, **dict.fromkeys(names)})
                    continue
                values = (max(row["t"], row["t_1"]), said["ratio"], said["lower_limit"], said["upper_limit"])
                counter["below"] += said["ratio"] < said["lower_limit"]
                counter["above"] += said["ratio"] > said["upper_limit"]
                counter["inside"] += said["flag_hb"] == 0
                median = medians[(row["stratum"],)]
                expected.append(
                    {**given, **dict(zip(names, (*values, median, bool(said["flag_hb"])), strict=True))}
                )
            named = {"strata": strata} if strata else {}
            found = bench.ask(frame, "Hb", ["enhet"], "t", "t_1", **named, **parameters)
            assert_same(found, expected, ["enhet"])
    assert_reached(
        counter,
        "not above zero|half or more are equal|exactly half are equal|fewer are equal|nothing to compare|"
        "q2 is zero|q2 is not zero|least distance decides below|least distance decides above|"
        "quartile decides below|quartile decides above|ratio at or above the median|ratio below the median|"
        "below|above|inside",
    )


def assert_reached(counter: Counter, branches: str) -> None:
    assert {name for name, count in counter.items() if count} == set(branches.split("|"))


# ThError


def check_thousand(bench: Bench) -> None:
    counter = Counter()
    for seed, limits in enumerate([{}, {"ll": -1, "ul": 0.5}, {"ll": -0.2, "ul": 3}]):
        frame = hb_data(seed)
        wrong = frame.index % 7 == 0
        frame.loc[wrong, "t"] *= np.where(frame.index[wrong] % 2, 1100, 0.0009)
        positive = frame[(frame["t"] > 0) & (frame["t_1"] > 0)]
        years = {"2016": "t_1", "2017": "t"}
        long = pd.concat(positive.assign(aar=year, verdi=positive[name]) for year, name in years.items())
        found = Detect(long, "enhet").thousand_error(
            "verdi", "aar", lower_bound=limits.get("ll", -2.5), upper_bound=limits.get("ul", 2.5)
        )
        flags = found[found["aar"] == "2017"].set_index("enhet")["flag_thousand"].to_dict()
        expected = []
        for row in as_rows(frame):
            difference = math.log10(row["t"]) - math.log10(row["t_1"]) if row["enhet"] in flags else None
            flag = bool(flags[row["enhet"]]) if row["enhet"] in flags else None
            counter["left out" if flag is None else (difference > 0, flag)] += 1
            expected.append(
                {
                    "enhet": row["enhet"],
                    "x1": row["t"],
                    "x2": row["t_1"],
                    "differanse_log10": difference,
                    "nedre_grense": float(limits.get("ll", -2.5)),
                    "oevre_grense": float(limits.get("ul", 2.5)),
                    "er_utenfor": flag,
                }
            )
        assert_same(bench.ask(frame, "ThError", ["enhet"], "t", "t_1", **limits), expected, ["enhet"])
    assert set(counter) == {"left out", (True, True), (True, False), (False, True), (False, False)}


# Quartile


def check_quartile(bench: Bench) -> None:
    counter = Counter()
    for seed, parameters in enumerate([{}, {"pKL": 0.5, "pKU": 3}, {"pKL": 2, "pKU": 0}]):
        for strata in ([], ["gruppe"]):
            frame = hb_data(seed)
            expected = []
            for group in grouped(as_rows(frame), strata).values():
                compared = [row for row in group if (row["t"] or 0) > 0 and (row["t_1"] or 0) > 0]
                ratios = {row["enhet"]: row["t"] / row["t_1"] for row in compared}
                low = high = ratio_of_sums = None
                if compared:
                    q1, middle, q3 = np.quantile(list(ratios.values()), [0.25, 0.5, 0.75])
                    low = float(q1 - parameters.get("pKL", 1.5) * (middle - q1))
                    high = float(q3 + parameters.get("pKU", 1.5) * (q3 - middle))
                    sums = [total(row[name] for row in compared) for name in ("t", "t_1")]
                    ratio_of_sums = sums[0] / sums[1]
                for row in group:
                    ratio = ratios.get(row["enhet"])
                    outside = None if ratio is None else ratio < low or ratio > high
                    counter[outside, outside and ratio > high] += 1
                    counter["empty stratum"] += low is None
                    expected.append(
                        {
                            **of(row, ["enhet", *strata]),
                            "x1": row["t"],
                            "y1": row["t_1"],
                            "forhold": ratio,
                            "forhold_stratum": ratio_of_sums,
                            "nedre_grense": low,
                            "oevre_grense": high,
                            "er_utenfor": outside,
                        }
                    )
            named = {"strata": strata} if strata else {}
            found = bench.ask(frame, "Quartile", ["enhet"], "t", "t_1", **named, **parameters)
            assert_same(found, expected, ["enhet"])
    reached = {(None, None), (True, False), (True, True), (False, False), "empty stratum"}
    assert {name for name, count in counter.items() if count} == reached


# Diff2NumVar, Rank2NumVar and AggrSml2NumVar

UNITS = ["a", "B", "Å", "å", "naa", "neste", "Zz", "10", "9", "é", "_", "aa", "Aa", "ø1"]


def two_figures(seed: int) -> pd.DataFrame:
    """Small figures, of which many are equal; the units have another order in Norwegian and as characters."""
    random = np.random.default_rng(seed)
    rows = [
        [unit, number, year, group, *random.choice([None, 0, 1, 2, 3, 5, 8, 100.5], 2)]
        for year in (2016, 2017)
        for group in ("A", "B", None)
        for unit in UNITS
        for number in (9, 10)
    ]
    rows += [["tom", number, 2016, "TOM", None, 7] for number in (1, 2)]
    rows += [["null", number, 2017, "NULL", 0, 0] for number in (1, 2)]
    frame = pd.DataFrame(rows, columns=["enhet", "nr", "aargang", "gruppe", "foer", "naa"])
    return shuffled(frame.astype({"foer": float, "naa": float}), seed)


def as_text(row: dict, key: list[str]) -> tuple[str, ...]:
    """What decides between equal figures: Python compares texts as their bytes do."""
    return tuple("" if row[name] is None else str(row[name]) for name in key)


def largest_first(row: dict) -> tuple:
    """The order of Diff2NumVar."""
    return -abs(row["diff"]), abs(row["foer"]), as_text(row, ["enhet", "nr"])


def largest_of(name: str, other: str, key: list[str]):
    """The order of Rank2NumVar by one of its figures."""

    def place(row: dict) -> tuple:
        return -row[name], row[other] is None, -(row[other] or 0), as_text(row, key)

    return place


def percent(numerator, denominator):
    quotient = divided(numerator, denominator)
    return None if quotient is None else 100 * quotient


STRATA_CASES = [
    {},
    {"strata": ["gruppe"]},
    {"strata": ["aargang", "gruppe"]},
    {"strata": ["gruppe"], "datasett": ["aargang"]},
    {"datasett": ["aargang"]},
]


def check_differences(bench: Bench) -> None:
    counter = Counter()
    for seed, split in enumerate(STRATA_CASES):
        for choice in ({}, {"antall": 3}, {"grense": 4.5}, {"grense": 5, "antall": 1}):
            frame = two_figures(seed)
            datasett = split.get("datasett", [])
            columns = [*datasett, *(name for name in split.get("strata", []) if name not in datasett)]
            both = [
                {**row, "diff": row["naa"] - row["foer"]}
                for row in as_rows(frame)
                if row["foer"] is not None and row["naa"] is not None
            ]
            expected = []
            for whole in grouped(both, datasett).values():
                for stratum in grouped(whole, columns).values():
                    order = sorted(stratum, key=largest_first)
                    for rank, row in enumerate(order, start=1):
                        limit = choice.get("grense")
                        if abs(row["diff"]) <= limit if limit is not None else rank > choice.get("antall", 5):
                            counter["not listed"] += 1
                            counter["on the threshold"] += abs(row["diff"]) == limit
                            continue
                        after = order[rank] if rank < len(order) else None
                        counter["equal difference"] += bool(after) and abs(after["diff"]) == abs(row["diff"])
                        counter["equal in both"] += bool(after) and (after["foer"], after["naa"]) == (
                            row["foer"],
                            row["naa"],
                        )
                        counter["nothing to divide by"] += row["foer"] == 0
                        counter["fall" if row["diff"] < 0 else "rise"] += 1
                        sums = [total(unit["foer"] for unit in units) for units in (stratum, whole)]
                        changes = [total(abs(unit["diff"]) for unit in units) for units in (stratum, whole)]
                        change = total(unit["diff"] for unit in stratum)
                        expected.append(
                            {
                                **of(row, ["enhet", "nr", *columns]),
                                "x": row["foer"],
                                "y": row["naa"],
                                "forhold": divided(row["naa"], row["foer"]),
                                "differanse": row["diff"],
                                "absolutt_differanse": abs(row["diff"]),
                                "prosent_av_x": percent(row["diff"], row["foer"]),
                                "prosent_av_stratum_x": percent(row["diff"], sums[0]),
                                "prosent_av_alle_x": percent(row["diff"], sums[1]),
                                "stratum_prosent_av_stratum_x": percent(change, sums[0]),
                                "stratum_prosent_av_alle_x": percent(change, sums[1]),
                                "andel_av_stratum_differanse": divided(abs(row["diff"]), changes[0]),
                                "andel_av_alle_differanse": divided(abs(row["diff"]), changes[1]),
                                "rang": rank,
                            }
                        )
            found = bench.ask(frame, "Diff2NumVar", ["enhet", "nr"], "foer", "naa", **split, **choice)
            # Without strata a unit has several rows; those that are equal differ in nothing that is shown.
            assert_same(found, expected, [*columns, "rang"])
    assert_reached(
        counter,
        "not listed|on the threshold|equal difference|equal in both|nothing to divide by|fall|rise",
    )


def check_ranks(bench: Bench) -> None:
    counter = Counter()
    for seed, strata in enumerate([[], ["gruppe"], ["aargang", "gruppe"]]):
        for choice in ({}, {"antall": 2, "identiske": True}, {"grense": 5}, {"grense": 4, "identiske": True}):
            frame = two_figures(seed)
            key = ["enhet", "nr", "aargang", "gruppe"]
            rows = as_rows(frame)
            if choice.get("identiske"):
                rows = [row for row in rows if row["foer"] is not None and row["naa"] is not None]
            expected = []
            for stratum in grouped(rows, strata).values():
                ranks = {}
                for name, other in (("foer", "naa"), ("naa", "foer")):
                    present = [row for row in stratum if row[name] is not None]
                    order = sorted(present, key=largest_of(name, other, key))
                    ranks[name] = {id(row): rank for rank, row in enumerate(order, start=1)}
                sums = {name: total(row[name] for row in stratum) for name in ("foer", "naa")}
                for row in stratum:
                    rank_x, rank_y = ranks["foer"].get(id(row)), ranks["naa"].get(id(row))
                    most, limit = choice.get("antall", 5), choice.get("grense")
                    listed = tuple(
                        rank is not None and (rank <= most if limit is None else row[name] > limit)
                        for name, rank in (("foer", rank_x), ("naa", rank_y))
                    )
                    counter[listed] += 1
                    if not any(listed):
                        continue
                    counter["one is missing"] += rank_x is None or rank_y is None
                    counter["on the threshold"] += choice.get("grense") in (row["foer"], row["naa"])
                    expected.append(
                        {
                            **of(row, key),
                            "x": row["foer"],
                            "y": row["naa"],
                            "forhold": divided(row["naa"], row["foer"]),
                            "rang_x": rank_x,
                            "rang_y": rank_y,
                            "prosent_av_stratum_x": percent(row["foer"], sums["foer"]),
                            "prosent_av_stratum_y": percent(row["naa"], sums["naa"]),
                        }
                    )
            named = {"strata": strata} if strata else {}
            assert_same(bench.ask(frame, "Rank2NumVar", key, "foer", "naa", **named, **choice), expected, key)
    listed = {(True, True), (True, False), (False, True), (False, False)}
    reached = listed | {"one is missing", "on the threshold"}
    assert {name for name, count in counter.items() if count} == reached


def check_sums(bench: Bench) -> None:
    counter = Counter()
    for seed, split in enumerate(STRATA_CASES):
        for identical in (False, True):
            frame = two_figures(seed)
            rows = as_rows(frame)
            if identical:
                none = {"foer": None, "naa": None}
                rows = [row | none if None in (row["foer"], row["naa"]) else row for row in rows]
            datasett = split.get("datasett", [])
            columns = [*datasett, *(name for name in split.get("strata", []) if name not in datasett)]
            expected = []
            for whole in grouped(rows, datasett).values():
                all_x, all_y = total(row["foer"] for row in whole), total(row["naa"] for row in whole)
                for stratum in grouped(whole, columns).values():
                    x, y = [row["foer"] for row in stratum], [row["naa"] for row in stratum]
                    sum_x, sum_y = total(x), total(y)
                    change = None if sum_x is None or sum_y is None else sum_y - sum_x
                    counter["no x"] += sum_x is None
                    counter["sum is zero"] += sum_x == 0
                    counter["other counts"] += len(x) - x.count(None) != len(y) - y.count(None)
                    expected.append(
                        {
                            **of(stratum[0], columns),
                            "antall_x": len(x) - x.count(None),
                            "antall_y": len(y) - y.count(None),
                            "sum_x": sum_x,
                            "sum_y": sum_y,
                            "prosent_av_alle_x": percent(sum_x, all_x),
                            "prosent_av_alle_y": percent(sum_y, all_y),
                            "differanse": change,
                            "absolutt_differanse": None if change is None else abs(change),
                            "differanse_prosent_av_stratum_x": percent(change, sum_x),
                            "differanse_prosent_av_alle_x": percent(change, all_x),
                        }
                    )
            found = bench.ask(frame, "AggrSml2NumVar", "foer", "naa", identiske=identical, **split)
            assert_same(found, expected, columns or ["antall_x"])
    assert_reached(counter, "no x|sum is zero|other counts")


# ImputeHistory


def check_history(bench: Bench) -> None:
    counter = Counter()
    random = np.random.default_rng(7)
    rows = [
        [unit, part, year, random.choice([None, None, 0.0, float(random.integers(1, 50))])]
        for unit in UNITS
        for part in (1, 2, None)
        for year in range(2015, 2024)
        if random.random() < 0.8
    ]
    frame = shuffled(pd.DataFrame(rows, columns=["enhet", "del", "aargang", "antall"]), 7)
    frame = frame.astype({"antall": float, "del": object})
    frame["del"] = [None if value is None else str(value) for value in frame["del"]]
    expected = []
    for history in grouped(as_rows(frame), ["enhet", "del"]).values():
        latest = None
        for row in sorted(history, key=lambda row: row["aargang"]):
            missing = row["antall"] is None
            x, period = (None, None) if latest is None else (latest["antall"], latest["aargang"])
            group = (3 if latest else 0) if missing else 1
            counter[group] += 1
            counter["old"] += missing and latest is not None and row["aargang"] - period > 1
            counter["zero"] += missing and x == 0
            expected.append(
                {
                    **of(row, ["enhet", "del", "aargang"]),
                    "y": row["antall"],
                    "x": x,
                    "x_periode": period,
                    "kategori": group,
                    "er_imputert": group == 3,
                    "y_imputert": x if missing else row["antall"],
                }
            )
            latest = latest if missing else row
    found = bench.ask(frame, "ImputeHistory", ["enhet", "del"], "aargang", "antall")
    assert_same(found, expected, ["enhet", "del", "aargang"])
    assert {name for name, count in counter.items() if count} == {0, 1, 3, "old", "zero"}


# ImputeRegression


def regression_data(seed: int) -> pd.DataFrame:
    """Strata of every kind: ordinary, with errors of each size, too small, without answers, exact."""
    random = np.random.default_rng(seed)
    rows = []

    def add(group, size, beta=2.0, noise=0.2, **changed):
        for number in range(size):
            x = changed.get(f"x{number}", float(random.integers(20, 3000)))
            y = beta * x + noise * math.sqrt(x) * float(random.normal())
            rows.append([f"{group}{number}", group, x, changed.get(f"y{number}", lambda y: y)(y)])

    missing = {f"y{number}": lambda y: None for number in range(5)}
    add("vanlig", 60, **missing)
    add("feil", 50, y7=lambda y: y * 1000, y8=lambda y: y / 1000, **missing)
    # Each hides the next one: left out in the first, the second and the third round.
    hidden = {"y7": lambda y: y * 1000, "y8": lambda y: y * 30 + 9000, "y9": lambda y: y + 60}
    add("skjult", 40, **hidden)
    add("spredt", 60, noise=3, y7=lambda y: y * 1.5 + 300, y8=lambda y: y * 0.5)
    for size in (1, 2, 3, 4):
        add(f"liten{size}_", size)
    add("tre_en_feil", 3, y1=lambda y: y * 1000)
    add("fire_en_feil", 4, y1=lambda y: y * 1000)
    add("uten_svar", 4, **missing)
    add("ett_svar", 4, y1=lambda y: None, y2=lambda y: None, y3=lambda y: None)
    add("eksakt", 6, noise=0, **{"y1": lambda y: None})
    add("eksakt_broek", 9, beta=0.3, noise=0)
    for number in range(12):
        add(f"nuller{number}_", 7, beta=0, noise=0, y3=lambda y: 5.0)
    add("nesten_eksakt", 60, noise=0, y7=lambda y: y + 900, y8=lambda y: y - 900)
    # A giant of another ratio draws the model to itself; the next largest lies far away until it is left out.
    add("kjempe", 30, x0=1e7, y0=lambda y: 1.5 * y, x1=1e5, y1=lambda y: 2e5)
    for group in ("vanlig", "uten_svar", "nye"):
        for number, (x, y) in enumerate([(0, 5), (-4, 5), (None, 5), (None, None), (0, None)]):
            rows.append([f"{group}uten_x{number}", group, x, y])
    frame = pd.DataFrame(rows, columns=["enhet", "gruppe", "folketall", "boliger"])
    return shuffled(frame.astype({"folketall": float, "boliger": float}), seed)


def fit(units: list[dict]) -> tuple[float, float, float | None] | None:
    """Weighted least squares by matrices: the coefficient, its variance at s² = 1, and s² if any."""
    if not units:
        return None
    x, y = np.array([[row["x"]] for row in units]), np.array([row["y"] for row in units])
    weighted = x.T * np.array([1 / row["x"] for row in units])
    inverse = np.linalg.inv(weighted @ x)
    beta = inverse @ weighted @ y
    residual = y - x @ beta
    freedom = len(units) - 1
    variance = float(residual**2 @ np.array([1 / row["x"] for row in units])) / freedom if freedom else None
    ratios = [row["y"] / row["x"] for row in units]
    if max(ratios) - min(ratios) <= 1e-12 * max(abs(ratio) for ratio in ratios):
        variance = None
    return float(beta[0]), float(inverse[0, 0]), variance


def residual_of(row: dict, units: list[dict]) -> float | None:
    """The distance from the model of the other units, over its standard error; written out, unit by unit."""
    if row["x"] is None or row["x"] <= 0 or row["y"] is None:
        return None
    model = fit([other for other in units if other is not row])
    if model is None or model[2] is None:
        return None
    beta, inverse, variance = model
    return (row["y"] - beta * row["x"]) / math.sqrt(variance * (row["x"] ** 2 * inverse + row["x"]))


def residual_tolerance(residual: float) -> float:
    """The square of a huge residual is nearly all of the sum of squares, and swallows the others' digits."""
    return max(1e-9, 1e-15 * residual**2)


def check_regression(bench: Bench) -> None:
    counter = Counter()
    narrow = {"limitModel": 2, "limitIterate": 3, "limitImpute": 20, "runder": 5}
    for seed, parameters in enumerate([{}, {"runder": 0}, {"runder": 1}, narrow]):
        for strata in (["gruppe"], []):
            frame = regression_data(seed)
            named = {"strata": strata, **parameters} if strata else parameters
            found = bench.ask(frame, "ImputeRegression", ["enhet"], "folketall", "boliger", **named)
            expected = []
            for stratum in grouped(as_rows(frame), strata).values():
                units = [row | {"x": row["folketall"], "y": row["boliger"]} for row in stratum]
                expected += regression_expected(units, strata, parameters, counter)
            assert_same(found, expected, ["enhet"], {"studentisert_residual": residual_tolerance})
    assert_reached(
        counter,
        "no x above zero|missing|no estimate|wrong|not representative|in the model|left out in round 1|"
        "left out in round 2|left out in round 3|fewer than three would remain in a round|"
        "fewer than three would remain in the model|no residual in the model|no residual outside the model|"
        "back in the model",
    )


def regression_expected(
    units: list[dict], strata: list[str], parameters: dict, counter: Counter
) -> list[dict]:
    """The answer about one stratum, unit by unit."""
    limit_model = parameters.get("limitModel", 2.5)
    limit_iterate = parameters.get("limitIterate", 4.5)
    limit_impute = parameters.get("limitImpute", 50)
    usable = [row for row in units if row["x"] is not None and row["x"] > 0 and row["y"] is not None]
    model = usable
    for number in range(1, parameters.get("runder", 3) + 1):
        far = [row for row in model if abs(residual_of(row, model) or 0) >= limit_iterate]
        if far and len(model) - len(far) < 3:
            counter["fewer than three would remain in a round"] += 1
            break
        counter[f"left out in round {number}"] += len(far) if number <= 3 else 0
        model = [row for row in model if all(row is not other for other in far)]
    is_in = {id(row) for row in model}
    residuals = {id(row): residual_of(row, model) for row in units}
    remaining = [row for row in model if abs(residuals[id(row)] or 0) < limit_model]
    groups = {}
    for row in units:
        residual, inside = residuals[id(row)], id(row) in is_in
        if row["x"] is None or row["x"] <= 0:
            group, branch = 0, "no x above zero"
        elif row["y"] is None:
            group, branch = 3, "missing"
        elif inside and len(remaining) < 3:
            group, branch = 1, "in the model"
            counter["fewer than three would remain in the model"] += abs(residual or 0) >= limit_model
        elif residual is None:
            group, branch = (1 if inside else 2), f"no residual {'in' if inside else 'outside'} the model"
        elif abs(residual) >= limit_impute:
            group, branch = 3, "wrong"
        elif abs(residual) >= limit_model:
            group, branch = 2, "not representative"
        else:
            group, branch = 1, "in the model" if inside else "back in the model"
        counter[branch] += 1
        groups[id(row)] = group
    last = [row for row in units if groups[id(row)] == 1]
    beta = fit(last)[0] if last else None
    expected = []
    for row in units:
        group = groups[id(row)]
        estimate = None if beta is None or row["x"] is None or row["x"] <= 0 else beta * row["x"]
        counter["no estimate"] += group == 3 and estimate is None
        expected.append(
            {
                **of(row, ["enhet", *strata]),
                "x": row["x"],
                "y": row["y"],
                "beta": beta,
                "antall_i_modell": len(last) if last else None,
                "estimat": estimate,
                "studentisert_residual": residual_of(row, last),
                "kategori": group,
                "er_imputert": group == 3 and estimate is not None,
                "y_imputert": estimate if group == 3 else row["y"],
            }
        )
    return expected


CHECKS = {
    "Hb": check_hb,
    "ThError": check_thousand,
    "Quartile": check_quartile,
    "Diff2NumVar": check_differences,
    "Rank2NumVar": check_ranks,
    "AggrSml2NumVar": check_sums,
    "ImputeHistory": check_history,
    "ImputeRegression": check_regression,
}
