"""The YAML lint finds what dbt lets pass on DuckDB, and names file, line and key."""

import duckdb
import pytest

from scripts import lint_columns, lint_yaml
from scripts.errors import UserError

PROJECT = """\
name: kommunale_boliger
version: "1"
profile: p
flags:
  send_anonymous_usage_stats: false
models:
  kommunale_boliger:
    marts:
      +access: public
      +contract:
        enforced: true
"""

MART = """\
version: 2
models:
  - name: nokkeltall
    description: "{{ doc('nokkeltall') }}"
    config:
      meta:
        eier: statistikk
    constraints:
      - type: primary_key
        columns: [komm_nr]
    data_tests:
      - row_count:
          arguments:
            expected: 1
    columns:
      - name: komm_nr
        description: "{{ doc('komm_nr') }}"
        data_type: string
        data_tests:
          - not_null:
              config:
                severity: error
unit_tests:
  - name: en_prove
    model: nokkeltall
    given:
      - input: ref('terskel')
        rows:
          - {navn: a, dato: 2018-01-01}
    expect:
      rows:
        - {komm_nr: "0301"}
"""

SEEDS = """\
version: 2
seeds:
  - name: terskel
    description: Terskler.
    config:
      column_types:
        navn: varchar
    columns:
      - name: navn
        description: Navnet.
"""

DOCS = """\
{% docs __overview__ %}
# Statistikken

## English
The statistic.
{% enddocs %}

{% docs nokkeltall %}
Nøkkeltall.

English: Key figures.
{% enddocs %}

{% docs komm_nr %}
Kommunenummer.

English:
Municipality number.
{% enddocs %}
"""

FILES = {
    "dbt_project.yml": PROJECT,
    "models/marts/_marts.yml": MART,
    "models/marts/nokkeltall.sql": "select komm_nr from {{ ref('terskel') }}\n",
    "models/docs/docs.md": DOCS,
    "seeds/_seeds.yml": SEEDS,
    "seeds/terskel.csv": "navn\na\n",
}


@pytest.fixture
def project(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_sound_project_passes(project):
    assert lint_yaml.lint(project) == []


MARTS = "models/marts/_marts.yml"
BAD = [
    (
        MARTS,
        "    description: ",
        "    descripton: ",
        f"{MARTS}:4: unknown key 'descripton'; did you mean 'description'?",
    ),
    (MARTS, "version: 2", "verson: 2", f"{MARTS}:1: unknown key 'verson'; did you mean 'version'?"),
    (
        MARTS,
        "        data_type:",
        "        datatype:",
        f"{MARTS}:18: unknown key 'datatype'; did you mean 'data_type'?",
    ),
    (MARTS, "    config:\n      meta:", "    meta:\n      meta:", f"{MARTS}:5: unknown key 'meta'"),
    (
        MARTS,
        "severity: error",
        "severty: error",
        f"{MARTS}:22: unknown key 'severty'; did you mean 'severity'?",
    ),
    (
        MARTS,
        "severity: error",
        "severity: fatal",
        f"{MARTS}:22: models.0.columns.0.data_tests.0.not_null.config.sev",
    ),
    (MARTS, "          arguments:", "          argumnts:", f"{MARTS}:13: unknown key 'argumnts'"),
    (
        MARTS,
        "columns: [komm_nr]",
        "kolumns: [komm_nr]",
        f"{MARTS}:10: unknown key 'kolumns'; did you mean 'columns'?",
    ),
    (MARTS, "    given:", "    givn:", f"{MARTS}:26: unknown key 'givn'; did you mean 'given'?"),
    (MARTS, "    expect:", "    expct:", f"{MARTS}:30: unknown key 'expct'"),
    (MARTS, "        rows:\n", "        row:\n", f"{MARTS}:28: unknown key 'row'; did you mean 'rows'?"),
    (MARTS, "eier: statistikk", "eier: a\n        eier: b", f"{MARTS}:8: the key 'eier' stands twice"),
    (
        MARTS,
        "\"{{ doc('komm_nr') }}\"",
        "Nummeret.",
        f"{MARTS}:16: the column nokkeltall.komm_nr is not described thr",
    ),
    (MARTS, "doc('komm_nr')", "doc('kom_nr')", f"{MARTS}:17: the doc block kom_nr does not exist"),
    (
        MARTS,
        "doc('komm_nr')",
        "doc('nokkeltall')",
        "models/docs/docs.md:14: the doc block komm_nr is not used",
    ),
    (MARTS, "\"{{ doc('nokkeltall') }}\"", "Terskler.", "has the same description as"),
    (
        MARTS,
        "    description: \"{{ doc('nokkeltall') }}\"\n",
        "",
        f"{MARTS}:3: the model nokkeltall has no description",
    ),
    (MARTS, "  - name: nokkeltall", "  - name: tall", f"{MARTS}:3: the model tall does not exist"),
    (MARTS, "  - name: nokkeltall", "  - name: tall", "nokkeltall.sql:1: the model nokkeltall has no entry"),
    (
        "dbt_project.yml",
        "+contract",
        "+contrat",
        "dbt_project.yml:10: unknown key '+contrat'; did you mean '+contract'?",
    ),
    (
        "dbt_project.yml",
        "send_anonymous",
        "send_anonymus",
        "dbt_project.yml:5: unknown key 'send_anonymus_usage_stats'",
    ),
    (
        "dbt_project.yml",
        "profile: p",
        "profil: p",
        "dbt_project.yml:3: unknown key 'profil'; did you mean 'profile'?",
    ),
    (
        "seeds/_seeds.yml",
        "      - name: navn",
        "      - name: nvn",
        "seeds/_seeds.yml:9: the seed terskel has no column nvn",
    ),
    (
        "seeds/_seeds.yml",
        "        navn: varchar",
        "        nvn: varchar",
        "seeds/_seeds.yml:7: the seed terskel has no col",
    ),
    (
        "seeds/_seeds.yml",
        "  - name: terskel",
        "  - name: grense",
        "seeds/terskel.csv:1: the seed terskel has no entry",
    ),
    (
        "models/docs/docs.md",
        "English: Key figures.",
        "Key figures.",
        "docs.md:8: the doc block nokkeltall must be Norweg",
    ),
    (
        "models/docs/docs.md",
        "Nøkkeltall.\n",
        "",
        "docs.md:8: the doc block nokkeltall must be Norwegian first",
    ),
    (
        "models/docs/docs.md",
        "## English\n",
        "",
        "docs.md:1: the doc block __overview__ must be Norwegian first",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), BAD, ids=[row[3] for row in BAD])
def test_what_is_wrong_is_found(project, file, old, new, expected):
    path = project / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    findings = [str(finding) for finding in lint_yaml.lint(project)]
    assert any(expected in finding for finding in findings), findings


def test_a_key_two_levels_into_a_folder_setting_is_checked(project):
    path = project / "dbt_project.yml"
    path.write_text(
        PROJECT.replace("    marts:\n", "    marts:\n      boligmasse:\n        +gruppe: boligmasse\n")
    )
    assert "dbt_project.yml:10: unknown key '+gruppe'; did you mean '+group'?" in map(
        str, lint_yaml.lint(project)
    )


def test_broken_yaml_is_one_sentence(project):
    (project / MARTS).write_text("models:\n  - name: [a\n")
    with pytest.raises(UserError, match=r"models/marts/_marts.yml:3: this is not YAML"):
        lint_yaml.lint(project)


def warehouse(project, *statements):
    path = project / "w.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def test_columns_agree_with_the_warehouse(project):
    path = warehouse(
        project, "create table terskel as select 1 as navn", "create table nokkeltall as select 1 as komm_nr"
    )
    assert lint_columns.lint(project, path) == []


def test_columns_that_disagree_are_found_both_ways(project):
    path = warehouse(
        project, "create table terskel as select 1 as nvn, 2 as x", "create table ukjent as select 1 as a"
    )
    findings = [str(finding) for finding in lint_columns.lint(project, path)]
    assert findings == [
        "models/marts/_marts.yml:3: the warehouse has no table or view nokkeltall",
        "seeds/_seeds.yml:3: terskel has no description of nvn, x",
        "seeds/_seeds.yml:9: terskel has no column navn in the warehouse",
        "w.duckdb:1: the table or view ukjent has no entry in a YAML file",
    ]


def test_a_fixture_needs_no_descriptions_but_its_columns_exist(project):
    path = warehouse(
        project, "create table terskel as select 1 as nvn", "create table nokkeltall as select 1 as komm_nr"
    )
    (project / "seeds" / "fixtures").mkdir()
    (project / "seeds" / "_seeds.yml").rename(project / "seeds" / "fixtures" / "_seeds.yml")
    findings = [str(finding) for finding in lint_columns.lint(project, path)]
    assert findings == ["seeds/fixtures/_seeds.yml:9: terskel has no column navn in the warehouse"]


def test_columns_without_a_warehouse_is_one_sentence(project):
    with pytest.raises(UserError, match="run `make build` first"):
        lint_columns.lint(project, project / "none.duckdb")
