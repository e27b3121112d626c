"""What must not grow unnoticed, as counts: a clock would only measure the machine (``make bench`` has the clocks)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bench.measure import statements
from bench.papers import contents
from bench.scale import worklist_plan
from bench.walk import NOW, nine
from mediation.cases import codes
from mediation.cases.case import DisputeCase
from mediation.cases.pages import onfile
from mediation.cases.parties import Consent, RouteStatus
from mediation.cases.record import Contact, Paper, Service
from mediation.cases.registration import register
from mediation.documents.rendering import render
from mediation.expertise.models import Appraisal
from mediation.hearings.models import Investigation, Meeting, RightsNotice
from mediation.organisations.models import User
from mediation.settlement.models import Agreement, DossierItem, FollowUpVisit, Instalment, Mark
from tests import factories
from tests.documents import samples
from tests.mediation.test_on_file import EVERYBODY, SUN, whole_life
from workflow import engine, registry

ROUND_TRIPS = 14
QUERIES = 19
KILOBYTES = 120


def log_in(username: str) -> Client:
    client = Client()
    client.force_login(factories.persona(username), "django.contrib.auth.backends.ModelBackend")
    return client


def queries_of(client: Client, path: str) -> int:
    """Of the second request: the first one fills what a process or a session keeps."""
    assert client.get(path).status_code == 200
    with statements() as seen:
        client.get(path)
    return len(seen)


def register_cases(count: int) -> None:
    for _ in range(count):
        register(factories.registration(), by=factories.persona("hotline_lin"), now=NOW)


@pytest.fixture
def subjects_share(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many statements of the steps taken so far belonged to effects and papers, not to the door."""
    asked = [0]

    def counted(work: Any) -> Any:
        def wrapped(*args: Any, **facts: Any) -> Any:
            with statements() as seen:
                result = work(*args, **facts)
            asked[0] += len(seen)
            return result

        return wrapped

    for name in {act.step for act in nine()} & set(registry.EFFECTS):
        monkeypatch.setitem(registry.EFFECTS, name, counted(registry.EFFECTS[name]))
        engine._parameters(name)  # its signature is read from the function that is really there
    monkeypatch.setattr(engine.office(), "issue_with", counted(engine.office().issue_with))
    yield asked
    engine._parameters.cache_clear()


@pytest.mark.both
def test_the_door_itself_takes_few_round_trips(db: None, subjects_share: list[int]) -> None:
    case, trips = factories.case_at("registered"), {}
    for act in nine():
        subjects_share[0] = 0
        with statements() as seen:
            engine.perform(case, act.step, by=User.objects.get(pk=act.by.pk), now=NOW, **act.facts)
        # the test's own transaction is around: a savepoint's two statements stand for BEGIN and COMMIT
        trips[act.step] = len(seen) - subjects_share[0] - 1  # without the reading of the user
    assert max(trips.values()) <= ROUND_TRIPS, trips


@pytest.mark.both
def test_a_step_with_all_that_belongs_to_it_stays_within_the_round_trips_on_average(db: None) -> None:
    acts = nine()
    for case in (factories.case_at("registered"), factories.case_at("registered")):  # the first opens a year's numbers
        with statements() as seen:
            for act in acts:
                engine.perform(case, act.step, by=User.objects.get(pk=act.by.pk), now=NOW, **act.facts)
    assert len(seen) / len(acts) - 1 <= ROUND_TRIPS


@pytest.mark.parametrize("path", ["/desk/", "/cases/", "/notices/", "甄示例", "/desk/?due=soon"])
def test_the_queries_of_a_list_do_not_depend_on_its_rows(db: None, path: str) -> None:
    client = log_in("hotline_lin")
    path = path if path.startswith("/") else client.post("/cases/", {"q": path})["Location"]
    register_cases(5)
    few = queries_of(client, path)
    register_cases(35)
    many = queries_of(client, path)
    assert many == few <= QUERIES


def test_the_queries_of_a_town_that_sees_cases_in_three_ways_do_not_depend_on_their_number(db: None) -> None:
    case, client = factories.case_at("town_pending"), log_in("town_wang")
    few = queries_of(client, "/cases/")
    register_cases(5)
    DisputeCase.objects.exclude(pk=case.pk).update(town=case.town, residence_town=case.town)
    assert queries_of(client, "/cases/") == few <= QUERIES


def test_the_queries_of_a_case_page_do_not_depend_on_what_is_on_file(db: None) -> None:
    case, client = factories.case_at("under_review"), log_in("clerk_chen")
    counts = []
    for more in (5, 35):
        for number in range(more):
            Paper(
                case=case,
                kind=codes.PaperKind.OTHER,
                title=f"示例材料{number}",
                received_on=factories.TODAY,
                recorded_at=NOW,
            ).save()
        counts.append(queries_of(client, case.get_absolute_url()))
    assert counts[0] == counts[1] <= QUERIES


@pytest.mark.parametrize("tab", [*onfile.TABS, "log"])
def test_the_queries_of_a_tab_do_not_depend_on_what_stands_on_it(db: None, tab: str) -> None:
    case, client = factories.case_at("in_mediation"), log_in("director_xu")
    counts = []
    for more in (2, 12):
        for number in range(more):
            write_down(case, number)
            engine.perform(case, "log_contact", by=factories.persona(SUN), now=NOW, **contact_facts())
        counts.append(queries_of(client, f"{case.get_absolute_url()}tab/{tab}/"))
    assert counts[0] == counts[1] <= QUERIES


@pytest.mark.parametrize("by", ["director_xu", "town_wang"])
def test_the_queries_of_a_correction_do_not_depend_on_what_was_recorded(db: None, by: str) -> None:
    case, client, counts = factories.case_at("town_handling"), log_in(by), []
    DisputeCase.objects.filter(pk=case.pk).update(level="town")
    for more in (2, 12):
        for number in range(more):
            write_down(case, number)
        counts.append(queries_of(client, f"{case.get_absolute_url()}correct/"))
    assert counts[0] == counts[1] <= QUERIES


@pytest.mark.parametrize(("state", "by"), [
    ("town_handling", "town_wang"), ("under_review", "clerk_chen"), ("agreement_drafted", "mediator_sun"), ("performing", "mediator_sun"),
    ("closing", "director_xu"),
])  # fmt: skip
def test_every_tab_of_the_fullest_states_stays_within_the_queries(db: None, state: str, by: str) -> None:
    case, client = factories.case_at(state), log_in(by)
    counts = {}
    for tab in ("", *(f"tab/{key}/" for key in ("parties", "papers", "documents", "orders", "log", *onfile.TABS))):
        client.get(f"{case.get_absolute_url()}{tab}")  # whatever a first visit reads or writes
        counts[tab] = queries_of(client, f"{case.get_absolute_url()}{tab}")
    assert max(counts.values()) <= QUERIES, counts


@pytest.mark.both
@pytest.mark.parametrize("level", ["city", "town"])
def test_the_whole_file_on_paper_stays_within_the_queries(db: None, level: str) -> None:
    case, readers = (whole_life(), EVERYBODY) if level == "city" else (factories.case_at("closed"), EVERYBODY - {SUN})
    for number in range(2):
        write_down(case, number)
    counts = {by: queries_of(log_in(by), f"{case.get_absolute_url()}print/") for by in sorted(readers)}
    assert max(counts.values()) <= QUERIES, counts


def test_paper_holds_what_the_tabs_hold(db: None) -> None:
    case = whole_life()
    for by in sorted(EVERYBODY):
        client = log_in(by)
        printed = given(client, f"{case.get_absolute_url()}print/")
        tabs = {
            tab: given(client, f"{case.get_absolute_url()}tab/{tab}/")
            for tab in ("facts", "parties", "papers", "log", *onfile.TABS)
        }
        opened = [tabs[tab] for tab in onfile.TABS if tabs[tab]["tab"] == tab]  # else the page shows the facts instead
        assert printed["parts"] == [part for page in opened for part in page["parts"]], by
        assert printed["papers"] == tabs["papers"]["papers"], by
        assert printed["timeline"] == tabs["log"]["timeline"][::-1], by
        for what, tab in (("facts", "facts"), ("clocks", "facts"), ("parties", "parties"), ("hospitals", "parties")):
            assert printed[what] == tabs[tab][what], (by, what)


def given(client: Client, path: str) -> Any:
    """What the template of a page was given."""
    return client.get(path).context


def write_down(case: DisputeCase, number: int) -> None:
    """One more row of every kind that a step can add again and again."""
    by, on, hospital = factories.persona("mediator_sun"), factories.TODAY, case.respondents.get().hospital
    means, side = codes.Means.PHONE, codes.Side.HOSPITAL
    paper = Paper.objects.create(case=case, kind="other", title="凭据", received_on=on, recorded_at=NOW)
    Contact.objects.create(
        case=case, side=side, purpose="other", means=means, at=NOW, reached=True, content="说", by=by
    )
    Service.objects.create(
        case=case, document="rights_notice", side=side, hospital=hospital, means=means, on=on, paper=paper
    )
    Consent.objects.create(case=case, side=side, hospital=hospital, given=True, on=on, means=means, paper=paper)
    RouteStatus.objects.create(case=case, side=side, route="court", answer="none", on=on, paper=paper)
    RightsNotice.objects.create(case=case, side=side, hospital=hospital, signed_on=on, paper=paper)
    Investigation.objects.create(
        case=case, on=on, place="室", side=side, person="甲", content="说", recorder="乙", by=by
    )
    Meeting.objects.create(case=case, at=NOW, place="室", result="again", content="说", recorder="乙", paper=paper)
    Appraisal.objects.create(case=case, entrusting="joint", institution="所", questions="问", patient_consent_on=on,
                             hospital_consent_on=on, entrusted_on=on, ended_on=on, entrustment=paper)  # fmt: skip
    FollowUpVisit.objects.create(
        case=case, at=NOW, side=side, person="甲", means=means, reached=True, result="说", by=by
    )
    agreement = Agreement.objects.create(
        case=case, kind="supplement", drafted_on=on, facts="实", issues="争", responsibility="责", content="约", manner="cash",
        place="室", perform_by=on, total_amount=1, hospital_amount=1, copies=3,
    )  # fmt: skip
    Mark.objects.create(agreement=agreement, kind="patient", party=case.parties.get(), on=on, paper=paper)
    Mark.objects.create(agreement=agreement, kind="hospital", hospital=hospital, on=on, paper=paper)
    Instalment.objects.create(agreement=agreement, number=1, payer="hospital", amount=1, due_on=on, receipt=paper)
    DossierItem.objects.create(case=case, key=f"item{case.pk}-{Paper.objects.count()}", standing="present")


def contact_facts() -> dict[str, Any]:
    return {"side": "hospital", "purpose": "other", "means": "phone", "at": NOW, "reached": True, "content": "说"}


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="plans are PostgreSQL's")
def test_a_worklist_is_read_along_its_index(db: None) -> None:
    factories.case_at("town_pending")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a table of a few rows is read faster whole
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    assert worklist_plan(factories.persona("town_wang")) == ["worklist"]


def test_an_agreement_stays_small() -> None:
    paper = render("mediation_agreement", contents(), made_at=samples.MADE_AT, uid=samples.UID)
    assert len(paper.pdf) <= KILOBYTES * 1024
