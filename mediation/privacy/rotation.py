"""Changing keys: every sealed value and file is sealed again under the active key, in batches.

Each value names its key, so a run that was stopped simply finds less to do next time. A value somebody saved in the
meantime is left alone (it already carries the active key), and a broken one is reported and left as evidence.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from mediation.privacy import vault
from mediation.privacy.envelope import SealBroken
from mediation.privacy.keys import key_ring
from mediation.privacy.sealed import Sealed, SealedField, sealed_fields


@dataclass
class RotationReport:
    """How many values or files were sealed again, and the places of those that do not open."""

    resealed: int = 0
    broken: list[str] = field(default_factory=list)


def sealed_models() -> list[type[models.Model]]:
    """The installed models that have sealed fields in their own table."""
    return [model for model in apps.get_models() if model._meta.managed and sealed_fields(model)]


def rotate_rows(
    of: Iterable[type[models.Model]], *, batch: int = 500, on_batch: Callable[[int], None] = lambda count: None
) -> RotationReport:
    """Seal the values of these models again, one short transaction a batch; ``on_batch`` hears the running total."""
    report = RotationReport()
    for model in of:
        for rows in _batches(model, batch):
            with transaction.atomic():
                for row in rows:
                    _rotate_row(model, row, report)
            on_batch(report.resealed)
    return report


def rotate_papers(*, on_file: Callable[[int], None] = lambda count: None) -> RotationReport:
    """Seal the files of the vault again; each is replaced in one step, so readers see the old or the new file."""
    report = RotationReport()
    active = key_ring().active
    for path in vault.stored_paths():
        try:
            if vault.key_id(path) != active:
                vault.reseal(path)
                report.resealed += 1
        except (SealBroken, OSError):
            report.broken.append(path)
        on_file(report.resealed)
    return report


def reseal(field: SealedField, sealed: Sealed, uid: UUID) -> Sealed | None:
    """A new seal for the same value under the active key."""
    return field.seal(field.open(sealed, uid), uid)


def _batches(model: type[models.Model], size: int) -> Iterator[Sequence[dict[str, Any]]]:
    names = [sealed.attname for sealed in sealed_fields(model)]
    rows = model._base_manager.order_by("pk").values("pk", "uid", *names)
    last = None
    while found := list(rows.filter(pk__gt=last)[:size] if last is not None else rows[:size]):
        yield found
        last = found[-1]["pk"]


def _rotate_row(model: type[models.Model], row: dict[str, Any], report: RotationReport) -> None:
    active = key_ring().active
    for column in sealed_fields(model):
        old = row[column.attname]
        try:
            if old is None or old.key_id == active:
                continue
            new = reseal(column, old, row["uid"])
        except SealBroken:
            report.broken.append(f"{model._meta.label}.{column.name} pk={row['pk']}")
            continue
        unchanged = model._base_manager.filter(pk=row["pk"], **{column.attname: Sealed(old.envelope)})
        report.resealed += unchanged.update(**{column.attname: new})
