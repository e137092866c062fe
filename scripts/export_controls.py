"""Export the rules and their outcomes in the shape of Statistics Norway's own control tables."""

import argparse
from pathlib import Path

import duckdb

from scripts import paths
from scripts.errors import UserError
from scripts.ingest.swap import replaced

HELP = "Export rules and findings as the tables kontroller and kontrollutslag of SSB's editing framework."

# A rule that holds for many fields is one control per field, since the framework's key has no field.
COMPARISONS = """
    create temp table sammenligninger as
    select
        cast(s.aargang as varchar) as iso_periode,
        s.kilde as skjema,
        s.regel_nr || case when regler.felt is null then '_' || s.felt else '' end as kontrollid,
        regler.alvorlighet as kontrolltype,
        regler.tittel_nb as beskrivelse,
        s.felt as sorting_var,
        s.enhet_nr as ident,
        case when svar.fil is not null then svar.fil || ':' || svar.rad_nr end as refnr,
        s.utslag and not coalesce(u.unntak, false) as utslag,
        cast(s.funnet as varchar) as verdi
    from intermediate.int_kontroll__sammenligning as s
    inner join marts.kontroller as regler on s.regel_nr = regler.regel_nr
    left join intermediate.int_kontroll__svar as svar
        on s.kilde = svar.kilde and s.aargang = svar.aargang
            and s.enhet_nr = svar.enhet_nr and s.felt = svar.felt
    left join marts.kontrollutslag as u
        on s.regel_nr = u.regel_nr and s.aargang = u.aargang and s.enhet_nr = u.enhet_nr and s.felt = u.felt
    where s.aargang = $year or $year is null
"""
CONTROLS = """
    select distinct iso_periode, skjema, kontrollid, kontrolltype, beskrivelse, sorting_var,
        'DESC' as sorting_order
    from sammenligninger order by all
"""
OUTCOMES = """
    select iso_periode, skjema, kontrollid, ident, refnr, utslag, verdi
    from sammenligninger order by iso_periode, skjema, kontrollid, ident, refnr
"""
TABLES = {"kontroller": CONTROLS, "kontrollutslag": OUTCOMES}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and which year."""
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="a new folder for the files"
    )
    parser.add_argument("--year", type=int, help="statistical year (default: all)")
    parser.epilog = (
        "Writes kontroller.csv and kontrollutslag.csv: every control that could be carried out, with utslag "
        "true where it has a finding that is not accepted. refnr is file and row of the delivery, since "
        "SSB's own reference number is not part of it."
    )


def run(args: argparse.Namespace) -> int:
    """Export, and say how much."""
    counts = export(paths.WAREHOUSE, args.out, args.year)
    print(f"Wrote {', '.join(f'{count} rows of {name}' for name, count in counts.items())} to {args.out}")
    return 0


def export(warehouse: Path, folder: Path, year: int | None = None) -> dict[str, int]:
    """Write both tables into a folder that is not there yet; give the number of rows of each.

    A UserError says why nothing was written.
    """
    if not warehouse.exists():
        raise UserError(f"found no warehouse at {warehouse}; run `make build` first")
    if folder.exists():
        raise UserError(f"{folder} is already there; expected the name of a new folder")
    if not folder.parent.is_dir():
        raise UserError(f"there is no folder {folder.parent}; expected one to make {folder.name} in")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        years = [
            found
            for (found,) in connection.sql(
                "select distinct aargang from intermediate.int_kontroll__sammenligning order by 1"
            ).fetchall()
        ]
        if year is not None and year not in years:
            raise UserError(f"the year is {year}; expected one of {', '.join(map(str, years))}")
        connection.execute(COMPARISONS, {"year": year})
        counts = {}
        with replaced(folder) as new:
            for name, query in TABLES.items():
                rows = connection.sql(query)
                rows.write_csv(str(new / f"{name}.csv"))
                counts[name] = len(rows)
        return counts
