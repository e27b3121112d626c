"""The oversight app: adds its pages to the navigation of those who watch."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "mediation.oversight"
    label = "oversight"
    verbose_name = "督办与统计"

    def ready(self) -> None:
        """Put the pages of administrator, auditor and director into the side bar."""
        from mediation.cases.pages.shell import NAVIGATION
        from workflow.vocabulary import Role

        watchers = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
        NAVIGATION.extend(
            [
                ("/oversight/late/", "clock-history", "补录情况", frozenset({Role.DIRECTOR}), "管理"),
                ("/oversight/calendar/", "calendar-week", "工作日历", frozenset({Role.ADMINISTRATOR}), "管理"),
                ("/oversight/trail/", "shield-check", "操作日志", watchers, "管理"),
                ("/oversight/rules/", "list-check", "时限与限额", watchers, "管理"),
                ("/oversight/outbox/", "send", "待发事项", frozenset({Role.ADMINISTRATOR}), "管理"),
            ]
        )
