"""The reference date of the deadlines is a date that somebody gave, or missing."""

import datetime as dt

import pytest
from dbt_common.exceptions import CompilationError
from macro_rendering import Macros

from scripts import paths


def rendered(value):
    return Macros([paths.ROOT / "macros"], "duckdb", variables={"referansedato": value})["referansedato"]()


@pytest.mark.parametrize("value", [None, ""])
def test_no_date_is_missing(value):
    assert rendered(value) == "cast(null as date)"


def test_every_day_of_a_common_year_and_of_a_leap_year_is_a_date():
    day = dt.date(2019, 1, 1)
    while day < dt.date(2021, 1, 1):
        assert rendered(str(day)) == rendered(day) == f"cast('{day}' as date)"
        day += dt.timedelta(days=1)


@pytest.mark.parametrize(
    "value",
    [
        *("2018-02-29", "2019-02-30", "2018-04-31", "2018-13-01", "2018-00-10", "2018-10-00", "2018-10-32"),
        *("18-10-01", "01.10.2018", "2018-1-1", "2018-10-01 ", "2018-10-01\n", "0000-10-01", "i dag"),
        *("2018-10-01' or '", 20181001),
    ],
)
def test_what_is_no_date_is_one_sentence(value):
    with pytest.raises(
        CompilationError, match=r"(?s)the variable referansedato is .*; expected a date as YYYY-MM-DD"
    ):
        rendered(value)
