"""Every account follows every link of a whole demonstration: each page answers, in Chinese, with under twenty queries."""

from __future__ import annotations

import re
from collections import Counter, deque
from datetime import date
from html import unescape
from io import StringIO
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from bench.measure import statements
from mediation.organisations.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.prove]

QUERIES = 19
OF_A_KIND = 4
"""So many addresses of one shape are asked for by each account: case pages of four cases, four forms of one step."""
LINK = re.compile(r'(?:href|hx-get)="([^"#]+)')
LEFT_OUT = re.compile(r"/(static|admin|logout)/|/documents/")
SLIPS = (">None<", "{{", "{%", "Traceback", "DoesNotExist")


def shape(address: str) -> str:
    """An address without what tells one case from another."""
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d{5}|\d+", "#", urlsplit(address).path)
    return f"{path}?{'&'.join(sorted(part.partition('=')[0] for part in urlsplit(address).query.split('&')))}"


def links(address: str, page: str) -> list[str]:
    found = (urljoin(address, unescape(link)) for link in LINK.findall(page))
    return [link for link in found if link.startswith("/") and not LEFT_OUT.search(link)]


def followed(user: User) -> tuple[list[str], int]:
    """What went wrong on the way through all links, and how many pages there were."""
    client, waiting, done, kinds = Client(raise_request_exception=False), deque(["/"]), set(), Counter()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    wrong = []
    while waiting:
        address = waiting.popleft()
        if address in done or kinds[shape(address)] >= OF_A_KIND:
            continue
        done.add(address)
        kinds[shape(address)] += 1
        answer = client.get(address, follow=True)  # what a first visit reads or writes is not counted
        with statements() as asked:
            client.get(address)
        page = answer.content.decode() if answer.get("Content-Type", "").startswith("text/html") else ""
        queries = sum(not sql.startswith(("SAVEPOINT", "RELEASE")) for sql in asked.sent)  # those are the test's own
        slips = [slip for slip in SLIPS if slip in page]
        if answer.status_code != 200 or slips or queries > QUERIES:
            wrong.append(f"{user.username} {address}: {answer.status_code}, {queries} queries {slips}")
        waiting.extend(links(answer.redirect_chain[-1][0] if answer.redirect_chain else address, page))
    return wrong, len(done)


def test_every_link_leads_to_a_page(db: None) -> None:
    call_command("seed_demo", seed=3, as_of=date(2026, 10, 20), stdout=StringIO())
    wrong, pages = [], 0
    for user in User.objects.filter(is_active=True).order_by("pk"):
        found, seen = followed(user)
        wrong += found
        pages += seen

    assert wrong == []
    assert pages > 600, "somebody sees nothing"
