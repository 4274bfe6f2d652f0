// Starts the built service as its demonstration, on a free port and in a folder of its own, and ends it again.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The service’s binary. */
export const BINARY = resolve(process.env.LETTERS_BIN ?? "../../target/debug/letters");
const LONGEST_START = 240_000;

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/**
 * Starts the demonstration. Gives back its address, what it printed (the sign-in links among it),
 * the sign-in links by the word at their end, and `stop`.
 */
export async function startService() {
  const folder = await mkdtemp(join(tmpdir(), "letters-browser-"));
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const environment = { PATH: process.env.PATH, LISTEN: `127.0.0.1:${port}`, PUBLIC_URL: base, DATA_FOLDER: folder, TRUSTED_PROXY: "127.0.0.1", LOG: "warn" };
  const child = spawn(BINARY, ["demo"], { env: environment, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  child.stdout.on("data", (text) => { printed += text; });
  child.stderr.on("data", (text) => { printed += text; });
  const ended = new Promise((done) => child.once("exit", done));

  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + LONGEST_START;
  while (!(await answers(`${base}/healthz`))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The service did not start from ${BINARY}:\n${printed}`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  return { base, folder, stop, printed: () => printed, links: () => signInLinks(printed, base) };
}

/** Lines such as "http://localhost:1234/demo/staff  A member of staff": the link, and who signs in by it. */
function signInLinks(printed, base) {
  const lines = printed.split("\n").map((line) => line.trim()).filter((line) => line.startsWith(`${base}/`));
  return lines.map((line) => ({ url: line.split(/\s/)[0], who: new URL(line.split(/\s/)[0]).pathname.split("/").pop() }));
}
