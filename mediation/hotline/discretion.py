"""An order's free text as it is shown: the caller's own name is masked with the phones and identity numbers."""

from __future__ import annotations

from mediation.hotline.order import HotlineOrder
from mediation.privacy import discretion
from mediation.privacy.masking import mask_name


def discreet(text: str, order: HotlineOrder | None = None) -> str:
    """Free text with phones, identity numbers and the caller's own name masked."""
    name = (order.caller or "") if order is not None else ""
    return discretion.discreet(text, {name: mask_name(name)})
