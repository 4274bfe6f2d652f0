// The whole story in a browser: an applicant asks, the committee supports it by vote, staff issue the letter,
// the applicant downloads it, and a funder checks it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Person } from "./people.mjs";

/** A day from now on, as a date field takes it. */
function inDays(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

const ANSWERS = {
  "about-you": {
    applicant_name: "Zoë O’Brien-Łukasiewicz",
    applicant_role: "Grants officer",
    contact_email: "zoe@library.example",
    pi_name: "مريم حداد",
    pi_email: "maryam@library.example",
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
};

/** Sends a request; gives back its path and its reference. */
async function ask(applicant) {
  await applicant.open("/");
  await applicant.sees(/support your grant proposal/);
  await applicant.press("Start a request");
  await applicant.sees("Ask for a letter of support");
  await applicant.press("Start a request");
  const path = new URL(applicant.page.url()).pathname.match(/^\/requests\/[^/]+/)[0];

  await somethingIsMissing(applicant, path);
  for (const [section, values] of Object.entries(ANSWERS)) {
    await applicant.open(`${path}/edit/${section}`);
    await applicant.fill(values);
    await applicant.looks();
    await applicant.press("Save and continue");
  }
  await applicant.sees("Check your answers and send");
  await applicant.page.getByText("Open maps of the Alpine world <b>1500–1900</b>").first().waitFor();
  await applicant.press("Send the request");
  await applicant.sees("Request sent");
  const reference = (await applicant.page.locator(".done .code").textContent()).trim();
  assert.match(reference, /^LOS-\d{4}-\d{4}$/);
  return { path, reference };
}

/** A part that is sent empty comes back: the summary has the focus, says what is wrong, and leads to the field. */
async function somethingIsMissing(applicant, path) {
  const { page } = applicant;
  await applicant.open(`${path}/edit/project`);
  await applicant.fill({ summary: "Kept as typed" });
  await applicant.press("Save and continue");
  assert.match(await page.title(), /^Error: /);
  const summary = page.locator(".errors");
  assert.ok(await summary.evaluate((element) => element === document.activeElement), "the summary has the focus");
  await applicant.looks();
  await summary.getByRole("link").first().click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "title");
  assert.match(await page.locator("#title").getAttribute("aria-describedby"), /title-error/);
  assert.equal(await page.locator("#summary").inputValue(), "Kept as typed");
}
