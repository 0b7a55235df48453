import { createRoot } from "react-dom/client";
import library from "@xyflow/react/dist/base.css?inline";
import canvas from "./canvas.css?inline";
import nodes from "./nodes.css?inline";
import edges from "./edges.css?inline";
import Canvas from "./Canvas.jsx";
import { dress } from "./dress.js";

export const styles = new CSSStyleSheet();
styles.replaceSync(library + canvas + nodes + edges);

/** Draws a flow into the element. `onSelect` is told the id of the step that was chosen, or null. */
export function mount(element, data, { onSelect = () => {} } = {}) {
  dress(element, styles);
  const host = document.createElement("div");
  host.className = "symphony-flow";
  element.append(host);
  const root = createRoot(host);
  const update = (latest) => root.render(<Canvas data={latest} onSelect={onSelect} />);
  update(data);
  return {
    update,
    unmount() {
      root.unmount();
      host.remove();
    },
  };
}
