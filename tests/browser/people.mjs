// People who use the service, each in a browser of their own. They read their mail in the local mailbox.
import assert from "node:assert/strict";
import { findings, openPage } from "./browser.mjs";
import { markupFaults } from "./markup.mjs";
import * as keyboard from "./keyboard.mjs";
import { kindOf } from "./pages.mjs";

const LONGEST_MAIL = 60_000;
const SIGN_IN = "Sign in to";

export class Person {
  /**
   * Each person comes from a network of their own, as the service's proxy would say. With `byKeyboard` they have no mouse;
   * other options go to the browser.
   */
  static async arrive(browser, base, number, { byKeyboard = false, ...options } = {}) {
    const person = new Person();
    const network = { "X-Forwarded-For": `10.${number >> 8}.${number & 255}.1` };
    Object.assign(person, { base, byKeyboard, options, loads: [] }, await openPage(browser, { ...options, extraHTTPHeaders: network }));
    person.page.on("response", (response) => {
      const isPage = response.request().isNavigationRequest() && response.frame() === person.page.mainFrame();
      if (!isPage || !(response.headers()["content-type"] ?? "").startsWith("text/html")) return;
      person.sent = response.text().catch(() => "");
      person.loads.push(kindOf(new URL(response.url()).pathname));
    });
    return person;
  }

  async leave() {
    assert.deepEqual(this.faults, []);
    await this.context.close();
  }

  open(path) {
    return this.page.goto(this.base + path);
  }

  /** Presses the button or follows the link with these words, in the page's own part first, and waits for where it leads. */
  async press(words) {
    const within = (part) => this.page.locator(part).locator("button, a").filter({ hasText: words }).first();
    const one = (await within("main").count()) ? within("main") : within("header, footer");
    assert.ok(await one.count(), `nothing says “${words}” at ${this.page.url()}`);
    await Promise.all([this.page.waitForNavigation(), this.pushes(one)]);
  }

  /** Presses a button or follows a link, whatever comes of it. */
  pushes(one) {
    return this.byKeyboard ? keyboard.press(this.page, one) : one.click();
  }

  /** Fills in fields by their names: text, or a choice of radios and selects by value, or true for a box. */
  async fill(values) {
    for (const [name, value] of Object.entries(values)) {
      const field = this.page.locator(`main [name="${name}"]`);
      const kind = await field.first().evaluate((element) => element.type);
      if (this.byKeyboard && kind === "radio") await keyboard.pick(this.page, name, value);
      else if (this.byKeyboard) await keyboard.fill(this.page, field.first(), kind, value);
      else if (kind === "radio") await this.page.locator(`main [name="${name}"][value="${value}"]`).check();
      else if (kind === "checkbox") await field.first().setChecked(value);
      else if (kind === "select-one") await field.selectOption(value);
      else await field.fill(value);
    }
  }

  /** Picks the first answer of a question. */
  pickFirst(name) {
    return this.byKeyboard ? keyboard.pick(this.page, name) : this.page.locator(`main [name="${name}"]`).first().check();
  }

  /** The page has this heading, and nothing is wrong with it. */
  async sees(heading) {
    await this.page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await this.looks();
  }

  /** Nothing is wrong with the page as it stands: its markup, and with scripts on what axe-core finds. */
  async looks() {
    const where = `${this.page.url()} (${await this.page.title()})`;
    assert.deepEqual(await markupFaults(await this.sent), [], where);
    if (this.options.javaScriptEnabled !== false) assert.deepEqual(await findings(this.page), [], where);
  }

  /** The mailbox in a window of its own, and the newest mail in it to `address` with these words in its subject. */
  async mailbox(address, subject) {
    const window = Object.assign(Object.create(Person.prototype), { base: this.base, page: await this.context.newPage() });
    const line = window.page.locator("tr").filter({ hasText: address }).filter({ hasText: subject }).locator("a").first();
    const href = async () => ((await line.count()) ? line.getAttribute("href") : undefined);
    await window.open("/mailbox");
    return { window, line, href, close: () => window.page.close() };
  }

  /** Reads the newest mail to `address` with these words in its subject, one that is not `known`: gives back its links. */
  async readMail(address, subject, known) {
    const { window, line, href, close } = await this.mailbox(address, subject);
    await window.mailUntil(async () => ![undefined, known].includes(await href()));
    await Promise.all([window.page.waitForNavigation(), line.click()]);
    const links = await window.page.$$eval("main .said a", (found) => found.map((link) => link.href));
    await close();
    return links;
  }

  /** The addresses that were mailed about `reference` with these words in the subject, each once, newest first. */
  async mailedAbout(reference, words) {
    const rows = this.page.locator("tbody tr").filter({ hasText: reference }).filter({ hasText: words });
    await this.mailUntil(() => rows.count());
    return [...new Set(await rows.locator("td:nth-of-type(1)").allTextContents())];
  }

  /** Looks into the mailbox until `there` says so. */
  async mailUntil(there) {
    const deadline = Date.now() + LONGEST_MAIL;
    for (;;) {
      await this.open("/mailbox");
      if (await there()) return;
      assert.ok(Date.now() < deadline, "the mail that was waited for did not come");
      await new Promise((done) => setTimeout(done, 300));
    }
  }

  /** Does something that does not count among the pages this person had to load. */
  async aside(act) {
    const { loads } = this;
    this.loads = [];
    await act();
    this.loads = loads;
  }

  /** Signs in with the mail that the service sends to `address`. */
  async signIn(address) {
    await this.open("/sign-in");
    await this.proveAddress(address);
  }

  /** The same, where the page to sign in with is open already. */
  async proveAddress(address) {
    const { href, close } = await this.mailbox(address, SIGN_IN);
    const known = await href();
    await close();
    await this.fill({ address });
    await this.press("Send me a sign-in mail");
    const links = await this.readMail(address, SIGN_IN, known);
    await this.page.goto(links.find((link) => link.includes("/s/")));
    await this.press("Yes, sign in");
    await this.page.locator("form[action='/sign-out']").waitFor();
  }
}

let networks = 0;
/** The cookies of whoever has signed in: each address gets a few sign-in mails an hour. */
const signedIn = new Map();

/** An address of a library that nobody has yet. */
export function newAddress(name) {
  return `${name}.${networks}@library.example`;
}

/** The people of a story: whoever is new, whoever has signed in with an address, and that all of them leave. */
export function company(browser, service, options) {
  const all = [];
  const here = new Map();
  const stranger = async (storageState) => {
    const person = await Person.arrive(browser, service.base, (networks += 1), { ...options, storageState });
    all.push(person);
    return person;
  };
  const arrive = async (address) => {
    if (!here.has(address)) {
      const person = await stranger(signedIn.get(address));
      if (!signedIn.has(address)) await person.signIn(address);
      signedIn.set(address, await person.context.storageState());
      here.set(address, person);
    }
    return here.get(address);
  };
  const leave = async () => {
    for (const person of all) await person.leave();
  };
  return { stranger, arrive, leave };
}
