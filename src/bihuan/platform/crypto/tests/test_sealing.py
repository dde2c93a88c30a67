"""Sealing, blind indexes and signatures."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bihuan.platform.crypto import keys, sealing, signing
from bihuan.platform.crypto.keys import Use
from bihuan.platform.crypto.providers import HmacSm3, UnableToUnseal
from bihuan.platform.crypto.sealing import Place

HERE = Place("registry_person", "name", "7c0e")
ALGORITHMS = {"west": {}, "sm": {Use.FIELD: "sm4-gcm", Use.INDEX: "hmac-sm3"}}


@pytest.fixture(params=["west", "sm"])
def folder(request, settings, tmp_path: Path) -> Path:
    """Use a folder of keys of its own, once for each family of algorithms."""
    for use in Use:
        keys.add_key(tmp_path, use, algorithm=ALGORITHMS[request.param].get(use, ""))
    settings.BIHUAN_KEYS = tmp_path
    return tmp_path


class TestSealing:
    def test_opens_where_it_was_sealed(self, folder: Path) -> None:
        sealed = sealing.seal("陆建英", HERE)
        assert sealing.unseal(sealed, HERE) == "陆建英"
        assert "陆建英".encode() not in sealed
        assert sealing.seal("陆建英", HERE) != sealed

    @pytest.mark.parametrize(
        "elsewhere",
        [
            Place("registry_person", "name", "7c0f"),
            Place("registry_person", "phone", "7c0e"),
            Place("registry_household", "name", "7c0e"),
            Place("registry_personn", "ame", "7c0e"),
        ],
    )
    def test_does_not_open_elsewhere(self, folder: Path, elsewhere: Place) -> None:
        with pytest.raises(UnableToUnseal):
            sealing.unseal(sealing.seal("陆建英", HERE), elsewhere)

    def test_every_single_bit_counts(self, folder: Path) -> None:
        sealed = sealing.seal("1", HERE)
        for position in range(len(sealed) * 8):
            edited = bytearray(sealed)
            edited[position // 8] ^= 1 << (position % 8)
            with pytest.raises(UnableToUnseal):
                sealing.unseal(bytes(edited), HERE)

    def test_a_cut_value_does_not_open(self, folder: Path) -> None:
        sealed = sealing.seal("陆建英", HERE)
        for length in range(len(sealed)):
            with pytest.raises(UnableToUnseal):
                sealing.unseal(sealed[:length], HERE)

    def test_a_new_key_reads_what_the_old_one_sealed(self, folder: Path) -> None:
        old = sealing.seal("陆建英", HERE)
        keys.add_key(folder, Use.FIELD)
        keys.forget()
        new = sealing.seal("陆建英", HERE)
        assert sealing.unseal(old, HERE) == sealing.unseal(new, HERE) == "陆建英"
        assert (sealing.key_number(old), sealing.key_number(new)) == (1, 2)
        assert (sealing.is_old(old), sealing.is_old(new)) == (True, False)

    def test_a_lost_key_is_said(self, folder: Path) -> None:
        old = sealing.seal("陆建英", HERE)
        keys.add_key(folder, Use.FIELD)
        (folder / "field-1.key").unlink()
        keys.forget()
        with pytest.raises(UnableToUnseal, match="key 1"):
            sealing.unseal(old, HERE)

    @given(text=some.text(), row=some.text(max_size=20))
    def test_any_text_comes_back(self, text: str, row: str) -> None:
        place = Place("t", "c", row)
        assert sealing.unseal(sealing.seal(text, place), place) == text


class TestBlindIndex:
    def test_equal_texts_meet_and_others_do_not(self, folder: Path) -> None:
        one = sealing.blind_index("13800138000", about="registry.person.phone")
        assert one == sealing.blind_index("13800138000", about="registry.person.phone")
        assert one != sealing.blind_index("13800138001", about="registry.person.phone")
        assert one != sealing.blind_index("13800138000", about="registry.person.id_number")
        assert len(one) == 32

    def test_it_depends_on_a_key_of_its_own(self, folder: Path) -> None:
        before = sealing.blind_index("1", about="x")
        keys.add_key(folder, Use.FIELD)
        keys.forget()
        assert sealing.blind_index("1", about="x") == before
        keys.add_key(folder, Use.INDEX)
        keys.forget()
        assert sealing.blind_index("1", about="x") != before
        assert sealing.blind_indexes("1", about="x")[1] == before

    def test_sm3_agrees_with_another_implementation(self) -> None:
        assert hashlib.new("sm3", b"abc").hexdigest().startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2")
        expected = hmac.digest(b"k" * 32, "陆建英".encode(), "sm3")
        assert HmacSm3().digest(b"k" * 32, "陆建英".encode()) == expected


class TestSigning:
    def test_only_the_same_words_for_the_same_purpose_are_signed(self, folder: Path) -> None:
        signature = signing.sign(b"firm 7, yellow", purpose="code")
        assert signing.is_signed(b"firm 7, yellow", signature, purpose="code")
        assert not signing.is_signed(b"firm 7, green", signature, purpose="code")
        assert not signing.is_signed(b"firm 7, yellow", signature, purpose="certificate")
        assert not signing.is_signed(b"firm 7, yellow", signature[:-1], purpose="code")
        for position in range(len(signature)):
            edited = bytearray(signature)
            edited[position] ^= 1
            assert not signing.is_signed(b"firm 7, yellow", bytes(edited), purpose="code")

    def test_old_signatures_stand_after_a_new_key(self, folder: Path) -> None:
        old = signing.sign(b"x", purpose="code")
        keys.add_key(folder, Use.SIGNING)
        keys.forget()
        assert signing.is_signed(b"x", old, purpose="code")
        assert signing.sign(b"x", purpose="code")[:2] == b"\x00\x02"
        assert set(signing.public_keys()) == {1, 2}
