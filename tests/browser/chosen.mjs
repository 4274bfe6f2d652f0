// Several requests at once in the staff's queue: chosen by boxes, done by one press, and told one by one.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.mjs";
import { keyboardFaults, smallTargets, spacingFaults } from "./checks.mjs";
import { Person } from "./people.mjs";

/** One of staff, signed in, at the queue; `options` go to the browser. */
async function atQueue(browser, { base, links }, path, options) {
  const first = await openPage(browser);
  await signIn(first.page, links().find(({ who }) => who === "staff").url);
  const storageState = await first.context.storageState();
  await first.context.close();
  const staff = await Person.arrive(browser, base, 900, { ...options, storageState });
  await staff.open(path);
  return staff;
}

const boxes = (staff) => staff.page.locator("main input[name=request]");

/** Nothing chosen comes back; then all on the page, with one box, on a phone. */
export async function withScript(browser, service) {
  const staff = await atQueue(browser, service, "/queue?stage=under_review", { viewport: { width: 360, height: 740 } });
  const { page } = staff;
  await staff.press("Write to whoever is awaited");
  assert.match(await page.title(), /^Error: /);
  await staff.looks();
  await page.locator(".errors a").click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "request");

  await page.getByLabel("All on this page").check();
  const count = await boxes(staff).count();
  assert.ok(count > 1 && (await boxes(staff).evaluateAll((all) => all.every((box) => box.checked))));
  await page.getByLabel("All on this page").uncheck();
  assert.ok(await boxes(staff).evaluateAll((all) => all.every((box) => !box.checked)));
  await boxes(staff).first().check();
  await boxes(staff).nth(1).check();
  await staff.press("Write to whoever is awaited");
  await staff.sees("Mails to whoever is awaited");
  assert.equal(await page.locator("tbody tr").count(), 2);
  assert.deepEqual(await keyboardFaults(page), []);
  assert.deepEqual(await smallTargets(page), []);
  assert.deepEqual(await spacingFaults(page), []);
  await page.emulateMedia({ colorScheme: "dark" });
  await staff.looks();
  await staff.press("Back to the list");
  assert.equal(new URL(page.url()).search, "?stage=under_review");
  await staff.leave();
}

/** Without JavaScript there is no box for all, and each is chosen by its own. */
export async function withoutScript(browser, service) {
  const staff = await atQueue(browser, service, "/queue?stage=all", { javaScriptEnabled: false });
  assert.ok(!(await staff.page.getByText("All on this page").isVisible()));
  for (let at = 0; at < 3; at += 1) await boxes(staff).nth(at).check();
  const [file] = await Promise.all([staff.page.waitForEvent("download"), staff.page.getByRole("button", { name: "Requests as PDF (ZIP)" }).click()]);
  assert.match(file.suggestedFilename(), /^IIIF_requests_.*\.zip$/);
  assert.equal(await file.failure(), null);
  for (const box of await boxes(staff).all()) await box.check();
  await staff.press("Mark the copies printed");
  await staff.sees("Copies marked printed");
  await staff.leave();
}
