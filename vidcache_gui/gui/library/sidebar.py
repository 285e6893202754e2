"""Places to look: all items, recent, damaged, trash, buckets with their prefixes, tags, remotes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QPainter,
)
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from vidcache_gui.core.records import BucketCount, Query
from vidcache_gui.gui import icons, theme, words
from vidcache_gui.gui.library.drag import FAR_MIME, ITEMS_MIME, dragged_ids
from vidcache_gui.gui.session import Counts

_PLACE = Qt.ItemDataRole.UserRole
_COUNT = Qt.ItemDataRole.UserRole + 1
_ICON = Qt.ItemDataRole.UserRole + 2
ROW_HEIGHT = 30
HEAD_HEIGHT = 36
MOST_TAGS = 200
RECENT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to look. ``bucket``, ``tag`` and ``remote`` are also somewhere to drop."""

    # all | recent | review | footage | damaged | trash | bucket | tag | remote | new_remote | head
    name: str
    bucket: str = ""
    prefix: str = ""
    tag: str = ""
    remote: str = ""

    @property
    def query(self) -> Query:
        if self.name == "bucket":
            return Query(bucket=self.bucket, prefix=self.prefix or None)
        if self.name == "tag":
            return Query(tag=self.tag)
        if self.name == "recent":
            return Query(added_since=int((time.time() - RECENT_DAYS * 86_400) * 1000))
        return Query(trash=self.name == "trash", damaged=self.name == "damaged")

    @property
    def title(self) -> str:
        if self.name == "bucket":
            return words.item_place(self.bucket, self.prefix)
        return self.tag or self.remote or _TITLES[self.name]


_TITLES = {
    "all": "All items",
    "recent": "Recent",
    "review": "Needs review",
    "footage": "Same footage",
    "damaged": "Damaged",
    "trash": "Trash",
}
_FIXED = (
    ("all", "all"),
    ("recent", "recent"),
    ("review", "compare"),
    ("footage", "same"),
    ("damaged", "damaged"),
    ("trash", "trash"),
)


@dataclass(frozen=True, slots=True)
class RemoteRow:
    """A remote as the sidebar shows it. ``said``: what is wrong with it, in a word or two."""

    name: str
    said: str = ""
    tip: str = ""


# Which places take what: items of the library, and of a remote.
_TAKEN: dict[str, tuple[str, ...]] = {
    ITEMS_MIME: ("bucket", "tag", "trash", "remote"),
    FAR_MIME: ("all", "recent", "bucket"),
}


class Sidebar(QTreeWidget):
    """``place_chosen`` when a person looks elsewhere."""

    place_chosen = Signal(object)  # Place
    items_dropped = Signal(object, object)  # list[int], Place
    far_dropped = Signal(object)  # Place: what is dragged out of a remote goes there
    add_remote_requested = Signal()
    menu_requested = Signal(object, QPoint)  # Place, global

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAccessibleName("Places")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)  # the delegate indents, so that the highlight spans the width
        self.setUniformRowHeights(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_PlaceDelegate(self))
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setMouseTracking(True)
        self.setViewportMargins(0, 8, 0, 8)
        self._rows: dict[Place, QTreeWidgetItem] = {}
        self._chosen = Place("all")
        self.drop_row: QTreeWidgetItem | None = None  # what is dragged would go there
        for name, icon in _FIXED:
            self._add(Place(name), None, _TITLES[name], icon, None)
        self._bucket_head = self._add(Place("head", "Buckets"), None, "BUCKETS", "", None)
        self._far_head = self._add(Place("head", "Remotes"), None, "REMOTES", "", None)
        self._tag_head = self._add(Place("head", "Tags"), None, "TAGS", "", None)
        for head in (self._bucket_head, self._tag_head, self._far_head):
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.setExpanded(True)
            head.setHidden(head is not self._far_head)
        new = self._add(Place("new_remote"), self._far_head, "Add a remote…", "add", 0)
        new.setToolTip(0, "Another server: look at what it has, play it, copy both ways")
        self.setCurrentItem(self._rows[Place("all")])
        self.currentItemChanged.connect(self._choose)
        self.itemClicked.connect(self._press)
        self.itemActivated.connect(self._press)

    @property
    def place(self) -> Place:
        item = self.currentItem()
        found = item.data(0, _PLACE) if item is not None else None
        if isinstance(found, Place) and found.name == "new_remote":
            return self._chosen  # it is something to do, no place to be
        return found if isinstance(found, Place) else Place("all")

    def show_place(self, place: Place) -> None:
        row = self._rows.get(place)
        if row is not None:
            self.setCurrentItem(row)

    def show_counts(self, counts: Counts) -> None:
        """Update numbers, add what is new and drop what is gone; nothing else moves."""
        stats = counts.stats
        numbers = {"all": stats.items, "damaged": stats.damaged, "trash": stats.trashed}
        for name, count in numbers.items():
            self._rows[Place(name)].setData(0, _COUNT, count)
        self._rows[Place("damaged")].setHidden(not stats.damaged and self.place != Place("damaged"))
        wanted = _bucket_places(counts.buckets)
        wanted.update(
            (Place("tag", tag=tag), (tag, count, None)) for tag, count in counts.tags[:MOST_TAGS]
        )
        self._drop_missing(wanted)
        for place, (text, count, parent) in wanted.items():
            row = self._rows.get(place)
            if row is None:
                row = self._insert(place, text, parent)
            row.setData(0, _COUNT, count)
        self._bucket_head.setHidden(not counts.buckets)
        self._tag_head.setHidden(not counts.tags)
        self.viewport().update()

    def show_matches(self, count: int) -> None:
        """How many matches nobody has decided about."""
        for name in ("review", "footage"):
            self._rows[Place(name)].setData(0, _COUNT, count)
        self.viewport().update()

    def show_remotes(self, remotes: Sequence[RemoteRow]) -> None:
        """All of them, in order."""
        wanted = {Place("remote", remote=one.name): one for one in remotes}
        for place in [p for p in self._rows if p.name == "remote" and p not in wanted]:
            if place == self.place:
                self.show_place(Place("all"))
            self._far_head.removeChild(self._rows.pop(place))
        for at, (place, one) in enumerate(wanted.items()):
            row = self._rows.get(place)
            if row is None:
                row = self._add(place, self._far_head, one.name, "server", at)
            row.setData(0, _COUNT, one.said)
            row.setToolTip(0, one.tip)
        self.viewport().update()

    def _drop_missing(self, wanted: dict[Place, tuple[str, int, Place | None]]) -> None:
        gone = [
            place
            for place in self._rows
            if place.name in ("bucket", "tag") and place not in wanted and place != self.place
        ]
        for place in sorted(gone, key=lambda p: -len(p.prefix)):
            row = self._rows.pop(place)
            if row.childCount():
                self._rows[place] = row  # something below it is being looked at
                continue
            (row.parent() or self.invisibleRootItem()).removeChild(row)

    def _insert(self, place: Place, text: str, parent: Place | None) -> QTreeWidgetItem:
        head = self._tag_head if place.name == "tag" else self._bucket_head
        above = self._rows[parent] if parent is not None else head
        below = (above.child(n) for n in range(above.childCount()))
        names = [row.text(0).casefold() for row in below if row is not None]
        at = sum(name < text.casefold() for name in names)
        icon = {"tag": "tag", "bucket": "folder" if place.prefix else "bucket"}[place.name]
        return self._add(place, above, text, icon, at)

    def _add(
        self, place: Place, above: QTreeWidgetItem | None, text: str, icon: str, at: int | None
    ) -> QTreeWidgetItem:
        row = QTreeWidgetItem([text])
        row.setData(0, _PLACE, place)
        row.setData(0, _ICON, icon)
        if above is None:
            self.addTopLevelItem(row)
        else:
            above.insertChild(at or 0, row)
            heads = (self._bucket_head, self._tag_head, self._far_head)
            above.setExpanded(above in heads or above.isExpanded())
        self._rows[place] = row
        return row

    def _choose(self, current: QTreeWidgetItem | None) -> None:
        if current is not None:
            place = current.data(0, _PLACE)
            if isinstance(place, Place) and place.name not in ("head", "new_remote"):
                self._chosen = place
                self.place_chosen.emit(place)

    def _press(self, row: QTreeWidgetItem) -> None:
        if row.data(0, _PLACE) == Place("new_remote"):
            self.show_place(self._chosen)
            self.add_remote_requested.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        row = self.currentItem() if keyboard else self.itemAt(event.pos())
        if row is not None and isinstance(row.data(0, _PLACE), Place):
            at = self.visualItemRect(row).center() if keyboard else event.pos()
            self.menu_requested.emit(row.data(0, _PLACE), self.viewport().mapToGlobal(at))

    def mousePressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        """A click on the arrow of a bucket opens it; elsewhere it chooses."""
        row = self.itemAt(event.position().toPoint())
        if row is not None and row.childCount() and row.parent() is not None:
            left_of_icon = event.position().x() < 24 + 14 * _depth(row)
            if left_of_icon:
                row.setExpanded(not row.isExpanded())
                event.accept()
                return
        super().mousePressEvent(event)

    # Items dropped on a bucket move there; on a tag they get it; on a remote they are copied.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(event.mimeData().hasFormat(kind) for kind in _TAKEN):
            event.acceptProposedAction()
        else:
            event.ignore()  # the window takes files

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        place = self._place_at(event)
        self._light(self._rows[place] if place is not None else None)
        if place is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._light(None)

    def dropEvent(self, event: QDropEvent) -> None:
        place = self._place_at(event)
        self._light(None)
        if place is not None:
            event.acceptProposedAction()
            if event.mimeData().hasFormat(FAR_MIME):
                self.far_dropped.emit(place)
            else:
                self.items_dropped.emit(dragged_ids(event.mimeData()), place)

    def _light(self, row: QTreeWidgetItem | None) -> None:
        self.drop_row = row
        self.viewport().update()

    def _place_at(self, event: QDropEvent) -> Place | None:
        """Where what is dragged would go; None where it cannot."""
        row = self.itemAt(event.position().toPoint())
        place = row.data(0, _PLACE) if row is not None else None
        takes = [names for kind, names in _TAKEN.items() if event.mimeData().hasFormat(kind)]
        return place if isinstance(place, Place) and place.name in sum(takes, ()) else None


def _bucket_places(
    buckets: tuple[BucketCount, ...],
) -> dict[Place, tuple[str, int, Place | None]]:
    """Every bucket and every step of every prefix: (text, items, place above)."""
    wanted: dict[Place, tuple[str, int, Place | None]] = {}
    for bucket in buckets:
        top = Place("bucket", bucket.name)
        wanted[top] = (bucket.name, bucket.count, None)
        totals: dict[str, int] = {}
        for prefix, count in bucket.prefixes:
            steps = [step for step in prefix.split("/") if step]
            for depth in range(1, len(steps) + 1):
                path = "/".join(steps[:depth])
                totals[path] = totals.get(path, 0) + count
        for path in sorted(totals):
            above, _, last = path.rpartition("/")
            parent = Place("bucket", bucket.name, above)
            wanted[Place("bucket", bucket.name, path)] = (last, totals[path], parent)
    return wanted


def _depth(row: QTreeWidgetItem) -> int:
    depth, above = 0, row.parent()
    while above is not None:
        depth, above = depth + 1, above.parent()
    return max(0, depth - 1)


class _PlaceDelegate(QStyledItemDelegate):
    """Icon, name, and the count lined up at the right."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        head = index.data(_PLACE).name == "head"
        return QSize(100, HEAD_HEIGHT if head else ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place: Place = index.data(_PLACE)
        if place.name == "head":
            self._paint_head(painter, option.rect, index)
        else:
            self._paint_place(painter, option, index)
        painter.restore()

    def _paint_head(
        self, p: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        p.setFont(theme.font(theme.SMALL, medium=True))
        p.setPen(theme.color("muted"))
        room = rect.adjusted(16, 12, -12, 0)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        p.drawText(room, align, str(index.data()))

    def _paint_place(
        self,
        p: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        tree = self.parent()
        assert isinstance(tree, Sidebar)
        row = tree.itemFromIndex(index)
        state = option.state
        room = option.rect.adjusted(8, 1, -8, -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(theme.color("selection" if selected else "hover"))
            p.drawRoundedRect(room, 6, 6)
        if row is tree.drop_row or (selected and tree.hasFocus()):
            p.setPen(theme.color("accent"))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(room.adjusted(0, 0, -1, -1), 6, 6)
        dpr = tree.devicePixelRatioF()
        left = room.left() + 8 + 14 * _depth(row)
        if row.parent() is not None and row.childCount():
            arrow = "chevron-down" if row.isExpanded() else "chevron-right"
            p.drawPixmap(left - 5, room.center().y() - 4, icons.pixmap(arrow, 10, "muted", dpr))
        if row.parent() is not None:
            left += 8
        accent = "accent" if selected else "muted"
        glyph = icons.pixmap(index.data(_ICON), 16, accent, dpr)
        p.drawPixmap(left, room.center().y() - 7, glyph)
        self._paint_text(p, room, left + 24, index)

    def _paint_text(
        self, p: QPainter, room: QRect, left: int, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        count = index.data(_COUNT)
        small = theme.font(theme.SMALL, tabular=True)
        right = room.right() - 8
        if count:
            text = count if isinstance(count, str) else words.number(count)
            p.setFont(small)
            p.setPen(theme.color("muted"))
            width = QFontMetrics(small).horizontalAdvance(text)
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            p.drawText(room.adjusted(0, 0, -8, 0), align, text)
            right -= width + 8
        p.setFont(theme.font())
        p.setPen(theme.color("text"))
        name = QFontMetrics(theme.font()).elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, right - left
        )
        place = QRect(left, room.top(), right - left, room.height())
        p.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
