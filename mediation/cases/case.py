"""The dispute case: the row that is at once the state machine's object and viewflow's process."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from viewflow.workflow.models import AbstractProcess, AbstractTask

from mediation.cases import codes
from mediation.cases.ways import any_of
from mediation.organisations.models import Organisation, User
from mediation.privacy.sealed import SealedTextField
from workflow.lifecycle import CLOCKS, FINAL, OUTCOMES, STATES
from workflow.machine import Transitions, state_field
from workflow.rulebook import Rulebook
from workflow.vocabulary import Level, Role, State

# The columns that rights follow. Each of these leads the index of one way through the lists, so none has an index of its
# own. Committee and bureau are the same in almost every case: their lists, and a hospital's, are read along `case_latest`.
WAYS = ("desk", "hotline", "town", "residence_town")


def _way(label: str, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, verbose_name=label, **options
    )


class DisputeCaseQuerySet(models.QuerySet["DisputeCase"]):
    """Which cases; every list, search, export and count starts from :meth:`visible_to`."""

    def visible_to(self, user: User) -> DisputeCaseQuerySet:
        """The cases a person may know of; for everybody else they do not exist.

        Towns see the cases they handle and those of their residents; a mediator those assigned; a liaison those that the
        own hospital is in; the committee's desk and the bureau all; the hotline those it registered or has orders to.
        """
        return self.filter(any_of(ways_to(user)))

    def open(self) -> DisputeCaseQuerySet:
        """Not closed yet."""
        return self.exclude(state=FINAL)

    def overdue(self, on: date) -> DisputeCaseQuerySet:
        """Open, and past the date of the present state's clock."""
        return self.open().filter(due_on__lt=on)

    def provisional(self) -> DisputeCaseQuerySet:
        """Open, with a date counted past the published calendar (暂定)."""
        return self.open().filter(Q(due_provisional=True) | Q(mediation_provisional=True))


def ways_to(user: User) -> list[Q]:
    """Why a person may know of a case, one condition for every reason; a list walks each along its index."""
    hotlines, towns = user.organisations(Role.HOTLINE_OPERATOR), user.organisations(Role.TOWN_OFFICIAL)
    ways = [Q(hotline=pk) for pk in hotlines]
    ways += [Q(**{column: pk}) for pk in towns for column in ("town", "residence_town", "desk")]
    ways += [Q(committee=pk) for pk in set(user.organisations(Role.DISPATCHER, Role.DIRECTOR))]
    if user.organisations(Role.MEDIATOR):
        ways.append(Q(pk__in=CaseMediator.objects.filter(user=user, until__isnull=True).values("case")))
    if hospitals := user.organisations(Role.HOSPITAL_LIAISON):
        ways.append(Q(pk__in=CaseHospital.objects.filter(hospital__in=hospitals, kept=True).values("case")))
    return ways + [Q(bureau=pk) for pk in user.organisations(Role.SUPERVISOR)]


class DisputeCase(Transitions, AbstractProcess):
    """A medical dispute from registration to the archive.

    ``version`` counts its events and is the sequence number of the last one, ``head`` that event's hash: the row carries
    the head of its own chain, so a step locks one row. ``form_token`` names the form that made the case: sent again, it
    makes no second one. ``due_on`` and ``mediation_due_on`` are derived from the marks on the clocks and stored only for
    sorting and for time. Organisations are columns because rights follow them.
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("案号", max_length=20, unique=True)
    state = state_field()
    version = models.PositiveIntegerField("版本", default=0)
    head = models.CharField("记录链首", max_length=64, blank=True)
    level = models.CharField("层级", max_length=8, choices=[(x.value, x.label) for x in Level], default=Level.DESK)

    desk = _way("登记单位")
    hotline = _way("12345", null=True, blank=True)
    town = _way("责任镇街", null=True, blank=True)
    residence_town = _way("患者居住镇街", null=True, blank=True)
    committee = _way("医调委")
    bureau = _way("卫健局")

    source = models.CharField("来源", max_length=24, choices=codes.Source)
    category = models.CharField("类别", max_length=24, choices=codes.Category, default=codes.Category.MEDICAL_DISPUTE)
    cause = models.CharField("案由", max_length=24, choices=codes.Cause, blank=True)
    harm = models.CharField("损害后果", max_length=24, choices=codes.Harm, blank=True)
    demands = models.JSONField("诉求", default=list, blank=True)
    claimed_amount = models.DecimalField("索赔金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    summary = SealedTextField("纠纷概要")
    diagnosis = SealedTextField("诊断", null=True)
    patient_label = models.CharField("患方（隐名）", max_length=40, blank=True)
    occurred_on = models.DateField("发生日期", null=True, blank=True)
    received_on = models.DateField("接收日期")
    registered_at = models.DateTimeField("登记时间")
    is_major = models.BooleanField("重大纠纷", default=False)
    is_confidential = models.BooleanField("来电人要求保密", default=False)

    outcome = models.CharField("结果", max_length=24, choices=list(OUTCOMES.items()), blank=True)
    outcome_code = models.CharField("原因代码", max_length=32, blank=True)
    previous_case = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later_cases", verbose_name="关联前案"
    )
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", verbose_name="并入案件"
    )
    form_token = models.UUIDField("登记表单标识", null=True, unique=True, editable=False)
    hops = models.PositiveSmallIntegerField("流转次数", default=0)
    declines = models.PositiveSmallIntegerField("退单次数", default=0)
    send_backs = models.PositiveSmallIntegerField("退回次数", default=0)
    handling_extensions = models.PositiveSmallIntegerField("镇街延期次数", default=0)
    designated = models.BooleanField("市级指定", default=False)
    other_route = models.CharField("已受理的其他途径", max_length=16, choices=codes.Route, blank=True)

    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="+", db_index=False, verbose_name="规则版本")
    calendar_edition = models.PositiveIntegerField("日历版次")
    entered_on = models.DateField("进入本环节日期")
    due_on = models.DateField("到期日", null=True, blank=True)
    due_provisional = models.BooleanField("到期日暂定", default=False)
    accepted_on = models.DateField("受理日期", null=True, blank=True)
    mediation_due_on = models.DateField("调解期限届满日", null=True, blank=True)
    mediation_provisional = models.BooleanField("调解期限暂定", default=False)
    stopped = models.BooleanField("已停表", default=False)
    state_before_lapse = models.CharField("期满前状态", max_length=32, blank=True)
    latest_step = models.CharField("最近动态", max_length=40, blank=True)
    latest_at = models.DateTimeField("最近动态时间", null=True, blank=True)
    dossier_submitted_on = models.DateField("卷宗提交日期", null=True, blank=True)
    closed_on = models.DateField("结案日期", null=True, blank=True)
    retention = models.CharField("保管期限", max_length=12, choices=codes.Retention, blank=True)

    hospitals = models.ManyToManyField(
        Organisation, through="CaseHospital", related_name="cases", verbose_name="医疗机构"
    )
    mediators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="CaseMediator", related_name="mediated_cases", verbose_name="调解员"
    )

    objects = DisputeCaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "医疗纠纷案件"
        default_permissions = ()
        indexes = [
            models.Index(fields=["state", "due_on"], condition=~Q(state=FINAL), name="case_due"),
            models.Index(fields=["mediation_due_on"], condition=Q(mediation_due_on__isnull=False), name="case_lapse"),
            models.Index(fields=["-latest_at", "-id"], name="case_latest"),
            *(models.Index(fields=[way, "-latest_at", "-id"], name=f"case_{way}") for way in WAYS),
        ]
        constraints = [
            models.CheckConstraint(name="case_closed_has_date", condition=~Q(state=FINAL) | Q(closed_on__isnull=False)),
            models.CheckConstraint(name="case_accepted_has_due", condition=Q(accepted_on__isnull=True)
                                   | Q(mediation_due_on__isnull=False) | Q(stopped=True)),
            models.CheckConstraint(name="case_duplicate_names_case", condition=~Q(outcome="duplicate")
                                   | Q(duplicate_of__isnull=False)),
        ]  # fmt: skip

    moved_at: datetime  # the moment of the step in progress, set by the engine
    judged_on: date  # the day for which conditions are judged, set by the engine

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The case number as people write it: 东医纠〔2026〕187号."""
        year, serial = self.number.split("-")
        return f"东医纠〔{year}〕{int(serial)}号"

    @property
    def chain(self) -> str:
        """The name of this case's chain of events."""
        return f"case-{self.pk}"

    @property
    def stage(self) -> State:
        """The row of the lifecycle table for the present state."""
        return STATES[self.state]

    @property
    def state_label(self) -> str:
        """The present state in Chinese."""
        return self.stage.label

    @property
    def clock_label(self) -> str:
        """Which period the due date belongs to."""
        return CLOCKS.get(self.stage.clock, "")

    @property
    def is_closed(self) -> bool:
        """Whether no step is possible any more."""
        return bool(self.state == FINAL)

    @property
    def is_committee_case(self) -> bool:
        """Whether the committee has accepted it: the director closes, and its dossier is submitted first."""
        return self.accepted_on is not None

    def get_absolute_url(self) -> str:
        """The case page."""
        return f"/cases/{self.number}/"

    def addressee(self) -> dict[str, Any]:
        """The columns of the task that opens in the present state: for whom, by when."""
        from workflow import engine

        role, organisation_id, person_id = engine.office().holder(self)
        return {
            "role": role,
            "organisation_id": organisation_id,
            "person_id": person_id,
            "due_on": self.due_on,
            "state": self.state,
        }


class CaseTask(AbstractTask):
    """Who must act now on a case: exactly one open row a case, none once it is closed."""

    process = models.ForeignKey(DisputeCase, models.PROTECT, related_name="tasks", verbose_name="案件")
    state = models.CharField("环节", max_length=32, blank=True)
    role = models.CharField("角色", max_length=24, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="机构"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="主办人"
    )
    due_on = models.DateField("到期日", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "待办"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["process"], condition=Q(finished=None), name="one_open_task"),
        ]
        indexes = [
            models.Index(fields=["organisation", "role", "due_on", "id"], condition=Q(finished=None), name="worklist"),
            models.Index(fields=["person", "due_on", "id"], condition=Q(finished=None), name="worklist_person"),
        ]


# viewflow indexes these for lists of its own, which nobody is shown: eight entries to write for every task and finish.
for _name in ("status", "created", "scheduled", "external_task_id", "owner_permission_content_type"):
    CaseTask._meta.get_field(_name).db_index = False


class CaseHospital(models.Model):
    """A medical institution that the dispute is with. ``kept`` turns false when it is severed into its own case."""

    case = models.ForeignKey(
        DisputeCase, models.PROTECT, related_name="respondents", db_index=False, verbose_name="案件"
    )
    hospital = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, verbose_name="医疗机构"
    )
    department = models.CharField("科室", max_length=24, choices=codes.Department, blank=True)
    kept = models.BooleanField("仍在本案", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "涉案医疗机构"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "hospital"], name="one_hospital_once")]
        indexes = [models.Index(fields=["hospital", "case"], name="hospital_cases")]


class CaseMediator(models.Model):
    """A mediator's time on a case; a replacement ends one row and begins another, so the history stays."""

    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="assignments", verbose_name="案件")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="调解员")
    lead = models.BooleanField("主办", default=False)
    chosen = models.CharField("产生方式", max_length=16, choices=codes.Chosen, default=codes.Chosen.APPOINTED)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    reason = models.CharField("更换原因", max_length=16, choices=codes.Replacement, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "承办调解员"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], condition=Q(until=None), name="one_seat_a_mediator"),
            models.UniqueConstraint(fields=["case"], condition=Q(until=None, lead=True), name="one_lead_mediator"),
        ]
        indexes = [models.Index(fields=["user", "case"], condition=Q(until=None), name="mediator_cases")]
