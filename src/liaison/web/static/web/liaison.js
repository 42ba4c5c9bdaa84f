// What a script adds to pages that work without it: tabs, focus on errors, shown passwords, no double posts.
import { Button, ErrorSummary, PasswordInput, SkipLink, Tabs } from "./govuk.js";

// The components look for this class before they start; a page without a script never has it.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const Component of [Button, ErrorSummary, PasswordInput, SkipLink, Tabs]) {
  for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
    try {
      new Component(element, Component === Button ? { preventDoubleClick: true } : {});
    } catch (error) {
      // One part that cannot start must not stop the others: the page works without all of them.
      console.warn(error);
    }
  }
}

// A scanner ends each line of a machine-readable zone with Enter; only the last one may send the form.
// The first line is 30 characters long where there are three lines (ICAO Doc 9303, TD1), else there are two.
function isUnfinishedZone(text) {
  const lines = text.trim().split(/\s+/);
  const looksLikeZone = lines.every((line) => /^[A-Z0-9<]{30,44}$/.test(line)) && lines[0].includes("<");
  return looksLikeZone && lines.length < (lines[0].length === 30 ? 3 : 2);
}

for (const box of document.querySelectorAll("textarea[data-enter-submits]")) {
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !isUnfinishedZone(box.value)) {
      event.preventDefault();
      box.form.requestSubmit();
    }
  });
  // After an answer the next check overwrites the last one.
  if (document.activeElement === box) {
    box.select();
  }
  sendOnce(box.form);
}

// On a slow network people press twice, and each time would be a check of its own in the register.
// Who stops the page, or comes back to it, can send again.
function sendOnce(form) {
  let sentAt = 0;
  form.addEventListener("submit", (event) => {
    if (Date.now() - sentAt < 10_000) {
      event.preventDefault();
    } else {
      sentAt = Date.now();
    }
  });
  window.addEventListener("pageshow", () => {
    sentAt = 0;
  });
}

// What is folded on the screen stands open on paper.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details.app-match__more")) {
    folded.open = true;
  }
});

// A button that cannot be taken back says what it will do and asks once more.
for (const button of document.querySelectorAll("button[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!window.confirm(button.dataset.confirm)) {
      event.preventDefault();
    }
  });
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
