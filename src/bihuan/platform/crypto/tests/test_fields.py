"""Sealed fields in a table."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.template import Context, Template

from bihuan.platform.crypto import keys
from bihuan.platform.crypto.fields import EncryptedText, Sealed
from bihuan.platform.crypto.providers import UnableToUnseal
from bihuan.platform.crypto.rotation import reseal_all

CANARY = "canary-7f3a91-陆建英"
CONTROL = "control-7f3a91-clear"


class Note(models.Model):
    """A table of these tests only."""

    personal_data = "none"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    secret = EncryptedText(null=True)
    other = EncryptedText(null=True)
    clear = models.TextField(default="")

    class Meta:
        app_label = "crypto"
        db_table = "crypto_test_note"


@pytest.fixture(autouse=True)
def _table(db) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Note)
    yield


def raw(column: str, pk: uuid.UUID) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM crypto_test_note WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def put(column: str, pk: uuid.UUID, value: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE crypto_test_note SET {column} = %s WHERE id = %s", [value, pk])


class TestReading:
    def test_comes_back_on_request(self) -> None:
        note = Note.objects.create(secret=CANARY)
        assert note.secret.open() == CANARY
        assert Note.objects.get().secret.open() == CANARY
        assert Note.objects.defer("secret").get().secret.open() == CANARY
        assert Note.objects.create().secret is None

    def test_saving_again_does_not_disturb(self) -> None:
        note = Note.objects.create(secret=CANARY)
        before = raw("secret", note.pk)
        again = Note.objects.get()
        again.clear = "x"
        again.save()
        assert raw("secret", note.pk) == before
        again.secret = "other"
        again.save()
        assert Note.objects.get().secret.open() == "other"

    def test_many_rows_at_once(self) -> None:
        Note.objects.bulk_create(Note(secret=f"s{n}") for n in range(3))
        assert sorted(note.secret.open() for note in Note.objects.all()) == ["s0", "s1", "s2"]

    def test_shows_nothing_unasked(self) -> None:
        note = Note.objects.create(secret=CANARY)
        page = Template("{{ note.secret }}").render(Context({"note": note}))
        assert page == "•••"
        assert CANARY not in repr(note.secret)
        (bare,) = Note.objects.values_list("secret", flat=True)
        assert isinstance(bare, Sealed)
        with pytest.raises(UnableToUnseal):
            bare.open()


class TestTampering:
    def test_a_value_of_another_row_does_not_open(self) -> None:
        mine, yours = Note.objects.create(secret="mine"), Note.objects.create(secret="yours")
        put("secret", mine.pk, raw("secret", yours.pk))
        with pytest.raises(UnableToUnseal):
            Note.objects.get(pk=mine.pk).secret.open()
        assert Note.objects.get(pk=yours.pk).secret.open() == "yours"

    def test_a_value_of_another_column_does_not_open(self) -> None:
        note = Note.objects.create(secret="one", other="two")
        put("other", note.pk, raw("secret", note.pk))
        with pytest.raises(UnableToUnseal):
            Note.objects.get().other.open()

    def test_an_edited_value_does_not_open(self) -> None:
        note = Note.objects.create(secret="one")
        edited = bytearray(raw("secret", note.pk))
        edited[-1] ^= 1
        put("secret", note.pk, bytes(edited))
        with pytest.raises(UnableToUnseal):
            Note.objects.get().secret.open()


class TestRefusals:
    def test_no_look_up_by_value(self) -> None:
        with pytest.raises(FieldError, match="blind index"):
            Note.objects.filter(secret=CANARY)
        with pytest.raises(FieldError, match="blind index"):
            Note.objects.filter(secret__contains="x")
        assert Note.objects.filter(secret__isnull=True).count() == 0

    def test_no_update_by_value(self) -> None:
        note = Note.objects.create(secret="before")
        with pytest.raises(FieldError), transaction.atomic():
            Note.objects.update(secret="after")
        note.secret = "after"
        with pytest.raises(FieldError), transaction.atomic():
            Note.objects.bulk_update([note], ["secret"])
        assert Note.objects.get().secret.open() == "before"


class TestRotation:
    def test_old_rows_open_and_a_saved_text_takes_the_new_key(self, settings, tmp_path) -> None:
        settings.BIHUAN_KEYS = tmp_path
        Note.objects.create(secret="before")
        keys.add_key(tmp_path, keys.Use.FIELD)
        keys.forget()
        note = Note.objects.get()
        assert raw("secret", note.pk)[:3] == b"\x01\x00\x01"
        note.secret = note.secret.open()
        note.save()
        assert raw("secret", note.pk)[:3] == b"\x01\x00\x02"
        assert Note.objects.get().secret.open() == "before"

    def test_everything_is_sealed_anew_and_the_old_key_can_go(self, settings, tmp_path) -> None:
        settings.BIHUAN_KEYS = tmp_path
        for number in range(3):
            Note.objects.create(secret=f"s{number}", other="o" if number else None)
        keys.add_key(tmp_path, keys.Use.FIELD)
        keys.forget()
        Note.objects.create(secret="s3")
        counts = reseal_all()
        assert counts["crypto_test_note.secret"] == 3
        assert counts["crypto_test_note.other"] == 2
        (tmp_path / "field-1.key").unlink()
        keys.forget()
        assert sorted(note.secret.open() for note in Note.objects.all()) == ["s0", "s1", "s2", "s3"]
        assert reseal_all()["crypto_test_note.secret"] == 0


@pytest.mark.trust
def test_a_canary_is_not_in_the_table_file() -> None:
    Note.objects.create(secret=CANARY, clear=CONTROL)
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath('crypto_test_note'))")
        contents = bytes(cursor.fetchone()[0])
    assert CONTROL.encode() in contents
    assert CANARY.encode() not in contents
    assert b"canary-7f3a91" not in contents
