"""Putting a wrong fact right: the old value stays, sealed; the record names the field and two digests."""

from datetime import date
from decimal import Decimal

import pytest

from mediation.cases.case import DisputeCase
from mediation.cases.record import StepFacts
from mediation.privacy.searchkeys import search_key
from tests.factories import OTHER_HOSPITAL, at, case_at, move, no_other_route, paper, take
from workflow.reckoning import deadline_of
from workflow.records import Event
from workflow.registry import Refused


def correct(case: DisputeCase, target: str, value: str, by: str = "clerk_chen", **when: object) -> DisputeCase:
    return take(case, "correct", by, target=target, value=value, reason="登记有误", **when)


def party_target(case: DisputeCase, field: str) -> str:
    return f"party-{case.parties.get().pk}.{field}"


def test_the_old_phone_is_kept_sealed_and_the_new_one_is_found() -> None:
    case = case_at("town_handling")

    case = correct(case, party_target(case, "phone"), "138 0000 0077", by="town_wang")

    party, event = case.parties.get(), Event.objects.get(chain=case.chain, seq=case.version)
    assert (party.phone, party.phone_key) == ("13800000077", search_key("phone", "13800000077"))
    assert StepFacts.objects.get(case=case, seq=case.version).facts["old"] == "13800000001"
    assert event.data["field"] == "party.phone"
    assert "13800000001" not in str(event.data)
    assert len(event.data["old"]) == len(event.data["new"]) == 64


def test_the_patients_masked_name_follows() -> None:
    case = case_at("registered")

    case = correct(case, party_target(case, "name"), "欧阳示例", by="hotline_lin")

    assert case.patient_label == "欧阳**"


@pytest.mark.parametrize(("target", "value", "column", "stored"), [
    ("case.summary", "更正后的概要", "summary", "更正后的概要"), ("case.claimed_amount", "12,000.50", "claimed_amount", Decimal("12000.50")),
    ("case.cause", "用药", "cause", "medication"), ("case.demands", "赔偿、道歉", "demands", ["compensation", "apology"]),
    ("case.occurred_on", "2026-02-11", "occurred_on", date(2026, 2, 11)), ("case.is_major", "是", "is_major", True),
])  # fmt: skip
def test_a_fact_of_the_case_is_read_as_people_write_it(target: str, value: str, column: str, stored: object) -> None:
    case = correct(case_at("registered"), target, value, by="hotline_lin")

    assert getattr(case, column) == stored


@pytest.mark.parametrize(("target", "value", "reason"), [
    ("case.claimed_amount", "一万", "金额请写数字"), ("case.claimed_amount", "1.005", "不超过两位小数"), ("case.claimed_amount", "NaN", "不超过两位小数"),
    ("case.occurred_on", "2026-13-01", "日期请写作"), ("case.occurred_on", "2026-03-03", "发生日期不能晚于接收日期"),
    ("case.cause", "不知道", "请填写其中一项"), ("case.state", "closed", "请选择本案中的一项"), ("case.number", "2026-1", "请选择本案中的一项"),
    ("case.residence_town", "某镇", "没有名称为"), ("case.summary", " ", "请填写更正后的内容"), ("case.harm", "延长治疗", "更正前后内容相同"),
])  # fmt: skip
def test_what_cannot_be_is_refused(target: str, value: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        correct(case_at("registered"), target, value, by="hotline_lin")


def test_another_cases_party_cannot_be_named() -> None:
    stranger = case_at("registered")
    with pytest.raises(Refused, match="请选择本案中的一项"):
        correct(case_at("registered"), party_target(stranger, "name"), "某人", by="hotline_lin")


def accepted_late() -> DisputeCase:
    """Applied for on 2 March, accepted on the 4th."""
    case = take(case_at("under_review"), "add_paper", "clerk_chen", kind="identity", side="patient", paper=paper())
    case = take(case, "record_consent", "clerk_chen", side="hospital", means="letter", paper=paper())
    case = take(case, "declare_routes", "clerk_chen", side="both", court="none", bureau="none")
    return take(case, "accept", "clerk_chen", paper=paper("审批表"), now=at("2026-03-04"))


@pytest.mark.rule("R09")
def test_a_corrected_acceptance_corrects_the_thirty_days() -> None:
    case = accepted_late()
    assert case.mediation_due_on == date(2026, 4, 16)

    case = correct(case, "case.accepted_on", "2026-03-02", now=at("2026-03-04"))

    assert (case.accepted_on, case.mediation_due_on, case.entered_on) == (
        date(2026, 3, 2),
        date(2026, 4, 14),
        date(2026, 3, 2),
    )
    assert case.due_on == date(2026, 3, 3)  # assignment runs from the same day


def test_an_acceptance_corrected_after_the_end_leaves_the_end_where_it_was() -> None:
    case = take(
        accepted_late(),
        "fail",
        "clerk_chen",
        now=at("2026-03-09"),
        reason="disagreement",
        note="差距过大",
        routes_explained=True,
    )
    assert deadline_of(case, "mediation").used == 3

    case = correct(case, "case.accepted_on", "2026-03-03", now=at("2026-03-09"))

    clock = deadline_of(case, "mediation")
    assert (clock.used, clock.ended) == (4, date(2026, 3, 9))


def test_acceptance_stays_after_what_it_rests_on_and_is_the_committees() -> None:
    case = case_at("awaiting_assignment")
    with pytest.raises(Refused, match="不能早于收到调解申请之日"):
        correct(case, "case.accepted_on", "2026-03-01")
    with pytest.raises(Refused, match="您的角色不能办理"):
        correct(case, "case.summary", "改一改", by="town_wang")
    with pytest.raises(Refused, match="不能晚于今天"):
        correct(case, "case.accepted_on", "2026-03-03")


def test_what_was_declared_or_agreed_to_after_acceptance_does_not_hold_its_date() -> None:
    case, later = accepted_late(), at("2026-03-05")
    case = take(case, "declare_routes", "clerk_chen", now=later, **no_other_route())
    case = take(case, "record_consent", "clerk_chen", now=later, side="patient", means="letter", paper=paper("同意书"))

    case = correct(case, "case.accepted_on", "2026-03-02", now=later)
    case = correct(case, f"consent-{case.consents.latest('pk').pk}.on", "2026-03-04", now=later)

    assert (case.accepted_on, case.consents.latest("pk").on) == (date(2026, 3, 2), date(2026, 3, 4))


def test_a_corrected_receipt_of_the_application_moves_the_review() -> None:
    case = case_at("town_handling", now=at("2026-02-26"))
    case = take(
        case, "guide_to_apply", "town_wang", now=at("2026-03-02"), by_side="patient", form="written", paper=paper()
    )
    assert case.due_on == date(2026, 3, 5)

    case = correct(case, f"application-{case.applications.get().pk}.received_on", "2026-02-27")

    assert case.due_on == date(2026, 3, 3)


def test_a_wrong_hospital_is_put_right_before_acceptance_only() -> None:
    case = case_at("town_handling")
    respondent = case.respondents.get()

    case = correct(case, f"respondent-{respondent.pk}.hospital", "示例中医院", by="town_wang")

    assert case.respondents.get().hospital.code == OTHER_HOSPITAL
    accepted = case_at("awaiting_assignment")
    with pytest.raises(Refused, match="受理后不能更换医疗机构"):
        correct(accepted, f"respondent-{accepted.respondents.get().pk}.hospital", "示例中医院")


def test_a_certificate_number_must_hold() -> None:
    case = case_at("registered")
    with pytest.raises(Refused, match="请先更正证件类型"):
        correct(case, party_target(case, "id_no"), "441900198505201238", by="hotline_lin")
    case = correct(case, party_target(case, "id_kind"), "居民身份证、居住证或永久居留证（18位）", by="hotline_lin")
    with pytest.raises(Refused, match="校验码不符|18位"):
        correct(case, party_target(case, "id_no"), "441900198505201230", by="hotline_lin")


@pytest.mark.rule("R33")
def test_a_caller_who_asks_later_is_hidden_from_then_on() -> None:
    case = correct(case_at("registered"), "case.is_confidential", "是", by="hotline_lin")

    assert case.parties.get().is_hidden


def test_the_event_holds_nothing_personal() -> None:
    case = case_at("registered")

    done = move(case, "correct", "hotline_lin", target="case.summary", value="患者张三", reason="写错")

    assert set(done.data) == {"field", "row", "old", "new"}
    assert "张三" not in str(done.data)
