"""Addresses of the officers' desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.officer import (
    beside,
    deadlines,
    duty,
    looks,
    matter,
    messages,
    papers,
    references,
    search,
    together,
    units,
    worklist,
)

app_name = "officer"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("search/", search.search, name="search"),
    path("together/", together.preview, name="together"),
    path("together/do/", together.carry_out, name="do_together"),
    path("filters/", beside.save_filter, name="filters"),
    path("replies/", beside.save_template, name="replies"),
    path("references/", references.references, name="references"),
    path("references/<int:reference_id>/", references.note, name="note_reference"),
    path("matter/<int:case_id>/", matter.matter, name="matter"),
    path("matter/<int:case_id>/number/", looks.reveal, name="reveal"),
    path("matter/<int:case_id>/papers/", papers.papers, name="papers"),
    path("matter/<int:case_id>/papers/clear.pdf", papers.print_clear, name="print_clear"),
    path("papers/<int:paper_id>/withdraw/", papers.withdraw, name="withdraw_paper"),
    path("looks/", looks.looks, name="looks"),
    path("looks/export/", looks.export, name="looks_export"),
    path("uncovered/", deadlines.uncovered, name="uncovered"),
    path("calendar/", deadlines.calendar, name="calendar"),
    path("limits/", deadlines.limits, name="limits"),
    path("units/dissolve/", units.dissolve, name="dissolve"),
    path("duty/", duty.show, name="duty"),
    path("duty/<slug:act>/", duty.act, name="act_on_duty"),
    path("limits/changes/", deadlines.limit_changes, name="limit_changes"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/how/", messages.ways, name="ways"),
    path("messages/stuck/", messages.stuck, name="stuck"),
    path("messages/<int:notice_id>/", messages.read, name="message"),
]
