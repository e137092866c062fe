"""Tests of the tests: change one thing in a copy of the project and see which dbt test notices.

The copy is built once, without tests. A mutation then rebuilds only what lies between the changed file and
the test that must fail, in a fresh copy of the database.
"""

import csv
import json
import multiprocessing
import os
import queue
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts import paths
from scripts.dbt_step import BUILD_FILE_VARIABLE

DATABASE = Path("warehouse") / "kommunale_boliger.duckdb"
PARTS = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests")
# Importing dbt takes longer than most of the runs, so it is done once and each run is a fork of that.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["dbt.cli.main", "dbt.adapters.duckdb", "dbt.adapters.postgres"])

MACRO_TESTS = paths.ROOT / "tests" / "makroer"
MANIFEST = Path("target") / "manifest.json"
RESULTS = Path("target") / "run_results.json"
PARSED = Path("target") / "partial_parse.msgpack"


class MutationError(AssertionError):
    """One sentence: why a mutation does not show that its test works."""


@dataclass(frozen=True)
class Mutation:
    """One row of tests/mutasjoner.csv."""

    mutasjon_nr: str
    motor: str
    fil: str
    fra: str
    til: str
    test_som_skal_feile: str
    beskrivelse: str

    @property
    def is_of_a_macro_test(self) -> bool:
        """Whether the test that must fail is one of an engine macro, which needs no model."""
        return (MACRO_TESTS / f"{self.test_som_skal_feile}.sql").exists()


def read(path: Path) -> list[Mutation]:
    """The mutations of a project."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Mutation(**row) for row in csv.DictReader(file)]


def copy_project(root: Path, copy: Path) -> None:
    """The dbt project of `root`; its data are only pointed to."""
    copy.mkdir(parents=True)
    ignore = shutil.ignore_patterns("python", "__pycache__")
    for part in PARTS:
        source = root / part
        if source.is_dir():
            shutil.copytree(source, copy / part, ignore=ignore)
        elif source.exists():
            shutil.copyfile(source, copy / part)
    (copy / DATABASE).parent.mkdir()
    if (root / "data").exists():
        (copy / "data").symlink_to(root / "data", target_is_directory=True)


def dbt(
    project: Path, *arguments: str, target: str = "bygg", variables: dict[str, str] | None = None
) -> tuple[dict[str, dict], str]:
    """Run dbt in a copy; give the result of every node by its id, and what dbt printed."""
    (project / RESULTS).unlink(missing_ok=True)
    output = project / "dbt.txt"
    options = ["--no-use-colors", "--log-level-file", "none", *arguments, "--target", target]
    # The path is the same in every copy, so that what dbt has parsed once stays valid.
    environment = {BUILD_FILE_VARIABLE: str(DATABASE), **(variables or {})}
    process = FORKS.Process(target=_dbt, args=(project, options, environment, output))
    process.start()
    process.join()
    results = {}
    if (project / RESULTS).exists():
        found = json.loads((project / RESULTS).read_text(encoding="utf-8"))["results"]
        results = {result["unique_id"]: result for result in found}
    return results, output.read_text(encoding="utf-8")


def _dbt(project: Path, options: list[str], environment: dict[str, str], output: Path) -> None:
    """In a process of its own: dbt, with what it prints in a file."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.chdir(project)
    os.environ.update(environment)
    with output.open("w", encoding="utf-8") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    dbtRunner().invoke(options)
    # A fork ends without the clean-up of an interpreter, and a database that is not closed leaves its log.
    DuckDBConnectionManager.close_all_connections()


class Project:
    """The parsed project: which node is in which file, and what depends on what."""

    def __init__(self, manifest: dict) -> None:
        self.nodes = {**manifest["nodes"], **manifest["unit_tests"]}
        self.macros = manifest["macros"]
        self.parents = manifest["parent_map"]

    def find(self, name: str) -> str:
        """The id of the one test or model of this name."""
        found = [key for key, node in self.nodes.items() if node["name"] == name]
        if len(found) != 1:
            raise MutationError(f"expected one test or model named {name}, found {len(found)}")
        return found[0]

    def is_test(self, key: str) -> bool:
        return self.nodes[key]["resource_type"] in ("test", "unit_test")

    def is_unit_test(self, key: str) -> bool:
        return self.nodes[key]["resource_type"] == "unit_test"

    def ancestors(self, key: str) -> set[str]:
        """The node and everything it is made from."""
        found, waiting = set(), [key]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting += self.parents.get(current, [])
        return found

    def changed_by(self, file: str) -> set[str]:
        """The nodes that a change in a file changes directly, through a macro too."""
        macros = {key for key, macro in self.macros.items() if macro["original_file_path"] == file}
        size = -1
        while size != len(macros):
            size = len(macros)
            macros |= {key for key, macro in self.macros.items() if macros & _macros(macro)}
        return {
            key
            for key, node in self.nodes.items()
            if node["original_file_path"] == file
            or (node.get("patch_path") or "").endswith(f"://{file}")
            or macros & _macros(node)
        }

    def to_run(self, mutation: Mutation) -> list[str]:
        """The ids to build so that the test sees the change: from the changed nodes to the test."""
        test = self.find(mutation.test_som_skal_feile)
        changed = self.changed_by(mutation.fil)
        reach = {key for key in self.ancestors(test) if key in self.nodes and self.ancestors(key) & changed}
        if test not in reach:
            raise MutationError(f"no change in {mutation.fil} can reach {mutation.test_som_skal_feile}")
        if self.is_unit_test(test):
            return [test]
        return sorted(key for key in reach if key == test or not self.is_test(key))

    def selection(self, keys: Iterable[str]) -> list[str]:
        """Selectors that mean exactly these nodes."""
        return ["--indirect-selection", "empty", "--select", *(".".join(self.nodes[k]["fqn"]) for k in keys)]


def _macros(node: dict) -> set[str]:
    return set(node.get("depends_on", {}).get("macros", []))


class Workshop:
    """A built copy of a project, and copies of the copy for mutations side by side."""

    def __init__(self, root: Path, folder: Path, workers: int = 2) -> None:
        self.base = folder / "base"
        copy_project(root, self.base)
        _, output = dbt(self.base, "build", "--exclude-resource-type", "test", "unit_test")
        if not (self.base / MANIFEST).exists() or "Completed successfully" not in output:
            raise MutationError(f"the unchanged project does not build:\n{output[-3000:]}")
        self.project = Project(json.loads((self.base / MANIFEST).read_text(encoding="utf-8")))
        self.free: queue.Queue[Path] = queue.Queue()
        for number in range(workers):
            worker = folder / f"worker_{number}"
            shutil.copytree(self.base, worker, symlinks=True)
            self.free.put(worker)

    def try_all(self, mutations: list[Mutation]) -> dict[str, str]:
        """What is wrong with each mutation, by number; nothing when its test fails as it should."""
        outcome = self._unchanged(mutations)
        waiting = [mutation for mutation in mutations if mutation.mutasjon_nr not in outcome]
        with ThreadPoolExecutor(self.free.qsize()) as pool:
            found = pool.map(self._try, waiting)
            outcome |= {m.mutasjon_nr: text for m, text in zip(waiting, found, strict=True) if text}
        return outcome

    def _unchanged(self, mutations: list[Mutation]) -> dict[str, str]:
        """Mutations whose test is not there, or fails without any change."""
        outcome, tests = {}, {}
        for mutation in mutations:
            try:
                tests[mutation.mutasjon_nr] = self.project.find(mutation.test_som_skal_feile)
            except MutationError as error:
                outcome[mutation.mutasjon_nr] = str(error)
        to_run = sorted({key for key in tests.values() if self.project.is_test(key)})
        if to_run:
            results, output = dbt(self.base, "test", *self.project.selection(to_run))
            for number, key in tests.items():
                status = results.get(key, {}).get("status", "not run")
                if key in to_run and status != "pass":
                    outcome[number] = (
                        f"{key} does not pass in the unchanged project: {status}\n{output[-3000:]}"
                    )
        return outcome

    def _try(self, mutation: Mutation) -> str:
        worker = self.free.get()
        try:
            return self._mutate(worker, mutation)
        except MutationError as error:
            return str(error)
        finally:
            self.free.put(worker)

    def _mutate(self, worker: Path, mutation: Mutation) -> str:
        test = self.project.find(mutation.test_som_skal_feile)
        to_run = self.project.to_run(mutation)
        file = worker / mutation.fil
        original = file.read_text(encoding="utf-8")
        places = original.count(mutation.fra)
        if places != 1:
            raise MutationError(
                f"mutation {mutation.mutasjon_nr}: the text to change must stand once in {mutation.fil}, "
                f"found {places} times: {mutation.fra}"
            )
        for part in (DATABASE, PARSED):
            shutil.copyfile(self.base / part, worker / part)
        file.write_text(original.replace(mutation.fra, mutation.til), encoding="utf-8")
        try:
            # The name of a model selects its unit tests too; a unit test alone is nothing to build.
            command = ["build", "--exclude-resource-type", "unit_test"]
            if self.project.is_unit_test(test):
                command = ["test"]
            results, output = dbt(worker, *command, "--threads", "1", *self.project.selection(to_run))
        finally:
            file.write_text(original, encoding="utf-8")
        result = results.get(test, {"status": "not run", "message": ""})
        if self._caught(test, result):
            return ""
        return (
            f"mutation {mutation.mutasjon_nr} ({mutation.beskrivelse}) is not caught by "
            f"{mutation.test_som_skal_feile}: {result['status']}\n{output[-3000:]}"
        )

    def _caught(self, test: str, result: dict) -> bool:
        """A test that fails, or a model that breaks its contract; not one that only cannot run."""
        if self.project.is_test(test):
            return result["status"] == "fail"
        message = (result["message"] or "").lower()
        return result["status"] == "error" and ("contract" in message or "constraint" in message)
