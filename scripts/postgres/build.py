"""The safe build on a PostgreSQL server: make new schemas, test them, and only then publish them."""

import argparse
import re
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from scripts import dbt_step, headline, ingest, paths
from scripts.build import check_folder, complete_the_demonstration, step, stop_on_signal
from scripts.dbt_step import Relation
from scripts.errors import UserError
from scripts.ingest.swap import exclusive
from scripts.postgres import inndata, schemas
from scripts.postgres.server import Server, connect, from_environment, one_sentence

HELP = "Build and test the warehouse on a PostgreSQL server, then replace the published schemas in one step."
SCHEMA_VARIABLE = "KOMMBOL_SKJEMA"


@dataclass(frozen=True)
class Steps:
    """The steps that read deliveries and run dbt; tests put stand-ins here."""

    load: Callable[[Connection, Server, Path, bool], object]
    warehouse: Callable[[Path, Server], list[Relation]]


def build_warehouse(root: Path, server: Server) -> list[Relation]:
    """Build and test every node into the new schemas; give the relations that must now be there."""
    folder = Path("target") / "postgres"
    seconds, _ = dbt_step.run_dbt(
        root,
        "build",
        [],
        target="postgres",
        folder=folder,
        variables={**server.environment(), SCHEMA_VARIABLE: schemas.NEW},
    )
    print(f"dbt build took {seconds:.1f} s", file=sys.stderr)
    return dbt_step.relations(root / folder / "manifest.json")


STEPS = Steps(inndata.load, build_warehouse)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The folder whose kildedata is read."""
    inndata.arguments(parser, "folder with kildedata/")


def run(args: argparse.Namespace) -> int:
    """Ingest, build, publish and print the headline figures."""
    stop_on_signal()
    server = from_environment()
    deliveries = args.deliveries.resolve()
    check_folder(deliveries)
    # A server that cannot be used is told before the deliveries are read.
    with closing(connect(server)) as connection, one_sentence(server, "looking at the rights"):
        schemas.check_may_create(connection.cursor(), server)
    with step(1, 5, "deliveries", "kildedata to inndata"):
        complete_the_demonstration(deliveries)
        ingest.ingest(deliveries)
    with exclusive(deliveries, str(deliveries)):
        build(paths.ROOT, server, deliveries / "inndata", replace_real=args.replace_real)
    print(summary(server))
    return 0


def build(
    root: Path, server: Server, folder: Path, *, replace_real: bool = False, steps: Steps = STEPS
) -> None:
    """Copy inndata to the server, then make, test and publish the warehouse there.

    Whatever happens before the last step, the published schemas stay as they were.
    """
    is_published = False
    with closing(connect(server)) as connection:
        try:
            schemas.take_lock(connection, server)
            with one_sentence(server, "preparing the build"), connection, connection.cursor() as cursor:
                schemas.check_may_create(cursor, server)
                # A query of a killed build can go on for a while on the server.
                cursor.execute("set local lock_timeout = '20s'")
                for left_over in schemas.remove(cursor, f"{schemas.NEW}_"):
                    print(f"Removed {left_over}, left by an earlier build", file=sys.stderr)
            schemas.drop_former(connection, server)
            try:
                with step(2, 5, "load", f"inndata to the schema {inndata.SCHEMA} of {server}"):
                    steps.load(connection, server, folder, replace_real)
                with step(3, 5, "warehouse", "every model and every test, into new schemas"):
                    relations = _built(connection, server, lambda: steps.warehouse(root, server))
                with step(4, 5, "audit", "the new schemas"):
                    names = _audit(connection, server, relations)
                with step(5, 5, "publish", "the new schemas in place of the old ones"):
                    schemas.publish(connection, server, names)
                    is_published = True
                    schemas.drop_former(connection, server)
            finally:
                _clean_up(connection, server, is_published)
        finally:
            print(
                f"{'Published in' if is_published else 'The published schemas are unchanged in'} {server}",
                file=sys.stderr,
            )


def _built(connection: Connection, server: Server, warehouse: Callable[[], list[Relation]]) -> list[Relation]:
    """Run dbt; when it failed because the server went away, that is what is said."""
    try:
        relations = warehouse()
    except UserError:
        with one_sentence(server, "building the warehouse"), connection, connection.cursor() as cursor:
            cursor.execute("select 1")
        raise
    return relations


def _audit(connection: Connection, server: Server, relations: list[Relation]) -> list[str]:
    """The names of the schemas to publish; a UserError unless every table is there and no mart is empty."""
    prefix = f"{schemas.NEW}_"
    if not any(relation.public for relation in relations):
        raise UserError("the build names no public mart; expected at least one model with access public")
    with one_sentence(server, "looking at the new schemas"), connection, connection.cursor() as cursor:
        for relation in relations:
            if not relation.schema.startswith(prefix):
                raise UserError(f"the build wrote to the schema {relation.schema}; expected only {prefix}*")
            table = sql.Identifier(relation.schema, relation.name)
            cursor.execute("select to_regclass(%s) is not null", [table.as_string(cursor)])
            if not cursor.fetchone()[0]:
                raise UserError(f"the new warehouse lacks {relation.schema}.{relation.name}")
            cursor.execute(sql.SQL("select 1 from {} limit 1").format(table))
            if relation.public and not cursor.fetchone():
                raise UserError(
                    f"the new warehouse has no row in {relation.schema}.{relation.name}; "
                    "expected rows in every mart"
                )
    return sorted({relation.schema.removeprefix(prefix) for relation in relations})


def _clean_up(connection: Connection, server: Server, is_published: bool) -> None:
    """Remove what an unfinished build left, where the server still answers; else the next build does.

    The rows of failed tests are kept until a build succeeds.
    """
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
            if is_published:
                schemas.remove(cursor, schemas.FAILED)
            elif schemas.keep_failures(cursor):
                print(
                    f"The rows of the failed tests are kept in the schema {schemas.FAILED} of {server}",
                    file=sys.stderr,
                )
            schemas.remove(cursor, f"{schemas.NEW}_")
    except psycopg2.Error:
        print("The unfinished schemas are left for the next build to remove", file=sys.stderr)


def summary(server: Server) -> str:
    """The headline table of the published warehouse, and where to look next."""
    with closing(connect(server)) as connection, connection.cursor() as cursor:

        def rows(query: str, parameters: dict[str, object]) -> list[tuple]:
            cursor.execute(re.sub(r"\$(\w+)", r"%(\1)s", query), parameters)
            return cursor.fetchall()

        with one_sentence(server, "reading the marts"):
            table = headline.figures(rows)
    look = [
        f"figures        psql -h {server.host} -p {server.port} -U {server.user} -d {server.database} "
        '-c "select * from marts.avvik_kmd_iplos"'
    ]
    return "\n".join([table, "", *headline.where_next(look)])
