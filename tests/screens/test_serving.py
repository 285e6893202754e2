"""Pictures of the local server, for eyes: off, on, asked, let into the network, in trouble."""

import contextlib
import socket
from pathlib import Path

import httpx
import pytest
from PySide6.QtWidgets import QApplication
from vidcache_client import VidCacheClient

from tests.media import make
from tests.screens.walk import Walk
from vidcache_gui.core.library import Library
from vidcache_gui.gui.serving.dialog import ServingDialog
from vidcache_gui.gui.serving.room import ServingRoom

STATES = (
    "off", "on", "failures", "below-the-window", "network", "network-on", "port-taken",
)  # fmt: skip


def free_ports(count: int) -> str:
    """As they are typed. Others may run this at the same time: none is taken for granted."""
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return ", ".join(str(one.getsockname()[1]) for one in found)


class Serving(Walk):
    about = "serving"

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
        self.picture("off")
        self._set_ports(free_ports(2))
        self.dialog.switch.click()
        self.wait_until(lambda: self.room.state.is_on)
        self._ask(self.room.state.addresses[0], clips)
        self.picture("on")
        self.dialog.log.filter.choose(True)
        self.picture("failures")
        self.dialog.accept()
        self.wait_until(lambda: len(self.items()) == len(clips))
        self.picture("below-the-window")
        self.room.switch_off()
        self.wait_until(lambda: not self.room.state.is_on)
        window.actions_by_id["serve"].trigger()
        self.dialog.form.reach.choose(True)
        self.dialog.form.token.show_it.setChecked(True)
        self.picture("network")
        self.dialog.switch.click()
        self.wait_until(lambda: self.room.state.is_on)
        self.picture("network-on")
        self.room.switch_off()
        self.wait_until(lambda: not self.room.state.is_on)
        self.dialog.form.reach.choose(False)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self._set_ports(str(taken.getsockname()[1]))
            self.dialog.switch.click()
            self.wait_until(lambda: bool(self.room.state.problem))
            self.picture("port-taken")

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
    clips = [
        make.make_video(tmp_path / f"clip {n}.mp4", size=(320, 180), frames=12, first=20 * n)
        for n in range(5)
    ]
    stage = Serving(qapp, tmp_path)
    try:
        stage.walk(Library.open(tmp_path / "My archive", create=True), clips)
    finally:
        stage.end()
    stage.keep(STATES, {"on": "serving.png"})
