"""Appraisal (鉴定): the only thing that stops the 30 working days. Expert consultation will live here and never stops them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from mediation.cases.case import DisputeCase
from mediation.cases.record import Paper
from mediation.privacy.sealed import SealedTextField
from workflow.companions import APPRAISAL, AppraisalTurns


class Entrusting(models.TextChoices):
    JOINT = "joint", "医患双方共同委托"
    COMMITTEE = "committee", "经双方同意由医调委委托"


class Degree(models.TextChoices):
    """The six words of 医疗损害解释 art. 12; the law fixes the words, not percentages."""

    FULL = "full", "全部原因"
    MAIN = "main", "主要原因"
    EQUAL = "equal", "同等原因"
    MINOR = "minor", "次要原因"
    SLIGHT = "slight", "轻微原因"
    NONE = "none", "无因果关系"


class Appraisal(AppraisalTurns, models.Model):  # type: ignore[misc,valid-type]  # the mixin is built from the table
    """One appraisal: entrusted by both or with both sides' consent (R12), answered by an opinion with four parts."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="appraisals", verbose_name="案件")
    state = APPRAISAL.field()
    entrusting = models.CharField("委托方式", max_length=12, choices=Entrusting)
    institution = models.CharField("鉴定机构", max_length=120)
    questions = SealedTextField("委托事项")
    patient_consent_on = models.DateField("患方同意日期")
    hospital_consent_on = models.DateField("医方同意日期")
    entrusted_on = models.DateField("委托日期")
    patient_prepaid_amount = models.DecimalField("患方预缴（元）", max_digits=12, decimal_places=2, default=0)
    hospital_prepaid_amount = models.DecimalField("医方预缴（元）", max_digits=12, decimal_places=2, default=0)
    entrustment = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="委托书")
    ended_on = models.DateField("结束日期", null=True)
    opinion_no = models.CharField("意见书编号", max_length=60, blank=True)
    damage = SealedTextField("损害及程度", null=True)
    fault = SealedTextField("医疗过错", null=True)
    causation = SealedTextField("因果关系", null=True)
    degree = models.CharField("责任程度", max_length=8, choices=Degree, blank=True)
    opinion = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="鉴定意见书")

    class Meta:
        verbose_name = verbose_name_plural = "鉴定"
        default_permissions = ()
        ordering = ["entrusted_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_on=None), name="one_running_appraisal"),
        ]
