"""What figures may read: documented views, and which of their columns a row behind one shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A view, or a join of views, with a column `area_path`; and the columns of a row's list."""

    sql: str
    kind: str
    """What a row is: ``matter``, ``part``, ``visit``, ``firm``."""
    key: str = "id"
    number: str = "number"
    title: str = "title"
    where: str = "area_name"
    holder: str = "holder_name"
    at: str = "raised_at"
    due: str = "due_at"
    state: str = "state"
    sensitive: str = "sensitive"
    dated: str = ""
    """The view that tells from indexes which rows a moment may belong to, if columns cannot."""
    moments: frozenset[str] = frozenset()
    """The moments that it knows."""

    @property
    def columns(self) -> str:
        """Return the columns of a row, in the order of `Row`."""
        title = f"CASE WHEN {self.sensitive} THEN '' ELSE {self.title} END"
        return (
            f"({self.key})::text, {self.number}, {title}, {self.where}, {self.holder}, "
            f"{self.at}, {self.due}, {self.state}, {self.sensitive}"
        )


MOMENTS = frozenset(
    {
        "raised_at",
        "filed_at",
        "closed_at",
        "due_at",
        "first_dispatched_at",
        "promised_at",
        "fed_back_at",
    }
)
SOURCES = {
    "open": Source("cases_open_v", "matter"),
    "matters": Source("cases_case_v", "matter", dated="cases_dated_v", moments=MOMENTS),
    "parts": Source(
        "cases_part_v",
        "part",
        key="case_id",
        holder="unit_name",
        at="dispatched_at",
        due="return_until",
        state="case_state",
    ),
    "checks": Source(
        """(
        SELECT v.area_path, v.received_at, v.passed, c.id AS case_id, c.number, c.title, c.kind,
               c.class_code, c.area_name, c.holder_name, c.due_at, c.sensitive,
               c.state AS case_state
        FROM fieldwork_visit_v v
        JOIN cases_case_v c ON v.verifies_kind = 'cases.case' AND v.verifies_key = c.id::text
        WHERE v.kind = 'verification'
        ) checks""",
        "visit",
        key="case_id",
        at="received_at",
        state="case_state",
    ),
    "firms": Source(
        """(
        SELECT o.id, o.name, o.area_path, o.closed_on, o.registered_at, a.name AS area_name,
               v.visited_at
        FROM registry_organisation_v o
        JOIN registry_area_v a ON a.id = o.area_id
        LEFT JOIN (
            SELECT organisation_key, max(received_at) AS visited_at FROM fieldwork_visit_v
            WHERE received_at > %(visited_since)s AND received_at <= %(now)s
              AND organisation_key <> '' GROUP BY 1
        ) v ON v.organisation_key = o.id::text
        ) firms""",
        "firm",
        number="''",
        title="name",
        holder="''",
        at="visited_at",
        due="NULL::timestamptz",
        state="''",
        sensitive="FALSE",
    ),
}
"""Nothing else is a source."""
