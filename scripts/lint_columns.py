"""Compare the columns that the YAML documents with the columns of the published warehouse, both ways."""

from pathlib import Path

import duckdb

from scripts.errors import UserError
from scripts.lint_yaml import Finding, read_all

# The twins of the rules have the columns of the tables they stand for, which are described there.
FIXTURES = "seeds/fixtures/"


def lint(root: Path, warehouse: Path) -> list[Finding]:
    """Documented columns that do not exist, and columns without a description."""
    if not warehouse.exists():
        raise UserError(f"there is no published warehouse at {warehouse}; run `make build` first")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found: dict[str, list[str]] = {}
        for table, column in connection.execute(
            "select table_name, column_name from information_schema.columns"
            " order by table_name, ordinal_position"
        ).fetchall():
            found.setdefault(table, []).append(column)
    findings = []
    documented = set()
    for file in read_all(root):
        for kind, position, entry in file.resources("models", "seeds"):
            name = entry["name"]
            documented.add(name)
            if name not in found:
                findings.append(
                    file.finding([kind, position, "name"], f"the warehouse has no table or view {name}")
                )
                continue
            described = {}
            for number, column in enumerate(entry.get("columns") or []):
                described[column["name"]] = bool((column.get("description") or "").strip())
                if column["name"] not in found[name]:
                    findings.append(
                        file.finding(
                            [kind, position, "columns", number],
                            f"{name} has no column {column['name']} in the warehouse",
                        )
                    )
            missing = [column for column in found[name] if not described.get(column)]
            if missing and not file.file.startswith(FIXTURES):
                findings.append(
                    file.finding(
                        [kind, position, "name"], f"{name} has no description of {', '.join(missing)}"
                    )
                )
    for name in found.keys() - documented:
        findings.append(Finding(warehouse.name, 1, f"the table or view {name} has no entry in a YAML file"))
    return sorted(findings)
