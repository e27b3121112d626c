"""Papers around an application: who applied, who agreed, what each side handed in, by when (条例 31)."""

from __future__ import annotations

from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from mediation.documents import rendering
from mediation.documents.contexts import InvestigationRecord
from mediation.documents.freezing import thaw
from tests.documents import samples
from tests.documents.reading import pages_of
from tests.documents.test_ending_papers import printed, said
from tests.factories import HOSPITAL, OTHER_HOSPITAL, case_at, no_other_route, organisation, paper, take

pytestmark = pytest.mark.django_db


def applied(by_side: str, **how: Any) -> DisputeCase:
    """A case at the committee to which one side, or both, have applied; who has not has consented."""
    case = take(case_at("escalated", **how), "take_over", "clerk_chen")
    hospital = None if by_side == "patient" else organisation(HOSPITAL)
    case = take(
        case,
        "record_application",
        "clerk_chen",
        by_side=by_side,
        form="written",
        hospital=hospital,
        paper=paper("调解申请书"),
    )
    if by_side == "hospital":
        case = take(case, "record_consent", "clerk_chen", side="patient", means="letter", paper=paper("同意书"))
    for one in case.respondents.exclude(hospital=hospital):
        case = take(
            case,
            "record_consent",
            "clerk_chen",
            side="hospital",
            hospital=one.hospital,
            means="letter",
            paper=paper("同意函"),
        )
    case = take(case, "add_paper", "clerk_chen", kind="identity", side="patient", paper=paper("身份证"))
    case = take(case, "declare_routes", "clerk_chen", **no_other_route())
    return take(case, "accept", "clerk_chen", paper=paper("受理审批表"))


def opening(case: DisputeCase) -> str:
    """How the notice of acceptance begins, up to the law."""
    page = printed("acceptance_notice", said(case, "acceptance_notice"))
    return page.split('class="text">')[1].partition("。经审查")[0].replace("患者甄示例在", "")


@pytest.mark.rule("R01")
def test_the_notice_of_acceptance_says_who_applied_and_who_agreed() -> None:
    asked = "诊疗产生的医疗纠纷，于2026年3月2日"

    assert opening(applied("patient")) == f"甄示例因示例人民医院{asked}向本会申请人民调解，示例人民医院同意调解"
    assert opening(applied("hospital")) == f"示例人民医院因示例人民医院{asked}向本会申请人民调解，甄示例同意调解"
    assert opening(applied("both")) == f"甄示例、示例人民医院因示例人民医院{asked}共同向本会申请人民调解"


def test_a_second_hospital_that_did_not_apply_agreed() -> None:
    case = applied("both", hospitals=(HOSPITAL, OTHER_HOSPITAL))

    other = organisation(OTHER_HOSPITAL).paper_name
    assert f"向本会申请人民调解，{other}同意调解" in opening(case)


def test_a_receipt_lists_what_this_side_handed_in() -> None:
    case = take(case_at("escalated"), "take_over", "clerk_chen")
    for side in ("patient", "hospital"):
        case = take(case, "add_paper", "clerk_chen", kind="records", side=side, paper=paper(f"{side}的病历"))
    case = take(case, "add_paper", "clerk_chen", kind="other", paper=paper("内部记录"))

    case = take(case, "record_application", "clerk_chen", by_side="patient", form="written", paper=paper("调解申请书"))

    listed = said(case, "application_receipt")["papers"]
    assert [(one["name"], one["pages"]) for one in listed] == [("patient的病历", "1页"), ("调解申请书", "1页")]


def test_a_town_that_received_an_application_says_whom_it_passes_it_to() -> None:
    page = printed("application_receipt", said(case_at("under_review"), "application_receipt"))

    assert "本单位已经收到，将转交东莞市医疗争议专业调解委员会审查" in page
    assert "本会" not in page


def test_the_period_for_missing_papers_runs_from_the_notice_and_includes_its_last_day() -> None:
    case = take(case_at("under_review"), "request_papers", "clerk_chen", side="both", wanted=["identity"])

    for side, period in (
        ("patient", "五个工作日内，即在2026年3月9日前（含当日）"),
        ("hospital", "三个工作日内，即在2026年3月5日前（含当日）"),
    ):
        page = printed("papers_request", said(case, "papers_request", side))
        assert f"请自本通知作出之日起{period}补正" in page
        assert "本会已于2026年3月2日收到" in page


def test_a_label_is_never_broken_over_the_line() -> None:
    for key in ("acceptance_notice", "papers_request", "meeting_invitation", "appraisal_entrustment"):
        page = rendering.page(rendering.kind_of(key), samples.every_context()[key], made_at=samples.MADE_AT)
        assert '<span class="item">地址：' in page


@pytest.mark.parametrize("content", ["患者术后发热，" * 120, "问：经过？\n答：" + "患者术后发热，" * 100])
def test_a_long_record_begins_on_its_first_page_and_is_signed_below_words(content: str) -> None:
    case = take(case_at("investigating"), "record_investigation", "mediator_sun", place="示例医院", side="hospital",
                person="黄示例", recorder="何示例", content=content)  # fmt: skip
    record = thaw(InvestigationRecord, said(case, "investigation_record", ""))

    made = rendering.render("investigation_record", record, made_at=samples.MADE_AT, uid=samples.UID)

    first, second = pages_of(made.pdf)
    assert first.count("患者术后发热") > 60
    assert second.index("患者术后发热") < second.index("被调查人")
    assert "0时00分" not in first


def test_a_line_of_a_record_is_whose_it_says() -> None:
    case = take(case_at("investigating"), "record_investigation", "mediator_sun", place="示例医院", side="hospital",
                person="黄示例", recorder="何示例", content="问：经过？\n答：没有。\n当场出示病历。")  # fmt: skip

    turns = said(case, "investigation_record", "")["utterances"]
    assert [(turn["speaker"], turn["text"]) for turn in turns] == [
        ("问", "经过？"),
        ("答", "没有。"),
        ("", "当场出示病历。"),
    ]
