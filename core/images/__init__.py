"""The picture store and all that looks into a picture: references checked, results kept, previews made."""

from core.images.check import BrokenPicture, Checked
from core.images.facade import Images, Lookup, StoredImage, expected
from core.images.label import Label
from core.images.make import Maker
from core.images.store import ImageStore, PictureGone, S3Options, StoreTrouble, open_store

__all__ = [
    "BrokenPicture",
    "Checked",
    "ImageStore",
    "Images",
    "Label",
    "Lookup",
    "Maker",
    "PictureGone",
    "S3Options",
    "StoreTrouble",
    "StoredImage",
    "expected",
    "open_store",
]
