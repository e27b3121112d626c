"""What is on file about a case: papers received, contacts, services, notices, drafts, and what was typed at each step."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Q

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.readers import received_by
from mediation.cases.ways import any_of, first_of
from mediation.organisations.models import Organisation, User
from mediation.privacy.sealed import SealedJSONField, SealedTextField
from workflow.vocabulary import Level


class PaperQuerySet(models.QuerySet["Paper"]):
    """Which papers."""

    def readable_by(self, user: User, case: DisputeCase) -> PaperQuerySet:
        """Those of a case that this person may read; every download starts here."""
        return self.filter(received_by(user, case), case=case)

    def marked_for(self, user: User, case: DisputeCase) -> PaperQuerySet:
        """Each with ``is_readable``; every list, count and print shows only these, of the papers that its page has read.

        A page reads the others too: what they prove stands on file, under their titles.
        """
        may = ExpressionWrapper(received_by(user, case), output_field=models.BooleanField())
        return self.annotate(is_readable=may)


class Paper(models.Model):
    """A paper received (材料), its file sealed on disk. Without a file it records that the paper lies in the folder.

    ``organisation`` filed it, while the case was at ``level``; ``hospital`` is the one it came from or went to. Who may
    read it follows from these (``readers``).
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="papers", verbose_name="案件")
    kind = models.CharField("类别", max_length=16, choices=codes.PaperKind)
    side = models.CharField("提交方", max_length=10, choices=codes.Side, blank=True)
    title = SealedTextField("名称")
    copy = models.CharField("原件或复印件", max_length=12, choices=codes.Copy, default=codes.Copy.COPY)
    page_count = models.PositiveIntegerField("页数", null=True, blank=True)
    received_on = models.DateField("收到日期")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="登记单位"
    )
    hospital = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="提交或受送达的医疗机构"
    )
    level = models.CharField("登记时的层级", max_length=8, choices=[(x.value, x.label) for x in Level], blank=True)
    stored = models.CharField("存放位置", max_length=120, blank=True)
    mime = models.CharField("类型", max_length=80, blank=True)
    size = models.PositiveBigIntegerField("字节数", null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "材料"
        default_permissions = ()
        indexes = [models.Index(fields=["case", "sha256"], name="paper_digest")]


class PaperRequest(models.Model):
    """A request for missing papers (补正): what, from which side, by when."""

    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="paper_requests", verbose_name="案件")
    side = models.CharField("向谁要", max_length=10, choices=codes.Side)
    wanted = models.JSONField("缺少的材料", default=list)
    asked_on = models.DateField("通知日期")
    due_on = models.DateField("补交期限")

    class Meta:
        verbose_name = verbose_name_plural = "补正要求"
        default_permissions = ()


class Contact(models.Model):
    """A contact with somebody (联系记录): with whom, when, how, what came of it."""

    class Purpose(models.TextChoices):
        FIRST = "first", "首次联系"
        EXPLAIN = "explain", "沟通解释"
        SITE = "site", "现场工作"
        URGE = "urge", "督促履行"
        OTHER = "other", "其他"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="contacts", verbose_name="案件")
    side = models.CharField("联系对象", max_length=10, choices=codes.Side)
    purpose = models.CharField("目的", max_length=10, choices=Purpose)
    means = models.CharField("方式", max_length=10, choices=codes.Means)
    at = models.DateTimeField("联系时间")
    reached = models.BooleanField("是否联系上")
    content = SealedTextField("内容与结果")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="联系人")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="单位")

    class Meta:
        verbose_name = verbose_name_plural = "联系记录"
        default_permissions = ()
        ordering = ["-at", "-id"]


class Service(models.Model):
    """Proof that a paper reached somebody (送达): which, to whom, how, on what day."""

    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="services", verbose_name="案件")
    document = models.CharField("文书", max_length=40)
    side = models.CharField("受送达人", max_length=10, choices=codes.Side)
    hospital = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="医疗机构")
    means = models.CharField("方式", max_length=10, choices=codes.Means)
    on = models.DateField("送达日期")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="送达凭据")

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        default_permissions = ()


class StepFacts(models.Model):
    """What was typed at a step, sealed beside its event: the event holds only the keyed digest.

    This is where the old value of a correction lives. It can be erased when retention ends; the chain stays whole.
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(
        DisputeCase, models.PROTECT, related_name="step_facts", db_index=False, verbose_name="案件"
    )
    seq = models.PositiveIntegerField("记录序号")
    facts = SealedJSONField("所填内容")

    class Meta:
        verbose_name = verbose_name_plural = "所填内容"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="facts_of_one_event")]


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Which notices."""

    def addressed_to(self, user: User) -> NoticeQuerySet:
        """Notices to this person, or to a role the person holds where they were sent."""
        return self.filter(any_of(ways_to_notices(user)))

    def unread_by(self, user: User) -> NoticeQuerySet:
        """Those of the newest ``NEWEST`` to this person, about cases still seen, that are not marked as read."""
        walks = [self.filter(way) for way in ways_to_notices(user)]
        newest = first_of(self.addressed_to(user), walks, ("-made_at", "-pk"), NEWEST)[:NEWEST]
        unread = Notice.objects.filter(pk__in=newest.values("pk")).exclude(readings__user=user)
        return unread.filter(case__in=DisputeCase.objects.visible_to(user).values("pk"))

    def read_by(self, user: User, now: datetime) -> None:
        """Mark those of these that are addressed to this person as read."""
        unread = self.addressed_to(user).exclude(readings__user=user)[:2000]
        NoticeReading.objects.bulk_create(
            [NoticeReading(notice=notice, user=user, read_at=now) for notice in unread], ignore_conflicts=True
        )


NEWEST = 300  # what lies further back counts as seen: looking through all of it for one that is unread takes too long


def ways_to_notices(user: User) -> list[Q]:
    """Why a notice is for this person: by name, or for a role held where it was sent."""
    roles = [
        Q(person__isnull=True, organisation=right.organisation_id, role=right.role.value) for right in user.roles()
    ]
    return [Q(person=user.pk), *roles]


class Notice(models.Model):
    """A notice in the application: a case has arrived, or something happened to it. Holds no personal value."""

    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="notices", verbose_name="案件")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="机构"
    )
    role = models.CharField("角色", max_length=24, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="收件人"
    )
    step = models.CharField("事项", max_length=40)
    is_task = models.BooleanField("需办理", default=False)
    made_at = models.DateTimeField("时间")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["organisation", "role", "-made_at", "-id"], condition=Q(person=None), name="notice_role"
            ),
            models.Index(fields=["person", "-made_at", "-id"], condition=~Q(person=None), name="notice_person"),
        ]


class NoticeReading(models.Model):
    """Somebody marked a notice as read."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="readings", verbose_name="消息")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="已读人")
    read_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "已读"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="read_once")]


class Draft(models.Model):
    """A half-typed form, kept on the server for its author until the step is done. ``key`` names form and case."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="作者")
    key = models.CharField("表单", max_length=80)
    values = SealedJSONField("内容")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "草稿"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_a_form")]
