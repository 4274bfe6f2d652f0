// Every part of the pages in every look: light, dark and forced colours, from 320 to 1280 pixels.
import assert from "node:assert/strict";
import { findings, openPage } from "./browser.mjs";
import { keyboardFaults, smallTargets, spacingFaults } from "./checks.mjs";
import { markupFaults } from "./markup.mjs";

const LOOKS = [
  { colorScheme: "light" },
  { colorScheme: "dark" },
  { colorScheme: "light", forcedColors: "active" },
  { colorScheme: "dark", reducedMotion: "reduce", contrast: "more" },
];

export async function everyPartInEveryLook(browser, base) {
  for (const look of LOOKS) {
    for (const width of [320, 768, 1280]) {
      const { context, page, faults } = await openPage(browser, { ...look, viewport: { width, height: 900 } });
      const response = await page.goto(`${base}/styleguide`);
      const where = `${JSON.stringify(look)} at ${width}`;
      assert.deepEqual(await findings(page), [], where);
      assert.deepEqual(await smallTargets(page), [], where);
      if (look === LOOKS[0]) {
        assert.deepEqual(await markupFaults(await response.text()), [], where);
        assert.deepEqual(await keyboardFaults(page), [], where);
        assert.deepEqual(await spacingFaults(page), [], where);
      }
      assert.deepEqual(faults, [], where);
      await context.close();
    }
  }
}

/** On paper there is what there is to read, and nothing to press. */
export async function everyPartOnPaper(browser, base) {
  const { context, page } = await openPage(browser, { viewport: { width: 700, height: 1000 }, colorScheme: "dark" });
  await page.goto(`${base}/styleguide`);
  await page.emulateMedia({ media: "print" });
  assert.deepEqual(await findings(page), []);
  const shown = await page.$$eval("header nav, footer nav, .buttons, .press, .skip", (found) => found.filter((one) => one.checkVisibility()).length);
  assert.equal(shown, 0, "navigation and buttons");
  const black = await page.$eval("main p.lede", (text) => getComputedStyle(text).color);
  assert.equal(await page.$eval("body", (body) => getComputedStyle(body).backgroundColor), "rgb(255, 255, 255)", black);
  await context.close();
}

/** The checks themselves notice what they are there for. */
export async function theChecksNotice(browser, base) {
  const { context, page } = await openPage(browser);
  await page.goto(`${base}/styleguide`);
  await page.evaluate(() => {
    const input = document.createElement("input");
    document.querySelector("main").prepend(input);
    const bar = document.createElement("div");
    bar.append("x".repeat(400));
    bar.attributeStyleMap.set("white-space", "nowrap");
    document.querySelector("main").append(bar);
  });
  const found = await findings(page);
  assert.ok(found.some((one) => one.startsWith("label ")), `an input without a label: ${found}`);
  assert.ok(found.some((one) => one.startsWith("scrolls sideways")), `a page wider than the window: ${found}`);
  assert.notDeepEqual(await markupFaults("<!DOCTYPE html><p><div></p>"), []);
  await context.close();
}
