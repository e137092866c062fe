"""Two hundred broken deliveries for test_garbage, the same every time.

Each starts as a small valid delivery and is damaged in one way, which says what must be in inndata.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, product

from garbage_damage import ANY, FORMATS, NOTES, PARQUET, TEXT, WORKBOOK
from garbage_draft import SOURCES, Damaged, Dice, Draft, draft_of, note_bytes, note_row

NUMBER_OF_CASES = 200
SEED = 20180620

Kind = Callable[[Draft, Dice], Damaged]


@dataclass(frozen=True)
class Case:
    """One broken delivery."""

    number: int
    kind: str
    draft: Draft
    damaged: Damaged

    @property
    def note(self) -> bytes:
        return self.damaged.note if self.damaged.note is not None else note_bytes([note_row(self.draft)])

    @property
    def accepted(self) -> bool:
        return self.damaged.rows is not None

    def __str__(self) -> str:
        return f"{self.number} {self.kind}, {self.draft.kilde} as {self.draft.suffix}"


def plan() -> list[tuple[Kind, str, str]]:
    """Which damage to which source in which format.

    Damage that every format can have comes twice to each source and twice to each format; damage of one
    format twice to two sources, one of them the source that comes in it; damage of the note twice.
    """
    found: list[tuple[Kind, str, str]] = []
    for place, kind in enumerate(ANY):
        for number, (source, turn) in enumerate(product(SOURCES, range(2))):
            found.append((kind, source, FORMATS[(place + number + turn) % 3]))
    two = {".csv": ("skjema13", "iplos"), ".xlsx": ("kmd", "skjema13"), ".parquet": ("iplos", "kmd")}
    for kinds, suffix in ((TEXT, ".csv"), (WORKBOOK, ".xlsx"), (PARQUET, ".parquet")):
        found += [(kind, source, suffix) for kind, source, _ in product(kinds, two[suffix], range(2))]
    turns = cycle(zip(SOURCES, FORMATS, strict=True))
    return found + [(kind, *next(turns)) for kind, _ in product(NOTES, range(2))]


def generate() -> list[Case]:
    """All cases, in the order of the plan."""
    cases = []
    for number, (kind, kilde, suffix) in enumerate(plan(), start=1):
        dice = Dice(SEED + number, sum(case.kind == kind.__name__ for case in cases))
        draft = draft_of(dice, kilde, f"{kilde}/{number:03d}_{kind.__name__}{suffix}")
        cases.append(Case(number, kind.__name__, draft, kind(draft, dice)))
    return cases


def digest(cases: list[Case]) -> str:
    """One checksum of every byte of every case."""
    total = hashlib.sha256()
    for case in cases:
        made = case.damaged
        for part in (str(case), case.note, *made.files.items(), made.links, made.rows):
            total.update(repr(part).encode())
    return total.hexdigest()
