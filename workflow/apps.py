"""The workflow app: the law of a dispute's life, which knows no patient, page or PDF."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "workflow"
    label = "workflow"
    verbose_name = "流程引擎"
    default_auto_field = "django.db.models.BigAutoField"
