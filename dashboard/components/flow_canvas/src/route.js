// The ways of the edges: along straight lines, past whatever stands between. Everything is reckoned
// as if the flow went down; one that goes to the right is turned before and turned back after.

const BEND = 22; // how far an edge goes straight before it turns
const ASIDE = 14; // how far it keeps from what it passes
const CLEAR = 10; // nearer than this is in the way
const ROUND = 10;
const MARGIN = 24; // how far from a frame's corners edges end
const TRIES = 8;

export const FRAMES = new Set(["parallel", "loop", "nested"]);

function turned(node) {
  return { ...node, x: node.y, y: node.x, width: node.height, height: node.width };
}

function boxOf(node) {
  return {
    id: node.id,
    parent: node.parent,
    isFrame: FRAMES.has(node.kind),
    left: node.x,
    right: node.x + node.width,
    top: node.y,
    bottom: node.y + node.height,
    middle: node.x + node.width / 2,
  };
}

function around(box, boxes) {
  const ids = new Set([box.id]);
  for (let at = boxes.get(box.parent); at && !ids.has(at.id); at = boxes.get(at.parent)) ids.add(at.id);
  return ids;
}

const crosses = (box, [ax, ay], [bx, by]) =>
  Math.max(ax, bx) > box.left - CLEAR &&
  Math.min(ax, bx) < box.right + CLEAR &&
  Math.max(ay, by) > box.top - CLEAR &&
  Math.min(ay, by) < box.bottom + CLEAR;

/** A frame, with its middle where the other box has its own, if it is that wide. */
function facing(box, other) {
  const isWide = other.middle > box.left + MARGIN && other.middle < box.right - MARGIN;
  return box.isFrame && isWide ? { ...box, middle: other.middle } : box;
}

/** Down from one box, across to a lane, along it, and across to the other box. */
function along(lane, from, to) {
  const bend = Math.min(BEND, (to.top - from.bottom) / 2);
  return [
    [from.middle, from.bottom],
    [from.middle, from.bottom + bend],
    [lane, from.bottom + bend],
    [lane, to.top - bend],
    [to.middle, to.top - bend],
    [to.middle, to.top],
  ];
}

/** The boxes that a way runs into; most are far from all of it. */
function inTheWay(points, boxes) {
  const [across, along] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const low = [Math.min(...across), Math.min(...along)];
  const high = [Math.max(...across), Math.max(...along)];
  return boxes.filter(
    (box) =>
      crosses(box, low, high) &&
      points.some((point, at) => at && crosses(box, points[at - 1], point)),
  );
}

/** The nearest lane on one side on which nothing stands. */
function passing(side, from, to, obstacles) {
  let lane = from.middle;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const points = along(lane, from, to);
    const hit = inTheWay(points.slice(2, 4), obstacles);
    if (!hit.length) return points;
    lane =
      side === "left"
        ? Math.min(...hit.map((box) => box.left)) - ASIDE
        : Math.max(...hit.map((box) => box.right)) + ASIDE;
  }
  return null;
}

function forth(edge, boxes, { all, forks, joins }) {
  const [source, target] = [boxes.get(edge.source), boxes.get(edge.target)];
  const to = joins.has(edge.target) ? target : facing(target, source);
  const from = facing(source, to);
  if (to.top <= from.bottom) return [[from.middle, from.bottom], [to.middle, to.top]];
  const own = new Set([...around(from, boxes), ...around(to, boxes)]);
  const lanes = forks.has(edge.source) ? [to.middle, from.middle] : [from.middle, to.middle];
  const straight = lanes.map((lane) => along(lane, from, to));
  const free = straight.find((points) => inTheWay(points, all).every((box) => own.has(box.id)));
  if (free) return free;
  const obstacles = all.filter((box) => !own.has(box.id));
  const length = (points) => Math.abs(points[2][0] - from.middle) + Math.abs(points[2][0] - to.middle);
  const past = ["left", "right"].map((side) => passing(side, from, to, obstacles)).filter(Boolean);
  return past.sort((a, b) => length(a) - length(b))[0] ?? straight[0];
}

/** A loop's way back: out at the side, up along the frame, and in again at the side. */
function back(edge, boxes) {
  let [from, to] = [boxes.get(edge.source), boxes.get(edge.target)];
  const frame = boxes.get(around(from, boxes).has(to.id) ? to.id : to.parent) ?? to;
  const inside = [...boxes.values()].filter((box) => box.parent === frame.id);
  if (from === frame) from = inside.reduce((a, b) => (b.bottom > a.bottom ? b : a), inside[0] ?? from);
  if (to === frame) to = inside.reduce((a, b) => (b.top < a.top ? b : a), inside[0] ?? to);
  const widest = Math.max(from.right, to.right, ...inside.map((box) => box.right));
  const lane = widest + Math.max(ASIDE, Math.min(26, (frame.right - widest) / 2));
  const at = (box, part) => box.top + (box.bottom - box.top) * part;
  const [out, into] = from === to ? [at(from, 0.75), at(to, 0.25)] : [at(from, 0.5), at(to, 0.5)];
  return [[from.right, out], [lane, out], [lane, into], [to.right, into]];
}

/** Without points that lie on the line between their neighbours. */
function corners(points) {
  const apart = points.filter(
    ([x, y], at) => !at || Math.hypot(x - points[at - 1][0], y - points[at - 1][1]) > 0.5,
  );
  return apart.filter(([x, y], at) => {
    const [before, after] = [apart[at - 1], apart[at + 1]];
    if (!before || !after) return true;
    return !((before[0] === x && x === after[0]) || (before[1] === y && y === after[1]));
  });
}

function toward([x, y], [otherX, otherY], by) {
  const length = Math.hypot(otherX - x, otherY - y) || 1;
  return [x + ((otherX - x) / length) * by, y + ((otherY - y) / length) * by];
}

function pathOf(points) {
  const last = points.length - 1;
  const parts = points.map((point, at) => {
    if (at === 0) return `M${point}`;
    if (at === last) return `L${point}`;
    const half = (other) => Math.hypot(other[0] - point[0], other[1] - point[1]) / 2;
    const by = Math.min(ROUND, half(points[at - 1]), half(points[at + 1]));
    return `L${toward(point, points[at - 1], by)}Q${point} ${toward(point, points[at + 1], by)}`;
  });
  return parts.join("");
}

/** The middle of a way back; of another, the first place after its beginning with room for a label. */
function labelOf(points, isBack) {
  const lengthTo = (at) =>
    Math.hypot(points[at][0] - points[at - 1][0], points[at][1] - points[at - 1][1]);
  const turnsSoon = points.length > 2 && lengthTo(1) <= BEND + 1;
  if (isBack || turnsSoon) return toward(points[1], points[2], lengthTo(2) / 2);
  return toward(points[0], points[1], Math.min(lengthTo(1) / 2, BEND));
}

const repeated = (ids) => new Set(ids.filter((id, at) => ids.indexOf(id) !== at));

/** Returns each edge's path and the middle of its label, by the edge's id. */
export function routesOf(flow) {
  const isTurned = flow.direction === "LR";
  const boxes = new Map(flow.nodes.map((node) => [node.id, boxOf(isTurned ? turned(node) : node)]));
  const known = flow.edges.filter((edge) => boxes.has(edge.source) && boxes.has(edge.target));
  const forward = known.filter((edge) => edge.kind !== "back");
  const others = {
    all: [...boxes.values()],
    forks: repeated(forward.map((edge) => edge.source)),
    joins: repeated(forward.map((edge) => edge.target)),
  };
  return new Map(
    known.map((edge) => {
      const isBack = edge.kind === "back";
      const reckoned = corners(isBack ? back(edge, boxes) : forth(edge, boxes, others));
      const points = isTurned ? reckoned.map(([x, y]) => [y, x]) : reckoned;
      return [edge.id, { path: pathOf(points), label: labelOf(points, isBack) }];
    }),
  );
}
