"""The folder of keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.platform.crypto import __main__ as command
from bihuan.platform.crypto import keys
from bihuan.platform.crypto.keys import Use


class TestFolder:
    def test_missing_keys_are_refused_and_named(self, tmp_path: Path) -> None:
        with pytest.raises(keys.UnableToFindKeys, match="field, index, signing") as refusal:
            keys.load(tmp_path)
        assert "python -m bihuan.platform.crypto" in str(refusal.value)
        assert list(tmp_path.iterdir()) == []

    def test_no_folder_named_is_refused(self, settings) -> None:
        settings.BIHUAN_KEYS = ""
        with pytest.raises(keys.UnableToFindKeys, match="BIHUAN_KEYS"):
            keys.ring()

    def test_a_real_installation_makes_no_keys_by_itself(self, settings, tmp_path: Path) -> None:
        settings.BIHUAN_KEYS = tmp_path / "none"
        settings.BIHUAN_MAKE_KEYS = False
        with pytest.raises(keys.UnableToFindKeys):
            keys.ring()
        assert not (tmp_path / "none").exists()

    def test_demo_makes_them_once_and_for_its_owner_only(self, settings, tmp_path: Path) -> None:
        settings.BIHUAN_KEYS = tmp_path / "keys"
        settings.BIHUAN_MAKE_KEYS = True
        first = keys.ring()
        keys.forget()
        assert keys.ring() == first
        files = sorted((tmp_path / "keys").iterdir())
        assert [f.name for f in files] == ["field-1.key", "index-1.key", "signing-1.key"]
        assert {f.stat().st_mode & 0o777 for f in files} == {0o600}

    def test_a_damaged_key_is_named(self, tmp_path: Path) -> None:
        keys.make_missing(tmp_path)
        (tmp_path / "index-1.key").write_text("hmac-sha-256 1234\n")
        with pytest.raises(keys.UnableToFindKeys, match=r"index-1\.key"):
            keys.load(tmp_path)

    def test_a_key_serves_one_use(self, tmp_path: Path) -> None:
        keys.make_missing(tmp_path)
        (tmp_path / "index-1.key").write_text((tmp_path / "field-1.key").read_text())
        with pytest.raises(keys.UnableToFindKeys, match=r"index-1\.key"):
            keys.load(tmp_path)

    def test_the_newest_key_is_current(self, tmp_path: Path) -> None:
        keys.make_missing(tmp_path)
        assert keys.add_key(tmp_path, Use.FIELD) == 2
        loaded = keys.load(tmp_path)
        assert loaded.current(Use.FIELD).number == 2
        assert [key.number for key in loaded.all(Use.FIELD)] == [2, 1]

    def test_a_secret_is_not_printed(self, tmp_path: Path) -> None:
        keys.make_missing(tmp_path)
        key = keys.load(tmp_path).current(Use.FIELD)
        assert key.secret.hex() not in repr(key)
        assert repr(key.secret) not in repr(keys.load(tmp_path))

    def test_the_command_makes_keys_of_the_chinese_algorithms(self, tmp_path: Path) -> None:
        assert command.main([str(tmp_path), "--sm"]) == 0
        made = keys.load(tmp_path)
        assert made.current(Use.FIELD).algorithm == "sm4-gcm"
        assert made.current(Use.INDEX).algorithm == "hmac-sm3"
        assert command.main([str(tmp_path), "--add", "field", "--sm"]) == 0
        assert keys.load(tmp_path).current(Use.FIELD).number == 2
