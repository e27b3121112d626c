"""What an order seems to be about."""

import pytest

from mediation.cases.codes import Category
from mediation.hotline.sample import matters
from mediation.hotline.triage import SETTING, suggest, words


@pytest.mark.parametrize(
    ("title", "content", "category"),
    [
        ("手术失败要求赔偿", "患者在医院做手术后瘫痪，要求医院赔偿。", "medical_dispute"),
        ("护士态度恶劣", "在医院急诊排队两小时，护士爱理不理。", "service"),
        ("医院重复收费", "住院费用清单上同一项目重复收费，要求退款。", "fees"),
        ("医生收红包", "手术前医生暗示要红包。", "ethics"),
        ("无证行医", "有人在出租屋开黑诊所，无证行医。", "illegal"),
        ("复印病历", "医院不让家属复印病历。", "records"),
        ("医保报销", "咨询异地就医医保报销比例。", "insurance"),
        ("医院发过期药品", "卫生站发的药已经过期。", "quality"),
        ("小区噪音", "楼下施工噪音扰民。", "other"),
    ],
)
def test_the_category_that_most_words_speak_for_is_suggested(title, content, category):
    assert suggest(title, content).category == category


def test_the_words_that_led_to_it_are_shown_the_heaviest_first():
    suggestion = suggest("护士态度恶劣", "在医院排队两小时。")
    assert suggestion.words[0] == ("态度恶劣", 10)
    assert suggestion.score == sum(weight for _, weight in suggestion.words)


def test_a_word_in_the_title_counts_twice():
    inside, above = suggest("反映情况", "医院护士态度恶劣。"), suggest("态度恶劣", "医院护士。")
    assert dict(above.words)["态度恶劣"] == 2 * dict(inside.words)["态度恶劣"]


def test_two_words_joined_must_stand_in_one_sentence():
    assert ("术后…感染", 4) in suggest("反映医院", "患者术后感染，医院不管。").words
    assert ("术后…感染", 4) not in suggest("反映医院", "患者术后很好。去年感染过。医院误诊。").words


def test_words_of_injury_without_a_medical_setting_are_not_ours():
    assert suggest("要求赔偿", "工地操作失误致残，要求赔偿。").category == "other"


def test_something_medical_without_a_telling_word_is_a_matter_of_service():
    suggestion = suggest("反映县医院的情况", "想说说医院的事。")
    assert (suggestion.category, suggestion.score) == ("service", 0)


def test_what_is_not_medical_names_the_unit_that_would_deal_with_it():
    assert suggest("小区噪音", "楼下施工噪音扰民。").body == "市生态环境局"
    assert suggest("咨询", "想问问事情。").body == ""


def test_only_medical_disputes_may_be_registered():
    assert suggest("误诊", "医院误诊。").is_dispute
    assert not suggest("收费", "医院乱收费。").is_dispute


def test_every_line_of_the_list_has_a_known_category_a_word_and_a_weight():
    assert {word.category for word in words()} == {SETTING, *Category.values}
    assert all(word.text and word.weight for word in words())
    assert len({(word.category, word.text) for word in words()}) == len(words())


def test_the_invented_matters_are_sorted_sensibly():
    told = [(suggest(matter["title"], matter["content"]), matter) for matter in matters()]
    wrong = [matter["title"] for said, matter in told if said.is_health != (matter["category"] == "卫生计生")]
    assert [
        title for title in wrong if "医保" not in title
    ] == []  # insurance is ours to answer, the board files it elsewhere
