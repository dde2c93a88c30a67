"""Reading the forms of a page as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

WRITTEN = {"text", "search", "tel", "textarea", "url", "email", "password"}


@dataclass(slots=True)
class Form:
    """A form: where it goes, what it carries, and into which fields people write."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def filled(self, mark: str) -> dict[str, str]:
        """Return what it sends with `mark` in every text field and the first of every choice."""
        return {**self.fields, **dict.fromkeys(self.written, mark)}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").upper()
            self.forms.append(Form(given.get("action", ""), method))
            return
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and given.get("value"):
            form.fields.setdefault(self.select, given["value"])
        elif tag == "textarea" and name:
            form.written.append(name)
        elif tag == "input" and name:
            self._input(form, name, given)

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in WRITTEN:
            form.written.append(name)
        elif kind == "file":
            form.files.append(name)
        elif kind in {"radio", "checkbox"}:
            form.fields.setdefault(name, given.get("value", "on"))
        elif kind == "number":
            form.fields[name] = given.get("value") or given.get("min") or "1"
        else:
            form.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""


def forms_of(text: str) -> list[Form]:
    """Return the forms of a page."""
    reader = _Reader()
    reader.feed(text)
    return reader.forms
