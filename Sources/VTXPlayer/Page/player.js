// The player page: puts engine, controls, previews, panel and session together.

import { makeEngine, placeOf } from './engine.js';
import { Controls } from './controls.js';
import { Panel } from './panel.js';
import { Session, report } from './session.js';

const $ = (id) => document.getElementById(id);
const setting = (name) => document.querySelector(`meta[name="vtx-${name}"]`);

/** What is remembered from visit to visit; nothing where the browser forbids it. */
const memory = {
  get(name) { try { return localStorage.getItem(`vtx-${name}`); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(`vtx-${name}`, value); } catch { /* then not */ } },
};

/** The folder's name in the address; a link's token (~...) is none. */
function titleOf(path) {
  const names = path.split('/').filter((name) => name && !/^~\d+\.[0-9a-f]{64}$/.test(name));
  if (/\.html?$/i.test(names.at(-1) ?? '')) names.pop();
  try { return decodeURIComponent(names.at(-1) ?? ''); } catch { return names.at(-1) ?? ''; }
}

function showTitle(title) {
  $('title').textContent = title;
  document.title = title;
}

/** What the package says that it is called; null if it says nothing. */
async function declaredTitle(source) {
  try {
    const response = await fetch(source);
    const data = response.ok ? await response.text() : '';
    return /^#EXT-X-SESSION-DATA:DATA-ID="com\.apple\.hls\.title",VALUE="([^"]+)"/m.exec(data)?.[1] ?? null;
  } catch { return null; }
}

function dress() {
  const root = document.documentElement;
  showTitle(titleOf(location.pathname) || location.hostname);
  declaredTitle(setting('source').content).then((title) => { if (title) showTitle(title); });
  const chosen = memory.get('theme');
  if (chosen) root.dataset.theme = chosen;
  $('theme').addEventListener('click', () => {
    const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
    memory.set('theme', root.dataset.theme);
  });
  $('keys').addEventListener('click', () => $('help').showModal());
}

async function start() {
  dress();
  const video = $('video');
  const player = $('player');
  const poster = setting('poster')?.content;
  if (poster) video.poster = poster;
  video.addEventListener('resize', () => {
    if (video.videoWidth) player.style.setProperty('--shape', `${video.videoWidth} / ${video.videoHeight}`);
  });
  const script = setting('hls');
  const engine = await makeEngine(video, setting('source').content, { url: script?.content, integrity: script?.dataset.integrity });
  const controls = new Controls(video, player, memory);
  if (!engine) {
    controls.complain(`This browser cannot play HLS by itself, and hls.js could not be loaded from ${placeOf(script?.content)}.`, () => location.reload());
    return;
  }
  const session = new Session(video, engine);
  controls.attach(engine, setting('thumbnails')?.content);
  engine.addEventListener('ready', () => { $('about').textContent = about(engine); }, { once: true });
  engine.addEventListener('trouble', ({ detail }) => controls.complain(detail, () => engine.retry()));
  const address = setting('report')?.content;
  if (address) report(session, address);

  if (!engine.measures) {
    // The browser's own player tells nothing that could be drawn.
    $('panel-toggle').hidden = true;
    $('hint').textContent = `${engine.reason} The browser's own player is used: it chooses the quality itself, and tells nothing about playback.`;
    $('hint').hidden = false;
    setInterval(() => session.tick(), 250);
    return;
  }
  const panel = new Panel(video, engine, session);
  const toggle = $('panel-toggle');
  const open = (isOpen) => {
    $('panel').hidden = !isOpen;
    $('main').classList.toggle('with-panel', isOpen);
    toggle.setAttribute('aria-pressed', String(isOpen));
    memory.set('panel', isOpen ? 'open' : 'closed');
  };
  open(memory.get('panel') !== 'closed');
  toggle.addEventListener('click', () => open($('panel').hidden));
  setInterval(() => {
    session.tick();
    panel.tick();
    if (!$('panel').hidden && document.visibilityState === 'visible') panel.draw();
  }, 250);
}

function about(engine) {
  const count = new Set(engine.renditions.map((one) => one.name)).size;
  return [count ? `${count} renditions` : null, engine.name].filter(Boolean).join(' · ');
}

start();
