"""Numbers of papers: 东医调〔2026〕12号 — full year, 〔〕, no leading zero (GB/T 9704).

One series for each organisation, kind of paper and calendar year. A number is given in the transaction that issues
the paper, under a lock on the series' row, and is never used again: a paper that is declared void keeps its number.
Numbers are not parsed back; the series row is the only counter.
"""

from django.db import connections, models
from django.db.models import F

from mediation.documents.catalogue import PaperKind

YEARS = range(2000, 10000)


def prefix_of(base: str, kind: PaperKind) -> str:
    """The words before the year: the organisation's own (东医调) and the kind's (受). ValueError for a kind without
    numbers or a blank base."""
    if kind.series is None:
        raise ValueError(f"{kind.title}不编号。")
    if not base.strip():
        raise ValueError("尚未设置本单位的文号代字。")
    return base.strip() + kind.series


def written(prefix: str, year: int, number: int) -> str:
    """东医调〔2026〕12号. ValueError for a year without four digits or a number below one."""
    if year not in YEARS:
        raise ValueError("文号年份应为四位数。")
    if number < 1:
        raise ValueError("文号从1开始。")
    return f"{prefix}〔{year}〕{number}号"


class NumberSeries(models.Model):
    """The last number given to a kind of paper of an organisation in a year."""

    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="制作单位"
    )
    kind = models.CharField("文书种类", max_length=40)
    year = models.PositiveSmallIntegerField("年度")
    prefix = models.CharField("文号代字", max_length=40, help_text="本年度第一次编号时确定，年度内不变")
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        app_label = "documents"
        verbose_name = verbose_name_plural = "文号序列"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "year"], name="one_series_a_kind_and_year"),
            models.UniqueConstraint(fields=["prefix", "year"], name="no_two_series_write_alike"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕"


def give_number(organisation_id: int, kind: PaperKind, *, year: int, base: str) -> str:
    """The next number of the series, given for good once the caller's transaction commits.

    `base` is the organisation's own prefix; a series keeps the one it began with. Call it inside the transaction that
    stores the paper: outside one a number could be given to no paper, so that is refused with RuntimeError.
    """
    connection = connections[NumberSeries.objects.db]
    if not connection.in_atomic_block:
        raise RuntimeError("a number is given inside the transaction that issues the paper")
    written(prefix_of(base, kind), year, 1)
    series = NumberSeries.objects.filter(organisation=organisation_id, kind=kind.key, year=year)
    if not series.update(last=F("last") + 1):  # locks the row until the commit
        NumberSeries.objects.get_or_create(
            organisation_id=organisation_id, kind=kind.key, year=year, defaults={"prefix": prefix_of(base, kind)}
        )
        series.update(last=F("last") + 1)
    prefix, last = series.values_list("prefix", "last").get()
    return written(prefix, year, last)
