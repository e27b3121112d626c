"""What the templates say in one word: icons, dates, money, chips, form fields, the bar of possible steps.

Presentation only. Nothing here asks the database or decides what somebody may do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
    Widget,
)
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workflow.vocabulary import Role

register = template.Library()

NOTHING = "—"
CHIP_ICONS = {
    "ok": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "due": "clock-fill",
    "late": "x-octagon-fill",
}
BAR_SIZE = 6
"""How many steps stand in the bar of a case before the rest goes into the menu."""
BAR_SIZE_ON_PHONE = 2
SHORT_TICK = 18
"""A box to tick with a longer sentence takes the full width."""

Action = dict[str, Any]


# --- ways -------------------------------------------------------------------------------------------------------------


@register.simple_tag
def correct_link(correct: dict[str, Any] | None, target: str) -> SafeString | str:
    """The way to put a row right, for whoever may correct rows of its kind."""
    if not correct or not target or target.partition("-")[0] not in correct["kinds"]:
        return ""
    return format_html(
        ' <a class="eye" href="{}?target={}" aria-label="更正这一条" title="更正">{}</a>',
        correct["url"],
        target,
        icon("pencil"),
    )


# --- words ------------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite, invisible to a screen reader: the words beside it say what it means."""
    return format_html(
        '<svg class="ic {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra, static("vendor/icons.svg"), name,
    )  # fmt: skip


@register.filter
def money(amount: Decimal | int | None) -> str:
    """Yuan in figures, 186,000.00; a dash where there is no amount."""
    return NOTHING if amount is None else f"{amount:,.2f}"


@register.filter
def day(value: date | None) -> str:
    """2026-05-21; a dash where there is none."""
    return f"{_local(value):%Y-%m-%d}" if value else NOTHING


@register.filter
def moment(value: datetime | None) -> str:
    """2026-05-21 09:42, in local time; a dash where there is none."""
    return f"{_local(value):%Y-%m-%d %H:%M}" if value else NOTHING


@register.filter
def short_moment(value: datetime | None) -> str:
    """05-21 09:42, for what happened lately; a dash where there is none."""
    return f"{_local(value):%m-%d %H:%M}" if value else NOTHING


@register.filter
def public_day(value: date | None) -> str:
    """2026年5月21日, as papers and the public read it."""
    if not value:
        return NOTHING
    local = _local(value)
    return f"{local.year}年{local.month}月{local.day}日"


@register.filter
def weekday(value: date) -> str:
    """星期四."""
    return "星期" + "一二三四五六日"[_local(value).weekday()]


@register.filter
def minutes(value: timedelta) -> int:
    """A span in whole minutes."""
    return round(value.total_seconds() / 60)


@register.filter
def role_label(value: str) -> str:
    """The Chinese name of a role, from its code."""
    return Role(value).label


def _local(value: date) -> date:
    """An aware instant in local time; days and naive values as they are."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


# --- a case -----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("_components/sla_chip.html")
def sla(chip: dict[str, str]) -> dict[str, str]:
    """The deadline chip: icon, words and colour say the same."""
    return {"kind": chip["kind"], "text": chip["text"], "icon_name": CHIP_ICONS.get(chip["kind"], "pause-circle-fill")}


@register.inclusion_tag("_components/stepper.html")
def stepper(steps: Sequence[dict[str, str]]) -> dict[str, Any]:
    """The phases of a case. A phone shows the neighbours of the present one, the others only count."""
    now = next((place for place, step in enumerate(steps) if step["kind"] == "now"), len(steps) - 1)
    marked = [{**step, "near": abs(place - now) <= 1} for place, step in enumerate(steps)]
    return {"steps": marked, "number": now + 1}


@register.inclusion_tag("_components/action_bar.html")
def action_bar(actions: Sequence[Action]) -> dict[str, Any]:
    """What may be done now: up to six steps in the bar, everything else in the menu, each blocked one with its reason.

    On a phone the bar holds two; the menu then repeats the others, marked ``phone``.
    """
    main = [action for action in actions if action["group"] == "main"]
    main.sort(key=lambda action: bool(action["blocked"]))
    bar = [{**action, "number": number} for number, action in enumerate(main[:BAR_SIZE], start=1)]
    more = [action for action in actions if action["group"] != "main"]
    moved = [{**action, "phone": True} for action in bar[BAR_SIZE_ON_PHONE:]]
    groups: list[dict[str, Any]] = [
        {"title": "办理", "rows": moved + main[BAR_SIZE:], "phone": not main[BAR_SIZE:]},
        {"title": "登记与材料", "rows": [action for action in more if action["kind"] != "danger"]},
        {"title": "慎用", "rows": [action for action in more if action["kind"] == "danger"]},
    ]
    groups = [group for group in groups if group["rows"]]
    reasons = [action for action in bar if action["blocked"]]
    return {"bar": bar, "reasons": reasons, "groups": groups, "only_phone": all(group.get("phone") for group in groups)}


@register.simple_tag
def ready_action(actions: Iterable[Action], name: str) -> Action | None:
    """The step with this name if it can be taken now, for a link elsewhere on the page."""
    return next((action for action in actions if action["name"] == name and not action["blocked"]), None)


# --- forms ------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("_components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One row of a form: label, control, help and error, tied together for a screen reader."""
    widget = bound.field.widget
    options = list(bound.subwidgets) if isinstance(widget, RadioSelect | CheckboxSelectMultiple) else []
    return {
        "bound": bound, "span": _span(bound), "kind": "options" if options else "tick" if _is_tick(widget) else "plain",
        "control": "" if options else control(bound), "options": options, "required": bound.field.required,
        "is_money": "data-money" in widget.attrs, "help_id": f"{bound.auto_id}_helptext",
        "error_id": f"{bound.auto_id}_error", "label_id": f"{bound.auto_id}_label",
        "columns": _columns([str(one.choice_label) for one in options]),
    }  # fmt: skip


@register.simple_tag
def control(bound: BoundField, label: str = "") -> SafeString:
    """The control of a field with the looks of the house; ``label`` names one that has no visible label."""
    widget = bound.field.widget
    looks = "form-check-input" if _is_tick(widget) else "form-select" if isinstance(widget, Select) else "form-control"
    attrs: dict[str, str | bool] = {"class": f"{looks} is-invalid" if bound.errors else looks}
    if label:
        attrs["aria-label"] = label
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("_components/error_summary.html")
def error_summary(form: Form) -> dict[str, Any]:
    """Everything that is wrong, at the top, each leading to its field."""
    rows = [("", str(error)) for error in form.non_field_errors()]
    for name in form.fields:
        rows += [(_anchor(form[name]), f"{form[name].label}：{error}") for error in form[name].errors]
    return {"errors": rows}


@register.filter
def grows(fields: Iterable[BoundField]) -> bool:
    """Whether the fields are rows to which a page may add: instalments, not the fixed items of the dossier."""
    return any(bound.name.startswith("instalment_") for bound in fields)


@register.simple_tag
def seat_rows(form: Any) -> list[dict[str, Any]]:
    """The load table of a form that chooses mediators: each candidate with the controls that choose this one."""
    columns = [
        (form[name].label, {str(one.data["value"]): one for one in form[name].subwidgets}) for name in form.load_fields
    ]
    return [
        {"seat": seat, "options": [(label, column.get(str(seat.user.pk))) for label, column in columns]}
        for seat in form.load
    ]


@register.simple_tag
def load_columns(form: Any) -> list[BoundField]:
    """The fields that choose from the load table, as its first columns."""
    return [form[name] for name in form.load_fields]


def _is_tick(widget: Widget) -> bool:
    return isinstance(widget, CheckboxInput)


def _span(bound: BoundField) -> str:
    """How much of the row a field takes: half unless its widget says otherwise."""
    widget = bound.field.widget
    wide = isinstance(widget, Textarea | FileInput | CheckboxSelectMultiple)
    wide = wide or (_is_tick(widget) and len(str(bound.label)) > SHORT_TICK)
    return str(widget.attrs.get("data-span") or ("full" if wide else "half"))


def _columns(labels: Sequence[str]) -> str:
    """A few choices stand in one line, many in two columns, or in four when they are short."""
    if len(labels) <= 3 and sum(map(len, labels)) <= 2 * SHORT_TICK:
        return ""
    return "two" if max(map(len, labels), default=0) > SHORT_TICK // 2 else "four"


def _anchor(bound: BoundField) -> str:
    """The id to jump to: the control, or the first of a group of them."""
    return f"{bound.auto_id}_0" if bound.use_fieldset else str(bound.auto_id)
