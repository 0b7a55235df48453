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

/** Brings the chosen step into sight, and something of the workflow when nothing of it is. */
export function useSight(flow, selected) {
  const { setViewport } = useReactFlow();
  const begin = useBegin(flow);
  const store = useStoreApi();
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
    if (width && height && isLost) begin();
  }, [flow]);
}

/**
 * Keeps the keyboard on the canvas: on the step that was chosen after something was done there,
 * and on the canvas itself when what it was on is gone.
 */
export function useFocus(flow, selected, canvas) {
  const lost = useRef(false);
  useEffect(() => {
    const element = canvas.current;
    // Of what is taken away the browser says so before it is gone.
    const onOut = (event) => queueMicrotask(() => (lost.current = !event.target.isConnected));
    const onIn = () => (lost.current = false);
    element.addEventListener("focusout", onOut);
    element.addEventListener("focusin", onIn);
    return () => {
      element.removeEventListener("focusout", onOut);
      element.removeEventListener("focusin", onIn);
    };
  }, [canvas]);
  const isThere = useStore((state) => state.nodeLookup.has(selected));
  useEffect(() => {
    const element = canvas.current;
    const active = element.getRootNode().activeElement;
    if (!lost.current && !element.contains(active)) return;
    const node = element.querySelector(`.react-flow__node[data-id="${CSS.escape(selected ?? "")}"]`);
    if (node) node.focus({ preventScroll: true });
    else if (lost.current) element.querySelector(".flow-surface").focus({ preventScroll: true });
  }, [flow, selected, isThere, canvas]);
}
