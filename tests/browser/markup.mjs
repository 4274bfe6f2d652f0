// Whether a page is well-formed HTML that means what it says.
import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit"] }], // Check boxes of one question share its name.
    "long-title": "off", // A page about a project is called as the project is, however long that may be.
  },
});

/** What is wrong with the HTML of a page as the server sent it, one line each. */
export async function markupFaults(html) {
  const { results } = await validator.validateString(html);
  return results.flatMap((result) => result.messages.map((fault) => `${fault.ruleId}: ${fault.message} (line ${fault.line})`));
}
