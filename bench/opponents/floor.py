"""The floor: Django's ORM writing the rows of a step, with a row lock and a permission check, and no workflow at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from viewflow.workflow.status import STATUS

from bench.opponents.rows import write
from mediation.cases.case import CaseTask, DisputeCase
from mediation.cases.flow import DisputeFlow
from mediation.organisations.models import OrganisationGrant, User
from workflow.lifecycle import STEPS
from workflow.registry import Right
from workflow.vocabulary import Role


def take(pk: int, name: str, by: User, now: datetime, facts: Mapping[str, Any]) -> None:
    """Load and lock, check the right, write, commit. Nothing says whether the step is legal."""
    step = STEPS[name]
    with transaction.atomic():
        case = DisputeCase.objects.select_for_update().get(pk=pk)
        task = CaseTask.objects.get(process=case, finished=None)
        places = [case.desk_id, case.hotline_id, case.town_id, case.committee_id]
        roles = [f"act_as_{role.value}" for role in step.by]
        grants = OrganisationGrant.objects.filter(
            group__user=by, permission__codename__in=roles, content_object__in=[pk for pk in places if pk]
        ).values_list("permission__codename", "content_object")  # fmt: skip
        grant = grants.first()
        if grant is None:
            raise PermissionDenied
        write(case, step, by, Right(Role(grant[0].removeprefix("act_as_")), grant[1]), now, facts)
        if step.target:
            task.status, task.owner, task.started, task.finished = STATUS.DONE, by, now, now
            task.save(update_fields=["status", "owner", "started", "finished"])
            node = DisputeFlow.instance.node(case.state)
            CaseTask.objects.create(process=case, flow_task=node, created=now, **case.addressee())
