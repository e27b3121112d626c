"""The cases' own parts of the file: contacts, services, what each side asked for and declared, who mediates."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from mediation.cases.case import CaseMediator, DisputeCase
from mediation.cases.codes import PaperKind
from mediation.cases.pages.effects import PAPER_LABELS
from mediation.cases.pages.eyes import Eyes, Reader, at_town
from mediation.cases.pages.onfile import (
    PARTS,
    Block,
    Cell,
    Moment,
    Moments,
    Part,
    Table,
    chip,
    is_superseded,
    named,
    paper,
    rows_named,
    tag,
    validity,
    whose,
)
from mediation.cases.parties import Application, Consent, RouteStatus
from mediation.cases.record import Contact, PaperRequest, Service
from mediation.cases.templatetags.face import day


def contacts(case: DisputeCase, rows: Iterable[Contact], eyes: Eyes) -> Block:
    """With whom, why, how, and what came of it."""
    return Moments([
        Moment(
            row.at, row.get_purpose_display(), texts=[("", eyes.said(row.content))],
            tags=[tag(row.get_side_display(), "b1" if row.side == "hospital" else ""), tag(row.get_means_display()),
                  tag("已联系上", "ok") if row.reached else tag("未联系上", "warn")],
            sub="　".join(str(who) for who in (row.by, row.organisation) if who), target=named("contact", row),
        )
        for row in rows
    ])  # fmt: skip


def of_the_town(case: DisputeCase, eyes: Eyes) -> Q:
    """While a town has the case, what was done before the committee; afterwards what the town itself did."""
    return ~Q(organisation=case.committee_id) if at_town(case) else Q(organisation__in=eyes.organisations)


def paper_requests(case: DisputeCase, rows: Iterable[PaperRequest], eyes: Eyes) -> Block:
    """What was asked for, from whom, by when, and whether it has come."""
    return Table.of(
        ("向谁要求", "缺少的材料", "通知日期", "补交期限", "情况"), rows,
        lambda row: (row.get_side_display(), _kinds(row.wanted), day(row.asked_on), day(row.due_on), _come(case, row)),
    )  # fmt: skip


def _kinds(kinds: Iterable[str]) -> str:
    return "、".join(PaperKind(kind).label for kind in kinds)


def _come(case: DisputeCase, request: PaperRequest) -> Cell:
    later = [one for one in case.papers.all() if one.received_on >= request.asked_on]
    if {one.kind for one in later if one.side in (request.side, "both")} >= set(request.wanted):
        return tag("已补交", "ok")
    is_late = request.due_on < timezone.localdate() and case.state == "under_review"
    return chip("逾期未补", "late") if is_late else tag("未补齐", "warn")


def services(case: DisputeCase, rows: Iterable[Service], eyes: Eyes) -> Block:
    """Which document reached whom, when, how, and the proof."""
    return Table.of(
        ("文书", "受送达人", "方式", "送达日期", "送达凭据"), rows,
        lambda row: (PAPER_LABELS.get(row.document, row.document), whose(case, row), row.get_means_display(), day(row.on),
                     paper(case, row.paper_id, eyes)), kind="service",
    )  # fmt: skip


def applications(case: DisputeCase, rows: Iterable[Application], eyes: Eyes) -> Block:
    """Who asked for mediation, when and how; the day it was received starts the review."""
    return Table.of(
        ("申请方", "方式", "收到日期", "签名的申请", "效力"), rows,
        lambda row: (whose(case, row) if row.hospital_id else row.get_by_side_display(), row.get_form_display(),
                     day(row.received_on) + ("（镇街代收）" if row.received_at_town else ""),
                     paper(case, row.paper_id, eyes) if row.paper_id else tag("尚缺", "warn"), validity(row)),
        is_superseded, kind="application",
    )  # fmt: skip


def consents(case: DisputeCase, rows: Iterable[Consent], eyes: Eyes) -> Block:
    """Every word a side has given; the last one counts."""
    return Table.of(
        ("一方", "意见", "表示日期", "方式", "凭据", "效力"), rows,
        lambda row: (whose(case, row), tag("同意", "ok") if row.given else tag("不同意", "warn"), day(row.on),
                     row.get_means_display(), paper(case, row.paper_id, eyes), validity(row)),
        is_superseded, kind="consent",
    )  # fmt: skip


def routes(case: DisputeCase, rows: Iterable[RouteStatus], eyes: Eyes) -> Block:
    """What each side declared about court and bureau."""
    tones = {"accepted": "warn", "none": "ok"}
    return Table.of(
        ("声明方", "途径", "情况", "日期", "受理机关", "凭据"), rows,
        lambda row: (row.get_side_display(), row.get_route_display(),
                     tag(row.get_answer_display(), tones.get(row.answer, "")), day(row.on), row.body,
                     paper(case, row.paper_id, eyes)), kind="route",
    )  # fmt: skip


def seats(case: DisputeCase, rows: Iterable[CaseMediator], eyes: Eyes) -> Block:
    """Who mediates and who did; only the committee and its supervisor read why somebody was replaced."""
    inside = eyes.reader in (Reader.COMMITTEE, Reader.SUPERVISOR)
    return Table.of(
        ("调解员", "分工", "产生方式", "自", "至", *(["更换原因"] if inside else [])), rows,
        lambda row: (str(row.user), tag("主办", "b1") if row.lead else tag("协办"), row.get_chosen_display(),
                     day(row.since), day(row.until), row.get_reason_display()),
        lambda row: row.until is not None, kind="seat",
    )  # fmt: skip


def _by_side(case: DisputeCase, eyes: Eyes) -> Q:
    return Q(side__in=["hospital", "both"])


def _applied(case: DisputeCase, eyes: Eyes) -> Q:
    return Q(by_side__in=["hospital", "both"]) & (Q(hospital__in=eyes.organisations) | Q(hospital=None))


PARTS += [
    Part("contacts", "contacts", "联系记录", rows_named("contacts", "by", "organisation"), contacts, own=of_the_town),
    Part("paper_requests", "contacts", "补正要求", rows_named("paper_requests"), paper_requests, own=_by_side),
    Part("services", "contacts", "送达", rows_named("services"), services),
    Part("applications", "consents", "调解申请", rows_named("applications"), applications, own=_applied),
    Part("consents", "consents", "同意调解", rows_named("consents"), consents),
    Part("routes", "consents", "互斥声明", rows_named("routes"), routes, own=_by_side),
    Part("seats", "talks", "承办调解员", rows_named("assignments", "user"), seats),
]
