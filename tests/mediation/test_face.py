"""The face: what tags and filters say, how a case's steps are laid out, and what an old browser can read."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from mediation.cases.templatetags import face

ROOT = Path(__file__).resolve().parents[2]
STYLES = sorted((ROOT / "static").glob("*.css"))
ICONS = {line.strip() for line in (ROOT / "static" / "icons.txt").read_text(encoding="utf-8").splitlines()}


class Sample(forms.Form):
    side = forms.ChoiceField(label="一方", choices=[("a", "患方"), ("b", "医方")], widget=forms.RadioSelect)
    amount = forms.DecimalField(label="金额", widget=forms.TextInput({"data-money": "1"}), help_text="最多两位小数")
    told = forms.BooleanField(label="已告知当事人可以依法通过仲裁、行政、司法等途径维护自己的权利")
    note = forms.CharField(label="说明", widget=forms.Textarea, required=False)


def shown(source: str, **context: Any) -> str:
    return Template("{% load face %}" + source).render(Context(context))


def action(name: str, *, blocked: str | None = None, group: str = "main", kind: str = "normal") -> dict[str, Any]:
    return {"name": name, "label": f"办{name}", "url": f"/{name}/", "kind": kind, "blocked": blocked, "group": group,
            "sentence": "说明"}  # fmt: skip


@pytest.mark.parametrize(
    ("filter_", "value", "words"),
    [
        ("money", Decimal("186000"), "186,000.00"), ("money", Decimal(0), "0.00"), ("money", None, "—"),
        ("day", date(2026, 5, 21), "2026-05-21"), ("day", None, "—"),
        ("moment", datetime(2026, 5, 20, 16, 30, tzinfo=UTC), "2026-05-21 00:30"), ("moment", None, "—"),
        ("short_moment", datetime(2026, 5, 20, 16, 30, tzinfo=UTC), "05-21 00:30"),
        ("public_day", date(2026, 5, 1), "2026年5月1日"), ("public_day", None, "—"),
        ("weekday", date(2026, 5, 21), "星期四"), ("minutes", timedelta(minutes=15), "15"),
        ("role_label", "director", "医调委主任"),
    ],
)  # fmt: skip
def test_a_filter_says_a_value_as_officials_write_it(filter_: str, value: Any, words: str) -> None:
    assert shown("{{ value|" + filter_ + " }}", value=value) == words


def test_a_chip_carries_an_icon_and_words_beside_its_colour() -> None:
    for kind in ("ok", "warn", "due", "late", "hold"):
        chip = shown("{% sla chip %}", chip={"kind": kind, "text": "剩 2 个工作日", "sub": ""})
        assert "剩 2 个工作日" in chip
        assert re.search(r"#([a-z0-9-]+)\"", chip)[1] in ICONS  # type: ignore[index]


def test_a_step_that_can_be_taken_is_a_link_and_a_blocked_one_says_why() -> None:
    bar = shown("{% action_bar actions %}", actions=[action("x", blocked="缺医方的同意"), action("y")])
    assert 'href="/y/"' in bar
    assert 'href="/x/"' not in bar
    assert bar.index("办y") < bar.index("办x")
    assert re.search(r'aria-disabled="true" tabindex="0"[^>]*aria-describedby="why-x"', bar)
    assert re.search(r'id="why-x".*缺医方的同意', bar)


def test_the_seventh_step_goes_into_the_menu_with_its_reason() -> None:
    laid = face.action_bar([action(f"s{n}") for n in range(6)] + [action("last", blocked="尚未受理")])
    assert [one["name"] for one in laid["bar"]] == [f"s{n}" for n in range(6)]
    menu = laid["groups"][0]["rows"]
    assert [one["name"] for one in menu if not one.get("phone")] == ["last"]
    assert "尚未受理" in shown("{% action_bar actions %}", actions=laid["bar"] + [menu[-1]])


def test_a_phone_finds_every_step_in_the_bar_or_in_the_menu() -> None:
    steps = [action(f"s{n}") for n in range(5)] + [
        action("note", group="more"),
        action("end", group="more", kind="danger"),
    ]
    laid = face.action_bar(steps)
    in_menu = {row["name"] for group in laid["groups"] for row in group["rows"]}
    assert {one["name"] for one in laid["bar"][:2]} | in_menu == {one["name"] for one in steps}


def test_nothing_to_do_draws_no_bar() -> None:
    assert shown("{% action_bar actions %}", actions=[]).strip() == ""


def test_the_stepper_marks_the_present_phase_and_its_neighbours_for_a_phone() -> None:
    kinds = ["done", "skipped", "now", "todo", "far"]
    drawn = shown("{% stepper steps %}", steps=[{"label": k, "sub": "", "kind": k} for k in kinds])
    assert drawn.count('aria-current="step"') == 1
    assert re.findall(r'class="(\w+) near"', drawn) == ["skipped", "now", "todo"]


def test_label_help_and_error_are_tied_to_the_control() -> None:
    form = Sample({"amount": "zwölf"})
    row = shown("{% field bound %}", bound=form["amount"])
    described = re.search(r'aria-describedby="([^"]+)"', row)[1].split()  # type: ignore[index]
    assert 'aria-invalid="true"' in row
    assert all(f'id="{name}"' in row for name in described)
    assert len(described) == 2
    assert 'for="id_amount"' in row
    assert "data-capitals" in row


def test_a_group_of_choices_is_named_by_its_label() -> None:
    row = shown("{% field bound %}", bound=Sample()["side"])
    assert 'role="group" aria-labelledby="id_side_label"' in row
    assert row.count('type="radio"') == 2


def test_a_long_sentence_to_tick_and_a_text_take_the_full_width() -> None:
    form = Sample()
    assert [face.field(form[name])["span"] for name in ("told", "note", "amount")] == ["full", "full", "half"]


def test_the_summary_leads_from_each_error_to_its_field() -> None:
    form = Sample({})
    form.is_valid()
    form.add_error(None, "合计不一致")
    summary = shown("{% error_summary form %}", form=form)
    anchors = re.findall(r'href="#([^"]+)"', summary)
    rows = "".join(shown("{% field bound %}", bound=bound) for bound in form)
    assert anchors == ["id_side_0", "id_amount", "id_told"]
    assert all(f'id="{anchor}"' in rows for anchor in anchors)
    assert "合计不一致" in summary
    assert shown("{% error_summary form %}", form=Sample()).strip() == ""


def test_every_icon_that_a_template_names_is_in_the_sprite_list() -> None:
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    named = {name for page in pages for name in re.findall(r'{% icon "([a-z0-9-]+)"', page)}
    assert named - ICONS == set()


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_stylesheet_keeps_to_what_chromium_109_reads(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"color-mix\(|light-dark\(|oklch\(|:has\(|@layer|@container|&|https?:", text) == []
    assert path.stat().st_size <= 20_000


def test_the_error_page_of_our_own_fault_needs_no_context() -> None:
    page = render_to_string("500.html", {"reference": "a1b2"})
    assert "没有保存" in page
    assert "a1b2" in page
