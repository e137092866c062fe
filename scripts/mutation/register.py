"""The register of mutants that survive, and why."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from scripts.errors import UserError
from scripts.mutation.subjects import Mutant

COLUMNS = ("slag", "navn", "sted", "operator", "fra", "til", "nummer", "hvorfor")


def read(path: Path) -> dict[Mutant, str]:
    """Why each explained mutant survives."""
    if not path.exists():
        raise UserError(
            f"found no register at {path}; expected a CSV file with the columns {','.join(COLUMNS)}"
        )
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise UserError(f"{path}, line 1: expected the header {','.join(COLUMNS)}")
    register: dict[Mutant, str] = {}
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(COLUMNS) or not row[-2].isdigit() or not row[-1].strip():
            raise UserError(
                f"{path}, row {line}: expected {len(COLUMNS)} values, "
                "a whole number as nummer and a reason as hvorfor"
            )
        mutant = Mutant(*row[:-2], int(row[-2]))
        if mutant in register:
            raise UserError(f"{path}, row {line}: {mutant} is explained twice")
        register[mutant] = row[-1]
    return register


def write(path: Path, mutants: Iterable[Mutant]) -> None:
    """Mutants as rows of the register, without a reason."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([*vars(mutant).values(), ""] for mutant in mutants)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8")
