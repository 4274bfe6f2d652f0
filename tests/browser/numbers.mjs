// Prints the numbers of the pages: what each of them weighs for each person, and for the main ones how soon something is
// seen and what Lighthouse says. Ends with what is beyond the limits, if anything is: npm run numbers
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPage, signIn, startBrowser, startOwnBrowser } from "./browser.mjs";
import { CATEGORIES, scores } from "./numbers/lighthouse.mjs";
import { crawl } from "./pages.mjs";
import { freePort, startService } from "./service.mjs";
import { MOST, scales } from "./weight.mjs";

/** How soon something is to be seen, in milliseconds, and how often that is measured. */
const FIRST_PAINT = 200;
const TIMES = 5;
/** The least that Lighthouse is to say, of 100; whether searching machines find a page of somebody's own is no aim. */
const LEAST = { performance: 98, accessibility: 100, "best-practices": 100 };

const beyond = [];
const expect = (holds, what) => { if (!holds) beyond.push(what); };

/** Follows the first link on the page that is open whose address fits. */
async function openFirst(page, pattern) {
  const hrefs = await page.$$eval("main a[href]", (links) => links.map((link) => link.href));
  const href = hrefs.find((one) => pattern.test(new URL(one).pathname));
  if (!href) throw new Error(`nothing at ${page.url()} leads to ${pattern}`);
  await page.goto(href);
}

const press = (page, words) => Promise.all([page.waitForNavigation(), page.locator("main button").filter({ hasText: words }).first().click()]);

/** The main pages: what each is called, who looks at it, and how they get there. */
const MAIN = [
  ["The front page", null, (page, base) => page.goto(`${base}/`)],
  ["The form’s list of parts", "applicant", async (page, base) => {
    await page.goto(`${base}/requests/new`);
    await press(page, "Start a request");
  }],
  ["A request’s status", "applicant", async (page, base) => {
    await page.goto(`${base}/requests`);
    const sent = page.locator("tr, li, article").filter({ hasText: /LOS-\d{4}-\d{4}/ }).locator("a[href^='/requests/']").first();
    await Promise.all([page.waitForNavigation(), sent.click()]);
  }],
  ["The queue", "staff", (page, base) => page.goto(`${base}/queue`)],
  ["The committee’s page of a request", "member", async (page, base) => {
    await page.goto(`${base}/waiting`);
    await openFirst(page, /^\/requests\/[^/]+\/review$/);
  }],
  ["Check a letter", null, (page, base) => page.goto(`${base}/verify`)],
];

async function weights(browser, { base, links }) {
  console.log("\nBytes sent for a page to a browser that was never here: page, style, script and icon, packed\n");
  for (const { who, url } of [{ who: "anyone", url: null }, ...links()]) {
    const { context, page } = await openPage(browser);
    const weigh = await scales(page);
    if (url) await signIn(page, url);
    const starts = url ? [new URL(page.url()).pathname, "/account"] : ["/"];
    const found = [];
    await crawl(page, base, starts, async (path, kind) => { found.push([kind, await weigh()]); }, 1);
    for (const [kind, bytes] of found.sort(([, one], [, other]) => other - one)) {
      console.log(`${String(bytes).padStart(7)}  ${who.padEnd(15)} ${kind}`);
      expect(bytes <= MOST, `${kind} weighs ${bytes} bytes for ${who}, more than ${MOST}`);
    }
    await context.close();
  }
}

/** When something was first seen of the page that is open, in milliseconds after it was asked for. */
function firstPaint(page) {
  return page.evaluate(() => new Promise((done) => {
    const look = (entries) => {
      const paint = entries.find((entry) => entry.name === "first-contentful-paint");
      if (paint) done(paint.startTime);
    };
    new PerformanceObserver((list) => look(list.getEntries())).observe({ type: "paint", buffered: true });
  }));
}

async function medianPaint(context, url) {
  const times = [];
  for (let time = 0; time < TIMES; time += 1) {
    const page = await context.newPage();
    await scales(page); // Empties the cache.
    await page.bringToFront();
    await page.goto(url);
    times.push(await firstPaint(page));
    await page.close();
  }
  return Math.round(times.sort((one, other) => one - other)[Math.floor(TIMES / 2)]);
}

async function mainPages({ base, links }) {
  console.log(`\nFirst contentful paint (median of ${TIMES}, ms) and Lighthouse’s scores as on a slow phone: ${CATEGORIES.join(", ")}\n`);
  for (const [name, who, open] of MAIN) {
    const folder = await mkdtemp(join(tmpdir(), "letters-numbers-"));
    const port = await freePort();
    const context = await startOwnBrowser(folder, port);
    try {
      const page = context.pages()[0];
      if (who) await signIn(page, links().find((link) => link.who === who).url);
      await open(page, base);
      const url = page.url();
      const paint = await medianPaint(context, url);
      const found = await scores(url, port);
      console.log(`${String(paint).padStart(5)}  ${CATEGORIES.map((id) => String(found[id].score).padStart(4)).join(" ")}  ${name}`);
      expect(paint < FIRST_PAINT, `${name}: first seen after ${paint} ms, not within ${FIRST_PAINT}`);
      for (const [id, least] of Object.entries(LEAST)) {
        const { score, short } = found[id];
        expect(score >= least, `${name}: ${id} ${score}, less than ${least}: ${short.join(", ")}`);
      }
    } finally {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
}

const service = await startService();
try {
  const browser = await startBrowser();
  await weights(browser, service).finally(() => browser.close());
  await mainPages(service);
} finally {
  await service.stop();
}
console.log(beyond.length > 0 ? `\nBeyond the limits:\n${beyond.join("\n")}` : "\nAll within the limits.");
process.exitCode = beyond.length > 0 ? 1 : 0;
