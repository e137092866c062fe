"""The comparison of the two engines names every difference: mart, key, column and both values."""

from contextlib import closing
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from scripts import compare
from scripts.compare import Mart, differences
from scripts.errors import UserError
from scripts.postgres.server import connect

COLUMNS = {
    "aargang": "integer not null",
    "enhet_nr": "string not null",
    "verdi": "numeric(18,6)",
    "symbol": "string",
}
ROWS = [(2017, "0301", Decimal("1.500000"), None), (2017, "1103", None, "..")]


def mart(rows=ROWS, columns=COLUMNS, key=("aargang", "enhet_nr")):
    return {"nokkeltall": Mart(columns, key, rows)}


def test_equal_marts_have_no_differences():
    assert list(differences(mart(), mart())) == []


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            [(2017, "0301", Decimal("1.500001"), None), ROWS[1]],
            "nokkeltall (2017, '0301') verdi: 1.500000 in the file, 1.500001 on the server",
        ),
        (
            [(2017, "0301", Decimal("1.5"), None), ROWS[1]],
            "nokkeltall (2017, '0301') verdi: 1.500000 in the file, 1.5 on the server",
        ),
        (
            [ROWS[0], (2017, "1103", None, ".")],
            "nokkeltall (2017, '1103') symbol: '..' in the file, '.' on the server",
        ),
        (
            [(2017, "0301", Decimal("1.500000"), ""), ROWS[1]],
            "nokkeltall (2017, '0301') symbol: NULL in the file, '' on the server",
        ),
        (
            [ROWS[0], (2017, "1103", None, ".. ")],
            "nokkeltall (2017, '1103') symbol: '..' in the file, '.. ' on the server",
        ),
        (ROWS[:1], "nokkeltall (2017, '1103'): row only in the file"),
        ([*ROWS, (2018, "0301", None, ".")], "nokkeltall (2018, '0301'): row only on the server"),
    ],
)
def test_a_difference_names_mart_key_column_and_both_values(rows, found):
    assert list(differences(mart(), mart(rows))) == [found]


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, ["nokkeltall: only in the file"]),
        (
            mart(columns={**COLUMNS, "verdi": "numeric(18,3)"}),
            ["nokkeltall, column 3: verdi numeric(18,6) in the file, verdi numeric(18,3) on the server"],
        ),
        (
            mart(columns={**COLUMNS, "enhet_nr": "string"}),
            ["nokkeltall, column 2: enhet_nr string not null in the file, enhet_nr string on the server"],
        ),
        (
            mart([row[:3] for row in ROWS], {name: COLUMNS[name] for name in list(COLUMNS)[:3]}),
            ["nokkeltall, column 4: symbol string in the file, no column on the server"],
        ),
        (
            mart(key=("enhet_nr", "aargang")),
            ["nokkeltall: primary key (aargang, enhet_nr) in the file, (enhet_nr, aargang) on the server"],
        ),
    ],
)
def test_a_difference_of_shape_is_told_before_any_cell(other, found):
    assert list(differences(mart(), other)) == found


def test_a_mart_without_key_on_both_sides_is_a_difference():
    assert list(differences(mart(key=()), mart(key=()))) == [
        "nokkeltall: no primary key, so its rows cannot be matched"
    ]


def test_capitals_count():
    assert list(differences(mart([(2017, "0301", None, "a")]), mart([(2017, "0301", None, "A")]))) == [
        "nokkeltall (2017, '0301') symbol: 'a' in the file, 'A' on the server"
    ]


def test_a_mart_only_on_the_server_is_told():
    assert list(differences({}, mart())) == ["nokkeltall: only on the server"]


# With both engines

TABLE = """
create table marts.tall (
    enhet_nr {text} not null, aargang integer not null, antall bigint, andel numeric(18, 6), er_herav boolean,
    frist date, symbol {text}, kilde {text} not null, primary key (aargang, enhet_nr)
)
"""
FIGURES = """
insert into marts.tall values
('1103', 2017, 12345678901, 0.333333, true, '2018-12-31', null, 'x'),
('0301', 2017, null, null, false, null, '..', 'x'),
('0301', 2016, 0, -0.5, null, null, 'med "fnutter", komma', 'x'),
('aa', 2016, 1, 0, null, null, '', 'x')
"""


@pytest.fixture
def both(tmp_path, database):
    """The same mart in a file and on a server."""
    file = tmp_path / "lager.duckdb"
    with duckdb.connect(str(file)) as connection:
        for statement in ("create schema marts", TABLE.format(text="varchar"), FIGURES):
            connection.execute(statement)
    change(database, "create schema marts", TABLE.format(text="text"), FIGURES)
    return file, database, tmp_path / "sammenligning"


def change(server, *statements):
    with closing(connect(server)) as connection, connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_the_same_figures_are_the_same_bytes(both):
    file, server, folder = both
    told = compare.compare(file, server, folder)
    assert told == f"The same in lager.duckdb and {server}: 1 public mart, 4 rows, 32 cells."
    left, right = ((folder / engine / "tall.csv").read_bytes() for engine in ("duckdb", "postgres"))
    assert left == right
    assert left.decode().splitlines() == [
        "enhet_nr,aargang,antall,andel,er_herav,frist,symbol,kilde",
        '"0301",2016,0,-0.500000,,,"med ""fnutter"", komma","x"',
        '"aa",2016,1,0.000000,,,"","x"',
        '"0301",2017,,,False,,"..","x"',
        '"1103",2017,12345678901,0.333333,True,2018-12-31,,"x"',
    ]
    marts = compare.of_server(server)
    assert marts["tall"].by_key()[2017, "1103"]["frist"] == date(2018, 12, 31)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "update marts.tall set symbol = '.' where symbol = '..'",
            "tall (2017, '0301') symbol: '..' in the file, '.' on the server",
        ),
        (
            "alter table marts.tall alter antall type integer using 1",
            "tall, column 3: antall bigint in the file, antall integer on the server",
        ),
        (
            "alter table marts.tall alter andel type numeric(18, 3)",
            "tall, column 4: andel numeric(18,6) in the file, andel numeric(18,3) on the server",
        ),
        (
            "alter table marts.tall alter kilde drop not null",
            "tall, column 8: kilde string not null in the file, kilde string on the server",
        ),
        (
            "alter table marts.tall alter symbol type char(30)",
            "tall, column 7: symbol string in the file, symbol character on the server",
        ),
        ("create table marts.ny (a integer)", "ny: only on the server"),
    ],
)
def test_a_change_on_one_side_is_an_error_that_names_it(both, statement, found):
    file, server, folder = both
    change(server, statement)
    with pytest.raises(UserError) as error:
        compare.compare(file, server, folder)
    first, second = str(error.value).splitlines()
    assert first.startswith("1 difference between lager.duckdb and the database ")
    assert second == found
    assert (folder / "postgres" / "tall.csv").exists()


def test_nothing_to_compare_is_one_sentence(both, tmp_path, database):
    file, server, folder = both
    with pytest.raises(UserError, match=r"found no warehouse at .*borte; run `make build` first"):
        compare.compare(tmp_path / "borte", server, folder)
    change(server, "drop schema marts cascade")
    with pytest.raises(UserError, match="has no schema marts with tables that kommbol may read"):
        compare.compare(file, server, folder)
