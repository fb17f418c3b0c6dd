"""The keyboard's place on the page: where it begins, and that it is never lost when what held it is drawn anew or closes."""

from nicegui.element import Element

# an element that goes takes the focus with it, to nowhere: it is given to what stands there instead (the same button of a message
# that was redrawn, the next page of a section), unless the pointer has meanwhile been used
KEEP = """(() => {
  if (window.pbPlace) return;
  const HOLDERS = '.pb-turn, .pb-section, .pb-panel-room, .pb-lightbox, .pb-thread, .pb-nav';
  const CONTROLS = 'button, a[href], input, textarea';
  const placeOf = (el) => ({el, holder: el.closest(HOLDERS), text: el.innerText, kind: el.className});
  const back = (was) => {
    if (was.el.isConnected) { was.el.focus({preventScroll: true}); return; }
    const holder = was.holder?.isConnected ? was.holder : document.querySelector('.pb-main');
    const all = [...holder.querySelectorAll(CONTROLS)].filter((el) => el.offsetParent);
    const same = all.filter((el) => el.className === was.kind);
    (same.find((el) => el.innerText === was.text) ?? same[0] ?? all[0])?.focus({preventScroll: true});
  };
  let last = null;
  const before = [];
  window.pbPlace = {
    leave: () => before.push(placeOf(document.activeElement)),
    back: () => { const was = before.pop(); before.length = 0; if (was) back(was); },
  };
  document.addEventListener('focusin', (e) => { last = placeOf(e.target); });
  document.addEventListener('pointerdown', () => { last = null; });
  new MutationObserver(() => {
    if (last && !last.el.isConnected && document.activeElement === document.body) back(last);
  }).observe(document.body, {childList: true, subtree: true});
})()"""
INTO = """(() => {
  const held = getHtmlElement(%d);
  if (!document.activeElement.closest('.pb-thread')) pbPlace.leave();
  held?.focus();
})()"""
# the fields are on their way when this runs; a phone's keyboard would cover a form that has just come up
INTO_FORM = """((tries, title) => {
  const go = () => {
    const form = getHtmlElement(title)?.closest('.pb-form');
    if (!form) { if (tries--) setTimeout(go, 50); return; }
    const wrong = form.querySelector('.pb-problem');
    if (!wrong && matchMedia('(pointer: coarse)').matches) return;
    const field = wrong ? wrong.closest('.pb-field') : form.querySelector('.pb-field');
    const to = field?.querySelector('[role=radio][aria-checked=true]')
      ?? field?.querySelector('input:not([type=file]), textarea, [tabindex="0"], .pb-drop') ?? wrong;
    to?.focus({preventScroll: true});
    (field ?? wrong)?.scrollIntoView({block: 'center'});
  };
  go();
})(40, %d)"""
BEGIN = """(() => {
  if (!matchMedia('(pointer: fine)').matches || document.activeElement !== document.body) return;
  getHtmlElement(%d)?.querySelector('textarea')?.focus();
})()"""


# each is sent to the page of an element: by then the button that was pressed, in whose name it happens, may be gone


def keep_place(page: Element) -> None:
    """Never lose the focus on this page."""
    page.client.run_javascript(KEEP)


def lead_into(held: Element) -> None:
    """Lead the keyboard to what has opened beside the view, and remember where it was."""
    held.client.run_javascript(INTO % held.id)


def lead_back(held: Element) -> None:
    """Give the keyboard its place back when this closes."""
    held.client.run_javascript("pbPlace.back()")


def begin_in(held: Element) -> None:
    """Begin in the text of this element, unless a keyboard would come up over the page (a phone)."""
    held.client.run_javascript(BEGIN % held.id)


def lead_into_form(title: Element) -> None:
    """To what is wrong in the form under this title, else to its first field."""
    title.client.run_javascript(INTO_FORM % title.id)
