"""The desk's forms: what is typed is checked, and errors stand beside their fields."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from articles.ingest.draft import Draft, UnreadableText
from articles.ingest.text import MAX_TEXT, read_text
from articles.models import LANGUAGE, Article
from articles.revising import CORRECTABLE

# A code point of UTF-8 has at most four bytes.
MAX_BYTES = MAX_TEXT * 4
MAX_FILES = 50
OF_ONE_STORY = ("title", "byline", "url")


class SeveralFiles(forms.ClearableFileInput):
    """Django's file input takes one file unless told otherwise."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files up to MAX_FILES; cleans to a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in data or [] if file]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(f"Choose at most {MAX_FILES} files at a time.")
        return files


class BesideForm(forms.Form):
    """What stands beside a text."""

    title = forms.CharField(max_length=300, required=False)
    outlet = forms.CharField(max_length=200, required=False, help_text="Who published it.")
    byline = forms.CharField(max_length=300, required=False)
    url = forms.URLField(
        label="Address",
        max_length=2000,
        required=False,
        assume_scheme="https",
        help_text="Where the story stood first, with https://.",
    )
    language = forms.CharField(
        max_length=20,
        required=False,
        validators=[LANGUAGE],
        help_text="A language tag such as en or pt-BR.",
    )


class NewForm(BesideForm):
    """A story pasted, or stories uploaded. `drafts` holds them once the form is valid."""

    text = forms.CharField(
        required=False,
        strip=False,
        label="Story",
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="Paste the whole story. A short first line becomes its title; a list under "
        "“Related:” at the end is kept beside the text.",
    )
    files = FilesField(
        required=False,
        label="Text files",
        widget=SeveralFiles(attrs={"accept": ".txt,text/plain"}),
        help_text="Or choose one or several .txt files, one story each.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = "Otherwise it is taken from the story, or made from it."
        self.fields["language"].help_text += " Otherwise it is guessed."

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        pasted, files = values.get("text", ""), values.get("files") or []
        self.drafts: list[Draft] = []
        if not pasted.strip() and not files and not self.errors:
            self.add_error("text", "Paste a story, or choose a text file below.")
        if len(files) + bool(pasted.strip()) > 1:
            self._refuse_what_fits_one(values)
        if self.errors:
            return values
        if pasted.strip():
            self._read("text", pasted, values)
        for file in files:
            self._read("files", file, values)
        return values

    def _refuse_what_fits_one(self, values: dict[str, Any]) -> None:
        for name in OF_ONE_STORY:
            if values.get(name):
                self.add_error(
                    name,
                    f"One {self[name].label.lower()} cannot fit several stories: leave it empty.",
                )

    def _read(self, field: str, given: str | UploadedFile, values: dict[str, Any]) -> None:
        prefix = "" if isinstance(given, str) else f"{given.name}: "
        try:
            self.drafts.append(_draft(given, values))
        except UnreadableText as error:
            beside = error.field if error.field in ("title", "language") else field
            self.add_error(beside, f"{prefix}{error}")


def _draft(given: str | UploadedFile, values: dict[str, Any]) -> Draft:
    if not isinstance(given, str) and given.size and given.size > MAX_BYTES:
        raise UnreadableText(
            f"The file has {given.size:,} bytes; a story has at most {MAX_TEXT:,} characters."
        )
    raw = given if isinstance(given, str) else given.read()
    draft = read_text(raw, title=values["title"], language=values["language"])
    beside = {name: values[name] for name in ("outlet", "byline", "url") if values[name]}
    return replace(draft, **beside)


class CorrectForm(BesideForm):
    """What stands beside a text that is here already, and the version of it that was seen."""

    dated = forms.DateTimeField(
        label="Date", required=False, help_text="That the outlet gives, such as 2024-11-27."
    )
    title_is_right = forms.BooleanField(
        required=False, label="The title is right as it stands: do not call it made up any more"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, article: Article, data: Any = None) -> None:
        super().__init__(data, initial=_beside(article))
        self.fields["title"].required = self.fields["language"].required = True
        if article.title_is_made_up:
            self.fields["title"].help_text = "Made up from the first sentence: give the right one."

    def corrections(self) -> dict[str, Any]:
        """What was changed, and the title also where it was made up and is right."""
        wanted = {*self.changed_data, *(["title"] if self.cleaned_data["title_is_right"] else [])}
        return {name: self.cleaned_data[name] for name in CORRECTABLE if name in wanted}


def _beside(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "outlet": article.outlet.name if article.outlet else "",
        "byline": article.byline,
        "url": article.url,
        "language": article.language,
        "dated": article.dated,
        "version": article.version,
    }


class ReviseForm(forms.Form):
    """A new text for an article."""

    text = forms.CharField(
        strip=False,
        label="Text",
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 24}),
    )
    note = forms.CharField(
        max_length=300,
        required=False,
        label="What changed",
        help_text="For colleagues and the history.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_text(self) -> str:
        return unicodedata.normalize("NFC", self.cleaned_data["text"])
