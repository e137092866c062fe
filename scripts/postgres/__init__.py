"""The warehouse on a PostgreSQL server that several people share."""
