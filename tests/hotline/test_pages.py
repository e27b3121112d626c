"""The pages: scope, preview, turns with the version seen, registration from an order."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from mediation.cases.case import DisputeCase
from mediation.hotline import importing
from mediation.hotline.belonging import join
from mediation.hotline.models import HotlineOrder, ImportBatch, OrderLink
from mediation.hotline.turns import answer, sign, sort_out
from tests.factories import case_at, organisation, persona
from tests.hotline.files import COLUMNS, HEADER, line, operator, order, other_operator, staged, upload
from workflow.outbox import OutboxMessage, run_once
from workflow.records import Event

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def desk(client):
    client.force_login(operator())
    return client


@pytest.fixture
def held():
    return order(now=NOW)


def recent(number="1", **changes):
    return line(number, **{"received_at": f"{timezone.localtime(NOW - timedelta(days=1)):%Y-%m-%d %H:%M}", **changes})


ADDRESSES = ("", "wording/")
POSTS = (
    "sign/",
    "sort_out/",
    "answer/",
    "send_return/",
    "extend/",
    "redo/",
    "finish/",
    "case/",
    "case/leave/",
    "reveal/",
)


@pytest.mark.parametrize(
    "username", ["town_wang", "clerk_chen", "director_xu", "mediator_sun", "liaison_he", "supervisor_zhou"]
)
def test_people_of_other_roles_find_no_orders(client, held, username):
    client.force_login(persona(username))
    for tail in ADDRESSES:
        assert client.get(f"/orders/{held.pk}/{tail}").status_code == 404
    for tail in POSTS:
        assert client.post(f"/orders/{held.pk}/{tail}", {"version": 0}).status_code == 404
    for address in ("/orders/", "/orders/new/", "/orders/import/", "/orders/import/sample/", "/orders/export/"):
        assert client.get(address).status_code == 403


def test_an_operator_of_another_centre_gets_the_same_404_as_for_what_is_not_there(client, held):
    batch = staged(line("9"))
    client.force_login(other_operator())
    absent = client.get("/orders/999999/")
    foreign = client.get(f"/orders/{held.pk}/")
    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert held.number not in foreign.content.decode()
    for tail in ("", "columns/"):
        assert client.get(f"/orders/import/{batch.pk}/{tail}").status_code == 404
    for tail in ("take-in/", "discard/"):
        assert client.post(f"/orders/import/{batch.pk}/{tail}").status_code == 404
    assert client.get(f"/cases/new/?order={held.pk}").status_code in (403, 404)
    assert held.number not in client.get("/orders/?state=received").content.decode()


def test_the_list_masks_callers_and_finds_by_number_phone_and_name(desk, held):
    page = desk.get("/orders/").content.decode()
    assert held.number in page
    assert "贾**" in page
    assert "贾示例" not in page
    for words in (held.number, "13800000002", "贾示例"):
        assert held.number in desk.post("/orders/", {"q": words}, follow=True).content.decode()
    assert held.number not in desk.post("/orders/", {"q": "13800000003"}, follow=True).content.decode()


def test_the_list_costs_the_same_queries_for_two_orders_and_for_twenty(desk, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    order("1", now=NOW)
    order("2", now=NOW)
    desk.get("/orders/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get("/orders/")
    for number in range(3, 21):
        order(str(number), now=NOW)
    with CaptureQueriesContext(connection) as many:
        desk.get("/orders/")
    assert len(many) == len(few) <= 20


def test_the_order_page_shows_text_suggestion_and_duplicates_but_no_caller(desk, held):
    order("2", now=NOW, phone="13900000009", caller="卜示例", content=held.content.replace("要求", "希望"))
    page = desk.get(f"/orders/{held.pk}/").content.decode()
    assert "切口感染" in page
    assert "文字相似" in page
    assert "建议类别" in page
    assert "13800000002" not in page
    assert "贾示例" not in page


def test_phones_and_identity_numbers_within_the_text_are_masked(desk):
    held = order(now=NOW, content="请联系 13912345678，身份证 11010519491231002X，座机 0769-22334455。")
    page = desk.get(f"/orders/{held.pk}/").content.decode()
    for secret in ("13912345678", "11010519491231002X", "22334455"):
        assert secret not in page


def test_the_caller_is_shown_for_a_reason_once(desk, held):
    assert desk.post(f"/orders/{held.pk}/reveal/", {"reveal-reason": ""}).status_code == 422
    page = desk.post(f"/orders/{held.pk}/reveal/", {"reveal-reason": "回拨核实"}).content.decode()
    assert "13800000002" in page
    assert Event.objects.filter(chain="system", kind="order_reveal").count() == 1
    assert "13800000002" not in desk.get(f"/orders/{held.pk}/").content.decode()


def test_signing_twice_from_the_same_page_happens_once(desk, held):
    first = desk.post(f"/orders/{held.pk}/sign/", {"version": 0})
    second = desk.post(f"/orders/{held.pk}/sign/", {"version": 0})
    assert (first.status_code, second.status_code) == (302, 409)
    assert HotlineOrder.objects.get(pk=held.pk).version == 1


def test_a_page_without_a_version_is_stale(desk, held):
    assert desk.post(f"/orders/{held.pk}/sign/").status_code == 409


def test_what_was_typed_is_given_back_on_a_conflict(desk, held):
    sign(held, by=operator(), now=NOW)
    sent = {
        "version": 0,
        "answer-text": "我写的答复",
        "answer-category": "service",
        "answer-receiving_body": "市卫生健康局",
    }
    response = desk.post(f"/orders/{held.pk}/answer/", sent)
    assert response.status_code == 409
    assert "我写的答复" in response.content.decode()


def test_a_refused_answer_comes_back_with_the_reason_beside_the_field(desk, held):
    sent = {"version": 0, "answer-text": "已转。", "answer-category": "service", "answer-receiving_body": ""}
    response = desk.post(f"/orders/{held.pk}/answer/", sent)
    assert response.status_code == 422
    assert "转往的单位" in response.content.decode()


def test_an_order_that_is_no_dispute_is_answered_from_the_page(desk, held):
    sent = {
        "version": 0,
        "answer-text": "已转市卫生健康局。",
        "answer-category": "service",
        "answer-receiving_body": "市卫生健康局",
    }
    assert desk.post(f"/orders/{held.pk}/answer/", sent).status_code == 302
    held.refresh_from_db()
    assert (held.state, held.category) == ("replied", "service")


def test_the_wording_follows_the_category_that_is_chosen(desk, held):
    part = desk.get(f"/orders/{held.pk}/wording/", {"answer-category": "insurance"}).content.decode()
    assert "市医疗保障局" in part


def test_an_order_is_entered_by_hand(desk):
    sent = {
        "centre": organisation("hotline").pk, "number": "手1", "appeal": "consult", "title": "咨询", "content": "想咨询调解。",
        "received_at": f"{timezone.localtime(NOW):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    assert desk.post("/orders/new/", sent).status_code == 302
    assert HotlineOrder.objects.get().number == "手1"
    again = desk.post("/orders/new/", sent)
    assert again.status_code == 422
    assert "已经录入" in again.content.decode()


def test_importing_asks_for_columns_once_then_goes_straight_to_the_preview(desk):
    first = desk.post("/orders/import/", {"centre": organisation("hotline").pk, "file": upload([HEADER, recent()])})
    batch = ImportBatch.objects.get()
    assert first["Location"] == f"/orders/import/{batch.pk}/columns/"
    page = desk.get(first["Location"]).content.decode()
    assert "工单编号" in page
    assert "13800000002" not in page
    assert "贾示例" not in page
    chosen = {key: str(place) for key, place in COLUMNS.items()}
    assert desk.post(first["Location"], chosen)["Location"] == f"/orders/import/{batch.pk}/"
    second = desk.post("/orders/import/", {"centre": organisation("hotline").pk, "file": upload([HEADER, recent("2")])})
    assert second["Location"] == f"/orders/import/{ImportBatch.objects.latest('pk').pk}/"


def test_the_preview_shows_bad_rows_with_reasons_and_taking_in_twice_happens_once(desk):
    batch = staged(recent("1"), recent("2", content=""), now=NOW)
    page = desk.get(f"/orders/import/{batch.pk}/").content.decode()
    assert "缺少内容" in page
    assert "贾示例" not in page
    for _ in range(2):
        assert desk.post(f"/orders/import/{batch.pk}/take-in/").status_code == 302
    assert HotlineOrder.objects.count() == 1
    assert "已于" in desk.get(f"/orders/import/{batch.pk}/").content.decode()


def test_the_preview_is_paged_by_line_and_filtered_by_standing(desk):
    batch = staged(*(recent(str(number)) for number in range(60)), recent("x", content=""), now=NOW)
    first = desk.get(f"/orders/import/{batch.pk}/").content.decode()
    assert "after=51" in first
    assert '<td data-label="行">52</td>' in desk.get(f"/orders/import/{batch.pk}/?after=51").content.decode()
    rejected = desk.get(f"/orders/import/{batch.pk}/?standing=rejected").content.decode()
    assert "缺少内容" in rejected
    assert '<td data-label="行">2</td>' not in rejected


def test_a_file_that_is_no_list_is_refused_on_the_page(desk):
    response = desk.post(
        "/orders/import/", {"centre": organisation("hotline").pk, "file": upload([["只有"]], "a.xlsx")}
    )
    assert response.status_code == 422
    assert "没有找到表头" in response.content.decode()


def test_the_example_can_be_downloaded_and_imported(desk):
    organisation("X001")
    response = desk.get("/orders/import/sample/")
    assert load_workbook(io.BytesIO(response.content)).active.max_row > 40
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("示例工单.xlsx", response.content)
    assert desk.post("/orders/import/", {"centre": organisation("hotline").pk, "file": file}).status_code == 302


def test_replies_are_exported_from_the_list(desk, held):
    sent = {
        "version": 0,
        "answer-text": "已转。",
        "answer-category": "service",
        "answer-receiving_body": "市卫生健康局",
    }
    desk.post(f"/orders/{held.pk}/answer/", sent)
    today = f"{timezone.localdate():%Y-%m-%d}"
    response = desk.get("/orders/export/", {"first": today, "last": today})
    assert held.number in str(list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)))


def test_an_order_is_linked_to_a_visible_case_and_let_go_again(desk, held):
    case = case_at("registered", now=NOW)
    sent = desk.post(f"/orders/{held.pk}/case/", {"version": 0, "link-number": case.title})
    assert sent.status_code == 302
    held.refresh_from_db()
    assert held.case_id == case.pk
    unsure = desk.post(f"/orders/{held.pk}/case/leave/", {"version": held.version})
    assert unsure.status_code == 422
    assert "请勾选确认后再取消关联" in unsure.content.decode()
    held.refresh_from_db()
    assert held.case_id == case.pk
    sure = {"version": held.version, "leave-sure": "on"}
    assert desk.post(f"/orders/{held.pk}/case/leave/", sure | {"version": held.version - 1}).status_code == 409
    assert desk.post(f"/orders/{held.pk}/case/leave/", sure).status_code == 302
    held.refresh_from_db()
    assert held.case_id is None


def test_a_case_that_one_may_not_see_cannot_be_named(desk, held):
    case = case_at("registered", desk="441900124", by="town_wang", now=NOW)
    foreign = desk.post(f"/orders/{held.pk}/case/", {"version": 0, "link-number": case.number})
    absent = desk.post(f"/orders/{held.pk}/case/", {"version": 0, "link-number": "2026-99999"})
    assert foreign.status_code == absent.status_code == 422
    assert "没有这件案件" in foreign.content.decode()


def test_judging_and_taking_back_merges_nothing(desk, held):
    other = order("2", now=NOW)
    desk.post(f"/orders/{held.pk}/same/{other.pk}/", {"judged": "same"})
    assert OrderLink.objects.get().is_same
    assert "同一件事</span>" in desk.get(f"/orders/{held.pk}/").content.decode()
    desk.post(f"/orders/{other.pk}/same/{held.pk}/", {"judged": "forget"})
    assert not OrderLink.objects.exists()


def test_the_registration_form_begins_with_the_order_and_the_disclosure_is_recorded(desk, held):
    page = desk.get(f"/cases/new/?order={held.pk}").content.decode()
    assert held.number in page
    assert "切口感染" in page
    assert "13800000002" in page
    assert Event.objects.filter(chain="system", kind="order_reveal").count() == 1


def test_registering_from_an_order_makes_a_case_with_it(desk, held):
    sent = {
        "desk": organisation("hotline").pk, "source": "hotline", "received_on": f"{timezone.localdate():%Y-%m-%d}",
        "patient_name": "甄示例", "id_kind": "none", "sex": "unknown", "relation": "self", "hospital": organisation("X001").pk,
        "category": "medical_dispute", "summary": "术后感染。", "demands": ["compensation"], "token": uuid4(),
    }  # fmt: skip
    response = desk.post(f"/cases/new/?order={held.pk}", sent)
    assert response.status_code == 302, response.content.decode()[:3000]
    case = DisputeCase.objects.get()
    assert list(case.orders.all()) == [held]
    assert desk.get(f"/cases/new/?order={held.pk}").status_code == 409
    assert held.number in desk.get(f"/cases/{case.number}/tab/orders/").content.decode()


def test_an_order_judged_to_be_something_else_cannot_be_registered(desk, held):
    sort_out(held, category="fees", by=operator(), now=NOW)
    assert "登记为纠纷" not in desk.get(f"/orders/{held.pk}/").content.decode()


def test_the_town_sees_the_orders_of_its_case_as_numbers_without_a_way_in(client, held):
    case = case_at("town_pending", now=NOW)
    join(held, case, by=operator(), now=NOW)
    client.force_login(persona("town_wang"))
    page = client.get(f"/cases/{case.number}/tab/orders/").content.decode()
    assert held.number in page
    assert f"/orders/{held.pk}/" not in page


def test_no_page_carries_inline_style_or_script(desk, held):
    batch = staged(recent("9"), now=NOW)
    for address in (
        "/orders/",
        f"/orders/{held.pk}/",
        "/orders/new/",
        "/orders/import/",
        f"/orders/import/{batch.pk}/",
        f"/orders/import/{batch.pk}/columns/",
    ):
        page = desk.get(address).content.decode()
        assert " style=" not in page
        assert "onclick=" not in page


def primary(page):
    """What the head of the order page proposes."""
    return re.findall(r'class="acts">.*?</div>', page.content.decode(), re.DOTALL)[0].split("btn-primary")[1:]


def test_the_order_page_proposes_what_the_category_suggests(desk, held):
    (first,) = primary(desk.get(f"/orders/{held.pk}/"))
    assert "登记为纠纷" in first.split("</a>")[0]
    other = order("2", now=NOW, title="小区电梯停运", content="小区电梯经常停运，物业一直不维修。", hospital_text="")
    page = desk.get(f"/orders/{other.pk}/")
    (first,) = primary(page)
    assert "答复并转出" in first.split("</a>")[0]
    assert "登记为纠纷" in page.content.decode()  # beside it: a person decides


def test_what_a_person_decided_counts_more_than_the_suggestion(desk, held):
    sort_out(held, category="fees", by=operator(), now=NOW)
    (first,) = primary(desk.get(f"/orders/{held.pk}/"))
    assert "答复并转出" in first.split("</a>")[0]
    other = order("2", now=NOW, title="小区电梯停运", content="小区电梯经常停运，物业一直不维修。", hospital_text="")
    sort_out(other, category="medical_dispute", by=operator(), now=NOW)
    (first,) = primary(desk.get(f"/orders/{other.pk}/"))
    assert "登记为纠纷" in first.split("</a>")[0]


def test_an_answered_order_is_to_be_finished(desk, held):
    sort_out(held, category="fees", by=operator(), now=NOW)
    answer(held, text="已转。", receiving_body="市医疗保障局", by=operator(), now=NOW)
    (first,) = primary(desk.get(f"/orders/{held.pk}/"))
    assert "办结工单" in first.split("</a>")[0]


def test_a_large_file_shows_how_far_it_is_and_then_the_report(desk, monkeypatch):
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    batch = staged(recent("1"), recent("2"), now=NOW)
    address = f"/orders/import/{batch.pk}/"
    assert "已完成 0 / 2 行" in desk.get(address).content.decode()
    assert desk.get(f"{address}columns/")["Location"] == address
    polled = desk.get(f"{address}progress/", headers={"HX-Request": "true"})
    assert ("已完成 0 / 2 行" in polled.content.decode(), polled.has_header("HX-Redirect")) == (True, False)
    run_once("worker", timezone.now())
    assert desk.get(f"{address}progress/", headers={"HX-Request": "true"})["HX-Redirect"] == address
    assert "确认导入" in desk.get(address).content.decode()
    assert desk.post(f"{address}take-in/")["Location"] == address
    assert "正在导入" in desk.get(address).content.decode()
    run_once("worker", timezone.now())
    assert "导入结果" in desk.get(address).content.decode()


def test_work_that_stands_still_says_so_and_can_be_continued(desk, monkeypatch):
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    batch = staged(recent("1"), recent("2"), now=NOW)
    address = f"/orders/import/{batch.pk}/"
    OutboxMessage.objects.update(gave_up_at=NOW)
    page = desk.get(address).content.decode()
    assert "核对中断" in page
    assert "hx-trigger" not in page.split('id="progress"')[1].split(">")[0]
    desk.post(f"{address}again/")
    assert "核对中断" not in desk.get(address).content.decode()


def test_the_report_says_what_sets_a_differing_state_right(desk):
    centre = organisation("hotline").pk
    rows = [(*HEADER, "办理状态"), (*recent("1"), "已办结"), (*recent("2"), "并行流转")]
    place = desk.post("/orders/import/", {"centre": centre, "file": upload(rows)})["Location"]
    desk.post(place, {key: str(at) for key, at in {**COLUMNS, "state": 7}.items()})
    address = place.removesuffix("columns/")
    desk.post(f"{address}take-in/")
    page = desk.get(address).content.decode()
    assert "状态不一致 1 张" in page
    assert "请核对后答复、办结" in page
    assert "“并行流转”不能与本系统的状态对应" in page


def test_a_long_order_says_what_of_it_the_form_does_not_hold(desk):
    long, short = order(number="DG20260302901", content="术后感染。" * 500), order(number="DG20260302902")

    assert "全文仍在工单中，请改写要点" in desk.get(f"/cases/new/?order={long.pk}").content.decode()
    assert "全文仍在工单中" not in desk.get(f"/cases/new/?order={short.pk}").content.decode()
