"""Let dbt build the fixtures and compile what is to be mutated, and note what each macro rendered."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from scripts.dbt_step import BUILD_FILE_VARIABLE
from scripts.errors import UserError

FOLDER = Path("target") / "mutasjon"
DATABASE = FOLDER / "mutasjon.duckdb"
# The unit tests need only the columns of their inputs, the twins need rows.
RUNS = (
    ("the unit tests", ("--empty", "--select", "+resource_type:unit_test")),
    ("the twins of the rules", ("--select", "+path:tests/regler", "+path:seeds/fixtures")),
)


@dataclass
class Compiled:
    """What dbt says about a project."""

    manifest: dict
    # The SQL of each test, by the test's id.
    sql: dict[str, str]
    # What the project's macros rendered, each text with the name of the first macro that gave it.
    rendered: dict[str, str]


def compile_project(root: Path, say: Callable[[str], None]) -> Compiled:
    """Build the fixtures into a database of their own and run their tests, which must pass.

    dbt runs in this process, so that it parses the project once and its macros can be listened to.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters

    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (root / DATABASE).unlink(missing_ok=True)
    sql: dict[str, str] = {}
    rendered: dict[str, str] = {}
    with _environment(BUILD_FILE_VARIABLE, str(root / DATABASE)), _noted(rendered, root):
        try:
            say("dbt reads the project")
            manifest = _dbt(root, "the project", None, "parse")
            for what, selection in RUNS:
                say(f"dbt builds and runs {what}")
                for result in _dbt(root, what, manifest, "build", *selection).results:
                    if getattr(result.node, "compiled_code", None):
                        sql[result.node.unique_id] = result.node.compiled_code
        finally:
            # The database is opened anew, so dbt must let go of it.
            reset_adapters()
            DuckDBConnectionManager.close_all_connections()
            gc.collect()
    return Compiled(manifest.writable_manifest().to_dict(omit_none=False), sql, rendered)


def _dbt(root: Path, what: str, manifest: object, command: str, *selection: str) -> object:
    from dbt.cli.main import dbtRunner

    options = ["--quiet", "--no-use-colors", "--log-level-file", "none"]
    options += ["--project-dir", str(root), "--profiles-dir", str(root)]
    options += ["--target", "bygg", "--target-path", str(root / FOLDER)]
    if command == "build":
        options += ["--indirect-selection", "empty"]
    outcome = dbtRunner(manifest=manifest).invoke([command, *options, *selection])
    if outcome.success:
        return outcome.result
    reason = outcome.exception
    for result in getattr(outcome.result, "results", []):
        if result.status in ("error", "fail", "runtime error"):
            reason = f"{result.node.name}: {result.message or result.status}"
            break
    raise UserError(f"dbt failed with {what}: {' '.join(str(reason).split())}")


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextmanager
def _noted(rendered: dict[str, str], root: Path) -> Iterator[None]:
    """Listen to every macro of the project while dbt renders."""
    from dbt.clients.jinja import MacroGenerator

    project = yaml.safe_load((root / "dbt_project.yml").read_text(encoding="utf-8"))["name"]
    call_macro = MacroGenerator.call_macro

    def noted(self, *args, **kwargs):
        result = call_macro(self, *args, **kwargs)
        macro = self.macro
        if (
            isinstance(result, str)
            and macro.package_name == project
            and macro.original_file_path.startswith("macros/")
        ):
            rendered.setdefault(result.strip(), macro.name)
        return result

    MacroGenerator.call_macro = noted
    try:
        yield
    finally:
        MacroGenerator.call_macro = call_macro
