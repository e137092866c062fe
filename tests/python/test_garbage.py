"""Garbage in: two hundred broken deliveries, refused with sentences or read whole, and built without loss."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from delivery_folder import rows
from garbage import NUMBER_OF_CASES, Case, digest, generate
from garbage_damage import (
    ANY,
    FORMATS,
    NOTES,
    PARQUET,
    TEXT,
    WORKBOOK,
    column_renamed,
    formula,
    half_a_file,
    latin_1,
    note_odd_path,
)
from garbage_draft import SOURCES, Draft, Rows, note_bytes, note_row, valid

from scripts import dbt_step, paths
from scripts.errors import UserError
from scripts.ingest import ingest
from scripts.ingest.note import NOTE

# At least so many of the two hundred come out each way.
REFUSED, ACCEPTED = 100, 75
LONGEST_SENTENCE = 600
# What staging trims: the blanks of macros/engine/text.sql.
BLANK = (
    " \t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
OF_THE_PROGRAM = re.compile(
    r"Traceback|\b[A-Z]\w*(Error|Exception|Invalid|Warning)\b|BadZipFile|NoneType|object at 0x|<class|<value"
)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return generate()


# The deliveries themselves


def test_there_are_two_hundred_and_every_damage_comes_to_every_source_it_makes_sense_for(
    cases: list[Case],
) -> None:
    assert len(cases) == NUMBER_OF_CASES == 200
    assert len({(*case.damaged.files.items(), case.note) for case in cases}) == NUMBER_OF_CASES
    sources = Counter((case.kind, case.draft.kilde) for case in cases)
    formats = Counter((case.kind, case.draft.suffix) for case in cases)
    for kind in ANY:
        assert [sources[kind.__name__, source] for source in SOURCES] == [2, 2, 2]
        assert [formats[kind.__name__, suffix] for suffix in FORMATS] == [2, 2, 2]
    for kinds, (own, other) in (
        (TEXT, ("skjema13", "iplos")),
        (WORKBOOK, ("kmd", "skjema13")),
        (PARQUET, ("iplos", "kmd")),
    ):
        for kind in kinds:
            assert (sources[kind.__name__, own], sources[kind.__name__, other]) == (2, 2)
    assert [Counter(case.kind for case in cases)[kind.__name__] for kind in NOTES] == [2] * len(NOTES)
    assert Counter(case.accepted for case in cases)[False] >= REFUSED
    assert Counter(case.accepted for case in cases)[True] >= ACCEPTED


def test_they_are_the_same_in_another_process(cases: list[Case]) -> None:
    command = [sys.executable, "-c", "import garbage; print(garbage.digest(garbage.generate()))"]
    folders = os.pathsep.join([str(paths.ROOT), str(Path(__file__).parent)])
    environment = {**os.environ, "PYTHONPATH": folders, "PYTHONHASHSEED": "17"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest(cases)


# One by one


def lay_out(case: Case, root: Path) -> None:
    """The case as the only delivery of the folder."""
    kildedata = root / "kildedata"
    shutil.rmtree(kildedata, ignore_errors=True)
    for name, data in {NOTE: case.note, **case.damaged.files}.items():
        (kildedata / name).parent.mkdir(parents=True, exist_ok=True)
        (kildedata / name).write_bytes(data)
    for name, target in case.damaged.links.items():
        (kildedata / name).symlink_to(target)


def fingerprint(root: Path) -> dict[str, str]:
    """Every file beside kildedata with its hash."""
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return {
        name: sha256(path)
        for path in files
        if not (name := path.relative_to(root).as_posix()).startswith("kildedata/")
    }


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def faults_of_a_message(message: str, case: Case) -> list[str]:
    """What is wrong with a refusal, if anything."""
    first, *rest = message.split("\n  ")
    heading = re.fullmatch(r"([0-9]+) problems found, nothing was read in:", first)
    sentences = rest if heading else [first, *rest]
    if heading and sentences and re.fullmatch(r"and [0-9]+ more\.", sentences[-1]):
        sentences.pop()
    found = [f"not of the file or the note: {text}" for text in sentences if not names_its_file(text, case)]
    found += [f"not one line: {text!r}" for text in sentences if not text.isprintable()]
    found += [f"no sentence: {text}" for text in sentences if not re.search(r"[^.]\.$", text)]
    found += [f"does not say what is expected: {text}" for text in sentences if "expected" not in text]
    found += [f"of the program: {text}" for text in sentences if OF_THE_PROGRAM.search(text)]
    found += [f"too long: {text[:200]}" for text in sentences if len(text) > LONGEST_SENTENCE]
    return found or ([] if sentences else ["says nothing"])


def names_its_file(sentence: str, case: Case) -> bool:
    return any(name in sentence for name in (NOTE, *case.damaged.files))


def in_inndata(root: Path, draft: Draft) -> list[tuple]:
    """What ingest wrote of one file: row number, year, unit and the delivered values."""
    table = pq.read_table(root / "inndata" / draft.kilde / f"{Path(draft.fil).stem}.parquet").to_pylist()
    assert {row["fil"] for row in table} == {draft.fil}
    if draft.kilde == "iplos":
        return [(row["rad_nr"], *(row[name] for name in draft.names)) for row in table]
    return [tuple(row[name] for name in ("rad_nr", "aargang", "enhet_nr", "felt", "verdi")) for row in table]


def expected_in_inndata(draft: Draft, delivered: Rows) -> list[tuple]:
    """The same from what was delivered; blank is NULL."""
    found: list[tuple] = []
    for number, cells in enumerate(delivered, start=1):
        values = {name: cell or None for name, cell in zip(draft.names, cells, strict=True)}
        if draft.kilde == "iplos":
            found.append((str(number), *values.values()))
            continue
        year, unit = values.pop("aargang"), values.pop("enhet_nr")
        found += [(str(number), year, unit, name, value) for name, value in values.items()]
    return found


def test_each_is_refused_with_sentences_or_read_whole(
    cases: list[Case], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All in one process and one folder, whose earlier inndata a refusal leaves byte for byte."""
    faults: list[str] = []
    outcome: Counter[bool] = Counter()
    for case in cases:
        lay_out(case, tmp_path)
        before = fingerprint(tmp_path)
        try:
            (delivery,) = ingest(tmp_path)
        except UserError as error:
            outcome[False] += 1
            faults += [f"{case}: {fault}" for fault in faults_of_a_message(str(error), case)]
            if case.accepted:
                faults.append(f"{case}: expected to be read, but: {error}")
            if fingerprint(tmp_path) != before:
                faults.append(f"{case}: the earlier inndata is changed")
            continue
        except Exception as error:  # any other is what this test is about
            faults.append(f"{case}: {type(error).__name__}: {str(error)[:200]}")
            continue
        outcome[True] += 1
        if case.damaged.rows is None:
            faults.append(f"{case}: read, expected to be refused")
        elif in_inndata(tmp_path, case.draft) != expected_in_inndata(case.draft, case.damaged.rows):
            faults.append(f"{case}: not every value is in inndata as it was delivered")
        elif delivery.antall_rader != len(case.damaged.rows):
            faults.append(f"{case}: {delivery.antall_rader} rows, expected {len(case.damaged.rows)}")
    capsys.readouterr()
    assert faults == [], "\n".join(faults)
    assert outcome[False] >= REFUSED
    assert outcome[True] >= ACCEPTED


# Together


def as_survivors(cases: list[Case]) -> list[Draft]:
    """The accepted deliveries with what was delivered as their rows."""
    return [replace(case.draft, rows=case.damaged.rows) for case in cases if case.accepted]


def units_of(draft: Draft) -> set[str]:
    """The units as staging reads them; rule R013 asks for all of them in the newest delivery of a year."""
    return {cells[draft.unit_column].strip(BLANK) for cells in draft.rows}


def placed(survivors: list[Draft]) -> tuple[list[tuple[Draft, str]], set[str]]:
    """Every survivor with a date of its own, and the files that are the newest of their source and year.

    In odd years a survivor with all the units of the others is the newest, so the figures are made from a
    broken delivery. In even years, or where there is none, a whole delivery of all those units comes last.
    """
    groups: dict[tuple[str, int], list[Draft]] = defaultdict(list)
    for draft in survivors:
        groups[draft.kilde, draft.aargang].append(draft)
    found, newest = [], set()
    for (kilde, year), drafts in sorted(groups.items()):
        units = set().union(*(units_of(draft) for draft in drafts))
        able = [draft for draft in drafts if units_of(draft) == units]
        if able and year % 2:
            last = able[len(newest) % len(able)]
        else:
            last = Draft(f"{kilde}/hel_{year}.csv", kilde, year, valid(kilde, year)[0], [])
            last = replace(last, rows=rows(kilde, year, tuple(sorted(units))))
        newest.add(last.fil)
        ordered = [*(draft for draft in drafts if draft is not last), last]
        found += [(draft, f"{year + 1}-01-{day:02d}") for day, draft in enumerate(ordered, start=1)]
    return found, newest


@dataclass(frozen=True)
class Built:
    """The warehouse made of all survivors."""

    file: Path
    delivered: list[Draft]
    newest: set[str]
    published_before: str

    def query(self, text: str) -> list[tuple]:
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return connection.sql(text).fetchall()


@pytest.fixture(scope="module")
def built(cases: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One ingest and one dbt build, with every test of the warehouse, into a file of its own."""
    root = tmp_path_factory.mktemp("sammen")
    survivors = as_survivors(cases)
    deliveries, newest = placed(survivors)
    files = {case.draft.fil: case.damaged.files for case in cases if case.accepted}
    note = []
    for draft, date in deliveries:
        path = root / "kildedata" / draft.fil
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[draft.fil][draft.fil] if draft.fil in files else draft.write())
        note.append({**note_row(draft), "leveranse": date})
    (root / "kildedata" / NOTE).write_bytes(note_bytes(note))
    published = sha256(paths.WAREHOUSE)
    assert len(ingest(root)) == len(deliveries) >= len(survivors)
    dbt_step.run_dbt(
        paths.ROOT,
        "build",
        ["--vars", json.dumps({"inndata": str(root / "inndata")})],
        target="bygg",
        folder=root / "target",
        variables={dbt_step.BUILD_FILE_VARIABLE: str(root / "lager.duckdb")},
    )
    return Built(root / "lager.duckdb", [draft for draft, _ in deliveries], newest, published)


def test_the_published_warehouse_is_untouched(built: Built) -> None:
    assert sha256(paths.WAREHOUSE) == built.published_before


def test_broken_deliveries_are_the_current_ones_of_many_years_and_older_ones_of_others(built: Built) -> None:
    current = {row[0] for row in built.query("select fil from intermediate.int_leveranse__gjeldende")}
    assert current == built.newest
    whole = {fil for fil in current if "/hel_" in fil}
    assert len(whole) >= 5
    assert len(current - whole) >= 8
    assert {fil.split("/")[0] for fil in current - whole} == set(SOURCES)


def test_every_cell_of_every_survivor_is_in_staging(built: Built) -> None:
    """Values of the forms as delivered; of the register, whose columns are typed, the texts, trimmed."""
    values: dict[str, list[tuple]] = defaultdict(list)
    for source in ("skjema13", "kmd"):
        for fil, *row in built.query(f"select fil, rad_nr, felt, verdi from staging.stg_{source}__svar"):
            values[fil].append(tuple(row))
    texts = {"startdato": "startdato_tekst", "sluttdato": "sluttdato_tekst", "doedsdato": "doedsdato_tekst"}
    names = ["komm_nr", "bydel_nr", "person_id", "id_type", "bruker_nr", "tjenestetype", *texts]
    chosen = ", ".join(texts.get(name, name) for name in names)
    for fil, *row in built.query(f"select fil, rad_nr, {chosen} from staging.stg_iplos__vedtak"):
        values[fil].append(tuple(row))
    assert sorted(values) == sorted(draft.fil for draft in built.delivered)
    for draft in built.delivered:
        expected: list[tuple] = []
        for number, cells in enumerate(draft.rows, start=1):
            cell_of = dict(zip(draft.names, cells, strict=True))
            if draft.kilde == "iplos":
                row = [cell_of[name].strip(BLANK) or None for name in names]
                expected.append((number, row[0] or "", *row[1:]))
            else:
                fields = [name for name in draft.names if name not in ("aargang", "enhet_nr")]
                expected += [(number, name, cell_of[name] or None) for name in fields]
        assert sorted(values[draft.fil], key=repr) == sorted(expected, key=repr), draft.fil


def test_what_came_in_is_used_left_out_or_in_quarantine(built: Built) -> None:
    [(came_in, used, left_out, quarantine)] = built.query(
        "select sum(antall_inn), sum(antall_brukt), sum(antall_utelatt), sum(antall_karantene) "
        "from intermediate.int_kvalitet__radregnskap"
    )
    cells = sum(
        len(draft.rows) * (1 if draft.kilde == "iplos" else len(draft.names) - 2) for draft in built.delivered
    )
    assert came_in == used + left_out + quarantine == cells
    assert min(used, left_out, quarantine) > 0
    [(in_quarantine,)] = built.query("select count(*) from intermediate.int_kvalitet__karantene")
    assert in_quarantine == quarantine


# From the command line


COMMANDS = (column_renamed, half_a_file, latin_1, formula, note_odd_path)


def test_the_command_says_it_in_sentences_on_stderr(cases: list[Case], tmp_path: Path) -> None:
    """One case of some kinds in a process of its own: exit code 1, nothing on stdout, and no stack trace."""
    for kind in COMMANDS:
        case = next(case for case in cases if case.kind == kind.__name__ and not case.accepted)
        root = tmp_path / kind.__name__
        lay_out(case, root)
        command = [sys.executable, "-m", "scripts", "ingest", "--deliveries", str(root)]
        done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, ""), done
        progress, error = done.stderr.split("Error: ")
        assert not OF_THE_PROGRAM.search(progress)
        assert faults_of_a_message(error.removesuffix("\n"), case) == []
        assert not (root / "inndata").exists()
