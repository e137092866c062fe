"""README says what the warehouse says: the headline, the table of marts, the queries."""

import re

import duckdb
import pytest

from scripts import headline
from scripts.paths import ROOT, WAREHOUSE

README = (ROOT / "README.md").read_text(encoding="utf-8")


def _between(name: str) -> str:
    (text,) = re.findall(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, flags=re.DOTALL)
    return text


QUERIES = [query.strip() for query in re.sub(r"```\w*", "", _between("queries")).split(";") if query.strip()]


@pytest.fixture(scope="module")
def warehouse():
    with duckdb.connect(str(WAREHOUSE), read_only=True) as connection:
        yield connection


def test_the_headline_in_readme_is_what_the_build_prints():
    printed = headline.text(WAREHOUSE).split("Where to look next:")[0].strip("\n")
    assert _between("headline").replace("```text\n", "").replace("```\n", "").strip("\n") == printed.rstrip()


def test_readme_lists_every_mart_and_no_other(warehouse):
    listed = re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE)
    marts = warehouse.sql("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    assert sorted(listed) == sorted(name for (name,) in marts)


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.splitlines()[0])
def test_the_query_gives_rows(query, warehouse):
    assert warehouse.sql(query).fetchall()


def test_there_are_five_queries_with_the_rows_that_readme_promises(warehouse):
    assert len(QUERIES) == 5
    assert len(warehouse.sql(QUERIES[0]).fetchall()) == 27
    assert len(warehouse.sql(QUERIES[1]).fetchall()) == 9
