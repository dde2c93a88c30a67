"""Pure decisions: what a purpose must have, masks, reasons, the alarm. No database."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bihuan.kernel.ground.privacy import kinds, rules
from bihuan.kernel.ground.privacy.rules import UnableToReadPrivacy
from bihuan.kernel.ground.privacy.types import Audience, Basis
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Field, Keep

DAY = date(2026, 6, 24)
GOOD: dict[str, Any] = {
    "title": "办理",
    "words": "为办理而联系",
    "basis": "statutory_duty",
    "law": "第十三条第一款第三项",
    "fields": ["phone"],
    "duties": ["acceptor"],
    "keep_months": 36,
}


class TestPurposes:
    def test_a_whole_one_is_read(self) -> None:
        read = rules.read_purpose("privacy.purpose.x", GOOD, valid_from=DAY, version=2)
        assert (read.code, read.version, read.basis) == ("x", 2, Basis.STATUTORY_DUTY)
        assert read.fields == {Field.PHONE}

    @pytest.mark.parametrize("key", sorted(GOOD))
    def test_without_any_part_the_start_is_refused(self, key: str) -> None:
        value = {name: given for name, given in GOOD.items() if name != key}
        with pytest.raises(UnableToReadPrivacy, match=f"lacks {key}"):
            rules.read_purpose("privacy.purpose.x", value, valid_from=DAY, version=1)

    @pytest.mark.parametrize(
        ("changed", "fault"),
        [
            ({"basis": "habit"}, "habit is no legal basis"),
            ({"fields": ["height"]}, "height is no field"),
            ({"basis": "consent", "sensitive": True}, "separate_consent"),
        ],
    )
    def test_what_law_does_not_allow_is_refused(self, changed: dict[str, Any], fault: str) -> None:
        with pytest.raises(UnableToReadPrivacy, match=fault):
            rules.read_purpose("privacy.purpose.x", GOOD | changed, valid_from=DAY, version=1)

    def test_a_purpose_that_nobody_wrote_stops_the_start(self) -> None:
        kinds.require_purposes(["handling", "telling"], by="scene x")
        with pytest.raises(UnableToReadPrivacy, match="scene x uses data for gossip"):
            kinds.require_purposes(["handling", "gossip"], by="scene x")

    def test_a_second_wording_is_a_second_version(self, monkeypatch) -> None:
        monkeypatch.setattr(kinds, "_purposes", {})
        later = GOOD | {"words": "为办理和回访而联系"}
        entries = [
            {"code": "privacy.purpose.x", "value": v, "source": "s", "valid_from": on}
            for v, on in ((later, date(2026, 7, 1)), (GOOD, date(2022, 1, 1)))
        ]
        kinds.declare_entries(entries, where="x.yaml")
        before, after = (kinds.find_purpose("x", on=date(2026, m, 30)) for m in (6, 7))
        assert before and after
        assert (before.version, before.words) == (1, "为办理而联系")
        assert (after.version, after.words) == (2, "为办理和回访而联系")
        assert kinds.find_purpose("x", on=date(2021, 12, 31)) is None
        with pytest.raises(UnableToReadPrivacy, match="declared twice"):
            kinds.declare_entries(entries[:1], where="y.yaml")

    def test_what_ships_has_a_basis_in_words_and_known_duties(self) -> None:
        shipped = kinds.list_purposes(on=DAY)
        assert len(shipped) == 7
        for purpose in shipped:
            assert "法" in purpose.law
            assert all(registry.find_duty(duty) for duty in purpose.duties)
        separate = [p.code for p in shipped if p.basis is Basis.SEPARATE_CONSENT]
        assert separate == ["errand"]


class TestMasks:
    def test_display_and_public_notice(self) -> None:
        def keep(kind: str, audience: Audience) -> object:
            return kinds.keep_of(kind, audience, on=DAY)

        assert keep("name", Audience.DISPLAY) == keep("name", Audience.PUBLIC_NOTICE) == Keep(1, 0)
        assert keep("bank_card", Audience.DISPLAY) == Keep(0, 4)
        for kind in ("phone", "id_number", "bank_card", "student", "scale_score"):
            assert keep(kind, Audience.PUBLIC_NOTICE) is None
        assert keep("address", Audience.PUBLIC_NOTICE) == "village"

    def test_the_registry_shows_by_this_policy_and_no_other(self, monkeypatch) -> None:
        assert registry.shown(Field.PHONE, "13800138000") == "138****8000"
        assert registry.shown(Field.ID_NUMBER, "330424196804121234") == "330424********1234"
        stricter = rules.MaskPolicy(date(2023, 1, 1), {Audience.DISPLAY: {"phone": Keep(0, 2)}})
        monkeypatch.setattr(kinds, "_masks", [*kinds._masks, stricter])
        assert registry.shown(Field.PHONE, "13800138000") == "*********00"

    def test_before_any_policy_all_is_stars(self, monkeypatch) -> None:
        monkeypatch.setattr(kinds, "_masks", [])
        assert registry.shown(Field.NAME, "王建国") == "***"

    def test_a_kind_left_out_is_refused(self) -> None:
        path = Path(kinds.__file__).parent / "standards" / "masks.yaml"
        (entry,) = yaml.safe_load(path.read_text("utf-8"))
        del entry["value"]["public_notice"]["student"]
        with pytest.raises(UnableToReadPrivacy, match=r"public_notice.*student"):
            rules.read_masks(entry["value"], valid_from=DAY)


@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        ("回访核实是否修好", ""),
        ("办事", "short"),
        ("  办  事  ", "short"),
        ("\x00\x01办\x00\u200b事", "short"),
        ("联系13800138000核实", "number"),
        ("联系138 0013 8000核实", "number"),
        ("330424196804121234的事项", "number"),
        ("2026年6月的事项要回访", ""),
    ],
)
def test_reasons(reason: str, fault: str) -> None:
    assert rules.reason_fault(reason, least=4) == fault


@pytest.mark.parametrize(
    ("looks", "told", "now"), [(30, False, False), (31, False, True), (31, True, False)]
)
def test_the_alarm_is_told_once(looks: int, told: bool, now: bool) -> None:
    assert rules.is_too_much(looks, limit=30, told=told) is now
