// Every page that a person can reach: nothing wrong with its markup, for axe-core, on a small screen, or by keyboard, and
// not too much of it.
import assert from "node:assert/strict";
import { findings, findingsOfLook, openPage } from "./browser.mjs";
import { keyboardFaults, smallTargets, spacingFaults } from "./checks.mjs";
import { markupFaults } from "./markup.mjs";
import { crawl, kindOf } from "./pages.mjs";
import { MOST, scales } from "./weight.mjs";

/** What has moved while the page was built: people press what they did not mean where something jumps. */
async function shifts(page) {
  const moved = await page.evaluate(() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; }).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
  }));
  return moved > 0 ? [`moves by ${moved} while it is built`] : [];
}

/**
 * Visits what can be reached from `starts`; `storageState` holds the cookies of whoever is signed in. Pages of the kinds
 * in `known` have been judged for another visitor. Gives back the kinds of page that were judged.
 */
export async function everyPage(browser, base, starts, { storageState, known = new Set() } = {}) {
  const { context, page, faults } = await openPage(browser, { storageState });
  const weigh = await scales(page);
  const found = [];
  const titles = new Map();
  const judged = new Set();
  const note = (path, faults) => found.push(...faults.map((fault) => `${path}: ${fault}`));
  await crawl(page, base, starts, async (path, asked, response) => {
    if (known.has(asked.split(" ")[0]) && !starts.includes(path)) return;
    // A page that sends one on is judged as the page one arrives at, which is asked for by its own address too.
    const arrived = new URL(page.url()).pathname;
    const kind = arrived === path ? asked : kindOf(arrived);
    note(path, await shifts(page));
    const weight = await weigh();
    if (weight < 1000 || weight > MOST) note(path, [`weighs ${weight} bytes`]);
    note(path, await markupFaults(await response.text()));
    note(path, await findings(page));
    if (!asked.includes(" ")) note(path, await keyboardFaults(page));
    note(path, await spacingFaults(page));
    if (response.status() >= 400 && !starts.includes(path)) note(path, [`leads nowhere: status ${response.status()}`]);
    const title = await page.title();
    const other = titles.get(title) ?? kind;
    if (response.ok() && other.split(" ")[0] !== kind.split(" ")[0]) note(path, [`has the title of ${other}: ${title}`]);
    titles.set(title, kind);
    judged.add(kind.split(" ")[0]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 320, height: 640 });
    note(`${path} (320, dark)`, await findingsOfLook(page));
    note(`${path} (320, dark)`, await smallTargets(page));
    if (!asked.includes(" ")) {
      await page.emulateMedia({ forcedColors: "active" });
      note(`${path} (320, forced colours)`, await findingsOfLook(page));
    }
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  await context.close();
  assert.deepEqual(found.concat(faults), []);
  return judged;
}
