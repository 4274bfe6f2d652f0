// A browser that notices what a person with a quick look would not: console errors, broken policy, sideways scrolling,
// and every finding of axe-core, with no rule switched off.
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts Chromium. The service runs on this machine only, so the sandbox of the browser is not needed. */
export function startBrowser() {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
}

/** A page in a context of its own; what goes wrong in it is collected in `faults`. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    // A page that answers 404 or 422 on purpose is reported by the browser as a failed load; its status is checked elsewhere.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
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
export async function findings(page) {
  const found = [];
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wider > 0) found.push(`scrolls sideways by ${wider} pixels`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
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
