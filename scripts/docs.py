"""Write the documentation of the published warehouse: that of dbt, the rules, and the national figures."""

import argparse
import shutil
import sys
from pathlib import Path

from scripts import dbt_step, national, paths, specification
from scripts.errors import UserError

HELP = "Write the documentation of the statistic (docs/_site/index.html), its rules and its national figures."


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: the documentation is that of the published warehouse."""


def run(args: argparse.Namespace) -> int:
    """Write the site and say where it is."""
    page = write(paths.ROOT)
    rules = specification.write(paths.ROOT, page.parent)
    print(f"The documentation is {page}: open it in a browser, no server is needed")
    print(f"The rules, one page each with this year's findings, begin at {rules}")
    print(
        f"The national figures by purpose, one page each, begin at {national.write(paths.ROOT, page.parent)}"
    )
    return 0


def write(root: Path) -> Path:
    """Make the static site from a copy of the published warehouse, which dbt would open for writing."""
    published = root / "warehouse" / paths.WAREHOUSE.name
    if not published.exists():
        raise UserError(f"there is no published warehouse at {published}; run `make build` first")
    work = root / "target" / "docs"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    # The name stays: dbt finds the columns of a table by the name of the database.
    copy = work / published.name
    shutil.copyfile(published, copy)
    print("Reading the published warehouse ...", file=sys.stderr)
    try:
        dbt_step.run_dbt(
            root,
            "docs generate",
            ["--quiet", "--static"],
            target="bygg",
            folder=Path("target") / "docs",
            variables={dbt_step.BUILD_FILE_VARIABLE: str(copy)},
        )
    finally:
        copy.unlink()
    page = root / "docs" / "_site" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    new_page = page.with_suffix(".new")
    shutil.copyfile(work / "static_index.html", new_page)
    new_page.replace(page)
    return page
