"""The register of rules, in words, and the doc block of each rule (models/docs/regler.md)."""

import argparse
import csv
import re
from pathlib import Path

from scripts.errors import UserError
from scripts.fields import write_text
from scripts.paths import ROOT, SEEDS

HELP = "Check that the doc blocks of the rules are what the register says, or write them with --write."
REGISTER = SEEDS / "register" / "regler.csv"
DOC_BLOCKS = ROOT / "models" / "docs" / "regler.md"

COLUMNS = (
    *("regel_nr", "type", "alvorlighet", "form", "kilde", "felt", "mot_kilde", "mot_felt"),
    *("terskel_antall", "terskel_prosent", "retning"),
    *("gyldig_fra", "gyldig_til", "behandling", "tittel_nb", "tittel_en", "setning_nb", "setning_en"),
    *("uten_regelen_nb", "uten_regelen_en", "melding_nb", "referanse"),
)

# Norwegian, English. A test has no severity and no treatment.
SEVERITIES = {
    "H": ("må rettes", "must be corrected"),
    "S": ("må vurderes", "must be considered"),
    "I": ("til orientering", "for information"),
}
TREATMENTS = {
    "brukt_som_levert": ("Tallet er brukt som levert.", "The figure is used as delivered."),
    "delene_foer_totalen": (
        "Totalen er satt til side; summen av delene er brukt om alle er besvart.",
        "The total is set aside; the sum of the parts is used where all are answered.",
    ),
    "satt_til_side": (
        "Tallet er satt til side og ikke brukt.",
        "The figure is set aside and not used.",
    ),
    "krysset_overses": (
        "Tallene er brukt, og krysset er ikke.",
        "The figures are used, and the tick is not.",
    ),
    "bydelene_vises_ikke": (
        "Byens tall er brukt; bydelenes vises ikke.",
        "The figure of the city is used; those of the districts are not shown.",
    ),
    "ingen_tall": ("Det er ikke noe tall å bruke.", "There is no figure to use."),
    "i_karantene": ("Det er ikke brukt; det står i karantene.", "It is not used; it stands in quarantine."),
    "utelatt": ("Det er ikke regnet med.", "It is left out."),
    "telt_en_gang": ("Hver person er telt én gang.", "Each person is counted once."),
    "siste_svar_brukes": ("Det siste svaret er brukt.", "The last answer is used."),
}
TEST_SEVERITY = ("må alltid holde, ellers stopper bygget", "must always hold, or the build stops")
TEST_TREATMENT = (
    "Lageret publiseres ikke før regelen holder.",
    "The warehouse is not published until the rule holds.",
)
# The number of a rule in the name of its tests and of their twins.
RULE_IN_NAME = re.compile(r"(?:tvilling_)?(r\d{3})_")

Rule = dict[str, str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Check, or write."""
    parser.add_argument("--write", action="store_true", help=f"write {DOC_BLOCKS.relative_to(ROOT)} anew")


def run(args: argparse.Namespace) -> int:
    """Write the doc blocks, or say whether they are what the register says."""
    register = read()
    if args.write:
        write_text(DOC_BLOCKS, doc_blocks(register))
        print(f"Wrote {len(register)} doc blocks to {DOC_BLOCKS.relative_to(ROOT)}.")
    else:
        check(register, DOC_BLOCKS)
        print(f"The {len(register)} doc blocks of the rules are what the register says.")
    return 0


def read(path: Path = REGISTER) -> list[Rule]:
    """The rules in the order of the register; a fault in it is a UserError with file and line."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
            if missing:
                raise UserError(f"{path}, line 1: the column {missing[0]} is missing")
            found = []
            for row in reader:
                if None in row or None in row.values():
                    raise UserError(f"{path}, line {reader.line_num}: expected as many cells as the header")
                if not re.fullmatch(r"R\d{3}", row["regel_nr"]):
                    raise UserError(
                        f"{path}, line {reader.line_num}: regel_nr is '{row['regel_nr']}'; "
                        "expected R and three digits"
                    )
                found.append(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"the register of rules {path} cannot be read: {error}") from error
    return found


def of_test(name: str) -> str | None:
    """The number of the rule that a test with this name runs, or whose twin it is."""
    match = RULE_IN_NAME.match(name)
    return match[1].upper() if match else None


def severity(rule: Rule) -> tuple[str, str]:
    """How grave a breach is, in Norwegian and English words."""
    return TEST_SEVERITY if rule["type"] == "test" else _words(rule, "alvorlighet", SEVERITIES)


def treatment(rule: Rule) -> tuple[str, str]:
    """What the warehouse does about a breach, in Norwegian and English words."""
    return TEST_TREATMENT if rule["type"] == "test" else _words(rule, "behandling", TREATMENTS)


def _words(rule: Rule, column: str, words: dict[str, tuple[str, str]]) -> tuple[str, str]:
    if rule[column] not in words:
        raise UserError(
            f"{rule['regel_nr']}: {column} is '{rule[column]}', which has no words in scripts/rules.py; "
            f"expected one of {', '.join(words)}"
        )
    return words[rule[column]]


def doc_blocks(register: list[Rule]) -> str:
    """One doc block per rule, named as its number in small letters."""
    command = "python -m scripts rules --write"
    return (
        "\n\n".join(
            [f"<!-- Made from seeds/register/regler.csv with `{command}`. -->"]
            + [_doc_block(rule) for rule in register]
        )
        + "\n"
    )


def _doc_block(rule: Rule) -> str:
    number = rule["regel_nr"]
    severity_nb, severity_en = severity(rule)
    text = "\n".join(
        [
            f"**{number}. {markdown(rule['tittel_nb'])}.** {markdown(rule['setning_nb'])}",
            "",
            f"- Uten regelen: {markdown(rule['uten_regelen_nb'])}",
            f"- Alvorlighet: {severity_nb}.",
            f"- Kilde: {markdown(rule['referanse'])}.",
            "",
            f"English: **{number}. {markdown(rule['tittel_en'])}.** {markdown(rule['setning_en'])}",
            "",
            f"- Without the rule: {markdown(rule['uten_regelen_en'])}",
            f"- Severity: {severity_en}.",
            f"- Source: {markdown(rule['referanse'])}.",
        ]
    )
    return f"{{% docs {number.lower()} %}}\n{text}\n{{% enddocs %}}"


def markdown(text: str) -> str:
    """The text as it stands, in Markdown and inside a doc block, where two braces would be code."""
    entities = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;", "}": "&#125;"}
    return re.sub(r"[\\`*_\[\]|&<>{}]", lambda found: entities.get(found[0], f"\\{found[0]}"), text)


def check(register: list[Rule], path: Path) -> None:
    """A UserError unless the file of doc blocks is what the register says."""
    found = path.read_text(encoding="utf-8") if path.exists() else ""
    if found == doc_blocks(register):
        return
    wrong = [rule["regel_nr"] for rule in register if _doc_block(rule) not in found]
    first = (
        f"that of {wrong[0]} differs" if wrong else "one of them has no rule, or they are in another order"
    )
    raise UserError(
        f"the doc blocks in {path} are not what the register says ({first}); "
        "run `python -m scripts rules --write`"
    )
