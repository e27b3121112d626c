"""A 上报呈批表 is one page, or its writer has said that it is not (R27)."""

import pytest

from mediation.cases.stepform import form_of
from mediation.documents import contexts, rendering
from mediation.documents.freezing import thaw
from tests.documents import samples
from tests.factories import TODAY, brief, case_at, move, persona
from workflow.lifecycle import STEPS

pytestmark = pytest.mark.django_db
LONG = "双方对责任比例分歧较大，镇街已组织协商，未能达成一致意见。"


def form(case, **typed):
    said = {"happened_on": TODAY.isoformat()} | brief() | typed
    return form_of(STEPS["escalate"])(said, case=case, user=persona("town_wang"), today=TODAY)


def test_the_form_says_the_limit_before_anything_is_typed():
    shown = form_of(STEPS["escalate"])(case=case_at("town_handling"), user=persona("town_wang"), today=TODAY)
    assert "呈批表为一页" in shown.fields["more"].help_text
    assert "字" in shown.fields["more"].help_text


def test_what_is_longer_than_a_page_is_sent_only_knowingly():
    case = case_at("town_handling")
    refused = form(case, work_done=LONG * 60)
    assert "所填内容约超出一页" in refused.errors["more"][0]
    agreed = form(case, work_done=LONG * 60, more="on")
    assert agreed.is_valid(), agreed.errors
    assert "more" not in agreed.facts()


@pytest.mark.parametrize("room", ["risk", "work_done", "patient_attitude"])
def test_what_the_form_lets_through_is_one_page(room):
    """Written until the form objects: one sentence less is one page, as it is printed."""
    case = case_at("town_handling")
    most = max(number for number in range(1, 40) if form(case, **{room: LONG * number}).is_valid())
    assert 1 < most < 39
    taken = move(case, "escalate", "town_wang", **brief() | {room: LONG * most})
    paper = taken.case.documents.get()
    context = thaw(contexts.EscalationBrief, paper.says)
    assert context.continued == []
    assert rendering.render("escalation_brief", context, made_at=samples.MADE_AT, uid=samples.UID).pages == 1
