// Adds and removes groups of a repeated field at once. Without a group to copy, or without this script,
// the same buttons are sent to the server, which shows the form again.
function groups(list) {
  return [...list.querySelectorAll("[data-group]")];
}

function rename(group, name, from, to) {
  for (const element of group.querySelectorAll("*")) {
    for (const attribute of ["id", "name", "for", "list", "aria-describedby", "aria-labelledby"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replaceAll(`${name}-${from}`, `${name}-${to}`));
    }
  }
  group.dataset.group = to;
}

function empty(group) {
  for (const error of group.querySelectorAll(".utrecht-form-field-error-message")) error.remove();
  for (const field of group.querySelectorAll(".utrecht-form-field--invalid")) {
    field.classList.remove("utrecht-form-field--invalid");
  }
  for (const control of group.querySelectorAll("input, select, textarea")) {
    control.removeAttribute("aria-invalid");
    if (control.type === "checkbox" || control.type === "radio") control.checked = false;
    else if (control.type !== "hidden") control.value = "";
  }
}

function number(list) {
  groups(list).forEach((group, index) => {
    const label = `${list.dataset.item} ${index + 1}`;
    group.querySelector("[data-group-name]").textContent = label;
    group.querySelector("[data-remove-name]").textContent = `${label} ${list.dataset.remove}`;
  });
}

function announce(list, words) {
  list.querySelector("[data-announcement]").textContent = words;
}

function add(list) {
  const present = groups(list);
  const last = present.at(-1);
  const index = Math.max(...present.map((group) => Number(group.dataset.group))) + 1;
  const copy = last.cloneNode(true);
  empty(copy);
  rename(copy, list.dataset.repeated, last.dataset.group, index);
  last.after(copy);
  number(list);
  announce(list, `${list.dataset.item} ${present.length + 1} ${list.dataset.added}`);
  copy.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  copy.dispatchEvent(new CustomEvent("group:added", { bubbles: true }));
}

function remove(list, group) {
  announce(list, `${group.querySelector("[data-group-name]").textContent} ${list.dataset.removed}`);
  group.remove();
  number(list);
  list.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[name^='add-'], button[name^='remove-']");
  const list = button?.closest("[data-repeated]");
  if (!list || groups(list).length === 0) return;
  if (button.name === `add-${list.dataset.repeated}`) {
    event.preventDefault();
    add(list);
  } else if (groups(list).length > 1) {
    event.preventDefault();
    remove(list, button.closest("[data-group]"));
  }
});
