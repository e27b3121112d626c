"""What must be before a meeting, and since when it was."""

from __future__ import annotations

from datetime import date

from mediation.cases.case import DisputeCase
from workflow.records import Event
from workflow.registry import condition, foundation


@condition
def rights_notices_signed(case: DisputeCase, on: date) -> str | None:
    signed = {(notice.side, notice.hospital_id) for notice in case.rights_notices.all() if not notice.superseded}
    missing = [] if ("patient", None) in signed else ["患方"]
    kept = [respondent.hospital for respondent in case.respondents.all() if respondent.kept]
    missing += [hospital.name for hospital in kept if ("hospital", hospital.pk) not in signed]
    if missing:
        return f"{'、'.join(missing)}尚未签收权利义务告知书"
    return None


@foundation("双方签收权利义务告知书之日")
def rights_notices_all_signed(case: DisputeCase) -> date | None:
    """The day on which the last side signed its first notice: nobody is mediated with before being told (R06)."""
    firsts: dict[tuple[str, int | None], date] = {}
    for notice in case.rights_notices.all():
        side = (notice.side, notice.hospital_id)
        firsts[side] = min(notice.signed_on, firsts.get(side, notice.signed_on))
    return max(firsts.values(), default=None)


@foundation("召开调解之日")
def first_convened(case: DisputeCase) -> date | None:
    convened = Event.objects.filter(chain=case.chain, kind="convene").order_by("seq")
    return convened.values_list("happened_on", flat=True).first()
