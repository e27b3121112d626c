"""What the events of the system's chain are called on the page, and what their data mean."""

from collections.abc import Callable

EVENTS = {
    "signed_in": "登录", "signed_out": "退出登录", "locked_out": "登录锁定",
    "calendar_loaded": "载入日历", "rules_loaded": "载入规则", "outbox_retried": "重新发送", "audit_export": "导出记录",
    "export": "导出案件", "download": "下载材料", "read_document": "查阅文书", "preview_document": "预览文书",
    "organisation_added": "新增机构", "organisation_changed": "修改机构", "account_added": "新增账号",
    "account_changed": "修改账号", "password_set": "重置密码", "account_unlocked": "解除登录锁定", "role_given": "授予角色", "role_taken": "撤销角色",
    "code_label_changed": "修改代码名称",
    "order_import": "导入工单", "order_columns": "确认列对应", "order_discard": "放弃导入", "order_enter": "录入工单",
    "order_change": "工单变更", "order_sign": "签收工单", "order_sort_out": "工单分类", "order_answer": "答复工单",
    "order_return": "退回工单", "order_extend": "工单延期", "order_redo": "重新办理工单", "order_finish": "办结工单",
    "order_join": "工单关联案件", "order_move": "工单转案件", "order_leave": "工单移出案件", "order_unlink": "取消关联", "order_judge": "重复判断",
    "order_reveal": "查看来电人", "reveal": "查看原文",
}  # fmt: skip
_LOOKED = {
    "reveal", "order_reveal", "read_document", "preview_document", "download", "export", "audit_export",
}  # fmt: skip
_CAME = {"signed_in", "signed_out", "locked_out"}
_DATA = {"calendar_loaded", "rules_loaded", "code_label_changed", "outbox_retried"}
GROUPS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "looked": ("查看与导出", _LOOKED.__contains__),
    "came": ("登录", _CAME.__contains__),
    "orders": ("工单", lambda kind: kind.startswith("order_") and kind not in _LOOKED),
    "accounts": ("账号与机构", lambda kind: kind.startswith(("account_", "role_", "organisation_", "password_"))),
    "data": ("日历、规则与发送", _DATA.__contains__),
}
"""The kinds of events that are read together."""
KEYS = {
    "case": ("案件", "case"), "from_case": ("原案件", "case"), "order": ("工单", "order"), "other": ("另一工单", "order"),
    "account": ("账号", "account"), "organisation": ("机构", "organisation"), "role": ("角色", "role"), "batch": ("导入批次", ""),
    "document": ("文书编号", ""), "paper": ("材料编号", ""), "rows": ("行数", ""), "new": ("新增", ""), "what": ("内容", "what"),
    "edition": ("日历版次", ""), "years": ("年度", ""), "days": ("日数", ""), "rulebook": ("规则版次", ""), "rules": ("条数", ""),
    "until": ("延至", ""), "message": ("事项编号", ""),
}  # fmt: skip
"""What a key of the data is called, and of what it is the number."""
