"""The import contract "a room is entered by its doors"."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Modules outside a room may import only the room's doors; start-up (`apps`) is exempt."""

    parents = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())
    test_doors = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Return the imports that walk past a door."""
        bad: list[tuple[str, str]] = []
        for parent in self.parents:  # type: ignore[attr-defined]
            if parent not in graph.modules:
                continue
            for room in sorted(graph.find_children(parent)):
                bad += self._past_the_door(graph, room)
        return ContractCheck(kept=not bad, metadata={"bad": bad})

    def _past_the_door(self, graph: ImportGraph, room: str) -> list[tuple[str, str]]:
        inside = {room, *graph.find_descendants(room)}
        bad = []
        for module in sorted(inside):
            first = module.removeprefix(room).lstrip(".").split(".")[0]
            for importer in sorted(graph.find_modules_that_directly_import(module) - inside):
                allowed = set(self.doors)  # type: ignore[attr-defined]
                if {"tests", "testing", "seeds"} & set(importer.split(".")):
                    allowed |= set(self.test_doors or ())  # type: ignore[attr-defined]
                if first not in allowed:
                    bad.append((importer, module))
        return bad

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that walks past a door."""
        bad: list[tuple[str, str]] = check.metadata["bad"]
        for importer, module in bad:
            output.print_error(f"{importer} walks past the door of {module}")
