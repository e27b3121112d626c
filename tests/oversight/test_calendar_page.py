"""The administrator loads a year of holidays in the browser; time counts the open cases anew."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import at, case_at, fresh, persona
from tests.workflow.published import WHOLE_2027
from workflow import rulebook, timekeeping

pytestmark = pytest.mark.django_db
YEAR = WHOLE_2027.encode()


@pytest.fixture
def administrator() -> Client:
    client = Client()
    client.force_login(persona("administrator"))
    yield client
    rulebook.forget()


def load(client: Client, content: bytes, year: int) -> object:
    sheet = SimpleUploadedFile("sheet.csv", content)
    typed = {"file": sheet, "year": year, "source": "示例通知", "notice_no": "示例〔2026〕1号"}
    return client.post("/oversight/calendar/", typed, follow=True)


def test_the_sample_is_a_sheet_that_can_be_loaded_as_it_is(administrator: Client) -> None:
    sample = administrator.get("/oversight/calendar/sample/")
    assert sample["Content-Disposition"] == "attachment; filename=2026.csv"

    page = load(administrator, sample.content, 2026)

    assert "日历现为第 1 版" in page.content.decode()  # the days are those it has: no new edition


def test_a_year_is_loaded_and_the_cases_that_wait_for_it_are_counted_by_time(administrator: Client) -> None:
    case = case_at("awaiting_assignment", now=at("2026-12-01"))
    assert case.mediation_provisional

    page = load(administrator, YEAR, 2027).content.decode()

    assert "2027 年放假 15 日、调休上班 1 日；日历现为第 2 版" in page
    assert "还有 1 件在办案件按上一版日历计算" in page
    timekeeping.tick(at("2026-12-02"))
    assert not fresh(case).mediation_provisional
    assert "按上一版日历计算" not in administrator.get("/oversight/calendar/").content.decode()


def test_a_part_of_a_year_is_refused_and_changes_nothing(administrator: Client) -> None:
    page = load(administrator, "date,kind,name\n2027-01-01,off,元旦\n".encode(), 2027)
    assert "2027 年的放假日不全，缺：春节、清明、劳动、端午、中秋、国庆" in page.content.decode()
    assert rulebook.current_edition() == 1


def test_a_sheet_that_is_none_is_refused_by_its_line(administrator: Client) -> None:
    page = load(administrator, b"date,kind,name\n2027-02-30,off,x\n", 2027)
    assert (page.status_code, "第 2 行" in page.content.decode()) == (422, True)


def test_nobody_else_finds_the_page(client: Client) -> None:
    client.force_login(persona("director_xu"))
    assert [client.get(f"/oversight/calendar/{rest}").status_code for rest in ("", "sample/")] == [404, 404]
