"""Workbooks of orders on their way in: the columns learnt, the batch, and its staged rows."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from mediation.hotline.order import HotlineOrder
from mediation.organisations.models import Organisation, User
from mediation.privacy.sealed import SealedJSONField, SealedTextField
from workflow.vocabulary import Role


class ColumnMapping(models.Model):
    """How the columns of a centre's workbook map to ours; learnt once, recognised by the header row.

    The header is sealed: what is taken for one may be the first line of somebody's complaint.
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    centre = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="12345中心")
    header_digest = models.CharField("表头摘要", max_length=64)
    header = SealedJSONField("表头")
    columns = models.JSONField("对应关系", default=dict)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "列对应"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["centre", "header_digest"], name="one_mapping_a_header")]


class BatchQuerySet(models.QuerySet["ImportBatch"]):
    """Which batches."""

    def visible_to(self, user: User) -> BatchQuerySet:
        """Those of the hotline centres on which this person is an operator."""
        return self.filter(centre__in=user.organisations(Role.HOTLINE_OPERATOR))


class ImportBatch(models.Model):
    """A workbook being imported: staged rows are looked at before anything is registered.

    People name files after those who complain, so the name is sealed like the rows. ``doing`` is what is being done with
    the rows, asked for by whom and when, ``reached`` the line down to which it is done, ``seal`` the digest of what was
    taken in so far.
    """

    class Doing(models.TextChoices):
        JUDGE = "judge", "核对"
        TAKE_IN = "take_in", "导入"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    centre = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="12345中心")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    filename = SealedTextField("文件名")
    sha256 = models.CharField("SHA-256", max_length=64)
    header = SealedJSONField("表头")
    columns = models.JSONField("对应关系", default=dict)
    counts = models.JSONField("各类行数", default=dict)
    size = models.PositiveIntegerField("行数", default=0)
    doing = models.CharField("正在", max_length=10, choices=Doing, blank=True)
    reached = models.PositiveIntegerField("已办到的行", default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="交办人"
    )
    asked_at = models.DateTimeField("交办时间", null=True)
    seal = models.CharField("导入摘要", max_length=64, blank=True)
    made_at = models.DateTimeField("上传时间")
    done_at = models.DateTimeField("导入时间", null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        default_permissions = ()
        indexes = [models.Index(fields=["centre", "-made_at"], name="batch_list")]

    def get_absolute_url(self) -> str:
        """The difference report."""
        return f"/orders/import/{self.pk}/"


class ImportRow(models.Model):
    """One row of a workbook: new, changed, unchanged, or rejected with the reason.

    ``alike`` lists the likely duplicates found in the preview as references with score and reason, no text.
    """

    class Standing(models.TextChoices):
        NEW = "new", "新增"
        CHANGED = "changed", "有变更"
        SAME = "same", "无变化"
        REJECTED = "rejected", "不能导入"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name="批次")
    line = models.PositiveIntegerField("行号")
    raw = SealedJSONField("原始内容")
    standing = models.CharField("判断", max_length=10, choices=Standing, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    alike = models.JSONField("疑似重复", default=list)
    stated_state = models.CharField("来文所写状态", max_length=20, blank=True)
    order = models.ForeignKey(HotlineOrder, models.PROTECT, null=True, related_name="+", verbose_name="工单")

    class Meta:
        verbose_name = verbose_name_plural = "导入行"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="one_line_once")]
        indexes = [models.Index(fields=["batch", "standing", "line"], name="row_standing")]
