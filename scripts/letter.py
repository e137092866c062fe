"""The letter to one municipality or city district: its figures side by side, and what does not add up."""

import argparse
import textwrap
from pathlib import Path

import duckdb

from scripts import paths, rules
from scripts.errors import UserError
from scripts.headline import number

HELP = "Print the letter to one municipality or city district: figures side by side, findings, what to check."
WIDTH = 100

# Row of the table → the measure in each source; a measure that a source does not have cannot occur there.
TABLE = {
    "Boliger i alt": {"skjema13": "boliger_i_alt", "kmd": "boliger_i_alt"},
    "Helse- og omsorgsformål": {"kmd": "omsorgsboliger", "iplos": "iplos_personer_levert"},
    "Uten behovsprøving": {"skjema13": "uten_behovsproving", "kmd": "uten_behovsproving"},
    "Vanskeligstilte": {"kmd": "vanskeligstilte"},
}
SOURCES = {"skjema13": "skjema 13", "kmd": "undersøkelsen", "iplos": "IPLOS (personer)"}
CONTACTS = {
    "skjema13": "den som fylte ut skjema 13",
    "kmd": "den som svarte på undersøkelsen",
    "iplos": "IPLOS-kontakten",
}
SEVERITIES = {code: norwegian for code, (norwegian, _) in rules.SEVERITIES.items()}
TREATMENTS = {code: norwegian for code, (norwegian, _) in rules.TREATMENTS.items()}

UNIT = """
    select enhet_navn, enhet_type from intermediate.int_region__enhet_aar
    where aargang = $year and enhet_nr = $unit
"""
FIGURES = """
    select kilde, maal, antall, symbol from intermediate.int_boliger__tall
    where aargang = $year and enhet_nr = $unit
"""
FINDINGS = """
    select utslag.regel_nr, utslag.alvorlighet, utslag.melding, utslag.behandling, utslag.fil, utslag.rad_nr,
        regler.setning_nb, regler.uten_regelen_nb, utslag.unntak_begrunnelse, utslag.unntak_besluttet_av
    from marts.kontrollutslag as utslag
    inner join marts.kontroller as regler on utslag.regel_nr = regler.regel_nr
    where utslag.aargang = $year and utslag.enhet_nr = $unit
    order by case utslag.alvorlighet when 'H' then 1 when 'S' then 2 else 3 end, utslag.regel_nr, utslag.felt
"""
QUARANTINE = """
    select karantene.kilde, karantene.felt, karantene.verdi, statuser.beskrivelse_nb, karantene.fil,
        karantene.rad_nr
    from intermediate.int_kvalitet__karantene as karantene
    inner join referanse.status_aarsak as statuser on karantene.aarsak = statuser.aarsak
    where karantene.aargang = $year and karantene.enhet_nr = $unit
    order by karantene.kilde desc, karantene.rad_nr, karantene.felt
"""
# Asked only where the deviation is large and the deliveries show no cause of it.
QUESTIONS = """
    select avvik.avvik, spoersmaal.spoersmaal_nb
    from marts.avvik_kmd_iplos as avvik
    inner join referanse.avvik_spoersmaal as spoersmaal
        on spoersmaal.retning in (case when avvik.avvik > 0 then 'pluss' else 'minus' end, 'begge')
    where avvik.aargang = $year and avvik.enhet_nr = $unit and avvik.sannsynlig_aarsak = 'U'
    order by case spoersmaal.retning when 'begge' then 2 else 1 end, spoersmaal.spoersmaal_nr
"""
YEARS = "select distinct aargang from staging.stg_leveranse__fil where kilde = 'skjema13' order by aargang"
SYNTHETIC = "select bool_or(syntetisk = 'ja') from staging.stg_leveranse__fil where aargang = $year"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which unit, and which year."""
    parser.add_argument(
        "unit", metavar="UNIT", help="four digits of a municipality or six of a city district"
    )
    parser.add_argument("--year", type=int, help="statistical year (default: the newest delivered)")


def run(args: argparse.Namespace) -> int:
    """Print the letter."""
    print(letter(paths.WAREHOUSE, args.unit, args.year))
    return 0


def letter(warehouse: Path, unit: str, year: int | None = None) -> str:
    """The letter as text, in Norwegian; accepted findings stand apart.

    A UserError for a unit or a year that the warehouse does not have.
    """
    if not warehouse.exists():
        raise UserError(f"found no warehouse at {warehouse}; run `make build` first")
    with duckdb.connect(str(warehouse), read_only=True) as connection:

        def rows(query: str, **parameters: object) -> list[tuple]:
            return connection.execute(query, parameters or None).fetchall()

        years = [found for (found,) in rows(YEARS)]
        if not years:
            raise UserError(f"{warehouse} has no delivery of form 13; expected at least one year")
        if year is None:
            year = years[-1]
        elif year not in years:
            raise UserError(f"the year is {year}; expected one of {', '.join(map(str, years))}")
        found = rows(UNIT, year=year, unit=unit)
        if not found:
            raise UserError(
                f"the unit '{unit}' is not in the division of {year}; expected the four digits of a "
                "municipality or the six of a city district"
            )
        [(name, kind)] = found
        figures = {(source, measure): cell for source, measure, *cell in rows(FIGURES, year=year, unit=unit)}
        findings = rows(FINDINGS, year=year, unit=unit)
        quarantine = rows(QUARANTINE, year=year, unit=unit)
        questions = rows(QUESTIONS, year=year, unit=unit)
        [(synthetic,)] = rows(SYNTHETIC, year=year)
    lines = ["SYNTETISKE DATA: ingen tall nedenfor gjelder en virkelig kommune", ""] * bool(synthetic)
    lines += [f"{name} ({kind} {unit}), 31.12.{year}", "", *_table(figures), "", *_contacts(), ""]
    lines += [*_findings(findings), "", *_questions(questions), *_quarantine(quarantine)]
    return "\n".join(lines)


def _table(figures: dict[tuple[str, str], list]) -> list[str]:
    """The sources side by side; `.` cannot occur, `..` is missing."""
    lines = [f"{'Boliger 31.12.':<26}" + "".join(f"{title:>18}" for title in SOURCES.values())]
    for title, measures in TABLE.items():
        cells = [_cell(figures.get((source, measures.get(source, "")))) for source in SOURCES]
        lines.append(f"{title:<26}" + "".join(f"{cell:>18}" for cell in cells))
    return [*lines, "(. kan ikke forekomme, .. mangler)"]


def _cell(found: list | None) -> str:
    if found is None:
        return "."
    count, symbol = found
    return symbol if count is None else number(count)


def _contacts() -> list[str]:
    return [
        "Kontaktpersoner (ofte tre ulike; avklar sammen):",
        *(f"  {who:<34} {'_' * 40}" for who in CONTACTS.values()),
    ]


def _findings(findings: list[tuple]) -> list[str]:
    open_findings = [finding for finding in findings if finding[-2] is None]
    lines = [f"Kontrollene har gitt {len(open_findings)} utslag:"]
    if not open_findings:
        lines = ["Ingen kontroller har gitt utslag."]
    for rule, severity, message, treatment, file, row, sentence, without, *_ in open_findings:
        lines += ["", *_wrapped(f"{rule} ({SEVERITIES[severity]}): ", message)]
        lines += _wrapped("      Regelen: ", sentence)
        lines += _wrapped("      Ellers:  ", without)
        place = f" ({file}, rad {row})" if file else ""
        lines += _wrapped("      Lageret: ", f"{TREATMENTS[treatment]}{place}")
    accepted = [finding for finding in findings if finding[-2] is not None]
    if accepted:
        lines += ["", "Vurdert og godtatt tidligere:"]
    for rule, _, message, *_, reason, decided in accepted:
        lines += ["", *_wrapped(f"{rule}: ", message), *_wrapped("      Godtatt: ", f"{reason} ({decided}).")]
    return lines


def _questions(rows: list[tuple]) -> list[str]:
    """What only the municipality can answer."""
    if not rows:
        return []
    more = "flere boliger enn personer" if rows[0][0] > 0 else "flere personer enn boliger"
    lines = [
        f"Undersøkelsen og IPLOS er {number(abs(rows[0][0]))} fra hverandre ({more}), og leveransene viser"
    ]
    lines += ["ikke hvorfor. Vi spør derfor:", ""]
    for place, (_, question) in enumerate(rows, start=1):
        lines += _wrapped(f"  {place:>2}. ", question)
    return [*lines, ""]


def _quarantine(rows: list[tuple]) -> list[str]:
    """What could not be read, with where it stands."""
    if not rows:
        return ["Alt som ble levert, kunne leses."]
    lines = [f"{len(rows)} av svarene og vedtakene kunne ikke brukes:", ""]
    for source, field, value, reason, file, row in rows:
        lines += _wrapped(f"  {source}: ", f"{field} er «{value or ''}». {reason} ({file}, rad {row}).")
    return lines


def _wrapped(start: str, text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start))
