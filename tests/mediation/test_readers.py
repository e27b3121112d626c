"""Who reads which paper: the whole table once more, typed by hand from the law and the brief of each role.

Seven papers of every kind lie in one case with two hospitals; the letters say which of them somebody reads.
"""

from __future__ import annotations

import io
import uuid

import pytest
from django.test import Client

from mediation.cases import codes
from mediation.cases.case import CaseMediator, DisputeCase
from mediation.cases.readers import ISSUED, RECEIVED
from mediation.cases.record import Paper
from mediation.documents.catalogue import CATALOGUE
from mediation.documents.models import IssuedDocument
from mediation.documents.pages import readable
from mediation.organisations.models import User, appoint, dismiss
from mediation.privacy import vault
from tests.factories import HOSPITAL, NOW, OTHER_HOSPITAL, TODAY, case_at, organisation, paper, persona, take
from workflow.records import Event
from workflow.vocabulary import Role

pytestmark = pytest.mark.django_db

# Received. p: the patient's, filed by the committee · t: the patient's, by the town · d: the patient's, by the hotline
# before dispatch · h: of the hospital · o: of the other hospital · b: of both sides · n: of nobody in particular
FILED = {
    "p": ("patient", "", "committee", "city"), "t": ("patient", "", "441900124", "town"), "d": ("patient", "", "hotline", "desk"),
    "h": ("hospital", HOSPITAL, "committee", "city"), "o": ("hospital", OTHER_HOSPITAL, "committee", "city"),
    "b": ("both", "", "committee", "city"), "n": ("", "", "committee", "city"),
}  # fmt: skip
#  kind          town  hospital  (hotline, bureau, residence town: nothing)
EXPECTED_RECEIVED = """
   application   td    h
   identity      td    h
   proxy         td    h
   kinship       td    -
   consent       td    h
   routes        td    h
   rights        t     h
   records       td    h
   fees          td    h
   evidence      td    h
   appraisal     td    hb
   extension     t     hb
   record        t     b
   agreement     td    hb
   payment       td    h
   visit         t     -
   confirmation  td    hb
   service       t     h
   withdrawal    td    h
   other         td    h
"""

# Issued. p: to the patient, by a step of the committee · t: the same by the town · d: by the hotline · h: to the hospital
# · a: to the hospitals' side as a whole · o: to the other hospital · b: to both sides · n: to nobody in particular
MADE_OUT = {
    "p": ("patient", "", "dispatcher"), "t": ("patient", "", "town_official"), "d": ("patient", "", "hotline_operator"),
    "h": ("hospital", HOSPITAL, "dispatcher"), "a": ("hospital", "", "dispatcher"),
    "o": ("hospital", OTHER_HOSPITAL, "dispatcher"), "b": ("both", "", "dispatcher"), "n": ("", "", "dispatcher"),
}  # fmt: skip
EVERY = "ptdhaobn"
#  kind                   town      hospital  hotline   bureau
EXPECTED_ISSUED = """
   escalation_brief       ptdhaobn  -         -         ptdhaobn
   application_receipt    t         habn      -         ptdhaobn
   papers_request         -         ha        -         ptdhaobn
   consent_request        -         ha        -         ptdhaobn
   acceptance_notice      -         ha        -         ptdhaobn
   rights_notice          -         ha        -         ptdhaobn
   refusal_notice         -         ha        -         ptdhaobn
   routes_notice          t         ha        -         ptdhaobn
   appraisal_entrustment  -         bn        -         ptdhaobn
   meeting_invitation     -         ha        -         ptdhaobn
   mediation_agreement    t         bn        -         ptdhaobn
   settlement_agreement   ptdhaobn  bn        -         ptdhaobn
   confirmation_notice    t         ha        -         ptdhaobn
   failure_notice         -         ha        -         ptdhaobn
   termination_notice     -         ha        -         ptdhaobn
   caller_reply           ptdhaobn  -         ptdhaobn  ptdhaobn
   investigation_record   -         -         -         -
   meeting_record         -         bn        -         -
   follow_up_record       t         -         -         ptdhaobn
   dossier_cover          t         -         d         ptdhaobn
   dossier_catalogue      t         -         d         ptdhaobn
   dossier_back_cover     t         -         d         ptdhaobn
"""
COMMITTEE = ("clerk_chen", "director_xu", "mediator_sun")
NOTHING = ("town_of_residence", "mediator_two", "town_zhao", "auditor", "administrator")


def rows(table: str, *people: str) -> dict[tuple[str, str], str]:
    """(person, kind) → the letters, "" for a dash."""
    lines = [line.split() for line in table.strip().splitlines()]
    return {(who, line[0]): line[1 + at].replace("-", "") for line in lines for at, who in enumerate(people)}


@pytest.fixture
def case() -> DisputeCase:
    """Two hospitals, applied for at the town, with a mediator; nothing on file but what a test puts there."""
    made = case_at("under_review", hospitals=(HOSPITAL, OTHER_HOSPITAL), residence_town=organisation("441900129"))
    made = take(made, "request_papers", "clerk_chen", side="patient", wanted=["identity"])
    CaseMediator.objects.create(case=made, user=persona("mediator_sun"), lead=True, since=TODAY)
    for row in made.applications.all():
        row.paper = None
        row.save()
    Paper.objects.filter(case=made).delete()
    IssuedDocument.objects.filter(case=made).delete()
    return made


def file_everything(case: DisputeCase) -> dict[int, str]:
    """One paper of every kind for every letter: pk → letter."""
    found = {}
    for kind in codes.PaperKind.values:
        for letter, (side, hospital, by, level) in FILED.items():
            row = Paper.objects.create(
                case=case, kind=kind, side=side, title=kind, received_on=TODAY, recorded_at=NOW, level=level,
                organisation=organisation(by), hospital=organisation(hospital) if hospital else None,
            )  # fmt: skip
            found[row.pk] = letter
    return found


def issue_everything(case: DisputeCase) -> dict[int, str]:
    found = {}
    for kind in CATALOGUE:
        for letter, (side, hospital, role) in MADE_OUT.items():
            event = Event.objects.filter(chain=case.chain, role=role).order_by("seq").last()
            row = IssuedDocument.objects.create(
                case=case, kind=kind, event_seq=event.seq, dated_on=TODAY, asked_at=NOW, side=side, says={},
                hospital=organisation(hospital) if hospital else None,
            )  # fmt: skip
            found[row.pk] = letter
    return found


def test_the_table_names_every_kind_that_there_is() -> None:
    assert set(RECEIVED) == set(codes.PaperKind.values)
    assert set(CATALOGUE) <= set(ISSUED)


def test_papers_received_by_role_and_kind(case: DisputeCase) -> None:
    letters, wrong = file_everything(case), {}
    expected = rows(EXPECTED_RECEIVED, "town_wang", "liaison_he")
    for kind in codes.PaperKind.values:
        expected |= {(who, kind): "ptdhobn" for who in COMMITTEE}
        expected |= {(who, kind): "" for who in (*NOTHING, "hotline_lin", "supervisor_zhou")}
    for (who, kind), wanted in expected.items():
        readable_rows = Paper.objects.readable_by(persona(who), case).filter(kind=kind)
        found = {letters[row.pk] for row in readable_rows}
        if found != set(wanted):
            wrong[who, kind] = ("".join(sorted(found)), wanted)
    assert wrong == {}


def test_documents_issued_by_role_and_kind(case: DisputeCase) -> None:
    letters, wrong = issue_everything(case), {}
    expected = rows(EXPECTED_ISSUED, "town_wang", "liaison_he", "hotline_lin", "supervisor_zhou")
    expected = {(who, kind): wanted for (who, kind), wanted in expected.items() if kind in CATALOGUE}
    for kind in CATALOGUE:
        expected |= {(who, kind): EVERY for who in COMMITTEE} | {(who, kind): "" for who in NOTHING}
    for (who, kind), wanted in expected.items():
        found = {letters[row.pk] for row in readable(case, persona(who)).filter(kind=kind)}
        if found != set(wanted):
            wrong[who, kind] = ("".join(sorted(found)), wanted)
    assert wrong == {}


def test_of_a_confidential_case_the_town_reads_its_own_papers_and_the_hospitals(case: DisputeCase) -> None:
    letters = file_everything(case)
    Paper.objects.filter(case=case, side="hospital", hospital=organisation(HOSPITAL)).update(level="desk")
    DisputeCase.objects.filter(pk=case.pk).update(is_confidential=True)
    case.refresh_from_db()

    found = Paper.objects.readable_by(persona("town_wang"), case).filter(kind="identity")

    assert {letters[row.pk] for row in found} == {"t", "h"}


def test_only_the_role_towards_this_case_counts(case: DisputeCase) -> None:
    file_everything(case), issue_everything(case)
    both = persona("liaison_he")
    before = Paper.objects.readable_by(both, case).count(), readable(case, both).count()

    appoint(both, Role.TOWN_OFFICIAL, organisation("441900102"))  # a town that has nothing to do with it

    both = User.objects.get(pk=both.pk)
    assert (Paper.objects.readable_by(both, case).count(), readable(case, both).count()) == before
    dismiss(both, Role.HOSPITAL_LIAISON, organisation(HOSPITAL))
    both = User.objects.get(pk=both.pk)
    assert not Paper.objects.readable_by(both, case).exists()


READS_THE_SCAN = {
    "clerk_chen": True, "director_xu": True, "mediator_sun": True, "town_wang": False, "liaison_he": False,
    "hotline_lin": False, "town_of_residence": False, "supervisor_zhou": False,
}  # fmt: skip


@pytest.mark.parametrize(("who", "reads"), READS_THE_SCAN.items())
def test_list_count_print_and_download_agree(case: DisputeCase, who: str, reads: bool) -> None:
    """The patient's identity card, handed in at the committee."""
    uid = uuid.uuid4()
    stored = vault.put(io.BytesIO(b"scan"), uid)
    scan = Paper.objects.create(
        uid=uid, case=case, kind="identity", side="patient", title="身份证（示例）", received_on=TODAY, recorded_at=NOW,
        organisation=organisation("committee"), level="city", stored=stored, mime="image/jpeg",
    )  # fmt: skip
    client, root = Client(), f"/cases/{case.number}/"
    client.force_login(persona(who))

    answer = client.get(f"{root}papers/{scan.uid}/")
    assert answer.status_code == (200 if reads else 404)
    for path in (root, f"{root}tab/papers/", f"{root}print/"):
        page = client.get(path)
        assert page.status_code == 200
        assert (scan.title in page.content.decode()) is reads, path
    tab = next(tab for tab in client.get(root).context["tabs"] if tab["key"] == "papers")
    assert tab["count"] == int(reads)
    if reads:
        assert answer["Content-Disposition"].endswith(".jpg")  # opens with a double click
        assert b"".join(answer)


def test_what_is_filed_knows_who_filed_it_and_whose_it_is() -> None:
    case = case_at("under_review", hospitals=(HOSPITAL, OTHER_HOSPITAL))
    take(case, "record_consent", "clerk_chen", side="hospital", hospital=organisation(OTHER_HOSPITAL), means="letter",
         paper=paper("同意函"))  # fmt: skip
    take(case, "add_paper", "liaison_he", kind="records", side="hospital", paper=paper("病历"))

    found = {
        row.kind: (row.organisation.code, row.hospital and row.hospital.code, row.level) for row in case.papers.all()
    }

    assert found == {
        "application": ("441900124", None, "town"), "consent": ("committee", OTHER_HOSPITAL, "city"),
        "records": (HOSPITAL, HOSPITAL, "city"),
    }  # fmt: skip


def test_a_scan_without_a_title_is_called_by_its_kind() -> None:
    case = take(
        case_at("under_review"), "record_consent", "clerk_chen", side="hospital", means="letter", paper=paper("")
    )

    assert case.papers.get(kind="consent").title == "同意调解凭据"


def test_a_severed_hospital_reads_nothing_any_more() -> None:
    case = case_at("under_review", hospitals=(HOSPITAL, OTHER_HOSPITAL))
    client = Client()
    client.force_login(persona("liaison_other"))
    assert client.get(f"/cases/{case.number}/").status_code == 200

    case = take(case, "sever", "clerk_chen", hospital=organisation(OTHER_HOSPITAL), reason="不同意调解")

    assert client.get(f"/cases/{case.number}/").status_code == 404
    for step in ("record_consent", "add_paper", "reveal"):
        assert client.get(f"/cases/{case.number}/{step}/").status_code == 404
    assert client.get(f"/cases/{case.later_cases.get().number}/").status_code == 200
