"""Addresses of the story."""

from __future__ import annotations

from django.urls import path

from bihuan.scenes.appeals.steps import (
    acting,
    answers,
    asked,
    counter,
    hear,
    imports,
    knowledge,
    letter,
    public_words,
    receipt,
    report,
    topics,
    track,
)

app_name = "appeals"
urlpatterns = [
    path("report/", report.show, name="report"),
    path("expect/", report.expect, name="expect"),
    path("receipt/<str:number>/", receipt.show, name="receipt"),
    path("import/", imports.upload, name="imports"),
    path("import/template.xlsx", imports.template, name="import_template"),
    path("import/<int:import_id>/", imports.show, name="import"),
    path("import/<int:import_id>/confirm/", imports.confirm, name="import_confirm"),
    path("import/<int:import_id>/errors.csv", imports.errors, name="import_errors"),
    path("topics/", topics.show, name="topics"),
    path("topics/<int:topic_id>/join/", topics.join, name="join_topic"),
    path("topics/<int:topic_id>/dismiss/", topics.dismiss, name="dismiss_topic"),
    path("knowledge/", knowledge.shelf, name="knowledge"),
    path("knowledge/new/", knowledge.write, name="new_article"),
    path("knowledge/<int:article_id>/", knowledge.show, name="article"),
    path("knowledge/<int:article_id>/edit/", knowledge.write, name="edit_article"),
    path("knowledge/<int:article_id>/<slug:act>/", knowledge.act, name="act_on_article"),
    path("answers/", answers.shelf, name="answers"),
    path("answers/<str:number>/", answers.show, name="answer"),
    path("counter/", counter.show, name="counter"),
    path("counter/earlier/", counter.earlier, name="earlier"),
    path("counter/mandate/", counter.mandate, name="counter_mandate"),
    path("counter/<str:number>/", counter.slip, name="slip"),
    path("for/", acting.show, name="acting"),
    path("for/<int:mandate_id>/<int:case_id>/", acting.matter, name="for"),
    path("for/<int:mandate_id>/<int:case_id>/<slug:move>/", acting.act, name="act_for"),
    path("asked/", asked.show, name="asked"),
    path("asked/open.json", asked.as_json, name="asked_json"),
    path("asked/open.csv", asked.as_csv, name="asked_csv"),
    path("find/", track.find, name="track"),
    path("matter/<int:case_id>/", track.own, name="own"),
    path("hear/<int:case_id>/", hear.write, name="write_down"),
    path("public/<int:case_id>/", public_words.set_words, name="public_words"),
    path("at/<str:number>/", track.by_receipt, name="by_receipt"),
    path("at/<str:number>/photo/<int:evidence_id>/", track.photo, name="photo"),
    path("at/<str:number>/claim/", track.claim, name="claim"),
    path("at/<str:number>/letter.pdf", letter.by_receipt, name="letter"),
    path("matter/<int:case_id>/letter.pdf", letter.own, name="own_letter"),
    path("at/<str:number>/<slug:move>/", track.act, name="act"),
]
