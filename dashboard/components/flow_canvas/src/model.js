// Turns Symphony's flow and marks into what React Flow draws. What has not changed stays the same
// object, so that React Flow draws again only what has.

import { MarkerType, Position } from "@xyflow/react";
import { stepOf } from "./edit/places.js";
import { FRAMES, routesOf } from "./route.js";

const SHAPES = { conditional: "decision", parallel: "frame", loop: "frame", nested: "frame" };
const LAYERS = ["plain", "ahead", "done", "live"]; // where edges meet, the later ones are on top
const UPPERMOST = LAYERS.length;
// Where edges begin and end is said by `route.js`. React Flow is told of ends all the same: so it
// draws an edge also to a node that is out of sight, and need not look for ends in the page.
const ENDS = [
  { type: "target", position: Position.Top, x: 0, y: 0 },
  { type: "source", position: Position.Bottom, x: 0, y: 0 },
];
const NOT_GONE = new Set(["skipped", "pending"]);

function depthOf(node, byId) {
  const parent = byId.get(node.parent);
  return parent && parent !== node ? 1 + depthOf(parent, byId) : 0;
}

/** What a screen reader says of a node, and what the pointer is shown: what stands in it first. */
function sentence(node, mark, problems, isRun) {
  // In the order in which it stands there: the name must hold what can be seen.
  const words = mark
    ? [mark.word, mark.detail, FRAMES.has(node.kind) && node.detail]
    : [node.detail, isRun && "not started"];
  if (problems) words.push(problems === 1 ? "1 problem" : `${problems} problems`);
  const said = words.filter(Boolean).join(", ");
  return said ? `${node.label}: ${said}` : node.label;
}

/** Whether an edge is behind the run, under way, or ahead of it; one of no run is plain. */
function stateOf(edge, marks) {
  if (!marks) return "plain";
  const [from, to] = [marks[edge.source], marks[edge.target]];
  if (!from || !to || NOT_GONE.has(from.status) || NOT_GONE.has(to.status)) return "ahead";
  return to.live && edge.kind !== "back" ? "live" : "done";
}

/** What was drawn last of one canvas. */
export class Drawing {
  #flow = null;
  #made = new Map();
  #nodes = [];
  #edges = [];
  #byId;
  #routes;
  #said; // all that is said of a node but its looks
  #ways;

  /** Returns React Flow's nodes and edges. */
  of(flow, { marks, problems, selected, taken, selectable }) {
    if (flow !== this.#flow) this.#take(flow);
    const isRun = marks != null;
    this.#nodes = this.#kept(this.#nodes, flow.nodes, (node) =>
      node.kind === "place"
        ? this.#place(node)
        : this.#node(node, {
            mark: marks?.[node.id],
            problems: problems?.[stepOf(node.id)],
            isRun,
            isSelected: node.id === selected,
            isTaken: node.id === taken || node.id.startsWith(`${taken}/`),
            selectable,
          }),
    );
    this.#edges = this.#kept(this.#edges, this.#ways, (edge) =>
      this.#edge(edge, stateOf(edge, marks), marks?.[edge.target]?.colour),
    );
    return { nodes: this.#nodes, edges: this.#edges };
  }

  #take(flow) {
    this.#flow = flow;
    const ids = new Set([...flow.nodes, ...flow.edges].map(({ id }) => id));
    for (const name of this.#made.keys()) if (!ids.has(name)) this.#made.delete(name);
    this.#byId = new Map(flow.nodes.map((node) => [node.id, node]));
    this.#routes = routesOf(flow);
    this.#said = new Map(flow.nodes.map((node) => [node.id, `${flow.direction}${JSON.stringify(node)}`]));
    this.#ways = flow.edges.filter((edge) => this.#routes.has(edge.id));
  }

  /** The list of before if every part of it is still the same. */
  #kept(before, parts, make) {
    const now = parts.map(make);
    const isSame = now.length === before.length && now.every((each, index) => each === before[index]);
    return isSame ? before : now;
  }

  #once(name, said, make) {
    const before = this.#made.get(name);
    if (before?.said === said) return before.made;
    const made = make();
    this.#made.set(name, { said, made });
    return made;
  }

  #box(node) {
    const [width, height] = [Math.round(node.width), Math.round(node.height)];
    const position = { x: node.x, y: node.y };
    return { id: node.id, position, width, height, measured: { width, height }, handles: ENDS };
  }

  #place(node) {
    const { direction } = this.#flow;
    return this.#once(node.id, this.#said.get(node.id), () => ({
      ...this.#box(node),
      type: "place",
      zIndex: UPPERMOST,
      focusable: false,
      data: { node, direction },
    }));
  }

  #node(node, look) {
    const { mark, problems, isRun, isSelected, isTaken, selectable } = look;
    const { direction } = this.#flow;
    return this.#once(node.id, `${this.#said.get(node.id)}${JSON.stringify(look)}`, () => {
      const depth = depthOf(node, this.#byId);
      const label = sentence(node, mark, problems, isRun);
      return {
        ...this.#box(node),
        type: SHAPES[node.kind] ?? "step",
        zIndex: FRAMES.has(node.kind) ? depth - 100 : UPPERMOST,
        selected: isSelected,
        className: isTaken ? "taken" : undefined,
        ariaRole: selectable ? "button" : undefined,
        ariaLabel: label,
        domAttributes: {
          title: label.includes(node.detail) ? label : `${label} (${node.detail})`,
          "aria-pressed": selectable ? isSelected : undefined,
          "aria-roledescription": undefined,
          "data-status": mark?.status,
          "data-kind": node.kind,
        },
        data: { node, mark, problems, isAhead: isRun && !mark, direction },
      };
    });
  }

  #edge(edge, state, colour) {
    const line = state === "live" ? `var(--st-${colour}-color)` : `var(--flow-${state})`;
    const [from, to] = [this.#byId.get(edge.source), this.#byId.get(edge.target)];
    const route = this.#routes.get(edge.id);
    // A way that ends at a place leads on from there; only whole ways are told of.
    const isEnd = to.kind !== "place";
    const isWhole = isEnd && from.kind !== "place";
    const said = [edge.label, state, line, route.path, route.label, from.label, to.label].join("\n");
    return this.#once(edge.id, said, () => ({
      id: edge.id,
      ariaRole: isWhole ? undefined : "presentation",
      ariaLabel: isWhole ? `From ${from.label} to ${to.label}${edge.label && `: ${edge.label}`}` : null,
      type: "way",
      source: edge.source,
      target: edge.target,
      className: `${state} ${edge.kind}`,
      zIndex: LAYERS.indexOf(state),
      style: { "--way": line },
      markerEnd: isEnd
        ? { type: MarkerType.ArrowClosed, color: line, width: 16, height: 16 }
        : undefined,
      data: { label: edge.label, route },
    }));
  }
}
