"""Files dropped, pasted or picked on elements of ours, handed to NiceGUI's own uploader, which has no paste and only its own small area to drop on."""

from nicegui import ui
from nicegui.element import Element

TAKE = """(e) => {
  const files = [...((e.clipboardData || e.dataTransfer)?.files || [])];
  e.currentTarget?.classList?.remove('pb-dragging');
  if (!files.length) return;
  e.preventDefault(); e.stopPropagation();
  getElement(%d).$refs.qRef.addFiles(files);
}"""
OVER = "(e) => { e.preventDefault(); e.currentTarget.classList.add('pb-dragging'); }"
LEAVE = """(e) => {
  if (!e.currentTarget.contains(e.relatedTarget)) e.currentTarget.classList.remove('pb-dragging');
}"""


def drop_on(held: Element, uploader: ui.upload) -> None:
    """Let files be dropped anywhere on this element."""
    held.on("dragover", js_handler=OVER).on("dragleave", js_handler=LEAVE).on("drop", js_handler=TAKE % uploader.id)


def paste_in(held: Element, uploader: ui.upload) -> None:
    """Let files be pasted into this element."""
    held.on("paste", js_handler=TAKE % uploader.id)


def pick_with(button: Element, uploader: ui.upload) -> None:
    """Let this button open the browser's own choice of files."""
    button.on("click", js_handler=f"() => getElement({uploader.id}).$refs.qRef.pickFiles()")
