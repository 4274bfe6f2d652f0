// The whole story in a browser: an applicant asks, the committee supports it by vote, staff issue the letter,
// the applicant downloads it, a funder checks it, and it goes on paper until it is revoked.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { inDays } from "./days.mjs";
import { life } from "./life.mjs";
import { company, newAddress } from "./people.mjs";

const ANSWERS = {
  "about-you": {
    applicant_name: "Zoë O’Brien-Łukasiewicz",
    applicant_role: "مسؤولة المنح, grants officer",
    contact_email: "zoe@library.example",
    pi_name: "Søren Ångström-Đorđević",
    pi_email: "soren@library.example",
    institution_name: "Library of the Upper Valley",
  },
  funder: {
    funder: "Fund for Open Culture",
    programme: "Shared Collections",
    call_url: "https://fund.example/calls/7",
    addressee_name: "Review panel",
    addressee_address: "Fund for Open Culture\n1 Example Street\nExampletown",
    deadline_date: inDays(60),
    deadline_time: "17:00",
    deadline_zone: "Europe/London",
    needed_by: inDays(50),
  },
  project: {
    title: "Open maps of the Alpine world <b>1500–1900</b>",
    summary: "We put four thousand maps online with IIIF and describe them together with the people who live there.",
  },
  expectations: Object.fromEntries(
    ["relevance", "conformance", "enrichment", "participation", "process", "extensions"].map((name) => [
      `expectation_${name}`,
      "The project serves every map through the Image and Presentation APIs and reports to the Maps group.",
    ]),
  ),
  letter: { letter_kind: "support", points: "The Consortium helped us to plan the work." },
  "co-signers": { co_signers: "Grace Hopper, Example University" },
};

/** What a new person loads from the front page to a request that is sent, and what each page is for. */
const NECESSARY = [
  ["/", "what this is, and the button to begin"],
  ["/sign-in", "the address that the request belongs to"],
  ["/sign-in/wait", "a mail is on its way, with a link and a code"],
  ["/sign-in/confirm", "the link of the mail: only a button signs in, since programs that check mail open links too"],
  ["/requests/new", "what to have ready, and what becomes of it"],
  ["/requests/*", "the parts, in any order"],
  ["/requests/*/edit/about-you", "part 1"],
  ["/requests/*/edit/funder", "part 2"],
  ["/requests/*/edit/project", "part 3"],
  ["/requests/*/edit/expectations", "part 4"],
  ["/requests/*/edit/letter", "part 5"],
  ["/requests/*/edit/co-signers", "part 6"],
  ["/requests/*/attachments", "part 7"],
  ["/requests/*/check", "all answers once more, and the button to send"],
  ["/requests/*/sent", "the reference, and what happens next"],
];

/** No page is loaded that is not necessary. Without scripts a file that is added shows its page once more. */
function noMoreThanNecessary({ loads, options }) {
  const withoutScripts = options.javaScriptEnabled === false;
  const again = (path) => (withoutScripts && path.endsWith("/attachments") ? [path, path] : [path]);
  assert.deepEqual(loads, NECESSARY.flatMap(([path]) => again(path)));
  console.log(`From the front page to “sent”, ${withoutScripts ? "without" : "with"} scripts: ${loads.length} pages loaded`);
  for (const [path, what] of NECESSARY) console.log(`  ${path.padEnd(32)} ${what}`);
}

/** Fills in one part after the other, from the first to the attachments. */
export async function everyPart(applicant, path) {
  for (const [section, values] of Object.entries(ANSWERS)) {
    assert.equal(new URL(applicant.page.url()).pathname, `${path}/edit/${section}`);
    await applicant.fill(values);
    await applicant.looks();
    await applicant.press("Save and continue");
  }
  await applicant.sees("Attachments");
}

/** A person whom the service does not know yet sends a request; gives back its path and its reference. */
async function ask(applicant, address) {
  await applicant.open("/");
  await applicant.sees(/support your grant proposal/);
  await applicant.press("Start a request");
  await applicant.proveAddress(address);
  await applicant.sees("Ask for a letter of support");
  await applicant.press("Start a request");
  const path = new URL(applicant.page.url()).pathname.match(/^\/requests\/[^/]+/)[0];

  await applicant.aside(() => somethingIsMissing(applicant, path));
  await applicant.press("About you");
  await everyPart(applicant, path);
  await applicant.fill({ kind: "proposal" });
  const proposal = { name: "Proposal.txt", mimeType: "text/plain", buffer: Buffer.from("What we plan to do.") };
  await applicant.page.setInputFiles("#file", proposal);
  await applicant.pushes(applicant.page.getByRole("button", { name: "Add the file" }));
  await applicant.page.getByText("“Proposal.txt” is attached.").waitFor();
  await applicant.looks();
  await applicant.press("Check your answers");
  await applicant.sees("Check your answers and send");
  await applicant.page.getByText("Open maps of the Alpine world <b>1500–1900</b>").first().waitFor();
  await applicant.press("Send the request");
  await applicant.sees("Request sent");
  noMoreThanNecessary(applicant);
  const reference = (await applicant.page.locator(".done .code").textContent()).trim();
  assert.match(reference, /^LOS-\d{4}-\d{4}$/);
  return { path, reference };
}

/**
 * A part that is sent empty comes back: the summary has the focus, says what is wrong, and leads to the field. Ends at the
 * list of parts.
 */
async function somethingIsMissing(applicant, path) {
  const { page } = applicant;
  await applicant.open(`${path}/edit/project`);
  await applicant.fill({ summary: "Kept as typed" });
  await applicant.press("Save and continue");
  assert.match(await page.title(), /^Error: /);
  const summary = page.locator(".errors");
  assert.ok(await summary.evaluate((element) => element === document.activeElement), "the summary has the focus");
  await applicant.looks();
  await applicant.pushes(summary.getByRole("link").first());
  assert.equal(await page.evaluate(() => document.activeElement.id), "title");
  assert.match(await page.locator("#title").getAttribute("aria-describedby"), /title-error/);
  assert.equal(await page.locator("#summary").inputValue(), "Kept as typed");
  await applicant.open(path);
}

/** A seat says that it has no conflict, where it has not said so yet. */
export async function declareNoConflict(member, path) {
  await member.open(`${path}/review`);
  if (await member.page.locator("main [name=conflict]").count()) {
    await member.looks();
    await member.fill({ conflict: "none" });
    await member.press("Send the answer");
  }
}

/** Rates every expectation. */
export async function rateAll(member) {
  for (const name of Object.keys(ANSWERS.expectations)) await member.pickFirst(name.replace("expectation_", "rating-"));
}

/** An assigned reviewer reads and reviews the request, then asks for a vote of all seats. */
async function review(arrive, reader, { path, reference }) {
  const reviewers = await reader.mailedAbout(reference, "please review");
  assert.ok(reviewers.length >= 3, `three seats are asked to review, not only ${reviewers}`);
  const member = await arrive(reviewers[0]);
  await member.open("/waiting");
  await member.sees("Waiting for me");
  await declareNoConflict(member, path);
  await rateAll(member);
  await member.fill({ stance: "support", for_committee: "Well prepared." });
  await member.looks();
  await member.press("Send the review");
  await member.press("Call a tallied vote");
}

/** Seats vote until the outcome cannot change. */
async function vote(arrive, reader, { path, reference }) {
  const voters = await reader.mailedAbout(reference, "please vote");
  for (const address of voters.slice(0, 7)) {
    const member = await arrive(address);
    await declareNoConflict(member, path);
    await member.fill({ choice: "yes" });
    await member.looks();
    await member.press("Cast the ballot");
  }
}

/** Everything on the checklist is right. */
const TICKS = Object.fromEntries(["person", "project", "addressee", "date", "signatory", "text", "call"].map((what) => [`right_${what}`, true]));

/** Staff release the answer and write the letter; a second person issues it. Gives back both. */
async function issue(arrive, reader, { path, reference }) {
  // The chair is told too, who releases nothing.
  const told = await reader.mailedAbout(reference, "ready to be released");
  const address = told.find((one) => one.endsWith("@demo.example"));
  const staff = await arrive(address);
  await staff.open("/queue");
  await staff.looks();
  await staff.open(`${path}/motion`);
  await staff.looks();
  await staff.press("Release the answer");
  await staff.open(`${path}/letter`);
  await staff.press("Write the first draft");
  await staff.sees("Write the letter");
  await staff.press("Save and check for release");
  await staff.sees("Check the letter");
  await staff.fill(TICKS);
  await staff.press("Pass it on to a second person");
  await staff.looks();

  const [second] = await staff.mailedAbout(reference, "waits for a second person");
  const colleague = await arrive(second);
  await colleague.open(`${path}/letter/check`);
  await colleague.looks();
  await colleague.fill(TICKS);
  await colleague.press("Issue the letter");
  await colleague.looks();
  return { staff, colleague };
}

/** The applicant downloads the letter; gives back the code at its foot. */
async function download(applicant, { path }) {
  await applicant.open(path);
  await applicant.looks();
  const link = applicant.page.getByRole("link", { name: "Download the letter" });
  const href = await link.getAttribute("href");
  const answer = await applicant.context.request.get(applicant.base + (href.endsWith(".pdf") ? href : `${path}/letter.pdf`));
  assert.equal(answer.headers()["content-type"], "application/pdf");
  const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: await answer.body() }).toString();
  assert.match(text, /Open maps of the Alpine world <b>1500–1900<\/b>/);
  return text.match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b/)[0];
}

/** A funder who has no account checks the code, and a mistyped one. */
async function check(funder, code) {
  await funder.open("/verify");
  await funder.sees("Check a letter");
  await funder.fill({ code: code.toLowerCase() });
  await funder.press("Check");
  await funder.page.getByText("This letter is genuine and in force").waitFor();
  await funder.looks();
  await funder.fill({ code: code.replace(/.$/, (last) => (last === "A" ? "B" : "A")) });
  await funder.press("Check");
  await funder.page.getByText("This code is mistyped").waitFor();
  await funder.looks();
}

/** Walks the whole story; `options` go to every browser, such as `{ javaScriptEnabled: false }`. */
export async function walk(browser, service, options) {
  const { stranger, arrive, leave } = company(browser, service, options);
  const [reader, applicant] = [await stranger(), await stranger()];
  const request = await ask(applicant, newAddress("zoe"));
  await review(arrive, reader, request);
  await vote(arrive, reader, request);
  const office = await issue(arrive, reader, request);
  const code = await download(applicant, request);
  await check(reader, code);
  await life({ applicant, reader, ...office }, request, code);
  await applicant.press("Sign out");
  await applicant.open(request.path);
  await applicant.sees("Sign in with your e-mail address");
  await leave();
}
