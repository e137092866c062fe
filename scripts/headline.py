"""The headline figures of the published warehouse, as a text for people."""

from collections.abc import Callable
from pathlib import Path

import duckdb

QueryRows = Callable[[str, dict[str, object]], list[tuple]]

YEAR = 2017
THIN_SPACE = "\N{THIN SPACE}"

SYNTHETIC = "select bool_or(syntetisk = 'ja') from staging.stg_leveranse__fil where aargang = $year"

STOCK = """
    select sum(boliger_i_alt) as antall, count(boliger_i_alt) as kommuner
    from intermediate.int_boligmasse__beholdning
    where aargang = $year and enhet_type = 'kommune'
"""

DISPOSAL = """
    select disposisjonsform, sum(antall) as antall, er_herav
    from marts.boligmasse_disposisjon
    where aargang = $year and enhet_type = 'kommune'
    group by disposisjonsform, er_herav
    order by
        er_herav,
        case disposisjonsform when 'kommunalt_eid' then 1 when 'innleid' then 2 else 3 end,
        disposisjonsform
"""

# A municipality is covered by a method when all three purposes have a figure; `felles` are those that all
# methods cover. Every sum is over the units it counts, never the country.
METHODS = """
    with dekning as (
        select enhet_nr, metode, count(antall) = 3 as dekket,
            sum(antall) filter (where formaal = 'helse_omsorg') as helse_omsorg,
            sum(antall) filter (where formaal = 'uten_behovsproving') as uten_behovsproving,
            sum(antall) filter (where formaal = 'vanskeligstilte') as vanskeligstilte
        from marts.boligmasse_formaal_metode
        where aargang = $year and enhet_type = 'kommune' and metode <> 'estimat'
        group by enhet_nr, metode
    ),
    felles as (
        select enhet_nr, bool_and(dekket) as er_felles from dekning group by enhet_nr
    )
    select dekning.metode, count(*) as kommuner,
        sum(beholdning.boliger_i_alt) as boliger_i_alt,
        sum(dekning.helse_omsorg) as helse_omsorg,
        sum(dekning.uten_behovsproving) as uten_behovsproving,
        sum(dekning.vanskeligstilte) as vanskeligstilte
    from dekning
    inner join felles on dekning.enhet_nr = felles.enhet_nr
    left join intermediate.int_boligmasse__beholdning as beholdning
        on dekning.enhet_nr = beholdning.enhet_nr and beholdning.aargang = $year
    where dekning.dekket and (felles.er_felles or not $bare_felles)
    group by dekning.metode
    order by case dekning.metode when 'kmd' then 1 when 'residual_kmd' then 2 else 3 end
"""

# The last purpose is the rest, so that the rounded figures add to the stock.
ESTIMATE = """
    select formaal, enheter, enheter_svart, boliger, round(antall, 0), round(nedre_95, 0), round(oevre_95, 0),
        round(sum_svar, 0), round(ekspansjon, 0)
    from marts.kmd_estimat
    where aargang = $year and gruppetype = 'land'
    order by case formaal when 'helse_omsorg' then 1 when 'uten_behovsproving' then 2 else 3 end
"""

CHOSEN = """
    select formaal, antall, enheter_med_tall, enheter, boliger_med_tall, boliger_anslaatt
    from marts.boligmasse_formaal_region
    where aargang = $year and region_nr = 'EAK'
    order by case formaal when 'helse_omsorg' then 1 when 'uten_behovsproving' then 2 else 3 end
"""

SENSITIVITY = """
    select metode, parameter, enheter, vanskeligstilte, round(vanskeligstilte_med, 0) as med
    from marts.residual_folsomhet
    where aargang = $year and endring is not null
    order by metode desc, med, parameter
"""

DEVIATIONS = """
    select count(*) filter (where stort_avvik) as store, count(avvik) as sammenlignet
    from marts.avvik_kmd_iplos
    where enhet_type = 'kommune' and aargang = $year
"""

VERDICTS = "select aargang, vurdering from marts.iplos_vurdering order by aargang"

DELIVERED = "select distinct aargang from staging.stg_leveranse__fil where kilde = 'skjema13'"

QUARANTINE = """
    select kilde, aarsak, count(*) as antall
    from intermediate.int_kvalitet__karantene
    group by kilde, aarsak
    order by kilde, antall desc, aarsak
"""

WIDTHS = (16, 15, 9, 9, 14, 20, 17)
COLUMNS = (
    "metode",
    "municipalities",
    "stock",
    "share",
    "helse_omsorg",
    "uten_behovsproving",
    "vanskeligstilte",
)


def number(value: int | None) -> str:
    """An integer the Norwegian way; a missing one is two dots."""
    return ".." if value is None else f"{int(value):,}".replace(",", THIN_SPACE)


def percent(part: int | None, whole: int | None) -> str:
    """A share with one decimal, the Norwegian way."""
    if part is None or not whole:
        return ".."
    return f"{100 * int(part) / int(whole):.1f} %".replace(".", ",")


def text(warehouse: Path, year: int = YEAR) -> str:
    """The headline table of a warehouse file, and where to look next."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        table = figures(lambda query, parameters: connection.execute(query, parameters).fetchall(), year)
    look = [
        'figures        .venv/bin/python -c "import duckdb; '
        f"print(duckdb.connect('{_shown(warehouse)}', read_only=True).sql('from marts.avvik_kmd_iplos'))\"",
        f"               or, with the DuckDB shell: duckdb -readonly {_shown(warehouse)}",
    ]
    return "\n".join([table, "", *where_next(look)])


def where_next(figures: list[str]) -> list[str]:
    """Where to find the figures of this warehouse, its documentation and questions to begin with."""
    return [
        "Where to look next:",
        *(f"  {line}" for line in figures),
        "  documentation  make docs",
        "  questions      README.md has the tables and five queries to begin with",
    ]


def figures(query_rows: QueryRows, year: int = YEAR) -> str:
    """The headline table of one year (the newest delivered, if that year was not).

    `query_rows` gives the rows of a query with parameters written as $name.
    """

    def rows(query: str, **parameters: object) -> list[tuple]:
        return query_rows(query, parameters)

    delivered = [found for (found,) in rows(DELIVERED)]
    year = year if year in delivered or not delivered else max(delivered)
    [(synthetic,)] = rows(SYNTHETIC, year=year)
    [(stock, municipalities)] = rows(STOCK, year=year)
    disposal = rows(DISPOSAL, year=year)
    methods = rows(METHODS, year=year, bare_felles=False)
    common = rows(METHODS, year=year, bare_felles=True)
    [(large, compared)] = rows(DEVIATIONS, year=year)
    quarantine = rows(QUARANTINE)
    lines = [
        "",
        f"Municipally disposed dwellings (kommunalt disponerte boliger), 31.12.{year}",
        *(
            ["SYNTHETIC DEMONSTRATION DATA: no figure below says anything about a real municipality"]
            * bool(synthetic)
        ),
        "",
        f"{'Stock in all':<32}{number(stock):>9}   reported by {number(municipalities)} municipalities",
    ]
    for name, count, is_part in disposal:
        lines.append(
            f"{'    of which ' if is_part else '  '}{name:<{19 if is_part else 30}}{number(count):>9}"
        )
    lines += _estimate(rows(ESTIMATE, year=year)) + _chosen(rows(CHOSEN, year=year))
    lines += [
        "",
        "By purpose, for the municipalities that each method covers (reported sums, not the country):",
    ]
    lines += _methods(methods, stock)
    shared = common[0][1] if common else 0
    lines += ["", f"The same for the {number(shared)} municipalities that all the methods cover:"]
    lines += _methods(common, stock)
    lines += _sensitivity(rows(SENSITIVITY, year=year))
    lines += [
        "",
        f"Large deviations between KMD and IPLOS (stort_avvik): {number(large)} of the {number(compared)} "
        "municipalities that can be compared",
        *_verdicts(rows(VERDICTS)),
        "",
        *_quarantine(quarantine),
    ]
    return "\n".join(lines)


def _estimate(rows: list[tuple]) -> list[str]:
    """The survey's estimate for the country; nothing in a year without a survey."""
    if not rows:
        return []
    units, answered, stock = rows[0][1:4]
    lines = [
        "",
        f"By purpose, all {number(units)} municipalities, estimated from the {number(answered)} that answered"
        " the survey (95 % interval for non-response only):",
        f"  {'purpose':<20}{'estimate':>9}   {'interval':^19}{'plain sum':>11}{'expansion':>11}",
    ]
    left = stock
    for place, (purpose, *_, estimate, low, high, plain, expansion) in enumerate(rows, start=1):
        shown = left if place == len(rows) else int(estimate)
        left -= shown
        between = ".." if low is None else f"{number(low)} – {number(high)}"
        lines.append(
            f"  {purpose:<20}{number(shown):>9}   {between:^19}{number(plain):>11}{number(expansion):>11}"
        )
    return [*lines, f"  {'in all':<20}{number(stock):>9}"]


def _chosen(rows: list[tuple]) -> list[str]:
    """The chosen figures of the country, and how much of them is estimated."""
    if not rows or rows[0][1] is None:
        return []
    _, _, covered, units, stock, estimated = rows[-1]
    figures = ", ".join(f"{purpose} {number(count)}" for purpose, count, *_ in rows)
    return [
        "",
        f"The figure chosen for each municipality, added: {figures}",
        f"  {number(covered)} of {number(units)} municipalities, {number(stock)} dwellings, of which"
        f" {percent(estimated, stock)} in municipalities whose figure is estimated",
    ]


def _sensitivity(rows: list[tuple]) -> list[str]:
    """How far one assumption at a time can move each residual."""
    if not rows:
        return []
    lines = [
        "",
        "Sensitivity range of vanskeligstilte, one assumption at a time, for what each method covers:",
    ]
    for method in dict.fromkeys(found for found, *_ in rows):
        of_method = [row for row in rows if row[0] == method]
        (_, lowest, _, base, low), (_, highest, _, _, high) = of_method[0], of_method[-1]
        lines.append(
            f"  {method:<16}{number(base):>9}   from {number(low)} ({lowest}) to {number(high)} ({highest})"
        )
    return lines


def _verdicts(rows: list[tuple]) -> list[str]:
    """May the register be used, one line per verdict; nothing without IPLOS."""
    if not rows:
        return []
    lines = ["", "May IPLOS be used as the stock for health and care (iplos_vurdering says why):"]
    for verdict in sorted({found for _, found in rows}):
        lines.append(f"  {verdict:<26}{', '.join(str(year) for year, found in rows if found == verdict)}")
    return lines


def _methods(rows: list[tuple], stock: int | None) -> list[str]:
    lines = [_line(COLUMNS)]
    for method, municipalities, covered, *purposes in rows:
        figures = [number(municipalities), number(covered), percent(covered, stock), *map(number, purposes)]
        lines.append(_line((method, *figures)))
    return lines


def _quarantine(rows: list[tuple]) -> list[str]:
    """What could not be used, in all years, one line per source."""
    lines = ["In quarantine, all years (intermediate.int_kvalitet__karantene says file and row):"]
    for source in dict.fromkeys(source for source, _, _ in rows):
        reasons = [(reason, count) for found, reason, count in rows if found == source]
        total = sum(count for _, count in reasons)
        lines.append(
            f"  {source:<10}{number(total):>9}   " + ", ".join(f"{r} {number(n)}" for r, n in reasons)
        )
    return lines if rows else ["Nothing is in quarantine."]


def _line(cells: tuple[str, ...]) -> str:
    first = f"  {cells[0]:<{WIDTHS[0]}}"
    return first + "".join(f" {cell:>{width - 1}}" for cell, width in zip(cells[1:], WIDTHS[1:], strict=True))


def _shown(path: Path) -> str:
    """The path as seen from where the person stands, when that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
