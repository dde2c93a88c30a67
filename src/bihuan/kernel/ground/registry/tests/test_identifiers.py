"""Identifiers: the published vectors, another implementation, and each part that can be wrong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some
from stdnum.cn import ric, uscc

from bihuan.kernel.ground.registry.rules import identifiers, masks
from bihuan.kernel.ground.registry.rules.identifiers import Fault
from bihuan.kernel.ground.registry.types import Keep

DIGIT = some.sampled_from("0123456789")


class TestIdNumber:
    @pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
    def test_published_numbers_are_right(self, number: str) -> None:
        assert identifiers.id_number_fault(number) is None
        assert ric.calc_check_digit(number) == number[-1]

    @pytest.mark.parametrize(
        ("number", "fault"),
        [
            ("", Fault("length", expected="18")),
            ("1101051949123100", Fault("length", expected="18")),
            ("1101051949123100288", Fault("length", expected="18")),
            ("11O10519491231002X", Fault("character", 3)),
            ("1101051949123100XX", Fault("character", 17)),
            ("99010519491231002X", Fault("division", 1)),
            ("110105194913310028", Fault("birth_date", 7)),
            ("110105190002290024", Fault("birth_date", 7)),
            ("110105194912310021", Fault("check_digit", 18, "X")),
            ("440524188001010015", Fault("check_digit", 18, "4")),
        ],
    )
    def test_the_wrong_part_is_named(self, number: str, fault: Fault) -> None:
        assert identifiers.id_number_fault(number) == fault

    def test_nobody_is_born_tomorrow(self) -> None:
        body = "33042420260625001"
        number = body + identifiers.id_check_digit(body)
        assert identifiers.id_number_fault(number, today=date(2026, 6, 25)) is None
        wrong = identifiers.id_number_fault(number, today=date(2026, 6, 24))
        assert wrong == Fault("birth_date", 7)

    @given(serial=some.text(DIGIT, min_size=3, max_size=3), born=some.dates(date(1900, 1, 1)))
    def test_agrees_with_another_implementation(self, serial: str, born: date) -> None:
        body = f"330424{born:%Y%m%d}{serial}"
        assert identifiers.id_check_digit(body) == ric.calc_check_digit(body + "0")

    @given(position=some.integers(0, 17), digit=DIGIT)
    def test_one_wrong_character_is_always_found(self, position: int, digit: str) -> None:
        right = "11010519491231002X"
        wrong = right[:position] + digit + right[position + 1 :]
        assert (identifiers.id_number_fault(wrong) is None) == (wrong == right)

    def test_the_birth_date_is_read(self) -> None:
        assert identifiers.birth_date("11010519491231002X") == date(1949, 12, 31)


class TestUscc:
    def test_the_published_code_is_right(self) -> None:
        assert identifiers.uscc_fault("91350100M000100Y43") is None
        assert uscc.is_valid("91350100M000100Y43")

    @pytest.mark.parametrize(
        ("code", "fault"),
        [
            ("91350100M000100Y4", Fault("length", expected="18")),
            ("9135O100M000100Y43", Fault("character", 5)),
            ("91350100MI00100Y43", Fault("character", 10)),
            ("91990100M000100Y43", Fault("division", 3)),
            ("913501A0M000100Y43", Fault("division", 3)),
            ("91350100M000100Y44", Fault("check_digit", 18, "3")),
        ],
    )
    def test_the_wrong_part_is_named(self, code: str, fault: Fault) -> None:
        assert identifiers.uscc_fault(code) == fault

    def test_the_organisation_code_inside_is_checked(self) -> None:
        first_17 = "91350100M000100Y5"
        code = first_17 + identifiers.uscc_check_character(first_17)
        assert identifiers.uscc_fault(code) == Fault("organisation_code", 17, "4")

    @given(body=some.text(some.sampled_from(identifiers.USCC_ALPHABET), min_size=9, max_size=9))
    def test_agrees_with_another_implementation(self, body: str) -> None:
        first_17 = "91330421" + body
        assert identifiers.uscc_check_character(first_17) == uscc.calc_check_digit(first_17)

    @given(position=some.integers(0, 17), other=some.sampled_from(identifiers.USCC_ALPHABET))
    def test_one_wrong_character_is_always_found(self, position: int, other: str) -> None:
        right = "91350100M000100Y43"
        wrong = right[:position] + other + right[position + 1 :]
        assert (identifiers.uscc_fault(wrong) is None) == (wrong == right)


class TestOthers:
    @pytest.mark.parametrize("code", ["D2143569X", "M000100Y4"])
    def test_organisation_codes(self, code: str) -> None:
        assert identifiers.organisation_code_fault(code) is None
        assert identifiers.organisation_code_fault(code[:8] + "1") == Fault(
            "check_digit", 9, code[8]
        )

    def test_hyphens_and_wide_characters_are_cleaned(self) -> None:
        assert identifiers.clean(" d2143569-x ") == "D2143569X"
        assert identifiers.clean("１３９ ０５７３ ００００") == "13905730000"

    @pytest.mark.parametrize("code", ["330424", "330424105", "330424105000"])
    def test_division_codes(self, code: str) -> None:
        assert identifiers.division_code_fault(code) is None

    @pytest.mark.parametrize(
        ("code", "part"),
        [("33042", "length"), ("33042A", "character"), ("990424", "division")],
    )
    def test_wrong_division_codes(self, code: str, part: str) -> None:
        fault = identifiers.division_code_fault(code)
        assert fault is not None
        assert fault.part == part

    @pytest.mark.parametrize(
        ("phone", "fault"),
        [
            ("13800138000", None),
            ("19912345678", None),
            ("1380013800", Fault("length", expected="11")),
            ("12800138000", Fault("prefix", 1)),
            ("05738600000", Fault("prefix", 1)),
            ("1380013800X", Fault("character", 11)),
        ],
    )
    def test_phones(self, phone: str, fault: Fault | None) -> None:
        assert identifiers.phone_fault(phone) == fault

    @pytest.mark.parametrize(
        ("number", "fault"),
        [
            ("4111111111111111", None),
            ("4111111111111112", Fault("check_digit", 16, "1")),
            ("411111111111111", Fault("length", expected="16–19")),
            ("411111111111111X", Fault("character", 16)),
        ],
    )
    def test_bank_cards(self, number: str, fault: Fault | None) -> None:
        assert identifiers.bank_card_fault(number) == fault


class TestMasks:
    @pytest.mark.parametrize(
        ("value", "keep", "shown"),
        [
            ("王建国", Keep(1, 0), "王**"),
            ("王立", Keep(1, 0), "王*"),
            ("13800138000", Keep(3, 4), "138****8000"),
            ("330424196804121234", Keep(6, 4), "330424********1234"),
            ("4111111111111111", Keep(0, 4), "************1111"),
            ("13800138000", None, ""),
            ("13800138000", Keep(), "*" * 11),
            ("", Keep(3, 4), ""),
        ],
    )
    def test_keeps_the_ends(self, value: str, keep: Keep | None, shown: str) -> None:
        assert masks.mask(value, keep) == shown

    def test_a_value_too_short_for_its_mask_never_comes_out_whole(self) -> None:
        assert masks.mask("1380013", Keep(3, 4)) == "*******"
        assert masks.mask("王", Keep(1, 0)) == "*"
