"""A dbt project of one mart and one test, with the target of the safe build."""

from pathlib import Path

PROJECT = {
    "dbt_project.yml": """\
name: liten
version: "1.0.0"
profile: liten
models:
  +schema: marts
  +materialized: table
  +access: public
flags:
  send_anonymous_usage_stats: false
""",
    "profiles.yml": """\
liten:
  target: bygg
  outputs:
    bygg:
      type: duckdb
      path: "{{ env_var('KOMMBOL_BYGGFIL') }}"
      threads: 2
""",
    "macros/generate_schema_name.sql": (
        "{% macro generate_schema_name(custom_schema_name, node) %}marts{% endmacro %}\n"
    ),
    "models/tall.sql": "select 2 as antall\n",
    "tests/tallet_er_to.sql": "select antall from {{ ref('tall') }} where (antall = 2) is not true\n",
}


def write(root: Path) -> None:
    """Write the project into a folder."""
    for name, text in PROJECT.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
