"""What people ask for on the first day: nothing happens twice, nothing typed is lost, things are found, printed, locked."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from mediation.cases.case import DisputeCase
from mediation.cases.record import Contact
from tests.factories import PASSWORD, case_at, persona
from tests.journeys.acts import town
from tests.journeys.house import House
from tests.journeys.visitor import Visitor
from workflow.records import Event

pytestmark = pytest.mark.browser
CALL = {
    "联系对象": "患方", "目的": "首次联系", "方式": "电话", "时间": "09:05", "联系上了吗": "是", "内容与结果": "患者说切口红肿十天才处理。",
}  # fmt: skip


def at_the_case(house: House, username: str, state: str = "town_handling") -> tuple[Visitor, DisputeCase]:
    """Somebody in front of a case that has come as far as this state."""
    case = case_at(state, now=house.clock.now())
    visitor = house.visitor(username)
    visitor.go(case.get_absolute_url())
    return visitor, case


def steps_of(case: DisputeCase) -> list[str]:
    return list(Event.objects.filter(chain=case.chain).order_by("seq").values_list("kind", flat=True))


@pytest.mark.both
def test_a_stale_tab_is_told_so_and_keeps_what_was_typed(house):
    official, case = at_the_case(house, "town_wang")
    official.begin("联系记录")
    official.fill(CALL)
    other = Visitor(official.page.context.new_page(), house.url, house.album)
    other.go(case.get_absolute_url())
    town.resolve(other)

    official.press("确认联系记录")

    official.sees("情况已有变化", "在您打开页面之后", "解释化解", "待回访")
    kept = official.field("您填写的内容（没有提交，可以复制）")
    expect(kept).to_have_value(re.compile(f"联系对象：患方.*{CALL['内容与结果']}", re.DOTALL))
    official.look("409")
    assert steps_of(case).count("log_contact") == 0


def test_a_double_click_has_one_effect(house):
    official, case = at_the_case(house, "town_wang")
    official.begin("联系记录")
    official.fill(CALL)

    official.page.get_by_role("button", name="确认联系记录").dblclick()

    official.sees("已办理“联系记录”")
    assert steps_of(case).count("log_contact") == 1
    assert Contact.objects.filter(case=case).count() == 1


def test_what_was_typed_survives_a_closed_tab(house):
    official, case = at_the_case(house, "town_wang")
    official.begin("联系记录")
    official.fill(CALL)
    official.press("存为草稿")
    official.page.wait_for_load_state("networkidle")
    official.sees("草稿已自动保存")
    official.page.close(run_before_unload=False)

    again = house.visitor("town_wang")
    again.go(f"{case.get_absolute_url()}log_contact/")

    again.sees("已恢复")
    expect(again.field("内容与结果")).to_have_value(CALL["内容与结果"])
    expect(again.field("联系对象").locator("option:checked")).to_have_text("患方")
    again.confirm("联系记录")
    again.go(f"{case.get_absolute_url()}log_contact/")
    expect(again.field("内容与结果")).to_be_empty()


def test_a_masked_person_is_shown_once_for_a_reason(house):
    official, case = at_the_case(house, "town_wang")
    official.sees("138****0001")
    official.sees_no("13800000001")
    official.page.get_by_role("link", name=re.compile("^查看 甄")).click()
    expect(official.field("查看哪一项").locator("option:checked")).to_contain_text("全部（姓名、电话")
    official.press("确认查看原文")
    official.sees("处需要修改", "查看理由")

    official.fill({"查看理由": "约定面谈时间"})
    official.press("确认查看原文")

    official.sees("甄示例", "13800000001", "只显示这一次")
    official.look("revealed")
    official.go(case.get_absolute_url())
    official.sees_no("13800000001")
    official.go(f"{case.get_absolute_url()}tab/log/")
    official.sees("查看原文")
    official.look("log")


@pytest.mark.parametrize("words", ["13800000001", "甄示例", "2026-00001", "东医纠〔2026〕1号"])
def test_the_search_box_finds_by_phone_name_and_number(house, words):
    official, case = at_the_case(house, "town_wang")
    official.go("/notices/")
    official.page.keyboard.press("/")
    official.page.keyboard.type(words)
    official.page.keyboard.press("Enter")

    official.page.wait_for_url(house.url + case.get_absolute_url())

    stranger = house.visitor("town_zhao")
    stranger.go("/notices/")
    stranger.page.get_by_label("查找案件").fill(words)
    stranger.page.keyboard.press("Enter")
    stranger.sees("没有符合条件的案件")


@pytest.mark.parametrize(("key", "script"), [("Tab", True), ("Enter", False)])
def test_a_search_is_kept_by_reload_and_going_back_and_stands_in_no_address(house, key, script):
    _, case = at_the_case(house, "town_wang")
    official = house.visitor("town_wang", java_script_enabled=script)
    page, asked = official.page, []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
    official.go("/cases/")
    for words, answer in (("甄示例", case.title), ("贾示例", "没有符合条件的案件")):
        official.fill({"关键词": words})
        page.keyboard.press(key)
        page.wait_for_url(re.compile(r"/cases/\?search=[\w-]+$"))
        official.sees(answer)
        page.reload()
        official.sees(answer)
        expect(official.field("关键词")).to_have_value(words)

    page.go_back()
    official.sees(case.title)
    expect(official.field("关键词")).to_have_value("甄示例")
    page.wait_for_load_state()  # nobody goes back twice before the script of the page has begun
    page.go_back()
    page.wait_for_url(f"{house.url}/cases/")
    expect(official.field("关键词")).to_have_value("")
    page.wait_for_load_state()
    page.go_forward()
    official.sees(case.title)
    assert [line for line in asked if "示例" in unquote(line)] == []


def test_the_export_follows_a_search_made_without_loading_the_page(house):
    official, _ = at_the_case(house, "town_wang")
    official.go("/cases/")
    official.fill({"关键词": "贾示例"})
    official.page.keyboard.press("Tab")
    official.sees("没有符合条件的案件")
    with official.page.expect_download() as taken:
        official.follow("导出 Excel")
    assert load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes())).active.max_row == 1


def test_lists_go_to_excel_and_to_paper(house):
    official, case = at_the_case(house, "town_wang")
    official.go("/cases/")
    official.look("cases", menus=True)
    with official.page.expect_download() as taken:
        official.follow("导出 Excel")
    sheet = load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes())).active
    assert sheet["A2"].value == case.title
    assert "甄示例" not in str([cell.value for cell in sheet[2]])

    official.go("/desk/")
    official.look("desk", menus=True)
    official.follow("今日办件单")
    official.sees("今日办件单", case.title, "上报")
    official.look("sheet")
    official.go(f"{case.get_absolute_url()}print/")
    official.page.emulate_media(media="print")
    expect(official.page.get_by_role("button", name="打印")).to_be_hidden()
    official.sees("医疗纠纷案件情况表")
    official.look("print")


def test_the_list_is_filtered_and_a_row_opens_its_case(house):
    official, case = at_the_case(house, "town_wang")
    official.go("/cases/")
    with official.page.expect_response(re.compile("state=closed")):
        official.field("环节").select_option(label="已结案")
    official.sees("没有符合条件的案件")
    official.field("环节").select_option(label="镇街处置中")
    official.follow(case.title)

    official.page.wait_for_url(house.url + case.get_absolute_url())
    assert official.page.locator("main").count() == 1


def test_five_wrong_passwords_lock(house):
    persona("town_wang")
    house.clock.set(datetime.now(UTC))  # the lock has a clock of its own
    visitor = house.visitor()
    for _ in range(5):
        visitor.go("/login/")
        visitor.fill({"账号": "town_wang", "密码": "不是这个"})
        visitor.press("登录")
    visitor.sees("暂时不能登录", "连续输错 5 次")
    visitor.look("locked")

    visitor.go("/login/")
    visitor.fill({"账号": "town_wang", "密码": PASSWORD})
    visitor.press("登录")

    visitor.sees("暂时不能登录")


def test_an_idle_session_warns_goes_on_when_asked_and_ends(house, settings):
    settings.SESSION_COOKIE_AGE, settings.SESSION_WARNING = 8, timedelta(seconds=6)
    official, case = at_the_case(house, "town_wang")
    official.go(f"{case.get_absolute_url()}log_contact/")
    dialog = official.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("长时间未操作")
    official.look("session")
    official.press("继续办理")
    expect(dialog).to_be_hidden()

    official.page.wait_for_url(re.compile("/login/.*idle=1"), timeout=20_000)

    official.sees("因长时间未操作已自动退出", "草稿")
    assert house.visitor().go(case.get_absolute_url()) == 200
    assert "/login/" in official.page.url


def test_without_javascript_a_whole_step_works(house):
    case = case_at("town_handling", now=house.clock.now())
    official = house.visitor("town_wang", java_script_enabled=False)
    official.go("/desk/")
    official.follow(case.title)
    official.take("联系记录", CALL)
    official.sees("镇街处置中")
    official.go(f"{case.get_absolute_url()}escalate/")
    official.press("确认上报")
    official.sees("处需要修改")
    assert steps_of(case).count("log_contact") == 1


def test_on_a_phone_a_step_is_taken_with_a_thumb(house):
    case = case_at("town_pending", now=house.clock.now())
    official = house.visitor("town_wang", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    official.go("/desk/")
    official.page.get_by_role("link", name=f"签收 {case.title}").tap()
    button = official.page.get_by_role("button", name="确认签收")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= 844  # within reach without scrolling
    button.tap()
    official.sees("镇街处置中")
    official.page.get_by_text("更多操作", exact=True).tap()
    expect(official.page.get_by_role("link", name="联系记录", exact=True)).to_be_visible()


def test_an_issued_paper_opens_in_the_browsers_own_viewer(house, screenshot):
    case = case_at("awaiting_assignment", now=house.clock.now())
    house.work()
    clerk = house.visitor("clerk_chen")
    clerk.go(f"{case.get_absolute_url()}tab/documents/")
    with clerk.page.context.expect_page() as opened:
        clerk.page.get_by_role("link", name="《受理通知书》").first.click()
    tab = opened.value
    assert tab.url.startswith(house.url)
    tab.wait_for_timeout(2000)  # the viewer is a page of the browser's own, which tells nobody when it is ready
    screenshot(tab, "paper-in-viewer")
    assert any(frame.url.startswith("chrome-extension://") for frame in tab.frames), "blocked, or taken for a download"
