"""The columns of a delivery against the field catalogue of its year."""

from collections import Counter
from difflib import get_close_matches

from scripts.catalogue import UNKNOWN_CONTENT, Catalogue
from scripts.ingest.problems import NAMES_SHOWN, Problems, listed, quoted, shortened


def check_columns(header: list[str], catalogue: Catalogue, year: int, problems: Problems) -> None:
    """Every field of the year exactly once, in any order, and nothing else."""
    expected = [field.felt for field in catalogue.delivered(year)]
    version = catalogue.find_version(str(year))
    wanted = f"the {len(expected)} fields of {catalogue.source} version {version.name} ({version.period})"
    nameless = [str(number) for number, name in enumerate(header, start=1) if not name]
    if nameless:
        problems.add(f"found {_columns(nameless)} without a name in the header; expected {wanted}")
    counts = Counter(name for name in header if name)
    doubled = [f"{quoted(name)} ({count} times)" for name, count in counts.items() if count > 1]
    if doubled:
        problems.add(f"found {_columns(doubled)} more than once; expected every column once")
    missing = [name for name in expected if name not in counts]
    unknown = [name for name in counts if name not in expected]
    of_catalogue = {field.felt for field in catalogue.fields}
    strange = [name for name in unknown if name not in of_catalogue]
    if strange:
        hinted = [_with_nearest(name, missing or expected) for name in strange[:NAMES_SHOWN]]
        strange = hinted + strange[NAMES_SHOWN:]
        problems.add(f"found the unknown {_columns(strange)}; expected {wanted}")
    for name in unknown:
        if name in of_catalogue:
            problems.add(f"column '{name}' {_other_version(name, catalogue, year)}; expected {wanted}")
    if missing:
        problems.add(f"found no {_columns([quoted(name) for name in missing])}; expected {wanted}")


def _columns(names: list[str]) -> str:
    return f"column{'' if len(names) == 1 else 's'} {listed(shortened(names))}"


def _with_nearest(name: str, candidates: list[str]) -> str:
    nearest = get_close_matches(name.strip().lower(), candidates, 1, 0.7)
    return quoted(name) + (f" (did you mean '{nearest[0]}'?)" if nearest else "")


def _other_version(name: str, catalogue: Catalogue, year: int) -> str:
    """Why a field of the catalogue is not a column of this year."""
    rows = catalogue.named(name)
    if any(row.valid_in(year) and row.status == UNKNOWN_CONTENT for row in rows):
        return f"has no known content in {year} and is no part of a delivery"
    names = {row.skjemaversjon for row in rows}
    periods = [version.period for version in catalogue.versions() if version.name in names]
    return f"belongs to {listed(periods)}, not to {year}"
