"""The field catalogues, and the Markdown made from them."""

import argparse
import csv
from pathlib import Path

import pytest

from scripts import fields
from scripts.catalogue import SOURCES, UNKNOWN_CONTENT, read_catalogue
from scripts.errors import UserError
from scripts.paths import DEFINITIONS


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    fields.arguments(parser)
    return fields.run(parser.parse_args(words))


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert command(*words) == 0
    return capsys.readouterr().out


# The catalogues


@pytest.mark.parametrize("source", SOURCES)
def test_catalogues_are_valid(source: str) -> None:
    catalogue = read_catalogue(source)
    for version in catalogue.versions():
        delivered = [field.felt for field in catalogue.delivered(version.first)]
        assert delivered == [
            field.felt for field in catalogue.of_version(version.name) if field.status != UNKNOWN_CONTENT
        ]


def test_form_versions_and_years() -> None:
    catalogue = read_catalogue("skjema13")
    assert [version.period for version in catalogue.versions()] == ["2015–2017", "2018–2019", "2020–"]
    assert [catalogue.find_version(year).name for year in ("2015", "2017", "2019", "2031")] == [
        "2015",
        "2015",
        "2018",
        "2020",
    ]
    assert catalogue.delivered(2014) == []
    assert "spoersmaal_32" not in {field.felt for field in catalogue.delivered(2017)}
    assert "uten_behovsproving" in {field.felt for field in catalogue.delivered(2018)}


def row_of(rows: list[dict[str, str]], felt: str, version: str = "2015") -> dict[str, str]:
    return next(row for row in rows if row["felt"] == felt and row["skjemaversjon"] == version)


@pytest.mark.parametrize(
    ("felt", "changed", "sentence"),
    [
        ("innleide", {"felt": "brukereide"}, "field brukereide stands more than once in version 2015"),
        (
            "innleide",
            {"felt": "Innleide"},
            "line 8: felt is 'Innleide'; expected lower case ASCII snake_case",
        ),
        (
            "innleide",
            {"del_av": "boliger"},
            "field innleide in version 2015: del_av 'boliger' is not a field of",
        ),
        ("innleide", {"del_av": "innleide"}, "following del_av leads back to innleide"),
        ("innleide", {"del_av": ""}, "found del_av '' and del_type 'sum'; expected both or neither"),
        (
            "innleide",
            {"datatype": "tall"},
            "line 8: datatype is 'tall'; expected one of heltall, tekst, ja_nei",
        ),
        ("innleide", {"datatype": ""}, "line 8: datatype is ''; expected one of heltall"),
        ("innleide", {"status": "ny"}, "line 8: status is 'ny'; expected one of gjeldende, foreslaatt"),
        ("innleide", {"gyldig_fra": "i fjor"}, "line 8: gyldig_fra is 'i fjor'; expected a whole number"),
        ("innleide", {"gyldig_til": "2014"}, "gyldig_til 2014 is before gyldig_fra 2015"),
        ("innleide", {"gyldig_til": "2018"}, "versions 2015 (2015–2018) and 2018 (2018–2019) overlap"),
        ("innleide", {"rekkefoelge": "6"}, "rekkefoelge 6 stands more than once in version 2015"),
        ("innleide", {"ledetekst_en": " "}, "line 8: ledetekst_en is blank; expected a text"),
        ("enhet_nr", {"felt": "enhet"}, "version 2015 lacks the field enhet_nr"),
    ],
)
def test_a_fault_in_a_catalogue_is_one_sentence(
    tmp_path: Path, felt: str, changed: dict[str, str], sentence: str
) -> None:
    with (DEFINITIONS / "skjema13_felt.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    row_of(rows, felt).update(changed)
    with (tmp_path / "skjema13_felt.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(UserError) as caught:
        read_catalogue("skjema13", tmp_path)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("skjema13_felt.csv")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "The field catalogue kmd_felt.csv cannot be read: "),
        ("felt,navn\na,b\n", "kmd_felt.csv, line 1: found columns felt, navn; expected felt, skjemaversjon"),
        ("", "kmd_felt.csv, line 1: found columns nothing; expected felt"),
        ("{header}\n", "kmd_felt.csv: the catalogue has no rows"),
        ("{header}\na,b\n", "kmd_felt.csv, line 2: the number of cells differs from the header's 19"),
        ('{header}\n"a"b\n', "kmd_felt.csv: not valid CSV after line 1"),
    ],
)
def test_an_unreadable_catalogue_is_one_sentence(tmp_path: Path, text: str | None, sentence: str) -> None:
    header = (DEFINITIONS / "kmd_felt.csv").read_text(encoding="utf-8").splitlines()[0]
    if text is not None:
        (tmp_path / "kmd_felt.csv").write_text(text.format(header=header), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_catalogue("kmd", tmp_path)
    assert sentence in str(caught.value)


# The command


def test_description_has_every_field_once(capsys: pytest.CaptureFixture[str]) -> None:
    for source in SOURCES:
        catalogue = read_catalogue(source)
        for version in catalogue.versions():
            text = printed(capsys, "describe", "--source", source, "--version", version.name)
            for field in catalogue.of_version(version.name):
                label = f"{field.ledetekst_nb}<br>*{field.ledetekst_en}*"
                assert text.count(f"\n| `{field.felt}` | {label} | ") == 1


def test_description_says_what_is_proposed_or_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    old = printed(capsys, "describe", "--source", "skjema13", "--version", "2016")
    assert "versjon 2015\n" in old
    assert "**2015–2017**" in old
    assert "**46**" in old
    assert "46 `gjeldende`, 1 `innhold_ikke_kjent`" in old
    assert "the number is that of one of two totals; the source does not say which" in old
    assert "| 9 (2017, `ett_av_to`) |" in old
    new = printed(capsys, "describe", "--source", "skjema13", "--version", "2018")
    assert "proposed; it is not known whether the question was asked" in new
    assert "ett_av_to" not in new


def test_changelog_lists_new_removed_and_changed(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "changelog", "--source", "skjema13", "--from", "2017", "--to", "2018")
    new, removed, changed = text.split("\n## ")[1:4]
    assert new.startswith("Nye felt / *New fields*")
    assert "| `uten_behovsproving` | " in new
    assert "| `spoersmaal_32` | " in removed
    question = "| `brukereide` | spørsmålsnummer / *question number* | 42 (2017, `kjent`) | "
    assert f"{question}ikke kjent / *not known* |" in changed


def test_changelog_over_several_versions(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "changelog", "--source", "skjema13", "--from", "2015", "--to", "2023")
    assert "changes from version 2015 (2015–2017) to 2020 (2020–)" in text
    assert "Ingen. *None.*" not in text


def test_out_writes_the_same_text_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("describe", "--source", "kmd", "--version", "2017")
    assert printed(capsys, *words, "--out", str(tmp_path / "ny" / "kmd.md")) == ""
    assert (tmp_path / "ny" / "kmd.md").read_text(encoding="utf-8") == printed(capsys, *words)
    assert [path.name for path in (tmp_path / "ny").iterdir()] == ["kmd.md"]


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "fil").touch()
    with pytest.raises(UserError, match="cannot be written: "):
        command("describe", "--source", "kmd", "--version", "2017", "--out", str(tmp_path / "fil" / "kmd.md"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("describe", "--source", "skjema31", "--version", "2018"),
            "Unknown source 'skjema31'; expected one of skj",
        ),
        (
            ("describe", "--source", "skjema13", "--version", "2014"),
            "skjema13 has no form version '2014'; expected one of, or a year in: 2015 (2015–2017), 2018",
        ),
        (("describe", "--source", "kmd", "--version", "siste"), "kmd has no form version 'siste'"),
        (
            ("changelog", "--source", "skjema13", "--from", "2015", "--to", "2017"),
            "2015 and 2017 are both in skjema13 version 2015 (2015–2017); expected two different versions",
        ),
        (
            ("changelog", "--source", "skjema13", "--from", "2018", "--to", "2015"),
            "--from 2018 is later than --to 2015; expected the earlier version first",
        ),
        (("describe", "--source", "kmd", "--version", "2017", "--out", "."), ". is a folder and cannot be"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(UserError) as caught:
        command(*words)
    assert sentence in str(caught.value)


# The pages in docs/skjema


def test_pages_in_docs_are_up_to_date() -> None:
    """`python -m scripts fields docs` refreshes them."""
    found = {path.name: path.read_text(encoding="utf-8") for path in fields.DOCS.glob("*")}
    assert found == fields.pages()


def test_docs_removes_pages_of_versions_that_are_gone(tmp_path: Path) -> None:
    (tmp_path / "kmd_1999.md").write_text("gammel", encoding="utf-8")
    fields.write_docs(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(fields.pages())
