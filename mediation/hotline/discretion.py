"""Free text as it is shown: what callers dictate into an order holds phones, identity numbers and their own names."""

from __future__ import annotations

import re

from mediation.hotline.order import HotlineOrder
from mediation.privacy.masking import mask_id_no, mask_name, mask_phone

_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
"""An identity number by its date of birth: an order number of eighteen digits has the year at its beginning."""


def discreet(text: str, order: HotlineOrder | None = None) -> str:
    """Free text with phones, identity numbers and the caller's own name masked."""
    text = _IDENTITY.sub(lambda found: mask_id_no(found[0]), text)
    text = _MOBILE.sub(lambda found: mask_phone(found[0]), text)
    name = (order.caller or "") if order is not None else ""
    return text.replace(name, mask_name(name)) if len(name) >= 2 else text
