// The panel: numbers, and three charts on canvases, drawn four times a second while they can be seen.

const WINDOW = 120; // seconds of history that the charts show
const BARS = 36; // segments in the third chart
const $ = (id) => document.getElementById(id);

export class Panel {
  constructor(video, engine, session) {
    Object.assign(this, { video, engine, session });
    this.samples = []; // time, buffer
    this.loads = []; // time, rate: what each segment measured
    this.estimates = []; // time, rate: what hls.js reckons with
    this.segments = []; // of the video, in the order of loading
    this.audioSegments = [];
    engine.addEventListener('segment', ({ detail }) => this.take(detail));
  }

  take(segment) {
    const time = this.session.time;
    if (segment.rate) keep(this.loads, { time, rate: segment.rate }, 400);
    if (segment.isAudio) keep(this.audioSegments, segment, 200);
    else keep(this.segments, segment, BARS);
  }

  /** Seconds buffered ahead of the playback position. */
  get buffer() {
    const { buffered, currentTime: at } = this.video;
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.start(index) <= at + 0.1 && at < buffered.end(index)) return buffered.end(index) - at;
    }
    return 0;
  }

  tick() {
    keep(this.samples, { time: this.session.time, buffer: this.buffer }, 4 * WINDOW + 8);
    const rate = this.engine.throughput;
    if (rate && this.loads.length) keep(this.estimates, { time: this.session.time, rate }, 4 * WINDOW + 8);
  }

  draw() {
    this.write();
    const colors = palette();
    const now = this.session.time;
    const begin = Math.max(0, now - WINDOW);
    const end = Math.max(begin + 20, now);
    this.drawRate($('c-rate'), colors, begin, end, now);
    this.drawBuffer($('c-buffer'), colors, begin, end);
    this.drawSegments($('c-segments'), colors);
  }

  write() {
    const { session, engine } = this;
    const rendition = session.rendition;
    set('d-rendition', rendition ? rendition.name : '–', rendition ? bits(rendition.bandwidth) : '');
    set('d-throughput', engine.throughput && this.loads.length ? bits(engine.throughput) : '–');
    set('d-buffer', `${this.buffer.toFixed(1)} s`);
    set('d-switches', String(Math.max(0, session.switches.length - 1)));
    set('d-stalls', String(session.stalls.length), session.stalls.length ? `${session.stalledNow.toFixed(1)} s` : '');
    const quality = session.quality;
    set('d-dropped', quality ? String(quality.droppedVideoFrames) : '–', quality ? `of ${quality.totalVideoFrames}` : '');
    set('d-startup', session.startup === null ? '–' : `${(session.startup / 1000).toFixed(2)} s`);
    set('d-average', session.averageBitRate ? bits(session.averageBitRate) : '–');
  }

  stalls(chart, colors) {
    for (const stall of this.session.stalls) {
      const begin = (stall.begin - this.session.began) / 1000;
      const end = stall.end ? (stall.end - this.session.began) / 1000 : this.session.time;
      chart.band(begin, Math.max(end, begin + 0.3), colors.bad);
    }
  }

  drawRate(canvas, colors, begin, end, now) {
    const renditions = this.engine.renditions;
    const ladder = Math.max(1e5, ...renditions.map((one) => one.bandwidth));
    // A network that is far quicker than the ladder would press it into the ground: it is cut off.
    const seen = this.estimates.filter((point) => point.time >= begin).map((point) => point.rate);
    const top = Math.min(Math.max(ladder, ...seen), ladder * 1.8) * 1.12;
    const chart = new Chart(canvas, colors, { begin, end, top, unit: megabits, clock: true });
    this.stalls(chart, colors);
    chart.dots(this.loads, (point) => point.rate, colors.good);
    chart.line(this.estimates, (point) => point.rate, colors.good, 1.5);
    const steps = this.session.switches;
    steps.forEach((step, index) => {
      const until = steps[index + 1]?.time ?? now;
      chart.step(step.time, until, step.rendition.bandwidth, steps[index - 1]?.rendition.bandwidth, colors.accent);
    });
    steps.forEach((step, index) => {
      const from = Math.max(begin, step.time);
      chart.label(step.rendition.name, from, steps[index + 1]?.time ?? now, step.rendition.bandwidth, colors);
    });
    canvas.setAttribute('aria-label', `Bit rate over the last ${Math.round(now - begin)} seconds: ${steps.slice(-6).map((step) => step.rendition.name).join(', then ') || 'nothing yet'}`);
  }

  drawBuffer(canvas, colors, begin, end) {
    const top = Math.max(10, ...this.samples.map((sample) => sample.buffer)) * 1.15;
    const chart = new Chart(canvas, colors, { begin, end, top, unit: (value) => String(Math.round(value)), clock: true });
    this.stalls(chart, colors);
    chart.area(this.samples, (sample) => sample.buffer, colors.good);
    canvas.setAttribute('aria-label', `Buffer: ${this.buffer.toFixed(0)} seconds ahead`);
  }

  drawSegments(canvas, colors) {
    // BANDWIDTH is about spans of at least half a target duration (RFC 8216, 4.1): not about a short last segment.
    const long = Math.max(...this.segments.map((segment) => segment.duration)) / 2;
    const bars = this.segments.map((segment) => {
      const middle = segment.start + segment.duration / 2;
      const audio = this.audioSegments.findLast((one) => one.start <= middle && middle < one.start + one.duration);
      const [videoRate, audioRate] = [segment.bytes * 8 / segment.duration, audio ? audio.bytes * 8 / audio.duration : 0];
      const declared = segment.rendition?.bandwidth ?? 0;
      const isOver = segment.duration >= long && videoRate + audioRate > declared;
      return { video: videoRate, audio: audioRate, declared, isOver };
    });
    const top = Math.max(1e5, ...bars.map((bar) => Math.max(bar.declared, bar.video + bar.audio))) * 1.15;
    const chart = new Chart(canvas, colors, { begin: 0, end: Math.max(12, bars.length), top, unit: megabits, clock: false });
    bars.forEach((bar, index) => chart.bar(index, bar, colors));
    const over = bars.filter((bar) => bar.isOver).length;
    canvas.setAttribute('aria-label', `${bars.length} segments, ${over} of them above the declared bandwidth`);
  }
}

/** Axes and marks on one canvas; x in seconds or numbers, y from 0 to `top`. */
class Chart {
  constructor(canvas, colors, { begin, end, top, unit, clock }) {
    const scale = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
    if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
    const ink = this.ink = canvas.getContext('2d');
    ink.setTransform(scale, 0, 0, scale, 0, 0);
    ink.clearRect(0, 0, width, height);
    ink.font = '11px system-ui, sans-serif';
    const left = 36, right = 6, upper = 6, lower = clock ? 18 : 8;
    Object.assign(this, { left, upper, width: width - left - right, height: height - upper - lower, begin, end, top });

    ink.fillStyle = colors.dim;
    ink.strokeStyle = colors.line;
    ink.lineWidth = 1;
    ink.textAlign = 'right';
    ink.textBaseline = 'middle';
    for (const value of ticks(top, height > 100 ? 3 : 2)) {
      const y = Math.round(this.y(value)) + 0.5;
      ink.beginPath();
      ink.moveTo(left, y);
      ink.lineTo(left + this.width, y);
      ink.stroke();
      ink.fillText(unit(value), left - 7, y);
    }
    if (!clock) return;
    ink.textBaseline = 'alphabetic';
    const step = (end - begin) > 90 ? 30 : (end - begin) > 45 ? 15 : 5;
    for (let time = Math.ceil(begin / step) * step; time <= end; time += step) {
      const x = this.x(time);
      if (x > left + this.width - 12) continue;
      ink.textAlign = 'center';
      ink.fillText(`${Math.floor(time / 60)}:${String(time % 60).padStart(2, '0')}`, x, height - 4);
    }
  }

  x(value) { return this.left + (value - this.begin) / (this.end - this.begin) * this.width; }
  y(value) { return this.upper + this.height * (1 - Math.min(1, Math.max(0, value / this.top))); }

  band(from, to, color) {
    if (to < this.begin) return;
    const x = this.x(Math.max(from, this.begin));
    this.ink.globalAlpha = 0.3;
    this.ink.fillStyle = color;
    this.ink.fillRect(x, this.upper, Math.max(2, this.x(to) - x), this.height);
    this.ink.globalAlpha = 1;
  }

  path(points, value) {
    const shown = points.filter((point) => point.time >= this.begin - 1);
    this.ink.beginPath();
    shown.forEach((point, index) => this.ink[index ? 'lineTo' : 'moveTo'](Math.max(this.left, this.x(point.time)), this.y(value(point))));
    return shown;
  }

  line(points, value, color, thickness) {
    this.path(points, value);
    Object.assign(this.ink, { strokeStyle: color, lineWidth: thickness, lineJoin: 'round' });
    this.ink.stroke();
  }

  area(points, value, color) {
    const shown = this.path(points, value);
    if (shown.length < 2) return;
    Object.assign(this.ink, { strokeStyle: color, lineWidth: 1.5 });
    this.ink.stroke();
    this.ink.lineTo(this.x(shown.at(-1).time), this.y(0));
    this.ink.lineTo(Math.max(this.left, this.x(shown[0].time)), this.y(0));
    this.ink.globalAlpha = 0.18;
    this.ink.fillStyle = color;
    this.ink.fill();
    this.ink.globalAlpha = 1;
  }

  dots(points, value, color) {
    this.ink.fillStyle = color;
    this.ink.globalAlpha = 0.45;
    for (const point of points) {
      if (point.time < this.begin) continue;
      this.ink.beginPath();
      this.ink.arc(this.x(point.time), this.y(value(point)), 2.2, 0, 7);
      this.ink.fill();
    }
    this.ink.globalAlpha = 1;
  }

  step(from, to, value, before, color) {
    if (to < this.begin) return;
    const x = this.x(Math.max(from, this.begin));
    Object.assign(this.ink, { strokeStyle: color, lineWidth: 2.5, lineJoin: 'round' });
    this.ink.beginPath();
    if (before !== undefined && from >= this.begin) this.ink.moveTo(x, this.y(before));
    else this.ink.moveTo(x, this.y(value));
    this.ink.lineTo(x, this.y(value));
    this.ink.lineTo(this.x(to), this.y(value));
    this.ink.stroke();
  }

  /** A name above a step, if there is room for it. */
  label(text, from, to, value, colors) {
    if (this.x(to) - this.x(from) < this.ink.measureText(text).width + 4) return;
    const y = this.y(value) - 6;
    Object.assign(this.ink, { fillStyle: colors.ink, textAlign: 'left', textBaseline: 'alphabetic' });
    this.ink.fillText(text, this.x(from) + 3, y < this.upper + 9 ? y + 18 : y);
  }

  bar(index, { video, audio, declared, isOver }, colors) {
    const { ink } = this;
    const x = this.x(index) + 1;
    const width = Math.max(2, this.x(index + 1) - x - 1);
    ink.fillStyle = isOver ? colors.bad : colors.bar;
    ink.fillRect(x, this.y(video), width, this.y(0) - this.y(video));
    ink.fillStyle = colors.bar2;
    ink.fillRect(x, this.y(video + audio), width, this.y(video) - this.y(video + audio));
    ink.fillStyle = colors.warm;
    ink.fillRect(x - 1, this.y(declared) - 1, width + 2, 2);
  }
}

/** At most `count` round values up to `top`, beside 0. */
function ticks(top, count) {
  const rough = top / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((value) => value >= rough);
  const values = [];
  for (let value = 0; value <= top; value += step) values.push(value);
  return values;
}

function palette() {
  const style = getComputedStyle(document.documentElement);
  const names = { ink: 'ink', dim: 'dim', line: 'line', accent: 'accent', good: 'good', warm: 'warm', bad: 'bad', bar: 'bar', bar2: 'bar-2' };
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, style.getPropertyValue(`--${name}`).trim()]));
}

function set(id, text, detail = '') {
  const element = $(id);
  const key = `${text}|${detail}`;
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.textContent = text;
  if (detail) element.append(' ', Object.assign(document.createElement('small'), { textContent: detail }));
}

function keep(list, item, limit) {
  list.push(item);
  if (list.length > limit) list.splice(0, list.length - limit);
}

/** For an axis in megabits. */
const megabits = (value) => String(Number((value / 1e6).toFixed(2)));

/** Bits per second for people. */
export function bits(value) {
  if (value >= 999.5e6) return `${(value / 1e9).toFixed(1)} Gb/s`;
  if (value >= 99.5e6) return `${Math.round(value / 1e6)} Mb/s`;
  if (value >= 999.5e3) return `${(value / 1e6).toFixed(1)} Mb/s`;
  return `${Math.round(value / 1e3)} kb/s`;
}
