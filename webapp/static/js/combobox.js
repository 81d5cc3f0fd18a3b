// Suggestions under a text field, by the combobox pattern of the ARIA authoring practices: the field keeps the
// focus, arrow keys walk through the list, Enter chooses, Escape closes. What is sent is the text in the field,
// so that typing without suggestions (or without this script) works as well.
// data-suggest-url answers ?q=text with JSON: [{"value": "text for the field", "hint": "second text"}].
let counter = 0;

class Combobox {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input");
    this.active = -1;
    this.options = [];
    // The copy of a group has lost its list attribute, but not the list.
    this.known = [...(box.querySelector("datalist")?.options ?? [])].map((option) => ({ value: option.value }));
    this.input.removeAttribute("list");
    this.build();
    this.input.addEventListener("input", () => this.plan());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
  }

  build() {
    counter += 1;
    this.list = document.createElement("ul");
    this.list.id = `suggestions-${counter}`;
    this.list.className = "combobox__list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels[0]?.textContent ?? "");
    this.list.hidden = true;
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.choose(Number(item.dataset.index));
    });
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.box.append(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) {
      this.input.setAttribute(name, value);
    }
  }

  plan() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), this.box.dataset.suggestUrl ? 150 : 0);
  }

  async suggest() {
    const text = this.input.value.trim();
    if (text.length < (this.box.dataset.suggestUrl ? 2 : 1)) {
      this.close();
      return;
    }
    this.show(this.box.dataset.suggestUrl ? await this.ask(text) : this.filter(text));
  }

  filter(text) {
    const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return this.known.filter((option) => plain(option.value).includes(plain(text))).slice(0, 12);
  }

  async ask(text) {
    this.request?.abort();
    this.request = new AbortController();
    const url = new URL(this.box.dataset.suggestUrl, location.href);
    url.searchParams.set("q", text);
    try {
      const answer = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  show(options) {
    if (options === null || document.activeElement !== this.input) return;
    this.options = options;
    this.active = -1;
    this.list.replaceChildren(...options.map((option, index) => this.item(option, index)));
    this.list.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", String(options.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = options.length ? `${options.length} ${this.box.dataset.some}` : this.box.dataset.none;
  }

  item(option, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.className = "combobox__option";
    item.dataset.index = index;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.append(option.value);
    if (option.hint) {
      const hint = document.createElement("span");
      hint.className = "combobox__hint";
      hint.textContent = option.hint;
      item.append(" ", hint);
    }
    return item;
  }

  key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      if (this.list.hidden) this.suggest();
      else this.walk(moves[event.key]);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.close();
    }
  }

  walk(direction) {
    const count = this.options.length;
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = this.active < 0 && direction < 0 ? count - 1 : (this.active + direction + count) % count;
    const item = this.list.children[this.active];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  choose(index) {
    this.input.value = this.options[index].value;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function enhance(root) {
  for (const box of root.querySelectorAll("[data-combobox]:not([data-ready])")) {
    box.dataset.ready = "";
    new Combobox(box);
  }
}

enhance(document);
document.addEventListener("htmx:after:process", (event) => enhance(event.target));
document.addEventListener("group:added", (event) => {
  for (const box of event.target.querySelectorAll("[data-combobox]")) {
    box.querySelector(".combobox__list")?.remove();
    box.querySelector("[role=status]")?.remove();
    delete box.dataset.ready;
  }
  enhance(event.target);
});
