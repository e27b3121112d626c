"""The end: the checklist is gone through, the dossier is frozen and gets its period of keeping (人民调解法 27; R32)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import TextChoices

from mediation.cases import codes
from mediation.cases.facts import chosen, written
from mediation.cases.office import OFFICE
from mediation.settlement.dossier import Line, checklist, manifest_digest
from mediation.settlement.models import DossierItem
from mediation.settlement.retention import is_shorter, propose_retention
from workflow.registry import Move, Refused, effect
from workflow.vocabulary import Role

Standing = DossierItem.Standing


class Check(TextChoices):
    """The three questions at the end of a case (三查)."""

    CASE_ENDED = "case_ended", "案结"
    MATTER_ENDED = "matter_ended", "事了"
    PEACE_MADE = "peace_made", "人和"


@effect
def submit_dossier(move: Move, *, items: Mapping[str, Mapping[str, str]]) -> None:
    """Every item confirmed, or its absence explained. Each value has ``standing``, ``pages`` and ``reason``.

    It is the mediator's work; the dispatcher does it for a case that ended before anybody was assigned.
    """
    if move.role == Role.DISPATCHER and move.case.assignments.filter(until__isnull=True).exists():
        raise Refused("本案已分案，卷宗由承办调解员提交")
    lines = checklist(move.case)
    if unknown := set(items) - {line.item.key for line in lines}:
        raise Refused(f"卷宗清单中没有这些项目：{'、'.join(sorted(unknown))}", field="items")
    for line in lines:
        _keep(move, line, items.get(line.item.key, {}))
    move.case.dossier_submitted_on = move.happened_on
    move.data["items"] = [f"{key}:{items[key].get('standing', '')}" for key in sorted(items)]


@effect
def close(move: Move, *, retention: str, retention_reason: str = "", checks: Sequence[str] = ()) -> None:
    """Freeze the dossier under one digest and set how long it is kept; less than proposed needs a reason."""
    chosen(retention, codes.Retention, "保管期限", field="retention")
    for check in checks:
        chosen(check, Check, "案结、事了、人和中的项目", field="checks")
    proposed = propose_retention(move.case, move.happened_on)
    if is_shorter(retention, proposed):
        written(retention_reason, f"保管期限短于建议（{proposed.label}）的理由", field="retention_reason")
    submitted = move.case.dossier_submitted_on
    if submitted is not None and move.happened_on < submitted:
        raise Refused(f"结案日期不能早于卷宗提交日期 {submitted:%Y-%m-%d}", field="happened_on")
    _void_unsigned_draft(move)
    move.case.retention = retention
    move.data |= {
        "retention": retention, "proposed": proposed, "checks": list(checks), "manifest": manifest_digest(move.case),
    }  # fmt: skip


def _void_unsigned_draft(move: Move) -> None:
    """What was drafted and never signed is no agreement: however mediation ended, it must not look like one on file."""
    if move.case.agreements.filter(superseded=False, effective_on__isnull=True).update(superseded=True):
        OFFICE.void(move, "mediation_agreement")


def _keep(move: Move, line: Line, said: Mapping[str, str]) -> None:
    """Store what was said of one item; refused where it neither shows nor explains what the outcome demands."""
    key = line.item.key
    standing, pages, reason = (said.get(name, "").strip() for name in ("standing", "pages", "reason"))
    if not standing:
        if not line.must or line.found:
            return
        raise Refused(
            f"“{line.item.title}”为本结果必备，系统没有识别到，请注明页号或说明缺少的原因", field=f"{key}_standing"
        )
    chosen(standing, Standing, f"“{line.item.title}”的情况", field=f"{key}_standing")
    if standing == Standing.PRESENT and not line.found:
        written(pages, f"“{line.item.title}”的页号；系统没有识别到该项，须在卷内指明", field=f"{key}_pages")
    if standing == Standing.EXPLAINED:
        written(reason, f"缺少“{line.item.title}”的原因", field=f"{key}_reason")
    if standing == Standing.NOT_APPLICABLE and line.must:
        raise Refused(
            f"“{line.item.title}”为本结果必备，不能选“不适用”；确实没有的，请说明原因", field=f"{key}_standing"
        )
    DossierItem.objects.update_or_create(
        case=move.case, key=key, defaults={"standing": standing, "pages": pages, "reason": reason or None}
    )
