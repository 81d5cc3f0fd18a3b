// The map is a group of links and needs no script. This makes it one stop of the Tab key, walked by the arrow keys, and
// shows the figures of the tile under the pointer or the focus.
const STEPS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function place(tile) {
  const { x, y } = tile.querySelector("use");
  return [x.baseVal.value, y.baseVal.value];
}

// The nearest tile in a direction: what lies aside counts double.
function nearest(tiles, from, [right, down]) {
  const [x, y] = place(from);
  const distance = (tile) => {
    const [tileX, tileY] = place(tile);
    const along = (tileX - x) * right + (tileY - y) * down;
    const aside = Math.abs((tileX - x) * down) + Math.abs((tileY - y) * right);
    return along > 0 ? along + 2 * aside : Infinity;
  };
  const found = tiles.reduce((best, tile) => (distance(tile) < distance(best) ? tile : best), from);
  return found === from || distance(found) === Infinity ? null : found;
}

function enliven(map) {
  const tiles = [...map.querySelectorAll("a")];
  const readout = map.closest("section")?.querySelector("[data-tile-readout]");
  const say = (tile) => {
    if (readout && tile) readout.textContent = tile.getAttribute("aria-label");
  };
  const stop = (tile) => {
    for (const each of tiles) each.setAttribute("tabindex", each === tile ? "0" : "-1");
  };
  stop(tiles[0]);
  map.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const tile = event.target.closest("a");
    if (!step || !tile) return;
    event.preventDefault();
    nearest(tiles, tile, step)?.focus();
  });
  map.addEventListener("focusin", (event) => {
    const tile = event.target.closest("a");
    stop(tile);
    say(tile);
  });
  map.addEventListener("pointerover", (event) => say(event.target.closest("a")));
  // The words stand in the line above the map; a second copy beside the pointer would hide other tiles.
  for (const title of map.querySelectorAll("title")) title.remove();
}

for (const map of document.querySelectorAll("[data-tile-map]")) {
  if (map.querySelector("a")) enliven(map);
}
