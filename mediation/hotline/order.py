"""12345 orders: what a caller asked, its own life and clock, what was answered, and what is judged to be the same."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.organisations.models import Organisation, User
from mediation.privacy.sealed import SealedJSONField, SealedTextField
from mediation.privacy.searchkeys import SearchKeyField
from workflow.companions import ORDER, OrderTurns
from workflow.vocabulary import Role

DONE = ("replied", "closed", "returned")
"""The states in which nobody owes the caller an answer."""


class Appeal(models.TextChoices):
    """What kind of matter the hotline says it is; it decides the order's own clock (2, 10 or 15 working days)."""

    CONSULT = "consult", "咨询"
    HELP = "help", "求助"
    SUGGEST = "suggest", "建议"
    COMPLAIN = "complain", "投诉"
    REPORT = "report", "举报"
    PRAISE = "praise", "表扬"


class Rating(models.TextChoices):
    """What the caller says of the answer; kept apart from whether the matter is solved."""

    VERY_SATISFIED = "very_satisfied", "非常满意"
    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"
    VERY_DISSATISFIED = "very_dissatisfied", "非常不满意"


class OrderQuerySet(models.QuerySet["HotlineOrder"]):
    """Which orders; every list, page, count and export starts from :meth:`visible_to`."""

    def visible_to(self, user: User) -> OrderQuerySet:
        """The orders of the hotline centres on which this person is an operator."""
        return self.filter(centre__in=user.organisations(Role.HOTLINE_OPERATOR))

    def unanswered(self) -> OrderQuerySet:
        """Those whose caller still waits for an answer."""
        return self.exclude(state__in=DONE)

    def overdue(self, on: date) -> OrderQuerySet:
        """Unanswered, and past the order's own date."""
        return self.unanswered().filter(due_on__lt=on)


class HotlineOrder(OrderTurns, models.Model):  # type: ignore[misc, valid-type]  # built from the table
    """One order (工单). Its clock runs from the hotline's own receipt and is independent of the case's (R26).

    ``received_at`` is the hotline's receipt; ``message_at`` the date that the file itself gave, however old. ``digest``
    is the keyed digest of what the order says, so a later import knows a changed order without opening it. ``hospital``
    is the institution recognised in the text: a suggestion, until a person registers the dispute.
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    centre = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="12345中心")
    number = models.CharField("工单号", max_length=40)
    state = ORDER.field()
    version = models.PositiveIntegerField("版本", default=0)
    appeal = models.CharField("诉求类型", max_length=10, choices=Appeal, default=Appeal.COMPLAIN)
    received_at = models.DateTimeField("12345受理时间")
    message_at = models.DateTimeField("来电、留言时间", null=True, blank=True)
    imported_at = models.DateTimeField("进入本系统时间")
    due_on = models.DateField("答复期限", null=True)
    due_provisional = models.BooleanField("期限暂定", default=False)
    stated_due_on = models.DateField("来文所写期限", null=True, blank=True)
    rulebook_id = models.PositiveIntegerField("规则版本")
    calendar_edition = models.PositiveIntegerField("日历版次")
    title = SealedTextField("标题")
    content = SealedTextField("内容")
    caller = SealedTextField("来电人", null=True)
    caller_key = SearchKeyField("来电人检索键", source="caller", kind="name")
    phone = SealedTextField("电话", null=True)
    phone_key = SearchKeyField("电话检索键", source="phone", kind="phone")
    id_no = SealedTextField("证件号码", null=True)
    id_key = SearchKeyField("证件检索键", source="id_no", kind="id_no")
    is_confidential = models.BooleanField("要求保密", default=False)
    hospital_text = SealedTextField("所涉单位（原文）", null=True)
    hospital = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="疑似医疗机构"
    )
    source_category = models.CharField("来文分类", max_length=60, blank=True)
    digest = models.CharField("内容摘要", max_length=64)
    suggested = models.CharField("建议类别", max_length=24, choices=codes.Category, blank=True)
    category = models.CharField("类别", max_length=24, choices=codes.Category, blank=True)
    case = models.ForeignKey(
        DisputeCase, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="案件"
    )
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    returns = models.PositiveSmallIntegerField("退单次数", default=0)
    return_unit = models.CharField("建议承办单位", max_length=80, blank=True)
    return_reason = SealedTextField("退单理由", null=True)
    extended_to = models.DateField("延期至", null=True, blank=True)
    extension_reason = SealedTextField("延期理由", null=True)
    receiving_body = models.CharField("转往单位", max_length=80, blank=True)
    reply = SealedTextField("公开答复", null=True)
    internal_note = SealedTextField("内部办理情况", null=True)
    replied_on = models.DateField("答复日期", null=True)
    is_founded = models.BooleanField("诉求属实", null=True, blank=True)
    is_solved = models.BooleanField("已解决", null=True, blank=True)
    rating = models.CharField("满意度", max_length=20, choices=Rating, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "12345工单"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["centre", "number"], name="order_number_once")]
        indexes = [
            models.Index(fields=["centre", "state", "due_on", "id"], name="order_list"),
            models.Index(fields=["centre", "due_on", "id"], name="order_due"),
            models.Index(fields=["centre", "message_at"], name="order_message"),
            models.Index(fields=["centre", "replied_on"], name="order_replied"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The order page."""
        return f"/orders/{self.pk}/"

    @property
    def state_label(self) -> str:
        """The present state in Chinese."""
        return ORDER.states[self.state]

    @property
    def is_answered(self) -> bool:
        """Whether the caller waits for nothing any more."""
        return self.state in DONE

    def join(self, case: DisputeCase, *, by: User, now: datetime) -> None:
        """Become part of a case that is being registered. See :func:`mediation.hotline.belonging.join`."""
        from mediation.hotline import belonging

        belonging.join(self, case, by=by, now=now)


class OrderPrint(models.Model):
    """One band of an order's text print (see ``likeness``): equal values point at texts that are probably alike."""

    order = models.ForeignKey(HotlineOrder, models.CASCADE, related_name="prints", verbose_name="工单", db_index=False)
    value = models.BigIntegerField("特征值")

    class Meta:
        verbose_name = verbose_name_plural = "文本特征"
        default_permissions = ()
        indexes = [
            models.Index(fields=["value", "order"], name="print_value"),
            models.Index(fields=["order"], name="print_order"),
        ]


class OrderRevision(models.Model):
    """A later import changed an order: what it said before is kept."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(HotlineOrder, models.PROTECT, related_name="revisions", verbose_name="工单")
    before = SealedJSONField("原内容")
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True, related_name="+", verbose_name="导入批次")
    changed_at = models.DateTimeField("变更时间")

    class Meta:
        verbose_name = verbose_name_plural = "工单变更"
        default_permissions = ()


class OrderReply(models.Model):
    """A text for the caller about an order: prepared when the case moved, or written by an operator."""

    class Kind(models.TextChoices):
        INTERIM = "interim", "阶段性答复"
        FINAL = "final", "办结答复"

    class Standing(models.TextChoices):
        PREPARED = "prepared", "待采用"
        GIVEN = "given", "已答复"
        DISCARDED = "discarded", "未采用"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(HotlineOrder, models.PROTECT, related_name="replies", verbose_name="工单")
    kind = models.CharField("种类", max_length=8, choices=Kind)
    standing = models.CharField("状态", max_length=10, choices=Standing)
    key = models.CharField("幂等键", max_length=80, unique=True)
    step = models.CharField("事项", max_length=40, blank=True)
    text = SealedTextField("答复内容")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    made_at = models.DateTimeField("时间")
    exported_at = models.DateTimeField("导出时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工单答复"
        default_permissions = ()
        indexes = [models.Index(fields=["order", "-made_at"], name="reply_of_order")]


class OrderLink(models.Model):
    """Somebody judged two orders to be the same matter, or not the same; nothing is ever merged (A4).

    Kept once for a pair: ``order`` is the one with the smaller key.
    """

    order = models.ForeignKey(HotlineOrder, models.PROTECT, related_name="links", verbose_name="工单")
    other = models.ForeignKey(HotlineOrder, models.PROTECT, related_name="+", verbose_name="另一工单")
    is_same = models.BooleanField("是同一件事")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="判断人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "重复判断"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["order", "other"], name="judged_once"),
            models.CheckConstraint(name="not_with_itself", condition=~Q(order=F("other"))),
        ]
