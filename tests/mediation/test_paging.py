"""Pages by key: every row once, in order, forwards and back, whether one way leads to it or three."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from mediation.cases.case import DisputeCase, ways_to
from mediation.cases.pages import paging
from mediation.cases.pages.lists import my_tasks, walks_to_tasks
from mediation.cases.pages.paging import Keyset, count_text
from mediation.cases.registration import register
from mediation.cases.ways import first_of
from tests import factories

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch) -> list[DisputeCase]:
    """Nine cases of a town, three by each way and one of them by all, pairs of them at the same moment; pages of two."""
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    town = factories.organisation(factories.DAOJIAO)
    made = [
        register(factories.registration(), by=factories.persona("hotline_lin"), now=factories.NOW) for _ in range(9)
    ]
    for number, case in enumerate(made):
        way = ("town", "residence_town", "desk")[number % 3]
        changes: dict[str, Any] = {way: town, "latest_at": factories.NOW + timedelta(minutes=number // 2)}
        if number == 4:
            changes |= {"town": town, "residence_town": town, "desk": town}
        DisputeCase.objects.filter(pk=case.pk).update(**changes)
    return made


def turn(way: str, start: dict[str, str]) -> list[int]:
    """All keys from page to page."""
    user, seen, asked = factories.persona("town_wang"), [], start
    while True:
        walks = [DisputeCase.objects.filter(way) for way in ways_to(user)]
        keys = Keyset(DisputeCase.objects.visible_to(user), ("-latest_at", "-pk"), asked, walks)
        page = [case.pk for case in keys.rows]
        seen = seen + page if way == "next" else page + seen
        url = keys.page()[f"{way}_url"]
        if not url:
            return seen
        asked = dict(parse_qsl(url.lstrip("?")))


def test_pages_forwards_show_every_row_once_and_in_order(cases: list[DisputeCase]) -> None:
    assert turn("next", {}) == [case.pk for case in reversed(cases)]


def test_pages_backwards_show_the_same(cases: list[DisputeCase]) -> None:
    user = factories.persona("town_wang")
    rows = DisputeCase.objects.visible_to(user)
    last = Keyset(rows, ("-latest_at", "-pk"), {})
    while last.page()["next_url"]:
        last = Keyset(rows, ("-latest_at", "-pk"), dict(parse_qsl(last.page()["next_url"].lstrip("?"))))
    before = dict(parse_qsl(last.page()["prev_url"].lstrip("?")))
    assert turn("prev", before) == [case.pk for case in reversed(cases)][: 9 - len(last.rows)]


def test_a_case_that_is_seen_in_three_ways_counts_once(cases: list[DisputeCase]) -> None:
    user = factories.persona("town_wang")
    walks = [DisputeCase.objects.filter(way) for way in ways_to(user)]
    assert count_text(DisputeCase.objects.visible_to(user), walks) == "共 9 件"


def test_nobody_pages_into_what_is_not_visible(cases: list[DisputeCase]) -> None:
    """A walk that leads too far is no way to see more: the rows themselves are still limited."""
    stranger = factories.persona("town_zhao")
    walks = [DisputeCase.objects.all(), DisputeCase.objects.all()]
    assert list(first_of(DisputeCase.objects.visible_to(stranger), walks, ("-pk",), 5)) == []


def test_tasks_without_a_date_come_last(cases: list[DisputeCase]) -> None:
    user = factories.persona("hotline_lin")
    tasks = my_tasks(user)
    late, undated = tasks.order_by("-pk")[0], tasks.order_by("pk")[0]
    tasks.filter(pk=undated.pk).update(due_on=None)
    tasks.filter(pk=late.pk).update(due_on=factories.TODAY - timedelta(days=3))
    seen, asked = [], {}
    while True:
        keys = Keyset(my_tasks(user), ("due_on", "pk"), asked, walks_to_tasks(user))
        seen += [task.pk for task in keys.rows]
        if not keys.page()["next_url"]:
            break
        asked = dict(parse_qsl(keys.page()["next_url"].lstrip("?")))
    assert len(seen) == 9
    assert (seen[0], seen[-1]) == (late.pk, undated.pk)


def test_the_position_of_another_list_means_nothing_here(cases: list[DisputeCase], client: Client) -> None:
    user = factories.persona("town_wang")
    client.force_login(user)
    newest = Keyset(DisputeCase.objects.visible_to(user), ("-latest_at", "-pk"), {}).page()["next_url"]
    desk = Keyset(my_tasks(factories.persona("hotline_lin")), ("due_on", "pk"), {}).page()["next_url"]

    for path, elsewhere in (("/desk/", newest), ("/cases/", desk), ("/notices/", desk), ("/notices/", newest)):
        assert client.get(path + elsewhere).status_code == 200, (path, elsewhere)
