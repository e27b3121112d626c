"""Papers that mediators work with: entrustment, invitation, records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.cases.codes import PaperKind
from mediation.documents import contexts
from mediation.documents.contexts.parts import Attendant, Listed, Share, Utterance
from mediation.documents.drafting.addressing import (
    NOT_STATED,
    Draft,
    claimant_names,
    common,
    contact,
    drafter,
    each_side,
    hospital_names,
    is_dead,
    kept,
    lines,
    listed,
    matter,
    mediator_names,
    patient,
    patient_name,
)  # fmt: skip
from mediation.documents.wording import day
from mediation.privacy.identity import age_on
from workflow.registry import Move

MATERIALS = (PaperKind.RECORDS, PaperKind.EVIDENCE, PaperKind.FEES, PaperKind.IDENTITY, PaperKind.KINSHIP)
"""What an appraiser judges by, in this order; what the committee wrote for itself does not leave the house (条例 42)."""


@drafter
def appraisal_entrustment(move: Move) -> Iterator[Draft]:
    """鉴定委托书 (条例 34, 36, 37; R12)."""
    case, appraisal, person = move.case, move.case.appraisals.order_by("pk").last(), patient(move.case)
    consents = (
        f"患方于{day(appraisal.patient_consent_on)}书面同意",
        f"医方于{day(appraisal.hospital_consent_on)}书面同意",
    )
    born_on, seen_on = person.born_on if person else None, case.occurred_on or move.happened_on
    yield Draft(case.committee, contexts.AppraisalEntrustment(
        **common(move, case.committee), institution=appraisal.institution, is_joint=appraisal.entrusting == "joint",
        patient=claimant_names(case), patient_name=f"{patient_name(case) or NOT_STATED}{'（已死亡）' if is_dead(case) else ''}",
        patient_sex=person.get_sex_display() if person else "",
        patient_age=age_on(born_on, seen_on) if born_on and born_on <= seen_on else None,
        hospitals=tuple(h.paper_name for h in kept(case)), summary=case.summary, questions=lines(appraisal.questions),
        materials=tuple(_materials(case)),
        shares=(Share(payer="患方", amount=appraisal.patient_prepaid_amount), Share(payer="医方", amount=appraisal.hospital_prepaid_amount)),
        consents=consents, **contact(case.committee),
    ))  # fmt: skip


def _materials(case: DisputeCase) -> Iterator[Listed]:
    """What goes before the appraiser: the material by its kind, and earlier opinions."""
    opinions = set(case.appraisals.values_list("opinion", flat=True))
    papers = [one for one in case.papers.order_by("pk") if one.kind in MATERIALS or one.pk in opinions]
    for one in sorted(papers, key=lambda one: MATERIALS.index(one.kind) if one.kind in MATERIALS else len(MATERIALS)):
        given = f"{one.get_side_display()}提交，" if one.side else ""
        yield listed(one, note=f"{given}{one.get_copy_display()}")


@drafter
def meeting_invitation(move: Move) -> Iterator[Draft]:
    """调解会通知书, to each side."""
    case, meeting = move.case, move.case.meetings.order_by("pk").last()
    for side, addressee, _, hospital in each_side(case):
        yield Draft(case.committee, contexts.MeetingInvitation(
            **common(move, case.committee), addressee=addressee, matter=matter(case), starts_at=timezone.localtime(meeting.at),
            place=meeting.place, mediators=mediator_names(case) or (NOT_STATED,), recorder=meeting.recorder, **contact(case.committee),
        ), side, hospital)  # fmt: skip


@drafter
def investigation_record(move: Move) -> Iterator[Draft]:
    """调查笔录, to be signed by the person heard."""
    case, record = move.case, move.case.investigations.order_by("pk").last()
    yield Draft(case.committee, contexts.InvestigationRecord(
        **common(move, case.committee), matter=matter(case), began_at=_moment(record.on, record.began), place=record.place,
        investigators=(record.by.get_full_name(),), recorder=record.recorder, person=record.person,
        person_details=record.get_side_display(), others=_present(record.present),
        utterances=_said(record.content), has_hour=record.began is not None,
    ))  # fmt: skip


@drafter
def meeting_record(move: Move) -> Iterator[Draft]:
    """调解笔录 (人民调解法 27)."""
    case = move.case
    meetings = list(case.meetings.exclude(result="planned").order_by("at"))
    meeting = meetings[-1]
    yield Draft(case.committee, contexts.MeetingRecord(
        **common(move, case.committee), matter=matter(case), session=len(meetings), began_at=timezone.localtime(meeting.at),
        place=meeting.place, mediators=mediator_names(case) or (NOT_STATED,), recorder=meeting.recorder or NOT_STATED,
        parties=_attendance(meeting.attendance, case), objection=meeting.objection or NOT_STATED,
        utterances=_said(meeting.content), result=meeting.get_result_display(),
    ))  # fmt: skip


def _said(content: str) -> tuple[Utterance, ...]:
    """The record as it was written: a line that begins with who speaks (问：, 患方：) is theirs, any other is nobody's."""
    turns = [re.fullmatch(r"(?:([^：:，。；\s]{1,12})[：:])?(.+)", line) for line in lines(content)]
    return tuple(Utterance(speaker=turn[1] or "", text=turn[2].strip()) for turn in turns if turn)


def _moment(day: date, at: time | None) -> datetime:
    """When it began; a record without the hour says midnight, which the paper leaves open."""
    return datetime.combine(day, at or time(0, 0), timezone.get_current_timezone())


def _present(names: str | None) -> tuple[Attendant, ...]:
    return tuple(
        Attendant(name=name, standing="在场人")
        for name in (names or "").replace("，", "、").split("、")
        if name.strip()
    )


AGREEMENTS = ("mediation_agreement", "settlement_agreement")
SIDES = {"patient": "患方", "hospital": "医方", "others": "其他参加人"}


def _attendance(held: Mapping[str, Sequence[str]], case: DisputeCase) -> tuple[Attendant, ...]:
    """Who was there, as recorded: names by side."""
    found = [Attendant(name=name, standing=SIDES[side]) for side in SIDES for name in held.get(side, ()) if name]
    return tuple(found) or (Attendant(name=claimant_names(case), standing="患方"),)


@drafter
def follow_up_record(move: Move) -> Iterator[Draft]:
    """回访记录: what was heard, word for word; a rating that nobody gave is not supplied (R21).

    The form is about how an agreement was kept and names its number: after a mere explanation there is none.
    """
    if move.case.outcome == "resolved_by_town":
        return
    case, visit = move.case, move.case.visits.get(pk=move.data["visit"])
    issuer = case.committee if case.is_committee_case else case.town or case.desk
    agreement = case.documents.filter(kind__in=AGREEMENTS).exclude(state="void").last()
    solved = {True: "已解决", False: "未解决", None: "未表示"}[visit.is_solved]
    said = f"满意程度：{visit.get_satisfaction_display() or '未表示'}；是否解决：{solved}。"
    yield Draft(issuer, contexts.FollowUpRecord(
        **common(move, issuer), parties=(claimant_names(case), hospital_names(case)), matter=matter(case),
        agreement_number=agreement.number if agreement else "", visited_at=timezone.localtime(visit.at),
        manner=visit.get_means_display(), person=f"{visit.person}（{visit.get_side_display()}）", performance=visit.result,
        satisfaction=said if visit.reached else "未联系上。", remaining=visit.remaining or "", visitors=(visit.by.get_full_name(),),
    ))  # fmt: skip
