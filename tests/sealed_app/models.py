"""One model with every kind of sealed field. Its table lives only inside the transaction of a test."""

import uuid

from django.db import models

from mediation.privacy.sealed import SealedDateField, SealedJSONField, SealedTextField
from mediation.privacy.searchkeys import SearchKeyField


class Confidant(models.Model):
    """Somebody with secrets."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField("标签", max_length=20, blank=True)
    name = SealedTextField("姓名", max_length=50)
    name_key = SearchKeyField("姓名检索键", source="name", kind="name")
    phone = SealedTextField("电话", null=True, blank=True)
    born_on = SealedDateField("出生日期", null=True, blank=True)
    facts = SealedJSONField("事实", null=True, blank=True)

    class Meta:
        app_label = "sealed_app"
        verbose_name = "知情人"
        verbose_name_plural = "知情人"
