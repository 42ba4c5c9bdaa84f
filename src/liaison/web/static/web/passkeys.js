// Wires the buttons that ask a device for a passkey to allauth's scripts, and says on the page when none came.
for (const button of document.querySelectorAll("button[data-passkey]")) {
  const { passkey, credential, passwordless } = button.dataset;
  const ids = { add: button.id, authenticate: button.id, login: button.id, credential, passwordless, data: "js_data" };
  window.allauth.webauthn.forms[passkey]({ ids });
}

document.addEventListener("allauth.error", () => {
  for (const text of document.querySelectorAll("[data-passkey-failed]")) {
    text.hidden = false;
  }
});
