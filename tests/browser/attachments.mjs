// Files in the form: dropped, sent with a bar that shows how far it is, sent again where it broke off; and the plain form
// without JavaScript.
import assert from "node:assert/strict";
import { findings, openPage, signIn } from "./browser.mjs";

async function draft(page, url) {
  await signIn(page, url);
  await page.goto(new URL("/requests/new", url).href);
  await page.locator("main form[action='/requests'] button").click();
  const path = page.url().match(/\/requests\/[0-9a-f-]{36}/)[0];
  await page.goto(new URL(`${path}/attachments`, url).href);
}

const text = (name, words) => ({ name, mimeType: "text/plain", buffer: Buffer.from(words) });
const said = (page) => page.locator("form[data-upload] [role=status]").textContent();

export async function sentWithScript(browser, service) {
  const { url } = service.links().find(({ who }) => /applicant/i.test(who));
  const { context, page, faults } = await openPage(browser, { viewport: { width: 360, height: 740 } });
  await draft(page, url);
  const own = page.url();
  assert.equal(await said(page), "You can also drop the file here.");

  // Dropped, it is in the field like one that was chosen.
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["The text of the call"], "Call.txt", { type: "text/plain" }));
    return transfer;
  });
  await page.dispatchEvent("form[data-upload]", "drop", { dataTransfer: dropped });
  assert.equal(await said(page), "“Call.txt” is chosen and not sent yet.");
  await page.selectOption("#kind", "call");
  assert.deepEqual(await findings(page), []);

  // It breaks off, and is sent again with one press.
  await page.route("**/attachments", (route) => route.abort("connectionreset"));
  await page.getByRole("button", { name: "Add the file" }).click();
  const again = page.getByRole("button", { name: "Try again" });
  await again.waitFor();
  assert.match(await said(page), /broke off/);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Try again");
  assert.deepEqual(await findings(page), []);
  await page.unroute("**/attachments");
  faults.length = 0; // The connection that was cut is in the console.
  await again.click();
  await page.getByText("“Call.txt” is attached.").waitFor();
  await page.getByRole("link", { name: "Call.txt" }).waitFor();
  assert.deepEqual(await findings(page), []);

  // The page that came has a form of the same kind: what is wrong is told at its field, and what was chosen stays.
  await page.selectOption("#kind", "letter");
  await page.setInputFiles("#file", text("Letter.pdf", "%PDF-1.7 and no more"));
  await page.getByRole("button", { name: "Add the file" }).click();
  await page.locator(".errors").getByText("This PDF is broken").waitFor();
  assert.equal(await page.inputValue("#kind"), "letter");
  assert.ok(await page.evaluate(() => document.activeElement.matches(".errors")), "the summary has the focus");
  assert.match(await page.title(), /^Error: /);
  await page.setInputFiles("#file", text("Letter.txt", "Dear all"));
  await page.getByRole("button", { name: "Add the file" }).click();
  await page.getByText("“Letter.txt” is attached.").waitFor();
  assert.equal(await page.locator(".files li").count(), 2);
  assert.equal(page.url(), own);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Call.txt" }).click()]);
  assert.equal(download.suggestedFilename(), "Call.txt");
  assert.deepEqual(faults, []);
  await context.close();
}

export async function sentWithoutScript(browser, service) {
  const { url } = service.links().find(({ who }) => /applicant/i.test(who));
  const { context, page } = await openPage(browser, { javaScriptEnabled: false });
  await draft(page, url);
  await page.selectOption("#kind", "proposal");
  await page.setInputFiles("#file", text("Proposal.txt", "What we plan"));
  await page.getByRole("button", { name: "Add the file" }).click();
  await page.getByText("“Proposal.txt” is attached.").waitFor();
  await page.getByRole("button", { name: "Remove Proposal.txt" }).click();
  await page.getByText("“Proposal.txt” is removed.").waitFor();
  await context.close();
}
