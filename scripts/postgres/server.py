"""Which PostgreSQL server and database, connecting to it, and its errors in one sentence."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import connection as Connection

from scripts.errors import UserError

CONNECT_SECONDS = 10
VARIABLES = "PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE"


@dataclass(frozen=True)
class Server:
    """A database on a server and the role to use, as the variables that psql reads say."""

    host: str
    port: int
    user: str
    password: str
    database: str

    def __str__(self) -> str:
        return f"the database {self.database} on {self.host}:{self.port}"

    def environment(self) -> dict[str, str]:
        """The same variables, for a child process."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGDATABASE": self.database,
        }


def from_environment(environment: Mapping[str, str] = os.environ) -> Server:
    """The server that the environment names; a UserError where it does not name one."""
    missing = [name for name in ("PGUSER", "PGDATABASE") if not environment.get(name)]
    if missing:
        raise UserError(
            f"{' and '.join(missing)} not set; expected {VARIABLES} to name the database and the role to use"
        )
    port = environment.get("PGPORT") or "5432"
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise UserError(f"PGPORT is '{port}'; expected a number from 1 to 65535")
    return Server(
        host=environment.get("PGHOST") or "localhost",
        port=int(port),
        user=environment["PGUSER"],
        password=environment.get("PGPASSWORD", ""),
        database=environment["PGDATABASE"],
    )


def connect(server: Server) -> Connection:
    """An open connection; a UserError says why there is none."""
    try:
        return psycopg2.connect(
            host=server.host,
            port=server.port,
            user=server.user,
            password=server.password,
            dbname=server.database,
            connect_timeout=CONNECT_SECONDS,
            keepalives_idle=30,
            application_name="kommunale_boliger",
            client_encoding="UTF8",
        )
    except psycopg2.OperationalError as error:
        raise UserError(
            f"no connection to {server} as {server.user}: {_reason(error)}; expected {VARIABLES} "
            "to name a database and a role that may use it"
        ) from error


@contextmanager
def one_sentence(server: Server, doing: str) -> Iterator[None]:
    """Turn an error of the server into one sentence that says what was being done, and where."""
    try:
        yield
    except psycopg2.Error as error:
        if _is_lost(error):
            raise UserError(f"the connection to {server} was lost while {doing}") from error
        raise UserError(f"{doing} failed in {server}: {_reason(error)}") from error


def _is_lost(error: psycopg2.Error) -> bool:
    """No answer from the server (no code), or one of its codes for an end of the connection."""
    if not isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError):
        return False
    return error.pgcode is None or error.pgcode.startswith(("08", "57P"))


def _reason(error: psycopg2.Error) -> str:
    """The server's own words in one line, the decisive line where several addresses were tried."""
    if error.diag.message_primary:
        detail = (error.diag.message_detail or "").splitlines()
        return f"{error.diag.message_primary} ({detail[0]})" if detail else error.diag.message_primary
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or ["no reason given"]
    return next((line for line in lines if "FATAL" in line), lines[0])
