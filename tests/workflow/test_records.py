"""The record is chained, the database refuses to change it, and every kind of tampering is found and located."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from tests.workflow.chains import (  # noqa: F401 - fixtures
    KEYS,
    NOW,
    ONE,
    TWO,
    Heads,
    a_story,
    append,
    by_the_verifier,
    force,
    rehash,
    some_heads,
)
from workflow.append_only import AppendOnlyError
from workflow.chain import event_hash
from workflow.records import AnchorLine, Event, verify

pytestmark = pytest.mark.both
ANCHOR_AGAIN = (
    "(seq, made_at, line, signature, heads) SELECT seq, made_at, 'x', signature, heads FROM workflow_anchorline"
)


def edit(seq: int = 3) -> None:
    force(f"UPDATE workflow_event SET kind='record_payment' WHERE chain='{ONE}' AND seq={seq}")


def edit_data(heads: Heads) -> None:
    force(f"""UPDATE workflow_event SET data='{{"reason":"visit"}}' WHERE chain='{ONE}' AND seq=2""")


def delete(seq: int) -> None:
    force(f"DELETE FROM workflow_event WHERE chain='{ONE}' AND seq={seq}")


def swap(heads: Heads) -> None:
    place = f"UPDATE workflow_event SET seq=%s WHERE chain='{ONE}' AND seq=%s"
    force(place % (99, 3), place % (3, 4), place % (4, 99))


def insert(heads: Heads) -> None:
    append(dict(heads), ONE)


def insert_in_the_middle(heads: Heads) -> None:
    force(*(f"UPDATE workflow_event SET seq={n + 1} WHERE chain='{ONE}' AND seq={n}" for n in (7, 6, 5)))
    row = Event.objects.get(chain=ONE, seq=4)
    append({ONE: (row.seq, row.hash)}, ONE, kind="mark")


def edit_and_hash_the_row(heads: Heads) -> None:
    edit()
    row = Event.objects.filter(chain=ONE, seq=3).values().get()
    force(f"UPDATE workflow_event SET hash='{event_hash(row)}' WHERE id={row['id']}")


def edit_and_hash_the_chain(heads: Heads) -> None:
    edit()
    rehash(ONE, 3)


def edit_and_hash_chain_and_head(heads: Heads) -> None:
    edit()
    heads[ONE] = (7, rehash(ONE, 3))


def cut_tail_and_restore_head(heads: Heads) -> None:
    delete(7)
    delete(6)
    heads[ONE] = (5, Event.objects.get(chain=ONE, seq=5).hash)


def remove_a_case(heads: Heads) -> None:
    force(f"DELETE FROM workflow_event WHERE chain='{TWO}'")
    del heads[TWO]


def put_an_older_head(heads: Heads) -> None:
    heads[ONE] = (6, Event.objects.get(chain=ONE, seq=6).hash)


TAMPERINGS: list[tuple[Callable[[Heads], None], str, int, str]] = [
    (lambda heads: edit(), ONE, 3, "内容与其散列不符"),
    (edit_data, ONE, 2, "内容与其散列不符"),
    (lambda heads: edit(7), ONE, 7, "内容与其散列不符"),
    (lambda heads: delete(3), ONE, 3, "缺第 3 行"),
    (lambda heads: delete(1), ONE, 1, "缺第 1 行"),
    (lambda heads: delete(7), ONE, 7, "链尾缺行"),
    (swap, ONE, 3, "内容与其散列不符"),
    (insert, ONE, 8, "多出的行"),
    (insert_in_the_middle, ONE, 6, "内容与其散列不符"),
    (edit_and_hash_the_row, ONE, 4, "与上一行不相接"),
    (edit_and_hash_the_chain, ONE, 6, "与锚 1 所记不符"),
    (edit_and_hash_chain_and_head, ONE, 6, "与锚 1 所记不符"),
    (cut_tail_and_restore_head, ONE, 6, "锚 1 记到第 6 行"),
    (remove_a_case, TWO, 1, "锚 1 记到第 3 行"),
    (put_an_older_head, ONE, 7, "链首只到第 6 行"),
    (lambda heads: heads.pop(TWO), TWO, 1, "链没有主"),
    (lambda heads: heads.update({TWO: (3, "e" * 64)}), TWO, 3, "与链首所记不符"),
]


@pytest.mark.parametrize(("tamper", "chain", "seq", "what"), TAMPERINGS)
def test_every_tampering_is_located_by_command_and_verifier_alike(
    story: Heads, tmp_path: Path, tamper: Callable[[Heads], None], chain: str, seq: int, what: str
) -> None:
    tamper(story)

    report = verify(NOW)
    code, elsewhere = by_the_verifier(tmp_path, "--key", f"k1={KEYS['k1']}")

    assert not report.ok
    assert report.first_broken is not None
    assert (report.first_broken["chain"], report.first_broken["seq"]) == (chain, seq)
    assert what in report.first_broken["what"]
    row = Event.objects.filter(chain=chain, seq=seq).first()
    assert report.first_broken["id"] == (row.pk if row else None)
    assert code == 1
    same = ("ok", "checked", "chains", "anchors", "first_broken", "broken_chains", "heads_digest")
    assert {name: elsewhere[name] for name in same} == {name: report.as_json()[name] for name in same}


def test_an_untouched_record_verifies_at_home_and_elsewhere(story: Heads, tmp_path: Path) -> None:
    report = verify(NOW)
    code, elsewhere = by_the_verifier(tmp_path, "--key", f"k1={KEYS['k1']}")

    assert report.ok
    assert report.checked == Event.objects.count() - 1  # the export recorded itself afterwards
    assert code == 0
    assert elsewhere["heads_digest"] == report.heads_digest
    assert Event.objects.filter(kind="audit_export").count() == 1


def test_the_command_names_the_first_broken_row_and_fails(story: Heads, capsys: pytest.CaptureFixture[str]) -> None:
    edit()

    with pytest.raises(SystemExit) as left:
        call_command("audit_verify", "--json")

    assert left.value.code == 1
    report = json.loads(capsys.readouterr().out)
    assert report["first_broken"]["chain"] == ONE
    assert report["first_broken"]["seq"] == 3


NONSENSE = {
    "sqlite": ["happened_on='nonsense'", "happened_on='2026-13-45'", "seq='x'", "role=x'00'", "data='[1.5]'"],
    "postgresql": ["happened_on='infinity'", "recorded_at='0044-03-15 BC'", "data='[1.5]'"],
}


@pytest.mark.parametrize("number", range(5))
def test_a_row_that_cannot_be_read_is_named_too(story: Heads, tmp_path: Path, number: int) -> None:
    forced = NONSENSE[connection.vendor]
    force(f"UPDATE workflow_event SET {forced[number % len(forced)]} WHERE chain='{ONE}' AND seq=3")

    report = verify(NOW)

    assert report.first_broken is not None
    assert (report.first_broken["chain"], report.first_broken["seq"]) == (ONE, 3)
    assert report.checked == Event.objects.count()
    assert by_the_verifier(tmp_path)[1]["first_broken"] == report.first_broken


@pytest.mark.parametrize("statement", [
    "UPDATE workflow_event SET kind='x' WHERE seq=1",
    "DELETE FROM workflow_event WHERE seq=1",
    "UPDATE workflow_anchorline SET line='x'",
    "DELETE FROM workflow_anchorline",
    {
        "postgresql": "TRUNCATE workflow_event",
        "sqlite": "INSERT OR REPLACE INTO workflow_event SELECT * FROM workflow_event",
    },
    {
        "postgresql": "TRUNCATE workflow_anchorline",
        "sqlite": "REPLACE INTO workflow_anchorline SELECT * FROM workflow_anchorline",
    },
    f"INSERT INTO workflow_anchorline {ANCHOR_AGAIN} WHERE true ON CONFLICT (seq) DO UPDATE SET line = 'x'",
    {
        "postgresql": "UPDATE workflow_event SET kind='x' WHERE false",
        "sqlite": f"INSERT OR REPLACE INTO workflow_anchorline {ANCHOR_AGAIN}",
    },
])  # fmt: skip
def test_the_database_refuses_to_change_the_record(story: Heads, statement: str | dict[str, str]) -> None:
    sql = statement if isinstance(statement, str) else statement[connection.vendor]
    before = list(Event.objects.order_by("id").values())

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert list(Event.objects.order_by("id").values()) == before
    assert AnchorLine.objects.count() == 1


def test_a_place_in_a_chain_cannot_be_taken_twice(story: Heads) -> None:
    row = Event.objects.get(chain=ONE, seq=6)

    with pytest.raises(IntegrityError), transaction.atomic():
        append({ONE: (5, row.previous)}, ONE)


def test_missing_triggers_are_reported(story: Heads) -> None:
    with connection.cursor() as cursor:
        on = " ON workflow_event" if connection.vendor == "postgresql" else ""
        name = "workflow_event_append_only" if on else "workflow_event_no_delete"
        cursor.execute(f"DROP TRIGGER {name}{on}")

    report = verify(NOW)

    assert not report.ok
    assert report.first_broken is None
    assert report.unguarded == ("workflow_event",)


def test_a_trigger_that_was_made_harmless_is_reported(story: Heads) -> None:
    harmless = {
        "postgresql": ["ALTER TABLE workflow_event DISABLE TRIGGER workflow_event_append_only"],
        "sqlite": [
            "DROP TRIGGER workflow_event_no_update",
            "CREATE TRIGGER workflow_event_no_update BEFORE UPDATE ON workflow_event BEGIN SELECT 1; END",
        ],
    }
    with connection.cursor() as cursor:
        for statement in harmless[connection.vendor]:
            cursor.execute(statement)

    assert verify(NOW).unguarded == ("workflow_event",)


def test_models_refuse_before_the_database_has_to(db: None, heads: Heads) -> None:
    event = append(heads, ONE)

    for attempt in (event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(kind="x")):
        with pytest.raises(AppendOnlyError):
            attempt()
