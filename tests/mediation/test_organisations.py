"""Organisations that are there before the first case, and what an administrator changes of them."""

from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.test import Client

from mediation.organisations.models import Kind, Organisation, User, appoint, dismiss
from mediation.organisations.reference import load_example_hospitals, load_organisations
from tests.factories import DAOJIAO, organisation, persona
from workflow.records import Event
from workflow.vocabulary import Role

pytestmark = pytest.mark.django_db


def test_thirty_three_of_thirty_six_towns_handle_cases() -> None:
    towns = Organisation.objects.filter(kind=Kind.TOWN)

    assert (towns.count(), Organisation.objects.towns().count()) == (36, 33)
    assert {"道滘镇", "高埗镇"} <= set(towns.values_list("name", flat=True))


def test_the_committee_has_name_and_prefix_as_data_to_confirm() -> None:
    committee = Organisation.objects.get(kind=Kind.COMMITTEE)

    assert (committee.paper_name, committee.number_prefix) == ("东莞市医疗争议专业调解委员会", "东医调")
    assert "LOCAL?" in committee.confidence


def test_no_invented_hospital_is_reference_data() -> None:
    assert not Organisation.objects.filter(name__contains="示例").exists()

    invented = load_example_hospitals()

    assert [one.name for one in invented][:2] == ["示例人民医院", "示例中医院"]
    assert all("示例" in one.name and one.town is not None for one in invented)


def test_a_hospital_of_unknown_place_has_no_town() -> None:
    assert Organisation.objects.get(name="东莞市妇幼保健院").town is None
    assert Organisation.objects.hospitals().filter(town=None).count() == 5


def test_loading_again_adds_nothing_and_overwrites_no_correction() -> None:
    hospital = Organisation.objects.get(name="东莞市道滘医院")
    hospital.grade = "二级甲等"
    hospital.save()
    before = Organisation.objects.count()

    load_organisations()

    hospital.refresh_from_db()
    assert (Organisation.objects.count(), hospital.grade) == (before, "二级甲等")


def test_a_role_is_held_where_that_kind_of_organisation_has_it() -> None:
    user = persona("town_wang")
    with pytest.raises(ValueError, match="镇街（园区）没有“受理员”这一角色"):
        appoint(user, Role.DISPATCHER, organisation(DAOJIAO))

    dismiss(user, Role.TOWN_OFFICIAL, organisation(DAOJIAO))

    assert user.roles() == frozenset()


def test_the_administration_pages_open_to_administrators_only() -> None:
    assert persona("administrator").is_staff
    assert not persona("director_xu").is_staff

    dismiss(persona("administrator"), Role.ADMINISTRATOR, organisation("system"))

    assert not User.objects.get(username="administrator").is_staff


# --- the administration pages -----------------------------------------------------------------------------------------


@pytest.fixture
def pages(client: Client) -> Client:
    client.force_login(persona("administrator"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def last_event() -> Event:
    return Event.objects.filter(chain="system").latest("seq")


def test_a_corrected_hospital_is_on_record(pages: Client) -> None:
    hospital = Organisation.objects.get(name="东莞市道滘医院")
    typed = {
        "name": hospital.name, "formal_name": "", "town": hospital.town_id, "ownership": "public", "grade": "二级甲等",
        "committee_name": "", "number_prefix": "", "phone": "13800000001", "address": "", "confidence": "已核实", "active": "on",
    }  # fmt: skip

    answer = pages.post(f"/admin/organisations/organisation/{hospital.pk}/change/", typed)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    hospital.refresh_from_db()
    event = last_event()
    assert (hospital.grade, event.kind, event.actor_id) == (
        "二级甲等",
        "organisation_changed",
        persona("administrator").pk,
    )
    assert event.data["fields"] == ["confidence", "grade", "phone"]
    assert "13800000001" not in str(event.data)


def account(user: User, **changes: object) -> dict[str, object]:
    return {
        "username": user.username,
        "full_name": user.full_name,
        "employee_no": "",
        "phone": user.phone,
        "is_active": "on",
    } | changes


def test_roles_are_given_and_taken_with_an_event_each(pages: Client) -> None:
    user, town = persona("town_zhao"), organisation(DAOJIAO)
    held = f"town_official@{organisation('441900102').pk}"

    answer = pages.post(f"/admin/organisations/user/{user.pk}/change/",
                        account(user, give_role="town_official", give_at=town.pk, take_away=[held]))  # fmt: skip

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert {right.organisation_id for right in User.objects.get(pk=user.pk).roles()} == {town.pk}
    kinds = Event.objects.filter(chain="system").order_by("-seq").values_list("kind", flat=True)[:2]
    assert set(kinds) == {"role_given", "role_taken"}
    assert last_event().data == {"account": user.pk, "role": "town_official", "organisation": town.pk}


def test_a_role_the_organisation_does_not_have_is_refused(pages: Client) -> None:
    user = persona("town_zhao")

    answer = pages.post(f"/admin/organisations/user/{user.pk}/change/",
                        account(user, give_role="director", give_at=organisation(DAOJIAO).pk))  # fmt: skip

    assert "没有“医调委主任”这一角色" in answer.content.decode()


def test_nobody_else_opens_them_and_nothing_is_deleted(pages: Client) -> None:
    assert (
        pages.post(f"/admin/organisations/user/{persona('town_wang').pk}/delete/", {"post": "yes"}).status_code == 403
    )
    assert pages.get("/admin/organisations/organisation/").status_code == 200

    pages.force_login(persona("director_xu"), backend="django.contrib.auth.backends.ModelBackend")

    assert pages.get("/admin/organisations/organisation/").status_code == 302


def test_an_administrator_cannot_make_a_superuser(pages: Client) -> None:
    user = persona("town_zhao")

    pages.post(f"/admin/organisations/user/{user.pk}/change/", account(user, is_superuser="on", is_staff="on"))

    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff) == (False, False)


def test_the_lists_of_the_administration_ask_in_words(client: Client) -> None:
    client.force_login(persona("administrator"), "django.contrib.auth.backends.ModelBackend")
    for path in ("organisations/organisation/add/", f"organisations/user/{persona('clerk_chen').pk}/change/"):
        page = client.get(f"/admin/{path}").content.decode()
        assert "请选择" in page
        assert "---" not in page, path


def test_an_administrator_lets_somebody_in_again_and_it_is_on_record(pages: Client) -> None:
    locked, other = persona("clerk_chen"), persona("town_wang")
    for account in (locked, other):
        AccessAttempt.objects.create(username=account.username, ip_address="10.0.0.1", failures_since_start=5)

    pages.post("/admin/organisations/user/", {"action": "unlock", "_selected_action": [locked.pk]})

    assert list(AccessAttempt.objects.values_list("username", flat=True)) == [other.username]
    assert (last_event().kind, last_event().data) == ("account_unlocked", {"account": locked.pk})


def add_administrator(monkeypatch: pytest.MonkeyPatch, username: str, password: str) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    call_command("add_administrator", username, name="管示例", stdout=StringIO())


def test_the_first_account_of_an_installation_is_an_administrator_and_on_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_administrator(monkeypatch, "guan", "tiaojie-Dongguan-7")

    user = User.objects.get(username="guan")
    assert {right.role for right in user.roles()} == {Role.ADMINISTRATOR}
    assert (user.is_staff, user.check_password("tiaojie-Dongguan-7")) == (True, True)
    assert Event.objects.filter(chain="system", kind="account_added", data__account=user.pk).count() == 1


def test_a_weak_password_or_a_name_that_is_taken_makes_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError):
        add_administrator(monkeypatch, "guan", "12345678")
    assert not User.objects.filter(username="guan").exists()

    add_administrator(monkeypatch, "guan", "tiaojie-Dongguan-7")
    with pytest.raises(CommandError, match="已有人使用"):
        add_administrator(monkeypatch, "guan", "tiaojie-Dongguan-8")


@pytest.mark.parametrize(("who", "where"), [
    ("administrator", "/oversight/calendar/"), ("auditor", "/oversight/trail/"), ("supervisor_zhou", "/cases/"), ("liaison_he", "/cases/"),
])  # fmt: skip
def test_whoever_has_no_tasks_begins_at_the_first_entry_of_the_side_bar(who: str, where: str) -> None:
    client = Client()
    client.force_login(persona(who), "django.contrib.auth.backends.ModelBackend")
    assert client.get("/", follow=True).redirect_chain[-1][0] == where


def test_who_comes_in_goes_and_is_locked_out_is_on_record() -> None:
    user = persona("town_wang")
    user.set_password("correct-horse-42")
    user.save()
    client = Client()

    client.post("/login/", {"username": user.username, "password": "correct-horse-42"})
    client.post("/logout/")
    for _ in range(6):
        client.post("/login/", {"username": user.username, "password": "wrong"})

    kept = [(event.kind, event.actor_id, event.data) for event in Event.objects.filter(chain="system").order_by("seq")]
    assert kept[-3:-1] == [("signed_in", user.pk, {}), ("signed_out", user.pk, {})]
    assert kept[-1] == ("locked_out", None, {"account": user.pk})
