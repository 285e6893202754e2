"""Pictures of the local server, for eyes: off, on, asked, let into the network, in trouble."""

import itertools
import os
import socket
from pathlib import Path

import httpx
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from vidcache_client import VidCacheClient

from tests.media import make
from tests.screens.test_tour import OUT
from vidcache_gui.core.library import Library
from vidcache_gui.gui.app import dress_app
from vidcache_gui.gui.demo import SIZES
from vidcache_gui.gui.demo.stage import Stage
from vidcache_gui.gui.serving.dialog import ServingDialog
from vidcache_gui.gui.serving.room import ServingRoom

STATES = ("off", "on", "failures", "below-the-window", "network", "port-taken")


class Serving(Stage):
    """The states, one after the other, each in both themes."""

    @property
    def room(self) -> ServingRoom:
        return self.window.serving

    @property
    def dialog(self) -> ServingDialog:
        assert self.room.dialog is not None
        return self.room.dialog

    def walk(self, library: Library, clips: list[Path]) -> None:
        window = self.window
        window.show_library(library)
        self.wait_until(lambda: window.browser.model is not None and window.browser.model.is_listed)
        window.actions_by_id["serve"].trigger()
        self.picture("serving-off")
        self._set_ports("18020, 24000")
        self.dialog.switch.click()
        self.wait_until(lambda: self.room.state.is_on)
        self._ask(self.room.state.addresses[0], clips)
        self.picture("serving-on")
        self.dialog.log.filter.choose(True)
        self.picture("serving-failures")
        self.dialog.accept()
        self.wait_until(lambda: len(self.items()) == len(clips))
        self.picture("serving-below-the-window")
        self.room.switch_off()
        self.wait_until(lambda: not self.room.state.is_on)
        window.actions_by_id["serve"].trigger()
        self.dialog.form.reach.choose(True)
        self.dialog.form.token.show_it.setChecked(True)
        self.picture("serving-network")
        self.dialog.form.reach.choose(False)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self._set_ports(str(taken.getsockname()[1]))
            self.dialog.switch.click()
            self.wait_until(lambda: bool(self.room.state.problem))
            self.picture("serving-port-taken")
        window.close()

    def _set_ports(self, text: str) -> None:
        self.dialog.form.ports.setText(text)
        self.dialog.form.ports.textEdited.emit(text)

    def _ask(self, address: str, clips: list[Path]) -> None:
        """As the published client and a few strangers do."""
        with VidCacheClient(address) as client:
            for clip in clips:
                begun = client.upload_init(f"https://example.org/{clip.name}", bucket="clips")
                with clip.open("rb") as file:
                    hash = client.upload_stream(begun["upload_id"], file)["hash"]
                client.get_bytes(hash, byte_range=(0, 999))
        httpx.get(f"{address}/browse", headers={"Host": "evil.example"})
        httpx.get(f"{address}/wp-login.php")
        httpx.post(f"{address}/upload/init", headers={"Origin": "https://evil.example"})
        httpx.get(f"{address}/api/v4/stats")
        self.wait_until(lambda: self.room.log.count >= 3 * len(clips) + 4)


@pytest.mark.slow
@pytest.mark.screens
def test_every_state_of_serving_is_pictured(qapp: QApplication, tmp_path: Path) -> None:
    dress_app(qapp)
    clips = [
        make.make_video(tmp_path / f"clip {n}.mp4", size=(320, 180), frames=12, first=20 * n)
        for n in range(5)
    ]
    size = SIZES[1] if os.environ.get("VIDCACHE_SCREENS") == "large" else SIZES[0]
    stage = Serving(qapp, tmp_path, size, tmp_path / "settings.ini")
    try:
        stage.walk(Library.open(tmp_path / "My archive", create=True), clips)
    finally:
        stage.window.close()
        stage.window.deleteLater()
    OUT.mkdir(exist_ok=True)
    for state, scheme in itertools.product(STATES, ("light", "dark")):
        name = f"serving-{state}-{scheme}-{size[0]}x{size[1]}.png"
        image = QImage(str(tmp_path / "screens" / name))
        assert (image.width(), image.height()) == size, state
        spots = itertools.product(range(0, size[0], 16), range(0, size[1], 16))
        assert len({image.pixel(x, y) for x, y in spots}) > 4, f"{state} is blank"
        image.save(str(OUT / name))
