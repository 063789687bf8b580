"""Static files under names with their own fingerprint, with a fallback before the first collectstatic."""
from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class _Lenient:
    """A command that renders a page or a paper must not fail because nobody collected the static files yet."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The fingerprinted name; the plain one, which WhiteNoise then finds in the rooms, when there is none."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name


class ManifestStorage(_Lenient, ManifestStaticFilesStorage):
    """The default: collecting takes a second."""


class CompressedManifestStorage(_Lenient, CompressedManifestStaticFilesStorage):
    """For the image build only: compressing everything takes half a minute."""
