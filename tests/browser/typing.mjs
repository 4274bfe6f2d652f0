// What is typed is saved at a pause; whoever closes the window finds it again, and the button still works.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.mjs";

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
  assert.deepEqual(faults, []);
  await context.close();
}
