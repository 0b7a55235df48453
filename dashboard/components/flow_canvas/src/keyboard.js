import { useReactFlow, useStoreApi } from "@xyflow/react";

const ARROWS = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

const centre = (node) => [node.x + node.width / 2, node.y + node.height / 2];

/** The nearest node in a direction; what lies aside counts as farther away than what lies ahead. */
function neighbour(nodes, from, [dx, dy]) {
  const [x, y] = centre(from);
  let best = null;
  let least = Infinity;
  for (const node of nodes) {
    const [otherX, otherY] = centre(node);
    const ahead = (otherX - x) * dx + (otherY - y) * dy;
    const aside = Math.abs((otherX - x) * dy) + Math.abs((otherY - y) * dx);
    const distance = ahead + 2 * aside;
    if (node !== from && ahead > 1 && distance < least) [best, least] = [node, distance];
  }
  return best;
}

/** Handlers that move the focus with the arrows, choose with Enter or Space, and let go with Escape. */
export function useKeyboard(flow, onSelect) {
  const { setCenter } = useReactFlow();
  const store = useStoreApi();
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
    } else if (node && isPlain && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      onSelect(node.id);
    } else if (node && isPlain && arrow) {
      event.preventDefault();
      const next = neighbour(flow.nodes, node, arrow);
      const selector = `.react-flow__node[data-id="${CSS.escape(next?.id ?? "")}"]`;
      event.currentTarget.querySelector(selector)?.focus();
    }
  }

  /** Brings a node into sight that the keyboard came to. */
  function onFocus(event) {
    const node = nodeOf(event);
    if (!node || !event.target.matches(":focus-visible")) return;
    const { transform, width, height } = store.getState();
    const [left, top, zoom] = transform;
    const [x, y] = centre(node);
    const [onScreenX, onScreenY] = [x * zoom + left, y * zoom + top];
    if (onScreenX < 0 || onScreenX > width || onScreenY < 0 || onScreenY > height) {
      setCenter(x, y, { zoom });
    }
  }

  return { onKeyDown, onFocus };
}
