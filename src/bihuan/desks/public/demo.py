"""The demo's accounts, one click each. The address exists only in demo settings."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.accounts.queries import list_usernames
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account to enter with: who, what for, where."""

    href: str
    name: str
    duty: str
    where: str


@dataclass(frozen=True, slots=True)
class DemoPage:
    """All accounts."""

    accounts: tuple[DemoAccount, ...]


@step(power=EVERYBODY, methods=("GET",))
def accounts(request: StepRequest) -> HttpResponse:
    """Show the accounts of the demo world."""
    if not settings.BIHUAN_DEMO:
        raise Http404
    names = list_usernames()
    cards = registry.person_cards_of_accounts(names)
    posts = {h.person.id: h.post for h in registry.list_holders(at=request.at)}
    units = registry.units_by_id({p.unit_id for p in posts.values() if p.unit_id})
    shown = []
    for account_id, username in names.items():
        card = cards.get(account_id)
        if card is None:
            continue
        post = posts.get(card.id)
        duty = registry.find_duty(post.duty) if post else None
        unit = units.get(post.unit_id) if post and post.unit_id else None
        shown.append(
            DemoAccount(
                href=f"{reverse('demo_as', args=[username])}?next=/",
                name=f"{card.name} · {username}",
                duty=_(duty.title) if duty else _("Resident or firm"),
                where=unit.name if unit else "",
            )
        )
    return page(request, "public/demo.html", DemoPage(tuple(shown)))
