"""Documents that we produce (文书): numbered when they are asked for, rendered by the worker, never overwritten."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.documents.catalogue import CATALOGUE
from mediation.documents.numbering import NumberSeries  # noqa: F401  # Django finds the model here
from mediation.organisations.models import Organisation
from mediation.privacy.sealed import SealedJSONField
from workflow.companions import DOCUMENT, DocumentTurns


class Edition(models.TextChoices):
    """An agreement exists twice under one number: as people sign it, and as it is in force (ADR 19)."""

    TO_SIGN = "to_sign", "签署文本"
    IN_FORCE = "in_force", "生效文本"


class IssuedDocument(DocumentTurns, models.Model):  # type: ignore[misc,valid-type]  # the mixin is built from the table
    """One document of a case. What it says is frozen, sealed, when the step asks for it; the PDF follows.

    ``number`` is given once and never used again; a void document keeps it, and an agreement in force has that of the text
    which was signed. ``sha256`` is of the PDF as people get it.
    ``side`` and ``hospital`` name the addressee; a document to nobody in particular has neither.
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="documents", verbose_name="案件")
    kind = models.CharField("种类", max_length=32)
    state = DOCUMENT.field()
    number = models.CharField("文书编号", max_length=40, blank=True)
    edition = models.CharField("文本", max_length=8, choices=Edition, blank=True)
    event_seq = models.PositiveIntegerField("来自记录")
    dated_on = models.DateField("落款日期")
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    side = models.CharField("送达一方", max_length=10, choices=codes.Side, blank=True)
    hospital = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="医疗机构")
    says = SealedJSONField("内容")
    template_version = models.CharField("模板版本", max_length=32, blank=True)
    file_uid = models.UUIDField("文件标识", null=True)
    stored = models.CharField("存放位置", max_length=120, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    page_count = models.PositiveSmallIntegerField("页数", null=True)
    rendered_at = models.DateTimeField("生成时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "文书"
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["number", "edition"], condition=~Q(number=""), name="document_number_once"),
            models.CheckConstraint(
                name="document_file_has_digest", condition=Q(stored="") | (~Q(sha256="") & Q(file_uid__isnull=False))
            ),
        ]

    @property
    def title(self) -> str:
        """The title of its kind; of an agreement also which of its two texts this is."""
        title = CATALOGUE[self.kind].title
        return f"{title}（{self.get_edition_display()}）" if self.edition else title
