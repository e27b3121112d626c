"""Ends with 0 when a PostgreSQL server answers at DATABASE_URL's place, whatever the database's name."""

import os
import sys

import dj_database_url
import psycopg

place = dj_database_url.parse(os.environ["DATABASE_URL"])
try:
    with psycopg.connect(
        host=place["HOST"],
        port=place["PORT"] or 5432,
        user=place["USER"],
        password=place["PASSWORD"] or None,
        dbname="postgres",
        connect_timeout=3,
    ) as connection:
        connection.execute("SELECT 1")
except psycopg.OperationalError:
    sys.exit(1)
