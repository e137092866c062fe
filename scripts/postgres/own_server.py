"""A PostgreSQL server of our own, in a folder of its own on a loopback port, gone when the block ends.

Its database sorts text in Norwegian, as that of an institution here would: the order of texts must not move
a figure.
"""

import argparse
import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg2
from psycopg2 import sql

from scripts import compare, paths
from scripts.build import stop_on_signal
from scripts.errors import UserError
from scripts.postgres import build, schemas
from scripts.postgres.server import Server, connect

HELP = "Build the warehouse on a PostgreSQL server of its own and compare its marts with the published file."

OLDEST = 15  # the first version whose databases can sort by ICU
START_SECONDS = 30
PACKAGE = "postgresql"
BUILDER = "kommbol"
DATABASE = "kommunale_boliger"

# Nothing here outlives the test, so nothing has to reach the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "jit": "off",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: the server is made and removed, and both sides are the demonstration delivery."""


def run(args: argparse.Namespace) -> int:
    """Build there, compare with the published warehouse file, and remove the server."""
    stop_on_signal()
    if not paths.WAREHOUSE.exists():
        raise UserError(f"found no warehouse at {paths.WAREHOUSE}; run `make build` first")
    print("[1/5] server: a PostgreSQL server of its own, which is removed afterwards", file=sys.stderr)
    with own_server() as server:
        build.build(paths.ROOT, server, paths.DEMO / "inndata")
        print("Comparing every cell of the public marts with the warehouse file ...", file=sys.stderr)
        equal = compare.compare(paths.WAREHOUSE, server, compare.FOLDER)
    print(equal)
    return 0


@contextmanager
def own_server() -> Iterator[Server]:
    """A running server with an empty database; the role to use owns no more than the right to make schemas.

    The superuser has the name `postgres` and the same password. A UserError says why there is none.
    """
    programs = find_programs()
    owner = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="kommbol-postgres-"))
    try:
        password = secrets.token_hex(16)
        _make_cluster(programs, folder, owner, password)
        for attempt in (1, 2, 3):
            port = _free_port()
            process = _start(programs, folder, owner, port)
            try:
                if _is_up(process, port, password):
                    yield _with_database(port, password)
                    return
            finally:
                _stop(process)
            if attempt == 3:
                raise UserError(f"the PostgreSQL server did not start: {_last_line(folder / 'log')}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_programs() -> Path:
    """The folder of the newest server programs; Debian's package is installed where they are missing."""
    programs = _installed()
    if programs is None:
        _install()
        programs = _installed()
    if programs is None:
        raise UserError(f"the package {PACKAGE} brought no server programs; expected initdb and postgres")
    version = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[2]
    if int(version.split(".")[0]) < OLDEST:
        raise UserError(f"PostgreSQL {version} is found in {programs}; expected {OLDEST} or newer")
    return programs


def _installed() -> Path | None:
    """Debian keeps each version in a folder outside the path, other systems in the path."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda path: int(path.parent.name),
    )
    if found:
        return found[-1]
    program = shutil.which("initdb")
    return Path(program).resolve().parent if program else None


def _install() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise UserError(
            f"PostgreSQL's server programs are not installed; install Debian's package {PACKAGE} "
            f"(sudo apt-get install {PACKAGE}), or what your system calls it"
        )
    print(f"PostgreSQL is not installed: installing Debian's package {PACKAGE} ...", file=sys.stderr)
    for command in (["update"], ["install", "--yes", "--no-install-recommends", PACKAGE]):
        done = subprocess.run(
            ["apt-get", "--quiet", "--quiet", *command],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            last = (done.stderr.strip() or "no reason given").splitlines()[-1]
            raise UserError(f"apt-get {command[0]} failed while installing {PACKAGE}: {last}")


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as: root may not, everybody else runs it themselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise UserError("root may not run a PostgreSQL server; expected a user postgres or nobody to run it as")


def _as(owner: pwd.struct_passwd | None) -> dict[str, object]:
    """Arguments of subprocess that run a program as this user."""
    return {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _make_cluster(programs: Path, folder: Path, owner: pwd.struct_passwd | None, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    if owner is not None:
        for path in (folder, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    locale = ["--locale-provider=icu", "--icu-locale=nb-NO", "--locale=C", "--encoding=UTF8"]
    access = ["--auth=scram-sha-256", "--username=postgres", f"--pwfile={secret}"]
    done = subprocess.run(
        [programs / "initdb", f"--pgdata={folder / 'data'}", "--no-sync", *locale, *access],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        **_as(owner),
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise UserError(f"the PostgreSQL server could not be made in {folder}: {last}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _start(programs: Path, folder: Path, owner: pwd.struct_passwd | None, port: int) -> subprocess.Popen:
    settings = {**SETTINGS, "port": str(port)}
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data"]
            + [part for name, value in settings.items() for part in ("-c", f"{name}={value}")],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C is for us: we stop the server when we are done with it.
            start_new_session=True,
            preexec_fn=_end_with_the_parent if sys.platform == "linux" else None,
            **_as(owner),
        )


def _end_with_the_parent() -> None:
    """Have the kernel stop this process when its parent dies, however it does."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)


def _is_up(process: subprocess.Popen, port: int, password: str) -> bool:
    """Wait until the server answers; False when it ended instead."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg2.connect(
                host="127.0.0.1", port=port, user="postgres", password=password, dbname="postgres"
            ).close()
            return True
        except psycopg2.OperationalError:
            time.sleep(0.1)
    return False


def _with_database(port: int, password: str) -> Server:
    """Make the roles and the database as an administrator would."""
    server = Server("127.0.0.1", port, BUILDER, password, DATABASE)
    with closing(connect(administrator(server))) as connection:
        connection.autocommit = True
        for role in (BUILDER, schemas.reader()):
            connection.cursor().execute(
                sql.SQL("create role {} login password {}").format(
                    sql.Identifier(role), sql.Literal(password)
                )
            )
    make_database(server)
    return server


def administrator(server: Server) -> Server:
    """The superuser of this server, which a shared one would not let us be."""
    return replace(server, user="postgres", database="postgres")


def make_database(server: Server) -> None:
    """Make the database that `server` names, in which its user may make schemas."""
    database, role = sql.Identifier(server.database), sql.Identifier(server.user)
    with closing(connect(administrator(server))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(sql.SQL("create database {}").format(database))
        cursor.execute(sql.SQL("grant create on database {} to {}").format(database, role))


def _stop(process: subprocess.Popen) -> None:
    """The fast way: open connections are cut."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=START_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it wrote no log"
