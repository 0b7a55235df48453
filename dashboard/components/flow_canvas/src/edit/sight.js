import { useEffect, useRef } from "react";
import { useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useBegin } from "../fit.js";
import { FRAMES } from "../route.js";

const NEAR = 28; // pixels that a step is brought in from the border

const TITLE = 34;

/** How far something must move so that it is seen, or its beginning if it is too large. */
function shift(from, to, size) {
  if (from < NEAR) return NEAR - from;
  return to > size - NEAR ? Math.max(size - NEAR - to, NEAR - from) : 0;
}

/** Where a node is on the canvas; a frame is where its title is. */
function onScreen(node, [x, y, zoom]) {
  const height = FRAMES.has(node.kind) ? TITLE : node.height;
  const at = (value, by) => value * zoom + by;
  return {
    left: at(node.x, x),
    right: at(node.x + node.width, x),
    top: at(node.y, y),
    bottom: at(node.y + height, y),
  };
}

const isSeen = (box, width, height) =>
  box.right > 0 && box.left < width && box.bottom > 0 && box.top < height;

/** Brings the chosen step into sight, and the workflow at its first step and when it is lost. */
export function useSight(flow, selected) {
  const { setViewport } = useReactFlow();
  const begin = useBegin(flow);
  const store = useStoreApi();
  const wasEmpty = useRef(false);
  const isThere = useStore((state) => state.width > 0 && state.nodeLookup.has(selected));
  useEffect(() => {
    const { transform, width, height } = store.getState();
    const node = flow.nodes.find((each) => each.id === selected);
    if (!node || !isThere) return;
    const box = onScreen(node, transform);
    const [x, y, zoom] = transform;
    const [dx, dy] = [shift(box.left, box.right, width), shift(box.top, box.bottom, height)];
    if (dx || dy) setViewport({ x: x + dx, y: y + dy, zoom });
    // Not when the flow changes alone: then somebody works elsewhere.
  }, [selected, isThere]);
  useEffect(() => {
    const { transform, width, height } = store.getState();
    const isLost = !flow.nodes.some((node) => isSeen(onScreen(node, transform), width, height));
    const hasSteps = flow.nodes.some((node) => node.kind !== "place");
    const isFirst = hasSteps && wasEmpty.current;
    if (width && height && (isFirst || isLost)) begin();
    wasEmpty.current = !hasSteps;
  }, [flow]);
}

/**
 * Keeps the keyboard on the canvas: on the step that was chosen after something was done there,
 * and on the canvas itself when what it was on is gone.
 */
export function useFocus(selected, canvas) {
  const last = useRef(null);
  useEffect(() => {
    const element = canvas.current;
    const onIn = ({ target }) => (last.current = target);
    // What is taken away may say so before it is gone: then it was not left.
    const onOut = ({ target }) =>
      queueMicrotask(() => {
        if (target.isConnected && last.current === target) last.current = null;
      });
    element.addEventListener("focusin", onIn);
    element.addEventListener("focusout", onOut);
    return () => {
      element.removeEventListener("focusin", onIn);
      element.removeEventListener("focusout", onOut);
    };
  }, [canvas]);
  const wanted = useRef(null); // was chosen, and may not be drawn yet
  useEffect(() => {
    wanted.current = selected;
  }, [selected]);
  const drawn = useStore((state) => state.nodes);
  const view = useStore((state) => (wanted.current ? state.transform : null)); // brings it into sight
  useEffect(() => {
    const element = canvas.current;
    const isGone = last.current && !last.current.isConnected;
    const step = wanted.current ?? (isGone ? selected : null);
    const node = step && element.querySelector(`.react-flow__node[data-id="${CSS.escape(step)}"]`);
    if (node) wanted.current = null;
    const goal = node ?? (isGone ? element.querySelector(".flow-surface") : null);
    if (last.current) goal?.focus({ preventScroll: true });
  }, [drawn, view, selected, canvas]);
}
