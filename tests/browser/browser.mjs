// A browser that notices what a person with a quick look would not: console errors, broken policy, sideways scrolling,
// and every finding of axe-core, with no rule switched off.
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// What colours and widths can change: all else is the same in every look of a page.
const LOOK_RULES = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"];
// How long a page may take on a machine that is busy with other work.
const PATIENCE = 90_000;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts Chromium. The service runs on this machine only, so the sandbox of the browser is not needed. */
export function startBrowser() {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
}

/** Starts a Chromium that keeps what it stores in `folder`, and that other programs look into at `port`. */
export function startOwnBrowser(folder, port) {
  const args = ["--no-sandbox", "--disable-gpu", `--remote-debugging-port=${port}`];
  return chromium.launchPersistentContext(folder, { executablePath: CHROMIUM, args, locale: "en-GB" });
}

/** Where Chromium's own PDF viewer comes from, which complains when its page is left before it has begun. */
const VIEWER = "chrome-extension://";

/** A page in a context of its own; what goes wrong in it is collected in `faults`. */
export async function openPage(browser, options = {}) {
  // Without motion, so that no colour is looked at while it changes into another.
  const usual = { viewport: { width: 1280, height: 900 }, locale: "en-GB", reducedMotion: "reduce" };
  const context = await browser.newContext({ ...usual, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    // A page that answers 404 or 422 on purpose is reported by the browser as a failed load; its status is checked elsewhere.
    const isOurs = !message.text().startsWith("Failed to load resource") && !message.location().url.startsWith(VIEWER);
    if (message.type() === "error" && isOurs) faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => {
    if (!error.stack?.includes(VIEWER)) faults.push(`${page.url()}: ${error.message}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") faults.push(`${request.url()}: ${why}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.url()}: status ${response.status()}`);
  });
  return { context, page, faults };
}

/** What is wrong with the page as it stands: axe's findings, one line each, and sideways scrolling. */
export function findings(page) {
  return findingsOf(page, { type: "tag", values: TAGS });
}

/** The same for a page whose findings are known, now in another width or other colours. */
export function findingsOfLook(page) {
  return findingsOf(page, { type: "rule", values: LOOK_RULES });
}

async function findingsOf(page, runOnly) {
  const found = [];
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wider > 0) found.push(`scrolls sideways by ${wider} pixels`);
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate((only) => globalThis.axe.run(document, { runOnly: only, resultTypes: ["violations"] }), runOnly);
  for (const violation of violations) {
    const where = violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ");
    found.push(`${violation.id} (${violation.help}) at ${where}`);
  }
  return found;
}

/** Follows a sign-in link to the end: the link only shows a page, and the button that leads to the same place signs in. */
export async function signIn(page, url) {
  await page.goto(url);
  await page.locator(`main form[action="${new URL(url).pathname}"] button`).click();
  await page.locator("form[action='/sign-out']").waitFor();
}
