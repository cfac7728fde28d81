// Thumbnails above the seek bar, cut out of sprite sheets as thumbnails.vtt describes.

/** Times in seconds and rectangles of sprite sheets, from the WebVTT file at `address`. */
export function parseThumbnails(text, address) {
  const cues = [];
  const time = (text) => text.trim().split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  for (const block of text.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => line.includes('-->'));
    if (at < 0 || !lines[at + 1]) continue;
    const [start, end] = lines[at].split('-->').map((part) => time(part.trim().split(/\s+/)[0]));
    const [file, part] = lines[at + 1].trim().split('#xywh=');
    const [x, y, width, height] = (part ?? '').split(',').map(Number);
    if (!(end > start) || !(height > 0)) continue;
    cues.push({ start, end, sheet: new URL(file, address).href, x, y, width, height });
  }
  return cues;
}

/** Shows thumbnails in an element while there are any. */
export class Preview {
  constructor(element) {
    this.element = element;
    this.image = element.querySelector('.preview-image');
    this.label = element.querySelector('.preview-time');
    this.cues = [];
  }

  async load(name) {
    try {
      const address = new URL(name, document.baseURI);
      const response = await fetch(address);
      if (response.ok) this.cues = parseThumbnails(await response.text(), address);
    } catch { /* then there are no thumbnails */ }
  }

  /** For a time in seconds at `x` pixels of `width`. */
  show(time, text, x, width) {
    const cue = this.cues.find((cue) => time >= cue.start && time < cue.end) ?? this.cues.at(-1);
    this.image.hidden = !cue;
    if (cue) {
      // Once for each thumbnail, to avoid flicker.
      if (cue !== this.shown) {
        this.shown = cue;
        Object.assign(this.image.style, {
          boxSizing: 'content-box', width: `${cue.width}px`, height: `${cue.height}px`,
          backgroundImage: `url("${cue.sheet}")`, backgroundPosition: `${-cue.x}px ${-cue.y}px`,
        });
      }
    }
    this.label.textContent = text;
    this.element.hidden = false;
    const half = this.element.offsetWidth / 2;
    this.element.style.left = `${Math.min(Math.max(x, half), Math.max(half, width - half))}px`;
  }

  hide() { this.element.hidden = true; }
}
