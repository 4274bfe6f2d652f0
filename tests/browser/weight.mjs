// What a page weighs on the line: all that a browser that was never here before is sent for it.
import { get } from "node:http";

/** The most that a page may weigh, in bytes as they are sent. The letter itself, which some pages show, is not counted. */
export const MOST = 60_000;

// The icons, which a browser asks for when it has the time, and so are weighed apart from it.
const icons = new Map();

/** What comes over the line for `url`, packed as for a browser, in bytes. */
function sentFor(url) {
  return new Promise((done, failed) => {
    const asking = get(url, { agent: false, headers: { "accept-encoding": "gzip, deflate, br, zstd" } }, (answer) => {
      answer.resume();
      answer.once("end", () => done(answer.socket.bytesRead));
    });
    asking.once("error", failed);
  });
}

/**
 * Weighs every page that `page` opens from now on, with an empty cache each time. Gives back a function that tells what the
 * page that is open weighs: answers with their headers, and the answers that led there.
 */
export async function scales(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  // What was asked for since the page was, each with its address and what has come of it so far.
  let asked = new Map();
  const came = (id, bytes) => { if (asked.has(id)) asked.get(id).bytes += bytes; };
  session.on("Network.requestWillBeSent", ({ requestId, type, frameId, request, redirectResponse }) => {
    if (redirectResponse) return came(requestId, redirectResponse.encodedDataLength);
    if (type === "Document" && frameId === frameTree.frame.id) asked = new Map();
    asked.set(requestId, { url: request.url, bytes: 0 });
  });
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (response.mimeType === "application/pdf") asked.delete(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => came(requestId, encodedDataLength));
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  return async () => {
    const hrefs = await page.$$eval("link[rel=icon]", (links) => links.map((link) => link.href));
    const ofIcons = await Promise.all(hrefs.map((href) => icons.get(href) ?? icons.set(href, sentFor(href)).get(href)));
    const ofOthers = [...asked.values()].filter(({ url }) => !hrefs.includes(url)).map(({ bytes }) => bytes);
    return Math.round([...ofIcons, ...ofOthers].reduce((sum, bytes) => sum + bytes, 0));
  };
}
