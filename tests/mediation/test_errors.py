"""Pages for what goes wrong: Chinese, ours, and with a way on."""

import pytest
from django.test import Client

from tests.factories import case_at, persona

pytestmark = pytest.mark.django_db


def test_a_form_whose_token_has_expired_gets_our_page_and_the_way_back_to_the_draft() -> None:
    case, client = case_at("town_handling"), Client(enforce_csrf_checks=True)
    client.force_login(persona("town_wang"))

    answer = client.post(f"/cases/{case.number}/log_contact/", {"content": "示例"})

    page = answer.content.decode()
    assert (answer.status_code, 'lang="zh-Hans"' in page or 'lang="zh-CN"' in page) == (403, True)
    assert "本次没有提交" in page
    assert "草稿会随页面一起恢复" in page
    assert "style=" not in page


def test_a_list_too_long_for_one_workbook_says_so_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    from mediation.cases.pages import files

    monkeypatch.setattr(files, "MOST_EXPORTED", 1)
    case_at("town_handling"), case_at("town_handling")
    client = Client()
    client.force_login(persona("town_wang"))

    answer = client.get("/cases/export/?state=town_handling", follow=True)

    assert answer.redirect_chain == [("/cases/?state=town_handling", 302)]
    assert "请先按状态、镇街或时间筛选，再分次导出" in answer.content.decode()
    assert client.get("/cases/export/?state=registered")["Content-Type"].startswith("application/vnd")
