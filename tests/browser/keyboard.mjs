// A page worked by the keyboard alone: from one thing to the next by Tab, and in it by the keys that belong to it.
import assert from "node:assert/strict";

const MOST_STEPS = 400;

/** Goes on by Tab until `is` says that the thing with the focus is the one. */
async function tabUntil(page, what, is) {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (await is()) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${what} at ${page.url()}`);
}

const hasFocus = (one) => one.evaluate((element) => element === document.activeElement);

/** Goes to a button or link and presses it. */
export async function press(page, one) {
  await tabUntil(page, await one.textContent(), () => hasFocus(one));
  await page.keyboard.press("Enter");
}

/** Goes to a group of radios and picks one of them by its value; the first without one. */
export async function pick(page, name, value) {
  const focused = () => page.evaluate(() => [document.activeElement.name, document.activeElement.value]);
  await tabUntil(page, name, async () => (await focused())[0] === name);
  await page.keyboard.press("Space");
  for (let step = 0; value !== undefined && (await focused())[1] !== value; step += 1) {
    assert.ok(step < MOST_STEPS, `no arrow leads to ${value} of ${name}`);
    await page.keyboard.press("ArrowDown");
  }
}

/** How Chromium has the fields of its own typed, whatever the language of a page: months before days, and hours to 12. */
const DIGITS = {
  date: (value) => value.replace(/(\d+)-(\d+)-(\d+)/, "$2$3$1"),
  time: (value) => `${String(Number(value.slice(0, 2)) % 12 || 12).padStart(2, "0")}${value.slice(3, 5)}${value < "12" ? "AM" : "PM"}`,
};

/** Goes to a field and fills it in. */
export async function fill(page, field, kind, value) {
  await tabUntil(page, await field.getAttribute("name"), () => hasFocus(field));
  if (kind === "checkbox") {
    if ((await field.isChecked()) !== value) await page.keyboard.press("Space");
    return assert.equal(await field.isChecked(), value);
  }
  if (kind === "select-one") await page.keyboard.type(await field.locator(`option[value="${value}"]`).textContent());
  else if (DIGITS[kind]) await page.keyboard.type(DIGITS[kind](value));
  else {
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(value);
  }
  return assert.equal(await field.inputValue(), value);
}
