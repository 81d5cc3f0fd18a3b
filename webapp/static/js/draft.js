// Warns on leaving a page while something typed is not yet sent; brings errors in view after a refused form.
const changed = new Set();

function isDraft(element) {
  return element?.closest?.("form[data-draft]");
}

document.addEventListener("input", (event) => {
  const form = isDraft(event.target);
  if (form) changed.add(form);
});

document.addEventListener("submit", (event) => changed.delete(event.target));

window.addEventListener("beforeunload", (event) => {
  for (const form of changed) {
    if (form.isConnected) event.preventDefault();
  }
});

document.querySelector("[data-error-summary]")?.focus();
