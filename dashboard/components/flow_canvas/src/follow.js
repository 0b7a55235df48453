import { useEffect, useRef } from "react";
import { useReactFlow, useStore } from "@xyflow/react";
import { isReadable } from "./fit.js";

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
  const begun = useRef(null); // the flow it was somewhere in already
  useEffect(() => {
    if (!said || !width || isReadable(flow, width, height) || wasMoved.current) return;
    const nodes = said.split("\n").map((id) => ({ id }));
    fitView({ ...NEAR, nodes, duration: movesLittle() || begun.current !== flow ? 0 : GLIDE });
    begun.current = flow;
  }, [flow, said, width, height, fitView, wasMoved]);
}
