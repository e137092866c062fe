"""What the specification says of each rule, from register, catalogues, manifest and warehouse."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb

from scripts import paths, rules
from scripts.catalogue import FORMS, Catalogue, read_catalogue
from scripts.errors import UserError
from scripts.specification import words

# Norwegian, English.
Text = tuple[str, str]

DELIVERED = "select distinct kilde, aargang from staging.stg_leveranse__fil"
SYNTHETIC = "select coalesce(bool_or(syntetisk = 'ja'), false) from staging.stg_leveranse__fil"
PUBLISHED_RULES = "select regel_nr from marts.kontroller order by regel_nr"
FINDINGS = """
    select regel_nr, aargang, count(*), count(distinct enhet_nr)
    from marts.kontrollutslag
    group by regel_nr, aargang
"""


@dataclass(frozen=True)
class Link:
    """A page of the dbt documentation: what it shows, the name of the node, and its address in the site."""

    what: Text
    name: str
    address: str


@dataclass(frozen=True)
class Count:
    """The findings of a rule in a year; none where it cannot have any."""

    year: int
    findings: int | None
    units: int | None


@dataclass(frozen=True)
class Outcome:
    """A test of a rule on one table of the published warehouse."""

    table: str
    rows: int


@dataclass(frozen=True)
class Entry:
    """One rule, ready to be shown."""

    number: str
    is_test: bool
    title: Text
    sentence: Text
    without: Text
    treatment: Text
    severity_code: str
    severity: Text
    source: Text
    reference: str
    message: str
    years: str
    field: list[tuple[str, Text]]
    parts: list[tuple[str, Text]]
    against: list[tuple[str, Text]]
    against_source: Text
    thresholds: list[Text]
    links: list[Link]
    counts: list[Count] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def broken(self) -> int:
        """How many rows of the published warehouse break a rule that must hold."""
        return sum(outcome.rows for outcome in self.outcomes)


@dataclass(frozen=True)
class Group:
    """Rules that look at the same thing."""

    name: str
    title: Text
    entries: list[Entry]

    @property
    def is_tests(self) -> bool:
        return self.name == "test"

    @property
    def years(self) -> list[int]:
        return [count.year for count in self.entries[0].counts]


@dataclass(frozen=True)
class Specification:
    """All rules, and whether what was delivered is made up."""

    groups: list[Group]
    synthetic: bool

    @property
    def entries(self) -> list[Entry]:
        return [entry for group in self.groups for entry in group.entries]


def gather(register: list[rules.Rule], manifest: dict, warehouse: Path) -> Specification:
    """Everything that the pages show."""
    if not warehouse.exists():
        raise UserError(f"there is no published warehouse at {warehouse}; run `make build` first")
    thresholds = _thresholds(paths.DEFINITIONS / "terskel.csv")
    catalogues = {source: read_catalogue(source) for source in FORMS}
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:

            def rows(query: str) -> list[tuple]:
                return connection.execute(query).fetchall()

            _check_published(register, [number for (number,) in rows(PUBLISHED_RULES)], warehouse)
            [(synthetic,)] = rows(SYNTHETIC)
            delivered: dict[str, set[int]] = {}
            for source, year in rows(DELIVERED):
                delivered.setdefault(source, set()).add(year)
            findings = {(number, year): counts for number, year, *counts in rows(FINDINGS)}
            entries = [
                _entry(
                    rule,
                    catalogues,
                    thresholds,
                    _Nodes(manifest, rule["regel_nr"]),
                    _counts(rule, delivered, findings),
                    rows,
                )
                for rule in register
            ]
    except duckdb.Error as error:
        raise UserError(f"{warehouse} cannot be read: {str(error).splitlines()[0]}") from error
    groups: dict[str, list[Entry]] = {}
    for rule, entry in zip(register, entries, strict=True):
        groups.setdefault("test" if entry.is_test else rule["kilde"], []).append(entry)
    return Specification([Group(name, _title(name), found) for name, found in groups.items()], synthetic)


def _title(name: str) -> Text:
    if name == "test":
        return words.TESTS
    norwegian, english = words.SOURCES[name]
    return words.CONTROLS[0].format(norwegian), words.CONTROLS[1].format(english)


def _check_published(register: list[rules.Rule], published: list[str], warehouse: Path) -> None:
    """The findings belong to the rules of the register only if the warehouse was built with them."""
    other = sorted({rule["regel_nr"] for rule in register} ^ set(published))
    if other:
        raise UserError(
            f"{warehouse} was built with other rules than the register has ({', '.join(other)}); "
            "run `make build` first"
        )


def _counts(rule: rules.Rule, delivered: dict[str, set[int]], findings: dict) -> list[Count]:
    """The newest year delivered of what the rule looks at, and the year before."""
    # What the warehouse works out rests on form 13.
    years = delivered.get("skjema13" if rule["kilde"] == "lager" else rule["kilde"], set())
    if rule["type"] == "test" or not years:
        return []
    found = []
    for year in (max(years), max(years) - 1):
        is_valid = int(rule["gyldig_fra"]) <= year <= int(rule["gyldig_til"] or year)
        counts = (
            findings.get((rule["regel_nr"], year), (0, 0)) if is_valid and year in years else (None, None)
        )
        found.append(Count(year, *counts))
    return found


class _Nodes:
    """The nodes of the manifest that belong to one rule; a UserError for one that is not there."""

    def __init__(self, manifest: dict, number: str) -> None:
        self.manifest = manifest
        self.number = number
        self.project = manifest["metadata"]["project_name"]

    def link(self, what: str, unique_id: str) -> Link:
        kind = unique_id.split(".")[0]
        found = self.manifest["macros" if kind == "macro" else "nodes"].get(unique_id)
        if found is None:
            raise UserError(f"{self.number}: dbt has no {unique_id}; expected what the register says")
        return Link(words.LINKS[what], found["name"], f"index.html#!/{kind}/{unique_id}")

    def of_form(self, form: str) -> list[Link]:
        """Of a control: its macro, the twins with their test, and the findings."""
        return [
            self.link("sql", f"macro.{self.project}.kontroll_{form}"),
            self.link("twins", f"test.{self.project}.hver_kontroll_har_to_tvillinger"),
            self.link("twin_data", f"seed.{self.project}.kontroll_svar"),
            self.link("result", f"model.{self.project}.kontrollutslag"),
        ]

    def tests(self) -> list[dict]:
        """The tests of this rule on what is published, by name."""
        found = [node for node in self._of_rule() if not node["name"].startswith("tvilling_")]
        if not found:
            raise UserError(f"{self.number}: dbt has no test with this number; expected at least one")
        return found

    def of_test(self) -> list[Link]:
        """Of a test: its SQL, where it is applied, and its twins."""
        macros = sorted(
            key
            for key in self.manifest["macros"]
            if key.startswith(f"macro.{self.project}.test_{self.number.lower()}_")
        )
        links = [self.link("sql", key) for key in macros]
        links += [self.link("applied", node["unique_id"]) for node in self.tests()]
        for node in self._of_rule():
            if node["name"].startswith("tvilling_"):
                links.append(self.link(f"twin_{node['name'].split('_')[2]}", node["unique_id"]))
        return links

    def _of_rule(self) -> list[dict]:
        return sorted(
            (
                node
                for node in self.manifest["nodes"].values()
                if node["resource_type"] == "test" and rules.of_test(node["name"]) == self.number
            ),
            key=lambda node: node["name"],
        )


def _entry(
    rule: rules.Rule,
    catalogues: dict[str, Catalogue],
    thresholds: dict[str, list[dict]],
    nodes: _Nodes,
    counts: list[Count],
    rows: Callable[[str], list[tuple]],
) -> Entry:
    is_test = rule["type"] == "test"
    # The rule as it is run, once more on the published tables.
    outcomes = [
        Outcome(
            node["attached_node"].split(".")[2], rows(f"select count(*) from ({node['compiled_code']})")[0][0]
        )
        for node in (nodes.tests() if is_test else [])
    ]
    first, last = rule["gyldig_fra"], rule["gyldig_til"]
    return Entry(
        number=rule["regel_nr"],
        is_test=is_test,
        title=_both(rule, "tittel"),
        sentence=_both(rule, "setning"),
        without=_both(rule, "uten_regelen"),
        treatment=rules.treatment(rule),
        severity_code="T" if is_test else rule["alvorlighet"],
        severity=rules.severity(rule),
        source=_source(rule, "kilde"),
        reference=rule["referanse"],
        message=rule["melding_nb"],
        years=first if first == last else f"{first}–{last}" if first else "",
        field=_fields(catalogues, rule["kilde"], rule["felt"], rule),
        parts=_parts(catalogues, rule),
        against=_fields(catalogues, rule["mot_kilde"], rule["mot_felt"], rule),
        against_source=_source(rule, "mot_kilde"),
        thresholds=[
            text
            for name in (rule["terskel_antall"], rule["terskel_prosent"])
            if name
            for text in _threshold(rule, name, thresholds)
        ],
        links=nodes.of_test() if is_test else nodes.of_form(rule["form"]),
        counts=counts,
        outcomes=outcomes,
    )


def _both(rule: rules.Rule, column: str) -> Text:
    return rule[f"{column}_nb"], rule[f"{column}_en"]


def _source(rule: rules.Rule, column: str) -> Text:
    if not rule[column]:
        return "", ""
    if rule[column] not in words.SOURCES:
        raise UserError(
            f"{rule['regel_nr']}: {column} is '{rule[column]}', which has no words in "
            f"scripts/specification/words.py; expected one of {', '.join(words.SOURCES)}"
        )
    return words.SOURCES[rule[column]]


def _fields(
    catalogues: dict[str, Catalogue], source: str, name: str, rule: rules.Rule
) -> list[tuple[str, Text]]:
    """The field with its label in the newest form that has it; the name alone where nobody labelled it."""
    if not name:
        return []
    named = catalogues[source].named(name) if source in catalogues else []
    if named:
        newest = max(named, key=lambda one: one.gyldig_fra)
        return [(name, (newest.ledetekst_nb, newest.ledetekst_en))]
    return [(name, _worked_out().get((source, name), ("", "")))]


@cache
def _worked_out() -> dict[tuple[str, str], Text]:
    """What the warehouse works out beside the answers, by source and name."""
    with (paths.DEFINITIONS / "beregnet_maal.csv").open(encoding="utf-8", newline="") as file:
        return {(row["kilde"], row["maal"]): (row["navn_nb"], row["navn_en"]) for row in csv.DictReader(file)}


def _parts(catalogues: dict[str, Catalogue], rule: rules.Rule) -> list[tuple[str, Text]]:
    """What adds to the field of a rule about a sum, in any of the forms."""
    if rule["form"] != "deler_summerer" or rule["kilde"] not in catalogues:
        return []
    names = dict.fromkeys(
        one.felt
        for one in catalogues[rule["kilde"]].fields
        if one.del_av == rule["felt"] and one.del_type == "sum"
    )
    return [found for name in names for found in _fields(catalogues, rule["kilde"], name, rule)]


def _thresholds(path: Path) -> dict[str, list[dict]]:
    with path.open(encoding="utf-8", newline="") as file:
        found: dict[str, list[dict]] = {}
        for row in csv.DictReader(file):
            found.setdefault(row["terskel"], []).append(row)
    return found


def _threshold(rule: rules.Rule, name: str, thresholds: dict[str, list[dict]]) -> list[Text]:
    """One line per value that the threshold has had."""
    if name not in thresholds:
        raise UserError(f"{rule['regel_nr']}: the threshold {name} is not in the register of thresholds")
    lines = []
    for row in thresholds[name]:
        line = []
        for language, code in enumerate(("nb", "en")):
            value = f"{row['verdi']} {words.UNITS[row['enhet']][language]}".strip()
            years = f"{row['gyldig_fra']}–{row['gyldig_til']}"
            origin = words.ORIGINS[row["opphav"]][language]
            line.append(f"{row[f'beskrivelse_{code}']}: {value} ({years}, {origin})")
        lines.append((line[0], line[1]))
    return lines
