"""What the events of the system's chain are called on the page; the code, which the hash covers, stands below."""

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
    "order_reveal": "查看来电人",
}  # fmt: skip
