"""What a hash covers, and what may stand in the record at all."""

import hashlib
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from workflow.chain import COLUMNS, GENESIS, canonical, check_data, event_hash
from workflow.records import Chain, DataRefused, Event, build_event, record_system, verify

FIELDS: dict[str, Any] = {
    "chain": "case-1",
    "seq": 1,
    "kind": "escalate",
    "source": "town_handling",
    "target": "escalated",
    "actor_id": 7,
    "role": "town_official",
    "organisation_id": None,
    "happened_on": date(2026, 3, 1),
    "recorded_at": datetime(2026, 3, 2, 1, 30, 0, 5, tzinfo=UTC),
    "data": {"reason": "滘", "ids": [2, None, True]},
    "digest": "",
    "previous": GENESIS,
}
WRITTEN = (
    '{"actor_id":7,"chain":"case-1","data":{"ids":[2,null,true],"reason":"滘"},"digest":"","happened_on":"2026-03-01",'
    '"kind":"escalate","organisation_id":null,"previous":"' + "0" * 64 + '",'
    '"recorded_at":"2026-03-02T01:30:00.000005+00:00","role":"town_official","seq":1,"source":"town_handling",'
    '"target":"escalated"}'
)


def test_the_canonical_form_is_the_one_that_is_documented() -> None:
    assert canonical(FIELDS) == WRITTEN
    assert event_hash(FIELDS) == hashlib.sha256(WRITTEN.encode()).hexdigest()


def test_the_same_moment_in_another_zone_hashes_alike() -> None:
    beijing = FIELDS["recorded_at"].astimezone(timezone(timedelta(hours=8)))

    assert event_hash({**FIELDS, "recorded_at": beijing}) == event_hash(FIELDS)


@pytest.mark.parametrize("column", COLUMNS)
def test_the_hash_covers_every_column(column: str) -> None:
    other = {"seq": 2, "actor_id": 8, "organisation_id": 1, "data": {}, "happened_on": date(2026, 3, 2)}
    other["recorded_at"] = FIELDS["recorded_at"] + timedelta(microseconds=1)

    assert event_hash({**FIELDS, column: other.get(column, "other")}) != event_hash(FIELDS)


def test_no_column_of_an_event_is_left_out() -> None:
    assert {field.attname for field in Event._meta.concrete_fields} == {*COLUMNS, "id", "hash"}


@pytest.mark.both
def test_an_event_hashes_the_same_after_the_database_kept_it(db: None) -> None:
    build_event(**FIELDS).save()

    row = Event.objects.filter(chain="case-1").values().get()

    assert event_hash(row) == row["hash"] == event_hash(FIELDS)


@pytest.mark.parametrize("data", [
    {"phone": "13800138000"},
    {"phone": "+86 138-0013-8000"},
    {"note": "电话13800138000。"},
    {"id_no": "11010519491231002X"},
    {"ids": ["ok", "11010519491231002x"]},
    {"note": "长" * 121},
    {"facts": {"name": "某"}},
    {"amounts": [[1]]},
    {"amount": 1.5},
    {"amount": 2**60},
    {"on": date(2026, 3, 1)},
    {"患者": "x"},
    {"": "x"},
    {1: "x"},
    {"text": "a\x00b"},
    {"text": "\ud800"},
    [("a", 1)],
])  # fmt: skip
def test_the_record_refuses_what_is_not_a_code_or_looks_personal(data: Any) -> None:
    with pytest.raises(DataRefused):
        check_data(data)


def test_a_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(DataRefused) as refused:
        check_data({"phone": "13800138000"})

    assert "138" not in str(refused.value)


@pytest.mark.parametrize("data", [
    {},
    {"reason": "out_of_reach", "hops": 2, "urgent": True, "town": None, "papers": ["brief", 7]},
    {"digest": "1380013800013800138000138001380013800013800138000138001380001380"},
    {"order_no": "202603021234567890"},
    {"uid": "123e4567-e89b-12d3-a456-426614174000"},
    {"number": "医调〔2026〕12号"},
])  # fmt: skip
def test_the_record_takes_codes_references_and_digests(data: Any) -> None:
    check_data(data)


def test_a_moment_without_zone_or_a_day_with_hours_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        build_event(**{**FIELDS, "recorded_at": datetime(2026, 3, 2)})
    with pytest.raises(ValueError, match="day"):
        build_event(**{**FIELDS, "happened_on": FIELDS["recorded_at"]})


@pytest.mark.both
def test_eight_writers_at_once_leave_one_unbroken_system_chain(fresh_database: Any, settings: Any) -> None:
    from django.db import connection

    settings.AUDIT_KEYS = {"k1": "11" * 32}
    before = Event.objects.filter(chain="system").count()
    broken: list[bool] = []

    def write(number: int) -> None:
        for turn in range(10):
            record_system("reveal", actor_id=number, data={"turn": turn}, now=FIELDS["recorded_at"])
        connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        broken.append(not verify().ok)  # each sees one moment, however much is being written
    for thread in threads:
        thread.join()

    assert not any(broken)
    assert Chain.objects.get(name="system").seq == before + 80
    assert verify().ok
