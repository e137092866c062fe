"""Look at a finished warehouse file as a stranger would: from another folder, with nothing beside it."""

import shutil
from pathlib import Path

import duckdb

from scripts.dbt_step import Relation
from scripts.errors import UserError


def audit(build_file: Path, expected: list[Relation]) -> None:
    """Raise a UserError unless the file is complete, closed and self-contained."""
    if not build_file.exists():
        raise UserError(f"the build left no warehouse file at {build_file}")
    if Path(f"{build_file}.wal").exists():
        raise UserError(
            f"the new warehouse is not closed: {build_file.name}.wal lies beside it; "
            "expected one file with everything in it"
        )
    if not any(relation.public for relation in expected):
        raise UserError("the build names no public mart; expected at least one model with access public")
    copy = build_file.parent / "audit" / "copy.duckdb"
    copy.parent.mkdir()
    try:
        shutil.copyfile(build_file, copy)
        _audit_copy(copy, expected)
    finally:
        shutil.rmtree(copy.parent)


def _audit_copy(copy: Path, expected: list[Relation]) -> None:
    """Read every table and view of the copy, which has another name and may open no other file."""
    try:
        connection = duckdb.connect(str(copy), read_only=True, config={"enable_external_access": "false"})
    except duckdb.Error as error:
        raise UserError(f"the new warehouse cannot be opened: {_first_line(error)}") from error
    with connection:
        found = set(
            connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
        )
        missing = sorted(f"{r.schema}.{r.name}" for r in expected if (r.schema, r.name) not in found)
        if missing:
            raise UserError(f"the new warehouse lacks {', '.join(missing)}")
        rows = {}
        for schema, name in sorted(found):
            try:
                rows[schema, name] = connection.execute(
                    f'select count(*) from (select * from "{schema}"."{name}")'
                ).fetchone()[0]
            except duckdb.Error as error:
                raise UserError(
                    f"{schema}.{name} cannot be read in a copy of the new warehouse, so it depends on "
                    f"something outside the file: {_first_line(error)}"
                ) from error
        empty = sorted(f"{r.schema}.{r.name}" for r in expected if r.public and not rows[r.schema, r.name])
        if empty:
            raise UserError(
                f"the new warehouse has no row in {', '.join(empty)}; expected rows in every mart"
            )


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]
