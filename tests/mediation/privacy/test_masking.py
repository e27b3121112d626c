"""Masking: what is shown before anybody asked to see more."""

import datetime as dt
import random

import pytest
from django.template import Context, Engine
from hypothesis import given
from hypothesis import strategies as st

from mediation.privacy.masking import MaskKind, mask, mask_address, mask_id_no, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张示例", "张**"),
        ("张三", "张*"),
        ("欧阳示例", "欧阳**"),
        ("欧阳明", "欧阳*"),
        ("欧阳", "欧*"),
        ("司徒 示例", "司徒**"),
        ("歐陽示例", "歐陽**"),
        ("张", "*"),
        ("", ""),
        ("  ", ""),
        ("𬱖示例", "𬱖**"),
        ("阿迪力·吐尔逊", "阿**"),
        ("John Smith", "J**"),
    ],
)
def test_a_name_keeps_its_surname_only(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_two_neighbours_in_the_list_of_surnames_do_not_make_a_third() -> None:
    assert mask_name("阳太示例") == "阳***"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("0769-28631234", "0769-2863****"),
        ("28631234", "0769-2863****"),
        ("010-65123456转801", "010-6512****"),
        ("+852 6123 4567", "+852****4567"),
        ("110", "****"),
        ("张示例的电话", "****"),
        ("12345678901234567", "****"),
        ("", ""),
    ],
)
def test_a_phone_number_keeps_its_ends(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("441900199001011238", "441900********1238"),
        ("44190019900101123x", "441900********123X"),
        ("E12345678", "E******78"),
        ("1234567", "****"),
        ("", ""),
    ],
)
def test_a_certificate_number_keeps_its_ends(number: str, shown: str) -> None:
    assert mask_id_no(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("广东省东莞市道滘镇南丫村1号", "广东省东莞市道滘镇****"),
        ("东莞市 高埗镇 冼沙 2号", "东莞市高埗镇****"),
        ("东莞市虎门镇镇口社区", "东莞市虎门镇****"),
        ("道滘镇小区3栋", "道滘镇****"),
        ("东莞市东城街道主山小区", "东莞市东城街道****"),
        ("东莞市松山湖科技路1号", "东莞市松山湖****"),
        ("广东省广州市天河区石牌街道1号", "广东省广州市天河区石牌街道****"),
        ("南城鸿福路99号", "****"),
        ("东莞市长安镇", "东莞市长安镇"),
        ("示例花园2栋1204房", "****"),
        ("", ""),
    ],
)
def test_an_address_ends_at_its_town(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@pytest.mark.parametrize("town", ["石碣", "樟木头", "大岭山", "望牛墩", "麻涌", "道滘", "高埗", "厚街", "桥头", "寮步"])
def test_every_kind_of_town_name_is_recognised(town: str) -> None:
    assert mask_address(f"广东省东莞市{town}镇示例村9号") == f"广东省东莞市{town}镇****"


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("bank", "6222 0200 1234 5671238", "****1238"),
        ("bank", "12345", "****"),
        ("born_on", dt.date(1985, 2, 28), "1985-**-**"),
        ("born_on", "1985-02-28", "1985-**-**"),
        ("born_on", "二月", "****"),
        ("text", "左股骨骨折", "****"),
        ("text", "", ""),
        ("name", None, ""),
    ],
)
def test_the_other_kinds(kind: str, value: object, shown: str) -> None:
    assert mask(kind, value) == shown


def test_an_unknown_kind_fails_without_showing_the_value() -> None:
    with pytest.raises(ValueError, match="脱敏") as refused:
        mask("nmae", "张示例")
    assert "张示例" not in str(refused.value)


@given(kind=st.sampled_from(sorted(set(MaskKind) - {MaskKind.ADDRESS})), text=st.text())
def test_masking_never_fails_and_never_shows_the_whole(kind: MaskKind, text: str) -> None:
    shown = mask(kind, text)
    if text.strip() and shown:
        assert "*" in shown


def test_four_digits_of_every_phone_number_are_hidden() -> None:
    rng = random.Random(1)
    for _ in range(300):
        number = "1" + rng.choice("3456789") + "".join(rng.choices("0123456789", k=9))
        assert mask_phone(number) == f"{number[:3]}****{number[7:]}"


def test_templates_have_the_filters() -> None:
    engine = Engine(libraries={"masking": "mediation.privacy.templatetags.masking"})
    page = "{{ n|mask_name }} {{ p|mask_phone }} {{ i|mask_id_no }} {{ a|mask_address }} {{ b|mask:'bank' }}"
    facts = {"n": "张示例", "p": "13812345678", "i": "441900199001011238", "a": "道滘镇1号", "b": "6222020012345671238"}

    shown = engine.from_string("{% load masking %}" + page).render(Context(facts))

    assert shown == "张** 138****5678 441900********1238 道滘镇**** ****1238"
    with pytest.raises(ValueError, match="脱敏"):
        engine.from_string("{% load masking %}{{ n|mask:'whole' }}").render(Context(facts))
