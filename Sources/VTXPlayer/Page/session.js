// What happens in one session: start-up, switches, stalls, sums. The panel draws it, the server's log keeps it.

export class Session extends EventTarget {
  constructor(video, engine) {
    super();
    this.video = video;
    this.engine = engine;
    this.began = performance.now();
    this.startup = null;
    this.watched = 0;
    this.stalled = 0;
    this.stalls = [];
    this.switches = [];
    this.rendition = null;
    this.bits = 0;
    this.pressed = null;
    this.stall = null;
    this.isSeeking = false;
    this.wasPinned = null;
    this.last = { now: this.began, at: 0 };

    const on = (name, take) => video.addEventListener(name, take);
    on('play', () => { this.pressed ??= performance.now(); });
    on('playing', () => {
      if (this.startup === null && this.pressed !== null) {
        this.startup = performance.now() - this.pressed;
        this.tell('startup', { milliseconds: round(this.startup) });
      }
      this.endStall();
      this.isSeeking = false;
    });
    on('seeking', () => {
      // hls.js nudges a player that stands still by fractions of a second: that is no seek, and the stall goes on.
      if (Math.abs(video.currentTime - this.last.at) < 1) return;
      this.isSeeking = true;
      this.endStall();
    });
    on('seeked', () => { if (video.readyState >= 3) this.isSeeking = false; });
    on('waiting', () => {
      if (this.startup === null || this.isSeeking || video.ended || video.paused || this.stall) return;
      this.stall = { begin: performance.now(), end: null, position: video.currentTime };
      this.stalls.push(this.stall);
    });
    on('pause', () => this.endStall());
    on('ended', () => { this.endStall(); this.tell('end', this.sums()); });
    engine.addEventListener('rendition', ({ detail }) => detail && this.switchTo(detail));
    engine.addEventListener('fault', ({ detail }) => {
      this.tell('error', { message: String(detail.message).slice(0, 200), is_fatal: Boolean(detail.isFatal) });
    });
  }

  /** Seconds since the session began. */
  get time() { return (performance.now() - this.began) / 1000; }

  switchTo(rendition) {
    const from = this.rendition;
    if (from === rendition) return;
    this.rendition = rendition;
    this.switches.push({ time: this.time, rendition });
    if (!from) return;
    this.tell('switch', {
      from: from.name, to: rendition.name, from_bandwidth: from.bandwidth, to_bandwidth: rendition.bandwidth,
      is_manual: this.engine.pinned === rendition,
    });
  }

  endStall() {
    if (!this.stall) return;
    this.stall.end = performance.now();
    const seconds = (this.stall.end - this.stall.begin) / 1000;
    this.stalled += seconds;
    this.tell('stall', { seconds: round(seconds, 3), position: round(this.stall.position, 3) });
    this.stall = null;
  }

  /** Adds up; called a few times a second. */
  tick() {
    const now = performance.now();
    const at = this.video.currentTime;
    const wall = (now - this.last.now) / 1000;
    const step = at - this.last.at;
    // Only what was really played: no jumps.
    if (step > 0 && !this.video.seeking && step < wall * this.video.playbackRate + 1) {
      this.watched += step;
      this.bits += step * (this.rendition?.average ?? 0);
    }
    this.last = { now, at };
  }

  get averageBitRate() { return this.watched > 0 && this.bits > 0 ? this.bits / this.watched : null; }
  get stalledNow() { return this.stalled + (this.stall ? (performance.now() - this.stall.begin) / 1000 : 0); }
  get quality() { return this.video.getVideoPlaybackQuality?.() ?? null; }

  sums() {
    const sums = { watched: round(this.watched, 3), stalled: round(this.stalledNow, 3), stalls: this.stalls.length, dropped: this.quality?.droppedVideoFrames ?? 0 };
    if (this.averageBitRate) sums.average_bit_rate = round(this.averageBitRate);
    return sums;
  }

  tell(type, values) {
    this.dispatchEvent(new CustomEvent('event', { detail: { type, position: round(this.video.currentTime, 3), ...values } }));
  }
}

const round = (value, places = 0) => Number(value.toFixed(places));

/** Sends a session's events to the server that asked for them, every ten seconds and at the end. */
export function report(session, address) {
  const name = crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  let queue = [{ type: 'start', position: 0, engine: session.engine.name }];
  session.addEventListener('event', ({ detail }) => { if (queue.length < 400) queue.push(detail); });

  function send(isLast) {
    // Who leaves in the middle of a stall has had it.
    if (isLast) session.endStall();
    if (session.watched > 0 || session.stall) {
      queue.push({ type: isLast ? 'end' : 'progress', position: round(session.video.currentTime, 3), ...session.sums() });
    }
    if (!queue.length) return;
    const body = new Blob([JSON.stringify({ session: name, events: queue })], { type: 'application/json' });
    queue = [];
    if (isLast && navigator.sendBeacon?.(address, body)) return;
    fetch(address, { method: 'POST', body, keepalive: true }).catch(() => { /* nobody listens any more */ });
  }

  let sent = -1;
  setInterval(() => {
    if (session.watched === sent && !session.stall && !queue.length) return;
    sent = session.watched;
    send(false);
  }, 10_000);
  addEventListener('pagehide', () => send(true));
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') send(false); });
}
