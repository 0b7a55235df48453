import library from "@xyflow/react/dist/base.css?inline";
import canvas from "./canvas.css?inline";
import nodes from "./nodes.css?inline";
import edges from "./edges.css?inline";
import Canvas from "./Canvas.jsx";
import { host, sheetOf } from "./host.jsx";

export const styles = sheetOf(library + canvas + nodes + edges);

/** Draws a flow into the element. `onSelect` is told the id of the step that was chosen, or null. */
export function mount(element, data, { onSelect = () => {} } = {}) {
  const draw = (latest) => <Canvas data={latest} onSelect={onSelect} />;
  return host(element, "symphony-flow", [styles], data, draw);
}
