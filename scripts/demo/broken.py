"""Whole files that cannot be used: the folder avvist/, one file per way to break it."""

import pandas as pd

from scripts.demo.plan import Plan, entry
from scripts.demo.writing import csv_bytes

SAMPLE = 5
ENDING = {"skjema13": "csv", "kmd": "xlsx", "iplos": "parquet"}


def _csv(rows: pd.DataFrame, how: str, felt: str) -> bytes:
    if how == "dobbel_kolonne":
        rows = pd.concat([rows, rows[[felt]]], axis=1)
    elif how == "mangler_kolonne":
        rows = rows.drop(columns=felt)
    elif how == "ukjent_kolonne":
        rows = rows.assign(**{felt: "1"})
    content = csv_bytes(rows, ";")
    return content.decode("utf-8").encode("latin-1") if how == "latin1" else content


def broken_files(plan: Plan, forms: dict[int, pd.DataFrame], workbook: bytes) -> tuple[dict, list]:
    """Path to content, and the ledger; the value of a fault is what the refusal must mention."""
    files, ledger = {}, []
    for fault in plan.faults:
        if fault.operation != "oedelegg_fil":
            continue
        path = f"avvist/syntetisk_{fault.source}_{fault.year}_{fault.select}.{ENDING[fault.source]}"
        if fault.source == "skjema13":
            rows = forms[fault.year]
            # Without æ, ø or å in it, a latin-1 file is a UTF-8 file.
            rows = rows[~rows["enhet_navn"].map(str.isascii)] if fault.select == "latin1" else rows
            content = _csv(rows.head(SAMPLE), fault.select, fault.felt)
        elif fault.select == "avkortet":
            content = workbook[: len(workbook) // 2]
        else:
            content = b"syntetisk tekst, ikke Parquet\n"
        files[path] = content
        ledger.append(entry(fault, fil=path, levert_verdi=fault.value))
    return files, ledger
