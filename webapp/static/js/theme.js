// The choice between light and dark takes effect at once; the server reads the same cookie for the next page.
const form = document.querySelector("[data-theme-switch]");

function choose(theme) {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  for (const button of form.querySelectorAll("button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

form?.addEventListener("submit", (event) => {
  if (event.submitter?.name === "theme") {
    event.preventDefault();
    choose(event.submitter.value);
  }
});
