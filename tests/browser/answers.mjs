// Pages that come only as an answer to a form, as the Rust tests have kept them: each form with what is wrong with all its
// fields, and each look before a last button. They are held against what every page with an address is held against.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findings, findingsOfLook, openPage } from "./browser.mjs";
import { smallTargets, spacingFaults } from "./checks.mjs";
import { markupFaults } from "./markup.mjs";
import { BINARY } from "./service.mjs";

const FOLDER = join(dirname(BINARY), "../tmp/answers");
/** Fewer than the Rust tests keep: without them nothing would be judged, and nothing be wrong. */
const FEWEST = 70;

/** Judges every kept answer, two at a time. */
export async function everyAnswer(browser, base) {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".html")).sort();
  assert.ok(names.length >= FEWEST, `${names.length} answers in ${FOLDER}: run the Rust tests first`);
  const found = [];
  const judge = async () => {
    // Whoever looks is not signed in, so what a page loads beside itself is not judged.
    const { context, page } = await openPage(browser);
    await page.route(`${base}/answers/*`, async (route) => {
      const body = await readFile(join(FOLDER, new URL(route.request().url()).pathname.slice("/answers/".length)));
      await route.fulfill({ body, contentType: "text/html; charset=utf-8" });
    });
    for (let name = names.shift(); name; name = names.shift()) {
      const note = (faults, look = "") => found.push(...faults.map((fault) => `${name}${look}: ${fault}`));
      const response = await page.goto(`${base}/answers/${name}`);
      note(await markupFaults(await response.text()));
      note(await findings(page));
      note(await spacingFaults(page));
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize({ width: 320, height: 640 });
      note(await findingsOfLook(page), " (320, dark)");
      note(await smallTargets(page), " (320, dark)");
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    await context.close();
  };
  await Promise.all([judge(), judge()]);
  assert.deepEqual(found, []);
}
