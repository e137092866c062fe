"""Check the YAML and the doc blocks of the project, which dbt reads without complaint on DuckDB.

Keys are checked with the JSON schemas that ship inside dbt, and more strictly where those are open; what the
schemas cannot know (files, descriptions, doc blocks) is checked here.
"""

import csv
import difflib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import dbt.jsonschemas
import jsonschema
import yaml
from dbt.contracts.project import ProjectFlags
from dbt.jsonschemas.jsonschemas import CustomDraft7Validator

from scripts import yaml_lines

FOLDERS = ("models", "seeds", "tests", "macros")
PUBLIC_FOLDERS = ("models/marts", "models/publish")
# dbt's own pages, and the rules: the register says which there are, and a control is no resource to describe.
USED_ANYWAY = re.compile(r"__\w+__|r\d{3}")

_DOC_CALL = re.compile(r"""\{\{\s*doc\(\s*["']([^"']+)["']\s*\)\s*\}\}""")
_DOC_BLOCK = re.compile(r"\{%-?\s*docs\s+(\w+)\s*-?%\}(.*?)\{%-?\s*enddocs\s*-?%\}", re.DOTALL)
_ENGLISH = re.compile(r"^(?:English:|#+ English\b.*$)", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing at one place."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True)
class YamlFile:
    """A properties file: its path from the root, its text, its content and its nodes with lines."""

    file: str
    text: str
    content: dict
    node: yaml.Node | None

    def finding(self, path: Sequence[str | int], text: str) -> Finding:
        return Finding(self.file, yaml_lines.line(self.node, path), text)

    def resources(self, *kinds: str) -> Iterator[tuple[str, int, dict]]:
        """The entries of the given kinds: kind, position, entry."""
        for kind in kinds:
            for position, entry in enumerate(self.content.get(kind) or []):
                if isinstance(entry, dict):
                    yield kind, position, entry


def lint(root: Path) -> list[Finding]:
    """All findings in the YAML and the doc blocks of a project."""
    project = read(root, root / "dbt_project.yml")
    files = read_all(root)
    findings = [*_keys(project, "project"), *_project(project)]
    for file in files:
        findings += _keys(file, "resources")
    if findings:
        # What follows reads the entries, so their form must be right first.
        return sorted(set(findings))
    findings += _models(root, files)
    findings += _seed_columns(root, files)
    findings += _descriptions(files)
    findings += _doc_blocks(root, files)
    return sorted(set(findings))


def read(root: Path, path: Path) -> YamlFile:
    """One YAML file."""
    file = str(path.relative_to(root))
    text = path.read_text(encoding="utf-8")
    content = yaml_lines.load(text, file)
    return YamlFile(file, text, content if isinstance(content, dict) else {}, yaml_lines.compose(text, file))


def read_all(root: Path) -> list[YamlFile]:
    """Every properties file of a project."""
    return [
        read(root, path)
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*"))
        if path.suffix in (".yml", ".yaml")
    ]


def _enum(
    validator: object, values: list, instance: object, schema: dict
) -> Iterator[jsonschema.ValidationError]:
    """dbt reads a severity in any case; its schema writes it with a capital."""
    if str(instance).lower() not in {str(value).lower() for value in values}:
        yield jsonschema.ValidationError(f"{instance!r} is not one of {', '.join(map(str, values))}")


_Validator = jsonschema.validators.extend(CustomDraft7Validator, validators={"enum": _enum})


@cache
def schema(kind: str) -> dict:
    """A JSON schema that ships inside dbt; `latest.json` where there is one, else the newest version."""
    folder = Path(dbt.jsonschemas.JSONSCHEMAS_PATH) / kind
    versions = sorted(folder.glob("[0-9]*.json"), key=lambda path: [int(n) for n in path.stem.split(".")])
    latest = folder / "latest.json"
    return json.loads((latest if latest.exists() else versions[-1]).read_text(encoding="utf-8"))


def _keys(file: YamlFile, kind: str) -> Iterator[Finding]:
    """Keys and values against dbt's schema, and keys that stand twice."""
    for key, line in yaml_lines.doubled_keys(file.node):
        yield Finding(file.file, line, f"the key '{key}' stands twice; the first would be ignored")
    for error in _Validator(schema(kind)).iter_errors(file.content):
        yield from _schema_findings(file, error)


def _schema_findings(file: YamlFile, error: jsonschema.ValidationError) -> Iterator[Finding]:
    error = max(_leaves(error), key=_likeness)
    path = list(error.absolute_path)
    if error.validator != "additionalProperties":
        yield file.finding(path, f"{'.'.join(map(str, path)) or 'the file'}: {error.message}")
        return
    known = list(error.schema.get("properties", {}))
    for key in error.instance:
        if key not in known:
            yield file.finding([*path, key], _unknown(key, known))


def _leaves(error: jsonschema.ValidationError) -> Iterator[jsonschema.ValidationError]:
    """The errors of every form that an entry may have."""
    if not error.context:
        yield error
    for inner in error.context:
        yield from _leaves(inner)


def _likeness(error: jsonschema.ValidationError) -> tuple[int, int]:
    """The form that was meant fits furthest in, and failed on a key rather than on its type."""
    kinds = {"additionalProperties": 2, "type": 0, "required": 0}
    return len(error.absolute_path), kinds.get(error.validator, 1)


def _unknown(key: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(key), known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "keys of your own belong under config.meta"
    return f"unknown key '{key}'; {hint}"


def _project(file: YamlFile) -> Iterator[Finding]:
    """Where dbt's schema is open: flags, and a misspelt setting that looks like a folder."""
    flags = [field.name for field in fields(ProjectFlags) if not field.name.startswith("_")]
    for key in file.content.get("flags") or {}:
        if key not in flags:
            yield file.finding(["flags", key], _unknown(key, flags))
    definitions = schema("project")["definitions"]
    for section, definition in (
        ("models", "ProjectModelConfig"),
        ("seeds", "ProjectSeedConfig"),
        ("data_tests", "ProjectDataTestConfig"),
        ("unit_tests", "ProjectUnitTestConfig"),
        ("sources", "ProjectSourceConfig"),
    ):
        known = [key for key in definitions[definition]["properties"] if key.startswith("+")]
        yield from _settings(file, [section], file.content.get(section), known)


def _settings(file: YamlFile, path: list[str], part: object, known: list[str]) -> Iterator[Finding]:
    for key, value in part.items() if isinstance(part, dict) else ():
        if key.startswith("+") and key not in known:
            yield file.finding([*path, key], _unknown(key, known))
        elif not key.startswith("+"):
            yield from _settings(file, [*path, key], value, known)


def _models(root: Path, files: list[YamlFile]) -> Iterator[Finding]:
    """Every model has its entry and every entry its model; every public column has its doc block."""
    paths = {path.stem: path.relative_to(root) for path in sorted((root / "models").rglob("*.sql"))}
    entries = {}
    for file in files:
        for kind, position, entry in file.resources("models"):
            name = entry["name"]
            if name not in paths:
                yield file.finding([kind, position, "name"], f"the model {name} does not exist")
                continue
            entries[name] = True
            if not (entry.get("description") or "").strip():
                yield file.finding([kind, position], f"the model {name} has no description")
            if any(paths[name].is_relative_to(folder) for folder in PUBLIC_FOLDERS):
                yield from _public_columns(file, position, entry)
    for name, path in paths.items():
        if name not in entries:
            yield Finding(str(path), 1, f"the model {name} has no entry in a YAML file")


def _public_columns(file: YamlFile, position: int, entry: dict) -> Iterator[Finding]:
    if not entry.get("columns"):
        yield file.finding(["models", position], f"the public model {entry['name']} lists no columns")
    for number, column in enumerate(entry.get("columns") or []):
        if not _DOC_CALL.search(column.get("description") or ""):
            yield file.finding(
                ["models", position, "columns", number],
                f"the column {entry['name']}.{column['name']} is not described through doc('...')",
            )


def _seed_columns(root: Path, files: list[YamlFile]) -> Iterator[Finding]:
    """Every seed has its entry and every entry its seed, with the columns of the file."""
    paths = {path.stem: path for path in sorted((root / "seeds").rglob("*.csv"))}
    entries = set()
    for file in files:
        for kind, position, entry in file.resources("seeds"):
            name = entry["name"]
            entries.add(name)
            if name not in paths:
                yield file.finding([kind, position, "name"], f"the seed {name} does not exist")
                continue
            with paths[name].open(encoding="utf-8", newline="") as lines:
                header = next(csv.reader(lines), [])
            documented = [column["name"] for column in entry.get("columns") or []]
            for number, column in enumerate(documented):
                if column not in header:
                    yield file.finding(
                        [kind, position, "columns", number], f"the seed {name} has no column {column}"
                    )
            types = (entry.get("config") or {}).get("column_types") or {}
            for column in types:
                if column not in header:
                    yield file.finding(
                        [kind, position, "config", "column_types", column],
                        f"the seed {name} has no column {column}",
                    )
            if not (entry.get("description") or "").strip():
                yield file.finding([kind, position], f"the seed {name} has no description")
    for name, path in paths.items():
        if name not in entries:
            yield Finding(str(path.relative_to(root)), 1, f"the seed {name} has no entry in a YAML file")


def _descriptions(files: list[YamlFile]) -> Iterator[Finding]:
    """No two models, seeds or sources share a description."""
    seen: dict[str, str] = {}
    for file in files:
        for kind, position, entry in file.resources("models", "seeds"):
            words = " ".join((entry.get("description") or "").split())
            if words and words in seen:
                yield file.finding(
                    [kind, position, "description"],
                    f"{entry['name']} has the same description as {seen[words]}",
                )
            seen.setdefault(words, entry["name"])


def _doc_blocks(root: Path, files: list[YamlFile]) -> Iterator[Finding]:
    """Every doc block is Norwegian, then English, and used; every doc block that is used exists."""
    blocks: dict[str, tuple[str, int]] = {}
    for path in sorted((root / "models").rglob("*.md")):
        file = str(path.relative_to(root))
        text = path.read_text(encoding="utf-8")
        for match in _DOC_BLOCK.finditer(text):
            name, body = match.groups()
            line = text.count("\n", 0, match.start()) + 1
            if name in blocks:
                yield Finding(file, line, f"the doc block {name} stands also in {blocks[name][0]}")
            blocks.setdefault(name, (file, line))
            parts = _ENGLISH.split(body, maxsplit=1)
            if len(parts) != 2 or not parts[0].strip() or not parts[1].strip():
                yield Finding(
                    file,
                    line,
                    f"the doc block {name} must be Norwegian first, then a line that starts with English:",
                )
    used = set()
    for file in files:
        for match in _DOC_CALL.finditer(file.text):
            used.add(match.group(1))
            if match.group(1) not in blocks:
                line = file.text.count("\n", 0, match.start()) + 1
                yield Finding(file.file, line, f"the doc block {match.group(1)} does not exist")
    for name, (file, line) in blocks.items():
        if name not in used and not USED_ANYWAY.fullmatch(name):
            yield Finding(file, line, f"the doc block {name} is not used by any description")
