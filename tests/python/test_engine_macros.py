"""The engine macros on each engine: their tests pass, and notice when a macro is broken."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import Queue

import duckdb
import pytest
from mutasjoner import DATABASE, PARSED, dbt, read

from scripts import paths
from scripts.postgres.server import connect

ENGINES = {"duckdb": "bygg", "postgres": "postgres"}
MUTATIONS = [
    mutation for mutation in read(paths.ROOT / "tests" / "mutasjoner.csv") if mutation.is_of_a_macro_test
]

# The project with nothing but its engine macros, their tests and one model.
PROJECT = """\
name: kommunale_boliger
version: "1.0.0"
profile: kommunale_boliger
test-paths: ["tests"]
vars:
  inndata: finnes_ikke
on-run-start:
  - "{{ krev_inndata() if var('krev_inndata', false) }}"
models:
  +materialized: table
  +schema: marts
  +pre-hook: "{{ foer_bygging() }}"
  +post-hook: "{{ etter_bygging() }}"
flags:
  send_anonymous_usage_stats: false
"""
MODEL = """\
{%- set setting = "current_setting('enable_nestloop')" if target.type == 'postgres' else "'off'" -%}
select {{ setting }} as loekker
"""


def make_project(folder):
    shutil.copytree(paths.ROOT / "macros" / "engine", folder / "macros" / "engine")
    shutil.copytree(paths.ROOT / "tests" / "makroer", folder / "tests" / "makroer")
    shutil.copyfile(paths.ROOT / "profiles.yml", folder / "profiles.yml")
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "models").mkdir()
    (folder / "models" / "innstilling.sql").write_text(MODEL)
    (folder / DATABASE).parent.mkdir()
    return folder


def short(results):
    return {key.split(".")[2]: result["status"] for key, result in results.items()}


@pytest.fixture(scope="module")
def variables(postgres_server):
    return {**postgres_server.environment(), "KOMMBOL_SKJEMA": "kommbol_proeve"}


@pytest.fixture(scope="module")
def projects(tmp_path_factory, variables):
    """For each engine: the project, built, with the outcome of every node."""
    found = {}
    for engine, target in ENGINES.items():
        project = make_project(tmp_path_factory.mktemp(engine))
        results, output = dbt(project, "build", target=target, variables=variables)
        assert results, output
        found[engine] = project, short(results)
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_every_macro_test_passes_on_every_engine(projects, engine):
    _, outcome = projects[engine]
    tests = {path.stem for path in (paths.ROOT / "tests" / "makroer").glob("*.sql")}
    assert tests <= outcome.keys()
    assert {name: status for name, status in outcome.items() if status not in ("pass", "success")} == {}


def test_a_file_has_the_schemas_of_the_project(projects):
    project, _ = projects["duckdb"]
    with duckdb.connect(str(project / DATABASE), read_only=True) as connection:
        assert connection.execute("select loekker from marts.innstilling").fetchall() == [("off",)]


def test_on_a_server_schemas_have_a_prefix_and_the_planner_is_helped(projects, postgres_server):
    with closing(connect(postgres_server)) as connection, connection.cursor() as cursor:
        cursor.execute("select loekker from kommbol_proeve_marts.innstilling")
        assert cursor.fetchall() == [("off",)]
        cursor.execute("select reltuples from pg_class where relname = 'innstilling'")
        assert cursor.fetchall() == [(1,)]
        cursor.execute("select to_regclass('marts.innstilling')")
        assert cursor.fetchall() == [(None,)]


@pytest.mark.parametrize(
    ("engine", "found"),
    [
        ("duckdb", "Found no inndata in 'finnes_ikke/leveranser/*.parquet'; run `make build`"),
        ("postgres", "Found no table inndata.leveranser in the database kommunale_boliger; run `python -m"),
    ],
)
def test_missing_inndata_is_one_sentence(projects, variables, engine, found):
    project, _ = projects[engine]
    arguments = ["build", "--vars", "{krev_inndata: true}"]
    results, output = dbt(project, *arguments, target=ENGINES[engine], variables=variables)
    assert results == {}
    assert found in output


def broken(mutation, worker, variables):
    """The status of the test that must fail, with the macro changed."""
    file = worker / mutation.fil
    original = file.read_text(encoding="utf-8")
    assert original.count(mutation.fra) == 1, f"{mutation.fra} stands {original.count(mutation.fra)} times"
    file.write_text(original.replace(mutation.fra, mutation.til), encoding="utf-8")
    try:
        select = ["--select", mutation.test_som_skal_feile]
        results, output = dbt(worker, "test", *select, target=ENGINES[mutation.motor], variables=variables)
    finally:
        file.write_text(original, encoding="utf-8")
    return short(results).get(mutation.test_som_skal_feile, output)


@pytest.fixture(scope="module")
def outcomes(request, projects, variables, tmp_path_factory):
    """The status of the test of each mutation that is asked for, found side by side."""
    asked = [
        item.callspec.params["mutation"]
        for item in request.session.items
        if getattr(item, "originalname", "") == "test_a_broken_macro_is_noticed"
    ]
    free = {engine: Queue() for engine in ENGINES}
    for engine, (project, _) in projects.items():
        for number in (1, 2):
            worker = make_project(tmp_path_factory.mktemp(f"{engine}_{number}"))
            (worker / PARSED).parent.mkdir()
            shutil.copyfile(project / PARSED, worker / PARSED)
            free[engine].put(worker)

    def attempt(mutation):
        worker = free[mutation.motor].get()
        try:
            return broken(mutation, worker, variables)
        finally:
            free[mutation.motor].put(worker)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip([m.mutasjon_nr for m in asked], pool.map(attempt, asked), strict=True))


@pytest.mark.parametrize(
    "mutation", MUTATIONS, ids=lambda m: f"{m.mutasjon_nr}-{m.motor}-{m.test_som_skal_feile}"
)
def test_a_broken_macro_is_noticed(mutation, outcomes):
    assert outcomes[mutation.mutasjon_nr] == "fail"


def test_every_macro_test_has_a_mutation_on_every_engine():
    tests = {path.stem for path in (paths.ROOT / "tests" / "makroer").glob("*.sql")}
    assert {(m.test_som_skal_feile, m.motor) for m in MUTATIONS} == {(t, e) for t in tests for e in ENGINES}
