"""A PostgreSQL server for all tests that ask for one, and a database of its own for each of them."""

from dataclasses import replace
from itertools import count

import pytest

from scripts.postgres import own_server

NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server():
    with own_server.own_server() as server:
        yield server


@pytest.fixture
def database(postgres_server):
    """A new database, in which the role may make schemas."""
    server = replace(postgres_server, database=f"proeve_{next(NUMBERS)}")
    own_server.make_database(server)
    return server
