"""Template filters of masking: ``{{ name|mask_name }}`` or ``{{ value|mask:"phone" }}``."""

from django import template

from mediation.privacy import masking

register = template.Library()


@register.filter
def mask(value: object, kind: str) -> str:
    """The value masked as its kind (name, phone, id_no, bank, address, born_on, text)."""
    return masking.mask(kind, value)


@register.filter
def mask_name(value: object) -> str:
    return masking.mask("name", value)


@register.filter
def mask_phone(value: object) -> str:
    return masking.mask("phone", value)


@register.filter
def mask_id_no(value: object) -> str:
    return masking.mask("id_no", value)


@register.filter
def mask_address(value: object) -> str:
    return masking.mask("address", value)
