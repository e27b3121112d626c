"""Who the dispute is between, and what each side has declared: application, consent, other routes."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.organisations.models import Organisation
from mediation.privacy.identity import IdKind, age_on
from mediation.privacy.masking import mask_name
from mediation.privacy.sealed import SealedDateField, SealedTextField
from mediation.privacy.searchkeys import SearchKeyField, nameless_keys, search_key

FULL_AGE = 18


class PartyQuerySet(models.QuerySet["Party"]):
    """Which people."""

    def current(self) -> PartyQuerySet:
        """Those who still take part: not substituted by somebody else."""
        return self.filter(until__isnull=True)


class Party(models.Model):
    """A person on one side: patient, caller, relative, guardian, heir or agent. Everything personal is sealed.

    The ``*_key`` columns are keyed hashes: a clerk finds a case by phone, number or name without the database holding
    one that can be read. ``is_hidden`` keeps a caller's identity from the town and the hospital (A6).
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="parties", verbose_name="案件")
    side = models.CharField("一方", max_length=10, choices=codes.Side, default=codes.Side.PATIENT)
    kind = models.CharField("身份", max_length=16, choices=codes.PartyKind)
    name = SealedTextField("姓名")
    name_key = SearchKeyField("姓名检索键")
    phone = SealedTextField("电话", null=True)
    phone_key = SearchKeyField("电话检索键")
    id_kind = models.CharField("证件类型", max_length=24, choices=IdKind, default=IdKind.NONE)
    id_no = SealedTextField("证件号码", null=True)
    id_key = SearchKeyField("证件检索键")
    sex = models.CharField("性别", max_length=8, choices=codes.Sex, default=codes.Sex.UNKNOWN)
    born_on = SealedDateField("出生日期", null=True)
    address = SealedTextField("住址", null=True)
    relation = models.CharField("与患者关系", max_length=20, blank=True)
    is_claimant = models.BooleanField("是申请人、权利人", default=False)
    is_hidden = models.BooleanField("要求隐匿身份", default=False)
    represents = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="representatives", verbose_name="代理、监护谁"
    )
    authority = models.CharField("代理权限", max_length=80, blank=True)
    since = models.DateField("自", null=True)
    until = models.DateField("至", null=True, blank=True)
    end_reason = models.CharField("变更原因", max_length=40, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "当事人"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.masked_name}"

    def save(self, *args: object, **options: object) -> None:
        """Store the person, with search keys that agree with the values."""
        self.index()
        if fields := options.get("update_fields"):
            options["update_fields"] = {*fields, "name_key", "phone_key", "id_key"}  # type: ignore[misc]
        super().save(*args, **options)  # type: ignore[arg-type]

    @property
    def masked_name(self) -> str:
        """The name as every screen shows it: 张**."""
        return mask_name(self.name)

    def index(self) -> None:
        """Derive the search keys from the sealed values; called whenever one of them is set."""
        self.name_key = search_key("name", self.name)
        self.phone_key = search_key("phone", self.phone) if self.phone else None
        self.id_key = search_key("id_no", self.id_no) if self.id_no else None


class Application(models.Model):
    """Somebody asked for mediation (条例 31): the day it was received starts the review and interrupts limitation.

    It is also its maker's consent, until that maker is substituted (``superseded``). ``hospital`` is the one that
    applied; none means every hospital of the case (in a joint application they all signed).
    """

    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="applications", verbose_name="案件")
    by_side = models.CharField("申请方", max_length=10, choices=codes.Side)
    hospital = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="申请的医疗机构"
    )
    form = models.CharField("申请方式", max_length=8, choices=codes.Form)
    received_on = models.DateField("收到日期")
    received_at_town = models.BooleanField("由镇街代收", default=False)
    paper = models.ForeignKey("Paper", models.PROTECT, null=True, related_name="+", verbose_name="申请书或签名记录")
    superseded = models.BooleanField("因变更当事人不再视为同意", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "调解申请"
        default_permissions = ()

    @property
    def confirmed(self) -> bool:
        """Whether the signed form, or for an oral application the signed record, is on file (R02)."""
        return self.paper_id is not None


class Consent(models.Model):
    """One side's word on taking part in mediation. The last word counts; earlier ones stay on record.

    ``superseded``: whoever gave it has been substituted (民法典 1181), so it binds nobody any more.
    """

    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="consents", verbose_name="案件")
    side = models.CharField("一方", max_length=10, choices=codes.Side)
    hospital = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="医疗机构"
    )
    given = models.BooleanField("是否同意")
    on = models.DateField("表示日期")
    means = models.CharField("方式", max_length=10, choices=codes.Means)
    paper = models.ForeignKey("Paper", models.PROTECT, null=True, related_name="+", verbose_name="凭据")
    superseded = models.BooleanField("因变更当事人失效", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "同意调解"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="consent_names_hospital", condition=~Q(side="hospital") | Q(hospital__isnull=False)
            )
        ]


class RouteStatus(models.Model):
    """What a side declared, or what became known, about court and bureau (条例 31 ¶4). Only *accepted* blocks (R03)."""

    case = models.ForeignKey(DisputeCase, models.PROTECT, related_name="routes", verbose_name="案件")
    side = models.CharField("声明方", max_length=10, choices=codes.Side)
    route = models.CharField("途径", max_length=10, choices=codes.Route)
    answer = models.CharField("情况", max_length=10, choices=codes.RouteAnswer)
    on = models.DateField("声明或受理日期")
    body = models.CharField("受理机关", max_length=80, blank=True)
    paper = models.ForeignKey("Paper", models.PROTECT, null=True, related_name="+", verbose_name="凭据")

    class Meta:
        verbose_name = verbose_name_plural = "互斥声明"
        default_permissions = ()


def is_minor(born_on: date | None, on: date) -> bool:
    """Under eighteen on a day, or not yet born (民法典 16, 17); nobody whose birthday is unknown."""
    return born_on is not None and (born_on > on or age_on(born_on, on) < FULL_AGE)


def guardian_of(case: DisputeCase, party: Party) -> Party | None:
    """The guardian who now speaks for somebody (民法典 23)."""
    current = (one for one in case.parties.all() if one.kind == codes.PartyKind.GUARDIAN and one.until is None)
    return next((one for one in current if one.represents_id == party.pk), None)


def needs_guardian(case: DisputeCase, party: Party, on: date) -> bool:
    """Whether what a person signs on a day binds only through a guardian: a minor, or one who was given a guardian."""
    guardian = guardian_of(case, party)
    under_care = guardian is not None and (guardian.since is None or guardian.since <= on)
    return under_care or is_minor(party.born_on, on)


def alike(one: DisputeCase, other: DisputeCase) -> bool:
    """Whether two cases can be one matter: a hospital in common, and a name, phone or certificate, where either has any."""
    ones, others = ({row.hospital_id for row in case.respondents.all()} for case in (one, other))
    known, known_there = _who(one), _who(other)
    return bool(ones & others) and (not known or not known_there or bool(known & known_there))


def _who(case: DisputeCase) -> set[str]:
    keys = {key for person in case.parties.all() for key in (person.name_key, person.phone_key, person.id_key)}
    return {key for key in keys - nameless_keys() if key}


def age_text(born_on: date | None, on: date) -> str:
    """Age in full years on a day, as 52岁; a dash when the birthday is unknown."""
    if born_on is None:
        return "—"
    return f"{on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))}岁"
