"""Pictures of items become images, by the JPEG reader alone."""

import io

import pytest
from PIL import Image

from vidcache_gui.gui.library.thumbnails import decode


def picture(form: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 10, 10)).save(data, form)
    return data.getvalue()


@pytest.mark.usefixtures("app")
def test_a_jpeg_is_decoded_and_made_smaller() -> None:
    whole, small = decode(picture("JPEG")), decode(picture("JPEG"), side=10)
    assert whole is not None
    assert small is not None
    assert (whole.width(), whole.height()) == (40, 20)
    assert (small.width(), small.height()) == (10, 5)
    assert whole.pixelColor(5, 5).red() > 180


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("data", [b"", b"nothing", picture("PNG"), b"<svg xmlns='x'/>"])
def test_nothing_else_is_looked_at(data: bytes) -> None:
    assert decode(data) is None
