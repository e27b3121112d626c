"""Cases in bulk, by SQL: so many that the lists have something to be slow about.

One real case is registered through the door; its row, and the rows around it, are multiplied by ``generate_series`` with
what a list looks at varied. Of a hundred cases two are open. 33 towns, 70 of a hundred cases from the hotline, every
third of a patient who lives in another town, one hospital each. A mediator has some 300 cases behind, however many there
are. Every case has two finished tasks, two notices that a town's official has read but for the newest, one party, one
event; triggers and foreign keys are not looked at while the rows are made, so no chain is whole.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, models, transaction

from bench.walk import NOW, registered
from mediation.cases.case import CaseHospital, CaseMediator, CaseTask, DisputeCase
from mediation.cases.counter import CaseCounter
from mediation.cases.flow import DisputeFlow
from mediation.cases.parties import Party
from mediation.cases.record import Notice, NoticeReading
from mediation.organisations.models import Kind, Organisation
from mediation.privacy.searchkeys import search_key
from tests import factories
from workflow.records import Event
from workflow.vocabulary import Role

FIRST = 1_000_000
"""The key of the first bulk case; their number is the year 2000 + key / 100,000 and the rest."""
OPEN_SHARE = 50
STATES = ("registered", "town_pending", "town_handling", "town_handling", "town_handling", "under_review",
          "awaiting_assignment", "investigating", "in_mediation", "performing")  # fmt: skip
CASES_A_MEDIATOR = 300
PEOPLE = ("hotline_lin", "town_wang", "clerk_chen", "director_xu", "mediator_sun", "liaison_he", "supervisor_zhou")


def fill(count: int) -> None:
    """So many cases in an empty database that has its reference data."""
    people = {name: factories.persona(name) for name in PEOPLE}
    (pk,) = registered(1)
    with transaction.atomic():
        factories.case_at("town_handling")  # one whose seals are whole, for the case page
    places = _places()
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off; SET statement_timeout = 0"
        )
        _cases(cursor, pk, count, places)
        _tasks(cursor, pk, count, places, mediator=people["mediator_sun"].pk)
        _around(cursor, pk, count, places, people)
        for model in (DisputeCase, CaseTask, CaseHospital, CaseMediator, Party, Notice, NoticeReading, Event):
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
        cursor.execute("RESET session_replication_role; RESET synchronous_commit")
        cursor.execute("VACUUM ANALYZE")
    for year in range(2000, 2001 + count // 100_000):
        CaseCounter.objects.get_or_create(year=year, defaults={"last": 100_000})


def _places() -> dict[str, str]:
    def keys(kind: Kind) -> str:
        return (
            "ARRAY["
            + ",".join(
                str(pk) for pk in Organisation.objects.filter(kind=kind).order_by("code").values_list("pk", flat=True)
            )
            + "]"
        )

    towns, hospitals = keys(Kind.TOWN), keys(Kind.HOSPITAL)
    mine = factories.organisation(factories.DAOJIAO).pk
    hospital = factories.organisation(factories.HOSPITAL).pk
    return {
        # every 33rd case is of the town that is measured, every 98th of the hospital
        "town": f"(CASE WHEN g % 33 = 0 THEN {mine} ELSE ({towns})[1 + g % array_length({towns}, 1)] END)",
        "home": f"(CASE WHEN g % 3 <> 0 THEN NULL WHEN g % 33 = 21 THEN {mine} ELSE ({towns})[1 + (g / 3) % array_length({towns}, 1)] END)",
        "hospital": f"(CASE WHEN g % 98 = 0 THEN {hospital} ELSE ({hospitals})[1 + g % array_length({hospitals}, 1)] END)",
        "state": "(ARRAY[" + ",".join(f"'{state}'" for state in STATES) + f"])[1 + (g / {OPEN_SHARE}) % {len(STATES)}]",
        "open": f"(g % {OPEN_SHARE} = 0)",
        "due": "DATE '2026-02-20' + (g / 50 * 7 % 60)::int",
        "hotline": str(factories.organisation("hotline").pk),
        "committee": str(factories.organisation("committee").pk),
    }  # fmt: skip


def _multiply(
    cursor: Any, model: type[models.Model], like: int, count: int, varied: dict[str, str], where: str = "TRUE"
) -> None:
    """Copies of the row ``like`` for g = 1 … count, with these columns computed."""
    columns = [field.column for field in model._meta.concrete_fields if not (field.primary_key and "id" not in varied)]
    values = ", ".join(varied.get(column, f'sample."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    cursor.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {values} FROM generate_series(1, {count}) AS g, "{table}" AS sample '  # noqa: S608
        f"WHERE sample.id = {like} AND {where}"
    )


def _cases(cursor: Any, pk: int, count: int, places: dict[str, str]) -> None:
    open_, moment = places["open"], f"TIMESTAMPTZ '{NOW.isoformat()}' - g * INTERVAL '7 minutes'"
    _multiply(cursor, DisputeCase, pk, count, {
        "id": f"{FIRST} + g", "uid": "gen_random_uuid()",
        "number": "(2000 + g / 100000)::text || '-' || lpad((g % 100000)::text, 5, '0')",
        "state": f"CASE WHEN {open_} THEN {places['state']} ELSE 'closed' END",
        "status": f"CASE WHEN {open_} THEN 'NEW' ELSE 'DONE' END", "closed_on": f"CASE WHEN {open_} THEN NULL ELSE DATE '2026-01-31' END",
        "due_on": f"CASE WHEN {open_} THEN {places['due']} END", "latest_at": moment, "registered_at": moment,
        "town_id": f"CASE WHEN {open_} AND {places['state']} = 'registered' THEN NULL ELSE {places['town']} END",
        "residence_town_id": places["home"], "hotline_id": f"CASE WHEN g % 10 < 7 THEN {places['hotline']} END",
        "desk_id": f"CASE WHEN g % 10 < 7 THEN {places['hotline']} ELSE {places['town']} END",
        "outcome": f"CASE WHEN {open_} THEN '' ELSE 'settled' END",
        "level": f"CASE WHEN {places['state']} IN ('town_pending', 'town_handling', 'performing') THEN 'town' ELSE 'city' END",
    })  # fmt: skip


def _tasks(cursor: Any, pk: int, count: int, places: dict[str, str], *, mediator: int) -> None:
    open_task = CaseTask.objects.get(process=pk, finished=None).pk
    shared = {"process_id": f"{FIRST} + g", "due_on": places["due"], "state": places["state"]}
    for _ in range(2):
        done = {
            "status": "'DONE'",
            "finished": "now()",
            "organisation_id": places["town"],
            "role": f"'{Role.TOWN_OFFICIAL}'",
        }
        _multiply(cursor, CaseTask, open_task, count, shared | done)
    role, state = "", places["state"]
    holders = {
        Role.HOTLINE_OPERATOR: ("registered",), Role.DISPATCHER: ("under_review",), Role.DIRECTOR: ("awaiting_assignment",),
        Role.MEDIATOR: ("investigating", "in_mediation"),
    }  # fmt: skip
    role = "CASE " + " ".join(
        f"WHEN {state} IN ({', '.join(repr(name) for name in states)}) THEN '{holder}'" for holder, states in holders.items()
    ) + f" ELSE '{Role.TOWN_OFFICIAL}' END"  # fmt: skip
    organisation = (
        f"CASE WHEN {role} = '{Role.TOWN_OFFICIAL}' THEN {places['town']} WHEN {role} = '{Role.HOTLINE_OPERATOR}' "
        f"THEN {places['hotline']} ELSE {places['committee']} END"
    )
    step = max(1, count // CASES_A_MEDIATOR)
    person = f"CASE WHEN {role} = '{Role.MEDIATOR}' AND (g / 50) % {max(1, step // 50)} = 0 THEN {mediator}::bigint END"
    node = str(DisputeFlow.instance.node("town_handling").name)
    waiting = {
        "organisation_id": organisation,
        "role": role,
        "person_id": person,
        "flow_task": f"replace(sample.flow_task, 'registered', '{node}')",
    }
    _multiply(cursor, CaseTask, open_task, count, shared | waiting, places["open"])


def _around(cursor: Any, pk: int, count: int, places: dict[str, str], people: dict[str, Any]) -> None:
    case, step = {"case_id": f"{FIRST} + g"}, max(1, count // CASES_A_MEDIATOR)
    _multiply(
        cursor,
        CaseHospital,
        CaseHospital.objects.filter(case=pk)[0].pk,
        count,
        case | {"hospital_id": places["hospital"]},
    )
    seat = CaseMediator.objects.create(case_id=pk, user=people["mediator_sun"], lead=True, since=NOW.date())
    _multiply(cursor, CaseMediator, seat.pk, count, case, f"g % {step} = 0")
    party = Party.objects.get(case=pk)
    name, phone = "md5('name' || g % 5000) || md5('n' || g % 5000)", "md5('phone' || g) || md5('p' || g)"
    _multiply(cursor, Party, party.pk, count, case | {
        "uid": "gen_random_uuid()", "phone_key": f"CASE WHEN g = 4321 THEN '{search_key('phone', '13900004321')}' ELSE {phone} END",
        "name_key": f"CASE WHEN g % 5000 = 77 THEN '{search_key('name', '欧阳示例')}' ELSE {name} END",
    })  # fmt: skip
    notice = Notice.objects.filter(case=pk)[0].pk
    town = {"organisation_id": places["town"], "role": f"'{Role.TOWN_OFFICIAL}'", "person_id": "NULL::bigint"}
    for minutes in (7, 11):
        moment = {"made_at": f"TIMESTAMPTZ '{NOW.isoformat()}' - g * INTERVAL '{minutes} minutes'"}
        _multiply(cursor, Notice, notice, count, case | town | moment)
    cursor.execute(
        f"INSERT INTO {NoticeReading._meta.db_table} (notice_id, user_id, read_at) SELECT id, %s, now() "  # noqa: S608
        f"FROM {Notice._meta.db_table} WHERE organisation_id = %s AND made_at < %s - INTERVAL '3 days'",
        [people["town_wang"].pk, factories.organisation(factories.DAOJIAO).pk, NOW],
    )
    event = Event.objects.get(chain=f"case-{pk}")
    _multiply(cursor, Event, event.pk, count, {"chain": f"'case-' || ({FIRST} + g)"})
