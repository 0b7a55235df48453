import { useReactFlow, useStoreApi } from "@xyflow/react";
import { FRAMES } from "./route.js";

const ARROWS = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

const TITLE = 34;
const FRAMES_TO_DRAW = 5; // after which what came into sight is in the page

/** Where a node is for the arrows: a frame is where its title stands, above what it holds. */
function placeOf(node) {
  const height = FRAMES.has(node.kind) ? TITLE : node.height;
  return { left: node.x, right: node.x + node.width, top: node.y, bottom: node.y + height };
}

const centre = ({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2];

/** How far one place is from another in a direction; what lies aside counts twice. */
function distance(from, to, [dx, dy]) {
  const [x, y] = centre(from);
  const [otherX, otherY] = centre(to);
  if ((otherX - x) * dx + (otherY - y) * dy <= 1) return Infinity;
  const across = Math.max(0, to.left - from.right, from.left - to.right);
  const along = Math.max(0, to.top - from.bottom, from.top - to.bottom);
  const gap = dx ? across + 2 * along : along + 2 * across;
  return gap + Math.hypot(otherX - x, otherY - y) / 10;
}

function neighbour(nodes, from, direction) {
  const near = nodes
    .map((node) => ({ node, far: distance(placeOf(from), placeOf(node), direction) }))
    .filter(({ node, far }) => node !== from && far < Infinity);
  return near.sort((a, b) => a.far - b.far)[0]?.node;
}

const elementOf = (surface, node) =>
  surface.querySelector(`.react-flow__node[data-id="${CSS.escape(node.id)}"]`);

/** Handlers that move the focus with the arrows, choose with Enter or Space, and let go with Escape. */
export function useKeyboard(flow, onSelect) {
  const { setCenter } = useReactFlow();
  const store = useStoreApi();
  const steps = flow.nodes.filter((node) => node.kind !== "place");
  const nodeOf = (event) => {
    const id = event.target.closest?.(".react-flow__node")?.dataset.id;
    return flow.nodes.find((node) => node.id === id);
  };

  function onKeyDown(event) {
    const node = nodeOf(event);
    const arrow = ARROWS[event.key];
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    if (event.key === "Escape") {
      onSelect(null);
    } else if (steps.includes(node) && isPlain && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      onSelect(node.id);
    } else if (node && isPlain && arrow) {
      event.preventDefault();
      goTo(neighbour(steps, node, arrow), event.currentTarget);
    }
  }

  /** Focuses a node; of a large flow it is in the page only when it is in sight. */
  function goTo(node, surface) {
    if (!node) return;
    if (!elementOf(surface, node)) bring(node);
    const focus = (again) => {
      const element = elementOf(surface, node);
      if (element) element.focus();
      else if (again) requestAnimationFrame(() => focus(again - 1));
    };
    focus(FRAMES_TO_DRAW);
  }

  /** Brings a node into sight that the keyboard came to. */
  function onFocus(event) {
    const node = nodeOf(event);
    if (node && event.target.matches(":focus-visible")) bring(node);
  }

  function bring(node) {
    const { transform, width, height } = store.getState();
    const [left, top, zoom] = transform;
    const [x, y] = centre(placeOf(node));
    const [onScreenX, onScreenY] = [x * zoom + left, y * zoom + top];
    if (onScreenX < 0 || onScreenX > width || onScreenY < 0 || onScreenY > height) {
      setCenter(x, y, { zoom });
    }
  }

  return { onKeyDown, onFocus };
}
