"""Who there is: organisations, the people who work for them, and the roles those people hold there.

A role is held on an organisation: the group of that role there has the role's object permission on the organisation
(django-guardian), and a person holds the role by being a member of the group. Cases point at organisations, so moving a
case to another town changes one foreign key and no grant.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser, Group, Permission
from django.db import models
from guardian.models import GroupObjectPermissionBase

from workflow.registry import Right
from workflow.statements import PreparedQuery
from workflow.vocabulary import Role


class Kind(models.TextChoices):
    HOTLINE = "hotline", "12345热线中心"
    TOWN = "town", "镇街（园区）"
    COMMITTEE = "committee", "医调委"
    HOSPITAL = "hospital", "医疗机构"
    BUREAU = "bureau", "卫生健康局"
    INSURER = "insurer", "保险公司"
    SYSTEM = "system", "系统"


class Ownership(models.TextChoices):
    PUBLIC = "public", "公立"
    PRIVATE = "private", "民营"
    UNKNOWN = "unknown", "待核实"


ROLE_KINDS: dict[Role, Kind] = {
    Role.HOTLINE_OPERATOR: Kind.HOTLINE, Role.TOWN_OFFICIAL: Kind.TOWN, Role.DISPATCHER: Kind.COMMITTEE,
    Role.MEDIATOR: Kind.COMMITTEE, Role.DIRECTOR: Kind.COMMITTEE, Role.HOSPITAL_LIAISON: Kind.HOSPITAL,
    Role.SUPERVISOR: Kind.BUREAU, Role.INSURER: Kind.INSURER, Role.AUDITOR: Kind.SYSTEM,
    Role.ADMINISTRATOR: Kind.SYSTEM,
}  # fmt: skip


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Which organisations; lists are adjectives."""

    def towns(self) -> OrganisationQuerySet:
        """Towns, streets and parks that handle cases."""
        return self.filter(kind=Kind.TOWN, active=True)

    def hospitals(self) -> OrganisationQuerySet:
        """Medical institutions that can be named in a new dispute."""
        return self.filter(kind=Kind.HOSPITAL, active=True)


class Organisation(models.Model):
    """A hotline centre, town, hospital, committee, bureau or insurer.

    ``town`` is where a hospital stands; five of the public list do not say, so it may be empty. ``formal_name`` is what
    papers carry and the seal reads; the committee's is to be confirmed locally, so it is data.
    """

    kind = models.CharField("类别", max_length=16, choices=Kind)
    code = models.CharField("代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=80)
    formal_name = models.CharField("文书用全称", max_length=120, blank=True)
    town = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在镇街")
    ownership = models.CharField("性质", max_length=8, choices=Ownership, default=Ownership.UNKNOWN)
    grade = models.CharField("等级", max_length=16, blank=True)
    committee_name = models.CharField("已备案的人民调解委员会", max_length=120, blank=True)
    number_prefix = models.CharField("文书代字", max_length=16, blank=True)
    phone = models.CharField("联系电话", max_length=32, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    confidence = models.CharField("资料可靠程度", max_length=80, blank=True)
    active = models.BooleanField("在用", default=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "机构"
        ordering = ["kind", "code"]
        permissions = [(f"act_as_{role.value}", role.label) for role in ROLE_KINDS]
        indexes = [models.Index(fields=["kind", "active"], name="organisation_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def paper_name(self) -> str:
        """The name that documents carry."""
        return self.formal_name or self.name

    @property
    def is_public_hospital(self) -> bool:
        """Whether the limits for public hospitals apply (R13, R14)."""
        return self.kind == Kind.HOSPITAL and self.ownership == Ownership.PUBLIC


class OrganisationGrant(GroupObjectPermissionBase):
    """django-guardian's grant of a role on an organisation, with a real foreign key instead of a text one."""

    content_object = models.ForeignKey(Organisation, models.CASCADE, verbose_name="机构")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "角色授权"


class Place(NamedTuple):
    """What the frame of a page says about an organisation."""

    kind: str
    name: str


class User(AbstractUser):  # type: ignore[django-manager-missing]  # viewflow's task model names no manager
    """A person with an account. ``affiliation`` is a hospital the person worked for: a conflict of interest (R07)."""

    full_name = models.CharField("姓名", max_length=40)
    employee_no = models.CharField("工号", max_length=32, blank=True)
    phone = models.CharField("办公电话", max_length=32, blank=True)
    affiliations = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name="曾任职或有利害关系的医疗机构"
    )

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def get_full_name(self) -> str:
        """Family name first, as Chinese names are written."""
        return self.full_name or self.username

    def __str__(self) -> str:
        return self.get_full_name()

    def roles(self) -> frozenset[Right]:
        """Every role this person holds now, with the organisation it is held on. One query, read at most once."""
        held = self.__dict__.get("_roles")
        if held is None:
            held = self.__dict__["_roles"] = roles_of(self)
        return held

    def places(self) -> dict[int, Place]:
        """Where this person holds roles; from the same query."""
        self.roles()
        return self.__dict__.get("_places", {})

    def organisations(self, *roles: Role) -> list[int]:
        """The organisations on which this person holds one of the roles."""
        return [right.organisation_id for right in self.roles() if right.role in roles and right.organisation_id]


def roles_of(user: Any) -> frozenset[Right]:
    """Every role a person holds now; nobody who is deactivated holds any."""
    if user is None or not user.is_active or user.pk is None:
        return frozenset()
    grants = _grants_of(user.pk)
    user.__dict__["_places"] = {pk: Place(kind, name) for _, pk, kind, name in grants}
    return frozenset(Right(Role(codename.removeprefix("act_as_")), pk) for codename, pk, *_ in grants)


_grants_of = PreparedQuery(
    lambda pk: OrganisationGrant.objects.filter(group__user=pk, content_object__active=True).values_list(
        "permission__codename", "content_object_id", "content_object__kind", "content_object__name"
    )
)


def group_of(role: Role, organisation: Organisation) -> Group:
    """The group whose members hold ``role`` on ``organisation``; made, with its grant, when first needed."""
    from guardian.shortcuts import assign_perm

    group, made = Group.objects.get_or_create(name=f"{role.value}@{organisation.code}")
    if made:
        permission = Permission.objects.get(content_type__app_label="organisations", codename=f"act_as_{role.value}")
        assign_perm(permission, group, organisation)
    return group


def appoint(user: User, role: Role, organisation: Organisation) -> None:
    """Give a person a role on an organisation.

    Raises ``ValueError`` when that kind of organisation has no such role.
    """
    if ROLE_KINDS.get(role) != organisation.kind:
        raise ValueError(f"{organisation.get_kind_display()}没有“{role.label}”这一角色")
    user.groups.add(group_of(role, organisation))
    _roles_changed(user)


def dismiss(user: User, role: Role, organisation: Organisation) -> None:
    """Take a role on an organisation away from a person; it counts from the next request on."""
    user.groups.remove(group_of(role, organisation))
    _roles_changed(user)


def _roles_changed(user: User) -> None:
    """Roles are read anew, and the administration pages open to administrators only."""
    user.__dict__.pop("_roles", None)
    is_administrator = any(right.role == Role.ADMINISTRATOR for right in user.roles())
    if user.is_staff != is_administrator:
        user.is_staff = is_administrator
        user.save(update_fields=["is_staff"])
