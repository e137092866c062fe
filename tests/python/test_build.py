"""The safe build: whatever happens before the replacement, the published warehouse stays as it was."""

import fcntl
import functools
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import small_project

from scripts import audit, build, dbt_step, paths
from scripts.__main__ import main
from scripts.dbt_step import Relation
from scripts.errors import UserError

MARTS = [Relation("marts", "tall", public=True)]


def write_warehouse(value, root, inndata, new_file):
    """A stand-in for dbt: a small warehouse with one figure."""
    with duckdb.connect(str(new_file)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.tall as select cast(? as integer) as antall", [value])
    return MARTS


def steps(value, warehouse=None):
    return build.Steps(
        deliveries=lambda deliveries: None,
        ingest=lambda deliveries: None,
        warehouse=warehouse or functools.partial(write_warehouse, value),
    )


def build_and_die(root, value, point):
    """Run in a process of its own: the build, which kills itself at one point."""

    def die(reached):
        if reached == point:
            os.kill(os.getpid(), signal.SIGKILL)

    build.build(root, deliveries=root / "data", steps=steps(value), after_step=die)


def answer(root):
    with duckdb.connect(str(root / "warehouse" / paths.WAREHOUSE.name), read_only=True) as connection:
        return connection.execute("select antall from marts.tall").fetchone()[0]


def sha256(root):
    return hashlib.sha256((root / "warehouse" / paths.WAREHOUSE.name).read_bytes()).hexdigest()


def left_in_warehouse(root):
    return sorted(path.name for path in (root / "warehouse").iterdir())


@pytest.fixture
def root(tmp_path):
    (tmp_path / "data" / "kildedata").mkdir(parents=True)
    return tmp_path


def test_the_points_are_reached_in_order_and_the_file_is_published(root):
    reached = []
    published = build.build(root, deliveries=root / "data", steps=steps(1), after_step=reached.append)
    assert tuple(reached) == build.POINTS
    assert published == root / "warehouse" / paths.WAREHOUSE.name
    assert answer(root) == 1
    assert left_in_warehouse(root) == [".lock", paths.WAREHOUSE.name]


@pytest.mark.parametrize("point", build.POINTS)
def test_a_build_killed_at_a_point_leaves_the_published_file_and_the_next_build_is_right(root, point):
    build.build(root, deliveries=root / "data", steps=steps(1))
    before = sha256(root)
    process = multiprocessing.get_context("spawn").Process(target=build_and_die, args=(root, 2, point))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert (root / "warehouse" / ".bygger").exists()
    assert sha256(root) == before
    assert answer(root) == 1
    build.build(root, deliveries=root / "data", steps=steps(3))
    assert answer(root) == 3
    assert left_in_warehouse(root) == [".lock", paths.WAREHOUSE.name]


def test_a_first_build_killed_before_the_replacement_publishes_nothing(root):
    process = multiprocessing.get_context("spawn").Process(target=build_and_die, args=(root, 1, "audit"))
    process.start()
    process.join()
    assert left_in_warehouse(root) == [".bygger", ".lock"]
    build.build(root, deliveries=root / "data", steps=steps(2))
    assert answer(root) == 2


def test_a_failed_build_says_what_became_of_the_published_file(root, capsys):
    def fail(*arguments):
        raise UserError("a test failed")

    with pytest.raises(UserError, match="a test failed"):
        build.build(root, deliveries=root / "data", steps=steps(1, fail))
    assert "there is no published warehouse yet" in capsys.readouterr().err
    build.build(root, deliveries=root / "data", steps=steps(1))
    with pytest.raises(UserError, match="a test failed"):
        build.build(root, deliveries=root / "data", steps=steps(2, fail))
    assert f"The published warehouse is unchanged: {root}" in capsys.readouterr().err
    assert answer(root) == 1
    assert left_in_warehouse(root) == [".lock", paths.WAREHOUSE.name]


def test_a_file_that_fails_the_audit_is_kept_and_one_that_may_not_be_published_is_not(root, monkeypatch):
    def empty(project, inndata, new_file):
        relations = write_warehouse(1, project, inndata, new_file)
        with duckdb.connect(str(new_file)) as connection:
            connection.execute("delete from marts.tall")
        return relations

    kept = root / build.FAILED / paths.WAREHOUSE.name
    with pytest.raises(UserError, match="has no row in"):
        build.build(root, deliveries=root / "data", steps=steps(1, empty))
    assert kept.exists()
    build.build(root, deliveries=root / "data", steps=steps(2))
    assert not kept.parent.exists()
    monkeypatch.setattr(build, "_keep_the_real", lambda *arguments: (_ for _ in ()).throw(UserError("real")))
    with pytest.raises(UserError, match="real"):
        build.build(root, deliveries=root / "data", steps=steps(3))
    assert not kept.parent.exists()


def test_a_file_that_cannot_be_kept_does_not_hide_what_failed(root, capsys):
    def fail(project, inndata, new_file):
        new_file.touch()
        raise UserError("a test failed")

    (root / "target").write_text("not a folder")
    with pytest.raises(UserError, match="a test failed"):
        build.build(root, deliveries=root / "data", steps=steps(1, fail))
    assert "Note: the file of the failed build is not kept: " in capsys.readouterr().err


def test_a_second_build_at_the_same_time_is_refused(root, monkeypatch):
    monkeypatch.setattr(build, "LOCK_SECONDS", 0.1)
    (root / "warehouse").mkdir()
    with (root / "warehouse" / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="another build is running"):
            build.build(root, deliveries=root / "data", steps=steps(1))


def test_the_demonstration_does_not_replace_real_deliveries_unless_asked(root, monkeypatch):
    monkeypatch.setattr(paths, "DEMO", root / "data")

    def real(project, inndata, new_file):
        relations = write_warehouse(1, project, inndata, new_file)
        with duckdb.connect(str(new_file)) as connection:
            connection.execute("create schema staging")
            connection.execute("create table staging.stg_leveranse__fil as select 'nei' as syntetisk")
        return relations

    build.build(root, deliveries=root / "data", steps=steps(1, real))
    with pytest.raises(UserError, match="1 real deliveries and the demonstration would replace it"):
        build.build(root, deliveries=root / "data", steps=steps(2))
    assert answer(root) == 1
    build.build(root, deliveries=root / "data", steps=steps(2), replace_real=True)
    assert answer(root) == 2
    build.build(root, deliveries=root / "data", steps=steps(3))
    assert answer(root) == 3


@pytest.mark.parametrize("name", ["med [2017]", "it's", "{{ x }}", "a*", 'a"b'])
def test_a_path_that_would_mean_something_to_the_tools_is_refused(root, name):
    (root / name / "kildedata").mkdir(parents=True)
    with pytest.raises(UserError, match="expected a path without these characters"):
        build.build(root, deliveries=root / name, steps=steps(1))


def test_a_file_that_cannot_be_used_is_one_sentence(root, monkeypatch, capsys):
    (root / "warehouse").write_text("not a folder")
    monkeypatch.setattr(paths, "ROOT", root)
    assert main(["build", "--deliveries", str(root / "data")]) == 1
    assert f"Error: {root / 'warehouse'} cannot be used: File exists" in capsys.readouterr().err


def test_a_folder_without_deliveries_is_one_sentence(root):
    with pytest.raises(UserError, match="has no folder kildedata"):
        build.build(root, deliveries=root / "elsewhere", steps=steps(1))


def test_a_log_left_beside_the_published_file_does_not_spoil_the_new_one(root):
    build.build(root, deliveries=root / "data", steps=steps(1))
    published = root / "warehouse" / paths.WAREHOUSE.name
    code = (
        "import duckdb, os, sys; connection = duckdb.connect(sys.argv[1]);"
        "connection.execute('insert into marts.tall values (99)'); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code, str(published)], check=False)
    assert Path(f"{published}.wal").exists()
    build.build(root, deliveries=root / "data", steps=steps(2))
    assert answer(root) == 2


# The audit


def audit_of(tmp_path, *statements, expected=MARTS):
    folder = tmp_path / "work"
    folder.mkdir()
    file = folder / paths.WAREHOUSE.name
    with duckdb.connect(str(file)) as connection:
        for statement in ("create schema marts", *statements):
            connection.execute(statement)
    audit.audit(file, expected)


FULL = "create table marts.tall as select 1 as antall"


def test_a_sound_file_passes_the_audit(tmp_path):
    audit_of(tmp_path, FULL, "create view marts.utsnitt as select * from marts.tall")
    assert not (tmp_path / "work" / "audit").exists()


def test_a_missing_mart_fails_the_audit(tmp_path):
    with pytest.raises(UserError, match=r"lacks marts\.tall"):
        audit_of(tmp_path)


def test_an_empty_public_mart_fails_the_audit(tmp_path):
    with pytest.raises(UserError, match=r"no row in marts\.tall"):
        audit_of(tmp_path, "create table marts.tall (antall integer)")


def test_no_public_mart_at_all_fails_the_audit(tmp_path):
    with pytest.raises(UserError, match="names no public mart"):
        audit_of(tmp_path, FULL, expected=[Relation("marts", "tall", public=False)])


def test_a_view_on_a_file_fails_the_audit(tmp_path):
    source = tmp_path / "a.csv"
    source.write_text("a\n1\n")
    with pytest.raises(UserError, match=r"marts\.utsnitt cannot be read in a copy"):
        audit_of(tmp_path, FULL, f"create view marts.utsnitt as select * from read_csv('{source}')")


def test_a_view_that_names_its_database_fails_the_audit(tmp_path):
    with pytest.raises(UserError, match=r"marts\.utsnitt cannot be read in a copy"):
        audit_of(
            tmp_path, FULL, f"create view marts.utsnitt as select * from {paths.WAREHOUSE.stem}.marts.tall"
        )


def test_an_open_log_fails_the_audit(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    file = folder / "a.duckdb"
    file.touch()
    Path(f"{file}.wal").touch()
    with pytest.raises(UserError, match=r"a\.duckdb\.wal lies beside it"):
        audit.audit(file, MARTS)


def test_no_file_fails_the_audit(tmp_path):
    with pytest.raises(UserError, match="left no warehouse file"):
        audit.audit(tmp_path / "a.duckdb", MARTS)


# With dbt itself, on a project of one mart

SLOW = (
    "select sum(hash(a.range, b.range)) as antall from range(1000000) as a cross join range(1000000) as b\n"
)


@pytest.fixture
def project(root):
    small_project.write(root)
    build.build(root, deliveries=root / "data", steps=steps(1))
    return root


def test_dbt_builds_a_file_that_opens_from_any_folder_under_any_name(project, tmp_path, capfd):
    published = build.build(project, deliveries=project / "data", steps=steps(None, dbt_step.build_warehouse))
    copy = tmp_path / "another name.duckdb"
    shutil.copyfile(published, copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute("select antall from marts.tall").fetchone() == (2,)
    captured = capfd.readouterr()
    assert "dbt build took" in captured.err
    assert "\x1b" not in captured.out


def test_a_failing_dbt_test_shows_in_dbts_words_and_publishes_nothing(project, capfd):
    (project / "models" / "tall.sql").write_text("select 3 as antall\n")
    before = sha256(project)
    with pytest.raises(UserError, match="dbt build failed"):
        build.build(project, deliveries=project / "data", steps=steps(None, dbt_step.build_warehouse))
    captured = capfd.readouterr()
    assert "tallet_er_to" in captured.out
    assert "Got 1 result" in captured.out
    assert "The published warehouse is unchanged" in captured.err
    assert sha256(project) == before


IN_A_PROCESS = """
import signal, sys
from pathlib import Path
from scripts import build, dbt_step
build.stop_on_signal()
root = Path(sys.argv[1])
steps = build.Steps(lambda deliveries: None, lambda deliveries: None, dbt_step.build_warehouse)
build.build(root, deliveries=root / "data", steps=steps)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_build_stopped_in_the_middle_of_dbt_takes_dbt_with_it(project, number):
    (project / "models" / "treg.sql").write_text(SLOW)
    before = sha256(project)
    with subprocess.Popen(
        [sys.executable, "-c", IN_A_PROCESS, str(project)],
        cwd=paths.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout:
            if "START" in line and "treg" in line:
                process.send_signal(number)
                break
        # The pipe closes when nobody holds it any more: neither the build nor dbt.
        rest, _ = process.communicate(timeout=20)
    assert process.returncode != 0
    assert ("The published warehouse is unchanged" in rest) is (number == signal.SIGTERM)
    assert sha256(project) == before
    assert answer(project) == 1
    build.build(project, deliveries=project / "data", steps=steps(4))
    assert answer(project) == 4
    assert left_in_warehouse(project) == [".lock", paths.WAREHOUSE.name]


def test_only_a_mart_that_says_so_may_be_empty(tmp_path):
    """A delivery without a survey has no estimate and no work list; every other mart must have rows."""
    manifest = tmp_path / "manifest.json"
    node = {"schema": "marts", "resource_type": "model", "access": "public"}
    nodes = {
        name: {**node, "alias": name, "config": {"materialized": "table", "meta": meta}}
        for name, meta in (("tom", {"kan_vaere_tom": True}), ("full", {}))
    }
    manifest.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    assert {r.name: r.public for r in dbt_step.relations(manifest)} == {"tom": False, "full": True}
