"""python -m scripts simulate: the survey's non-response, repeated on the complete synthetic population.

The estimate of the warehouse itself is run, as dbt compiles it, once for every repetition: a repetition is a
year of its own. The truth is known, so the bias and how often the interval holds the truth can be counted.
"""

import argparse
import re
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from scripts import paths
from scripts.dbt_step import BUILD_FILE_VARIABLE, run_dbt
from scripts.errors import UserError

HELP = "Repeat the survey's non-response on the synthetic population: bias, and how often the interval holds."
PAGE = paths.ROOT / "docs" / "decisions" / "017-the-estimate-from-the-survey.md"
START, END = "<!-- simulation -->", "<!-- /simulation -->"
YEAR = 2017
REPETITIONS = 1000
SEED = 20180620
SEEDS = (
    "klass/sentralitetsstandard",
    "definisjoner/estimat_stratum",
    "definisjoner/formaal",
    "definisjoner/terskel",
)
TEXTS = {"standard": str, "sentralitet": str}
MODELS = ["int_estimat__enhet", "int_estimat__svar", "int_estimat__formaal", "kmd_estimat"]
PURPOSES = {"helse_omsorg": "omsorgsboliger", "uten_behovsproving": "uten_behovsproving"}
PURPOSES |= {"vanskeligstilte": "vanskeligstilte"}
# How much rarer an answer is, in logits, one standard deviation above the mean share for the disadvantaged.
SCENARIOS = {"independent of the shares": 0.0, "dependent on the shares": 1.0}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--repetitions", type=int, default=REPETITIONS, help=f"default {REPETITIONS}")
    parser.add_argument(
        "--write", action="store_true", help=f"write the table into docs/decisions/{PAGE.name}"
    )


def run(args: argparse.Namespace) -> int:
    """Simulate, and print or write the table."""
    if args.repetitions < 2:
        raise UserError(f"--repetitions: found {args.repetitions}, expected at least 2")
    if args.write and args.repetitions != REPETITIONS:
        raise UserError(f"--write: the page holds {REPETITIONS} repetitions, found {args.repetitions}")
    table = markdown(simulate(args.repetitions), args.repetitions)
    if args.write:
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), table), encoding="utf-8")
        print(f"Wrote the table to {PAGE.relative_to(paths.ROOT)}", file=sys.stderr)
    else:
        print(table)
    return 0


def with_table(page: str, table: str) -> str:
    """The page with the table between its marks."""
    before, _, rest = page.partition(START)
    _, mark, after = rest.partition(END)
    if not mark:
        raise UserError(
            f"docs/decisions/{PAGE.name}: found no {START} … {END}, expected the table between them"
        )
    return f"{before}{START}\n{table}\n{END}{after}"


def simulate(repetitions: int) -> pd.DataFrame:
    """One row per scenario × purpose, and the counties' coverage: truth, mean estimate, spread, coverage."""
    from scripts.demo.delivery import Delivery

    say = _progress()
    say("the synthetic population")
    units = _population(Delivery().truth.years[YEAR])
    say("dbt compiles the estimate")
    queries = compiled()
    found = []
    for number, (scenario, strength) in enumerate(SCENARIOS.items()):
        say(f"{repetitions} repetitions, response {scenario}")
        responses = draw(units, repetitions, strength, np.random.default_rng([SEED, number]))
        found.append(_outcome(units, estimates(queries, units, responses)).assign(scenario=scenario))
    return pd.concat(found, ignore_index=True)


def _progress():
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {text}", file=sys.stderr)

    return say


def _population(truth: pd.DataFrame) -> pd.DataFrame:
    """The municipalities with their true purposes, their groups, and whether they answered the survey."""
    if not paths.WAREHOUSE.exists():
        raise UserError(
            f"{paths.WAREHOUSE.relative_to(paths.ROOT)}: found no warehouse; make it with: make build"
        )
    with duckdb.connect(str(paths.WAREHOUSE), read_only=True) as connection:
        units = connection.execute(
            """
            select enhet.enhet_nr, enhet.fylke_nr, enhet.kostragruppe, enhet.sentralitet,
                enhet.stoerrelsesklasse, vekter.svarstatus = 'svar' as svarte, vekter.trinn = 0 as egen
            from intermediate.int_region__enhet_aar as enhet
            inner join marts.kmd_vekter as vekter using (aargang, enhet_nr)
            where aargang = ? and enhet_type = 'kommune' order by enhet_nr
            """,
            [YEAR],
        ).df()
    numbers = truth.groupby("komm_nr", as_index=False)[["boliger_i_alt", *PURPOSES.values()]].sum()
    return units.merge(numbers, left_on="enhet_nr", right_on="komm_nr", validate="one_to_one")


def draw(
    units: pd.DataFrame, repetitions: int, strength: float, generator: np.random.Generator
) -> np.ndarray:
    """Who answers, repetitions × units: as many of each class as in the survey; who stands for itself always.

    Drawn without replacement with weights exp(-strength × the standardised share for the disadvantaged of the
    class); strength 0 is a simple random draw.
    """
    answers = np.tile(units.egen.to_numpy(), (repetitions, 1))
    share = (units.vanskeligstilte / units.boliger_i_alt.where(units.boliger_i_alt > 0)).fillna(0).to_numpy()
    for klasse in sorted(units.stoerrelsesklasse.unique()):
        members = np.flatnonzero((units.stoerrelsesklasse == klasse) & ~units.egen)
        count = int(units.svarte.to_numpy()[members].sum())
        spread = share[members].std() or 1.0
        weight = -strength * (share[members] - share[members].mean()) / spread
        # The largest of weight + Gumbel noise: a draw without replacement with these weights.
        keys = weight + generator.gumbel(size=(repetitions, len(members)))
        chosen = np.argsort(-keys, axis=1, kind="stable")[:, :count]
        np.put_along_axis(answers, members[chosen], True, axis=1)
    return answers


def compiled() -> dict[str, str]:
    """The SQL of the estimate as dbt compiles it, with bare table names."""
    folder = Path("target") / "simulering"
    options = ["--quiet", "--log-level", "none", "--select", *MODELS]
    run_dbt(
        paths.ROOT,
        "compile",
        options,
        target="bygg",
        folder=folder,
        variables={BUILD_FILE_VARIABLE: str(folder / "simulering.duckdb")},
    )
    models = paths.ROOT / folder / "compiled" / "kommunale_boliger" / "models"
    found = {path.stem: path.read_text(encoding="utf-8") for path in models.rglob("*.sql")}
    return {name: re.sub(r'"\w+"\."\w+"\."(\w+)"', r'"\1"', found[name]) for name in MODELS}


def estimates(queries: dict[str, str], units: pd.DataFrame, responses: np.ndarray) -> pd.DataFrame:
    """kmd_estimat of every repetition; aargang is its number, from the year of the survey on."""
    cells = pd.DataFrame(np.argwhere(responses), columns=["nummer", "enhet"])
    years = pd.DataFrame({"aargang": YEAR + np.arange(len(responses)), "kmd": "ja"})
    with duckdb.connect() as connection:
        connection.execute("set threads = 2")
        connection.register("units", units.reset_index(names="nr"))
        connection.register("cells", cells)
        connection.register("years", years)
        for name in SEEDS:
            seed = pd.read_csv(paths.ROOT / "seeds" / f"{name}.csv", dtype=TEXTS)
            connection.register("seed", seed)
            connection.execute(f"create table {Path(name).name} as from seed")
        # The centrality of every repetition is that of the survey's year.
        connection.execute(f"delete from sentralitetsstandard where gyldig_fra > {YEAR}")
        connection.execute("update sentralitetsstandard set gyldig_til = null")
        connection.execute("create table aargang as from years")
        connection.execute(
            "create table int_region__enhet_aar as select aargang, enhet_nr, 'kommune' as enhet_type,"
            " fylke_nr, kostragruppe, sentralitet, stoerrelsesklasse from years cross join units"
        )
        connection.execute(
            "create table int_imputering__beholdning as"
            " select aargang, enhet_nr, boliger_i_alt, false as imputert from years cross join units"
        )
        fields = {"boliger_i_alt": "boliger_i_alt"} | {field: field for field in PURPOSES.values()}
        connection.execute(
            "create table int_kmd__verdi as "
            + " union all ".join(
                f"select {YEAR} + nummer as aargang, enhet_nr, '{field}' as felt, {column} as antall"
                " from cells inner join units on cells.enhet = units.nr"
                for field, column in fields.items()
            )
        )
        for name, query in queries.items():
            connection.execute(f"create table {name} as {query}")
        return connection.sql("select * from kmd_estimat").df()


def _outcome(units: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Truth, mean estimate, spread, mean standard error and coverage, of the country and of the counties."""
    sums = []
    for gruppetype, key in (("land", "EAK"), ("fylke", "EKA" + units.fylke_nr)):
        groups = units.assign(gruppe=key).groupby("gruppe")[list(PURPOSES.values())].sum()
        groups.columns = list(PURPOSES)
        sums.append(
            groups.stack()
            .rename("sant")
            .rename_axis(["gruppe", "formaal"])
            .reset_index()
            .assign(gruppetype=gruppetype)
        )
    found = found.merge(pd.concat(sums), on=["gruppetype", "gruppe", "formaal"], validate="many_to_one")
    found["dekket"] = (found.nedre_95 <= found.sant) & (found.sant <= found.oevre_95)
    rows = found.groupby(["gruppetype", "formaal"]).agg(
        sant=("sant", "mean"),
        estimat=("antall", "mean"),
        spredning=("antall", "std"),
        standardfeil=("standardfeil", "mean"),
        dekning=("dekket", "mean"),
    )
    return rows.reset_index()


def markdown(outcome: pd.DataFrame, repetitions: int) -> str:
    """The table for people; every figure is of synthetic data."""
    lines = [
        f"Synthetic population, {repetitions} repetitions, seed {SEED}; dwellings.",
        "",
        "| response | purpose | truth | mean estimate | bias | standard deviation | mean standard error |"
        " coverage, country | coverage, counties |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    counties = outcome.query("gruppetype == 'fylke'").set_index(["scenario", "formaal"])
    for row in outcome.query("gruppetype == 'land'").itertuples():
        county = counties.loc[(row.scenario, row.formaal)]
        bias = row.estimat - row.sant
        lines.append(
            f"| {row.scenario} | {row.formaal} | {row.sant:.0f} | {row.estimat:.0f} | {bias:+.0f}"
            f" ({100 * bias / row.sant:+.1f} %) | {row.spredning:.0f} | {row.standardfeil:.0f}"
            f" | {100 * row.dekning:.1f} % | {100 * county.dekning:.1f} % |"
        )
    return "\n".join(lines)
