"""What a page looks like to the one before it: what is cut off, what moves, how large its targets are."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# Text that its own box, or the edge of the page, cuts off; a region that scrolls by itself cuts nothing.
_CUT = """() => {
  const cut = [], wide = document.documentElement.clientWidth;
  const scrolls = (at, side) => { for (let box = at; box; box = box.parentElement)
    if (['auto', 'scroll'].includes(getComputedStyle(box)[side])) return true; return false; };
  const hidden = at => { for (let box = at; box; box = box.parentElement) {
    const style = getComputedStyle(box);
    if (style.display === 'none' || style.visibility === 'hidden' || style.clipPath !== 'none' || style.clip !== 'auto'
        || style.opacity === '0') return true; } return false; };
  for (const at of document.body.querySelectorAll('*')) {
    if (![...at.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    const box = at.getBoundingClientRect(), style = getComputedStyle(at);
    if (!box.width || !box.height || hidden(at) || at.closest('.skip, option, select')) continue;
    const clips = side => ['hidden', 'clip'].includes(style[side]);
    if ((box.right > wide + 1 || box.left < -1) && !scrolls(at.parentElement, 'overflowX')) cut.push(['page', at]);
    else if (clips('overflowX') && at.scrollWidth > at.clientWidth + 1) cut.push(['width', at]);
    else if (clips('overflowY') && at.scrollHeight > at.clientHeight + 1) cut.push(['height', at]);
  }
  return cut.map(([by, at]) => by + ': ' + at.outerHTML.slice(0, 120));
}"""
_TARGETS = """root => [...document.querySelectorAll(root)].flatMap(area => [...area.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')].map(target => {
  const tile = ['radio', 'checkbox'].includes(target.type) && target.closest('label');
  const box = (tile || target).getBoundingClientRect();
  const inline = target.tagName === 'A' && getComputedStyle(target).display === 'inline';
  return [target.outerHTML.slice(0, 120), box.width, box.height, inline];
}).filter(([, width, height, inline]) => width && height && !inline))"""
_MOVING = """() => [...document.querySelectorAll('*')].flatMap(at => {
  const style = getComputedStyle(at), longest = text => Math.max(...text.split(',').map(parseFloat));
  const moves = style.animationName !== 'none' && longest(style.animationDuration) > 0.01
    || longest(style.transitionDuration) > 0.01 || style.scrollBehavior === 'smooth';
  return moves ? [at.outerHTML.slice(0, 120)] : [];
})"""


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its screen, once the chart, which follows its width, is drawn anew."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def cut_off(page: Page) -> list[str]:
    """The beginnings of elements whose text is cut off, and by what."""
    return list(page.evaluate(_CUT))


def smaller_targets(page: Page, least: int, root: str = "body") -> list[str]:
    """What can be tapped within `root` and is smaller than `least` CSS pixels either way; links in a sentence aside."""
    targets: list[list[Any]] = page.evaluate(_TARGETS, root)
    return [
        f"{width:.0f} x {height:.0f}: {html}" for html, width, height, _ in targets if min(width, height) < least - 0.5
    ]


def moving(page: Page) -> list[str]:
    """What is animated, or would be."""
    return list(page.evaluate(_MOVING))


def luminance(page: Page) -> float:
    """How bright the ground of the page is: 0 black, 1 white."""
    color: str = page.evaluate(
        "[document.body, document.documentElement].map(at => getComputedStyle(at).backgroundColor)"
        ".find(color => color !== 'rgba(0, 0, 0, 0)')"
    )
    parts = [float(part) / 255 for part in color[color.index("(") + 1 : -1].split(",")[:3]]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
