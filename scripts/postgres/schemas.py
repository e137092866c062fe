"""The schemas of the warehouse on a server: which are ours, who may read them, and how they are replaced.

Published schemas have the project's own names (marts, staging ...). A build writes to schemas with a prefix
and renames them in one transaction when every test has passed: a reader sees the old warehouse or the new.
"""

import os
import sys
from itertools import count

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from scripts.errors import UserError
from scripts.postgres.server import Server, one_sentence

NEW = "kommbol_ny"
OLD = "kommbol_gammel"
FAILED = "kommbol_feilet"  # the rows that tests of a failed build stored
READABLE = ("marts", "publish")
MARK = "kommunale_boliger: made by python -m scripts, replaced whole by the next build"
# Views, functions, tables with a column of the row type, inheriting tables, foreign keys and policies.
DEPENDENTS = """
    with objects as (
        select
            pg_depend.refclassid,
            pg_depend.refobjid,
            case
                when view.oid is not null then 'view ' || cast(view.oid::regclass as text)
                else pg_describe_object(pg_depend.classid, pg_depend.objid, pg_depend.objsubid)
            end as dependent,
            coalesce(
                relation.relnamespace, view.relnamespace, pg_proc.pronamespace, pg_constraint.connamespace,
                of_policy.relnamespace, pg_type.typnamespace
            ) as namespace
        from pg_depend
        left join pg_class as relation
            on pg_depend.classid = 'pg_class'::regclass and pg_depend.objid = relation.oid
        left join pg_rewrite
            on pg_depend.classid = 'pg_rewrite'::regclass and pg_depend.objid = pg_rewrite.oid
        left join pg_class as view on pg_rewrite.ev_class = view.oid
        left join pg_proc on pg_depend.classid = 'pg_proc'::regclass and pg_depend.objid = pg_proc.oid
        left join pg_constraint
            on pg_depend.classid = 'pg_constraint'::regclass and pg_depend.objid = pg_constraint.oid
        left join pg_policy on pg_depend.classid = 'pg_policy'::regclass and pg_depend.objid = pg_policy.oid
        left join pg_class as of_policy on pg_policy.polrelid = of_policy.oid
        left join pg_type on pg_depend.classid = 'pg_type'::regclass and pg_depend.objid = pg_type.oid
        where pg_depend.deptype <> 'i'
    ),
    ours as (
        select oid from pg_namespace where nspname = any(%(names)s)
    )
    select distinct objects.dependent, pg_describe_object(objects.refclassid, objects.refobjid, 0)
    from objects
    left join pg_class as needed
        on objects.refclassid = 'pg_class'::regclass and objects.refobjid = needed.oid
    left join pg_type as row_type
        on objects.refclassid = 'pg_type'::regclass and objects.refobjid = row_type.oid
    where coalesce(needed.relnamespace, row_type.typnamespace) in (select oid from ours)
        and objects.namespace not in (select oid from ours)
    order by 1, 2
"""
LOCK = 7_013_013_2018  # any number that no other program takes
READER_VARIABLE = "KOMMBOL_LESER"


def reader() -> str:
    """The role that may read what is published."""
    return os.environ.get(READER_VARIABLE) or "kommbol_leser"


def take_lock(connection: Connection, server: Server) -> None:
    """Hold the warehouse of this database until the connection is closed; a second process is refused."""
    with one_sentence(server, "asking for the lock"), connection, connection.cursor() as cursor:
        # The connection is idle while dbt builds, and the lock must last as long.
        cursor.execute("set idle_session_timeout = 0")
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise UserError(
                f"another build or load is running in {server}; wait until it is done, then try again"
            )


def make(cursor: Cursor, server: Server, schema: str) -> None:
    """Make the schema and mark it as ours, unless it is there; a schema of somebody else is refused."""
    cursor.execute("select 1 from pg_namespace where nspname = %s", [schema])
    if cursor.fetchone():
        check_ours(cursor, server, [schema])
        return
    check_may_create(cursor, server)
    cursor.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    _mark(cursor, schema)


def check_may_create(cursor: Cursor, server: Server) -> None:
    """A UserError unless the role may make schemas in this database."""
    cursor.execute("select has_database_privilege(current_database(), 'create')")
    if not cursor.fetchone()[0]:
        raise UserError(
            f"{server.user} may not make schemas in {server}; an administrator gives the right with: "
            f"grant create on database {server.database} to {server.user}"
        )


def check_ours(cursor: Cursor, server: Server, names: list[str]) -> None:
    """A UserError where one of the schemas exists but is not this warehouse's, or not ours to replace."""
    cursor.execute(
        "select nspname, coalesce(obj_description(oid, 'pg_namespace'), ''), pg_get_userbyid(nspowner),"
        " pg_has_role(nspowner, 'usage') from pg_namespace where nspname = any(%s) order by nspname",
        [names],
    )
    for name, comment, owner, is_ours in cursor.fetchall():
        if comment != MARK:
            raise UserError(
                f"the schema {name} in {server} was not made by this warehouse and would be replaced; "
                "give the warehouse a database of its own"
            )
        if not is_ours:
            raise UserError(
                f"the schema {name} in {server} belongs to {owner}; {server.user} may not replace it"
            )


def remove(cursor: Cursor, prefix: str) -> list[str]:
    """Drop our schemas with this prefix; gives their names."""
    names = _with_prefix(cursor, prefix)
    for name in names:
        cursor.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(name)))
    return names


def keep_failures(cursor: Cursor) -> bool:
    """Keep the rows that failing tests of an unfinished build stored, in the place of those kept before.

    Gives whether there were any.
    """
    stored = f"{NEW}_feil"
    cursor.execute(
        "select 1 from pg_class join pg_namespace on relnamespace = pg_namespace.oid where nspname = %s",
        [stored],
    )
    if not cursor.fetchone():
        return False
    remove(cursor, FAILED)
    _rename(cursor, stored, FAILED)
    return True


def _with_prefix(cursor: Cursor, prefix: str) -> list[str]:
    cursor.execute(
        "select nspname from pg_namespace where starts_with(nspname, %s) and pg_has_role(nspowner, 'usage')"
        " order by nspname",
        [prefix],
    )
    return [name for (name,) in cursor.fetchall()]


def check_dependents(cursor: Cursor, server: Server, names: list[str]) -> None:
    """A UserError where something of somebody else needs a table that would be dropped, and would be lost."""
    cursor.execute(DEPENDENTS, {"names": names})
    found = cursor.fetchall()
    if found:
        listed = ", ".join(f"{dependent} (needs {table})" for dependent, table in found)
        raise UserError(
            f"{server} has objects that need tables which the build replaces, and they would be lost: "
            f"{listed}; drop them, or make them queries or tables that stand alone"
        )


def published(cursor: Cursor) -> list[str]:
    """The schemas of the published warehouse that are there now."""
    cursor.execute(
        "select nspname from pg_namespace where obj_description(oid, 'pg_namespace') = %s"
        " and nspname <> 'inndata' and not starts_with(nspname, %s) and not starts_with(nspname, %s)"
        " order by nspname",
        [MARK, f"{NEW}_", OLD],
    )
    return [name for (name,) in cursor.fetchall()]


def publish(connection: Connection, server: Server, names: list[str]) -> None:
    """Put the new schemas in the place of the published ones, in one transaction."""
    with one_sentence(server, "publishing"), connection, connection.cursor() as cursor:
        check_ours(cursor, server, names)
        former = published(cursor)
        check_ours(cursor, server, former)
        check_dependents(cursor, server, former)
        # What an earlier build could not drop keeps its name.
        kept = _with_prefix(cursor, OLD)
        number = next(n for n in count() if not any(name.startswith(f"{OLD}{n}_") for name in kept))
        for name in former:
            _rename(cursor, name, f"{OLD}{number}_{name}")
        for name in names:
            _rename(cursor, f"{NEW}_{name}", name)
            _mark(cursor, name)
        _let_read(cursor, server, names)


def _rename(cursor: Cursor, old: str, new: str) -> None:
    cursor.execute(sql.SQL("alter schema {} rename to {}").format(sql.Identifier(old), sql.Identifier(new)))


def _mark(cursor: Cursor, name: str) -> None:
    cursor.execute(sql.SQL("comment on schema {} is {}").format(sql.Identifier(name), sql.Literal(MARK)))


def _let_read(cursor: Cursor, server: Server, names: list[str]) -> None:
    """Give the reader role what is published, and check that it sees nothing below."""
    role = reader()
    cursor.execute("select 1 from pg_roles where rolname = %s", [role])
    if not cursor.fetchone():
        print(
            f"Note: there is no role {role}, so only {server.user} can read the warehouse; "
            f"an administrator makes it with: create role {role}",
            file=sys.stderr,
        )
        return
    for name in set(names) & set(READABLE):
        # Default privileges may have given more than reading.
        for grant in (
            "revoke all on all tables in schema {} from {}",
            "grant usage on schema {} to {}",
            "grant select on all tables in schema {} to {}",
        ):
            cursor.execute(sql.SQL(grant).format(sql.Identifier(name), sql.Identifier(role)))
    cursor.execute(
        "select nspname from pg_namespace where nspname = any(%s) and has_schema_privilege(%s, oid, 'usage')"
        " order by nspname",
        [[name for name in [*names, "inndata"] if name not in READABLE], role],
    )
    below = [name for (name,) in cursor.fetchall()]
    if below:
        raise UserError(
            f"the role {role} can see {', '.join(below)} in {server}; expected only "
            f"{' and '.join(READABLE)}: take its other rights away, or name another with {READER_VARIABLE}"
        )


def drop_former(connection: Connection, server: Server) -> None:
    """Drop the schemas that were replaced; what somebody still reads or needs is left for a later build."""
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
            check_dependents(cursor, server, _with_prefix(cursor, OLD))
            remove(cursor, OLD)
    except UserError as error:
        print(f"Note: former tables are kept: {error}", file=sys.stderr)
    except psycopg2.Error:
        print("Note: somebody still reads the former tables; a later build removes them", file=sys.stderr)
