"""What the table's conditions mean for a case: each answers ``None``, or why not yet, in words a clerk understands.

They read related rows through ``.all()`` and judge in Python, so that the case page can prefetch everything once.
"""

from __future__ import annotations

from datetime import date

from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.parties import Application, guardian_of, is_minor
from mediation.organisations.models import Organisation
from workflow.lifecycle import MEDIATING
from workflow.reckoning import deadline_of
from workflow.registry import advice, condition, foundation
from workflow.rulebook import rules_of
from workflow.vocabulary import Level

OF_THE_PATIENT: set[str] = {codes.Side.PATIENT, codes.Side.BOTH}
REQUIRED_PAPERS: dict[
    str, tuple[set[str], str]
] = {  # kind → whose it may be, and what it is called; the hospital's licence identifies no patient
    codes.PaperKind.APPLICATION: (set(codes.Side) | {""}, codes.PaperKind.APPLICATION.label),
    codes.PaperKind.IDENTITY: (OF_THE_PATIENT, f"患方{codes.PaperKind.IDENTITY.label}"),
}
CLAIM_FOR_THE_DEAD = {codes.PartyKind.HEIR, codes.PartyKind.RELATIVE}


@condition
def no_application(case: DisputeCase, on: date) -> str | None:
    if applications := case.applications.all():
        if any(application.confirmed for application in applications):
            return "已有调解申请在案，不能再走这一步"
        return f"已有调解申请在案，不能再走这一步；{_hand_in(applications[0])}"
    return None


@condition
def application_on_file(case: DisputeCase, on: date) -> str | None:
    if not case.applications.all():
        return "尚未登记调解申请（条例第31条：须有一方或双方申请）"
    return None


@condition
def application_confirmed(case: DisputeCase, on: date) -> str | None:
    applications = case.applications.all()
    if any(application.confirmed for application in applications):
        return None
    way_out = f"，{_hand_in(applications[0])}" if applications else ""
    return f"申请书或口头申请的签名记录尚未登记（条例第31条第2款）{way_out}"


def _hand_in(application: Application) -> str:
    """The way out: which step, and what to choose there, so that the paper finds this application."""
    kind, side = codes.PaperKind.APPLICATION.label, application.get_by_side_display()
    return f"请办理“登记材料”补交：类别选“{kind}”，提交方选“{side}”"


@condition
def consent_of_all(case: DisputeCase, on: date) -> str | None:
    if missing := sides_without_consent(case):
        return f"尚缺{'、'.join(missing)}同意调解的记录（条例第31条第1款）"
    return None


@condition
def patient_represented(case: DisputeCase, on: date) -> str | None:
    people = [party for party in case.parties.all() if party.side == codes.Side.PATIENT and party.until is None]
    dead = case.harm == codes.Harm.DEATH
    if dead and not {party.kind for party in people} & CLAIM_FOR_THE_DEAD:
        return "患者已死亡，须登记近亲属或继承人作为权利人（民法典第1181条）"
    claiming = [party for party in people if party.is_claimant or (party.kind == codes.PartyKind.PATIENT and not dead)]
    if any(is_minor(party.born_on, on) and guardian_of(case, party) is None for party in claiming):
        return "患者或权利人未满18周岁，须登记其监护人（民法典第23条）"
    return None


@condition
def consent_still_missing(case: DisputeCase, on: date) -> str | None:
    if not sides_without_consent(case):
        return "双方均已同意，无须再征求意见"
    return None


@condition
def medical_dispute(case: DisputeCase, on: date) -> str | None:
    if case.category != codes.Category.MEDICAL_DISPUTE:
        return "不属于医疗纠纷，应当转出（条例第2条）"
    return None


@condition
def routes_declared(case: DisputeCase, on: date) -> str | None:
    sides = {status.side for status in case.routes.all()}
    if "both" in sides or {"patient", "hospital"} <= sides:
        return None
    who = "双方" if not sides else "医方" if "patient" in sides else "患方"
    return f"{who}尚未声明法院、卫健部门是否已受理（条例第31条第4款）"


@condition
def another_route_accepted(case: DisputeCase, on: date) -> str | None:
    if not case.other_route:
        return "没有法院或卫健部门已受理的记录，不能以此终止"
    return None


@condition
def required_papers(case: DisputeCase, on: date) -> str | None:
    if missing := missing_papers({(paper.kind, paper.side) for paper in case.papers.all()}):
        return f"必备材料尚缺：{'、'.join(missing)}"
    return None


@condition
def not_declined_before(case: DisputeCase, on: date) -> str | None:
    if case.declines:
        return "本案已退单一次，不能再退"
    return None


@condition
def not_designated(case: DisputeCase, on: date) -> str | None:
    if case.designated:
        return "责任镇街由市级指定，不能退回"
    return None


@condition
def not_sent_back_before(case: DisputeCase, on: date) -> str | None:
    if case.send_backs:
        return "已退回镇街一次，不能再退"
    return None


@condition
def town_had_it(case: DisputeCase, on: date) -> str | None:
    if case.town_id is None:
        return "本案没有经过镇街，无处可退"
    return None


@condition
def town_has_committee(case: DisputeCase, on: date) -> str | None:
    if case.town is None or not case.town.committee_name:
        return "本镇街没有登记备案的人民调解委员会（人民调解法第34条）"
    return None


@condition
def handling_not_extended(case: DisputeCase, on: date) -> str | None:
    if case.handling_extensions:
        return "镇街处置期限已延长一次"
    return None


@condition
def town_period_over(case: DisputeCase, on: date) -> str | None:
    return _over(case.due_on, on, "镇街期限尚未届满", provisional=case.due_provisional)


@condition
def mediation_period_over(case: DisputeCase, on: date) -> str | None:
    return _over(case.mediation_due_on, on, "调解期限尚未届满", provisional=case.mediation_provisional)


@condition
def several_hospitals(case: DisputeCase, on: date) -> str | None:
    kept = [respondent for respondent in case.respondents.all() if respondent.kept]
    if len(kept) < 2:
        return "只有一家医疗机构，无须分出"
    return None


@condition
def joined_another(case: DisputeCase, on: date) -> str | None:
    if case.duplicate_of_id is None:
        return "本案没有并入其他案件"
    if case.later_cases.exists():
        return "已经取消并案并另立新案"
    return None


@condition
def committee_case(case: DisputeCase, on: date) -> str | None:
    if not case.is_committee_case:
        return "未经医调委受理的案件由登记单位或镇街直接结案"
    return None


@condition
def dossier_submitted(case: DisputeCase, on: date) -> str | None:
    if case.is_committee_case and case.dossier_submitted_on is None:
        return "主办调解员尚未提交卷宗"
    return None


@advice
def public_hospital_limit(case: DisputeCase, on: date) -> str | None:
    limit = rules_of(case.rulebook_id).amount("self_settlement_limit")
    if any(hospital.is_public_hospital for hospital in _hospitals(case)):
        return f"公立医院自行和解金额超过 {limit:,.0f} 元的，按粤府令186号应走其他途径（该限额待本市确认）"
    return None


@advice
def appraisal_advised(case: DisputeCase, on: date) -> str | None:
    limit = rules_of(case.rulebook_id).amount("appraisal_prompt")
    public = any(hospital.is_public_hospital for hospital in _hospitals(case))
    if public and case.claimed_amount is not None and case.claimed_amount >= limit:
        return f"索赔达 {limit:,.0f} 元以上，双方意见不一的，宜先共同委托鉴定（该限额待本市确认）"
    return None


@foundation("进入本环节的日期")
def state_entered(case: DisputeCase) -> date | None:
    return case.entered_on


@foundation("收到调解申请之日")
def application_received(case: DisputeCase) -> date | None:
    return min((application.received_on for application in case.applications.all()), default=None)


@foundation("分案之日")
def first_assigned(case: DisputeCase) -> date | None:
    return min((seat.since for seat in case.assignments.all()), default=None)


def missing_papers(there: set[tuple[str, str]]) -> list[str]:
    """Which of the required papers are not among these kinds, each with the side that it is from."""
    found = {kind for kind, (sides, _) in REQUIRED_PAPERS.items() for side in sides if (kind, side) in there}
    return [label for kind, (_, label) in REQUIRED_PAPERS.items() if kind not in found]


def sides_without_consent(case: DisputeCase) -> list[str]:
    """Who has not agreed to mediation: the patient's side, and every hospital that is still in the case.

    An application is its maker's consent; the last word of a side counts; what a substituted party said does not.
    """
    missing = ["患方"] if needs_consent(case, codes.Side.PATIENT) else []
    return missing + [hospital.name for hospital in _hospitals(case) if needs_consent(case, "hospital", hospital.pk)]


def needs_consent(case: DisputeCase, side: str, hospital_id: int | None = None) -> bool:
    """Whether one side (for the hospitals' side: one hospital) has not agreed to mediation, or has taken it back."""
    words = [word for word in case.consents.all() if (word.side, word.hospital_id) == (side, hospital_id)]
    standing = [word for word in words if not word.superseded]
    if standing:
        return not max(standing, key=lambda word: word.pk).given
    applied = [
        application for application in case.applications.all()
        if application.by_side in (side, codes.Side.BOTH) and not application.superseded
    ]  # fmt: skip
    return not any(application.hospital_id in (None, hospital_id) or side == "patient" for application in applied)


def _hospitals(case: DisputeCase) -> list[Organisation]:
    return [respondent.hospital for respondent in case.respondents.all() if respondent.kept]


def _over(due_on: date | None, on: date, not_yet: str, *, provisional: bool) -> str | None:
    if due_on is None or on <= due_on:
        return not_yet
    if provisional:
        return "期限依据的节假日安排尚未公布（暂定），系统不据此自动办理"
    return None


def days_left(case: DisputeCase, on: date) -> int | None:
    """Working days left of the 30, as of a day; ``None`` before acceptance."""
    if case.accepted_on is None or case.state not in (*MEDIATING, "lapsed"):
        return None
    from workflow.rulebook import calendar_of

    return deadline_of(case, "mediation", today=on).remaining_at(on, calendar_of(case.calendar_edition))


def keeps_town_level(case: DisputeCase) -> bool:
    """Whether the town settled it and keeps it until the end."""
    return case.level == Level.TOWN
