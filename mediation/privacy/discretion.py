"""Free text as it is shown: what people dictate and clerks type holds phones, identity numbers and names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mediation.privacy.masking import mask_id_no, mask_phone

_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
"""An identity number by its date of birth: an order number of eighteen digits has the year at its beginning."""


def discreet(text: str, instead: Mapping[str, str] | None = None) -> str:
    """Free text with phones and identity numbers masked, and each known value replaced by what may be shown instead.

    The longest value goes first, so that a name inside a longer one leaves nothing behind; a single character is no name.
    """
    for value in sorted(instead or {}, key=len, reverse=True):
        if len(value) >= 2:
            text = text.replace(value, (instead or {})[value])
    text = _IDENTITY.sub(lambda found: mask_id_no(found[0]), text)
    return _MOBILE.sub(lambda found: mask_phone(found[0]), text)
