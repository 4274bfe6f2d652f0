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

// Words left, told to screen readers only when the typing pauses.
for (const area of document.querySelectorAll("textarea[data-words]")) {
  const limit = Number(area.dataset.words);
  const shown = document.getElementById(`${area.id}-count`);
  if (!shown) continue;
  const spoken = document.createElement("p");
  spoken.className = "unseen";
  spoken.setAttribute("role", "status");
  shown.after(spoken);
  let pause;
  const count = () => {
    const left = limit - (area.value.match(/\S+/g) ?? []).length;
    const words = Math.abs(left) === 1 ? "word" : "words";
    shown.textContent = left < 0 ? `${-left} ${words} too many` : `${left} ${words} left`;
    shown.toggleAttribute("data-over", left < 0);
    return shown.textContent;
  };
  area.addEventListener("input", () => {
    const text = count();
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = text; }, 1200);
  });
  count();
}

// A second press of the same button within five seconds does nothing. The server would answer it the same anyway.
for (const form of document.querySelectorAll("form[method=post]")) {
  let sent = 0;
  form.addEventListener("submit", (event) => {
    if (event.timeStamp - sent < 5000 && sent > 0) event.preventDefault();
    else sent = event.timeStamp;
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
    form.requestSubmit();
  });
}
