"""Run dbt in a process of its own, which ends when the process that started it ends."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from scripts import paths
from scripts.errors import UserError

BUILD_FILE_VARIABLE = "KOMMBOL_BYGGFIL"


@dataclass(frozen=True)
class Relation:
    """A table or view that the warehouse must hold; a public one must also have rows."""

    schema: str
    name: str
    public: bool


def run_dbt(
    root: Path, command_name: str, options: list[str], *, target: str, folder: Path, variables: dict[str, str]
) -> tuple[float, int]:
    """Run dbt on a target, with its files in `folder` and environment variables of its own.

    Its output is passed through; gives seconds and peak memory (MB). A UserError names the first node that
    failed.

    The child reads from a pipe that only this process holds: when this process is killed the pipe closes and
    the child ends at once, so no orphan writes to a file that the next build owns.
    """
    # dbt's debug log costs a sixth of the time; what a person needs is in the output.
    common = ["--log-level-file", "none"]
    if not sys.stdout.isatty():
        common.append("--no-use-colors")
    common += ["--project-dir", ".", "--profiles-dir", ".", "--target", target, "--target-path", str(folder)]
    environment = {
        **os.environ,
        **variables,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(paths.ROOT), os.environ.get("PYTHONPATH", "")])),
    }
    results = root / folder / "run_results.json"
    results.unlink(missing_ok=True)
    started = time.monotonic()
    command = [sys.executable, "-m", "scripts.dbt_step", *command_name.split(), *common, *options]
    with subprocess.Popen(command, cwd=root, env=environment, stdin=subprocess.PIPE) as process:
        try:
            code = process.wait()
        except BaseException:
            process.kill()
            raise
    if code != 0:
        first, advice = _first_failure(results), _advice(results)
        raise UserError(f"dbt {command_name} failed{first}; its own lines above say more{advice}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return time.monotonic() - started, peak // (1024 * 1024 if sys.platform == "darwin" else 1024)


def _first_failure(results: Path) -> str:
    """Which node failed first, and why in a line; nothing where dbt did not get as far as a node."""
    return next(
        (f" at {name(result)}: {reason(result).rstrip('.;')}" for result in _failures(results)),
        "",
    )


def _advice(results: Path) -> str:
    """Where more is to be seen, when a data test or unit test failed."""
    is_test = any(result["unique_id"].startswith(("test.", "unit_test.")) for result in _failures(results))
    return ", and `make feil` shows what failed" if is_test else ""


def _failures(results: Path) -> list[dict]:
    if not results.exists():
        return []
    return failed(json.loads(results.read_text(encoding="utf-8"))["results"])


def failed(results: list[dict]) -> list[dict]:
    """The results of a dbt run that are failures, in the order they came."""
    return [result for result in results if result["status"] in ("error", "fail", "runtime error")]


def name(result: dict) -> str:
    """The name of the model, seed, test or hook that a result is of."""
    kind, _, *names = result["unique_id"].split(".")
    # A unit test stands below the name of its model.
    return names[1 if kind == "unit_test" else 0]


def reason(result: dict) -> str:
    """The first line of dbt's message that says more than which node it is."""
    lines = [line.strip() for line in (result["message"] or "").splitlines() if line.strip()]
    return next((line for line in lines if not re.match(r"[A-Z]\w+ Error in ", line)), result["status"])


def build_warehouse(root: Path, inndata: Path, build_file: Path) -> list[Relation]:
    """Build and test every node into `build_file`; give the relations that must now be there."""
    deliveries = inndata.relative_to(root) if inndata.is_relative_to(root) else inndata
    folder = Path("target") / "bygg"
    options = ["--vars", json.dumps({"inndata": str(deliveries)})]
    seconds, megabytes = run_dbt(
        root, "build", options, target="bygg", folder=folder, variables={BUILD_FILE_VARIABLE: str(build_file)}
    )
    print(f"dbt build took {seconds:.1f} s and at most {megabytes} MB of memory", file=sys.stderr)
    return relations(root / folder / "manifest.json")


def relations(manifest: Path) -> list[Relation]:
    """The models and seeds of a dbt manifest.

    A mart whose meta says `kan_vaere_tom` may be empty: there is nothing to tell in a year without a survey.
    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return [
        Relation(
            node["schema"],
            node["alias"],
            node.get("access") == "public" and not node["config"].get("meta", {}).get("kan_vaere_tom", False),
        )
        for node in nodes
        if node["resource_type"] in ("model", "seed") and node["config"]["materialized"] != "ephemeral"
    ]


def _end_with_the_parent() -> None:
    """Wait for the parent's end of the pipe to close, then end this process at once."""
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> int:
    """The child: dbt with the given arguments."""
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    from dbt.cli.main import dbtRunner

    return 0 if dbtRunner().invoke(sys.argv[1:]).success else 1


if __name__ == "__main__":
    sys.exit(main())
