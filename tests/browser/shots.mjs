// Takes a picture of every page, wide and narrow, light and dark: node shots.mjs FOLDER
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openPage, signIn, startBrowser } from "./browser.mjs";
import { crawl } from "./pages.mjs";
import { startService } from "./service.mjs";

const folder = process.argv[2] ?? "shots";
const LOOKS = [[1280, "light"], [1280, "dark"], [360, "light"], [360, "dark"]];

const service = await startService();
const browser = await startBrowser();
try {
  await mkdir(folder, { recursive: true });
  const people = [{ who: "anyone", url: null }, ...service.links()];
  for (const person of people) {
    const { page, context } = await openPage(browser);
    if (person.url) await signIn(page, person.url);
    const name = person.who.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
    const start = person.url ? new URL(page.url()).pathname : "/";
    await crawl(page, service.base, [start, "/", "/no-such-page"], async (path, kind) => {
      const file = `${name}${kind === "/" ? "-start" : kind.replace(/[^a-z0-9*]+/g, "-").replaceAll("*", "x")}`;
      for (const [width, colorScheme] of LOOKS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: join(folder, `${file}-${width}-${colorScheme}.png`), fullPage: true });
      }
      await page.setViewportSize({ width: 1280, height: 900 });
      console.log(`${file}  ${path}`);
    });
    await context.close();
  }
} finally {
  await browser.close();
  await service.stop();
}
