"""Addresses of the story."""

from __future__ import annotations

from django.urls import path

from bihuan.scenes.joint_inspection.steps import arrive, firm, items, lots, plans, requests, tasks

app_name = "joint_inspection"
urlpatterns = [
    path("items/", items.show, name="library"),
    path("items/template.xlsx", items.template, name="library_template"),
    path("plans/", plans.show, name="plans"),
    path("plans/<int:plan_id>/", plans.act, name="plan"),
    path("tasks/", tasks.show, name="tasks"),
    path("tasks/<int:task_id>/", tasks.one, name="task"),
    path("tasks/<int:task_id>/arrive/", arrive.arrive, name="arrive"),
    path("tasks/<int:task_id>/form/", arrive.form, name="form"),
    path("tasks/<int:task_id>/record/", arrive.record, name="record"),
    path("requests/", requests.show, name="requests"),
    path("firm/", firm.calendar, name="firm"),
    path("firm/<int:task_id>/", firm.visit, name="firm_visit"),
    path("lots/<int:plan_id>/", lots.show, name="lots"),
    path("lots/<int:plan_id>/lots.csv", lots.sheet, name="lots_sheet"),
]
