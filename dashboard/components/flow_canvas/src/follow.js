import { useEffect } from "react";
import { useReactFlow, useStore } from "@xyflow/react";

const READABLE = 0.42; // a flow that must be made smaller than this is not shown as a whole
const NEAR = { padding: 0.35, minZoom: 0.3, maxZoom: 0.85 };
const GLIDE = 400; // milliseconds

const movesLittle = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Goes to some steps, by their ids, where the whole flow would be too small to be read; not once
 * somebody has moved it.
 */
export function useFollow(flow, ids, wasMoved) {
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const said = ids?.join("\n");
  useEffect(() => {
    const isReadable = Math.min(width / flow.width, height / flow.height) >= READABLE;
    if (!said || !width || isReadable || wasMoved.current) return;
    const nodes = said.split("\n").map((id) => ({ id }));
    fitView({ ...NEAR, nodes, duration: movesLittle() ? 0 : GLIDE });
  }, [flow, said, width, height, fitView, wasMoved]);
}
