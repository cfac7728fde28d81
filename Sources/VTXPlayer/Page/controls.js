// Bar, menus, keyboard and captions: everything a hand can reach.

import { Preview } from './preview.js';
import { bits } from './panel.js';

const $ = (id) => document.getElementById(id);
const IDLE = 2600; // milliseconds until the bar fades
const PEEK = 1200; // milliseconds that the preview stays after a seek
const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]; // playback rates

const speedName = (rate) => (rate === 1 ? 'Normal' : `${rate}×`);

/** `1:02:03`, for seconds. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const two = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export class Controls {
  constructor(video, player, memory) {
    Object.assign(this, { video, player, memory, engine: null, isDragging: false });
    this.preview = new Preview($('preview'));
    this.watchVideo();
    this.watchBar();
    this.watchSeek();
    this.watchKeys();
    this.watchIdle();
  }

  /** From here on there is something to control. */
  attach(engine, thumbnails) {
    this.engine = engine;
    for (const type of ['renditions', 'rendition', 'choosing']) engine.addEventListener(type, () => this.showChoices());
    engine.addEventListener('audio', () => this.showChoices());
    engine.addEventListener('subtitles', () => this.showChoices());
    engine.addEventListener('ready', () => {
      if (this.player.dataset.state === 'loading') this.player.dataset.state = 'ready';
      $('notice').hidden = true;
      this.showChoices();
    });
    if (thumbnails) this.preview.load(thumbnails);
    this.showChoices();
  }

  // What the video does

  watchVideo() {
    const { video, player } = this;
    const on = (names, take) => names.split(' ').forEach((name) => video.addEventListener(name, take));
    on('play pause ended', () => {
      const name = video.ended ? 'Play again' : video.paused ? 'Play' : 'Pause';
      icon($('play'), video.ended ? 'replay' : video.paused ? 'play' : 'pause', name);
      icon($('big'), video.ended ? 'replay' : 'play', name);
      if (video.ended) player.dataset.state = 'ended';
      else if (!video.paused) player.dataset.state = 'waiting';
      else player.dataset.state = 'paused';
      this.stir();
    });
    on('playing', () => { player.dataset.state = 'playing'; this.hasPlayed = true; this.stir(); });
    on('waiting', () => { if (!video.paused) player.dataset.state = 'waiting'; });
    on('seeking', () => { if (!this.hasPlayed && video.paused) return; if (!video.paused) player.dataset.state = 'waiting'; });
    on('seeked canplay', () => {
      if (player.dataset.state === 'ended' && !video.ended) player.dataset.state = 'paused';
      if (!video.paused && video.readyState >= 3) player.dataset.state = 'playing';
    });
    on('timeupdate progress durationchange seeking loadedmetadata', () => this.showPosition());
    on('volumechange', () => this.showVolume());
    on('ratechange', () => this.showChoices());
    const volume = Number(this.memory.get('volume') ?? 1);
    if (volume >= 0 && volume <= 1) video.volume = volume;
    this.audible = volume > 0 && volume <= 1 ? volume : 1;
    this.showVolume();
  }

  showPosition() {
    const { video } = this;
    const length = Number.isFinite(video.duration) ? video.duration : 0;
    const slider = $('position');
    slider.max = length;
    if (!this.isDragging) slider.value = video.currentTime;
    const at = length ? Number(slider.value) / length * 100 : 0;
    let ahead = at;
    for (let index = 0; index < video.buffered.length; index += 1) {
      if (video.buffered.start(index) <= video.currentTime + 0.1) ahead = Math.max(at, video.buffered.end(index) / length * 100);
    }
    slider.style.setProperty('--at', `${at}%`);
    slider.style.setProperty('--ahead', `${length ? ahead : 0}%`);
    slider.setAttribute('aria-valuetext', `${clock(Number(slider.value))} of ${clock(length)}`);
    $('now').textContent = clock(Number(slider.value));
    $('length').textContent = clock(length);
  }

  showVolume() {
    const { video } = this;
    const isSilent = video.muted || video.volume === 0;
    icon($('mute'), isSilent ? 'muted' : 'volume', isSilent ? 'Unmute' : 'Mute');
    $('volume').value = isSilent ? 0 : video.volume;
    $('volume').style.setProperty('--at', `${(isSilent ? 0 : video.volume) * 100}%`);
    $('volume').style.setProperty('--ahead', '100%');
  }

  toggle() {
    const { video } = this;
    if (!video.paused && !video.ended) return video.pause();
    return video.play().catch((error) => {
      if (error.name === 'NotAllowedError') this.player.dataset.state = 'ready';
    });
  }

  seek(time) {
    const { video } = this;
    if (!Number.isFinite(video.duration)) return;
    video.currentTime = Math.min(Math.max(0, time), video.duration);
    this.say(clock(video.currentTime));
    this.peek(video.currentTime);
  }

  setVolume(value) {
    this.video.muted = false;
    this.video.volume = Math.min(1, Math.max(0, value));
    if (this.video.volume > 0) this.audible = this.video.volume;
    this.memory.set('volume', String(this.video.volume));
  }

  /** Silence and the volume before it, in turn. */
  toggleMute() {
    const { video } = this;
    if (video.volume === 0) this.setVolume(this.audible);
    else video.muted = !video.muted;
  }

  /** By a step. Lowering what is muted leaves it muted, raising it brings the volume back. */
  changeVolume(step) {
    if (!this.video.muted) this.setVolume(this.video.volume + step);
    else if (step > 0) this.toggleMute();
    this.say(this.video.muted ? 'Muted' : `Volume ${Math.round(this.video.volume * 100)} %`);
  }

  setSpeed(value) {
    this.video.defaultPlaybackRate = value;
    this.video.playbackRate = value;
  }

  changeSpeed(step) {
    const at = SPEEDS.indexOf(this.video.playbackRate);
    const next = SPEEDS[at + step];
    if (at < 0 || next === undefined) return;
    this.setSpeed(next);
    this.say(`Speed: ${speedName(next)}`);
  }

  // The bar

  watchBar() {
    const { video, player } = this;
    $('big').addEventListener('click', () => this.toggle());
    $('play').addEventListener('click', () => this.toggle());
    $('mute').addEventListener('click', () => this.toggleMute());
    $('volume').addEventListener('input', (event) => this.setVolume(Number(event.target.value)));
    $('full').addEventListener('click', () => this.toggleFull());
    document.addEventListener('fullscreenchange', () => {
      const isFull = document.fullscreenElement === player;
      icon($('full'), isFull ? 'unfull' : 'full', isFull ? 'Leave full screen' : 'Full screen');
    });
    $('inset').hidden = !document.pictureInPictureEnabled;
    $('inset').addEventListener('click', () => this.toggleInset());
    video.addEventListener('click', (event) => {
      // A finger asks for the bar first; a mouse has it already.
      if (event.pointerType === 'touch' || matchMedia('(hover: none)').matches) return this.stir();
      this.closeMenus();
      return this.toggle();
    });
    video.addEventListener('dblclick', () => this.toggleFull());
    for (const choice of document.querySelectorAll('.choice')) {
      choice.querySelector('button').addEventListener('click', () => this.openMenu(choice.dataset.choice));
    }
    document.addEventListener('pointerdown', (event) => { if (!event.target.closest?.('.choice')) this.closeMenus(); });
  }

  toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.player.requestFullscreen) this.player.requestFullscreen().catch(() => { /* forbidden here */ });
    else this.video.webkitEnterFullscreen?.();
  }

  toggleInset() {
    if (document.pictureInPictureElement) document.exitPictureInPicture();
    else this.video.requestPictureInPicture?.().catch(() => { /* forbidden here */ });
  }

  complain(text, retry) {
    const notice = $('notice');
    notice.querySelector('p').textContent = text;
    notice.querySelector('button').onclick = () => { notice.hidden = true; retry(); };
    notice.hidden = false;
  }

  say(text) { $('said').textContent = text; }

  // Seeking

  watchSeek() {
    const slider = $('position');
    const length = () => (Number.isFinite(this.video.duration) ? this.video.duration : 0);
    // The middle of the thumb is where the value is, and the thumb stays inside of the track.
    const thumb = 14;
    const place = (time) => thumb / 2 + (slider.clientWidth - thumb) * (length() ? time / length() : 0);
    const show = (time) => {
      clearTimeout(this.peeking);
      this.preview.show(time, clock(time), slider.offsetLeft + place(time), $('seek').clientWidth);
      // Subtitles make room for it.
      this.player.style.setProperty('--preview', `${$('preview').offsetHeight}px`);
      this.player.dataset.previewing = '';
    };
    const hide = () => {
      this.preview.hide();
      delete this.player.dataset.previewing;
    };
    /** Shows the thumbnail of the new position for a moment: a key press leaves no pointer there. */
    this.peek = (time) => {
      show(time);
      this.peeking = setTimeout(() => { if (!this.isDragging) hide(); }, PEEK);
    };
    $('seek').addEventListener('pointermove', (event) => {
      if (!length() || event.pointerType === 'touch') return;
      const box = slider.getBoundingClientRect();
      const share = (event.clientX - box.left - thumb / 2) / (box.width - thumb);
      show(Math.min(1, Math.max(0, share)) * length());
    });
    $('seek').addEventListener('pointerleave', () => { if (!this.isDragging) hide(); });
    slider.addEventListener('input', () => {
      this.isDragging = true;
      show(Number(slider.value));
      this.showPosition();
      this.stir();
    });
    slider.addEventListener('change', () => {
      this.isDragging = false;
      this.seek(Number(slider.value));
    });
    slider.addEventListener('blur', hide);
  }

  // Menus

  /** The entries of a menu, and what is chosen. */
  entries(kind) {
    const { engine } = this;
    if (!engine) return [];
    if (kind === 'quality') {
      if (engine.renditions.length < 2) return [];
      const { pinned, current } = engine;
      const order = [...engine.renditions].sort((one, other) => other.bandwidth - one.bandwidth);
      const automatic = { name: 'Auto', detail: current && !pinned ? current.name : '', isChosen: !pinned, choose: () => engine.pin(null) };
      return [automatic, ...order.map((one) => ({ name: one.name, detail: bits(one.bandwidth), isChosen: pinned === one, choose: () => engine.pin(one) }))];
    }
    if (kind === 'speed') {
      const chosen = this.video.playbackRate;
      return SPEEDS.map((one) => ({ name: speedName(one), detail: '', isChosen: one === chosen, choose: () => this.setSpeed(one) }));
    }
    const entry = (track, choose) => ({ name: track.name, detail: track.language, isChosen: track.isChosen, choose });
    if (kind === 'audio') {
      return engine.audio.length < 2 ? [] : engine.audio.map((track) => entry(track, () => engine.chooseAudio(track.index)));
    }
    const texts = engine.subtitles;
    if (!texts.length) return [];
    const off = { name: 'Off', detail: '', isChosen: !texts.some((track) => track.isChosen), choose: () => engine.chooseSubtitles(-1) };
    return [off, ...texts.map((track) => entry(track, () => engine.chooseSubtitles(track.index)))];
  }

  showChoices() {
    for (const choice of document.querySelectorAll('.choice')) {
      choice.hidden = this.entries(choice.dataset.choice).length === 0;
      const menu = choice.querySelector('.menu');
      if (menu) this.fill(menu, choice.dataset.choice);
    }
    if (!this.engine) return;
    const { pinned, current } = this.engine;
    const speed = this.video.playbackRate;
    document.querySelector('[data-choice="speed"] .label').textContent = speed === 1 ? '' : speedName(speed);
    document.querySelector('[data-choice="quality"] .label').textContent = (pinned ?? current)?.name ?? '';
    this.followText();
  }

  openMenu(kind) {
    const choice = document.querySelector(`[data-choice="${kind}"]`);
    const wasOpen = Boolean(choice.querySelector('.menu'));
    this.closeMenus();
    if (wasOpen || choice.hidden) return;
    const menu = Object.assign(document.createElement('div'), { className: 'menu' });
    menu.setAttribute('role', 'menu');
    this.fill(menu, kind);
    choice.append(menu);
    choice.querySelector('button').setAttribute('aria-expanded', 'true');
    (menu.querySelector('[aria-checked="true"]') ?? menu.querySelector('button'))?.focus();
    this.stir();
  }

  fill(menu, kind) {
    const title = { quality: 'Quality', audio: 'Audio', subtitles: 'Subtitles', speed: 'Speed' }[kind];
    const focused = [...menu.querySelectorAll('button')].indexOf(document.activeElement);
    menu.setAttribute('aria-label', title);
    menu.replaceChildren(Object.assign(document.createElement('h3'), { textContent: title }));
    for (const item of this.entries(kind)) {
      const button = Object.assign(document.createElement('button'), { type: 'button' });
      button.setAttribute('role', 'menuitemradio');
      button.setAttribute('aria-checked', String(item.isChosen));
      button.append(item.name);
      if (item.detail) button.append(Object.assign(document.createElement('small'), { textContent: item.detail }));
      button.addEventListener('click', () => {
        item.choose();
        this.say(`${title}: ${item.name}`);
        this.closeMenus(true);
      });
      menu.append(button);
    }
    if (focused >= 0) menu.querySelectorAll('button')[focused]?.focus();
  }

  closeMenus(keepsFocus = false) {
    for (const menu of document.querySelectorAll('.menu')) {
      const button = menu.parentElement.querySelector('button');
      button.setAttribute('aria-expanded', 'false');
      menu.remove();
      if (keepsFocus) button.focus();
    }
  }

  // Captions

  followText() {
    const track = this.engine.textTrack;
    if (track === this.track) return;
    this.track?.removeEventListener('cuechange', this.drawText);
    this.track = track;
    this.drawText = () => {
      // Another player's script or the browser's menu may show the track itself.
      const cues = track && track.mode === 'hidden' ? [...track.activeCues ?? []] : [];
      $('captions').replaceChildren(...cues.map((cue) => {
        const line = document.createElement('div');
        line.append(cue.getCueAsHTML?.() ?? cue.text);
        return line;
      }));
    };
    track?.addEventListener('cuechange', this.drawText);
    this.drawText();
  }

  // Keyboard

  watchKeys() {
    document.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || $('help').open) return;
      const menu = event.target.closest?.('.menu');
      if (menu) return this.moveInMenu(menu, event);
      if (event.key === 'Escape') return this.closeMenus(true);
      const isButton = event.target.matches?.('button, a');
      const isSlider = event.target.matches?.('input');
      if ((isButton && [' ', 'Enter'].includes(event.key)) || (event.target.id === 'volume' && event.key.startsWith('Arrow'))) return undefined;
      if (isSlider && ['Home', 'End', 'PageUp', 'PageDown'].includes(event.key)) return undefined;
      const act = this.keys[event.key.toLowerCase()] ?? (/^\d$/.test(event.key) ? () => this.seek(this.video.duration * event.key / 10) : null);
      if (!act) return undefined;
      event.preventDefault();
      this.stir();
      return act();
    });
  }

  get keys() {
    const { video } = this;
    const by = (seconds) => () => this.seek(video.currentTime + seconds);
    const louder = (step) => () => this.changeVolume(step);
    return {
      ' ': () => this.toggle(), k: () => this.toggle(), arrowleft: by(-5), arrowright: by(5), j: by(-10), l: by(10),
      arrowup: louder(0.1), arrowdown: louder(-0.1), m: () => this.toggleMute(),
      c: () => this.openMenu('subtitles'), a: () => this.openMenu('audio'), q: () => this.openMenu('quality'), s: () => this.openMenu('speed'),
      '<': () => this.changeSpeed(-1), '>': () => this.changeSpeed(1),
      f: () => this.toggleFull(), p: () => this.toggleInset(), d: () => $('panel-toggle').click(), '?': () => $('help').showModal(),
    };
  }

  moveInMenu(menu, event) {
    const buttons = [...menu.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') this.closeMenus(true);
    else if (to !== undefined) buttons[to % buttons.length].focus();
    else return;
    event.preventDefault();
  }

  // Fading

  watchIdle() {
    for (const name of ['pointermove', 'pointerdown', 'focusin']) this.player.addEventListener(name, () => this.stir());
    this.player.addEventListener('pointerleave', () => this.rest());
  }

  stir() {
    delete this.player.dataset.idle;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), IDLE);
  }

  rest() {
    const isBusy = this.video.paused || this.isDragging || this.player.querySelector('.menu') || this.player.querySelector('.bar :focus-visible');
    if (!isBusy) this.player.dataset.idle = '';
  }
}

function icon(button, name, label) {
  button.querySelector('use').setAttribute('href', `#i-${name}`);
  button.setAttribute('aria-label', label);
}
