"""What callers are told: drafts when the case moves, the answer, the export."""

import io
import re

import pytest
from openpyxl import load_workbook

from mediation.cases.codes import Category
from mediation.hotline import columns, replies
from mediation.hotline.export import export_replies, replied_between
from mediation.hotline.models import HotlineOrder, OrderReply
from mediation.hotline.turns import answer
from tests.factories import NOW, TODAY, at, case_at, organisation, take
from tests.hotline.files import COLUMNS, HEADER, operator, order
from workflow import outbox
from workflow.lifecycle import STEPS
from workflow.outbox import OutboxMessage
from workflow.records import Event
from workflow.registry import Refused

pytestmark = pytest.mark.django_db


def with_draft():
    """An order whose case has been diverted: a message waits in the outbox."""
    held = order()
    case = case_at("registered", orders=(held,))
    take(case, "divert", "hotline_lin", ground="outside", receiving_body="示例市12345", reply="已转有管辖权的单位。")
    return HotlineOrder.objects.get(pk=held.pk)


def deliver(message):
    replies.prepare_reply(message, now=NOW)


def test_a_step_that_tells_the_hotline_leaves_one_message_for_each_order_with_references_only():
    first, second = order("1"), order("2")
    case = case_at("registered", orders=(first, second))
    take(case, "divert", "hotline_lin", ground="outside", receiving_body="示例市12345", reply="已转有管辖权的单位。")
    messages = OutboxMessage.objects.filter(kind="hotline_reply").order_by("pk")
    assert [message.payload for message in messages] == [
        {"order": pk, "case": case.pk, "seq": 2} for pk in (first.pk, second.pk)
    ]  # fmt: skip


def test_steps_that_do_not_concern_the_hotline_leave_none():
    held = order()
    case = case_at("registered", orders=(held,))
    take(case, "dispatch", "hotline_lin", town=organisation("441900124"), basis="hospital")
    assert not OutboxMessage.objects.filter(kind="hotline_reply").exists()


def test_the_draft_lies_beside_the_order_once_however_often_it_is_delivered():
    held = with_draft()
    message = OutboxMessage.objects.get(kind="hotline_reply")
    deliver(message)
    deliver(message)
    draft = OrderReply.objects.get(order=held)
    assert (draft.standing, draft.step, draft.by) == ("prepared", "divert", None)
    assert held.number in draft.text
    assert "不适用" in draft.text


def test_a_draft_is_no_answer_until_somebody_uses_it():
    held = with_draft()
    deliver(OutboxMessage.objects.get(kind="hotline_reply"))
    held.refresh_from_db()
    assert (held.state, held.reply) == ("signed", None)
    (draft,) = replies.drafts_of(held)
    answered = answer(held, text=draft.text, prepared=draft, by=operator(), now=NOW)
    assert (answered.state, answered.reply) == ("replied", draft.text)
    assert replies.drafts_of(held) == []
    assert OrderReply.objects.get(order=held, standing="given").step == "divert"


def test_a_draft_is_used_once():
    held = with_draft()
    deliver(OutboxMessage.objects.get(kind="hotline_reply"))
    (draft,) = replies.drafts_of(held)
    answer(held, text="甲", prepared=draft, by=operator(), now=NOW)
    HotlineOrder.objects.get(pk=held.pk)
    draft.refresh_from_db()
    with pytest.raises(Refused, match="用过"):
        replies_answer_again(held, draft)


def replies_answer_again(held, draft):
    from mediation.hotline.turns import redo

    redo(held, reason="不清楚", by=operator(), now=NOW)
    answer(held, text="乙", prepared=draft, by=operator(), now=NOW)


def test_every_step_that_tells_the_hotline_has_a_text_that_can_be_filled():
    held = order()
    for name, step in STEPS.items():
        if "hotline" in step.tells:
            event = Event(kind=name, target=step.target or "closing", happened_on=TODAY)
            text = replies.step_text(held, event)
            assert held.number in text, name
            assert "{" not in text, name


@pytest.mark.parametrize("category", Category.values)
def test_every_category_has_a_reply_to_begin_with(category):
    text = replies.begin_reply(order(), category, "示例单位")
    assert "2603010001" in text
    assert "{" not in text


def test_the_units_named_are_those_that_deal_with_it():
    assert replies.body_for("insurance") == "市医疗保障局"
    assert replies.body_for("medical_dispute") == ""


def answered(number, on, **changes):
    held = order(number, now=at("2026-02-26"), **changes)
    return answer(held, text="已转办。", category="service", receiving_body="市卫生健康局", by=operator(), now=at(on))


def sheet_of(data):
    return [list(row) for row in load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]


def test_replies_are_exported_in_the_hotlines_own_columns_with_callers_masked():
    centre = organisation("hotline")
    columns.remember(centre, [*HEADER, "公开答复"], {**COLUMNS, "reply": 7}, NOW)
    answered("1", "2026-03-01")
    data, count = export_replies(HotlineOrder.objects.all(), centre, by=operator(), now=NOW)
    header, row = sheet_of(data)
    assert header[:8] == [*HEADER, "公开答复"]
    said = dict(zip(header, row, strict=True))
    assert (said["工单编号"], said["公开答复"], said["办理状态"], said["答复时间"]) == (
        "1",
        "已转办。",
        "已答复",
        "2026-03-01",
    )
    assert (said["来电人"], said["联系电话"], said["转往单位"]) == ("贾**", "138****0002", "市卫生健康局")
    assert count == 1


def test_a_centre_that_never_imported_gets_our_own_columns():
    answered("1", "2026-03-01")
    data, _ = export_replies(HotlineOrder.objects.all(), organisation("hotline"), by=operator(), now=NOW)
    assert sheet_of(data)[0][:3] == ["工单编号", "诉求类型", "受理时间"]


def test_only_the_answers_of_the_period_are_exported():
    answered("1", "2026-02-27")
    second = answered("2", "2026-03-01")
    order("3")
    found = replied_between(HotlineOrder.objects.all(), at("2026-02-28").date(), at("2026-03-02").date())
    assert list(found) == [second]


def test_text_that_a_spreadsheet_would_run_is_made_harmless_and_phones_in_it_are_masked():
    answered("1", "2026-03-01", title="=cmd|calc", content="请打 13912345678\x0b 联系")
    data, _ = export_replies(HotlineOrder.objects.all(), organisation("hotline"), by=operator(), now=NOW)
    text = str(sheet_of(data))
    assert "'=cmd" in text
    assert "13912345678" not in text


def test_the_export_is_on_record_and_marks_the_replies_as_handed_over():
    held = answered("1", "2026-03-01")
    export_replies(HotlineOrder.objects.all(), organisation("hotline"), by=operator(), now=NOW)
    assert OrderReply.objects.get(order=held).exported_at == NOW
    event = Event.objects.filter(chain="system", kind="export").latest("seq")
    assert event.data == {"what": "replies", "rows": 1}


@pytest.mark.django_db(transaction=True)
def test_the_worker_delivers_the_drafts(fresh_database):
    held = with_draft()
    outcomes = outbox.run_once("w", NOW, limit=20)
    assert [one.result for one in outcomes if one.kind == "hotline_reply"] == ["done"]
    assert len(replies.drafts_of(held)) == 1


def test_no_wording_leaves_a_blank_beside_a_chinese_name() -> None:
    for (_, key), (body, text) in replies.wordings().items():
        said = text.format_map(replies._Values(number="1", body=body or "有关单位", state="调解中", on="3月2日"))
        assert not re.search(r"[\u4e00-\u9fff，。] +[\u4e00-\u9fff]", said), (key, said)
