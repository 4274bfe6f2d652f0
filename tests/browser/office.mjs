// What staff do beside requests: an institution, a value of the policy, a question of the FAQ, and which mails they read
// before they go.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.mjs";
import { inDays } from "./days.mjs";
import { company, newAddress } from "./people.mjs";

/** The cookies of one of staff. */
async function sessionOfStaff(browser, { links }) {
  const { context, page } = await openPage(browser);
  await signIn(page, links().find(({ who }) => who === "staff").url);
  const storageState = await context.storageState();
  await context.close();
  return storageState;
}

/** An institution joins, and gets its website. */
async function institution(staff) {
  const name = `Museum of ${newAddress("kites")}`;
  await staff.open("/members");
  await staff.press("Add an institution");
  await staff.press("Save");
  assert.match(await staff.page.title(), /^Error: /);
  await staff.looks();
  await staff.fill({ name, membership: "full" });
  await staff.press("Save");
  await staff.looks();
  await staff.open("/members");
  await staff.press(name);
  await staff.press("Change");
  await staff.fill({ website: "https://kites.example" });
  await staff.press("Save");
  await staff.looks();
}

/** A value of the policy changes from next week on. */
async function value(staff) {
  await staff.open("/policy");
  await staff.press("Seats assigned to review a request");
  await staff.fill({ value: "4", since: inDays(7) });
  await staff.press("Save the change");
  await staff.looks();
  await staff.page.getByText("The change is saved").waitFor();
}

/** A question is added to the FAQ, looked at, and kept. */
async function question(staff) {
  await staff.open("/faq/edit");
  const source = await staff.page.locator("[name=source]").inputValue();
  const added = `What about kites ${newAddress("now")}?`;
  await staff.fill({ source: `${source}\n\n## ${added}\n\nThey fly.\n` });
  await staff.press("Preview");
  await staff.looks();
  await staff.press("Save");
  await staff.page.getByText(added).first().waitFor();
  await staff.looks();
}

/** Staff want to read the receipts first, and no longer. */
async function heldMails(staff) {
  for (const looked of [true, false]) {
    await staff.open("/mails/held");
    await staff.fill({ kind: looked });
    await staff.press("Save");
    await staff.looks();
    assert.equal(await staff.page.locator("[name=kind]").first().isChecked(), looked);
  }
}

/** Does all of it; `options` go to the browser, such as `{ javaScriptEnabled: false }`. */
export async function office(browser, service, options) {
  const { stranger, leave } = company(browser, service, options);
  const staff = await stranger(await sessionOfStaff(browser, service));
  await institution(staff);
  await value(staff);
  await question(staff);
  await heldMails(staff);
  await leave();
}
