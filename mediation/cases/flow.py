"""The flow whose processes are the cases. Its path is stored in task rows: never move or rename it."""

from __future__ import annotations

from viewflow.workflow.flow import Flow

from mediation.cases.case import CaseTask, DisputeCase
from workflow import nodes


class DisputeFlow(nodes.build(), Flow):  # type: ignore[misc]  # the nodes are built from the table
    """医疗纠纷办理"""

    process_class = DisputeCase
    task_class = CaseTask
