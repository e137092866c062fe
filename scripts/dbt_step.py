"""Run dbt in a process of its own, which ends when the process that started it ends."""

import json
import os
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


def run_dbt(root: Path, command_name: str, options: list[str], build_file: Path) -> tuple[float, int]:
    """Run dbt on the target of the safe build and pass its output through; give seconds and peak memory (MB).

    The child reads from a pipe that only this process holds: when this process is killed the pipe closes and
    the child ends at once, so no orphan writes to a file that the next build owns.
    """
    # dbt's debug log costs a sixth of the time; what a person needs is in the output.
    common = ["--log-level-file", "none"]
    if not sys.stdout.isatty():
        common.append("--no-use-colors")
    common += ["--project-dir", ".", "--profiles-dir", ".", "--target", "bygg"]
    environment = {
        **os.environ,
        BUILD_FILE_VARIABLE: str(build_file),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(paths.ROOT), os.environ.get("PYTHONPATH", "")])),
    }
    started = time.monotonic()
    command = [sys.executable, "-m", "scripts.dbt_step", *command_name.split(), *common, *options]
    with subprocess.Popen(command, cwd=root, env=environment, stdin=subprocess.PIPE) as process:
        try:
            code = process.wait()
        except BaseException:
            process.kill()
            raise
    if code != 0:
        raise UserError(f"dbt {command_name} failed; its own lines above say where")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return time.monotonic() - started, peak // (1024 * 1024 if sys.platform == "darwin" else 1024)


def build_warehouse(root: Path, inndata: Path, build_file: Path) -> list[Relation]:
    """Build and test every node into `build_file`; give the relations that must now be there."""
    folder = inndata.relative_to(root) if inndata.is_relative_to(root) else inndata
    target = Path("target") / "bygg"
    options = ["--target-path", str(target), "--vars", json.dumps({"inndata": str(folder)})]
    seconds, megabytes = run_dbt(root, "build", options, build_file)
    print(f"dbt build took {seconds:.1f} s and at most {megabytes} MB of memory", file=sys.stderr)
    return relations(root / target / "manifest.json")


def relations(manifest: Path) -> list[Relation]:
    """The models and seeds of a dbt manifest."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return [
        Relation(node["schema"], node["alias"], node.get("access") == "public")
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
