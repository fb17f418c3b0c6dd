"""Which sections of the admins are looked at, and by which view."""

from collections.abc import Callable, Mapping

from adapters.page.admin.floor import Floor
from adapters.page.admin.gallery import GalleryView
from adapters.page.admin.keys import KeysView
from adapters.page.admin.records import RecordsView
from adapters.page.admin.status import StatusView
from adapters.page.sections import View

VIEWS: Mapping[str, Callable[[Floor], View]] = {
    "admin-status": StatusView,
    "admin-records": RecordsView,
    "admin-keys": KeysView,
    "admin-gallery": GalleryView,
}


def view_of(section: str, floor: Floor) -> View | None:
    """A fresh view of this section, None where it is one of the desk's replies."""
    made = VIEWS.get(section)
    return made(floor) if made is not None else None
