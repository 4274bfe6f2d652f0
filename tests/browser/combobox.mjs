// The institution in the form, by keyboard alone: found without accents and by another name, announced, chosen; and the
// plain select that it is where there is no JavaScript.
import assert from "node:assert/strict";
import { findings, openPage, signIn } from "./browser.mjs";

async function aboutYou(page, url) {
  await signIn(page, url);
  await page.goto(new URL("/requests/new", url).href);
  await page.locator("main form[action='/requests'] button").click();
  const draft = page.url().match(/\/requests\/[0-9a-f-]{36}/)[0];
  await page.goto(new URL(`${draft}/edit/about-you`, url).href);
}

/** What a screen reader is told of the field with the focus. */
function told(page) {
  return page.evaluate(() => {
    const input = document.activeElement;
    const active = document.getElementById(input.getAttribute("aria-activedescendant") ?? "");
    return {
      role: input.getAttribute("role"),
      name: input.labels[0].textContent,
      expanded: input.getAttribute("aria-expanded"),
      active: active?.textContent ?? null,
      chosen: document.querySelector("select[name=institution]").selectedOptions[0]?.text,
      said: document.querySelector(".combobox + [role=status]").textContent,
    };
  });
}

export async function byKeyboardAlone(browser, service) {
  const { url } = service.links().find(({ who }) => /applicant/i.test(who));
  const { context, page, faults } = await openPage(browser, { viewport: { width: 360, height: 740 } });
  await aboutYou(page, url);
  while ((await page.evaluate(() => document.activeElement.id)) !== "institution") await page.keyboard.press("Tab");
  assert.deepEqual(await told(page), { role: "combobox", name: "Institution", expanded: "false", active: null, chosen: "Choose an institution", said: "" });

  await page.keyboard.type("bibliotheque national");
  let now = await told(page);
  assert.equal(now.expanded, "true");
  assert.match(now.said, /^(1 fits|\d+ fit)\.$/);
  assert.deepEqual(await findings(page), [], "with the list open");
  await page.keyboard.press("ArrowDown");
  now = await told(page);
  assert.equal(now.active, "La Bibliothèque nationale de France");
  await page.keyboard.press("Escape");
  now = await told(page);
  assert.equal(now.expanded, "false");
  assert.equal(now.active, null);
  assert.equal(await page.inputValue("#institution"), "bibliotheque national", "what was typed stays");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  now = await told(page);
  assert.deepEqual([now.expanded, now.chosen], ["false", "La Bibliothèque nationale de France"]);
  assert.ok(new URL(page.url()).pathname.endsWith("/edit/about-you"), "Enter chose and did not send the form");

  // Another name of it, no name at all, and the first and the last of the list.
  await page.keyboard.press("Control+A");
  await page.keyboard.type("BnF");
  await page.keyboard.press("ArrowDown");
  assert.equal((await told(page)).active, "La Bibliothèque nationale de France");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("no such place");
  now = await told(page);
  assert.deepEqual([now.expanded, now.chosen, now.said], ["false", "Choose an institution", "Nothing in the list fits."]);
  await page.keyboard.press("Tab");
  assert.match(await page.textContent(".combobox + [role=status]"), /Type it in the field below/);
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.press("ArrowUp");
  const last = (await told(page)).active;
  await page.keyboard.press("ArrowDown");
  const first = (await told(page)).active;
  assert.ok(first && last && first !== last, `${first}, ${last}`);

  // A name typed in full needs no list, and it is still there after a page with errors.
  await page.keyboard.press("Control+A");
  await page.keyboard.type("yale university");
  await page.keyboard.press("Tab");
  assert.equal((await page.evaluate(() => document.querySelector("select[name=institution]").selectedOptions[0].text)), "Yale University");
  await Promise.all([page.waitForNavigation(), page.locator("main form button").first().click()]);
  assert.equal(await page.inputValue("#institution"), "Yale University");
  assert.deepEqual(await findings(page), []);
  assert.deepEqual(faults, []);
  await context.close();
}

export async function withoutJavaScript(browser, service) {
  const { url } = service.links().find(({ who }) => /applicant/i.test(who));
  const { context, page } = await openPage(browser, { javaScriptEnabled: false });
  await aboutYou(page, url);
  await page.selectOption("select#institution", { label: "Yale University" });
  assert.equal(await page.locator("[role=combobox]").count(), 0);
  await context.close();
}
