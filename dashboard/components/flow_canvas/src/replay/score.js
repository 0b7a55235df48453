// What a replay shows at a moment, out of what Python has made of the run: see `viewmodels/replay.py`.

const AT_WORK = new Set(["running", "retrying", "waiting", "interrupted", "paused"]);
export const MOST_LETTERS = 6000; // of one text on the screen; a longer one shows its end

/** The index of the last pair that has begun by a moment; -1 for none. */
function lastBegun(pairs, moment) {
  let [from, to] = [0, pairs.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (pairs[middle][0] <= moment) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

/** How many letters of its text a scene has at a moment. */
export function lettersAt(scene, moment) {
  const { growth } = scene;
  const last = lastBegun(growth, moment);
  if (last < 0) return 0;
  const [at, size] = growth[last];
  const next = growth[last + 1];
  return next ? Math.floor(size + ((next[1] - size) * (moment - at)) / (next[0] - at)) : size;
}

/** The end of a scene's text at a moment, and how many letters stand before it. */
export function textAt(scene, moment) {
  const isHalf = (index) => (scene.text.charCodeAt(index) & 0xfc00) === 0xdc00;
  let end = lettersAt(scene, moment);
  let start = Math.max(end - MOST_LETTERS, 0);
  if (isHalf(end)) end -= 1; // never half of a character
  if (isHalf(start)) start += 1;
  return { text: scene.text.slice(start, end), before: start };
}

export function statusAt(scene, moment) {
  const last = lastBegun(scene.changes, moment);
  return last < 0 ? null : scene.changes[last][1];
}

export class Score {
  constructor(data) {
    this.data = data;
    this.scenes = [...data.scenes].sort((a, b) => a.start - b.start);
    this.leaves = this.scenes.filter((scene) => !scene.group);
  }

  /** What the canvas is told of every step that has begun, or is passed by. */
  marksAt(moment) {
    const latest = new Map();
    for (const scene of this.scenes) {
      if (scene.start > moment) break;
      latest.set(scene.node, scene);
    }
    const marks = {};
    for (const [node, scene] of latest) marks[node] = this.#mark(scene, moment);
    for (const [node, moments] of Object.entries(this.data.skips)) {
      const passed = moments.findLast((at) => at <= moment);
      if (passed !== undefined && passed >= (latest.get(node)?.start ?? 0)) {
        marks[node] = { status: "skipped", ...this.data.looks.skipped, detail: "", live: false };
      }
    }
    return marks;
  }

  #mark(scene, moment) {
    const status = statusAt(scene, moment);
    const live = status === "running" || status === "retrying";
    const word = scene.words[lastBegun(scene.words, moment)]?.[1];
    const passed = status === "running" ? `${Math.floor(moment - scene.start)} s` : moment < scene.end ? "" : scene.took;
    return { status, ...this.data.looks[status], detail: word ?? (scene.takenOver ? "" : passed), live };
  }

  /** The scenes that stand beside the graph: who is at work, else who was last. */
  speakersAt(moment) {
    const begun = this.leaves.filter((scene) => scene.start <= moment && !scene.takenOver);
    const latest = new Map(begun.map((scene) => [scene.path, scene]));
    const working = [...latest.values()].filter((scene) => AT_WORK.has(statusAt(scene, moment)));
    if (working.length) return working;
    const ended = begun.reduce((last, scene) => (!last || scene.end >= last.end ? scene : last), null);
    return ended ? [ended] : [];
  }

  captionAt(moment) {
    const { captions } = this.data;
    return captions[lastBegun(captions, moment)]?.[1] ?? "";
  }

  /** What is said of a stretch in which nothing happens; null outside of one. */
  cutAt(moment) {
    return this.data.cuts.find(([from, to]) => from <= moment && moment < to)?.[2] ?? null;
  }
}

/** `0:12`, `1:02:03`. */
export function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
