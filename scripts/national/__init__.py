"""A page for each national figure by purpose: value, range, method, share estimated, what would change it."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from scripts import pages, paths

FOLDER = "tall"
COUNTRY = "EAK"
BANNER = (
    "Syntetiske data: svarene og personene bak tallene er oppdiktet.",
    "Synthetic data: the answers and persons behind the figures are made up.",
)
# How many outliers a page names.
OUTLIERS = 5


@dataclass(frozen=True)
class Figure:
    """One figure by purpose of the country in one year, with everything that its page shows."""

    year: int
    purpose: str
    names: tuple[str, str]
    value: int
    units: int
    units_with: int
    stock: int
    stock_with: int
    stock_estimated: int
    classes: dict[str, int]
    lowest: int
    highest: int
    # Method, Norwegian and English name, municipalities, dwellings, figure.
    methods: list[tuple]
    # Estimate, lower, upper, expansion estimate, answered; None in a year without a survey.
    estimate: tuple | None
    # Method, parameter, Norwegian and English name, low value, change, high value, change.
    sensitivity: list[tuple]
    # Reservation, municipalities, dwellings; the most dwellings first.
    reservations: list[tuple]
    # Code, name, answer, change of the estimate without it.
    outliers: list[tuple]

    @property
    def page(self) -> str:
        return f"{self.year}-{self.purpose}.html"

    @property
    def share_covered(self) -> str:
        return _percent(self.stock_with, self.stock)

    @property
    def share_estimated(self) -> str:
        return _percent(self.stock_estimated, self.stock_with)


FIGURES = """
    select figur.aargang, figur.formaal, formaal.navn_nb, formaal.navn_en, figur.antall, figur.enheter,
        figur.enheter_med_tall, figur.boliger, figur.boliger_med_tall, figur.boliger_anslaatt,
        figur.boliger_a, figur.boliger_b, figur.boliger_c, figur.boliger_d, figur.laveste, figur.hoeyeste
    from marts.boligmasse_formaal_region as figur
    inner join referanse.formaal as formaal on figur.formaal = formaal.formaal
    where figur.region_nr = ? and figur.antall is not null
    order by figur.aargang, formaal.rekkefoelge
"""
METHODS = """
    select valgt.metode, metode.navn_nb, metode.navn_en,
        count(*), sum(beholdning.boliger_i_alt), sum(valgt.antall)
    from marts.boligmasse_formaal as valgt
    inner join referanse.metode as metode on valgt.metode = metode.metode
    inner join intermediate.int_imputering__beholdning as beholdning
        on valgt.aargang = beholdning.aargang and valgt.enhet_nr = beholdning.enhet_nr
    where valgt.aargang = $year and valgt.formaal = $purpose and valgt.enhet_type = 'kommune'
    group by valgt.metode, metode.navn_nb, metode.navn_en, metode.rekkefoelge
    order by metode.rekkefoelge
"""
ESTIMATE = """
    select round(antall, 0), round(nedre_95, 0), round(oevre_95, 0), round(ekspansjon, 0), enheter_svart
    from marts.kmd_estimat
    where aargang = $year and formaal = $purpose and gruppetype = 'land'
"""
# What is more for the disadvantaged is less for health and care; without means test is not touched.
SENSITIVITY = """
    select lav.metode, lav.parameter, parameter.navn_nb, parameter.navn_en,
        lav.verdi, round($sign * lav.endring, 0), hoey.verdi, round($sign * hoey.endring, 0)
    from marts.residual_folsomhet as lav
    inner join marts.residual_folsomhet as hoey
        on lav.aargang = hoey.aargang and lav.metode = hoey.metode and lav.parameter = hoey.parameter
        and hoey.ende = 'hoey'
    inner join referanse.parameter as parameter
        on lav.parameter = parameter.parameter and lav.metode = parameter.metode
        and lav.aargang >= parameter.gyldig_fra
        and lav.aargang <= coalesce(parameter.gyldig_til, lav.aargang)
    where lav.aargang = $year and lav.ende = 'lav' and $sign <> 0
    order by lav.metode, lav.rekkefoelge
"""
RESERVATIONS = """
    select coalesce(valgt.forbehold, valgt.symbol_aarsak),
        count(*), coalesce(sum(beholdning.boliger_i_alt), 0)
    from marts.boligmasse_formaal as valgt
    inner join intermediate.int_imputering__beholdning as beholdning
        on valgt.aargang = beholdning.aargang and valgt.enhet_nr = beholdning.enhet_nr
    where valgt.aargang = $year and valgt.formaal = $purpose and valgt.enhet_type = 'kommune'
        and coalesce(valgt.forbehold, valgt.symbol_aarsak) is not null
    group by 1
    order by 3 desc, 1
"""
OUTLYING = """
    select estimat.enhet_nr, enhet.enhet_navn, round(estimat.svar, 0), round(estimat.endring_uten_enheten, 0)
    from marts.kmd_estimat_enhet as estimat
    inner join intermediate.int_region__enhet_aar as enhet
        on estimat.aargang = enhet.aargang and estimat.enhet_nr = enhet.enhet_nr
    where estimat.aargang = $year and estimat.formaal = $purpose and estimat.er_uteligger
        and estimat.endring_uten_enheten is not null
    order by abs(estimat.endring_uten_enheten) desc, estimat.enhet_nr
    limit $outliers
"""
SIGNS = {"helse_omsorg": -1, "uten_behovsproving": 0, "vanskeligstilte": 1}


def write(root: Path, site: Path) -> Path:
    """Write the pages beside dbt's documentation; gives the page to begin with."""
    figures, synthetic = gather(root / "warehouse" / paths.WAREHOUSE.name)
    pages.write(site, FOLDER, render(figures, synthetic))
    return site / FOLDER / "index.html"


def gather(warehouse: Path) -> tuple[list[Figure], bool]:
    """The national figures of a warehouse, oldest year first, and whether any delivery is synthetic."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:

        def rows(query: str, **parameters: object) -> list[tuple]:
            used = {name: value for name, value in parameters.items() if f"${name}" in query}
            return connection.execute(query, used).fetchall()

        found = connection.execute(FIGURES, [COUNTRY]).fetchall()
        [(synthetic,)] = rows("select bool_or(syntetisk = 'ja') from staging.stg_leveranse__fil")
        figures = []
        for year, purpose, name_nb, name_en, value, *counts, a, b, c, d, lowest, highest in found:
            key = {"year": year, "purpose": purpose, "sign": SIGNS[purpose], "outliers": OUTLIERS}
            figures.append(
                Figure(
                    year,
                    purpose,
                    (name_nb, name_en),
                    value,
                    *counts,
                    {"A": a, "B": b, "C": c, "D": d},
                    lowest,
                    highest,
                    rows(METHODS, **key),
                    next(iter(rows(ESTIMATE, **key)), None),
                    rows(SENSITIVITY, **key),
                    rows(RESERVATIONS, **key),
                    rows(OUTLYING, **key),
                )
            )
    return figures, bool(synthetic)


def render(figures: list[Figure], synthetic: bool) -> dict[str, str]:
    """Every page by its path from the site's folder."""
    environment = pages.environment(Path(__file__).parent, BANNER if synthetic else None)
    environment.filters["signed"] = _signed
    environment.filters["decimals"] = _decimals
    page = environment.get_template("figure.html")
    written = {f"{FOLDER}/index.html": environment.get_template("figures.html").render(figures=figures)}
    for figure in figures:
        written[f"{FOLDER}/{figure.page}"] = page.render(figure=figure)
    return written


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}".replace(".", ",") if whole else ".."


def _signed(value: Decimal | None) -> str:
    """A change with its sign, the Norwegian way; a missing one is two dots."""
    if value is None:
        return ".."
    text = pages.number(abs(value))
    return text if value == 0 else f"{'+' if value > 0 else '−'}{text}"


def _decimals(value: Decimal | None) -> str:
    """A value of a parameter with two decimals, the Norwegian way; a missing one is two dots."""
    return ".." if value is None else f"{value:.2f}".replace(".", ",").replace("-", "−")
