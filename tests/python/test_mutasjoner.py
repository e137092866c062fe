"""Every mutation of tests/mutasjoner.csv is caught by the test that it names."""

import shutil

import pytest
from mutasjoner import Mutation, Workshop, read

from scripts import paths

ALL = read(paths.ROOT / "tests" / "mutasjoner.csv")
# Those of the engine macros are tried in test_engine_macros.py, on each engine.
MUTATIONS = [mutation for mutation in ALL if not mutation.is_of_a_macro_test]
LAYERS = ("models/staging/", "models/intermediate/", "models/marts/", "macros/", "seeds/")


@pytest.fixture(scope="session")
def outcome(request, tmp_path_factory):
    """What is wrong with each mutation that is asked for, found side by side."""
    asked = {
        item.callspec.params["mutation"]
        for item in request.session.items
        if getattr(item, "originalname", "") == "test_the_mutation_is_caught"
    }
    folder = tmp_path_factory.mktemp("mutasjoner")
    yield Workshop(paths.ROOT, folder).try_all([mutation for mutation in MUTATIONS if mutation in asked])
    shutil.rmtree(folder)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m.mutasjon_nr}-{m.test_som_skal_feile}")
def test_the_mutation_is_caught(mutation, outcome):
    assert outcome.get(mutation.mutasjon_nr, "") == ""


def test_the_mutations_are_numbered_and_reach_every_layer():
    numbers = [mutation.mutasjon_nr for mutation in ALL]
    assert len(set(numbers)) == len(numbers) >= 15
    assert [layer for layer in LAYERS if not any(m.fil.startswith(layer) for m in MUTATIONS)] == []
    assert [m.mutasjon_nr for m in ALL if m.fra == m.til or not m.beskrivelse] == []
    assert {m.motor for m in MUTATIONS} == {"duckdb"}


# The method itself, on a project of three models

PROJECT = {
    "dbt_project.yml": """\
name: liten
version: "1.0.0"
profile: liten
models:
  +materialized: table
flags:
  send_anonymous_usage_stats: false
  require_generic_test_arguments_property: true
""",
    "profiles.yml": """\
liten:
  target: bygg
  outputs:
    bygg:
      type: duckdb
      path: "{{ env_var('KOMMBOL_BYGGFIL') }}"
""",
    "macros/doblet.sql": "{% macro doblet(tall) %}2 * {{ tall }}{% endmacro %}\n",
    "macros/firedoblet.sql": "{% macro firedoblet(tall) %}2 * {{ doblet(tall) }}{% endmacro %}\n",
    "seeds/raatall.csv": "enhet,tall\na,1\nb,2\n",
    "models/midt.sql": "select enhet, tall, {{ firedoblet('tall') }} as stort from {{ ref('raatall') }}\n",
    "models/statistikk.sql": "select cast(sum(stort) as bigint) as antall from {{ ref('midt') }}\n",
    "models/annet.sql": "select 1 as en\n",
    "models/_modeller.yml": """\
models:
  - name: midt
    columns:
      - name: enhet
        data_tests:
          - unique
  - name: statistikk
    config:
      contract:
        enforced: true
    columns:
      - name: antall
        data_type: bigint
        constraints:
          - type: not_null
unit_tests:
  - name: stort_er_fire_ganger
    model: midt
    given:
      - input: ref('raatall')
        rows:
          - {enhet: x, tall: 3}
    expect:
      rows:
        - {enhet: x, tall: 3, stort: 12}
""",
    "tests/summen_er_tolv.sql": "select * from {{ ref('statistikk') }} where (antall = 12) is not true\n",
}

CAUGHT = [
    ("seeds/raatall.csv", "b,2", "a,2", "unique_midt_enhet"),
    ("models/midt.sql", "as stort", "+ 1 as stort", "stort_er_fire_ganger"),
    ("macros/doblet.sql", "2 *", "3 *", "summen_er_tolv"),
    ("models/statistikk.sql", "bigint", "varchar", "statistikk"),
    ("models/statistikk.sql", "sum(stort)", "nullif(sum(stort), 12)", "statistikk"),
]
NOT_CAUGHT = [
    (
        "models/midt.sql",
        "as stort",
        "+ 0 as stort",
        "summen_er_tolv",
        "is not caught by summen_er_tolv: pass",
    ),
    (
        "models/midt.sql",
        "as stort",
        "+ ukjent as stort",
        "summen_er_tolv",
        "is not caught by summen_er_tolv: sk",
    ),
    ("models/statistikk.sql", "stort", "ukjent", "statistikk", "is not caught by statistikk: error"),
    ("models/midt.sql", "finnes ikke", "", "summen_er_tolv", "found 0 times: finnes ikke"),
    ("models/midt.sql", "tall", "t", "summen_er_tolv", "must stand once in models/midt.sql, found 3 times"),
    (
        "models/annet.sql",
        "1",
        "2",
        "summen_er_tolv",
        "no change in models/annet.sql can reach summen_er_tolv",
    ),
    (
        "models/midt.sql",
        "as stort",
        "+ 1 as stort",
        "finnes_ikke",
        "expected one test or model named finnes_ikke",
    ),
    ("models/annet.sql", "1", "2", "alltid_roed", "does not pass in the unchanged project: fail"),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    root = tmp_path_factory.mktemp("liten")
    red = {"tests/alltid_roed.sql": "select * from {{ ref('annet') }}\n"}
    for name, text in (PROJECT | red).items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    rows = [row[:4] for row in CAUGHT + NOT_CAUGHT]
    mutations = [Mutation(str(number), "duckdb", *row, "en endring") for number, row in enumerate(rows)]
    return Workshop(root, root / "kopier").try_all(mutations)


@pytest.mark.parametrize("number", range(len(CAUGHT)), ids=[" ".join(row) for row in CAUGHT])
def test_a_change_that_the_test_notices_is_caught(found, number):
    assert found.get(str(number), "") == ""


@pytest.mark.parametrize("number", range(len(NOT_CAUGHT)), ids=[" ".join(row[:4]) for row in NOT_CAUGHT])
def test_a_change_that_the_test_does_not_notice_is_told(found, number):
    assert NOT_CAUGHT[number][4] in found[str(len(CAUGHT) + number)]
