// Turns Symphony's flow and marks into what React Flow draws. What has not changed stays the same
// object, so that React Flow draws again only what has.

import { MarkerType } from "@xyflow/react";
import { FRAMES, routesOf } from "./route.js";

const SHAPES = { conditional: "decision", parallel: "frame", loop: "frame", nested: "frame" };
const LAYERS = ["plain", "ahead", "done", "live"]; // where edges meet, the later ones are on top
const UPPERMOST = LAYERS.length;
const NOT_GONE = new Set(["skipped", "pending"]);

function depthOf(node, byId) {
  const parent = byId.get(node.parent);
  return parent && parent !== node ? 1 + depthOf(parent, byId) : 0;
}

/** What a screen reader says of a node, and what the pointer is shown: what stands in it first. */
function sentence(node, mark, isRun) {
  // In the order in which it stands there: the name must hold what can be seen.
  const words = mark
    ? [mark.word, mark.detail, FRAMES.has(node.kind) && node.detail]
    : [node.detail, isRun && "not started"];
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
  #ways;

  /** Returns React Flow's nodes and edges. */
  of(flow, marks, selected, selectable) {
    if (flow !== this.#flow) this.#take(flow);
    const isRun = marks != null;
    this.#nodes = this.#kept(this.#nodes, flow.nodes, (node) =>
      this.#node(node, marks?.[node.id], isRun, node.id === selected, selectable),
    );
    this.#edges = this.#kept(this.#edges, this.#ways, (edge) =>
      this.#edge(edge, stateOf(edge, marks), marks?.[edge.target]?.colour),
    );
    return { nodes: this.#nodes, edges: this.#edges };
  }

  #take(flow) {
    this.#flow = flow;
    this.#made = new Map();
    this.#byId = new Map(flow.nodes.map((node) => [node.id, node]));
    this.#routes = routesOf(flow);
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

  #node(node, mark, isRun, isSelected, selectable) {
    const said = JSON.stringify([mark, isRun, isSelected, selectable]);
    return this.#once(`node ${node.id}`, said, () => {
      const [width, height] = [Math.round(node.width), Math.round(node.height)];
      const label = sentence(node, mark, isRun);
      const depth = depthOf(node, this.#byId);
      return {
        id: node.id,
        type: SHAPES[node.kind] ?? "step",
        position: { x: node.x, y: node.y },
        width,
        height,
        measured: { width, height },
        zIndex: FRAMES.has(node.kind) ? depth - 100 : UPPERMOST,
        selected: isSelected,
        ariaRole: selectable ? "button" : undefined,
        ariaLabel: label,
        domAttributes: {
          title: label.includes(node.detail) ? label : `${label} (${node.detail})`,
          "aria-pressed": selectable ? isSelected : undefined,
          "aria-roledescription": undefined,
          "data-status": mark?.status,
          "data-kind": node.kind,
        },
        data: { node, mark, isAhead: isRun && !mark, direction: this.#flow.direction },
      };
    });
  }

  #edge(edge, state, colour) {
    const line = state === "live" ? `var(--st-${colour}-color)` : `var(--flow-${state})`;
    const [from, to] = [this.#byId.get(edge.source).label, this.#byId.get(edge.target).label];
    return this.#once(`edge ${edge.id}`, `${state} ${line}`, () => ({
      id: edge.id,
      ariaLabel: `From ${from} to ${to}${edge.label && `: ${edge.label}`}`,
      type: "way",
      source: edge.source,
      target: edge.target,
      className: `${state} ${edge.kind}`,
      zIndex: LAYERS.indexOf(state),
      style: { "--way": line },
      markerEnd: { type: MarkerType.ArrowClosed, color: line, width: 16, height: 16 },
      data: { label: edge.label, route: this.#routes.get(edge.id) },
    }));
  }
}
