"""Photos in forms: several at once, each looked at before it is believed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bihuan.platform.files import store

MOST = 9


class PhotosInput(forms.ClearableFileInput):
    """A file input that takes several photos."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to nine photos."""

    def __init__(self, **options: Any) -> None:
        attributes = {"accept": "image/*", "multiple": True}
        super().__init__(widget=PhotosInput(attrs=attributes), **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Return the files, or say what is wrong."""
        given = [f for f in (data if isinstance(data, list | tuple) else [data]) if f]
        if len(given) > MOST:
            raise ValidationError(_("Choose at most nine photos."))
        if self.required and not given:
            raise ValidationError(_("Add a photo."))
        return [super(PhotosField, self).clean(item, initial) for item in given]


def receive_voice(file: UploadedFile[Any], *, at: datetime) -> str:
    """Take in the voice note of a form and return its hash.

    Raises:
        UnableToStore: it is no sound that we know, or too large.
    """
    return store.receive_voice(file, at=at)


def receive_photos(files: Sequence[UploadedFile[Any]], *, at: datetime) -> tuple[str, ...]:
    """Take in the photos of a form and return their hashes.

    Raises:
        UnableToReadPhoto: one of them is no photo, or too large; nothing is attached then.
    """
    return tuple(store.receive_photo(item, at=at) for item in files)
