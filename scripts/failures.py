"""Print what failed in the newest dbt run: for each test its rule, its first row and where the rest are."""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from scripts import build, dbt_step, paths, rules
from scripts.errors import UserError
from scripts.headline import number
from scripts.postgres import schemas

HELP = "Print what failed in the newest dbt run: the rule, the first row and where the rest are."

# The folder of each kind of run, below target/.
PLAIN = "."
SAFE = "bygg"
SERVER = "postgres"
# Other commands of dbt (docs, compile ...) write results too, and test nothing.
COMMANDS = ("build", "test", "run", "seed")


@dataclass(frozen=True)
class Run:
    """One run of dbt, as it wrote it down."""

    file: Path
    kind: str
    command: str
    time: datetime
    results: list[dict]

    def text(self, root: Path) -> str:
        return f"dbt {self.command}, {self.time:%d.%m.%Y %H:%M:%S} UTC ({_shown(self.file, root)})"


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: the newest run is meant."""


def run(args: argparse.Namespace) -> int:
    """Print the failures."""
    print(text(paths.ROOT))
    return 0


def text(root: Path) -> str:
    """What failed in the newest run of a project, or that nothing did."""
    found = newest(root)
    failed = dbt_step.failed(found.results)
    if not failed:
        return f"Nothing failed: {found.text(root)}"
    register = {rule["regel_nr"]: rule for rule in rules.read()}
    lines = [f"{number(len(failed))} failed: {found.text(root)}"]
    for result in failed:
        lines += ["", *_failure(result, found, root, register)]
    return "\n".join(lines)


def newest(root: Path) -> Run:
    """The newest run by what dbt wrote in it; a UserError where there is none."""
    found = [
        one
        for kind in (PLAIN, SAFE, SERVER)
        for one in _read(root / "target" / kind / "run_results.json", kind)
    ]
    if not found:
        raise UserError(
            f"found no results of a dbt run in {root / 'target'}; run `make build` or `dbt build` first"
        )
    return max(found, key=lambda one: one.time)


def _read(path: Path, kind: str) -> Iterator[Run]:
    """The run in a file of results, where there is one."""
    if not path.exists():
        return
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        command = content["args"]["which"]
        time = datetime.fromisoformat(content["metadata"]["generated_at"]).astimezone(UTC)
        results = content["results"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{path} cannot be read: {type(error).__name__} {error}; expected the results that dbt writes"
        ) from error
    if command in COMMANDS:
        yield Run(path, kind, command, time, results)


def _failure(result: dict, found: Run, root: Path, register: dict[str, rules.Rule]) -> Iterator[str]:
    """The lines on one node that failed."""
    name = dbt_step.name(result)
    is_data_test = result["unique_id"].startswith("test.") and result["status"] == "fail"
    yield f"{name}: {_rows(result) if is_data_test else dbt_step.reason(result)}"
    rule = register.get(rules.of_test(name) or "")
    if rule:
        twin = " (twin)" if name.startswith("tvilling_") else ""
        yield f"  {rule['regel_nr']}{twin} {rule['tittel_nb']}"
        yield f"  {rule['setning_nb']}"
    if is_data_test and result.get("relation_name"):
        yield from _stored(result["relation_name"], found, root)


def _rows(result: dict) -> str:
    """How many rows, and how many there should be where that is not none."""
    expected = re.search(r"configured to fail if (.*)", result["message"] or "")
    condition = f" (fails if {expected[1]})" if expected and expected[1] != "!= 0" else ""
    return f"{number(result['failures'])} {'row' if result['failures'] == 1 else 'rows'}{condition}"


def _stored(relation: str, found: Run, root: Path) -> Iterator[str]:
    """The first row, and where all of them are."""
    database, schema, table = (part.replace('""', '"') for part in re.findall(r'"((?:[^"]|"")*)"', relation))
    if found.kind == SERVER:
        yield f"  The rows are in {schemas.FAILED}.{table} in the database {database}"
        return
    file = (
        root / build.FAILED / paths.WAREHOUSE.name
        if found.kind == SAFE
        else root / f"target/{database}.duckdb"
    )
    if not file.exists():
        yield f"  The rows are in {schema}.{table} in the database {database}"
        return
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            relation = connection.table(f'"{schema}"."{table}"')
            first = relation.order("all").limit(1).fetchone()
    except duckdb.CatalogException:
        yield f"  The rows are not in {_shown(file, root)} any more: there is no {schema}.{table}"
        return
    except duckdb.Error as error:
        raise UserError(f"{file} cannot be opened: {str(error).splitlines()[0]}") from error
    if first is None:
        yield "  There is no row"
        return
    width = max(map(len, relation.columns))
    yield "  The first row:"
    for column, value in zip(relation.columns, first, strict=True):
        yield f"    {column:<{width}} = {'null' if value is None else value}"
    yield f"  All of them: {schema}.{table} in {_shown(file, root)}"


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root))
