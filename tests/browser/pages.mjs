// Finds every page that a person can reach by links: at most a few of each kind, so that forty requests are not forty pages.

/** Pages of one kind that differ by a word: a value of the policy, the words of a letter. */
const BY_WORD = /^\/(policy|letters\/wording)\/.+$/;

/** The kind of page an address belongs to: ids, codes and such words replaced by a star. */
export function kindOf(path) {
  return path.replace(BY_WORD, "/$1/*").split("/").map((part) => (/\d|[A-Z]{3}/.test(part) && part.length > 5 ? "*" : part)).join("/");
}

const FILES = /\.(pdf|zip|csv|json|eml|txt|svg|png|css|js)$/;

/**
 * Visits what is linked from `starts`, and calls `visit(path, kind, response)` once per page. What comes after
 * a question mark is left out: filters show the same page.
 */
export async function crawl(page, base, starts, visit, perKind = 2) {
  const seen = new Map();
  const queue = [...starts];
  const known = new Set(starts);
  while (queue.length > 0) {
    const path = queue.shift();
    const kind = kindOf(new URL(path, base).pathname);
    const times = seen.get(kind) ?? 0;
    if (times >= perKind) continue;
    const response = await page.goto(base + path).catch(() => null); // A download has no page.
    const type = response?.headers()["content-type"] ?? "";
    if (!type.startsWith("text/html")) continue;
    seen.set(kind, times + 1);
    // Mails hold links for their readers, who are other people.
    const isMail = /^\/(mailbox|outbox)\/./.test(new URL(page.url()).pathname);
    const links = await page.$$eval(isMail ? "header a[href], footer a[href]" : "a[href]", (found) => found.map((link) => link.href));
    await visit(path, times === 0 ? kind : `${kind} ${times + 1}`, response);
    for (const link of links) {
      const url = new URL(link);
      if (url.origin !== base || FILES.test(url.pathname) || known.has(url.pathname)) continue;
      known.add(url.pathname);
      queue.push(url.pathname);
    }
  }
}
