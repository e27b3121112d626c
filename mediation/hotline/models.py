"""12345: orders with their own life and clock, the workbooks they come in, and the replies that go back."""

from mediation.hotline.batch import ColumnMapping, ImportBatch, ImportRow
from mediation.hotline.order import (
    DONE,
    Appeal,
    HotlineOrder,
    OrderLink,
    OrderPrint,
    OrderReply,
    OrderRevision,
    Rating,
)

__all__ = [
    "DONE", "Appeal", "ColumnMapping", "HotlineOrder", "ImportBatch", "ImportRow", "OrderLink", "OrderPrint",
    "OrderReply", "OrderRevision", "Rating",
]  # fmt: skip
