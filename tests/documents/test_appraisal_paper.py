"""鉴定委托书: what goes before the appraiser (条例 34; R12)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.documents.test_ending_papers import printed, said
from tests.factories import case_at, paper, take
from tests.factories_mediation import appraisal

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R12")
def test_before_the_appraiser_goes_what_an_appraiser_judges_by() -> None:
    case = case_at("investigating")
    records = replace(paper("住院病历"), page_count=86)
    for kind, one in (("fees", paper("医疗费票据")), ("records", records), ("other", paper("内部审批表"))):
        case = take(
            case, "add_paper", "mediator_sun", kind=kind, side="hospital" if kind == "records" else "patient", paper=one
        )

    case = take(case, "start_appraisal", "mediator_sun", **appraisal())

    materials = said(case, "appraisal_entrustment", "")["materials"]
    assert [(one["name"], one["quantity"], one["pages"], one["note"]) for one in materials] == [
        ("住院病历", "1份", "86页", "医方提交，原件"), ("医疗费票据", "1份", "1页", "患方提交，原件"), ("身份证", "1份", "1页", "患方提交，原件"),
    ]  # fmt: skip


def test_where_nothing_is_on_file_no_material_is_invented() -> None:
    case = case_at("investigating")
    case.papers.filter(kind="identity").delete()

    page = printed(
        "appraisal_entrustment",
        said(take(case, "start_appraisal", "mediator_sun", **appraisal()), "appraisal_entrustment", ""),
    )

    assert "委托时尚未登记鉴定材料" in page
    assert "患方于2026年3月2日书面同意" in page
