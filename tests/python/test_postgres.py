"""The warehouse on a PostgreSQL server: publishing in one step, who may read it, errors in one sentence."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from psycopg2 import errors
from test_headline import STATEMENTS

from scripts import failures, headline, paths
from scripts.__main__ import main
from scripts.dbt_step import Relation
from scripts.errors import UserError
from scripts.ingest.swap import exclusive
from scripts.postgres import build, inndata, own_server, schemas
from scripts.postgres.own_server import administrator
from scripts.postgres.server import Server, connect, from_environment

# A project with a layer below, a mart and what leaves the house.
PROJECT = {
    "dbt_project.yml": """\
name: liten
version: "1.0.0"
profile: kommunale_boliger
models:
  liten:
    +materialized: table
    staging:
      +schema: staging
    marts:
      +schema: marts
      +access: public
    publish:
      +schema: publish
      +materialized: view
flags:
  send_anonymous_usage_stats: false
""",
    "models/staging/raa.sql": "select 2 as antall\n",
    "models/marts/tall.sql": "select antall from {{ ref('raa') }}\n",
    "models/publish/tall_ut.sql": "select antall from {{ ref('tall') }}\n",
    "tests/tallet_er_lite.sql": "select antall from {{ ref('tall') }} where (antall < 10) is not true\n",
}
TABLES = {
    "leveranser": ["fil", "syntetisk"],
    "skjema13": ["fil", "verdi"],
    "kmd": ["fil"],
    "iplos": ["fil"],
    "husbanken": ["fil"],
}
ROWS = {
    "leveranser": [("a.csv", "ja")],
    "skjema13": [
        ("a.csv", "12"),
        ("a.csv", None),
        ("a.csv", ""),
        ("a.csv", 'en "rar", tekst;\nto linjer å'),
        (None, "\\N"),
    ],
    "kmd": [("k.csv",)],
    "iplos": [],
    "husbanken": [],
}


def write_inndata(folder, rows=ROWS):
    for source, names in TABLES.items():
        columns = [pa.array([row[place] for row in rows[source]], pa.string()) for place in range(len(names))]
        (folder / source).mkdir(parents=True, exist_ok=True)
        pq.write_table(
            pa.table(dict(zip(names, columns, strict=True))), folder / source / f"{source}.parquet"
        )
    return folder


@pytest.fixture
def project(tmp_path):
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copyfile(paths.ROOT / "profiles.yml", tmp_path / "profiles.yml")
    shutil.copytree(paths.ROOT / "macros" / "engine", tmp_path / "macros")
    write_inndata(tmp_path / "inndata")
    return tmp_path


def ask(server, query, *parameters):
    with closing(connect(server)) as connection, connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def tell(server, *statements):
    with closing(connect(server)) as connection, connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def set_value(project, value, wait="0"):
    """Change what the project builds, and how long that takes."""
    (project / "models/staging/raa.sql").write_text(f"select {value} as antall\n")
    (project / "models/marts/tall.sql").write_text(
        f"select antall from {{{{ ref('raa') }}}} where {wait} is not null\n"
    )


def store_failures(project):
    """Let the project store the rows of failing tests, as the warehouse does."""
    text = PROJECT["dbt_project.yml"] + "data_tests:\n  +store_failures: true\n  +schema: feil\n"
    (project / "dbt_project.yml").write_text(text + 'on-run-end: ["{{ rydd_feil() }}"]\n')
    shutil.copyfile(paths.ROOT / "macros" / "feilende_rader.sql", project / "macros" / "feilende_rader.sql")


def reader_of(server):
    return replace(server, user=schemas.reader())


def schemas_of(server):
    return [
        name
        for (name,) in ask(
            server,
            "select nspname from pg_namespace where nspname !~ '^pg_' and nspname not in"
            " ('public', 'information_schema') order by 1",
        )
    ]


PUBLISHED = ["inndata", "marts", "publish", "staging"]


# A stand-in for dbt: the same three tables, made at once.

RELATIONS = [
    Relation("kommbol_ny_staging", "raa", public=False),
    Relation("kommbol_ny_marts", "tall", public=True),
    Relation("kommbol_ny_publish", "tall_ut", public=False),
]


def quick(value, relations=RELATIONS, meanwhile=lambda server: None):
    def warehouse(root, server):
        for name in ("staging", "marts", "publish"):
            tell(server, f"create schema kommbol_ny_{name}")
        tell(
            server,
            f"create table kommbol_ny_staging.raa as select {value} as antall",
            "create table kommbol_ny_marts.tall as select antall from kommbol_ny_staging.raa",
            "create view kommbol_ny_publish.tall_ut as select antall from kommbol_ny_marts.tall",
        )
        meanwhile(server)
        return relations

    return build.Steps(inndata.load, warehouse)


def make(server, project, value, **options):
    build.build(project, server, project / "inndata", steps=quick(value, **options))


def answer(server):
    return ask(server, "select antall from marts.tall"), ask(server, "select antall from publish.tall_ut")


# With dbt


def test_dbt_builds_and_the_reader_sees_what_is_published_and_nothing_below(project, database):
    build.build(project, database, project / "inndata")
    assert schemas_of(database) == PUBLISHED
    reader = reader_of(database)
    assert answer(reader) == ([(2,)], [(2,)])
    for table in ("staging.raa", "inndata.skjema13"):
        with pytest.raises(errors.InsufficientPrivilege, match="permission denied for schema"):
            ask(reader, f"select * from {table}")
    for statement in ("delete from marts.tall", "create table marts.min (a integer)", "create schema min"):
        with pytest.raises(errors.InsufficientPrivilege):
            tell(reader, statement)
    set_value(project, 3)
    build.build(project, database, project / "inndata")
    assert answer(reader) == ([(3,)], [(3,)])
    assert schemas_of(database) == PUBLISHED


def test_a_failing_test_publishes_nothing_and_says_which(project, database, capsys):
    make(database, project, 2)
    set_value(project, 20)
    with pytest.raises(
        UserError, match=r"dbt build failed at tallet_er_lite: Got 1 result, .*; its own lines"
    ):
        build.build(project, database, project / "inndata")
    assert "The published schemas are unchanged in the database proeve_" in capsys.readouterr().err
    assert answer(database) == ([(2,)], [(2,)])
    assert schemas_of(database) == PUBLISHED


def test_the_rows_of_failed_tests_are_kept_from_readers_until_a_build_succeeds(project, database, capsys):
    store_failures(project)
    for value in (20, 21):
        set_value(project, value)
        with pytest.raises(UserError, match="and `make feil` shows what failed"):
            build.build(project, database, project / "inndata")
        assert f"kept in the schema kommbol_feilet of {database}" in capsys.readouterr().err
        assert schemas_of(database) == ["inndata", "kommbol_feilet"]
        assert ask(database, "select antall from kommbol_feilet.tallet_er_lite") == [(value,)]
        assert failures.text(project).endswith(
            f"in kommbol_feilet.tallet_er_lite in the database {database.database}"
        )
    with pytest.raises(errors.InsufficientPrivilege):
        ask(reader_of(database), "select antall from kommbol_feilet.tallet_er_lite")
    set_value(project, 2)
    build.build(project, database, project / "inndata")
    assert schemas_of(database) == PUBLISHED
    assert failures.text(project).startswith("Nothing failed: ")


def test_dbt_leaves_no_stored_rows_on_a_server_where_every_test_passes(project, database):
    store_failures(project)
    set_value(project, 20)
    with suppress(UserError):
        build.build_warehouse(project, database)
    assert ask(database, "select antall from kommbol_ny_feil.tallet_er_lite") == [(20,)]
    set_value(project, 2)
    build.build_warehouse(project, database)
    assert schemas_of(database) == ["kommbol_ny_marts", "kommbol_ny_publish", "kommbol_ny_staging"]


def test_an_unfinished_build_without_stored_rows_keeps_none(project, database):
    def empty(server):
        tell(server, "create schema kommbol_ny_feil")
        raise UserError("stopped")

    with pytest.raises(UserError, match="stopped"):
        make(database, project, 2, meanwhile=empty)
    assert schemas_of(database) == ["inndata"]


@pytest.mark.parametrize(
    ("whose", "sentence"),
    [
        (
            "application_name = 'dbt'",
            r"dbt build failed at tall: (server closed the|terminating) connection .*; its own lines above",
        ),
        ("true", r"the connection to the database proeve_\d+ on 127.0.0.1:\d+ was lost while building the w"),
    ],
)
def test_a_connection_cut_in_mid_build_is_one_sentence_and_publishes_nothing(
    project, database, whose, sentence
):
    make(database, project, 2)
    set_value(project, 3, wait="pg_sleep(60)")
    root = administrator(database)

    def cut():
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            asleep = ask(
                root,
                "select pid from pg_stat_activity where datname = %s and query like '%%pg_sleep(60)%%'"
                " and state = 'active'",
                database.database,
            )
            if asleep:
                ask(
                    root,
                    f"select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and {whose}",
                    database.database,
                )
                return
            time.sleep(0.1)

    thread = threading.Thread(target=cut)
    thread.start()
    with pytest.raises(UserError, match=sentence):
        build.build(project, database, project / "inndata")
    thread.join()
    assert answer(reader_of(database)) == ([(2,)], [(2,)])
    # The next build finds what this one left, if it could not clean up, and is as good as any.
    make(database, project, 4)
    assert answer(database) == ([(4,)], [(4,)])
    assert schemas_of(database) == PUBLISHED


# Publishing


def test_a_schema_that_is_no_longer_built_is_no_longer_published(project, database):
    make(database, project, 2)
    tell(database, "alter schema publish rename to borte")
    make(database, project, 3)
    assert schemas_of(database) == PUBLISHED


def test_the_mark_is_what_makes_a_schema_ours(project, database):
    tell(database, "create schema staging", "create table staging.noens (a integer)")
    with pytest.raises(UserError, match=r"the schema staging in .* was not made by this warehouse"):
        make(database, project, 2)
    assert schemas_of(database) == ["inndata", "staging"]
    assert ask(database, "select count(*) from staging.noens") == [(0,)]


def test_inndata_of_somebody_else_is_left_alone(project, database):
    tell(database, "create schema inndata", "create table inndata.skjema13 (noens text)")
    with pytest.raises(UserError, match=r"the schema inndata in .* was not made by this warehouse"):
        make(database, project, 2)
    assert ask(database, "select count(noens) from inndata.skjema13") == [(0,)]


def test_what_another_role_published_is_not_replaced(project, database):
    make(replace(administrator(database), database=database.database), project, 2)
    with pytest.raises(
        UserError, match=r"the schema inndata in .* belongs to postgres; kommbol may not replace"
    ):
        make(database, project, 3)
    assert answer(reader_of(database)) == ([(2,)], [(2,)])


def test_a_view_of_somebody_else_is_not_lost(project, database):
    make(database, project, 2)
    tell(database, "create schema kari", "create view kari.min as select antall from marts.tall")
    with pytest.raises(
        UserError, match=r"would be lost: view kari\.min \(needs table marts\.tall\); drop them"
    ):
        make(database, project, 3)
    assert answer(database) == ([(2,)], [(2,)])
    tell(database, "drop view kari.min")
    make(database, project, 3)
    assert answer(database) == ([(3,)], [(3,)])


def test_a_view_made_while_publishing_is_kept_with_what_it_reads(project, database, capsys):
    make(database, project, 2)
    tell(database, "create schema kari")
    with closing(connect(database)) as kari, kari.cursor() as cursor:
        cursor.execute("create view kari.v as select antall from marts.tall")
        make(database, project, 3)
        kari.commit()
    make(database, project, 4)
    assert "former tables are kept: " in capsys.readouterr().err
    assert answer(database) == ([(4,)], [(4,)])
    assert ask(database, "select antall from kari.v") == [(2,)]
    # A gap in the numbers of the kept schemas does not stop the next build.
    tell(database, "drop view kari.v")
    make(database, project, 5)
    assert schemas_of(database) == ["inndata", "kari", "marts", "publish", "staging"]


def test_the_former_schemas_are_numbered_from_the_first_free(project, database):
    make(database, project, 2)
    tell(
        database,
        "create schema kommbol_gammel1_marts",
        "create table kommbol_gammel1_marts.tall (antall integer)",
    )
    with closing(connect(reader_of(database))) as reading, reading.cursor() as cursor:
        tell(database, f"grant usage on schema kommbol_gammel1_marts to {schemas.reader()}")
        tell(database, f"grant select on kommbol_gammel1_marts.tall to {schemas.reader()}")
        cursor.execute("select antall from kommbol_gammel1_marts.tall")
        make(database, project, 3)
        cursor.execute("select antall from marts.tall")
        make(database, project, 4)
    make(database, project, 5)
    assert schemas_of(database) == PUBLISHED


def test_a_build_stopped_after_the_publishing_says_that_it_published(project, database, monkeypatch, capsys):
    make(database, project, 2)
    calls = []

    def stop_the_second_time(connection, server):
        calls.append(server)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(schemas, "drop_former", stop_the_second_time)
    capsys.readouterr()
    with pytest.raises(KeyboardInterrupt):
        make(database, project, 3)
    assert "Published in the database" in capsys.readouterr().err
    assert answer(database) == ([(3,)], [(3,)])


def test_a_view_on_inndata_is_not_lost(project, database):
    make(database, project, 2)
    tell(database, "create schema kari", "create view kari.inn as select fil from inndata.kmd")
    with pytest.raises(UserError, match=r"would be lost: view kari\.inn \(needs table inndata\.kmd\)"):
        make(database, project, 3)
    assert ask(database, "select fil from kari.inn") == [("k.csv",)]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("create materialized view kari.m as select antall from marts.tall", "view kari.m"),
        (
            "create function kari.f() returns setof marts.tall language sql as 'select 1'",
            "function kari.f()",
        ),
        ("create table kari.t (id integer, rad marts.tall)", "column rad of table kari.t"),
        ("create table kari.barn () inherits (marts.tall)", "table kari.barn"),
    ],
)
def test_nothing_that_needs_a_mart_is_lost(project, database, statement, named):
    make(database, project, 2)
    tell(database, "create schema kari", statement)
    with pytest.raises(UserError) as error:
        make(database, project, 3)
    assert named in str(error.value)
    assert answer(database) == ([(2,)], [(2,)])
    assert "kari" in schemas_of(database)


def test_a_reader_can_only_read_whatever_the_default_privileges_are(project, database):
    role = schemas.reader()
    tell(database, f"alter default privileges grant all on tables to {role}")
    make(database, project, 2)
    with pytest.raises(errors.InsufficientPrivilege):
        tell(reader_of(database), "delete from marts.tall")
    assert answer(reader_of(database)) == ([(2,)], [(2,)])


def test_an_idle_connection_keeps_the_lock(project, database):
    root = replace(administrator(database), database=database.database)
    tell(
        root, f"alter role {database.user} in database {database.database} set idle_session_timeout = '500ms'"
    )
    make(database, project, 2, meanwhile=lambda server: time.sleep(1.5))
    assert answer(reader_of(database)) == ([(2,)], [(2,)])


def test_a_reader_who_is_reading_does_not_hold_up_the_publishing(project, database, capsys):
    make(database, project, 2)
    with closing(connect(reader_of(database))) as reading, reading.cursor() as cursor:
        cursor.execute("select antall from marts.tall")
        make(database, project, 3)
        assert "somebody still reads the former tables" in capsys.readouterr().err
        cursor.execute("select antall from marts.tall")
        assert cursor.fetchall() == [(3,)]
        # A third build while she still reads neither waits for her nor fails.
        make(database, project, 5)
        assert answer(database) == ([(5,)], [(5,)])
    assert any(name.startswith("kommbol_gammel") for name in schemas_of(database))
    make(database, project, 4)
    assert schemas_of(database) == PUBLISHED


def test_a_reader_who_sees_more_than_what_is_published_is_refused(project, database, monkeypatch):
    make(database, project, 2)
    monkeypatch.setenv(schemas.READER_VARIABLE, "postgres")
    with pytest.raises(
        UserError, match=r"the role postgres can see inndata, staging in .*; expected only marts"
    ):
        make(database, project, 3)
    assert answer(database) == ([(2,)], [(2,)])


def test_a_missing_reader_is_told_with_what_to_do(project, database, monkeypatch, capsys):
    monkeypatch.setenv(schemas.READER_VARIABLE, "finnes_ikke")
    make(database, project, 2)
    assert "there is no role finnes_ikke, so only kommbol can read the warehouse" in capsys.readouterr().err


def test_only_one_build_at_a_time(project, database):
    def second(server):
        with pytest.raises(UserError, match=r"another build or load is running in the database"):
            make(server, project, 9)

    make(database, project, 2, meanwhile=second)
    assert answer(database) == ([(2,)], [(2,)])


@pytest.mark.parametrize(
    ("relations", "sentence"),
    [
        (RELATIONS[:1], "names no public mart"),
        ([*RELATIONS, Relation("kommbol_ny_marts", "borte", public=True)], "lacks kommbol_ny_marts.borte"),
        ([Relation("marts", "tall", public=True)], "wrote to the schema marts; expected only kommbol_ny_"),
    ],
)
def test_an_incomplete_warehouse_is_not_published(project, database, relations, sentence):
    make(database, project, 2)
    with pytest.raises(UserError, match=sentence):
        make(database, project, 3, relations=relations)
    assert answer(database) == ([(2,)], [(2,)])


def test_an_empty_mart_is_not_published(project, database):
    make(database, project, 2)
    with pytest.raises(UserError, match=r"no row in kommbol_ny_marts\.tall; expected rows in every mart"):
        make(database, project, 3, meanwhile=lambda server: tell(server, "delete from kommbol_ny_marts.tall"))
    assert answer(database) == ([(2,)], [(2,)])


def test_a_build_that_was_killed_leaves_nothing_that_stops_the_next(project, database, capsys):
    tell(
        database, "create schema kommbol_ny_marts", "create table kommbol_ny_marts.tall as select 9 as antall"
    )
    make(database, project, 2)
    assert "Removed kommbol_ny_marts, left by an earlier build" in capsys.readouterr().err
    assert answer(database) == ([(2,)], [(2,)])


# Inndata


def test_inndata_arrives_as_it_was(project, database):
    with closing(connect(database)) as connection:
        assert inndata.load(connection, database, project / "inndata") == 7
    for source, names in TABLES.items():
        assert ask(database, f"select {', '.join(names)} from inndata.{source}") == ROWS[source]
    kinds = ask(
        database, "select distinct data_type from information_schema.columns where table_schema = 'inndata'"
    )
    assert kinds == [("text",)]


def test_every_file_is_read_by_the_names_of_its_columns(project, database):
    second = pa.table({"verdi": ["7"], "fil": ["b.csv"]})
    pq.write_table(second, project / "inndata" / "skjema13" / "z.parquet")
    with closing(connect(database)) as connection:
        assert inndata.load(connection, database, project / "inndata") == 8
    assert ask(database, "select fil, verdi from inndata.skjema13 where fil = 'b.csv'") == [("b.csv", "7")]


def test_a_load_that_fails_leaves_the_earlier_one(project, database):
    with closing(connect(database)) as connection:
        inndata.load(connection, database, project / "inndata")
        write_inndata(project / "inndata", {**ROWS, "iplos": [("ny.parquet",), ("a\0b",)]})
        with pytest.raises(UserError, match=r"copying inndata failed in .*: invalid byte sequence"):
            inndata.load(connection, database, project / "inndata")
        assert ask(database, "select fil from inndata.iplos") == []
        shutil.rmtree(project / "inndata" / "kmd")
        with pytest.raises(UserError, match=r"found no inndata of kmd in .*; run `make build`"):
            inndata.load(connection, database, project / "inndata")


def test_synthetic_deliveries_do_not_replace_real_ones(project, database):
    write_inndata(project / "inndata", {**ROWS, "leveranser": [("ekte.csv", "nei")]})
    with closing(connect(database)) as connection:
        inndata.load(connection, database, project / "inndata")
        write_inndata(project / "inndata", {**ROWS, "leveranser": [("ekte.csv", "nei"), ("ny.csv", "nei")]})
        inndata.load(connection, database, project / "inndata")
        write_inndata(project / "inndata")
        with pytest.raises(UserError, match=r"inndata\.leveranser in .* holds 2 real deliveries"):
            inndata.load(connection, database, project / "inndata")
        inndata.load(connection, database, project / "inndata", replace_real=True)
    assert ask(database, "select fil from inndata.leveranser") == [("a.csv",)]


def test_a_published_warehouse_of_real_deliveries_is_kept_too(project, database):
    tell(
        database,
        "create schema staging",
        "create table staging.stg_leveranse__fil as select 'nei' as syntetisk",
    )
    with closing(connect(database)) as connection, pytest.raises(UserError, match=r"holds 1 real deliveries"):
        inndata.load(connection, database, project / "inndata")


def test_another_encoding_is_refused(project, postgres_server):
    root = administrator(postgres_server)
    with closing(connect(root)) as connection:
        connection.autocommit = True
        connection.cursor().execute(
            "create database latin1 encoding 'LATIN1' locale_provider libc locale 'C' template template0"
        )
    latin1 = replace(root, database="latin1")
    with (
        closing(connect(latin1)) as connection,
        pytest.raises(UserError, match="encoding LATIN1; expected UTF8"),
    ):
        inndata.load(connection, latin1, project / "inndata")


# The command line


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a command against a server; gives the exit code and what stands on stderr."""

    def run(server, name="postgres-load", *options):
        for variable, value in server.environment().items():
            monkeypatch.setenv(variable, value)
        code = main([name, *options])
        return code, capsys.readouterr().err

    return run


@pytest.mark.parametrize("name", ["postgres-load", "postgres-build", "compare"])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"host": "finnes-ikke.invalid"}, "could not translate host name"),
        ({"port": 1}, "Connection refused"),
        ({"password": "feil"}, 'FATAL:  password authentication failed for user "kommbol"'),
        ({"user": "ukjent"}, 'FATAL:  password authentication failed for user "ukjent"'),
        ({"database": "borte"}, 'FATAL:  database "borte" does not exist'),
    ],
)
def test_a_server_that_cannot_be_used_is_one_sentence(database, command, name, wrong, sentence):
    code, err = command(replace(database, **wrong), name)
    assert code == 1
    [line] = err.splitlines()
    assert line.startswith(
        f"Error: no connection to the database {wrong.get('database', database.database)} on "
    )
    assert sentence in line
    assert line.endswith("to name a database and a role that may use it")


@pytest.mark.parametrize("name", ["postgres-load", "postgres-build"])
def test_missing_rights_are_one_sentence_that_says_what_to_ask_for(database, command, name, tmp_path):
    make(database, _with_inndata(tmp_path), 2)
    reader = reader_of(database)
    code, err = command(reader, name, "--deliveries", str(tmp_path))
    assert code == 1
    assert [line for line in err.splitlines() if line.startswith("Error: ")] == [err.splitlines()[-1]]
    assert "kommbol_leser may not" in err
    assert answer(reader) == ([(2,)], [(2,)])


def _with_inndata(folder):
    write_inndata(folder / "inndata")
    (folder / "kildedata").mkdir()
    return folder


def test_the_variables_that_name_the_server():
    environment = {"PGUSER": "kari", "PGDATABASE": "boliger"}
    server = from_environment(environment)
    assert (server.host, server.port, server.password) == ("localhost", 5432, "")
    assert str(server) == "the database boliger on localhost:5432"
    assert from_environment({**server.environment(), "PGPORT": "5433"}).port == 5433
    for missing in environment:
        with pytest.raises(UserError, match=rf"^{missing} not set; expected PGHOST, PGPORT"):
            from_environment({**environment, missing: ""})
    for port in ("", "0", "65536", "abc", "54³2"):
        if port:
            with pytest.raises(UserError, match=f"PGPORT is '{port}'; expected a number from 1 to 65535"):
                from_environment({**environment, "PGPORT": port})


def test_the_load_says_how_much(database, command, tmp_path, capsys):
    code, err = command(database, "postgres-load", "--deliveries", str(_with_inndata(tmp_path)))
    assert (code, "skjema13: skjema13.parquet" in err) == (0, True)
    assert ask(database, "select count(*) from inndata.skjema13") == [(5,)]


@pytest.mark.parametrize("asked", [["--replace-real"], []])
def test_the_build_holds_the_deliveries_and_cleans_up_when_asked_to_end(
    database, tmp_path, monkeypatch, capsys, asked
):
    """While the server is loaded nobody may read in other deliveries, and SIGTERM is treated as Ctrl-C."""
    (tmp_path / "kildedata").mkdir()
    reached = []

    def build_there(root, server, folder, *, replace_real):
        with pytest.raises(UserError, match="Another ingest is at work"), exclusive(tmp_path, "mappen"):
            pass
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        reached.append((server, folder, replace_real))

    for variable, value in database.environment().items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(build.ingest, "ingest", lambda deliveries: None)
    monkeypatch.setattr(build, "build", build_there)
    monkeypatch.setattr(build, "summary", lambda server: "tallene")
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert main(["postgres-build", "--deliveries", str(tmp_path), *asked]) == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    assert reached == [(database, tmp_path / "inndata", bool(asked))]
    assert capsys.readouterr().out == "tallene\n"


def test_the_headline_is_that_of_a_warehouse_file(database, tmp_path):
    tell(database, *STATEMENTS)
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        for statement in STATEMENTS:
            connection.execute(statement)
    figures = headline.text(tmp_path / "w.duckdb").split("Where to look next")[0]
    found = build.summary(database)
    assert found.startswith(figures)
    assert f"psql -h 127.0.0.1 -p {database.port} -U kommbol -d {database.database} -c" in found


# The server of our own


def test_the_server_sorts_in_norwegian_and_is_gone_afterwards(postgres_server):
    assert ask(postgres_server, "select max(t) from (values ('aa'), ('zz')) as v (t)") == [("aa",)]
    with own_server.own_server() as server:
        folder = data_folder(server)
        assert folder.is_dir()
    assert not folder.parent.exists()
    with pytest.raises(UserError, match="Connection refused"):
        connect(server)


def data_folder(server):
    [(folder,)] = ask(administrator(server), "show data_directory")
    return Path(folder)


def test_the_server_ends_when_the_program_is_killed():
    program = (
        "import time\nfrom scripts.postgres.own_server import own_server\n"
        "with own_server() as server:\n"
        "    print(server.port, server.password, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=paths.ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        port, password = process.stdout.readline().split()
        server = Server("127.0.0.1", int(port), own_server.BUILDER, password, own_server.DATABASE)
        folder = data_folder(server)
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while (folder / "postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    with pytest.raises(UserError, match="Connection refused"):
        connect(server)
    shutil.rmtree(folder.parent)


def test_missing_programs_are_one_sentence_for_who_may_not_install_them(monkeypatch):
    monkeypatch.setattr(own_server, "_installed", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(
        UserError, match=r"server programs are not installed; .*sudo apt-get install postgresql"
    ):
        own_server.find_programs()


def test_an_older_version_is_refused(tmp_path, monkeypatch):
    program = tmp_path / "postgres"
    program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n")
    program.chmod(0o755)
    monkeypatch.setattr(own_server, "_installed", lambda: tmp_path)
    with pytest.raises(UserError, match=r"PostgreSQL 14\.2 is found in .*; expected 15 or newer"):
        own_server.find_programs()


def test_the_test_needs_a_published_file_to_compare_with(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "WAREHOUSE", tmp_path / "borte.duckdb")
    with pytest.raises(UserError, match=r"found no warehouse at .*borte.duckdb; run `make build` first"):
        own_server.run(argparse.Namespace())
