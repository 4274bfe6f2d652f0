// What the straight story leaves out: the three questions before the form, a colleague, a conflict of interest, a question
// with its answer, an objection that is closed, a message, a correction, and the end by the applicant's own wish.
import assert from "node:assert/strict";
import { inDays } from "./days.mjs";
import { company, newAddress } from "./people.mjs";
import { declareNoConflict, everyPart, rateAll } from "./walk.mjs";

/** The three questions lead to a draft that has their answers. */
async function begin(applicant, address) {
  await applicant.open("/");
  await applicant.press("Check first whether we can support it");
  await applicant.sees("Is a letter of the Consortium the right thing?");
  await applicant.press("See the answer");
  assert.match(await applicant.page.title(), /^Error: /);
  await applicant.looks();
  await applicant.fill({ relation: "content", deadline: inDays(60), wanted: "support" });
  await applicant.press("See the answer");
  await applicant.looks();
  await applicant.press("Start a request with these answers");
  await applicant.proveAddress(address);
  await applicant.press("Start a request");
  const path = new URL(applicant.page.url()).pathname.match(/^\/requests\/[^/]+/)[0];
  await applicant.open(`${path}/edit/funder`);
  assert.equal(await applicant.page.locator("[name=deadline_date]").inputValue(), inDays(60));
  await applicant.open(`${path}/edit/about-you`);
  await everyPart(applicant, path);
  return path;
}

/** A colleague who is invited opens the draft, and sends it. */
async function send(applicant, arrive, path) {
  const address = newAddress("colleague");
  await applicant.open(path);
  await applicant.press("Share the request with colleagues");
  await applicant.fill({ address, level: "edit" });
  await applicant.press("Invite");
  await applicant.looks();
  const colleague = await arrive(address);
  await colleague.open(path);
  await colleague.press("Check your answers");
  await colleague.press("Send the request");
  await colleague.sees("Request sent");
  return (await colleague.page.locator(".done .code").textContent()).trim();
}

/** The first of these people whose seat still takes part: two of them may act for one seat. */
async function whoTakesPart(addresses, arrive, path) {
  for (const address of addresses) {
    const member = await arrive(address);
    await declareNoConflict(member, path);
    if ((await member.open(`${path}/review`)).ok()) return member;
  }
  return assert.fail(`none of ${addresses} takes part`);
}

/** A reviewer has a conflict, and is out of the request; another one asks the applicant, who answers. */
async function ask({ applicant, address }, reader, arrive, { path, reference }) {
  const [first, ...others] = await reader.mailedAbout(reference, "please review");
  const out = await arrive(first);
  await out.open(`${path}/review`);
  await out.fill({ conflict: "conflict", conflict_reason: "We are a partner of the project." });
  await out.press("Send the answer");
  await out.looks();
  await out.open(`${path}/discussion`);
  assert.doesNotMatch(await out.page.content(), /Open maps of the Alpine world/);

  const member = await whoTakesPart(others, arrive, path);
  await member.fill({ question: "Who keeps the maps online when the grant has ended?" });
  await member.press("Send the question");
  await member.looks();
  const links = await applicant.readMail(address, "question");
  await applicant.page.goto(links.find((link) => link.includes(path)));
  await applicant.press("Answer by");
  await applicant.looks();
  await applicant.fill({ answer: "Our library does, as it has since 2012." });
  await applicant.press("Send the answer");
  await applicant.looks();
  await member.open(`${path}/review`);
  await member.page.getByText("Our library does, as it has since 2012.").first().waitFor();
  return member;
}

/** The same reviewer objects without a reason, then with one, and closes the objection again. */
async function object(member, path) {
  await member.open(`${path}/review`);
  await member.fill({ stance: "object" });
  await member.press("Send the review");
  assert.match(await member.page.title(), /^Error: /);
  await member.looks();
  await rateAll(member);
  await member.fill({ reason: "The plan has no place for the community." });
  await member.press("Send the review");
  await member.looks();
  await member.pickFirst("objection");
  await member.fill({ close_reason: "The answer says how." });
  await member.press("Close the objection");
  await member.looks();
}

/** The applicant writes a message, corrects the addressee, and withdraws the request in the end. */
async function end(applicant, path) {
  await applicant.open(path);
  await applicant.press("Write to the committee and staff");
  await applicant.fill({ body: "The panel has a new chair." });
  await applicant.press("Send the message");
  await applicant.looks();
  await applicant.open(path);
  await applicant.press("Correct the deadline or the addressee");
  await applicant.sees("Correct the deadline or the addressee");
  await applicant.fill({ addressee_name: "Dr Ngozi Adé" });
  await applicant.press("Look at the correction");
  await applicant.sees("Check the correction");
  await applicant.press("Save the correction");
  await applicant.looks();
  await applicant.press("Withdraw the request");
  await applicant.looks();
  await applicant.fill({ why: "The call was cancelled." });
  await applicant.press("Withdraw the request");
  await applicant.looks();
  await applicant.page.getByText("Withdrawn").first().waitFor();
}

/** Goes all these ways; `options` go to every browser, such as `{ javaScriptEnabled: false }`. */
export async function detours(browser, service, options) {
  const { stranger, arrive, leave } = company(browser, service, options);
  const [reader, applicant] = [await stranger(), await stranger()];
  const address = newAddress("zoe");
  const path = await begin(applicant, address);
  const reference = await send(applicant, arrive, path);
  const member = await ask({ applicant, address }, reader, arrive, { path, reference });
  await object(member, path);
  await end(applicant, path);
  await leave();
}
