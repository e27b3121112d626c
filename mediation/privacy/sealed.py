"""Model fields that are encrypted in the database and open only when somebody looks at them.

A model with sealed fields has ``uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)``; every value
is bound to "<table>.<column>.<uid>". Reading a row does not decrypt: the instance holds a :class:`Sealed`, and only
``instance.field`` opens it (and keeps it open for that instance). NULL stays NULL; the empty text is sealed too.

What cannot work is refused instead of storing plaintext: ``QuerySet.update(field=…)``, ``bulk_update`` and ``loaddata``
have no row to bind to, and a filter cannot look inside (find rows through a ``SearchKeyField``). Lists that show sealed
values must load ``uid`` as well. Renaming the table or column needs a migration that seals the values again.
"""

import copy
import datetime as dt
import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import cached_property

from mediation.privacy.envelope import (
    SealBroken,
    open_bytes,
    open_stream,
    open_value,
    seal_bytes,
    seal_stream,
    seal_value,
    value_key_id,
)
from mediation.privacy.keys import keyed_digest

__all__ = [
    "SealBroken",
    "Sealed",
    "SealedDateField",
    "SealedField",
    "SealedJSONField",
    "SealedTextField",
    "keyed_digest",
    "open_bytes",
    "open_stream",
    "seal_bytes",
    "seal_stream",
    "sealed_fields",
]

_CLOSED: Any = object()
Codec = tuple[Callable[[Any], bytes], Callable[[bytes], Any]]


class Sealed:
    """One value, sealed, open, or both. Neither ``repr`` nor ``str`` nor a pickle ever contains the plaintext."""

    __slots__ = ("_encoded", "context", "envelope", "plain")

    def __init__(self, envelope: bytes | None, plain: Any = _CLOSED) -> None:
        self.envelope = envelope
        self.plain = plain
        self.context: str | None = None
        self._encoded: bytes | None = None

    @property
    def is_open(self) -> bool:
        return self.plain is not _CLOSED

    @property
    def key_id(self) -> str | None:
        """The id of the key it is sealed under; None while it has not been saved."""
        return None if self.envelope is None else value_key_id(self.envelope)

    def opened(self, context: str, codec: Codec) -> Any:
        """The plaintext; raises SealBroken when the envelope does not belong to ``context``."""
        if not self.is_open:
            self._encoded = open_value(self.envelope or b"", context)
            self.plain, self.context = codec[1](self._encoded), context
        return self.plain

    def sealed(self, context: str, codec: Codec) -> "Sealed":
        """Itself, sealed for ``context``: again only if the open value or its place has changed."""
        encoded = codec[0](self.opened(context, codec))
        if self.envelope is None or self.context != context or self._encoded != encoded:
            self.envelope, self.context, self._encoded = seal_value(encoded, context), context, encoded
        return self

    def __repr__(self) -> str:
        return "<已加密>"

    def __deepcopy__(self, memo: dict[int, Any]) -> "Sealed":
        return Sealed(None, copy.deepcopy(self.plain, memo)) if self.is_open else Sealed(self.envelope)

    def __reduce__(self) -> tuple[Any, ...]:
        if self.envelope is None:
            raise TypeError("尚未保存的加密字段不能被序列化。")
        return Sealed, (self.envelope,)


class SealedAttribute(DeferredAttribute):
    """Opens on reading, keeps plaintext away from ``instance.__dict__`` on assignment; loads a deferred field."""

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.__dict__[self.field.attname] = self._load(instance)
        held = instance.__dict__[self.field.attname]
        return self.field.open(held, instance.uid) if isinstance(held, Sealed) else held  # type: ignore[attr-defined]

    def _load(self, instance: models.Model) -> Sealed | None:
        """Fetch a deferred value sealed: ``refresh_from_db`` would open it and need a second query for the uid."""
        rows = type(instance)._base_manager.db_manager(instance._state.db).filter(pk=instance.pk)
        return rows.values_list(self.field.attname, flat=True).get()

    def __set__(self, instance: models.Model, value: Any) -> None:
        held = instance.__dict__.get(self.field.attname)
        if isinstance(held, Sealed) and held.is_open and held.plain is value:
            return
        wrapped = value if value is None or isinstance(value, Sealed) else Sealed(None, value)
        instance.__dict__[self.field.attname] = wrapped


class SealedField(models.Field):
    """What the sealed fields share; use one of its three subclasses."""

    empty_strings_allowed = False
    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def decode(self, data: bytes) -> Any:
        raise NotImplementedError

    def context(self, uid: Any) -> str:
        """What a value of this column in the row ``uid`` is bound to."""
        row = uid if isinstance(uid, uuid.UUID) else uuid.UUID(str(uid))
        return f"{self.model._meta.db_table}.{self.column}.{row}"

    def open(self, sealed: Sealed | None, uid: Any) -> Any:
        """The plaintext of a value read with ``values()``: for lists and exports that make no instances."""
        return None if sealed is None else sealed.opened(self.context(uid), self._codec)

    def seal(self, value: Any, uid: Any) -> Sealed | None:
        """A value sealed for the row ``uid``, for ``QuerySet.update`` and hand-written SQL (``.envelope``)."""
        value = self.to_python(value)
        return None if value is None else Sealed(None, value).sealed(self.context(uid), self._codec)

    @cached_property
    def _codec(self) -> Codec:
        return self.encode, self.decode

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Sealed | None:
        if value is None:
            return None
        return Sealed(value.encode("utf-8", "surrogatepass") if isinstance(value, str) else bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:  # noqa: FBT001 — Django's signature
        held = model_instance.__dict__.get(self.attname)
        if not isinstance(held, Sealed) or (not held.is_open and not add):
            return held
        if held.envelope is None:
            held.plain = self._assigned(held.plain)
        return held.sealed(self.context(model_instance.uid), self._codec)  # type: ignore[attr-defined]

    def _assigned(self, value: Any) -> Any:
        if hasattr(value, "resolve_expression"):
            raise TypeError(f"{self.model.__name__}.{self.name} 是加密字段：不能写入数据库表达式。")
        return self.to_python(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only "is it there" and "is it this very envelope": LIKE on ciphertext would silently find nothing."""
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        if isinstance(value, Sealed) and value.envelope is not None:
            return value.envelope
        raise TypeError(f"{self.model.__name__}.{self.name} 是加密字段：只能通过 save() 写入，查找请用检索键。")

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: FBT001 — Django's signature
    ) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value)  # type: ignore[attr-defined]

    def value_to_string(self, obj: models.Model) -> str:
        """For ``dumpdata``: the envelope in hexadecimal, never the plaintext."""
        sealed = self.pre_save(obj, add=False)
        return "" if sealed is None or sealed.envelope is None else sealed.envelope.hex()

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_uid(), *self._check_unindexed()]

    def _check_uid(self) -> list[checks.CheckMessage]:
        try:
            uid = self.model._meta.get_field("uid")
        except FieldDoesNotExist:
            uid = None
        if isinstance(uid, models.UUIDField) and uid.unique and not uid.null:
            return []
        return [checks.Error("含加密字段的模型必须有唯一的 uid（UUIDField）。", obj=self, id="privacy.E001")]

    def _check_unindexed(self) -> list[checks.CheckMessage]:
        if not (getattr(self, "db_index", False) or self.unique or self.primary_key):
            return []
        return [checks.Error("加密字段不能建索引或设为唯一，请用 SearchKeyField。", obj=self, id="privacy.E002")]


class SealedTextField(SealedField):
    """Text; ``max_length`` counts characters of the plaintext."""

    empty_strings_allowed = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def to_python(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else str(value)

    def encode(self, value: str) -> bytes:
        try:
            return value.encode("utf-8")
        except UnicodeEncodeError:
            raise ValidationError("文字中含有无效字符。", code="invalid") from None

    def decode(self, data: bytes) -> str:
        return data.decode("utf-8")


class SealedDateField(SealedField):
    """A date without time."""

    def to_python(self, value: Any) -> dt.date | None:
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        try:
            return dt.date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise ValidationError("请填写有效的日期，格式为 年-月-日。", code="invalid") from error

    def encode(self, value: dt.date) -> bytes:
        return value.isoformat().encode("ascii")

    def decode(self, data: bytes) -> dt.date:
        return dt.date.fromisoformat(data.decode("ascii"))


class SealedJSONField(SealedField):
    """Plain JSON (objects, lists, text, numbers, true, false); a change inside the value is noticed on save."""

    empty_values = [None, "", [], {}]

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")

    def decode(self, data: bytes) -> Any:
        return json.loads(data)


def sealed_fields(model: type[models.Model]) -> Sequence[SealedField]:
    """The sealed columns of a model's own table."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, SealedField)]
