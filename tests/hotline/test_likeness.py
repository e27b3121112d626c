"""Texts that are the same matter told twice."""

import random

import pytest
from django.test import override_settings

from mediation.hotline.duplicates import Probe, alike_to, find
from mediation.hotline.likeness import ALIKE, BANDS, likeness, print_of
from mediation.hotline.models import OrderPrint
from mediation.hotline.sample import matters, reworded
from tests.factories import NOW, at, organisation
from tests.hotline.files import operator, order, other_operator

TEXT = "患者在示例人民医院做阑尾切除手术，术后第三天伤口红肿流脓，医生说是正常反应没有处理，一周后确诊切口感染，又做了两次清创。"


def test_the_same_text_is_wholly_alike_whatever_its_punctuation_spaces_and_courtesies():
    assert likeness(TEXT, f"尊敬的领导：您好！\n{TEXT.replace('，', ' ， ')}谢谢！") == 100


def test_another_order_of_the_sentences_stays_alike():
    parts = TEXT.split("，")
    assert likeness(TEXT, "，".join(reversed(parts))) >= 80


def test_a_text_within_a_longer_one_is_alike():
    assert likeness(TEXT, TEXT + "，".join(matter["content"] for matter in matters()[20:23])) >= ALIKE


def test_different_matters_of_the_same_hospital_are_not_alike():
    told = [matter["content"] for matter in matters()]
    scores = [likeness(one, other) for place, one in enumerate(told) for other in told[place + 1 :]]
    assert max(scores) < ALIKE


def test_empty_texts_are_alike_to_nothing():
    assert likeness("", "") == likeness("您好", "谢谢") == 0
    assert print_of("您好！") == ()


def test_equal_texts_have_equal_prints_of_fixed_length():
    assert print_of(TEXT) == print_of(f"您好，{TEXT}")
    assert len(print_of(TEXT)) == BANDS


def test_unrelated_texts_hardly_ever_share_a_band():
    prints = [set(print_of(matter["content"])) for matter in matters()]
    pairs = [bool(one & other) for place, one in enumerate(prints) for other in prints[place + 1 :]]
    assert sum(pairs) <= len(pairs) / 100


def test_a_print_tells_nothing_without_the_key():
    ours = set(print_of(TEXT))
    with override_settings(SEARCH_KEY=b"\7" * 32):
        assert not ours & set(print_of(TEXT))


def test_prints_fit_the_column():
    assert all(-(2**63) <= value < 2**63 for value in print_of(TEXT))


def test_most_planted_duplicates_are_found_and_nothing_else():
    """Recall of the whole search, without a database: told again in other words, a tenth of the letters changed."""
    rng = random.Random(7)
    told = [f"{matter['title']}\n{matter['content']}" for matter in matters()]
    prints = [set(print_of(text)) for text in told]
    found = wrong = 0
    for place, text in enumerate(told):
        again = _noisy(reworded(text, rng), rng)
        near = [other for other, held in enumerate(prints) if held & set(print_of(again))]
        alike = [other for other in near if likeness(again, told[other]) >= ALIKE]
        found += place in alike
        wrong += len([other for other in alike if other != place])
    assert found >= 0.85 * len(told)
    assert wrong == 0


def _noisy(text, rng):
    letters = list(text)
    for place in range(len(letters)):
        if rng.random() < 0.1:
            letters[place] = rng.choice("的了是在我有和就")
    return "".join(letters)


@pytest.mark.django_db
def test_the_reasons_say_why_two_orders_are_probably_one():
    first = order("1")
    again = order(
        "2",
        phone="13800000009",
        title="切口感染",
        content="患者在示例人民医院手术之后切口感染，家属觉得处置不及时，希望解释并且赔偿。",
    )
    (alike,) = alike_to(again, now=NOW)
    assert alike.order_id == first.pk
    assert alike.why[0] == "同院同名"
    assert alike.why[1].startswith("文字相似")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "why"),
    [({"phone": "138 0000-0002", "caller": "康示例"}, ("同号",)),
     ({"phone": "", "id_no": "11010519491231002x", "caller": "康示例"}, ("同证",)),
     ({"phone": "13800000002", "hospital_text": "示例中医院"}, ("同号（医院不同）",)), ({"phone": ""}, ("同院同名",)),
     ({"phone": "", "hospital_text": "示例中医院"}, None)],
)  # fmt: skip
def test_phone_certificate_and_name_at_the_same_hospital_count(changes, why):
    order("1", id_no="11010519491231002X", content="第一次来电说的事情。", title="第一件")
    again = order("2", **{"content": "这一次说的完全是别的话题。", "title": "第二件", **changes})
    found = alike_to(again, now=NOW)
    assert (found[0].why if found else None) == why


@pytest.mark.django_db
def test_the_phone_counts_for_ninety_days_the_text_for_ever():
    order("1", now=at("2025-11-01"), content="第一次来电说的事情。", title="第一件")
    assert alike_to(order("2", content="这一次说的完全是别的话题。", title="第二件"), now=NOW) == []
    assert alike_to(order("3", content="第一次来电说的事情。", title="第一件", phone=""), now=NOW) != []


@pytest.mark.django_db
def test_orders_of_another_centre_are_never_candidates():
    order("1")
    other_operator()
    probe = Probe(text="术后感染要求赔偿\n患者在示例人民医院手术后切口感染，家属认为处置不及时，要求解释和赔偿。")
    assert find(organisation("hotline-2").pk, [probe], now=NOW) == [[]]
    assert find(organisation("hotline").pk, [probe], now=NOW)[0][0].score == 100
    assert operator() is not None


@pytest.mark.django_db
def test_a_lookup_costs_the_same_few_queries_whatever_is_there(django_assert_max_num_queries):
    for number in range(12):
        order(str(number))
    held = order("mine")
    assert OrderPrint.objects.filter(order=held).count() == BANDS
    with django_assert_max_num_queries(6):
        assert len(alike_to(held, now=NOW)) == 5
