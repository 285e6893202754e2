"""Footage that comes in a second time, changed, and is found."""

from pathlib import Path

from vidcache_gui.core.records import JobState
from vidcache_gui.gui.demo.stage import Stage
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.media.sample import dusk, frames, write_video

AGAIN = "dusk_mirrored_cut.mp4"
FPS = 24


class Finding(Stage):
    def bring_back(self, folder: Path) -> None:
        """A part of the dusk comes in, mirrored and small."""
        session = self.window.session
        assert session is not None
        library = session.library
        pictures = [picture[:, ::-1] for picture in frames(dusk, 96, 320, 180)[24:84]]
        write_video(folder / AGAIN, pictures, codec="libx264", fps=FPS)
        jobs = len(library.jobs())
        self.window.commands.add([str(folder / AGAIN)])
        self.wait_until(lambda: len(library.jobs()) > jobs)
        self.wait_until(lambda: all(job.state is JobState.DONE for job in library.jobs()))

    def find(self) -> None:
        """The page of everything that shows the same; why the surest pair does."""
        session = self.window.session
        assert session is not None
        library = session.library
        self.wait_until(lambda: library.check_state().done)
        self.window.actions_by_id["same_footage"].trigger()
        page = self.window.desk.footage
        self.wait_until(page.pane.isVisible)
        self.settle()
        self.picture("same-footage")
        page.pane.show_why(True)
        self.settle()
        self.settle()
        self.picture("same-footage-why")
        page.pane.show_why(False)
        self.window.browser.sidebar.show_place(Place("all"))
        self.settle()
