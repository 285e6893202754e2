"""Shared segments: intros, idents and title cards that many items have, with their names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.records import Item
from vidcache_gui.core.similar.records import Family, FamilyMember
from vidcache_gui.gui import theme, words
from vidcache_gui.gui.library.cell import elided
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.parts import label
from vidcache_gui.gui.similar.evidence import EvidencePictures
from vidcache_gui.gui.similar.match_row import fill_tile, paint_picture, paint_tile
from vidcache_gui.gui.similar.phrases import span

FAMILY_ROLE = Qt.ItemDataRole.UserRole + 1
ROW = 60
PICTURED = 60  # rows that show the segment itself; further down the poster will do
TILE = (72, 42)
Index = QModelIndex | QPersistentModelIndex


class FamilyModel(QAbstractListModel):
    """``renamed`` when a person gave a segment a name."""

    renamed = Signal(int, str)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: list[Family] = []

    def show(self, families: Sequence[Family]) -> None:
        """Rows stay what they are as long as the same segments are there in the same order."""
        if [row.id for row in self._rows] == [family.id for family in families]:
            self._rows = list(families)
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
            return
        self.beginResetModel()
        self._rows = list(families)
        self.endResetModel()

    def family(self, index: Index) -> Family | None:
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        family = self.family(index)
        if family is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return family.name
        if role == FAMILY_ROLE:
            return family
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{family.name}\n{family_words(family)}\nF2: rename"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{family.name}, {family_words(family)}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        family = self.family(index)
        name = str(value).strip()
        if family is None or role != Qt.ItemDataRole.EditRole or name in ("", family.name):
            return False
        self.renamed.emit(family.id, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        can = super().flags(index)
        return can | Qt.ItemFlag.ItemIsEditable if index.isValid() else can


class MemberModel(QAbstractListModel):
    """Where one segment is; only in what is in the library now."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: list[FamilyMember] = []

    def show(self, members: Sequence[FamilyMember]) -> None:
        self.beginResetModel()
        self._rows = [member for member in members if member.item is not None]
        self.endResetModel()

    def member(self, index: Index) -> FamilyMember | None:
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        member = self.member(index)
        if member is None or member.item is None:
            return None
        if role == FAMILY_ROLE:
            return member
        if role == Qt.ItemDataRole.DisplayRole:
            return member.item.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{member.item.name}, {span(member.start, member.end)}"
        return None


class FamiliesPane(QWidget):
    """Segments on the left, the items they are in on the right."""

    renamed = Signal(int, str)
    play_requested = Signal(object)  # Item
    item_chosen = Signal()  # ``item`` is another one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thumbnails: Thumbnails | None = None
        self.pictures: EvidencePictures | None = None
        self.model = FamilyModel(self)
        self.members = MemberModel(self)
        self.model.renamed.connect(self.renamed)
        self.list = self._list("Shared segments", self.model, _family_row)
        self.list.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_members())
        self.model.modelReset.connect(self._start)
        self.model.dataChanged.connect(lambda *_: self._show_members())
        self.member_list = self._list("Items with this segment", self.members, _member_row)
        self.member_list.activated.connect(self._play)
        selected = self.member_list.selectionModel()
        selected.currentChanged.connect(lambda *_: self.item_chosen.emit())
        self.members.modelReset.connect(self.item_chosen)
        hint = label(
            "What many items share is never called the same footage. F2 changes a name.",
            theme.SMALL,
            muted=True,
            wrap=True,
        )
        hint.setContentsMargins(16, 8, 16, 8)
        split = QSplitter()
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self.member_list)
        split.setSizes([500, 400])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hint)
        column.addWidget(split, 1)
        self.setFocusProxy(self.list)

    def _list(
        self, name: str, model: QAbstractListModel, row: "Callable[..., _Words | None]"
    ) -> QListView:
        view = QListView()
        view.setAccessibleName(name)
        view.setModel(model)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setItemDelegate(_Delegate(view, self, row))
        return view

    def set_pictures(
        self, thumbnails: Thumbnails | None, pictures: EvidencePictures | None
    ) -> None:
        self.thumbnails, self.pictures = thumbnails, pictures
        for source in (thumbnails, pictures):
            if source is not None:
                source.arrived.connect(self._repaint)

    def _repaint(self) -> None:
        if self.isVisible():
            self.list.viewport().update()
            self.member_list.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._want_pictures()

    def _want_pictures(self) -> None:
        """What the segment shows, out of each item that has it."""
        if self.pictures is None or not self.isVisible():
            return
        rows = [self.model.index(row) for row in range(min(self.model.rowCount(), PICTURED))]
        found = [_family_row(row.data(FAMILY_ROLE)) for row in rows]
        rows = [self.members.index(row) for row in range(min(self.members.rowCount(), PICTURED))]
        found += [_member_row(row.data(FAMILY_ROLE)) for row in rows]
        self.pictures.want(
            [(row.item, [row.at]) for row in reversed(found) if row is not None and row.item]
        )

    def show_families(self, families: Sequence[Family]) -> None:
        self.model.show(families)

    @property
    def item(self) -> Item | None:
        """The item chosen on the right."""
        member = self.members.member(self.member_list.currentIndex())
        return member.item if member is not None else None

    def _start(self) -> None:
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))
        self._show_members()

    def _show_members(self) -> None:
        family = self.model.family(self.list.currentIndex())
        self.members.show(family.members if family is not None else ())
        self._want_pictures()

    def _play(self, index: QModelIndex) -> None:
        member = self.members.member(index)
        if member is not None and member.item is not None:
            self.play_requested.emit(member.item)


@dataclass(frozen=True, slots=True)
class _Words:
    """What a row says: a picture of an item, a line, and a muted one."""

    item: Item | None
    at: float  # second of the item
    name: str
    facts: str


def family_words(family: Family) -> str:
    """``5.0 s · in 14 items``"""
    here = sum(member.item is not None for member in family.members)
    return f"{words.duration(family.seconds)} · in {words.items(here)}"


def _family_row(family: object) -> _Words | None:
    if not isinstance(family, Family):
        return None
    first = next((member for member in family.members if member.item is not None), None)
    item, at = (None, 0.0) if first is None else (first.item, (first.start + first.end) / 2)
    return _Words(item, at, family.name, family_words(family))


def _member_row(member: object) -> _Words | None:
    if not isinstance(member, FamilyMember) or member.item is None:
        return None
    middle = (member.start + member.end) / 2
    return _Words(member.item, middle, member.item.name, span(member.start, member.end))


class _Delegate(QStyledItemDelegate):
    def __init__(
        self, view: QListView, pane: FamiliesPane, row: Callable[..., _Words | None]
    ) -> None:
        super().__init__(view)
        self._view, self._pane, self._row = view, pane, row

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._row(index.data(FAMILY_ROLE))
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = option.rect.adjusted(8, 1, -8, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection" if selected else "hover"))
            painter.drawRoundedRect(room, 6, 6)
        if selected and self._view.hasFocus():
            painter.setPen(theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room.adjusted(0, 0, -1, -1), 6, 6)
        tile = QRect(room.left() + 8, room.center().y() - TILE[1] // 2 + 1, *TILE)
        ratio = self._view.devicePixelRatioF()
        pictures = self._pane.pictures
        image = pictures.picture(row.item, row.at) if pictures and row.item else None
        if image is None:
            paint_tile(painter, tile, row.item, self._pane.thumbnails, ratio)
        else:
            paint_picture(painter, tile, fill_tile(painter, tile), image)
        place = _words_room(option.rect)
        for top, text, tone, font in (
            (0, row.name, "text", theme.font()),
            (19, row.facts, "muted", theme.font(theme.SMALL, tabular=True)),
        ):
            painter.setFont(font)
            painter.setPen(theme.color(tone))
            line = QRect(place.left(), place.top() + top, place.width(), 18)
            shown = elided(text, line.width(), font, Qt.TextElideMode.ElideMiddle)
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(line, align, shown)
        painter.restore()

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QLineEdit:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Name of the segment")
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        place = _words_room(option.rect)
        editor.setGeometry(place.left() - 9, option.rect.center().y() - 14, place.width(), 28)


def _words_room(rect: QRect) -> QRect:
    left = rect.left() + 8 + 8 + TILE[0] + 12
    return QRect(left, rect.center().y() - 18, max(40, rect.right() - 16 - left), 37)
