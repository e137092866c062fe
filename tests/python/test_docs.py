"""The documentation is one HTML file, made without touching the published warehouse."""

import hashlib

import duckdb
import pytest
import small_project

from scripts import docs, paths
from scripts.errors import UserError


@pytest.fixture
def project(tmp_path):
    small_project.write(tmp_path)
    return tmp_path


def test_the_site_is_one_file_with_the_columns_of_the_warehouse(project):
    warehouse = project / "warehouse" / paths.WAREHOUSE.name
    warehouse.parent.mkdir()
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.tall as select 2 as antall_i_lageret")
    before = hashlib.sha256(warehouse.read_bytes()).hexdigest()
    page = docs.write(project)
    assert page == project / "docs" / "_site" / "index.html"
    text = page.read_text(encoding="utf-8")
    assert "antall_i_lageret" in text
    assert "select 2 as antall" in text
    assert [path.name for path in page.parent.iterdir()] == ["index.html"]
    assert hashlib.sha256(warehouse.read_bytes()).hexdigest() == before


def test_without_a_build_the_command_says_what_to_do(project):
    with pytest.raises(UserError, match="run `make build` first"):
        docs.write(project)
    assert not (project / "docs").exists()
