"""Copy inndata (Parquet) into the schema of the server that dbt's sources name, all or nothing."""

import argparse
import io
import sys
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from scripts import catalogue, paths
from scripts.errors import UserError
from scripts.postgres import schemas
from scripts.postgres.server import Server, connect, from_environment, one_sentence

HELP = "Copy inndata into the schema inndata of a PostgreSQL database, for dbt build --target postgres."
SCHEMA = "inndata"
SOURCES = ("leveranser", *catalogue.SOURCES)
ROWS_AT_A_TIME = 50_000


def arguments(parser: argparse.ArgumentParser, folder: str = "folder whose inndata/ is copied") -> None:
    """The folder of the deliveries, and leave to replace real ones; the same for loading and building."""
    parser.add_argument(
        "--deliveries",
        type=Path,
        default=paths.DEMO,
        metavar="FOLDER",
        help=f"{folder} (default: data/demo)",
    )
    parser.add_argument(
        "--replace-real",
        action="store_true",
        help="let synthetic deliveries replace real ones",
    )
    parser.epilog = "The server is the one that PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE name."


def run(args: argparse.Namespace) -> int:
    """Copy and say how much."""
    server = from_environment()
    with closing(connect(server)) as connection:
        schemas.take_lock(connection, server)
        rows = load(connection, server, args.deliveries.resolve() / "inndata", args.replace_real)
    print(f"Copied {rows} rows into the schema {SCHEMA} of {server}.")
    return 0


def load(connection: Connection, server: Server, inndata: Path, replace_real: bool = False) -> int:
    """Replace the tables of the schema inndata in one transaction; gives the number of rows.

    A UserError leaves them as they were. Synthetic deliveries do not replace real ones unless asked to.
    """
    files = {source: sorted((inndata / source).glob("*.parquet")) for source in SOURCES}
    missing = [source for source in SOURCES if not files[source]]
    if missing:
        raise UserError(
            f"found no inndata of {', '.join(missing)} in {inndata}; "
            "run `make build`, or `python -m scripts ingest`"
        )
    total = 0
    with one_sentence(server, "copying inndata"), connection, connection.cursor() as cursor:
        cursor.execute("show server_encoding")
        [encoding] = cursor.fetchone()
        if encoding != "UTF8":
            raise UserError(f"{server} has the encoding {encoding}; expected UTF8")
        # A reader with an open transaction would hold this up without a word.
        cursor.execute("set local lock_timeout = '20s'")
        schemas.make(cursor, server, SCHEMA)
        schemas.check_dependents(cursor, server, [SCHEMA])
        _keep_the_real(cursor, server, files["leveranser"], replace_real)
        for source in SOURCES:
            table = sql.Identifier(SCHEMA, source)
            names = pq.read_schema(files[source][0]).names
            columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in names)
            cursor.execute(sql.SQL("drop table if exists {}").format(table))
            cursor.execute(sql.SQL("create table {} ({})").format(table, columns))
            copy = sql.SQL("copy {} from stdin with (format csv)").format(table)
            for file in files[source]:
                print(f"  {source}: {file.name}", file=sys.stderr, flush=True)
                for part in pq.ParquetFile(file).iter_batches(ROWS_AT_A_TIME, columns=names):
                    cursor.copy_expert(copy, _csv(part))
                    total += part.num_rows
            cursor.execute(sql.SQL("analyze {}").format(table))
    return total


def _csv(part: pa.RecordBatch) -> io.BytesIO:
    """The rows as PostgreSQL reads them: every text in quotes, null without."""
    buffer = io.BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
    pyarrow.csv.write_csv(part, buffer, options)
    buffer.seek(0)
    return buffer


def _keep_the_real(cursor: object, server: Server, notes: list[Path], replace_real: bool) -> None:
    only_synthetic = all(set(pq.read_table(note)["syntetisk"].to_pylist()) <= {"ja"} for note in notes)
    if replace_real or not only_synthetic:
        return
    for table in (f"{SCHEMA}.leveranser", "staging.stg_leveranse__fil"):
        cursor.execute("select to_regclass(%s) is not null", [table])
        if not cursor.fetchone()[0]:
            continue
        cursor.execute(f"select count(*) from {table} where syntetisk = 'nei'")
        [real] = cursor.fetchone()
        if real:
            raise UserError(
                f"{table} in {server} holds {real} real deliveries and synthetic ones would replace them; "
                "use another database, or ask for it with --replace-real"
            )
