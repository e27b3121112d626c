"""The hotline app."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "mediation.hotline"
    label = "hotline"
    verbose_name = "12345工单"

    def ready(self) -> None:
        """Listen to the cases: interim replies, orders of duplicates; and take a place in the navigation and the form."""
        from mediation.cases.office import OFFICE
        from mediation.cases.pages import detail, notices, register, shell
        from mediation.hotline import belonging, importing, replies  # noqa: F401  # importing: its messages' handler
        from mediation.hotline.pages import beginning, rows
        from workflow.vocabulary import Role

        OFFICE.tell_hotline_with = replies.tell_hotline
        OFFICE.move_orders = belonging.move_orders
        notices.LABELS["order_changed"] = "12345工单内容有变更"
        detail.SECTIONS["orders"] = ("12345工单", "hotline/_case_orders.html", rows.of_case)
        register.BEGINNINGS["order"] = beginning.from_order
        shell.NAVIGATION.insert(2, ("/orders/", "headset", "12345 工单", frozenset({Role.HOTLINE_OPERATOR}), ""))
        shell.NAVIGATION.append(("/orders/import/", "upload", "导入工单", frozenset({Role.HOTLINE_OPERATOR}), ""))
