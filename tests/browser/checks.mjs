// What a page must keep for people who use a keyboard, a small screen, or letters set wider than ours.

/** Goes through the page with the Tab key: each stop is visible, on top, ringed, and comes in the order of the page. */
export async function keyboardFaults(page, most = 150) {
  const faults = [];
  await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  let last = -1;
  for (let stop = 0; stop < most; stop += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(describeStop);
    if (!seen) break;
    if (seen.order < last) break; // Around once.
    last = seen.order;
    if (seen.ring < 2) faults.push(`${seen.name} has no ring when it has the focus`);
    if (seen.covered) faults.push(`${seen.name} is covered by ${seen.covered}`);
  }
  if (last < 0) faults.push("nothing takes the focus");
  return faults;
}

function describeStop() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  // The calendar button inside a date field is not ours to look into; style.css rings it.
  const inside = !element.matches(":focus");
  const ring = inside ? 3 : style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  const rects = [...element.getClientRects()];
  const middle = rects[0] ?? box;
  const top = document.elementFromPoint(middle.x + middle.width / 2, middle.y + Math.min(middle.height, innerHeight) / 2);
  const free = !top || element.contains(top) || top.contains(element) || element.labels?.[0]?.contains(top);
  return {
    name: `${element.tagName.toLowerCase()} "${(element.textContent || element.id).trim().slice(0, 40)}"`,
    order: [...document.querySelectorAll("*")].indexOf(element),
    ring,
    covered: free ? "" : top.outerHTML.slice(0, 60),
  };
}

/** Buttons and fields smaller than 24 by 24 CSS pixels (WCAG 2.5.8; links within a sentence are exempt). */
export function smallTargets(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea, summary, nav a, .button")]
      .filter((element) => element.checkVisibility() && !element.closest(".skip"))
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 24 || box.height < 24)
      .map(({ element, box }) => `${element.outerHTML.slice(0, 60)} is ${Math.round(box.width)} by ${Math.round(box.height)}`));
}

/** What no longer fits with the letter, word and line spacing of WCAG 1.4.12. */
export async function spacingFaults(page) {
  // A constructed sheet is no inline style, so the page's policy allows it.
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }");
    document.adoptedStyleSheets.push(sheet);
  });
  const faults = await page.evaluate(() =>
    [...document.querySelectorAll("main *")]
      .filter((element) => element.checkVisibility() && !element.closest(".unseen, .scroll, select, input, textarea, svg"))
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible")
      .map((element) => `${element.outerHTML.slice(0, 60)} is cut off`));
  await page.evaluate(() => { document.adoptedStyleSheets.pop(); });
  return faults;
}
