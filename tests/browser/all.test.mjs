// The browser tests: one demonstration for all of them, one after the other.
import { after, before, test } from "node:test";
import { openPage, signIn, startBrowser } from "./browser.mjs";
import { sentWithScript, sentWithoutScript } from "./attachments.mjs";
import * as chosen from "./chosen.mjs";
import { everyAnswer } from "./answers.mjs";
import { byKeyboardAlone, withoutJavaScript } from "./combobox.mjs";
import { detours } from "./detours.mjs";
import { everyPage } from "./everywhere.mjs";
import { office } from "./office.mjs";
import { everyPartInEveryLook, everyPartOnPaper, theChecksNotice } from "./parts.mjs";
import { startService } from "./service.mjs";
import { keptAsTyped } from "./typing.mjs";
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

test("every part can be printed", () => everyPartOnPaper(browser, service.base));

// Two at a time, as a small machine has two cores.
const TWO = { concurrency: 2 };

test("every page is sound", async (context) => {
  let open;
  await context.test("for anyone", async () => {
    open = await everyPage(browser, service.base, ["/", "/no-such-page"]);
  });
  await context.test("for those who sign in", TWO, (signedIn) => Promise.all(service.links().map(({ who, url }) =>
    signedIn.test(who, async () => {
      const { context: session, page } = await openPage(browser);
      await signIn(page, url);
      const storageState = await session.storageState();
      const start = new URL(page.url()).pathname;
      await session.close();
      await everyPage(browser, service.base, [start, "/account"], { storageState, known: open });
    }))));
});

test("every answer to a form is sound", () => everyAnswer(browser, service.base));

test("an institution is found by keyboard alone", () => byKeyboardAlone(browser, service));

test("an institution is chosen from a plain list without JavaScript", () => withoutJavaScript(browser, service));

test("a file is dropped, sent, and sent again where it broke off", () => sentWithScript(browser, service));

test("a file is sent without JavaScript", () => sentWithoutScript(browser, service));

test("what is typed is kept before a button is pressed", () => keptAsTyped(browser, service));

test("several requests are chosen, and what came of each is told", () => chosen.withScript(browser, service));

test("several requests are chosen without JavaScript", () => chosen.withoutScript(browser, service));

// One after the other: both sign in with the same people's newest mail.
test("the story from form to revoked letter, by keyboard alone", () => walk(browser, service, { byKeyboard: true }));

test("the story without JavaScript", () => walk(browser, service, { javaScriptEnabled: false }));

test("what else may happen on the way, by keyboard alone", () => detours(browser, service, { byKeyboard: true }));

test("what else may happen on the way, without JavaScript", () => detours(browser, service, { javaScriptEnabled: false }));

test("the rest of the office, by keyboard alone", () => office(browser, service, { byKeyboard: true }));

test("the rest of the office, without JavaScript", () => office(browser, service, { javaScriptEnabled: false }));
