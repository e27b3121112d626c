"""What mediators do with people: the rights notice, investigations and meetings."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.record import Paper
from mediation.organisations.models import Organisation
from mediation.privacy.sealed import SealedJSONField, SealedTextField


class RightsNotice(models.Model):
    """A side has signed the notice of rights and duties; no meeting may be held before both have (R06)."""

    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="rights_notices", verbose_name="案件")
    side = models.CharField("一方", max_length=10, choices=codes.Side)
    hospital = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="医疗机构")
    signed_on = models.DateField("签收日期")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="签收件")
    superseded = models.BooleanField("因变更当事人须重新告知", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "权利义务告知签收"
        default_permissions = ()


class Investigation(models.Model):
    """An investigation record (调查笔录): whom, when, where, what was said, signed."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="investigations", verbose_name="案件")
    on = models.DateField("调查日期")
    began = models.TimeField("开始时间", null=True)
    place = models.CharField("地点", max_length=120)
    side = models.CharField("被调查人所属", max_length=10, choices=codes.Side)
    person = SealedTextField("被调查人")
    present = SealedTextField("在场人", null=True)
    content = SealedTextField("内容")
    recorder = models.CharField("记录人", max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="调查人")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="签名件")

    class Meta:
        verbose_name = verbose_name_plural = "调查笔录"
        default_permissions = ()
        ordering = ["on", "id"]


class Meeting(models.Model):
    """A mediation meeting: planned with its invitation, held with its record (调解笔录)."""

    class Result(models.TextChoices):
        PLANNED = "planned", "待召开"
        AGREED = "agreed", "达成一致"
        AGAIN = "again", "再次调解"
        FAILED = "failed", "未达成一致"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="meetings", verbose_name="案件")
    at = models.DateTimeField("时间")
    place = models.CharField("地点", max_length=120)
    patient_count = models.PositiveSmallIntegerField("患方人数", default=1)
    hospital_count = models.PositiveSmallIntegerField("医方人数", default=1)
    attendance = SealedJSONField("到会人员", null=True)
    objection = SealedTextField("当事人对调解员的意见", null=True)
    content = SealedTextField("笔录正文", null=True)
    result = models.CharField("结果", max_length=10, choices=Result, default=Result.PLANNED)
    recorder = models.CharField("记录人", max_length=40, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="签名件")

    class Meta:
        verbose_name = verbose_name_plural = "调解会"
        default_permissions = ()
        ordering = ["at", "id"]
