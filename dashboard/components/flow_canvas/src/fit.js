import { useCallback, useEffect, useRef } from "react";
import { useReactFlow, useStore } from "@xyflow/react";

const LETTERS = 16; // pixels; boxes grow with the page's letters
const ROOM = 14; // pixels around a fitted flow
const READABLE = 0.42; // a flow that must be made smaller than this is not shown as a whole
const EASY = 0.7; // the zoom below which a flow that is edited is not shown as a whole

/** How a flow fits its place: at most as large as the letters around it ask for. */
export function fit() {
  const letters = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { padding: `${ROOM}px`, maxZoom: Math.max(1, letters / LETTERS) };
}

/** Whether all of a flow can be read in a place of this size. */
export const isReadable = (flow, width, height) =>
  Math.min(width / flow.width, height / flow.height) >= READABLE;

/**
 * Fits the flow when it is first seen, when its shape changes, and when its room does; not a large
 * one that is followed, for all of it would be drawn to be taken away again.
 */
export function useFit(flow, canMove, isFollowed) {
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const wasMoved = useRef(false);
  useEffect(() => {
    wasMoved.current = false;
  }, [flow]);
  useEffect(() => {
    if (!width || !height || wasMoved.current) return;
    if (!isFollowed || isReadable(flow, width, height)) fitView(fit());
  }, [flow, width, height, isFollowed, fitView]);
  return {
    wasMoved,
    onMoveEnd: (event) => (wasMoved.current ||= canMove && event !== null),
    onFitView: () => (wasMoved.current = false),
    onZoomIn: () => (wasMoved.current = true),
    onZoomOut: () => (wasMoved.current = true),
  };
}

/** Shows an edited flow when it is first seen, from its beginning if it is large; then it stays. */
export function useBegin(flow) {
  const { fitView, setViewport } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const begin = useCallback(() => {
    const whole = Math.min((width - 2 * ROOM) / flow.width, (height - 2 * ROOM) / flow.height);
    if (whole >= EASY) return fitView(fit());
    const zoom = Math.min(1, Math.max(EASY, (width - 2 * ROOM) / flow.width));
    const first = flow.nodes[0];
    const x = width / 2 - (first.x + first.width / 2) * zoom;
    const y = flow.direction === "LR" ? height / 2 - (first.y + first.height / 2) * zoom : ROOM;
    return setViewport({ x: flow.direction === "LR" ? ROOM : x, y, zoom });
  }, [flow, width, height, fitView, setViewport]);
  const isReady = width > 0 && height > 0;
  useEffect(() => {
    if (isReady) begin();
  }, [isReady]);
  return begin;
}
