// What plays: hls.js on MediaSource, or the browser's own HLS player, behind one interface.
//
// Both engines are event targets. "ready" comes once; "renditions", "audio" and "subtitles" when the lists change;
// "rendition" when another one is seen; "segment" when one was loaded; "trouble" when playing cannot go on.

/** @returns the engine for this browser, or null if it plays no HLS at all. */
export async function makeEngine(video, source, script) {
  const hasMediaSource = Boolean(window.MediaSource || window.ManagedMediaSource);
  const Hls = hasMediaSource ? await loadHls(script) : null;
  if (Hls?.isSupported()) return new HlsEngine(Hls, video, source);
  if (!video.canPlayType('application/vnd.apple.mpegurl')) return null;
  const reason = hasMediaSource && !Hls
    ? `hls.js could not be loaded from ${placeOf(script.url)}.` : 'This browser does not support hls.js.';
  return new NativeEngine(video, source, reason);
}

/** The server of an address, in words. */
export function placeOf(address) {
  const { host } = new URL(address ?? '', document.baseURI);
  return host === location.host ? 'this server' : host;
}

/** hls.js, from a module or a script; null if it cannot be had. */
async function loadHls({ url, integrity }) {
  const limit = new Promise((resolve) => setTimeout(resolve, 10_000, null));
  return Promise.race([limit, (/\.mjs$/.test(url) ? loadModule(url) : loadScript(url, integrity)).catch(() => null)]);
}

async function loadModule(url) {
  const loaded = await import(new URL(url, document.baseURI));
  return loaded.default ?? loaded.Hls ?? null;
}

function loadScript(url, integrity) {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script');
    if (integrity) Object.assign(element, { integrity, crossOrigin: 'anonymous' });
    element.src = url;
    element.onload = () => resolve(window.Hls ?? null);
    element.onerror = reject;
    document.head.append(element);
  });
}

const emit = (target, type, detail) => target.dispatchEvent(new CustomEvent(type, { detail }));

class HlsEngine extends EventTarget {
  constructor(Hls, video, source) {
    super();
    this.name = `hls.js ${Hls.version ?? ''}`.trim();
    this.measures = true;
    this.renditions = [];
    this.video = video;
    this.source = source;
    this.Hls = Hls;
    this.recoveries = 0;
    this.open();
  }

  open() {
    // Half a minute ahead at any bit rate: more would be wasted when the viewer leaves.
    const hls = this.hls = new this.Hls({ backBufferLength: 60, maxMaxBufferLength: 30 });
    const on = (name, take) => hls.on(this.Hls.Events[name], (_, data) => take(data));
    // The page draws cues itself, above its own bar.
    hls.subtitleDisplay = false;
    on('MANIFEST_PARSED', () => {
      this.renditions = nameRenditions(hls.levels);
      emit(this, 'renditions');
      emit(this, 'ready');
    });
    on('LEVEL_SWITCHED', ({ level }) => emit(this, 'rendition', this.renditions[level]));
    on('LEVEL_SWITCHING', () => emit(this, 'choosing'));
    on('AUDIO_TRACKS_UPDATED', () => emit(this, 'audio'));
    on('AUDIO_TRACK_SWITCHED', () => emit(this, 'audio'));
    on('SUBTITLE_TRACKS_UPDATED', () => emit(this, 'subtitles'));
    on('SUBTITLE_TRACK_SWITCH', () => emit(this, 'subtitles'));
    on('FRAG_BUFFERED', ({ frag, stats }) => {
      if (frag.sn === 'initSegment' || !stats?.total) return;
      const { start, end } = stats.loading;
      emit(this, 'segment', {
        isAudio: frag.type === 'audio', start: frag.start, duration: frag.duration, bytes: stats.total,
        rendition: frag.type === 'main' ? this.renditions[frag.level] : null,
        // Milliseconds; nothing can be measured in none.
        rate: end > start ? stats.total * 8000 / (end - start) : null,
      });
    });
    on('ERROR', (data) => {
      emit(this, 'fault', { message: `${data.type}: ${data.details}`, isFatal: data.fatal });
      if (data.fatal) this.recover(data);
    });
    hls.loadSource(this.source);
    hls.attachMedia(this.video);
  }

  recover(data) {
    this.recoveries += 1;
    if (this.recoveries <= 3 && data.type === this.Hls.ErrorTypes.MEDIA_ERROR) return this.hls.recoverMediaError();
    const status = data.response?.code;
    const cause = status ? `the server answers ${status}` : data.details;
    emit(this, 'trouble', `The video cannot be loaded: ${cause}.`);
  }

  retry() {
    const at = this.video.currentTime;
    this.hls.destroy();
    this.recoveries = 0;
    this.addEventListener('ready', () => { this.video.currentTime = at; }, { once: true });
    this.open();
  }

  get throughput() { return this.hls.bandwidthEstimate; }
  get pinned() { return this.hls.autoLevelEnabled ? null : this.renditions[this.hls.loadLevel] ?? null; }
  get current() { return this.renditions[this.hls.currentLevel] ?? null; }

  /** One rendition from the next segment on, or (null) whichever fits. */
  pin(rendition) {
    // What is loaded beyond the next segment is dropped, so that the choice is soon seen.
    this.hls.nextLevel = rendition ? rendition.index : -1;
    emit(this, 'choosing');
  }

  get audio() { return this.hls.audioTracks.map((track, index) => describe(track, index, index === this.hls.audioTrack)); }
  chooseAudio(index) { this.hls.audioTrack = index; }

  get subtitles() { return this.hls.subtitleTracks.map((track, index) => describe(track, index, index === this.hls.subtitleTrack)); }
  chooseSubtitles(index) {
    this.hls.subtitleDisplay = false;
    this.hls.subtitleTrack = index;
    emit(this, 'subtitles');
  }

  /** The text track whose cues the page draws. */
  get textTrack() {
    const chosen = this.hls.subtitleTracks[this.hls.subtitleTrack];
    if (!chosen) return null;
    const tracks = [...this.video.textTracks].filter((track) => track.kind === 'subtitles' || track.kind === 'captions');
    return tracks.find((track) => track.label === chosen.name) ?? tracks.find((track) => track.language === chosen.lang) ?? null;
  }
}

/** The browser's own player: it chooses and measures by itself, and tells nothing. */
class NativeEngine extends EventTarget {
  /** `reason`: why it is used, a sentence. */
  constructor(video, source, reason) {
    super();
    this.name = 'native';
    this.reason = reason;
    this.measures = false;
    this.renditions = [];
    this.video = video;
    this.source = source;
    video.addEventListener('loadedmetadata', () => emit(this, 'ready'));
    video.addEventListener('error', () => {
      emit(this, 'fault', { message: `media error ${video.error?.code}`, isFatal: true });
      emit(this, 'trouble', `The video cannot be played: ${video.error?.message || 'the browser gives no reason'}.`);
    });
    for (const type of ['addtrack', 'removetrack', 'change']) {
      video.textTracks.addEventListener(type, () => emit(this, 'subtitles'));
      video.audioTracks?.addEventListener(type, () => emit(this, 'audio'));
    }
    video.src = source;
  }

  retry() { this.video.load(); }
  get throughput() { return null; }
  get pinned() { return null; }
  get current() { return null; }
  get audio() { return [...this.video.audioTracks ?? []].map((track, index) => describe(track, index, track.enabled)); }
  chooseAudio(index) { [...this.video.audioTracks].forEach((track, at) => { track.enabled = at === index; }); }

  get texts() { return [...this.video.textTracks].filter((track) => track.kind === 'subtitles' || track.kind === 'captions'); }
  get subtitles() { return this.texts.map((track, index) => describe(track, index, track.mode !== 'disabled')); }
  chooseSubtitles(index) {
    this.texts.forEach((track, at) => { track.mode = at === index ? 'hidden' : 'disabled'; });
    emit(this, 'subtitles');
  }
  get textTrack() { return this.texts.find((track) => track.mode !== 'disabled') ?? null; }
}

function describe(track, index, isChosen) {
  return { index, name: track.name || track.label || track.lang || track.language || `Track ${index + 1}`, language: track.lang || track.language || '', isChosen };
}

/** Names by the short side; the bit rate tells apart what has the same. Bandwidths in bits per second, as declared. */
function nameRenditions(levels) {
  const renditions = levels.map((level, index) => ({
    index, width: level.width, height: level.height, bandwidth: level.bitrate,
    average: level.averageBitrate || Number(level.attrs?.['AVERAGE-BANDWIDTH']) || level.bitrate,
    name: level.height ? `${Math.min(level.width || level.height, level.height)}p` : 'Audio',
  }));
  for (const one of renditions) {
    one.isAmbiguous = renditions.some((other) => other !== one && other.name === one.name);
  }
  for (const one of renditions) if (one.isAmbiguous) one.name += ` ${(one.bandwidth / 1e6).toFixed(1)}M`;
  return renditions;
}
