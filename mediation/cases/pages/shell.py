"""The frame of every page: navigation by role, unread notices, who is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from mediation.cases.record import Notice
from mediation.organisations.models import Kind, Place, User
from workflow.vocabulary import Role

Item = dict[str, Any]
EVERYBODY = frozenset(Role)
CASEWORK = frozenset({Role.HOTLINE_OPERATOR, Role.TOWN_OFFICIAL, Role.DISPATCHER, Role.DIRECTOR, Role.MEDIATOR})
REGISTRARS = frozenset({Role.HOTLINE_OPERATOR, Role.TOWN_OFFICIAL, Role.DISPATCHER})
READERS = CASEWORK | {Role.HOSPITAL_LIAISON, Role.SUPERVISOR}

# (path, icon, label, roles, group); the subjects above the cases append theirs.
NAVIGATION: list[tuple[str, str, str, frozenset[Role], str]] = [
    ("/desk/", "inbox", "我的工作台", CASEWORK, ""),
    ("/cases/", "folder2-open", "案件管理", READERS, ""),
    ("/cases/new/", "plus-lg", "登记案件", REGISTRARS, ""),
    ("/notices/", "bell", "消息", READERS, ""),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame; nothing for somebody who is not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": [], "unread": 0, "who": "", "watermark": ""}
    return {
        "nav": navigation(user, request.path), "unread": unread(user), "who": who(user),
        "watermark": f"{user.get_full_name()} {user.employee_no} {timezone.localtime():%Y-%m-%d %H:%M}".strip(),
    }  # fmt: skip


def navigation(user: User, path: str) -> list[Item]:
    """The side bar of this person."""
    roles = {right.role for right in user.roles()}
    items = [row for row in NAVIGATION if roles & row[3]]
    current = max((row[0] for row in items if path.startswith(row[0])), key=len, default="")
    shown = [
        {"url": url, "icon": icon, "label": label, "group": group, "current": url == current, "count": None, "hot": False}
        for url, icon, label, _, group in items
    ]  # fmt: skip
    if user.is_staff:
        shown.append(
            {
                "url": "/admin/",
                "icon": "gear",
                "label": "系统管理",
                "group": "管理",
                "current": False,
                "count": None,
                "hot": False,
            }
        )
    return shown


def unread(user: User) -> int:
    """How many notices wait, counted to a hundred."""
    return Notice.objects.unread_by(user)[:100].count()


def who(user: User) -> str:
    """Name and role, as the top bar shows them; the organisation where there are several of its kind."""
    rights = sorted(user.roles(), key=lambda right: right.organisation_id or 0)
    roles = [_role(right.role, user.places().get(right.organisation_id or 0)) for right in rights]
    return " · ".join([user.get_full_name(), *dict.fromkeys(roles)])


def _role(role: Role, place: Place | None) -> str:
    several = place is not None and place.kind in (Kind.TOWN, Kind.HOSPITAL)
    return f"{place.name} {role.label}" if several and place else role.label
