// What becomes of an issued letter: a copy on paper, word of the outcome, a new version, and the end.
import { inDays } from "./days.mjs";

/** The applicant asks for the letter on paper; staff print and post it. The applicant tells what came of the proposal. */
async function onPaper({ applicant, staff }, path) {
  await applicant.open(`${path}/copy`);
  await applicant.looks();
  await applicant.fill({ name: "Review panel", address: "Fund for Open Culture\n1 Example Street\nExampletown" });
  await applicant.press("Ask for a physical copy");
  await applicant.looks();
  await staff.open(`${path}/posting`);
  await staff.press("It is printed");
  await staff.looks();
  await staff.fill({ posted_on: inDays(0), carrier: "Post office" });
  await staff.press("It is posted");
  await staff.looks();
  await applicant.open(`${path}/outcome`);
  await applicant.fill({ answer: "funded", remark: "From next May on." });
  await applicant.press("Tell us");
  await applicant.looks();
}

/** Staff begin a new version and think better of it. */
async function anotherVersion(staff, path) {
  await staff.open(`${path}/letter`);
  await staff.fill({ version_reason: "The title has a misprint." });
  await staff.press("Begin a new version");
  await staff.sees("Write the letter");
  await staff.press("Throw this version away");
  await staff.looks();
}

/** One of staff wants the letter revoked, a second one agrees; whoever checks its code is told. */
async function revoked({ staff, colleague, reader }, path, code) {
  await staff.open(`${path}/letter`);
  await staff.fill({ revoke_reason: "The project was given up." });
  await staff.press("Ask a colleague to confirm");
  await staff.looks();
  await colleague.open(`${path}/letter`);
  await colleague.press("Revoke the letter");
  await colleague.looks();
  await reader.open("/verify");
  await reader.fill({ code });
  await reader.press("Check");
  await reader.page.getByText("revoked").first().waitFor();
  await reader.looks();
}

/** The life of the letter with this code, from the day it is issued. */
export async function life(people, { path }, code) {
  await onPaper(people, path);
  await anotherVersion(people.staff, path);
  await revoked(people, path, code);
}
