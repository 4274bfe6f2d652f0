// The browser tests: one demonstration for all of them, one after the other.
import { after, before, test } from "node:test";
import { openPage, signIn, startBrowser } from "./browser.mjs";
import { everyPage } from "./everywhere.mjs";
import { everyPartInEveryLook, theChecksNotice } from "./parts.mjs";
import { startService } from "./service.mjs";
import { walk } from "./walk.mjs";

let service;
let browser;

before(async () => {
  service = await startService();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

test("the checks notice a broken page", () => theChecksNotice(browser, service.base));

test("every part is sound in every look", () => everyPartInEveryLook(browser, service.base));

test("every page of the public is sound", () => everyPage(browser, service.base, ["/", "/no-such-page"]));

test("every page of each signed-in person is sound", async (context) => {
  for (const { who, url } of service.links()) {
    await context.test(who, async () => {
      const { context: signedIn, page } = await openPage(browser);
      await signIn(page, url);
      const storageState = await signedIn.storageState();
      const start = new URL(page.url()).pathname;
      await signedIn.close();
      await everyPage(browser, service.base, [start, "/account"], storageState);
    });
  }
});

test("the story from form to verified letter", () => walk(browser, service, {}));

test("the story without JavaScript", () => walk(browser, service, { javaScriptEnabled: false }));
