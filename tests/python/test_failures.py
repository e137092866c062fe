"""The rows of a test that fails are stored and printed; where everything passes nothing is stored."""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
import small_project

from scripts import build, dbt_step, failures, paths
from scripts.__main__ import main
from scripts.errors import UserError
from scripts.headline import number

STORED = {
    "dbt_project.yml": small_project.PROJECT["dbt_project.yml"]
    + """\
data_tests:
  +store_failures: true
  +schema: feil
on-run-end:
  - "{{ rydd_feil() }}"
""",
    "macros/generate_schema_name.sql": (
        "{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name }}{% endmacro %}\n"
    ),
    "models/tall.sql": "select 2 as antall, 'a' as navn\n",
    # The name of a test of a rule; and, as the twin that must fail, a test that passes with a row.
    "tests/r001_tallet_er_to.sql": (
        "select navn, antall from {{ ref('tall') }} where (antall = 2) is not true\n"
    ),
    "tests/tvilling_r001_feiler.sql": (
        "{{ config(error_if='!= 1', warn_if='!= 1') }} select antall from {{ ref('tall') }} "
        "where antall = 2\n"
    ),
}
PASSES = STORED["models/tall.sql"]
FAILS = "select * from (values (4, 'b'), (3, 'a b'), (4, null), (2, 'c')) as rader (antall, navn)\n"


@pytest.fixture
def root(tmp_path):
    small_project.write(tmp_path)
    (tmp_path / "tests" / "tallet_er_to.sql").unlink()
    for name, text in STORED.items():
        (tmp_path / name).write_text(text)
    shutil.copyfile(paths.ROOT / "macros" / "feilende_rader.sql", tmp_path / "macros" / "feilende_rader.sql")
    (tmp_path / "data" / "kildedata").mkdir(parents=True)
    return tmp_path


def put(root, name, text):
    (root / name).write_text(text)


def safe_build(root):
    """The safe build, with dbt itself."""
    steps = build.Steps(lambda deliveries: None, lambda deliveries: None, dbt_step.build_warehouse)
    return build.build(root, deliveries=root / "data", steps=steps)


def plain(root, command="build", *options):
    """dbt as a person runs it: into a working file, with its results in target/; gives that file."""
    variables = {dbt_step.BUILD_FILE_VARIABLE: "target/arbeid.duckdb"}
    (root / "target").mkdir(exist_ok=True)
    with suppress(UserError):
        dbt_step.run_dbt(
            root, command, list(options), target="bygg", folder=Path("target"), variables=variables
        )
    return root / "target" / "arbeid.duckdb"


def stored(file):
    """Whether there is a schema of stored rows, and its tables."""
    with duckdb.connect(str(file), read_only=True) as connection:
        schemas = connection.sql("select schema_name from duckdb_schemas() where not internal").fetchall()
        tables = connection.sql(
            "select table_name from duckdb_tables() where schema_name = 'feil'"
        ).fetchall()
    return ("feil",) in schemas, sorted(name for (name,) in tables)


def write_results(root, kind, time, *results, command="build"):
    """Results as dbt writes them."""
    file = root / "target" / kind / "run_results.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"metadata": {"generated_at": time}, "args": {"which": command}, "results": results}
    file.write_text(json.dumps(content))
    return file


def a_failure(name="tallet_er_to", relation='"arbeid"."feil"."tallet_er_to"', rows=1):
    return {
        "unique_id": f"test.liten.{name}",
        "status": "fail",
        "failures": rows,
        "message": f"Got {rows} results, configured to fail if != 0",
        "relation_name": relation,
    }


# With dbt


def test_a_failing_safe_build_keeps_its_rows_and_the_next_good_one_removes_them(root):
    kept = root / "target" / "feil" / paths.WAREHOUSE.name
    put(root, "models/tall.sql", FAILS)
    with pytest.raises(UserError) as caught:
        safe_build(root)
    assert str(caught.value) == (
        "dbt build failed at r001_tallet_er_to: Got 3 results, configured to fail if != 0; "
        "its own lines above say more, and `make feil` shows what failed"
    )
    # The twin that must fail has a row too, and passes.
    assert stored(kept) == (True, ["r001_tallet_er_to"])
    lines = failures.text(root).splitlines()
    assert lines[0].startswith("1 failed: dbt build, ")
    assert lines[0].endswith(" UTC (target/bygg/run_results.json)")
    assert lines[1:] == [
        "",
        "r001_tallet_er_to: 3 rows",
        "  R001 Formene summerer til beholdningen",
        "  Gitt at en enhet har tall for alle tre disposisjonsformer, når formene summeres, "
        "så er summen beholdningen i alt.",
        "  The first row:",
        "    navn   = a b",
        "    antall = 3",
        f"  All of them: feil.r001_tallet_er_to in target/feil/{paths.WAREHOUSE.name}",
    ]

    put(root, "models/tall.sql", FAILS.replace("(3, 'a b'), ", ""))
    with pytest.raises(UserError, match="Got 2 results"):
        safe_build(root)
    assert "    navn   = b" in failures.text(root).splitlines()

    put(root, "models/tall.sql", PASSES)
    published = safe_build(root)
    assert stored(published) == (False, [])
    assert not kept.parent.exists()
    assert failures.text(root).startswith("Nothing failed: dbt build, ")


def test_a_twin_that_no_longer_fails_as_it_must_is_printed_with_its_condition(root):
    put(root, "models/tall.sql", "select * from (values (2, 'b'), (2, null)) as rader (antall, navn)\n")
    plain(root)
    lines = failures.text(root).splitlines()
    assert lines[2:4] == [
        "tvilling_r001_feiler: 2 rows (fails if != 1)",
        "  R001 (twin) Formene summerer til beholdningen",
    ]
    put(root, "models/tall.sql", "select 2 as antall, 'a' as navn where false\n")
    plain(root)
    assert "  There is no row" in failures.text(root).splitlines()


def test_the_working_file_keeps_rows_until_their_test_passes_or_is_gone(root):
    put(root, "tests/r002_navn.sql", "select navn from {{ ref('tall') }} where navn <> 'a'\n")
    put(root, "models/tall.sql", FAILS)
    file = plain(root)
    assert stored(file) == (True, ["r001_tallet_er_to", "r002_navn"])
    # One test alone leaves the rows of the others.
    plain(root, "test", "--select", "tvilling_r001_feiler")
    assert stored(file) == (True, ["r001_tallet_er_to", "r002_navn"])
    put(root, "tests/r001_tallet_er_to.sql", "select antall from {{ ref('tall') }} where antall > 4\n")
    plain(root, "test", "--select", "r001_tallet_er_to")
    assert stored(file) == (True, ["r002_navn"])
    (root / "tests" / "r002_navn.sql").unlink()
    plain(root, "test", "--select", "r001_tallet_er_to")
    assert stored(file) == (False, [])


def test_a_failed_unit_test_and_a_failed_model_are_their_first_line(root):
    put(
        root,
        "models/_tall.yml",
        "unit_tests:\n- {name: tallet_er_tre, model: tall, given: [], expect: {rows: [{antall: 3}]}}\n",
    )
    put(root, "models/borte.sql", "select antall from ingen_tabell\n")
    plain(root)
    lines = failures.text(root).splitlines()
    assert lines[0].startswith("2 failed: ")
    assert "tallet_er_tre: actual differs from expected:" in lines
    [model] = [line for line in lines if line.startswith("borte: ")]
    assert "ingen_tabell" in model


# Which run


def test_the_newest_run_is_the_one_that_says_so(root):
    older = write_results(root, "bygg", "2025-01-01T10:00:00.5Z", a_failure("det_gamle"))
    newer = write_results(root, ".", "2025-01-01T11:30:00Z", a_failure("det_nye"))
    os.utime(newer, (0, 0))
    assert older.stat().st_mtime > newer.stat().st_mtime
    text = failures.text(root)
    assert text.splitlines()[0] == "1 failed: dbt build, 01.01.2025 11:30:00 UTC (target/run_results.json)"
    assert "det_nye: 1 row" in text
    write_results(root, "bygg", "2025-01-01T12:45:00+01:00")
    assert failures.text(root).startswith("Nothing failed: dbt build, 01.01.2025 11:45:00 UTC (target/bygg/")


def test_a_command_that_tests_nothing_is_no_run(root):
    write_results(root, ".", "2025-01-02T10:00:00Z", command="compile")
    with pytest.raises(UserError, match="found no results of a dbt run"):
        failures.text(root)
    write_results(root, "bygg", "2025-01-01T10:00:00Z")
    assert "target/bygg" in failures.text(root)


def test_on_a_server_the_command_says_where_the_rows_are(root):
    result = a_failure(relation='"kommunale_boliger"."kommbol_ny_feil"."tallet_er_to"', rows=1234)
    write_results(root, "postgres", "2025-01-01T10:00:00Z", result)
    assert failures.text(root).splitlines()[2:] == [
        f"tallet_er_to: {number(1234)} rows",
        "  The rows are in kommbol_feilet.tallet_er_to in the database kommunale_boliger",
    ]


# What is not as it should be


def test_before_the_first_run_the_command_says_what_to_do(root, monkeypatch, capsys):
    monkeypatch.setattr(paths, "ROOT", root)
    assert main(["failures"]) == 1
    [error] = capsys.readouterr().err.splitlines()
    assert error == (
        f"Error: found no results of a dbt run in {root / 'target'}; run `make build` or `dbt build` first"
    )


def test_nothing_failed_is_one_sentence_and_no_error(root, monkeypatch, capsys):
    monkeypatch.setattr(paths, "ROOT", root)
    write_results(root, ".", "2025-01-01T10:00:00Z", {**a_failure(), "status": "pass"}, command="test")
    assert main(["failures"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line == "Nothing failed: dbt test, 01.01.2025 10:00:00 UTC (target/run_results.json)"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"metadata": {}, "args": {"which": "build"}}', "\xff"])
def test_results_that_cannot_be_read_are_one_sentence(root, content):
    write_results(root, ".", "i går").write_bytes(content.encode("latin-1"))
    with pytest.raises(
        UserError, match=r"run_results\.json cannot be read: .*; expected the results that dbt"
    ):
        failures.text(root)


def test_a_time_that_is_none_is_one_sentence(root):
    write_results(root, ".", "i går")
    with pytest.raises(UserError, match=r"run_results\.json cannot be read: ValueError"):
        failures.text(root)


def test_rows_that_are_gone_are_told(root):
    write_results(root, ".", "2025-01-01T10:00:00Z", a_failure())
    assert failures.text(root).endswith("The rows are in feil.tallet_er_to in the database arbeid")
    duckdb.connect(str(root / "target" / "arbeid.duckdb")).close()
    assert failures.text(root).endswith(
        "The rows are not in target/arbeid.duckdb any more: there is no feil.tallet_er_to"
    )


def test_a_file_that_is_no_database_is_one_sentence(root):
    write_results(root, ".", "2025-01-01T10:00:00Z", a_failure())
    (root / "target" / "arbeid.duckdb").write_text("no database " * 1000)
    with pytest.raises(UserError, match=r"arbeid\.duckdb cannot be opened: "):
        failures.text(root)


def test_a_test_that_stores_nothing_has_its_number_of_rows(root):
    write_results(root, ".", "2025-01-01T10:00:00Z", a_failure(relation=None, rows=2))
    assert failures.text(root).splitlines()[2:] == ["tallet_er_to: 2 rows"]
