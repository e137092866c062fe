"""The engine lint finds what only one engine knows, and nothing else."""

import argparse

import pytest

from scripts import lint, lint_engine
from scripts.lint_engine import lint_sql, lint_yaml

BAD = {
    "select try_cast(verdi as integer) from svar": "try_cast()",
    "select verdi::integer from svar": "::",
    "select * from read_parquet('x.parquet')": "read_parquet()",
    "select * from glob('x')": "glob()",
    "select * from 'x.parquet'": "a file read by its name",
    "select quantile_cont(antall, 0.5) from svar": "quantile_cont()",
    "select median(antall) from svar": "median()",
    "select any_value(navn) from svar": "any_value()",
    "select list_aggregate(navn, 'sum') from svar": "list_aggregate()",
    "select struct_pack(a := 1) from svar": "struct_pack()",
    "select strftime(dato, '%Y') from svar": "strftime()",
    "select epoch(dato) from svar": "epoch()",
    "select year(dato) from svar": "year()",
    "select string_agg(navn, ', ') from svar": "string_agg()",
    "select percentile_cont(0.5) within group (order by a) as midt from svar": "percentile_cont()",
    "select trim(navn) as navn from svar": "trim()",
    "select lower(navn) as navn from svar": "lower()",
    "select upper(navn) as navn from svar": "upper()",
    "select sha256(navn) as navn from svar": "sha256()",
    "select a / b as c from svar": "a division",
    "select a from svar order by a desc": "desc",
    "select row_number() over (order by a desc, b) as nr from svar": "desc",
    "select regexp_extract(navn, '[a-z]') from svar": "regexp_extract()",
    "select * from svar qualify row_number() over (order by a) = 1": "qualify",
    "select * exclude (navn) from svar": "a star with exceptions",
    "select a, count(*) as n from svar group by all": "group by all",
    "select * from a asof join b on a.x >= b.x": "asof",
    "select distinct on (a) a, b from svar": "distinct on",
    "select * from a union all by name select * from b": "union by name",
    "pivot svar on felt using sum(antall)": "pivot",
    "select a // b as c from svar": "//",
    "select [1, 2] as liste": "a list",
    "select svar.navn[1] as f from svar": "a list",
    "select current_date as dag": "the clock",
    "select current_timestamp as naa": "the clock",
    "select now() as naa": "now()",
    "select random() as tall": "random()",
    "select * from svar using sample 10": "a sample",
    "select * from svar where not (a = b)": "not (...)",
    "select * from svar\nwhere NOT\n    (a = b)": "not (...)",
    "select '{{ run_started_at }}' as naa, {{ run_started_at }}": "the clock",
    "{% set rader = run_query(\"select * from glob('x')\") %}": "glob()",
    "select {{ modules.datetime.date.today() }} as dag": "the clock",
}

GOOD = [
    "select coalesce(a, 0) as a, cast(b as numeric(18, 6)) as b from svar",
    "-- qualify and now() and x::int stand in a comment\nselect a from svar",
    "/* median(a)\n   not (b) */ select a from svar",
    "{# read_parquet('x') #}\nselect a from svar",
    "select 'now() :: qualify [0-9] // not (a)' as tekst from svar",
    "select 'it''s now()' as tekst from svar",
    "select a from svar where a not in ('x', 'y') and not exists (select b from c where c.a = svar.a)",
    "select row_number() over (partition by a order by b) as nr from svar",
    "select count(*) filter (where a = 'x') as n, sum(b) as s from svar",
    "select a from svar where (a = b) is not true",
    "with tall (a, b) as (select a, b from svar), to_ (c) as (select a from tall) select * from to_",
    "select {{ andel('sum(a)', 'sum(b)') }} as andel from {{ ref('svar') }}",
    "{% for felt in ['a', 'b'] %}{% if not (loop.last) %}select {{ felt }}{% endif %}{% endfor %}",
    "{{ exceptions.raise_compiler_error('give [a, b], not (c), found now()') }}",
    "select {{ persentil('a', 0.5) }} as midt, {{ tekstliste('b', '; ') }} as navn from svar",
    "select a from svar order by a desc nulls last, {{ tegnvis('navn') }} asc",
    "select extract(year from dato) as aar, date '2018-12-31' as slutt from svar",
    "select values_.a from (values (1), (2)) as values_ (a)",
]


@pytest.mark.parametrize(("sql", "found"), BAD.items(), ids=BAD.keys())
def test_what_only_one_engine_knows_is_found(sql, found):
    assert any(found in finding.found for finding in lint_sql("m.sql", sql)), lint_sql("m.sql", sql)


@pytest.mark.parametrize("sql", GOOD)
def test_portable_sql_passes(sql):
    assert lint_sql("m.sql", sql) == []


def test_a_finding_names_file_line_and_replacement():
    text = "-- now()\nselect\n    'x\ny' as a,\n    median(b) as b\nfrom svar\n"
    assert [str(finding) for finding in lint_sql("models/m.sql", text)] == [
        "models/m.sql:5: the function median(); use {{ persentil(..., 0.5) }}"
    ]


def test_every_forbidden_function_is_really_forbidden():
    assert not lint_engine.INSTEAD.keys() & (lint_engine.PORTABLE | lint_engine.NOT_FUNCTIONS)
    assert not lint_engine.PORTABLE & lint_engine.NOT_FUNCTIONS


def test_sql_in_yaml_is_read_too():
    text = (
        "models:\n"
        "  - name: m\n"
        "    description: Uses now() and not (a) in words.\n"
        "    data_tests:\n"
        "      - expression_is_true:\n"
        "          arguments:\n"
        "            expression: a >= 0\n"
        "      - expression_is_true:\n"
        "          arguments:\n"
        "            expression: >\n"
        "              a >= 0\n"
        "              and not (b is null)\n"
    )
    assert [finding.line for finding in lint_yaml("m.yml", text)] == [11]
    unit_test = (
        "unit_tests:\n"
        "  - given:\n"
        "      - format: sql\n"
        "        rows: |\n"
        "          select 1 as a,\n"
        "            try_cast('x' as date) as b\n"
    )
    assert [finding.line for finding in lint_yaml("m.yml", unit_test)] == [6]


def test_the_folder_for_engine_macros_is_left_out_and_the_others_are_read(tmp_path):
    for folder in ("models/marts", "macros/engine", "macros/other", "tests/regler"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.sql").write_text("select median(a) from b\n")
    assert [finding.file for finding in lint_engine.lint(tmp_path)] == [
        "macros/other/a.sql",
        "models/marts/a.sql",
        "tests/regler/a.sql",
    ]


MACRO = """\
{% macro doblet(tall) %}
    {{- return(adapter.dispatch('doblet', 'liten')(tall)) -}}
{% endmacro %}

{% macro duckdb__doblet(tall) %}2 * {{ tall }}{% endmacro %}
"""
IN_FULL = {
    "macros/engine/doblet.sql": MACRO + "{% macro postgres__doblet(tall) %}2 * {{ tall }}{% endmacro %}\n",
    "macros/engine/_engine.yml": "macros:\n  - name: doblet\n    description: Twice.\n",
    "tests/makroer/doblet.sql": "select 1 as a where ({{ doblet('1') }} = 2) is not true\n",
}


@pytest.mark.parametrize(
    ("file", "text", "lacks"),
    [
        ("macros/engine/doblet.sql", MACRO, ["a version for postgres (postgres__doblet)"]),
        ("macros/engine/_engine.yml", "macros: []\n", ["a description"]),
        ("tests/makroer/doblet.sql", "select 1 as a\n", ["a test in tests/makroer"]),
        ("tests/makroer/doblet.sql", IN_FULL["tests/makroer/doblet.sql"], []),
    ],
)
def test_an_engine_macro_has_every_version_a_description_and_a_test(tmp_path, file, text, lacks):
    for name, content in (IN_FULL | {file: text}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert [finding.found for finding in lint_engine.lint(tmp_path)] == [
        f"the macro doblet lacks {what}" for what in lacks
    ]


def test_the_command_fails_when_something_is_found(monkeypatch, capsys):
    found = [lint_engine.Finding("m.sql", 1, "the clock", "a variable")]
    monkeypatch.setitem(lint.LINTS, "engine", lambda root: found)
    assert lint.run(argparse.Namespace(what="engine")) == 1
    assert capsys.readouterr().out == "m.sql:1: the clock; use a variable\n"
    monkeypatch.setitem(lint.LINTS, "engine", lambda root: [])
    assert lint.run(argparse.Namespace(what="engine")) == 0
