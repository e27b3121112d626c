"""What may be corrected of the dispute itself: the case, its people and hospitals, what each side asked for and declared."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from mediation.cases import codes
from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.correctable import (
    Correctable,
    Recorded,
    Rows,
    nobody,
    not_after,
    of_part,
    record,
    within,
)
from mediation.cases.pages.eyes import Eyes
from mediation.cases.parties import Party, RouteStatus
from mediation.cases.steps.dates import correct_acceptance, correct_application, correct_consent, correct_receipt
from mediation.cases.values import Body, OneOf, Short, SomeOf, amount, day, flag, phone, short, text
from mediation.organisations.models import Kind
from mediation.privacy.identity import IdKind, check_id_no
from mediation.privacy.masking import mask_name
from workflow.lifecycle import BEFORE_ACCEPTANCE
from workflow.registry import Move, Refused


def _of_case(move: Move, case: DisputeCase, field: str, old: Any) -> None:
    if field == "accepted_on":
        correct_acceptance(move, old)
    elif field == "received_on":
        correct_receipt(move, old)
    elif field == "occurred_on":
        not_after(case.occurred_on, case.received_on, "接收日期", of="发生日期")
    elif (
        field == "category" and case.state not in BEFORE_ACCEPTANCE and case.category != codes.Category.MEDICAL_DISPUTE
    ):
        raise Refused("受理后不能改为非医疗纠纷", field="value")
    elif field == "is_confidential":
        _hide_the_caller(case)


def _hide_the_caller(case: DisputeCase) -> None:
    """Who called is hidden; where that cannot be told, everybody on the patient's side is."""
    people = case.parties.filter(side=codes.Side.PATIENT)
    callers = people.filter(kind=codes.PartyKind.CALLER)
    if case.is_confidential and callers.exists():
        people = callers
    people.update(is_hidden=case.is_confidential)


def _of_party(move: Move, party: Party, field: str, old: Any) -> None:
    today = move.happened_on
    if field == "name" and party.kind == codes.PartyKind.PATIENT:
        move.case.patient_label = mask_name(party.name)
    elif field == "born_on" and party.born_on is not None and party.born_on > today:
        raise Refused("出生日期不能晚于今天", field="value")
    elif field == "id_no":
        if party.id_kind == IdKind.NONE:
            raise Refused("请先更正证件类型", field="target")
        found = check_id_no(party.id_kind, party.id_no or "", today=today)
        if not found.ok:
            raise Refused(found.message, field="value")
        party.id_no = found.value


def _of_hospital(move: Move, row: CaseHospital, field: str, old: Any) -> None:
    case = move.case
    if field != "hospital":
        return
    if case.accepted_on is not None:
        raise Refused("受理后不能更换医疗机构：新的机构尚未同意调解，请变更当事人或分出（条例第31条）", field="target")
    if case.respondents.filter(hospital=row.hospital).exclude(pk=row.pk).exists():
        raise Refused(f"{row.hospital.name}已经是本案的医疗机构", field="value")
    applied = case.applications.filter(by_side__in=[codes.Side.HOSPITAL, codes.Side.BOTH])
    if applied.exists():
        raise Refused("医方已经申请调解，不能更换医疗机构", field="target")


def _of_application(move: Move, row: Any, field: str, old: Any) -> None:
    if field == "received_on":
        correct_application(move, row, old)


def _of_consent(move: Move, row: Any, field: str, old: Any) -> None:
    if field == "on":
        correct_consent(move, row, old)


def _of_route(move: Move, row: RouteStatus, field: str, old: Any) -> None:
    """When and where; what was answered is the side's own word, and a new declaration takes its place (R03)."""
    accepted, case = row.answer == codes.RouteAnswer.ACCEPTED, move.case
    if field == "body" and not accepted:
        raise Refused("没有被受理的，没有受理机关；情况有变的，请重新登记“互斥声明”，以最后一次为准", field="target")
    if field != "on":
        return
    if not accepted:
        within(move, row.on)
    not_after(row.on, move.happened_on, "今天")
    if case.accepted_on is not None and old <= case.accepted_on:
        not_after(row.on, case.accepted_on, "受理日期")


def _rows(name: str, *along: str) -> Rows:
    """Whoever corrects at all has these before the eyes: they stand on the first tabs."""

    def rows(case: DisputeCase, eyes: Eyes) -> list[Any]:
        found = getattr(case, name)
        return sorted(found.select_related(*along) if along else found.all(), key=attrgetter("pk"))

    return rows


# fmt: off
record(
    Recorded("case", "案件", (
        Correctable("summary", "纠纷概要", text),
        Correctable("diagnosis", "诊断", text),
        Correctable("source", "来源", OneOf(codes.Source)),
        Correctable("category", "类别", OneOf(codes.Category)),
        Correctable("cause", "案由", OneOf(codes.Cause)),
        Correctable("harm", "损害后果", OneOf(codes.Harm)),
        Correctable("demands", "诉求", SomeOf(codes.Demand)),
        Correctable("claimed_amount", "索赔金额", amount),
        Correctable("occurred_on", "发生日期", day),
        Correctable("received_on", "接收日期", day),
        Correctable("residence_town", "患者居住镇街", Body(Kind.TOWN)),
        Correctable("is_major", "重大纠纷", flag),
        Correctable("is_confidential", "来电人要求保密", flag),
        Correctable("accepted_on", "受理日期", day, by_committee=True, once=True),
    ), lambda case, eyes: [case], lambda row, eyes: "案件", follow=_of_case),
    Recorded("party", "当事人", (
        Correctable("name", "姓名", short),
        Correctable("phone", "电话", phone),
        Correctable("id_kind", "证件类型", OneOf(IdKind)),
        Correctable("id_no", "证件号码", short),
        Correctable("sex", "性别", OneOf(codes.Sex)),
        Correctable("born_on", "出生日期", day),
        Correctable("address", "住址", text),
        Correctable("relation", "与患者关系", Short(20)),
        Correctable("is_claimant", "是申请人、权利人", flag),
        Correctable("is_hidden", "要求隐匿身份", flag),
    ), _rows("parties"), lambda row, eyes: str(row), follow=_of_party),
    Recorded("respondent", "医疗机构", (
        Correctable("hospital", "医疗机构", Body(Kind.HOSPITAL)),
        Correctable("department", "科室", OneOf(codes.Department)),
    ), _rows("respondents", "hospital"), lambda row, eyes: row.hospital.name, follow=_of_hospital),
    Recorded("application", "调解申请", (
        Correctable("received_on", "收到调解申请的日期", day, by_committee=True),
        Correctable("form", "申请方式", OneOf(codes.Form), by_committee=True),
    ), of_part("applications"), lambda row, eyes: str(row.get_by_side_display()), by=nobody, follow=_of_application),
    Recorded("consent", "同意调解", (
        Correctable("on", "同意调解的日期", day, by_committee=True),
        Correctable("means", "表示的方式", OneOf(codes.Means), by_committee=True),
    ), of_part("consents"), lambda row, eyes: str(row.get_side_display()), by=nobody, follow=_of_consent),
    Recorded("route", "互斥声明", (
        Correctable("on", "声明或受理日期", day, by_committee=True),
        Correctable("body", "受理机关", Short(80), by_committee=True, once=True),
    ), of_part("routes"), lambda row, eyes: f"{row.get_side_display()}（{row.get_route_display()}）",
       by=nobody, follow=_of_route, committee="受理所依据的互斥声明由市医调委更正"),
)
# fmt: on
