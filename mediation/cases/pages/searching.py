"""How the words of a search travel: posted when they are typed, in the address only sealed, opened again by the list.

Addresses stay behind in a browser's history, a proxy's log and a Referer, and the words are somebody's name, phone or identity
number. They are sealed for one session: the address opens in nobody else's hands, and in nobody's once that session has ended.
Nothing is stored; a row of the session would hold the words for whoever reads the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

from django import forms
from django.contrib import messages
from django.core.signing import b64_decode, b64_encode
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from mediation.organisations.signed_in import SignedIn
from mediation.privacy.envelope import SealBroken, open_value, seal_value

WORDS, SEALED = "q", "search"  # the box of the form; what stands in the address for it
REFUSED = "地址中的查找内容没有采用：它只在查找时的那次登录中有效，也不能手写在地址里。请在查找框中重新输入。"

Asked = Mapping[str, str]
View = Callable[[SignedIn], HttpResponse]

_LONGEST = 60
_ROOM = 64  # bytes; shorter words are filled up to them, so that a name looks as long as an identity number
_LEFT_OUT = {WORDS, "csrfmiddlewaretoken", "after", "before"}  # another question begins on its first page


def words_field(placeholder: str) -> forms.CharField:
    """The search box of a list; a browser that suggests what colleagues typed would tell names, too."""
    box = forms.TextInput({"placeholder": placeholder, "autocomplete": "off"})
    return forms.CharField(label="关键词", required=False, max_length=_LONGEST, widget=box)


def searchable(page: str) -> Callable[[Callable[[SignedIn, Asked], HttpResponse]], View]:
    """For a list with a search box, and for its export: the view is told what was asked for, the words among it.

    What is posted is answered by the address of the list ``page``; so is an address that is refused, without its words.
    """

    def wrap(view: Callable[[SignedIn, Asked], HttpResponse]) -> View:
        @wraps(view)
        def answer(request: SignedIn) -> HttpResponse:
            if request.method == "POST":
                return posted(request, page)
            words = _opened(request)
            if words is None:
                return _refused(request, page)
            return view(request, request.GET.dict() | {WORDS: words})

        return answer

    return wrap


def posted(request: SignedIn, page: str) -> HttpResponse:
    """The way from the box to the list; a redirect, so that reloading and going back ask for nothing twice."""
    return HttpResponseRedirect(address(page, request.POST.dict() | {SEALED: _sealed(request, typed(request))}))


def typed(request: SignedIn) -> str:
    """The words in the box, as they were posted."""
    return request.POST.get(WORDS, "").replace("\x00", "").strip()[:_LONGEST]


def address(page: str, asked: Asked) -> str:
    """Where a list is found again: its filters to be read by anybody, its words sealed."""
    return reverse(page, query={name: value for name, value in asked.items() if value and name not in _LEFT_OUT})


def _refused(request: SignedIn, page: str) -> HttpResponse:
    messages.warning(request, REFUSED)
    without = address(page, request.GET.dict() | {SEALED: ""})
    # A part of a page has no place for the sentence, and the box above it would still show the words.
    return HttpResponseClientRedirect(without) if request.htmx else HttpResponseRedirect(without)


def _sealed(request: SignedIn, words: str) -> str:
    if not words:
        return ""
    return b64_encode(seal_value(words.encode().ljust(_ROOM), _context(request))).decode()


def _opened(request: SignedIn) -> str | None:
    """The words that the address carries, none of them included; ``None`` for what was not sealed in this session."""
    if any(request.GET.getlist(WORDS)):
        return None
    if not (token := request.GET.get(SEALED)):
        return ""
    try:
        return open_value(b64_decode(token.encode()), _context(request)).decode().strip()
    except (SealBroken, ValueError):
        return None


def _context(request: SignedIn) -> str:
    return f"search.{request.session.session_key}"
