"""A word without Chinese is found with its file and line; so is one that is translated badly."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from tools import messages

HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: zh_Hans\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)


class House:
    """A small house of apps for the tool to read."""

    def __init__(self, root: Path) -> None:
        self.source = root / "src" / "bihuan"

    def write(self, path: str, text: str) -> Path:
        target = self.source / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def app(self, folder: str, words: str = "") -> None:
        self.write(f"{folder}/apps.py", "")
        self.write(f"{folder}/locale/zh_Hans/LC_MESSAGES/django.po", HEAD + words)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path / "src" / "bihuan")
    messages.refusals.cache_clear()
    yield House(tmp_path)
    messages.refusals.cache_clear()


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    code = messages.main(["check"])
    return code, capsys.readouterr().out.splitlines()


def test_a_word_with_chinese_passes(house: House, capsys) -> None:
    house.app("desks/officer", 'msgid "Lamp"\nmsgstr "路灯"\n')
    house.write("desks/officer/pages.py", 'from x import gettext as _\na = _("Lamp")\n')
    assert checked(capsys) == (0, ["messages: 0 missing, 0 faults"])


@pytest.mark.parametrize(
    "words", ["", 'msgid "Lamp"\nmsgstr ""\n', '#, fuzzy\nmsgid "Lamp"\nmsgstr "灯"\n']
)
def test_a_word_that_is_absent_empty_or_fuzzy_is_named(house: House, capsys, words: str) -> None:
    house.app("desks/officer", words)
    house.write("desks/officer/pages.py", '\n\na = gettext_lazy("Lamp")\n')
    code, said = checked(capsys)
    assert code == 1
    assert said == [
        "src/bihuan/desks/officer/pages.py:3: no Chinese for 'Lamp' in officer",
        "messages: 1 missing, 0 faults",
    ]


def test_templates_are_read(house: House, capsys) -> None:
    house.app("desks/officer")
    house.write(
        "desks/officer/templates/officer/x.html",
        '<p>\n{% translate "Lamp" %}\n{% blocktranslate count n=n %}one{% plural %}{{ n }} many'
        '{% endblocktranslate %}\n{% translate "May" context "month" %}',
    )
    code, said = checked(capsys)
    assert code == 1
    where = "src/bihuan/desks/officer/templates/officer/x.html"
    assert said == [
        f"{where}:2: no Chinese for 'Lamp' in officer",
        f"{where}:3: no Chinese for 'one' in officer",
        f"{where}:4: no Chinese for 'May' in officer",
        "messages: 3 missing, 0 faults",
    ]


def test_words_of_refusals_are_read(house: House, capsys) -> None:
    house.app("scenes/lamps")
    house.write(
        "scenes/lamps/operations.py",
        'class UnableToLight(Refused):\n    pass\n\nraise UnableToLight("It is day.")\n',
    )
    code, said = checked(capsys)
    assert code == 1
    assert said[0].endswith("operations.py:4: no Chinese for 'It is day.' in lamps")


def test_a_word_may_stand_lower_and_not_higher(house: House, capsys) -> None:
    house.app("platform/ui", 'msgid "Lamp"\nmsgstr "路灯"\n')
    house.app("desks/officer", 'msgid "Desk"\nmsgstr "办公台"\n')
    house.write("desks/officer/pages.py", 'a = _("Lamp")\n')
    house.write("platform/ui/words.py", 'a = _("Desk")\n')
    code, said = checked(capsys)
    assert code == 1
    assert said[:-1] == ["src/bihuan/platform/ui/words.py:1: no Chinese for 'Desk' in ui"]


def test_two_translations_of_one_word_clash(house: House, capsys) -> None:
    house.app("desks/officer", 'msgid "Lamp"\nmsgstr "路灯"\n')
    house.app("desks/public", 'msgid "Lamp"\nmsgstr "灯"\n')
    code, said = checked(capsys)
    assert code == 1
    assert "'Lamp' is translated otherwise in src/bihuan/desks/officer/locale" in said[0]
    assert said[0].startswith("src/bihuan/desks/public/locale/zh_Hans/LC_MESSAGES/django.po:7:")


@pytest.mark.parametrize(
    ("source", "target"), [("%(n)s lamps", "%(m)s 盏"), ("{n} lamps", "盏"), ("%d lamps", "%s 盏")]
)
def test_places_to_fill_in_must_be_the_same(house: House, capsys, source, target) -> None:
    house.app("desks/officer", f'msgid "{source}"\nmsgstr "{target}"\n')
    code, said = checked(capsys)
    assert code == 1
    assert len(said) == 2
    assert said[0].endswith("differ")


def test_a_catalogue_that_django_does_not_read_is_named(house: House, capsys) -> None:
    house.app("desks/officer")
    house.write("locale/zh_Hans/LC_MESSAGES/django.po", HEAD)
    code, said = checked(capsys)
    assert code == 1
    assert said[0].endswith("Django reads no catalogue here")


def test_what_lacks_is_added_once(house: House, capsys) -> None:
    house.app("desks/officer", 'msgid "Desk"\nmsgstr "办公台"\n')
    house.write("desks/officer/pages.py", 'a = _("Lamp")\nb = ngettext("a", "%(n)s b", 2)\n')
    house.write("desks/officer/more.py", 'c = _("Lamp")\n')
    assert messages.main(["extract"]) == 0
    path = house.source / "desks/officer/locale/zh_Hans/LC_MESSAGES/django.po"
    found = {e.key[1]: e.words for e in messages.entries(path)}
    assert found == {"Desk": ("办公台",), "Lamp": ("",), "a": ("",)}
    before = path.read_text("utf-8")
    assert messages.main(["extract"]) == 0
    assert path.read_text("utf-8") == before
    assert checked(capsys)[0] == 1


def test_compiled_catalogues_speak(house: House) -> None:
    house.app("desks/officer", 'msgid "Lamp"\nmsgstr "路灯"\n')
    assert messages.main(["compile"]) == 0
    binary = house.source / "desks/officer/locale/zh_Hans/LC_MESSAGES/django.mo"
    with binary.open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("Lamp") == "路灯"


def test_a_wrong_verb_is_explained(capsys) -> None:
    assert messages.main(["chek"]) == 2
    assert "compile" in capsys.readouterr().out
