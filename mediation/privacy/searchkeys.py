"""Finding sealed values without opening them: a keyed hash of the normalised value, equal for equal values only.

Exact matches only: the hash of a part of a name says nothing about the hash of the whole.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.lookups import Exact

from mediation.privacy.identity import normalise_id_no, normalise_phone
from mediation.privacy.keys import keyed_search_digest
from mediation.privacy.sealed import Sealed

NAMELESS = ("匿名", "市民", "群众", "居民", "村民", "网友", "来电人", "先生", "女士", "匿名用户", "未留姓名", "不详")
_NAME_FILLERS = re.compile(r"[\s·•‧・･]+")


def normalise_name(value: str) -> str:
    """NFKC without spaces and middle dots; Latin letters lose their case."""
    return _NAME_FILLERS.sub("", unicodedata.normalize("NFKC", value)).casefold()


_NORMALISERS = {"phone": normalise_phone, "id_no": normalise_id_no, "name": normalise_name}


def search_key(kind: str, value: str | None) -> str | None:
    """The search key (64 hexadecimal digits) of a "phone", "id_no" or "name"; None when there is nothing to find."""
    if kind not in _NORMALISERS:
        raise ValueError(f"不认识的检索键种类：{kind}")
    normalised = _NORMALISERS[kind](value or "")
    return keyed_search_digest(kind, normalised) if normalised else None


@lru_cache(maxsize=1)
def nameless_keys() -> frozenset[str]:
    """The search keys of what stands in the place of a name: the same for everybody, so it says nothing."""
    return frozenset(key for word in NAMELESS if (key := search_key("name", word)))


class SearchKeyField(models.CharField):
    """The column of a search key.

    With ``source`` (a sealed field of the same model) and ``kind`` it follows that field on every save; a save with
    ``update_fields`` has to name both.
    """

    _pyi_private_set_type: Any  # for the type checker: null is the default here
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, source: str = "", kind: str = "", **kwargs: Any) -> None:
        if bool(source) != bool(kind) or (kind and kind not in _NORMALISERS):
            raise ValueError("SearchKeyField needs a known kind together with its source, or neither.")
        self.source, self.kind = source, kind
        defaults = {"max_length": 64, "db_index": True, "null": True, "blank": True, "editable": False}
        super().__init__(*args, **{**defaults, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.source:
            kwargs.update(source=self.source, kind=self.kind)
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 — Django's signature
        if not self.source:
            return super().pre_save(model_instance, add)
        held = model_instance.__dict__.get(self.source)
        unopened = isinstance(held, Sealed) and not held.is_open
        deferred = self.source not in model_instance.__dict__
        if not deferred and (add or not unopened):
            setattr(model_instance, self.attname, search_key(self.kind, getattr(model_instance, self.source)))
        return getattr(model_instance, self.attname)


@SearchKeyField.register_lookup
class _KeyIs(Exact):
    """Equality that finds nothing for None. Django would read ``name_key=None`` as "has no name", and a search for
    a blank would find everybody without one."""

    can_use_none_as_rhs = True

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if self.rhs is None:
            raise EmptyResultSet
        return super().as_sql(compiler, connection)
