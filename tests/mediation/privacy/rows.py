"""Rows of the test model, seen through the model and as the database has them."""

from typing import Any

from django.db import connection

from tests.sealed_app.models import Confidant

OLD, NEW = "11" * 32, "22" * 32


def make(**facts: Any) -> Confidant:
    return Confidant.objects.create(**{"name": "张示例", "phone": "13800138000", **facts})


def raw(person: Confidant, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM sealed_app_confidant WHERE id = %s", [person.pk])
        return bytes(cursor.fetchone()[0])


def write_raw(person: Confidant, column: str, value: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE sealed_app_confidant SET {column} = %s WHERE id = %s",
            [connection.Database.Binary(value), person.pk],
        )


def reread(person: Confidant) -> Confidant:
    return Confidant.objects.get(pk=person.pk)


def held(person: Confidant, field: str) -> Any:
    return person.__dict__[field]
