"""The smaller machines that walk beside a case: hotline order, appraisal, document, instalment.

Each is a handful of states on its own model, written here as data and compiled to django-fsm like the case's own table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django_fsm import FSMField, transition

from workflow.machine import ProtectedState


@dataclass(frozen=True)
class Turn:
    """One transition of a small machine."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str


@dataclass(frozen=True)
class Companion:
    """A small machine: its name, its states with their labels (the first is the initial one) and its turns."""

    name: str
    states: dict[str, str]
    turns: tuple[Turn, ...]

    def field(self) -> FSMField:
        """The protected state column."""
        initial = next(iter(self.states))
        return FSMField("状态", default=initial, choices=list(self.states.items()), protected=True, editable=False)

    def mixin(self) -> type:
        """The transition methods."""
        return type(f"{self.name.title()}Turns", (ProtectedState,), {turn.name: _method(turn) for turn in self.turns})


def _method(turn: Turn) -> Callable[..., Any]:
    def body(self: Any) -> None:
        """Only the state changes; facts are set by whoever takes the turn."""

    body.__name__, body.__doc__ = turn.name, turn.label
    decorate = transition(field="state", source=list(turn.sources), target=turn.target, custom={"label": turn.label})
    method: Callable[..., Any] = decorate(body)
    return method


# fmt: off
ORDER = Companion("order",
    {"received": "待签收", "signed": "办理中", "replied": "已答复", "closed": "已办结", "returned": "已退单"}, (
        Turn("sign", "签收", ("received",), "signed"),
        Turn("send_return", "退单", ("received", "signed"), "returned"),
        Turn("answer", "答复", ("received", "signed"), "replied"),
        Turn("redo", "重办", ("replied",), "signed"),
        Turn("finish", "办结", ("replied",), "closed"),
    ))
APPRAISAL = Companion("appraisal",
    {"entrusted": "已委托", "in_progress": "鉴定中", "opinion_issued": "已出意见", "declined": "不予受理", "withdrawn": "已撤回"}, (
        Turn("take_up", "机构受理", ("entrusted",), "in_progress"),
        Turn("issue_opinion", "出具意见", ("entrusted", "in_progress"), "opinion_issued"),
        Turn("turn_down", "不予受理", ("entrusted",), "declined"),
        Turn("call_off", "撤回委托", ("entrusted", "in_progress"), "withdrawn"),
    ))
DOCUMENT = Companion("document",
    {"draft": "草稿", "issued": "已出具", "served": "已送达", "void": "作废（留号）"}, (
        Turn("put_out", "出具", ("draft",), "issued"),
        Turn("hand_over", "送达", ("issued", "served"), "served"),
        Turn("annul", "作废", ("draft", "issued", "served"), "void"),
    ))
INSTALMENT = Companion("instalment",
    {"due": "待付", "paid": "已付", "deposited": "已提存", "waived": "已变更"}, (
        Turn("pay", "付款", ("due",), "paid"),
        Turn("deposit", "提存", ("due",), "deposited"),
        Turn("replace", "由补充协议变更", ("due",), "waived"),
    ))
# fmt: on
COMPANIONS = (ORDER, APPRAISAL, DOCUMENT, INSTALMENT)
# Named here because migrations write down a model's bases by their import path.
OrderTurns, AppraisalTurns, DocumentTurns, InstalmentTurns = (companion.mixin() for companion in COMPANIONS)
