"""What must be before a meeting."""

from __future__ import annotations

from datetime import date

from mediation.cases.case import DisputeCase
from workflow.registry import condition


@condition
def rights_notices_signed(case: DisputeCase, on: date) -> str | None:
    signed = {(notice.side, notice.hospital_id) for notice in case.rights_notices.all() if not notice.superseded}
    missing = [] if ("patient", None) in signed else ["患方"]
    kept = [respondent.hospital for respondent in case.respondents.all() if respondent.kept]
    missing += [hospital.name for hospital in kept if ("hospital", hospital.pk) not in signed]
    if missing:
        return f"{'、'.join(missing)}尚未签收权利义务告知书"
    return None
