"""The register of rules is complete: every rule has what runs it and its twins, every part has a rule."""

import csv
import re
from collections import Counter
from dataclasses import dataclass, field, replace

import pytest

from scripts import paths, rules
from scripts.__main__ import main
from scripts.errors import UserError
from scripts.lint_yaml import read_all

SERIES = {"lager": "R[04]", "skjema13": "R[01]", "kmd": "R2", "iplos": "R[03]"}
THRESHOLDS = ("terskel_antall", "terskel_prosent")
PLACEHOLDERS = {"funnet", "forventet", "felt", "mot_felt"}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Project:
    """What the project says about its rules."""

    rules: list[dict]
    fields: list[dict]
    twins: list[dict]
    macros: set[str]
    thresholds: set[str]
    # Figures that the warehouse works out, which no field catalogue has: source and measure.
    worked_out: set[tuple[str, str]]
    # The numbers of the generic tests, and the named tests with their descriptions.
    tests: set[str]
    named: dict[str, str] = field(default_factory=dict)
    # What the minutes say about data, and the tables and registers it can point to.
    minutes: list[dict] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    registers: set[str] = field(default_factory=set)


def read_project():
    fields = [
        {**row, "kilde": source}
        for source in ("skjema13", "kmd")
        for row in rows(paths.DEFINITIONS / f"{source}_felt.csv")
    ]
    named = {}
    for file in read_all(paths.ROOT):
        for _, _, entry in file.resources("models", "seeds"):
            columns = [
                test for column in entry.get("columns") or [] for test in column.get("data_tests") or []
            ]
            for test in [*(entry.get("data_tests") or []), *columns]:
                if isinstance(test, dict):
                    for key, value in test.items():
                        if re.match(r"r\d{3}_", key):
                            named[value["name"]] = value.get("description", "")
    return Project(
        rules=rows(paths.SEEDS / "register" / "regler.csv"),
        fields=fields,
        twins=rows(paths.SEEDS / "fixtures" / "kontroll_svar.csv"),
        worked_out={(row["kilde"], row["maal"]) for row in rows(paths.DEFINITIONS / "beregnet_maal.csv")},
        thresholds={row["terskel"] for row in rows(paths.DEFINITIONS / "terskel.csv")},
        macros={path.stem for path in (paths.ROOT / "macros" / "kontroll").glob("kontroll_*.sql")},
        tests={
            path.stem[:4].upper() for path in (paths.ROOT / "tests" / "generic" / "regler").glob("r*.sql")
        },
        named=named,
        minutes=rows(paths.SEEDS / "register" / "referat_sporing.csv"),
        tables={path.stem for path in (paths.ROOT / "models" / "marts").rglob("*.sql")},
        registers={path.stem for path in paths.SEEDS.rglob("*.csv") if path.parent.name != "fixtures"},
    )


PROJECT = read_project()


def problems(project):
    """One sentence per gap in the register."""
    found = [f"{n} is used twice" for n, c in Counter(r["regel_nr"] for r in project.rules).items() if c > 1]
    kinds = {kind: [rule for rule in project.rules if rule["type"] == kind] for kind in ("test", "kontroll")}
    for rule in project.rules:
        if not re.fullmatch(SERIES.get(rule["kilde"], "R9") + r"\d{1,2}", rule["regel_nr"]):
            found.append(f"{rule['regel_nr']} is not a number of the series of {rule['kilde']}")
        if not re.match(r"Gitt .*, når .*, så .*\.$", rule["setning_nb"]):
            found.append(f"{rule['regel_nr']} is not a sentence gitt, når, så")
        if not re.match(r"Given .*, when .*, then .*\.$", rule["setning_en"]):
            found.append(f"{rule['regel_nr']} is not a sentence given, when, then")
    found += _tests(project, {rule["regel_nr"] for rule in kinds["test"]})
    found += _controls(project, kinds["kontroll"])
    found += _parts(project, kinds["kontroll"])
    found += _minutes(project, {rule["regel_nr"] for rule in project.rules})
    return sorted(found)


def _tests(project, numbers):
    for number in sorted(numbers ^ project.tests):
        yield f"{number} has no {'test' if number in numbers else 'row in the register'}"
    for number in sorted(numbers & project.tests):
        of_rule = {name: text for name, text in project.named.items() if number.lower() in name}
        attached = [text for name, text in of_rule.items() if not name.startswith("tvilling_")]
        if not attached:
            yield f"{number} is attached to no table"
        if any(text != f"{{{{ doc('{number.lower()}') }}}}" for text in attached):
            yield f"{number} has a test without its doc block"
        for twin in ("bestaar", "feiler"):
            if f"tvilling_{number.lower()}_{twin}" not in of_rule:
                yield f"{number} has no twin {twin}"


def _controls(project, controls):
    for form in sorted({f"kontroll_{rule['form']}" for rule in controls} ^ project.macros):
        yield f"{form} is a macro without a rule, or a form without a macro"
    twins = {(row["regel_nr"], row["tvilling"]) for row in project.twins}
    for rule in controls:
        number = rule["regel_nr"]
        for twin in ("bestaar", "feiler"):
            if (number, twin) not in twins:
                yield f"{number} has no twin {twin}"
        for name in sorted({rule[column] for column in THRESHOLDS} - {""} - project.thresholds):
            yield f"{number}: the threshold {name} is not in the register of thresholds"
        for source, name in ((rule["kilde"], rule["felt"]), (rule["mot_kilde"], rule["mot_felt"])):
            if name and not _holds(project, source, name, rule["gyldig_fra"]):
                yield f"{number}: {name} is not asked in {source} from {rule['gyldig_fra']}"
        used = set(re.findall(r"\{(\w+)\}", rule["melding_nb"]))
        if (
            used - PLACEHOLDERS
            or ("mot_felt" in used and not rule["mot_felt"])
            or "funnet" not in used | {_zero(rule)}
        ):
            yield f"{number}: the message has the placeholders {sorted(used)}"
    for number in {number for number, _ in twins} - {rule["regel_nr"] for rule in controls}:
        yield f"{number} has twins and no row in the register"


def _holds(project, source, name, year):
    """Whether the field is in the catalogue in the first year of the rule, or is worked out."""
    return (source, name) in project.worked_out or any(
        row["felt"] == name
        and row["kilde"] == source
        and row["gyldig_fra"] <= year <= (row["gyldig_til"] or year)
        for row in project.fields
    )


def _zero(rule):
    """What is found by these forms is always the same, so the message need not say it."""
    always = ("null_etter_tall", "blank_etter_tall", "ikke_levert", "ingen_ved_siden_av")
    yes_or_no = rule["felt"] == "tomt_skjema" or rule["felt"].startswith("navn_")
    return "funnet" if rule["form"] in always or yes_or_no else ""


def _parts(project, controls):
    """Every part of a whole is in a sum or below its whole."""
    sums = {(rule["kilde"], rule["felt"]) for rule in controls if rule["form"] == "deler_summerer"}
    below = {
        (rule["kilde"], rule["felt"], rule["mot_felt"])
        for rule in controls
        if rule["form"] == "del_hoeyst_hele" and rule["kilde"] == rule["mot_kilde"]
    }
    for row in project.fields:
        part = (row["kilde"], row["felt"], row["del_av"])
        has_rule = (row["kilde"], row["del_av"]) in sums if row["del_type"] == "sum" else part in below
        if row["del_av"] and not has_rule:
            yield f"{row['felt']} is a part of {row['del_av']} in {row['kilde']} and no rule says so"


def _minutes(project, numbers):
    """Every sentence of the minutes points to something that is there, or is no data."""
    places = {"regel": numbers, "mart": project.tables, "register": project.registers, "ikke_data": {""}}
    for row in project.minutes:
        if row["peker"] not in places.get(row["type"], set()):
            where = f"the {row['type']} '{row['peker']}'"
            yield f"sentence {row['setning_nr']} points to {where}, which is not there"
    for item in sorted(set("12345") - {row["sak"] for row in project.minutes}):
        yield f"item {item} of the minutes is not traced"


def test_the_register_has_no_gap():
    assert len(PROJECT.rules) >= 91
    assert problems(PROJECT) == []


def without(rows, **values):
    """The rows but the first that has these values."""
    place = next(i for i, row in enumerate(rows) if values.items() <= row.items())
    return rows[:place] + rows[place + 1 :]


def changed(rows, number, **values):
    return [{**row, **values} if row["regel_nr"] == number else row for row in rows]


def changed_row(rows, place, **values):
    return [{**row, **values} if i == place else row for i, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        ({"rules": [*PROJECT.rules, PROJECT.rules[-1]]}, f"{PROJECT.rules[-1]['regel_nr']} is used twice"),
        ({"rules": without(PROJECT.rules, regel_nr="R005")}, "R005 has no row in the register"),
        (
            {"rules": changed(PROJECT.rules, "R201", regel_nr="R301")},
            "R301 is not a number of the series of kmd",
        ),
        (
            {"rules": changed(PROJECT.rules, "R102", setning_nb="Alltid.")},
            "R102 is not a sentence gitt, når, så",
        ),
        (
            {"rules": changed(PROJECT.rules, "R102", setning_en="Always.")},
            "R102 is not a sentence given, when, th",
        ),
        (
            {"rules": changed(PROJECT.rules, "R102", felt="borte")},
            "R102: borte is not asked in skjema13 from 2015",
        ),
        (
            {"rules": changed(PROJECT.rules, "R106", gyldig_fra="2015")},
            "R106: uten_behovsproving is not asked in",
        ),
        (
            {"rules": changed(PROJECT.rules, "R102", melding_nb="{svar}")},
            "R102: the message has the placeholders",
        ),
        (
            {"rules": changed(PROJECT.rules, "R119", form="ny")},
            "kontroll_nei_og_tall is a macro without a rule",
        ),
        (
            {"rules": without(PROJECT.rules, regel_nr="R102")},
            "brukereide is a part of privat_eide_disposisjonsre",
        ),
        (
            {"rules": without(PROJECT.rules, regel_nr="R113")},
            "venteliste_rus is a part of venteliste_i_alt in sk",
        ),
        (
            {"rules": changed(PROJECT.rules, "R304", terskel_antall="borte")},
            "R304: the threshold borte is not in the",
        ),
        ({"tests": PROJECT.tests - {"R013"}}, "R013 has no test"),
        ({"tests": PROJECT.tests | {"R099"}}, "R099 has no row in the register"),
        ({"named": {}}, "R001 is attached to no table"),
        (
            {"named": {**PROJECT.named, "r004_vanskeligstilte_er_residualen": "{{ doc('r003') }}"}},
            "R004 has a test without its doc block",
        ),
        (
            {"named": {k: v for k, v in PROJECT.named.items() if k != "tvilling_r001_feiler"}},
            "R001 has no twin feiler",
        ),
        (
            {"twins": [row for row in PROJECT.twins if row["regel_nr"] != "R103"]},
            "R103 has no twin bestaar",
        ),
        (
            {"twins": [*PROJECT.twins, {**PROJECT.twins[0], "regel_nr": "R199"}]},
            "R199 has twins and no row in",
        ),
        (
            {"minutes": changed_row(PROJECT.minutes, 1, peker="borte")},
            "sentence 02 points to the mart 'borte'",
        ),
        (
            {"minutes": changed_row(PROJECT.minutes, 1, type="regel")},
            "sentence 02 points to the regel 'avvik_",
        ),
        ({"minutes": changed_row(PROJECT.minutes, 0, peker="R101")}, "sentence 01 points to the ikke_data"),
        ({"minutes": PROJECT.minutes[:60]}, "item 5 of the minutes is not traced"),
        ({"registers": PROJECT.registers - {"brudd"}}, "sentence 23 points to the register 'brudd'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_gap_is_found(broken, found):
    assert any(text.startswith(found) for text in problems(replace(PROJECT, **broken)))


# The doc blocks


REGISTER = rules.read()


def test_the_doc_blocks_are_up_to_date():
    """`python -m scripts rules --write` refreshes them."""
    assert rules.DOC_BLOCKS.read_text(encoding="utf-8") == rules.doc_blocks(REGISTER)
    assert main(["rules"]) == 0


def test_a_doc_block_says_both_languages_severity_and_source():
    [text] = re.findall(r"{% docs r110 %}\n(.*?)\n{% enddocs %}", rules.doc_blocks(REGISTER), re.DOTALL)
    norwegian, english = text.split("\nEnglish: ")
    rule = next(rule for rule in REGISTER if rule["regel_nr"] == "R110")
    for part, language in ((norwegian, "nb"), (english, "en")):
        for column in ("tittel", "setning", "uten_regelen"):
            assert rule[f"{column}_{language}"] in part
        assert rule["referanse"] in part
    assert "må vurderes" in norwegian
    assert "must be considered" in english
    assert "må alltid holde" in rules.doc_blocks(REGISTER[:1])


def test_text_that_would_be_code_is_text():
    harmful = "*a* _b_ [c](d) <e> &f; {{ g }} {% enddocs %}"
    text = rules.doc_blocks([{**REGISTER[0], "tittel_nb": harmful}])
    assert text.count("{%") == 2
    assert "{{" not in text
    assert r"\*a\* \_b\_ \[c\](d) &lt;e&gt; &amp;f; &#123;&#123; g &#125;&#125;" in text


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("skal", "må", "that of R002 differs"),
        ("{% docs r401", "{% docs r400", "that of R401 differs"),
        ("<!--", "{% docs r999 %}\n{% enddocs %}<!--", "one of them has no rule"),
    ],
)
def test_stale_doc_blocks_are_one_sentence(tmp_path, old, new, first):
    path = tmp_path / "regler.md"
    path.write_text(rules.doc_blocks(REGISTER).replace(old, new), encoding="utf-8")
    with pytest.raises(UserError, match=rf"are not what the register says \({first}.*rules --write`$"):
        rules.check(REGISTER, path)


def test_doc_blocks_that_are_missing_are_stale(tmp_path):
    with pytest.raises(UserError, match="that of R001 differs"):
        rules.check(REGISTER, tmp_path / "regler.md")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("mot_felt", "motfelt", "line 1: the column mot_felt is missing"),
        ("\nR001,", "\n1,", "line 2: regel_nr is '1'; expected R and three digits"),
        ("\nR001,", "\nR001,,", "line 2: expected as many cells as the header"),
        ("\nR002,test,", '\nR002,"test,', "cannot be read"),
    ],
)
def test_a_faulty_register_is_one_sentence(tmp_path, old, new, sentence):
    path = tmp_path / "regler.csv"
    path.write_text(rules.REGISTER.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(UserError, match=sentence):
        rules.read(path)


def test_a_missing_register_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match=r"the register of rules .* cannot be read"):
        rules.read(tmp_path / "regler.csv")


def test_a_code_without_words_is_one_sentence():
    for column in ("alvorlighet", "behandling"):
        rule = {**REGISTER[-1], column: "X"}
        with pytest.raises(
            UserError, match=f"{REGISTER[-1]['regel_nr']}: {column} is 'X', which has no words"
        ):
            (rules.severity if column == "alvorlighet" else rules.treatment)(rule)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("r001_former_summerer", "R001"),
        ("tvilling_r013_feiler", "R013"),
        ("not_null_columns_r001_bestaar", None),
        ("r12_kort", None),
    ],
)
def test_the_rule_of_a_test_is_in_its_name(name, number):
    assert rules.of_test(name) == number
