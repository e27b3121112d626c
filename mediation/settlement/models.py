"""Agreements, their four marks, instalments, follow-up visits and judicial confirmation."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.record import Paper
from mediation.organisations.models import Organisation
from mediation.privacy.sealed import SealedTextField
from workflow.companions import INSTALMENT, InstalmentTurns


class AgreementKind(models.TextChoices):
    """Three different papers for three different tables (law.md 0.8)."""

    SETTLEMENT = "settlement", "和解协议书"
    TOWN_MEDIATION = "town_mediation", "镇街人民调解协议书"
    MEDIATION = "mediation", "人民调解协议书"
    SUPPLEMENT = "supplement", "补充协议书"


class Manner(models.TextChoices):
    TRANSFER = "transfer", "银行转账"
    CASH = "cash", "当场付现"
    OTHER = "other", "其他"


class Agreement(models.Model):
    """A written agreement with the contents the law demands (调解法 29, R16). Oral agreements do not exist here (R20)."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="agreements", verbose_name="案件")
    kind = models.CharField("种类", max_length=16, choices=AgreementKind)
    drafted_on = models.DateField("拟定日期")
    superseded = models.BooleanField("已作废或被替代", default=False)
    facts = SealedTextField("主要事实")
    issues = SealedTextField("争议事项")
    responsibility = SealedTextField("各方责任")
    content = SealedTextField("协议内容")
    manner = models.CharField("履行方式", max_length=10, choices=Manner)
    place = models.CharField("履行地点", max_length=120)
    perform_by = models.DateField("履行期限")
    other_obligations = SealedTextField("其他约定事项", null=True)
    total_amount = models.DecimalField("协议金额（元）", max_digits=14, decimal_places=2)
    hospital_amount = models.DecimalField("医院支付（元）", max_digits=14, decimal_places=2)
    insurer_amount = models.DecimalField("保险支付（元）", max_digits=14, decimal_places=2, default=Decimal("0.00"))
    humanitarian_amount = models.DecimalField(
        "人道补助（元，另计）", max_digits=14, decimal_places=2, default=Decimal("0.00")
    )
    copies = models.PositiveSmallIntegerField("份数")
    effective_on = models.DateField("生效日期", null=True)
    obligations_done_on = models.DateField("其他事项完成日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "协议"
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="agreement_adds_up", condition=Q(total_amount=F("hospital_amount") + F("insurer_amount"))
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(superseded=False) & ~Q(kind="supplement"), name="one_agreement_in_force"
            ),
        ]


class MarkKind(models.TextChoices):
    """The four marks of R17."""

    PATIENT = "patient", "患方签名（盖章、按指印）"
    HOSPITAL = "hospital", "医方签名盖章"
    MEDIATOR = "mediator", "调解员签名"
    SEAL = "seal", "医调委盖章"


class Mark(models.Model):
    """One of the marks on an agreement, with its own date and the signed scan.

    ``party`` is the claimant bound by it; ``agent`` the representative who signed in the claimant's place.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="marks", verbose_name="协议")
    kind = models.CharField("签署", max_length=10, choices=MarkKind)
    party = models.ForeignKey("cases.Party", models.PROTECT, null=True, related_name="+", verbose_name="患方签署人")
    agent = models.ForeignKey(
        "cases.Party", models.PROTECT, null=True, related_name="+", verbose_name="代签的代理人、监护人"
    )
    hospital = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="医疗机构")
    on = models.DateField("签署日期")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="签署件")

    class Meta:
        verbose_name = verbose_name_plural = "签署"
        default_permissions = ()
        ordering = ["on", "id"]


class Payer(models.TextChoices):
    HOSPITAL = "hospital", "医院"
    INSURER = "insurer", "保险公司"
    HUMANITARIAN = "humanitarian", "人道补助"


class Instalment(InstalmentTurns, models.Model):  # type: ignore[misc,valid-type]  # the mixin is built from the table
    """One payment that was agreed: how much, by whom, by when; and when it really happened.

    ``hospital`` is whose share it is: paid by it, by its insurer, or given by it beside the sum.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="instalments", verbose_name="协议")
    state = INSTALMENT.field()
    number = models.PositiveSmallIntegerField("期次")
    payer = models.CharField("付款方", max_length=14, choices=Payer)
    hospital = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="承担的医疗机构"
    )
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2)
    due_on = models.DateField("应付日期")
    paid_on = models.DateField("实付日期", null=True)
    receipt = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="凭证")

    class Meta:
        verbose_name = verbose_name_plural = "分期款"
        default_permissions = ()
        ordering = ["due_on", "number"]
        constraints = [
            models.CheckConstraint(name="instalment_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="instalment_paid_has_date", condition=~Q(state__in=["paid", "deposited"])
                                   | Q(paid_on__isnull=False)),
            models.UniqueConstraint(fields=["agreement", "number"], name="instalment_number_once"),
        ]  # fmt: skip

    @property
    def payer_name(self) -> str:
        """Who pays, and for which hospital: 保险公司（示例医院）."""
        label = str(self.get_payer_display())
        return f"{label}（{self.hospital.name}）" if self.hospital else label


class FollowUpVisit(models.Model):
    """A follow-up visit (回访): nothing is pre-written; satisfaction and “is it settled” are two questions (R21)."""

    class Satisfaction(models.TextChoices):
        VERY_HIGH = "5", "非常满意"
        HIGH = "4", "满意"
        FAIR = "3", "基本满意"
        LOW = "2", "不满意"
        VERY_LOW = "1", "非常不满意"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="visits", verbose_name="案件")
    at = models.DateTimeField("时间")
    side = models.CharField("对象所属", max_length=10, choices=codes.Side)
    person = SealedTextField("被回访人")
    means = models.CharField("方式", max_length=10, choices=codes.Means)
    reached = models.BooleanField("是否联系上")
    result = SealedTextField("履行情况与结果")
    remaining = SealedTextField("遗留问题及隐患", null=True)
    satisfaction = models.CharField("满意程度", max_length=1, choices=Satisfaction, blank=True)
    is_solved = models.BooleanField("是否解决", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="回访人")

    class Meta:
        verbose_name = verbose_name_plural = "回访"
        default_permissions = ()
        ordering = ["at", "id"]


class JudicialConfirmation(models.Model):
    """The court's word on an agreement (R19); the joint application is to be made within 30 natural days."""

    class Ruling(models.TextChoices):
        CONFIRMED = "confirmed", "确认有效"
        DISMISSED = "dismissed", "驳回"

    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="confirmation", verbose_name="协议")
    last_day = models.DateField("申请最后日")
    applied_on = models.DateField("申请日期", null=True)
    court = models.CharField("法院", max_length=60, blank=True)
    ruling = models.CharField("裁定", max_length=10, choices=Ruling, blank=True)
    ruling_no = models.CharField("裁定书文号", max_length=60, blank=True)
    ruled_on = models.DateField("裁定日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "司法确认"
        default_permissions = ()


class DossierItem(models.Model):
    """One line of the dossier checklist: there, or missing with the reason (R32)."""

    class Standing(models.TextChoices):
        PRESENT = "present", "有"
        EXPLAINED = "explained", "缺，已说明"
        NOT_APPLICABLE = "not_applicable", "不适用"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="dossier_items", verbose_name="案件")
    key = models.CharField("项目", max_length=24)
    standing = models.CharField("情况", max_length=16, choices=Standing)
    pages = models.CharField("页号", max_length=16, blank=True)
    reason = SealedTextField("说明", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "卷宗清单"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="dossier_item_once")]


def next_obligation_on(case: DisputeCase) -> date | None:
    """The earliest date on which something is still to be paid; otherwise the last agreed day for the rest."""
    due = Instalment.objects.filter(agreement__case=case, agreement__superseded=False, state="due")
    if found := due.order_by("due_on").values_list("due_on", flat=True).first():
        return found
    open_terms = case.agreements.filter(superseded=False, obligations_done_on__isnull=True)
    return open_terms.order_by("-id").values_list("perform_by", flat=True).first()
