// Brings something into view within what scrolls around it. The browser's own scrollIntoView moves the page's frame as well, whose overflow is hidden: what it
// pushes out of sight nobody can bring back.
function scrollerOf(element: Element): Element | null {
  for (let box = element.parentElement; box !== null; box = box.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(box).overflowY)) return box;
  }
  return null;
}

export function showWithin(element: Element | null | undefined, block: 'start' | 'center'): void {
  if (!element) return;
  const box = scrollerOf(element);
  if (box === null) return element.scrollIntoView({ block });
  const inside = element.getBoundingClientRect();
  const below = inside.top - box.getBoundingClientRect().top - box.clientTop;
  box.scrollTop += block === 'start' ? below : below - (box.clientHeight - inside.height) / 2;
}
