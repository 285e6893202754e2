"""Remotes as a part of the window: the sidebar's section, the page, playing, copying."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from vidcache_gui.cancel import CancelToken
from vidcache_gui.gui import words
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.library.sidebar import Place, RemoteRow
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.remotes.far import Far
from vidcache_gui.gui.remotes.frame_cache import FrameCache
from vidcache_gui.gui.remotes.model import FarModel
from vidcache_gui.gui.remotes.opening import Opening
from vidcache_gui.gui.remotes.page import FarPage
from vidcache_gui.gui.remotes.posters import FarPosters
from vidcache_gui.gui.remotes.roster import Roster
from vidcache_gui.gui.remotes.standing import SAID, Reach, Standing, abilities
from vidcache_gui.gui.remotes.stream import Batch, buckets_of, listed
from vidcache_gui.gui.session import Notice
from vidcache_gui.interfaces.remotes.bulk import PULL, PUSH, errand
from vidcache_gui.media.types import Kind

if TYPE_CHECKING:
    from vidcache_gui.core.bulk.records import BulkItem
    from vidcache_gui.gui.library.browser import Browser
    from vidcache_gui.gui.main_window import MainWindow
    from vidcache_gui.gui.remotes.dialog import RemoteDialog
    from vidcache_gui.gui.session import Session
    from vidcache_gui.interfaces.remotes.known import Known
    from vidcache_gui.interfaces.remotes.remote import Remote

ELSEWHERE = "All that is known about an item shows here once it is in the library."
MOST_SENT = 10_000  # items that one drag or key sends


class RemotesRoom(QObject):
    def __init__(self, window: "MainWindow", browser: "Browser") -> None:
        super().__init__(window)
        self._window = window
        self._browser = browser
        self._session: Session | None = None
        self.roster: Roster | None = None
        self.cache = FrameCache()
        self.page = FarPage(window)  # within the window, so that it follows the theme
        self.page.hide()
        self.dialog: RemoteDialog | None = None
        self._posters: FarPosters | None = None
        self._thumbnails: Thumbnails | None = None
        self._at: Known | None = None  # whose list is on the page
        page, sidebar = self.page, browser.sidebar
        page.opened.connect(self.play)
        page.copy_requested.connect(self.pull)
        page.menu_requested.connect(self._show_menu)
        page.text_searched.connect(lambda _: self._list())
        page.bucket_chosen.connect(self._list)
        page.again_requested.connect(self.look_again)
        page.edit_requested.connect(lambda: self.edit(page.name))
        page.left.connect(browser.return_to_list)
        page.grid.cell_size_changed.connect(browser.grid.set_cell_size)
        browser.grid.cell_size_changed.connect(page.grid.set_cell_size)
        page.grid.set_cell_size(browser.grid.cell_size)
        browser.place_changed.connect(self._hear_place)
        browser.copy_requested.connect(self.push_ids)
        sidebar.far_dropped.connect(self._drop)
        sidebar.add_remote_requested.connect(self.add)
        sidebar.menu_requested.connect(self._show_place_menu)
        actions = window.actions_by_id
        actions["add_remote"].triggered.connect(self.add)
        actions["pull"].triggered.connect(self.pull)
        actions["push"].triggered.connect(self._choose_remote)
        self._enable()

    # The library that is open

    def begin(self, session: "Session") -> None:
        """A library was opened."""
        self._session = session
        self.roster = roster = Roster(session.background, self)
        roster.changed.connect(self._show_roster)
        roster.failed.connect(session.report)
        session.closing.connect(self._end)
        roster.read()
        self._enable()

    def _end(self) -> None:
        self._leave()
        if self.dialog is not None:
            self.dialog.reject()
        if self.roster is not None:
            self.roster.close()
            self.roster.deleteLater()
        self.roster = self._session = None
        self._enable()

    def _leave(self) -> None:
        """The list on the page is wanted no more."""
        self._browser.inspector.say_when_empty()
        model = self.page.model
        self.page.clear()
        if model is not None:
            model.stop()
            model.deleteLater()
        self._forget_pictures()
        self._at = None

    def _forget_pictures(self) -> None:
        self.page.grid.set_thumbnails(None)
        if self._posters is not None:
            self._posters.close()
        if self._thumbnails is not None:
            self._thumbnails.deleteLater()
        self._posters = self._thumbnails = None

    def _show_roster(self) -> None:
        roster = self.roster
        if roster is None:
            return
        self._browser.sidebar.show_remotes(
            [self._row(one, roster.standing(one.name)) for one in roster.remotes.values()]
        )
        if self._at is not None:
            self.page.show_standing(roster.standing(self._at.name))
        self._enable()

    @staticmethod
    def _row(one: "Known", standing: Standing) -> RemoteRow:
        more = standing.reason or abilities(standing.spoken)
        return RemoteRow(one.name, SAID.get(standing.reach, ""), f"{one.address}\n{more}".strip())

    # Looking

    def _hear_place(self, place: Place) -> None:
        if place.name == "remote":
            self.show(place.remote)
        elif self._at is not None:
            self._leave()
        self._enable()

    @property
    def is_shown(self) -> bool:
        return self._at is not None and self._browser.on_page

    def show(self, name: str) -> None:
        """List what a remote has, from its start."""
        roster, session = self.roster, self._session
        one = roster.remotes.get(name) if roster is not None else None
        if roster is None or session is None or one is None:
            return
        self._leave()
        self._at = one
        model = FarModel(session.background, self)
        model.failed.connect(partial(self._hear_failure, one))
        self.page.show_remote(name, model)
        self._browser.show_page(self.page)
        self._browser.inspector.say_when_empty(ELSEWHERE)
        self._list()
        self._enable()

    def look_again(self) -> None:
        """Ask once more, and list anew."""
        if self._at is not None and self.roster is not None:
            self.roster.drop(self._at)
            self._forget_pictures()  # those that could not be had may come now
            self.roster.say(self._at.name, Standing(Reach.ASKING))
            self._list()

    def _list(self) -> None:
        one, roster, session, model = self._at, self.roster, self._session, self.page.model
        if one is None or roster is None or session is None or model is None:
            return
        roster.asking(one.name)
        self.page.show_standing(roster.standing(one.name))
        text, bucket = self.page.search.text().strip(), self.page.bucket
        tell = session.background.tell

        def lister(stop: CancelToken, pace: Callable[[int], None]) -> Iterator[Batch]:
            remote = roster.connection(one, stop)
            tell(("far", one.name), self._hear_there, (one, remote))
            if not bucket:
                tell(("far buckets", one.name), self._hear_buckets, (one, buckets_of(remote, stop)))
            yield from listed(remote, text, bucket, stop, pace)

        model.show(lister)

    def _hear_there(self, news: "tuple[Known, Remote]") -> None:
        one, remote = news
        roster, session = self.roster, self._session
        if roster is None or session is None:
            return
        roster.say(one.name, Standing(Reach.THERE, spoken=remote.spoken))
        model = self.page.model
        if one is self._at and model is not None and self._posters is None:
            self._posters = FarPosters(remote, model.far_of, self.cache)
            budget = self._window.settings.cache_mb * 1_000_000
            self._thumbnails = Thumbnails(
                session.background, self._posters, budget, self, purpose=Purpose.FAR_PICTURES
            )
            self.page.grid.set_thumbnails(self._thumbnails)
            self.page.grid.viewport().update()

    def _hear_buckets(self, news: "tuple[Known, list[str]]") -> None:
        one, names = news
        if one is self._at:
            self.page.show_buckets(names)

    def _hear_failure(self, one: "Known", error: Exception) -> None:
        if self.roster is not None and self.roster.remotes.get(one.name) == one:
            self.roster.hear(one, error)

    # Playing

    def play(self, far: Far) -> None:
        """Straight from the remote: what is shown is fetched, a little ahead."""
        one, roster, session = self._at, self.roster, self._session
        if one is None or roster is None or session is None:
            return
        if far.item.kind is Kind.DATA:
            session.noticed.emit(Notice(f"“{far.item.name}” holds no pictures that can be shown."))
            return
        library, cache = session.library, self.cache

        def open_it(remote: "Remote") -> None:
            if session is self._session:
                opening = Opening(far, remote, library, cache)
                self._window.enter_player().show_far(session, far.item, one.name, opening)
                self._window.commands.enable(0)

        session.background.run(
            Purpose.FAR_PICTURES, lambda: roster.connection(one), open_it, session.report
        )

    # Copying

    def pull(self) -> None:
        """What is selected on the page, to the library."""
        self._pull(None)

    def _drop(self, place: Place) -> None:
        self._pull(place.bucket or None)

    def _pull(self, bucket: str | None) -> None:
        one, session = self._at, self._session
        chosen = self.page.selected()
        if one is None or session is None or not chosen:
            return
        library, into = session.library, {"to_bucket": bucket} if bucket else {}

        def wanted(far: Far) -> "BulkItem":
            what = (
                {"item": far.file.hash}
                if far.file is not None
                else {"bucket": far.item.bucket, "ball_id": far.ball_id}
            )
            item = far.item
            return errand(library, PULL, item.name, item.size, remote=one.name, **what, **into)

        what = f"“{chosen[0].item.name}”" if len(chosen) == 1 else words.items(len(chosen))
        session.copy_items(f"{what} from {one.name}", lambda: [wanted(far) for far in chosen])

    def push_ids(self, ids: Sequence[int], name: str) -> None:
        """Items of the library, to a remote."""
        session = self._session
        one = self.roster.remotes.get(name) if self.roster is not None else None
        if session is None or one is None or not ids:
            return
        library = session.library

        def wanted() -> "list[BulkItem]":
            return [
                errand(library, PUSH, item.name, item.size, remote=one.name, item=str(item.id))
                for item in library.items(ids[:MOST_SENT])
            ]

        session.copy_items(f"{words.items(len(ids[:MOST_SENT]))} to {one.name}", wanted)

    def push(self, name: str) -> None:
        """What is selected in the library, to a remote."""
        self._browser.with_selected_ids(lambda ids: self.push_ids(ids, name))

    # Menus

    def fill(self, menu: QMenu) -> None:
        """Where items of the library can be copied to."""
        names = list(self.roster.remotes) if self.roster is not None else []
        if names:
            below = menu.addMenu("Copy to")
            self._fill_names(below, names)

    def _fill_names(self, menu: QMenu, names: Sequence[str]) -> None:
        for name in names:
            menu.addAction(name.replace("&", "&&")).triggered.connect(partial(self._push, name))

    def _push(self, name: str, _checked: bool = False) -> None:
        self.push(name)

    def _choose_remote(self) -> None:
        """One remote is meant; of several one is chosen."""
        names = list(self.roster.remotes) if self.roster is not None else []
        if len(names) == 1:
            self.push(names[0])
        elif names:
            menu = QMenu(self._window)
            menu.setAccessibleName("Copy to")
            self._fill_names(menu, names)
            menu.setActiveAction(menu.actions()[0])
            self._popup(menu, self._window.mapToGlobal(self._window.rect().center()))
        else:
            self.add()

    def _show_menu(self, point: QPoint) -> None:
        menu = QMenu(self._window)
        chosen = self.page.selected()
        if len(chosen) == 1:
            menu.addAction("Play").triggered.connect(lambda: self.play(chosen[0]))
        menu.addAction(self._window.actions_by_id.dressed("pull"))
        self._popup(menu, point)

    def _show_place_menu(self, place: Place, point: QPoint) -> None:
        name = place.remote
        if place.name != "remote":
            return
        menu = QMenu(self._window)
        for text, act in (
            ("Ask again", self.look_again if self._is_at(name) else partial(self._go_to, place)),
            ("Settings…", partial(self.edit, name)),
            ("Remove from the list…", partial(self.remove, name)),
        ):
            menu.addAction(text).triggered.connect(partial(_call, act))
        self._popup(menu, point)

    def _is_at(self, name: str) -> bool:
        return self._at is not None and self._at.name == name

    def _go_to(self, place: Place) -> None:
        self._browser.sidebar.show_place(place)

    def _popup(self, menu: QMenu, point: QPoint) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

    # The list of remotes

    def add(self) -> None:
        self._edit(None)

    def edit(self, name: str) -> None:
        if self.roster is not None and name in self.roster.remotes:
            self._edit(self.roster.remotes[name])

    def _edit(self, one: "Known | None") -> None:
        from vidcache_gui.gui.remotes.dialog import RemoteDialog
        from vidcache_gui.gui.remotes.trial import Trial

        roster, session = self.roster, self._session
        if roster is None or session is None or self.dialog is not None:
            return
        trial = Trial(session.background)
        dialog = RemoteDialog(trial, one, list(roster.remotes), self._window)
        trial.setParent(dialog)

        def keep(new: "Known") -> None:
            def shown() -> None:
                dialog.accept()
                self._go_to(Place("remote", remote=new.name))
                if one is not None and self._is_at(one.name):
                    self.show(new.name)

            roster.keep(new, one.name if one is not None else "", shown, dialog.refuse)

        dialog.chosen.connect(keep)
        dialog.finished.connect(self._forget_dialog)
        self.dialog = dialog
        dialog.open()

    def _forget_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def remove(self, name: str) -> None:
        """Nothing changes on it, and nothing that came from it goes."""
        from vidcache_gui.gui.remotes.removal import Removal

        roster = self.roster
        if roster is None:
            return
        dialog = Removal(name, self._window)
        dialog.accepted.connect(lambda: roster.forget(name))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # Keys

    def find(self) -> bool:
        """Ctrl+F means the page while it is there."""
        if not self.is_shown:
            return False
        self.page.search.setFocus()
        self.page.search.selectAll()
        return True

    def _enable(self) -> None:
        actions = self._window.actions_by_id
        actions.enable(("add_remote",), self._session is not None)
        actions.enable(("pull",), self.is_shown)


def _call(act: Callable[[], Any], _checked: bool = False) -> None:
    act()
