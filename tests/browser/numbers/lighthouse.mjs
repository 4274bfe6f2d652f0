// What Lighthouse says of a page, in a browser where somebody is signed in.
import lighthouse from "lighthouse";

export const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

/**
 * Looks at `url` as on a slow phone, in the browser that listens on `port`. Gives back each category's score out of 100, and
 * what took anything off it.
 */
export async function scores(url, port) {
  // What is stored in the browser stays: whoever is signed in there remains so.
  const { lhr } = await lighthouse(url, { port, logLevel: "error", onlyCategories: CATEGORIES, disableStorageReset: true });
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  if (lhr.finalDisplayedUrl !== url) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
  const category = (id) => {
    const { score, auditRefs } = lhr.categories[id];
    const short = auditRefs.map((one) => ({ ...lhr.audits[one.id], weight: one.weight }))
      .filter((audit) => audit.weight > 0 && audit.score !== null && audit.score < 1)
      .map((audit) => `${audit.id}${audit.displayValue ? ` (${audit.displayValue})` : ""}`);
    return [id, { score: Math.round(100 * score), short }];
  };
  return Object.fromEntries(CATEGORIES.map(category));
}
