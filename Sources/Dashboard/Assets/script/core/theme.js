// Light or dark: what the system says until somebody presses the button, which this browser then
// remembers. Charts ask here for colours, since a canvas does not know the style sheet.

const key = 'rampart-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const readers = new Set();
const probe = document.createElement('span');
let colours = {};

function stored() {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** `light` or `dark`, whoever decided. */
export function theme() {
  return document.documentElement.dataset.theme ?? (system.matches ? 'dark' : 'light');
}

function changed() {
  colours = {};
  for (const handler of readers) handler(theme());
}

export function toggleTheme() {
  const next = theme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  changed();
}

/** Calls back after each change; the result ends it. */
export function onTheme(handler) {
  readers.add(handler);
  return () => readers.delete(handler);
}

/** A colour variable of base.css as the canvas wants it; share is its opacity. */
export function colour(name, share = 1) {
  if (!colours[name]) {
    if (!probe.isConnected) {
      probe.hidden = true;
      document.body.append(probe);
    }
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  if (share === 1) return colours[name];
  return colours[name].replace('rgb(', 'rgba(').replace(')', `, ${share})`);
}

const chosen = stored();
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
system.addEventListener('change', changed);
