"""All that is known about what is selected: to read, to copy, to change."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.records import Item, ItemDetails
from vidcache_gui.gui import theme, words
from vidcache_gui.gui.facts import fact_rows
from vidcache_gui.gui.meta_editor import MetaEditor
from vidcache_gui.gui.parts import ElidedLabel, action_button, icon_button, label, line
from vidcache_gui.gui.preview import Preview
from vidcache_gui.gui.similar.same_section import SameSection
from vidcache_gui.gui.similar.sides import Shown
from vidcache_gui.gui.tag_editor import TagEditor

if TYPE_CHECKING:
    from vidcache_gui.gui.library.thumbnails import Thumbnails
    from vidcache_gui.gui.session import Session

SETTLE_MS = 60  # arrow keys held down: only where they stop is read
ALIASES_SHOWN = 5
HINT = "Select an item to see what is known about it."


class Inspector(QScrollArea):
    """Shows one item in full, or what several have in common."""

    play_requested = Signal(object)  # Item

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        self.setWidgetResizable(True)
        self.setMinimumWidth(220)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there, and drawn only when it is of use: a bar that comes and goes changes
        # the width, which changes the height of wrapped text, which changes the bar, and Qt
        # follows that circle until its stack is full.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, most: bar.setEnabled(most > 0))
        bar.setEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._session: Session | None = None
        self._items: list[Item] = []
        self._details: ItemDetails | None = None
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._read_details)
        self.preview = Preview()
        self.preview.opened.connect(self._play)
        body = QWidget()
        body.setObjectName("inspector_body")
        self._empty, self._one, self._several = pages = (
            self._build_empty(),
            self._build_item(),
            self._build_several(),
        )
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        for page in pages:  # not a stack: only the page that is shown takes room
            column.addWidget(page)
        self.setWidget(body)
        self._show_page(self._empty)

    # Building

    def _build_empty(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 24, 16, 16)
        self._hint = hint = label(HINT, muted=True, wrap=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(hint)
        column.addStretch()
        return page

    def _build_item(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.preview)
        self.name = QLineEdit()
        self.name.setProperty("quiet", True)
        self.name.setFont(theme.font(theme.SECTION, medium=True))
        self.name.setAccessibleName("Name")
        self.name.setToolTip("Rename: type and press Enter")
        self.name.editingFinished.connect(self._rename)
        self.name.setTextMargins(-4, 0, 0, 0)  # the text lines up with the picture
        column.addWidget(self.name)
        self._kind = label(muted=True)
        column.addWidget(self._kind)
        self._damaged = label(wrap=True, selectable=True)
        self._damaged.setProperty("warn", True)
        column.addWidget(self._damaged)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(2)
        self._tools.setContentsMargins(-6, 0, 0, 0)
        column.addLayout(self._tools)
        self.tags = TagEditor()
        self.tags.tag_added.connect(lambda tag: self._tag(add=[tag]))
        self.tags.tag_removed.connect(lambda tag: self._tag(remove=[tag]))
        self._section(column, "Tags", self.tags)
        self._facts = QWidget()
        self._facts_form = _form(self._facts)
        self._section(column, "Facts", self._facts)
        self.same = SameSection()
        self._same = QWidget()  # with its title: it takes no room where there is nothing to say
        within = QVBoxLayout(self._same)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(8)
        self._same_title = self._section(within, "Same footage", self.same)
        self._same.hide()
        column.addWidget(self._same)
        self._aliases = QWidget()
        self._aliases_column = QVBoxLayout(self._aliases)
        self._aliases_column.setContentsMargins(0, 0, 0, 0)
        self._aliases_column.setSpacing(4)
        self._aliases_title = self._section(column, "Known from", self._aliases)
        self.meta = MetaEditor()
        self.meta.meta_changed.connect(self._set_meta)
        self._section(column, "Details", self.meta)
        column.addStretch()
        return page

    def _build_several(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        self._several_title = label("", theme.SECTION, medium=True)
        self._several_facts = label("", muted=True, wrap=True)
        self.several_tags = TagEditor()
        self.several_tags.tag_added.connect(lambda tag: self._tag(add=[tag]))
        self.several_tags.tag_removed.connect(lambda tag: self._tag(remove=[tag]))
        column.addWidget(self._several_title)
        column.addWidget(self._several_facts)
        self._section(column, "Tags they share", self.several_tags)
        column.addStretch()
        return page

    def _section(self, column: QVBoxLayout, title: str, body: QWidget) -> QLabel:
        column.addSpacing(4)
        column.addWidget(line())
        column.addSpacing(2)
        head = label(title, theme.SMALL, medium=True, muted=True)
        column.addWidget(head)
        column.addWidget(body)
        return head

    # Showing

    def set_actions(self, actions: Iterable[QAction]) -> None:
        """What can be done with the one item that is shown, as a row of icons."""
        for action in actions:
            self._tools.addWidget(action_button(action))
        self._tools.addStretch()

    def set_session(self, session: "Session | None", thumbnails: "Thumbnails | None") -> None:
        self._session = session
        if session is not None:
            session.checking.counts_changed.connect(lambda _: self._settle.start())
        self.preview.thumbnails = thumbnails
        if thumbnails is not None:
            thumbnails.arrived.connect(self._show_picture)
        self.show_items([], 0)

    def show_items(self, items: list[Item], count: int) -> None:
        """Show the selection: its loaded items, and how many there are in all."""
        before = self._items
        self._items = items
        if count == 1 and items:
            if not (len(before) == 1 and before[0].id == items[0].id):
                self._details = None
                self._show_item(items[0])
            elif before[0] != items[0]:
                self._show_item(items[0])
            self._settle.start()
            self._show_page(self._one)
        elif count > 1:
            self._settle.stop()
            self._show_several(items, count)
            self._show_page(self._several)
        else:
            self._settle.stop()
            self.preview.show_item(None)
            self._show_page(self._empty)

    def _show_page(self, shown: QWidget) -> None:
        for page in (self._empty, self._one, self._several):
            page.setVisible(page is shown)

    def say_when_empty(self, text: str = "") -> None:
        """Instead of the usual hint, while what is selected is not in the library."""
        self._hint.setText(text or HINT)

    def edit_name(self) -> None:
        if not self._one.isHidden():
            self.name.setFocus()
            self.name.selectAll()

    def edit_tags(self) -> None:
        editor = self.tags if not self._one.isHidden() else self.several_tags
        editor.edit()

    def _show_item(self, item: Item) -> None:
        self.preview.show_item(item)
        if not self.name.hasFocus():
            self.name.setText(item.name)
            self.name.setCursorPosition(0)
        place = words.item_place(item.bucket, item.prefix)
        self._kind.setText(f"{words.KIND_WORDS[item.kind]} in {place}")
        self._damaged.setText(item.damaged or "")
        self._damaged.setVisible(bool(item.damaged))
        self.tags.show_tags(item.tags)
        self._show_facts(item, self._details)
        if self._details is None:
            self.meta.show_meta(None)
            self._show_aliases(None)
            self._show_same([])

    def _show_several(self, items: list[Item], count: int) -> None:
        self._several_title.setText(f"{words.items(count)} selected")
        total = sum(item.size for item in items)
        seconds = sum(item.duration or 0.0 for item in items)
        facts = [words.size(total)]
        if seconds:
            facts.append(words.duration(seconds))
        prefix = "" if len(items) == count else f"first {words.number(len(items))}: "
        self._several_facts.setText(prefix + " · ".join(facts))
        shared = set(items[0].tags).intersection(*(item.tags for item in items)) if items else ()
        self.several_tags.show_tags(tuple(sorted(shared)))

    def _show_facts(self, item: Item, details: ItemDetails | None) -> None:
        _clear(self._facts_form)
        for row in fact_rows(item, details):
            value = ElidedLabel(row.shown)
            value.setFont(theme.mono() if row.mono else theme.font(tabular=True))
            value.setToolTip(row.whole or "")
            value.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            title = label(row.title, muted=True)
            if not row.copies:
                self._facts_form.addRow(title, value)
                continue
            holder = QWidget()
            across = QHBoxLayout(holder)
            across.setContentsMargins(0, 0, 0, 0)
            across.setSpacing(4)
            across.addWidget(value, 1)
            whole = row.whole or row.shown
            copy = icon_button("copy", f"Copy {row.title}", partial(_copy, whole), "muted")
            copy.setIconSize(QSize(14, 14))
            copy.setFixedSize(22, 22)
            across.addWidget(copy)
            self._facts_form.addRow(title, holder)

    def _show_aliases(self, details: ItemDetails | None) -> None:
        while (entry := self._aliases_column.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.deleteLater()
        aliases = details.aliases if details is not None else ()
        self._aliases_title.setText(
            f"Known from {words.plural(len(aliases), 'place', 'places')}"
            if aliases
            else "Known from"
        )
        for alias in aliases[:ALIASES_SHOWN]:
            row = ElidedLabel(words.place(alias.source), Qt.TextElideMode.ElideMiddle)
            row.setToolTip(
                f"{alias.source}\nfirst seen {words.moment(alias.first_seen)}, "
                f"last seen {words.moment(alias.last_seen)}"
            )
            self._aliases_column.addWidget(row)
        if len(aliases) > ALIASES_SHOWN:
            more = f"and {words.number(len(aliases) - ALIASES_SHOWN)} more"
            rest = label(more, muted=True)
            rest.setToolTip("\n".join(a.source for a in aliases[ALIASES_SHOWN:40]))
            self._aliases_column.addWidget(rest)

    def _show_details(self, details: ItemDetails) -> None:
        if len(self._items) != 1 or self._items[0].id != details.item.id:
            return
        self._details = details
        self._show_facts(details.item, details)
        self._show_aliases(details)
        self.meta.show_meta(details.meta)

    def _show_same(self, matches: list[Shown]) -> None:
        count = words.plural(len(matches), "item", "items")
        self._same_title.setText(f"Same footage in {count}")
        self.same.show_matches(matches)
        self._same.setVisible(bool(matches))

    def _read_details(self) -> None:
        if self._session is not None and len(self._items) == 1:
            id = self._items[0].id
            self._session.read_details(id, self._show_details)
            self._session.read_matches(id, lambda found: self._show_matches_of(id, found))

    def _show_matches_of(self, item_id: int, matches: list[Shown]) -> None:
        if len(self._items) == 1 and self._items[0].id == item_id:
            self._show_same(matches)

    def _show_picture(self, item_id: int) -> None:
        if self.preview.item is not None and self.preview.item.id == item_id:
            self.preview.update()

    # Changing

    def _rename(self) -> None:
        if self._session is None or len(self._items) != 1:
            return
        name = self.name.text().strip()
        if name and name != self._items[0].name:
            self._session.rename(self._items[0].id, name)
        elif not name:
            self.name.setText(self._items[0].name)

    def _tag(self, *, add: list[str] | None = None, remove: list[str] | None = None) -> None:
        if self._session is not None and self._items:
            ids = [item.id for item in self._items]
            self._session.tag(ids, add=add or (), remove=remove or ())

    def _set_meta(self, meta: dict[str, Any]) -> None:
        if self._session is not None and len(self._items) == 1:
            self._session.set_meta(self._items[0].id, meta or None)

    def _play(self) -> None:
        if self._items:
            self.play_requested.emit(self._items[0])


def _form(owner: QWidget) -> QFormLayout:
    form = QFormLayout(owner)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(4)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def _clear(form: QFormLayout) -> None:
    while form.rowCount():
        form.removeRow(0)


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
