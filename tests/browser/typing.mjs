// What is typed is saved at a pause; whoever closes the window finds it again, and the button still works.
import assert from "node:assert/strict";
import { findings, openPage, signIn } from "./browser.mjs";
import { inDays } from "./days.mjs";

/** What is left of a text and of the time is told while somebody types; whoever only picks has that kept too. */
async function toldWhileTyped(page, request) {
  const left = () => page.locator("#expectation_relevance-count").textContent();
  assert.equal(await left(), "From 20 to 2,000 characters. 2,000 characters left.");
  for (const [typed, said] of [["Maps. ", "15 characters missing."], ["We publish maps with IIIF.", "1,974 characters left."], ["a".repeat(2001), "1 character too many."]]) {
    await page.fill("#expectation_relevance", typed);
    assert.equal(await left(), `From 20 to 2,000 characters. ${said}`);
  }

  await page.goto(`${request}/edit/funder`);
  await page.fill("#deadline_time", "17:00");
  await page.selectOption("#deadline_zone", "Europe/London");
  for (const [date, tone, words] of [[inDays(20), "warn", /The deadline is in (19|20|21) days, and/], [inDays(60), "info", /there is time for it/]]) {
    await page.fill("#deadline_date", date);
    await page.locator(`[role=status] .notice[data-tone=${tone}]`).getByText(words).waitFor();
  }
  assert.deepEqual(await findings(page), []);

  await page.goto(`${request}/edit/about-you`);
  const picked = page.waitForRequest((sent) => /institution=[0-9a-f-]{36}.*as_typed/.test(sent.postData() ?? ""));
  await page.focus("#institution");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await picked;
  await page.getByText("Saved as you type.").waitFor();
}

/** What comes back with errors is kept as it was typed, and can be sent once it is mended. */
async function keptWhereWrong(page, section) {
  await page.goto(section);
  await page.fill("#title", "");
  await page.fill("#summary", "Another summary.");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await page.locator("#title[aria-invalid=true]").waitFor();
  await page.getByText("Saved as you type.").waitFor();
  await page.goto(section);
  assert.deepEqual([await page.inputValue("#title"), await page.inputValue("#summary")], ["", "Another summary."]);
  await page.getByRole("button", { name: "Save and continue" }).click();
  await page.locator("#title[aria-invalid=true]").waitFor();
  await page.fill("#title", "A whole title");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await page.waitForURL("**/edit/expectations");
}

export async function keptAsTyped(browser, service) {
  const { url } = service.links().find(({ who }) => /applicant/i.test(who));
  const { context, page, faults } = await openPage(browser, { viewport: { width: 360, height: 740 } });
  await signIn(page, url);
  await page.goto(new URL("/requests/new", url).href);
  await page.locator("main form[action='/requests'] button").click();
  const path = page.url().match(/\/requests\/[0-9a-f-]{36}/)[0];
  const section = new URL(`${path}/edit/project`, url).href;
  await page.goto(section);
  await page.locator("#title").pressSequentially("Half a title");
  await page.getByText("Saved as you type.").waitFor();
  await page.locator("#summary").pressSequentially("Half a summ");
  await page.goto(new URL("/policy", url).href);
  // The last words left together with the page, and may come in after the next one was asked for.
  for (let look = 0; look < 20 && (await page.goto(section), await page.inputValue("#summary")) !== "Half a summ"; look += 1);
  assert.deepEqual([await page.inputValue("#title"), await page.inputValue("#summary")], ["Half a title", "Half a summ"]);

  // Whoever presses the button while a save is under way waits for it, once.
  let isKept;
  const kept = new Promise((resolve) => { isKept = resolve; });
  await page.route("**/edit/project", async (route) => {
    if (!route.request().postData()?.includes("as_typed")) return route.continue();
    const response = await route.fetch();
    isKept();
    await new Promise((done) => { setTimeout(done, 1500); });
    return route.fulfill({ response });
  });
  await page.locator("#summary").fill("A whole summary.");
  await kept;
  await page.locator("#title").fill("A whole title");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await page.waitForURL("**/edit/expectations");
  await keptWhereWrong(page, section);
  await toldWhileTyped(page, new URL(path, url).href);
  assert.deepEqual(faults, []);
  await context.close();
}
