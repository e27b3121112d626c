"""What is recorded in a case can be read again on its page by those whom it concerns, and by nobody else."""

from dataclasses import replace
from datetime import date, time

import pytest
from django.apps import apps
from django.db.models import ForeignKey, OneToOneField
from django.test import Client

from mediation.cases.case import DisputeCase
from mediation.cases.pages import onfile
from mediation.cases.revealable import behind
from mediation.privacy.discretion import discreet
from mediation.settlement.models import Agreement, MarkKind
from tests.factories import NOW, PATIENT, at, case_at, no_other_route, paper, persona, take
from tests.factories_mediation import (
    SUN,
    appraisal,
    meeting,
    opinion,
    pay_all,
    rights_signed,
    seats,
    sign,
    terms,
    visit,
)
from workflow.registry import Refused

CLERK, DIRECTOR, TOWN, LIAISON = "clerk_chen", "director_xu", "town_wang", "liaison_he"
COMMITTEE = {CLERK, SUN, DIRECTOR}
ALL = COMMITTEE | {"supervisor_zhou"}
PROGRESS_ONLY = {"hotline_lin", "town_of_residence"}
EVERYBODY = ALL | {TOWN, LIAISON} | PROGRESS_ONLY


def contact(words: str, **changes: object) -> dict[str, object]:
    return {
        "side": "patient",
        "purpose": "explain",
        "means": "phone",
        "at": NOW,
        "reached": True,
        "content": words,
    } | changes


def whole_life() -> DisputeCase:
    """A case from the town to the archive that leaves a record of every kind behind."""
    case = case_at("town_handling")
    hospital = case.respondents.get().hospital
    case = take(case, "log_contact", TOWN, **contact("镇街说的话，甄示例电话13800000001。"))
    case = take(case, "guide_to_apply", TOWN, by_side="patient", form="written", paper=paper("申请书甲"))
    case = take(case, "log_contact", CLERK, **contact("医调委说的话。"))
    case = take(case, "request_papers", CLERK, side="both", wanted=["proxy"], note="补正的说明。")
    case = take(case, "add_paper", CLERK, kind="identity", side="patient", paper=paper("身份证"))
    case = take(
        case, "record_consent", CLERK, side="hospital", hospital=hospital, means="letter", paper=paper("同意函乙")
    )
    case = take(case, "declare_routes", CLERK, **(no_other_route() | {"side": "patient", "paper": paper("患方声明丙")}))
    case = take(
        case, "declare_routes", CLERK, **(no_other_route() | {"side": "hospital", "paper": paper("医方声明丁")})
    )
    case = take(case, "accept", CLERK, paper=paper("受理审批表"))
    for side, whose in (("patient", None), ("hospital", hospital)):
        case = take(case, "serve_notice", CLERK, document="acceptance_notice", side=side, hospital=whose, means="visit",
                    paper=paper(f"回证{side}"))  # fmt: skip
    case = take(case, "assign", DIRECTOR, **seats())
    for side in ("patient", "hospital"):
        case = take(case, "sign_rights_notice", SUN, **(rights_signed(case, side) | {"paper": paper(f"告知书{side}")}))
    case = take(case, "record_investigation", SUN, place="调查的地点", side="patient", person="甄示例", content="调查的内容。",
                recorder="何示例", began=time(9, 0))  # fmt: skip
    case = take(case, "start_appraisal", SUN, **appraisal(institution="示例鉴定所戊"))
    case = take(case, "finish_appraisal", SUN, **opinion(fault="鉴定说的过错。"))
    case = take(case, "convene", SUN, at=at("2026-03-02", 10), place="第一调解室己")
    case = take(case, "record_meeting", SUN, **meeting(content="调解会上说的话。", place="第一调解室己"))
    case = take(case, "draft_agreement", SUN, **terms(content="约定的内容。", other_obligations="当面道歉。"))
    case = take(case, "redraft", SUN, note="重新协商的原因。")
    case = take(case, "draft_agreement", SUN, **terms(content="再次约定的内容。"))
    case = sign(case, *MarkKind.values, now=NOW)
    case = pay_all(take(case, "conclude", SUN), now=NOW)
    case = take(take(case, "performed", SUN), "visit", SUN, **visit(result="回访听到的话。", remaining="遗留的问题。"))
    case = take(case, "submit_dossier", SUN, items={"proxy": {"standing": "explained", "reason": "没有委托代理人。"}})
    return take(case, "close", DIRECTOR, retention="30", checks=["case_ended"])


# tab, what stands there, who reads it
RECORDED: tuple[tuple[str, str, set[str]], ...] = (
    ("contacts", "镇街说的话", ALL | {TOWN}),
    ("contacts", "医调委说的话", ALL),
    ("contacts", "授权委托书", ALL | {LIAISON}),
    ("contacts", "回证patient", ALL),
    ("contacts", "回证hospital", ALL | {LIAISON}),
    ("consents", "申请书甲", ALL),
    ("consents", "同意函乙", ALL | {LIAISON}),
    ("consents", "患方声明丙", ALL),
    ("consents", "医方声明丁", ALL | {LIAISON}),
    ("consents", "告知书patient", ALL),
    ("consents", "告知书hospital", ALL | {LIAISON}),
    ("talks", "医调委指定", ALL | {TOWN, LIAISON}),
    ("talks", "调查的地点", COMMITTEE),
    ("talks", "调查的内容", COMMITTEE),
    ("talks", "示例鉴定所戊", ALL),
    ("talks", "不计入调解期限 1 个工作日", ALL),
    ("talks", "鉴定说的过错", ALL),
    ("talks", "第一调解室己", COMMITTEE | {LIAISON}),
    ("talks", "调解会上说的话", COMMITTEE),
    ("agreement", "期限届满", ALL | {TOWN, LIAISON}),
    ("agreement", "约定的内容。", ALL | {LIAISON}),
    ("agreement", "再次约定的内容。", ALL | {LIAISON}),
    ("agreement", "人民币壹拾万元整（¥100,000.00）", ALL | {LIAISON}),
    ("agreement", "患方签名（盖章、按指印）", ALL | {LIAISON}),
    ("agreement", "60,000.00", ALL | {LIAISON}),
    ("agreement", "转账凭证", ALL | {LIAISON}),
    ("agreement", "可共同申请至 2026-04-01", ALL | {LIAISON}),
    ("dossier", "回访听到的话", ALL),
    ("dossier", "遗留的问题", ALL),
    ("dossier", "没有委托代理人", ALL),
    ("dossier", "封存校验值", ALL),
    ("log", "补正的说明", ALL),
    ("log", "重新协商的原因。", ALL),
)  # fmt: skip
# Where those rows are shown that belong to another row, or to a tab that was there before.
BESIDE = {
    "Mark": "agreements", "Instalment": "agreements", "JudicialConfirmation": "agreements", "DossierItem": "checklist",
    "Party": "parties", "CaseHospital": "parties", "Paper": "papers", "IssuedDocument": "documents", "HotlineOrder": "orders",
    "StepFacts": "log", "Notice": "notices", "CaseTask": "desk",
}  # fmt: skip


def reader(username: str) -> Client:
    client = Client()
    client.force_login(persona(username), "django.contrib.auth.backends.ModelBackend")
    return client


def page(case: DisputeCase, tab: str, by: str) -> str:
    answer = reader(by).get(f"{case.get_absolute_url()}{'print/' if tab == 'print' else f'tab/{tab}/'}")
    assert answer.status_code == 200
    return answer.content.decode()


def opened(shown: str, tab: str) -> str:
    """The page, if it stands on that tab: for whom there is no such tab it shows the facts instead."""
    return shown if tab == "log" or f'aria-current="page">{onfile.TABS[tab]}' in shown else ""


def test_every_record_is_read_by_those_whom_it_concerns_and_by_nobody_else(db: None) -> None:
    case = whole_life()
    tabs = {tab for tab, _, _ in RECORDED}
    for by in sorted(EVERYBODY):
        pages = {tab: opened(page(case, tab, by), tab) for tab in tabs}
        expected = {(tab, words): by in who for tab, words, who in RECORDED}
        assert {key: key[1] in pages[key[0]] for key in expected} == expected, by


def test_paper_says_no_more_and_no_less_than_the_screen(db: None) -> None:
    case = whole_life()
    for by in (DIRECTOR, LIAISON, "hotline_lin"):
        record, _, said = page(case, "print", by).partition("五、办理记录")[2].partition("六、登记的内容")
        shown = {words: words in (record if tab == "log" else said) for tab, words, _ in RECORDED}
        assert shown == {words: by in who for _, words, who in RECORDED}, by


def test_who_follows_the_progress_only_is_offered_no_tab(db: None) -> None:
    case = whole_life()
    for by in PROGRESS_ONLY:
        shown = page(case, "facts", by)
        assert [label for label in onfile.TABS.values() if label in shown] == []


@pytest.mark.django_db
def test_every_model_that_belongs_to_a_case_has_its_place_on_the_page() -> None:
    case = case_at("registered")
    shown = {part.rows(case).model.__name__ for part in onfile.PARTS}
    belonging = {
        model.__name__ for model in apps.get_models() if model.__module__.startswith("mediation.")
        for field in model._meta.get_fields() if isinstance(field, ForeignKey | OneToOneField)
        and field.related_model in (DisputeCase, Agreement) and field.name in ("case", "agreement")
    }  # fmt: skip
    assert belonging - shown - set(BESIDE) == set()


def test_every_part_says_who_reads_it() -> None:
    assert {part.key for part in onfile.PARTS} | {"typed"} == set(onfile.READERS)
    assert {part.tab for part in onfile.PARTS} == set(onfile.TABS)


# --- personal values in what somebody typed ---------------------------------------------------------------------------


@pytest.mark.rule("R33")
def test_free_text_is_whole_for_those_who_act_on_it_and_masked_for_others(db: None) -> None:
    case = take(
        case_at("town_handling"), "log_contact", TOWN, **contact("甄示例说请打13800000001，号码44190019850520123X。")
    )
    assert "甄示例说请打13800000001" in page(case, "contacts", TOWN)

    case = take(case, "guide_to_apply", TOWN, by_side="patient", form="written", paper=paper("调解申请书"))
    assert "甄示例说请打13800000001" in page(case, "contacts", CLERK)
    for by in (TOWN, "supervisor_zhou"):
        shown = page(case, "contacts", by)
        assert "甄**说请打138****0001" in shown
        assert "44190019850520123X" not in shown


@pytest.mark.rule("R33")
def test_a_hidden_caller_is_hidden_in_what_the_town_itself_reads(db: None) -> None:
    case = case_at("town_handling", people=(replace(PATIENT, is_hidden=True),), is_confidential=True)
    case = take(case, "log_contact", TOWN, **contact("甄示例说请打13800000001。"))

    shown = page(case, "contacts", TOWN)
    assert "（要求保密）说请打（要求保密）" in shown
    assert "甄示例" not in shown


def test_names_of_people_are_masked_and_what_they_are_is_not(db: None) -> None:
    case = take(case_at("in_mediation"), "record_meeting", SUN, **meeting(
        patient_present=["甄示例（患者）", "贾示例"], hospital_present=["医务科主任"], result="again"))  # fmt: skip
    shown = page(case, "talks", DIRECTOR)
    assert "甄**（患者）、贾**" in shown
    assert "医务科主任" in shown


def test_the_longer_of_two_known_values_goes_first() -> None:
    assert discreet("甄示例明与甄示例", {"甄示例": "甄**", "甄示例明": "甄***"}) == "甄***与甄**"


# --- corrections ------------------------------------------------------------------------------------------------------


def corrected() -> tuple[DisputeCase, str]:
    case = case_at("under_review")
    target = f"party-{case.parties.get().pk}.phone"
    case = take(case, "correct", CLERK, target=target, value="13800000077", reason="抄错一位。")
    return case, f"correction-{case.version}.old"


def test_a_correction_shows_both_values_masked_and_the_way_behind_the_mask(db: None) -> None:
    case, target = corrected()
    for by in (CLERK, "supervisor_zhou"):
        for tab in ("log", "facts"):
            assert "138****0001 → 138****0077" in page(case, tab, by)
        assert target in page(case, "log", by)
    for by in (LIAISON, "hotline_lin", "town_of_residence", TOWN):
        assert "138****0077" not in page(case, "log", by)


def test_the_value_before_a_correction_is_revealed_like_any_other(db: None) -> None:
    case, target = corrected()
    case = take(case, "reveal", CLERK, target=target, reason="核对")

    _, row, fields = behind(case, target)
    assert [getattr(row, field) for field in fields] == ["13800000001"]
    assert "条更正的原值" in page(case, "log", CLERK)


def test_the_old_name_of_a_hidden_caller_is_not_revealed_to_the_town(db: None) -> None:
    case = case_at("town_handling", people=(replace(PATIENT, is_hidden=True),), is_confidential=True)
    case = take(
        case, "correct", "hotline_lin", target=f"party-{case.parties.get().pk}.name", value="甄示范", reason="写错"
    )
    assert "（要求保密） → （要求保密）" in page(case, "log", TOWN)

    with pytest.raises(Refused, match="来电人要求保密"):
        take(case, "reveal", TOWN, target=f"correction-{case.version}.old", reason="想知道")


def test_a_corrected_code_is_shown_by_its_name(db: None) -> None:
    case = take(case_at("under_review"), "correct", CLERK, target="case.harm", value="死亡", reason="更正后果。")
    assert "案件：损害后果：延长治疗 → 死亡" in page(case, "log", CLERK)


def test_who_took_a_partys_place_is_there_with_reason_and_authority(db: None) -> None:
    case = case_at("under_review")
    case = take(case, "substitute_party", CLERK, reason="proxy", party=case.parties.get(), kind="agent", full_name="戴示例", phone="13800000009",
                authority="特别授权，代为和解", paper=paper("授权委托书"))  # fmt: skip
    assert "特别授权，代为和解" in page(case, "parties", CLERK)
    record = page(case, "log", CLERK)
    assert "委托或更换代理人" in record
    assert "戴示例" not in record
    assert "13800000009" not in record


# --- what still has to come -------------------------------------------------------------------------------------------


def test_a_part_without_rows_is_named_in_a_sentence(db: None) -> None:
    case = take(case_at("under_review"), "log_contact", CLERK, **contact("说了。"))
    assert "尚无：补正要求、送达。" in page(case, "contacts", CLERK)


def test_marks_that_are_missing_and_instalments_that_are_late_say_so(db: None) -> None:
    drafted = sign(case_at("agreement_drafted"), "hospital", now=NOW)
    assert (
        page(drafted, "agreement", SUN).count('<span class="tag warn">待签署</span>') == 4
    )  # the agreement and three marks

    case = case_at("performing")
    instalment = Agreement.objects.get(case=case).instalments.first()
    assert instalment is not None
    assert instalment.due_on == date(2026, 3, 17)
    assert "逾期" in page(case, "agreement", LIAISON)
