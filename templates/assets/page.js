// Small improvements on pages that work without them: focus on errors, words left, one submit per press.
"use strict";

// Browsers without autofocus on a plain element, and pages restored from the cache.
document.querySelector(".errors")?.focus();

// A link of the error summary brings its field to the middle, where its label and message are visible too.
for (const link of document.querySelectorAll(".errors a")) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    field.focus({ preventScroll: true });
    (field.closest(".field") ?? field).scrollIntoView({ block: "center" });
  });
}

// Words or characters left, told to screen readers only when the typing pauses.
for (const area of document.querySelectorAll("textarea[data-most]")) {
  const { most, least = 0, unit } = area.dataset;
  const shown = document.getElementById(`${area.id}-count`);
  if (!shown) continue;
  const spoken = document.createElement("p");
  spoken.className = "unseen";
  spoken.setAttribute("role", "status");
  shown.after(spoken);
  const bounds = shown.textContent;
  const many = (number) => `${number.toLocaleString("en-GB")} ${unit}${number === 1 ? "" : "s"}`;
  let pause;
  const count = () => {
    const text = area.value.trim();
    const has = unit === "word" ? (text.match(/\S+/g) ?? []).length : [...text.normalize("NFC")].length;
    const said = has > most ? `${many(has - most)} too many` : has && has < least ? `${many(least - has)} missing` : `${many(most - has)} left`;
    shown.textContent = `${bounds} ${said}.`;
    shown.toggleAttribute("data-over", has > most);
    return said;
  };
  area.addEventListener("input", () => {
    const text = count();
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = text; }, 1200);
  });
  count();
}

// What is typed is kept at every pause, so that a closed window loses nothing; the button then says what is wrong.
for (const form of document.querySelectorAll("form[data-as-typed]")) {
  const said = document.createElement("p");
  said.className = "hint";
  said.setAttribute("role", "status");
  form.querySelector(".buttons").before(said);
  // What the page tells of the answers, which the server says anew.
  const told = form.querySelector("[data-told]");
  let tells = told?.innerHTML.trim();
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  // What came back with errors was not kept.
  let kept = form.querySelector("[aria-invalid=true]") ? "" : typed();
  let pause = kept ? 0 : setTimeout(() => keep(), 2500);
  let under;
  let sent = false;
  const keep = async () => {
    const now = typed();
    if (now === kept || under || sent) return under;
    under = fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(`${now}&as_typed=yes`), redirect: "manual", keepalive: true });
    try {
      const answer = await under;
      const seen = answer.ok && answer.headers.get("seen");
      const words = seen && (await answer.text()).trim();
      if (told && seen && words !== tells) {
        told.innerHTML = tells = words;
        onThisClock(told);
      }
      const then = new URLSearchParams(now);
      if (seen) then.set("seen", form.elements.seen.value = seen);
      kept = then.toString();
      said.textContent = seen ? "Saved as you type." : "Not saved. The button below says why.";
    } catch {
      said.textContent = "Not saved: there is no connection. It is tried again.";
    }
    under = undefined;
    clearTimeout(pause);
    if (typed() !== kept) pause = setTimeout(keep, 2500);
  };
  form.addEventListener("input", () => {
    sent = false;
    clearTimeout(pause);
    pause = setTimeout(keep, 2500);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  form.addEventListener("submit", async (event) => {
    clearTimeout(pause);
    // Kept once more while the page is left, the answer to the button would speak of an older state.
    if (!under) return void (sent = true);
    // The button waits for what is under way, whose answer the form must carry.
    event.preventDefault();
    await under.catch(() => {});
    setTimeout(() => form.requestSubmit(event.submitter));
  });
}

// A second press of the same button within five seconds does nothing. The server would answer it the same anyway.
for (const form of document.querySelectorAll("form[method=post]")) {
  let sent = 0;
  let by;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (event.timeStamp - sent < 5000 && sent > 0 && event.submitter === by) event.preventDefault();
    else [sent, by] = [event.timeStamp, event.submitter];
  });
}

// One box for all boxes of its form.
for (const all of document.querySelectorAll("[data-all]")) {
  const boxes = [...all.form.elements].filter((box) => box.type === "checkbox" && box.name);
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
}

// A deadline on the reader's own clock, where that shows another time than UTC.
const onThisClock = (part) => {
  for (const time of part.querySelectorAll("time[data-here]")) {
    const at = new Date(time.dateTime);
    const shown = (timeZone) => at.toLocaleString("en-GB", { timeZone, dateStyle: "long", timeStyle: "short", hourCycle: "h23" });
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    if (timeZone && shown(timeZone) !== shown("UTC")) time.append(`, on your clock ${shown(timeZone).replace(" at ", ", ")}`);
  }
};
onThisClock(document);

// The list below a search completes the last word that is typed, not the whole; blanks in quotation marks end no word.
for (const input of document.querySelectorAll(".filters input[list]")) {
  const options = [...input.list.options].map((option) => [option, option.value]);
  input.addEventListener("input", () => {
    let from = 0;
    let quoted = false;
    for (let at = 0; at < input.value.length; at += 1) {
      if (input.value[at] === "\"") quoted = !quoted;
      else if (input.value[at] === " " && !quoted) from = at + 1;
    }
    const before = input.value.slice(0, from);
    for (const [option, word] of options) option.value = before + word;
  });
}

// Words typed into a finder hide what does not hold them at once; sending it finds the same on the server.
for (const form of document.querySelectorAll("form[data-find]")) {
  const input = form.querySelector("input[type=search]");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const entries = [...document.querySelectorAll(form.dataset.find)].map((entry) => [entry, plain(entry.textContent)]);
  const said = document.createElement("p");
  said.className = "hint";
  said.setAttribute("role", "status");
  form.after(said);
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/);
    let left = 0;
    for (const [entry, text] of entries) {
      entry.hidden = !words.every((word) => text.includes(word));
      const link = document.querySelector(`nav a[href="#${CSS.escape(entry.id)}"]`)?.closest("li");
      if (link) link.hidden = entry.hidden;
      if (!entry.hidden) left += 1;
    }
    said.textContent = input.value.trim() ? `${left} of ${entries.length} answers` : "";
  });
}

// A link to an answer goes there, and into the clipboard.
for (const link of document.querySelectorAll("a[data-copy]")) {
  const said = document.createElement("span");
  said.className = "hint";
  said.setAttribute("role", "status");
  link.after(said);
  link.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.href);
      said.textContent = " Copied";
    } catch {
      said.textContent = "";
    }
  });
}

addEventListener("pageshow", (event) => { if (event.persisted) document.querySelector(".errors")?.focus(); });

// A file can be dropped anywhere on its form; `then` says what follows.
const droppable = (form, input, then) => {
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.toggleAttribute("data-over", true);
    });
  }
  form.addEventListener("dragleave", () => form.toggleAttribute("data-over", false));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.toggleAttribute("data-over", false);
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    then();
  });
};

// A letter's file is hashed here and only the hash is sent; it can also be dropped on the form. Without this, or where
// the browser does not hash, the file itself is sent.
for (const form of document.querySelectorAll("form[data-hash]")) {
  const input = form.querySelector("input[type=file]");
  form.addEventListener("submit", async (event) => {
    const [file] = input.files;
    if (!file || !globalThis.crypto?.subtle) return;
    event.preventDefault();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    location.assign(`${form.getAttribute("action")}?sha256=${hex}`);
  });
  droppable(form, input, () => form.requestSubmit());
}

// A form with a file shows how far it has come, and can be sent again where it broke off. What comes back takes the place
// of the page. Without this the browser sends the form itself.
const uploading = (form) => {
  const input = form.querySelector("input[type=file]");
  const said = document.createElement("p");
  const bar = document.createElement("progress");
  const again = document.createElement("button");
  said.setAttribute("role", "status");
  bar.max = 100;
  bar.setAttribute("aria-label", "Sent so far");
  Object.assign(again, { type: "button", className: "button", textContent: "Try again" });
  bar.hidden = again.hidden = true;
  form.querySelector(".buttons").before(said, bar);
  form.querySelector(".buttons").append(again);
  const button = form.querySelector("button[type=submit]");
  const drop = "You can also drop the file here.";
  let under = false;

  said.className = "hint";
  said.textContent = drop;
  const isLarge = (file) => file.size > Number(form.dataset.most);
  const chosen = () => {
    const [file] = input.files;
    said.className = file && isLarge(file) ? "error" : "hint";
    said.textContent = !file ? drop : isLarge(file) ? `“${file.name}” is too large to be taken. Choose a smaller one.` : `“${file.name}” is chosen and not sent yet.`;
    again.hidden = true;
    button.hidden = false;
  };
  const broken = () => {
    under = false;
    said.className = "error";
    said.textContent = "The file broke off on its way, and nothing of it was kept. Look at your connection and try again.";
    bar.hidden = button.hidden = true;
    again.hidden = false;
    again.focus();
  };
  const send = () => {
    if (under) return;
    under = true;
    said.className = "hint";
    const [file] = input.files;
    const request = new XMLHttpRequest();
    let told = 0;
    bar.value = 0;
    bar.hidden = false;
    again.hidden = true;
    said.textContent = `Sending “${file.name}”.`;
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const part = total > 0 ? Math.floor((100 * loaded) / total) : 0;
      bar.value = part;
      // Screen readers are told at every quarter.
      if (part >= told + 25) said.textContent = part === 100 ? "All of it is sent. It is being looked at." : `${(told = part - (part % 25))} per cent sent.`;
    });
    request.addEventListener("error", broken);
    request.addEventListener("timeout", broken);
    request.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = page.querySelector("main");
      if (!main || request.status >= 500) return broken();
      // Whoever was signed out in the meantime is led away from here.
      if (new URL(request.responseURL).pathname !== location.pathname) return location.assign(request.responseURL);
      document.title = page.title;
      document.querySelector("main").replaceChildren(...main.childNodes);
      for (const next of document.querySelectorAll("form[data-upload]")) uploading(next);
      (document.querySelector(".errors") ?? document.querySelector("main")).focus();
      // Put there once more a moment later, so that it is read out.
      const done = document.querySelector("main > .notice[role=status] p");
      const words = done?.textContent;
      if (done) {
        done.textContent = "";
        setTimeout(() => { done.textContent = words; }, 150);
      }
    });
    request.open("POST", form.getAttribute("action"));
    request.send(new FormData(form));
  };
  input.addEventListener("change", chosen);
  again.addEventListener("click", send);
  form.addEventListener("submit", (event) => {
    if (input.files.length === 0) return;
    event.preventDefault();
    if (isLarge(input.files[0])) input.focus();
    else send();
  });
  droppable(form, input, chosen);
};
for (const form of document.querySelectorAll("form[data-upload]")) uploading(form);

// A long select becomes a text field with the choices that fit what is typed (WAI-ARIA APG, combobox with list
// autocomplete): found by any part of a name, without accents, and by the words that an option carries. The select stays
// in the form, and without this it is what people choose from.
for (const select of document.querySelectorAll("select[data-combobox]")) {
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const choices = [...select.options].filter((option) => option.value !== "")
    .map((option) => ({ option, name: option.text, text: `${plain(option.text)} ${option.dataset.words ?? ""}` }));
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const said = document.createElement("p");
  const most = 100;
  let shown = [];
  let active = -1;
  Object.assign(input, { type: "text", id: select.id, autocomplete: "off", value: select.value ? select.selectedOptions[0].text : "" });
  list.id = `${select.id}-choices`;
  list.className = "choices";
  said.className = "hint";
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, spellcheck: "false" };
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) attributes[name] = select.getAttribute(name);
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label.textContent);
  said.setAttribute("role", "status");
  select.id = `${select.id}-select`;
  select.hidden = true;
  list.hidden = true;
  const box = document.createElement("div");
  box.className = "combobox";
  select.before(box);
  box.append(input, list);
  box.after(said);

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (at) => {
    list.children[active]?.removeAttribute("aria-selected");
    active = at;
    const item = list.children[at];
    if (!item) return input.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  };
  const choose = (choice) => {
    const before = select.value;
    select.value = choice.option.value;
    input.value = choice.name;
    said.textContent = "";
    close();
    // As if it were typed, so that it is saved.
    if (select.value !== before) select.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const open = (words) => {
    const wanted = plain(words).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    shown = choices.filter(({ text }) => wanted.every((word) => text.includes(word)));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...shown.slice(0, most).map((choice, at) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${at}`;
      item.setAttribute("role", "option");
      item.textContent = choice.name;
      item.addEventListener("click", () => choose(choice));
      return item;
    }));
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (shown.length > most) said.textContent = `The first ${most} of ${shown.length}. Type more of the name.`;
    else said.textContent = shown.length === 0 ? "Nothing in the list fits." : shown.length === 1 ? "1 fits." : `${shown.length} fit.`;
  };
  // What is typed in full is chosen; anything else is no choice.
  const settle = () => {
    const typed = plain(input.value.trim());
    const same = choices.find(({ option, name }) => option.value === select.value && plain(name) === typed) ?? choices.find(({ name }) => plain(name) === typed);
    if (same) return choose(same);
    select.value = "";
    close();
    said.textContent = typed ? select.dataset.none ?? "It is not in the list." : "";
  };
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("click", () => { if (list.hidden) open(select.value ? "" : input.value); });
  input.addEventListener("input", () => { select.value = ""; open(input.value); });
  input.addEventListener("blur", settle);
  input.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open(event.altKey || select.value ? "" : input.value);
      const last = list.children.length - 1;
      if (key === "ArrowDown") mark(active < last ? active + 1 : 0);
      else mark(active > 0 ? active - 1 : last);
    } else if (key === "Enter") {
      // As in a select, it does not send the form.
      event.preventDefault();
      if (active >= 0) choose(shown[active]);
      else settle();
    } else if (key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  input.form?.addEventListener("submit", settle);
}
