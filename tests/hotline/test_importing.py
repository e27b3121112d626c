"""A file of orders: staged, judged, taken in once, and what differs."""

import threading
from functools import partial

import pytest

from mediation.cases.record import Notice
from mediation.hotline import differences, importing, judging
from mediation.hotline.entries import state_named
from mediation.hotline.importing import Taken, discard, settle_columns, stage, take_in
from mediation.hotline.models import ColumnMapping, HotlineOrder, ImportBatch, ImportRow, OrderRevision
from mediation.hotline.sheets import SheetRefused
from mediation.hotline.turns import answer, sign, sort_out
from mediation.organisations.models import User
from tests.factories import NOW, at, case_at, organisation
from tests.hotline.files import COLUMNS, HEADER, line, operator, order, other_operator, staged, xlsx
from workflow.outbox import OutboxMessage, run_once
from workflow.records import Event
from workflow.registry import NotAllowed, Refused

pytestmark = pytest.mark.django_db


def standings(batch):
    return {row.line: (row.standing, row.reason) for row in batch.rows.all()}


def taken(*rows, now=NOW):
    return take_in(staged(*rows, now=now), by=operator(), now=now)


def events(kind):
    return list(Event.objects.filter(chain="system", kind=kind).order_by("seq"))


def test_a_known_header_is_judged_at_once_and_an_unknown_one_waits_for_a_person():
    first = stage(xlsx([HEADER, line()]), "a.xlsx", centre=organisation("hotline"), by=operator(), now=NOW)
    assert (first.columns, standings(first)) == ({}, {2: ("", "")})
    settle_columns(first, COLUMNS, by=operator(), now=NOW)
    second = stage(xlsx([HEADER, line()]), "b.xlsx", centre=organisation("hotline"), by=operator(), now=NOW)
    assert (second.columns, standings(second)) == (COLUMNS, {2: ("new", "")})
    assert ColumnMapping.objects.count() == 1


def test_nothing_becomes_an_order_before_it_is_taken_in():
    staged(line())
    assert not HotlineOrder.objects.exists()


def test_rows_are_new_changed_the_same_or_rejected():
    assert taken(line("1"), line("2")) == Taken(new=2)
    batch = staged(
        line("1"), line("2", content="又有新的情况，患者已再次住院。"), line("3"), line("4", content=""), line("3")
    )
    assert standings(batch) == {
        2: ("same", ""), 3: ("changed", ""), 4: ("new", ""), 5: ("rejected", "缺少内容（如为合并单元格，请取消合并后再导出）"),
        6: ("rejected", "与第 4 行完全相同"),
    }  # fmt: skip
    assert batch.counts == {"same": 1, "changed": 1, "new": 1, "rejected": 2}


def test_a_number_twice_in_the_file_with_another_text_is_rejected_with_the_line():
    batch = staged(line("1"), line("1", content="完全不同的内容"))
    assert standings(batch)[3] == ("rejected", "与第 2 行工单号重复，内容不同")


def test_taking_in_the_same_batch_twice_happens_once():
    batch = staged(line("1"), line("2"))
    first = take_in(batch, by=operator(), now=NOW)
    again = take_in(type(batch).objects.get(pk=batch.pk), by=operator(), now=at("2026-03-03"))
    assert first == again == Taken(new=2)
    assert HotlineOrder.objects.count() == 2
    assert len(events("order_import")) == 1


def test_the_same_number_is_the_same_order_in_every_later_file():
    taken(line("1"))
    before = HotlineOrder.objects.get()
    assert taken(line("1"), now=at("2026-03-04")) == Taken(same=1)
    assert HotlineOrder.objects.get().version == before.version
    assert not OrderRevision.objects.exists()


def test_two_batches_of_the_same_file_previewed_together_make_one_set_of_orders():
    first, second = staged(line("1")), staged(line("1"))
    take_in(first, by=operator(), now=NOW)
    assert take_in(second, by=operator(), now=NOW) == Taken(same=1)
    assert HotlineOrder.objects.count() == 1


def test_a_changed_text_keeps_the_old_one_and_leaves_an_event():
    taken(line("1"))
    old = HotlineOrder.objects.get()
    assert taken(line("1", content="补充：患者已转院。")) == Taken(changed=1)
    new, revision = HotlineOrder.objects.get(), OrderRevision.objects.get()
    assert (new.pk, new.version, new.content) == (old.pk, old.version + 1, "补充：患者已转院。")
    assert revision.before["content"] == old.content
    (event,) = events("order_change")
    assert (event.data["order"], event.data["before"], event.data["digest"]) == (old.pk, old.digest, new.digest)


def test_a_changed_order_keeps_what_people_decided_and_is_found_by_its_new_text():
    taken(line("1"))
    held = HotlineOrder.objects.get()
    sort_out(held, category="service", by=operator(), now=NOW)
    answer(held, text="已转卫健局。", receiving_body="市卫生健康局", by=operator(), now=NOW)
    prints = set(held.prints.values_list("value", flat=True))
    taken(line("1", content="全新的内容，与先前没有一个字相同，讲的是另外一件事情。", title="别的事"))
    held.refresh_from_db()
    assert (held.category, held.state, held.reply) == ("service", "replied", "已转卫健局。")
    assert not prints & set(held.prints.values_list("value", flat=True))


def test_whoever_has_the_case_is_told_of_a_changed_order():
    taken(line("1"))
    held = HotlineOrder.objects.get()
    case = case_at("town_pending", orders=(held,))
    taken(line("1", content="补充：患者已转院。"))
    notice = Notice.objects.get(step="order_changed")
    assert (notice.case_id, notice.organisation_id, notice.role) == (case.pk, case.town_id, "town_official")


def test_numbers_of_two_centres_do_not_meet():
    taken(line("1"))
    centre, by = organisation_of(other_operator()), other_operator()
    batch = stage(xlsx([HEADER, line("1")]), "a.xlsx", centre=centre, by=by, now=NOW)
    settle_columns(batch, COLUMNS, by=by, now=NOW)
    assert take_in(batch, by=by, now=NOW) == Taken(new=1)
    assert HotlineOrder.objects.filter(number="1").count() == 2


def organisation_of(user: User):
    return organisation("hotline-2")


def test_strangers_neither_stage_nor_take_in():
    batch = staged(line("1"))
    with pytest.raises(NotAllowed):
        take_in(batch, by=other_operator(), now=NOW)
    with pytest.raises(NotAllowed):
        stage(xlsx([HEADER, line()]), "a.xlsx", centre=organisation("hotline"), by=other_operator(), now=NOW)


def test_a_batch_without_columns_is_not_taken_in():
    batch = stage(xlsx([HEADER, line()]), "a.xlsx", centre=organisation("hotline"), by=operator(), now=NOW)
    with pytest.raises(Refused, match="对应关系"):
        take_in(batch, by=operator(), now=NOW)


def test_a_batch_that_was_taken_in_is_neither_remapped_nor_thrown_away():
    batch = staged(line("1"))
    take_in(batch, by=operator(), now=NOW)
    for attempt in (
        lambda: settle_columns(batch, COLUMNS, by=operator(), now=NOW),
        lambda: discard(batch, by=operator(), now=NOW),
    ):
        with pytest.raises(Refused, match="已经导入"):
            attempt()


def test_a_file_that_somebody_threw_away_is_not_taken_in():
    batch = staged(line("1"))
    discard(type(batch).objects.get(pk=batch.pk), by=operator(), now=NOW)
    with pytest.raises(Refused, match="丢弃"):
        take_in(batch, by=operator(), now=NOW)


def test_a_staged_file_can_be_thrown_away_with_its_rows():
    batch = staged(line("1"))
    discard(batch, by=operator(), now=NOW)
    assert not ImportRow.objects.exists()


def test_a_file_with_a_header_only_is_refused_and_leaves_nothing():
    with pytest.raises(SheetRefused, match="没有内容"):
        stage(xlsx([HEADER]), "a.xlsx", centre=organisation("hotline"), by=operator(), now=NOW)
    assert not ImportRow.objects.exists()


def test_orders_of_those_days_that_the_file_does_not_name_are_reported_missing():
    inside = order("in", received_at=at("2026-02-26"))
    order("before", received_at=at("2026-02-20"))
    answered = order("answered", received_at=at("2026-02-26"))
    sort_out(answered, category="other", by=operator(), now=NOW)
    answer(answered, text="已转。", receiving_body="市教育局", by=operator(), now=NOW)
    batch = staged(line("1", received_at="2026-02-25 09:00"), line("2", received_at="2026-02-27 18:00"))
    assert not differences.missing_from(batch).exists()
    take_in(batch, by=operator(), now=NOW)
    assert list(differences.missing_from(batch)) == [inside]


def test_a_date_of_answer_that_differs_from_ours_is_reported():
    columns = {**COLUMNS, "due_on": 7}
    rows = [(*line("1"), "2026-03-19"), (*line("2"), "2026-03-06")]
    batch = stage(
        xlsx([(*HEADER, "答复期限"), *rows]), "a.xlsx", centre=organisation("hotline"), by=operator(), now=NOW
    )
    settle_columns(batch, columns, by=operator(), now=NOW)
    take_in(batch, by=operator(), now=NOW)
    assert [one.number for one in differences.dated_differently(batch)] == ["2"]


def stated(*rows):
    """A file with the hotline's own column of states, taken in."""
    batch = stage(
        xlsx([(*HEADER, "办理状态"), *rows]), "a.xlsx", centre=organisation("hotline"), by=operator(), now=NOW
    )
    settle_columns(batch, {**COLUMNS, "state": 7}, by=operator(), now=NOW)
    take_in(batch, by=operator(), now=NOW)
    return batch


def test_an_order_that_the_hotline_sees_in_another_state_is_reported_and_stays_as_it_is():
    batch = stated((*line("1"), "已办结"), (*line("2"), "待签收"), (*line("3"), ""))
    assert [(row.order.number, row.stated_state) for row in differences.stated_differently(batch)] == [("1", "已办结")]
    assert HotlineOrder.objects.get(number="1").state == "received"
    sign(HotlineOrder.objects.get(number="2"), by=operator(), now=NOW)
    assert [row.order.number for row in differences.stated_differently(batch)] == ["1", "2"]
    assert differences.stated_differently(batch).ordered  # without it the rows come as the database likes


def test_another_state_alone_is_no_change_of_the_order():
    stated((*line("1"), "待签收"))
    batch = stated((*line("1"), "已退单"))
    assert standings(batch) == {2: ("same", "")}
    assert [row.stated_state for row in differences.stated_differently(batch)] == ["已退单"]
    assert not OrderRevision.objects.exists()


def test_a_state_that_we_cannot_match_is_named_and_not_compared():
    batch = stated((*line("1"), "并行流转"), (*line("2"), "待签收"))
    assert not differences.stated_differently(batch).exists()
    assert differences.unknown_states(batch) == ["并行流转"]


@pytest.mark.parametrize(
    ("words", "state"),
    [("待签收", "received"), ("未办结", "signed"), ("办理中（延期）", "signed"), ("已答复待评价", "replied"), ("已办结", "closed"),
     ("退单审核中", "returned"), ("未签收", "received"), ("甲乙", "")],
)  # fmt: skip
def test_the_words_of_the_hotline_for_a_state_are_understood(words, state):
    assert state_named(words) == state


@pytest.fixture
def parts(monkeypatch):
    """Files of more than two rows are the worker's, two rows a part."""
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    monkeypatch.setattr(judging, "CHUNK", 2)


def waiting():
    return list(OutboxMessage.objects.open().filter(kind=importing.KIND).order_by("pk"))


def work(most=50):
    """What a worker does until nothing is left."""
    for _ in range(most):
        if not run_once("worker", NOW):
            return
    raise AssertionError("no end")


ROWS = [line(str(number)) for number in range(1, 6)] + [line("1")]


def test_a_large_file_is_judged_by_the_worker_and_says_the_same(parts):
    batch = staged(*ROWS)
    assert (batch.doing, batch.counts, len(waiting())) == ("judge", {}, 1)
    with pytest.raises(Refused, match="还在核对"):
        take_in(batch, by=operator(), now=NOW)
    work()
    batch.refresh_from_db()
    assert (batch.doing, batch.reached, batch.counts) == ("", 7, {"new": 5, "rejected": 1})
    assert standings(batch)[7] == ("rejected", "与第 2 行完全相同")
    assert ImportRow.objects.get(line=4).alike[0]["line"] in (2, 3)


def test_a_large_file_is_taken_in_part_by_part_and_recorded_once(parts):
    batch = staged(*ROWS)
    work()
    assert take_in(batch, by=operator(), now=NOW) is None
    assert take_in(batch, by=operator(), now=NOW) is None  # pressed twice
    assert (len(waiting()), HotlineOrder.objects.count()) == (1, 0)
    assert [one.result for one in run_once("worker", NOW)] == ["done"]
    batch.refresh_from_db()
    assert (batch.reached, batch.done_at, HotlineOrder.objects.count()) == (3, None, 2)
    work()
    assert take_in(batch, by=operator(), now=NOW) == Taken(new=5, rejected=1)
    assert HotlineOrder.objects.count() == 5
    (event,) = events("order_import")
    assert (event.data["new"], event.data["rejected"], event.actor_id) == (5, 1, operator().pk)


def test_a_worker_killed_within_a_part_or_after_it_doubles_nothing(parts, monkeypatch):
    batch = staged(*ROWS)
    work()
    take_in(batch, by=operator(), now=NOW)
    (message,) = waiting()
    with monkeypatch.context() as patch:
        patch.setattr(importing, "keep_judgement", killed)
        with pytest.raises(KeyboardInterrupt):
            importing.go_on(message, now=NOW)
    assert HotlineOrder.objects.count() == 0
    importing.go_on(message, now=NOW)  # done, but the worker dies before it can say so:
    importing.go_on(message, now=NOW)
    assert (HotlineOrder.objects.count(), len(waiting())) == (2, 2)
    work()
    batch.refresh_from_db()
    assert (HotlineOrder.objects.count(), batch.counts) == (5, {"new": 5, "rejected": 1})
    assert len(events("order_import")) == 1


def killed(*args, **kwargs):
    raise KeyboardInterrupt


def test_what_was_thrown_away_or_begun_anew_is_not_judged(parts):
    batch = staged(*ROWS)
    (old,) = waiting()
    settle_columns(batch, COLUMNS, by=operator(), now=at("2026-03-03"))
    assert len(waiting()) == 2
    importing.go_on(old, now=NOW)
    discard(batch, by=operator(), now=NOW)
    work()
    assert not ImportBatch.objects.exists()


def test_columns_are_not_changed_and_nothing_thrown_away_while_a_file_is_taken_in(parts):
    batch = staged(*ROWS)
    work()
    take_in(batch, by=operator(), now=NOW)
    for act in (discard, partial(settle_columns, chosen=COLUMNS)):
        with pytest.raises(Refused, match="已经导入"):
            act(batch, by=operator(), now=NOW)


def test_work_that_failed_too_often_goes_on_when_a_person_says_so(parts):
    batch = staged(*ROWS)
    OutboxMessage.objects.filter(kind=importing.KIND).update(gave_up_at=NOW)
    assert importing.stuck(batch) is not None
    assert importing.try_again(batch, now=NOW)
    assert importing.stuck(batch) is None
    work()
    batch.refresh_from_db()
    assert batch.counts == {"new": 5, "rejected": 1}


def test_the_import_stands_in_the_record_with_its_counts_and_no_text():
    taken(line("1"), line("2", content=""))
    (event,) = events("order_import")
    assert (event.data["new"], event.data["rejected"]) == (1, 1)
    assert "贾示例" not in str(event.data)


def test_texts_callers_and_raw_rows_are_sealed():
    from django.db import connection

    taken(line("1"))
    with connection.cursor() as cursor:
        for table in ("hotline_hotlineorder", "hotline_importrow", "hotline_orderrevision"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            stored = str([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
            for secret in ("贾示例", "13800000002", "切口感染"):
                assert secret not in stored
                assert str(secret.encode())[2:-1] not in stored


def test_the_preview_shows_likely_duplicates_among_orders_and_within_the_file():
    known = order("old")
    again = "患者在示例人民医院手术之后切口感染，家属觉得处置不及时，希望解释并且赔偿。"
    batch = staged(
        line("1", content=again, caller="", phone=""), line("2", phone="13900000009", caller="", content="另一件事情，与前面没有关系。"),
        line("3", phone="13900000009", caller="", content="再说一次先前来电的情况，请尽快回复处理。"),
    )  # fmt: skip
    alike = {row.line: row.alike for row in batch.rows.order_by("line")}
    assert alike[2][0]["order"] == known.pk
    assert "文字相似" in alike[2][0]["why"][0]
    assert alike[3] == []
    assert (alike[4][0]["line"], alike[4][0]["why"]) == (3, ["同号"])


def test_judging_again_follows_what_happened_meanwhile():
    batch = staged(line("1"))
    taken(line("1"))
    settle_columns(batch, COLUMNS, by=operator(), now=NOW)
    assert standings(batch)[2] == ("same", "")


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_sixteen_clerks_with_one_file_make_one_set_of_orders(fresh_database):
    from django.db import connection

    batches = [staged(*(line(str(number)) for number in range(5))) for _ in range(16)]
    by, results = operator(), []
    start = threading.Barrier(16)

    def run(batch):
        start.wait()
        try:
            results.append(take_in(batch, by=by, now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(result.new for result in results) == HotlineOrder.objects.count() == 5
    assert sum(result.same for result in results) == 75
