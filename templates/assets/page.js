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
