import css from "./edit.css?inline";
import Editor from "./Editor.jsx";
import { Queue } from "./queue.js";
import { host, sheetOf } from "../host.jsx";
import { styles as canvas } from "../mount.jsx";

const styles = sheetOf(css);

/**
 * Puts an editor into the element. `onActions` is told, in order, all actions of which the data do
 * not say that they were handled.
 */
export function mountEditor(element, data, { onActions }) {
  const queue = new Queue(onActions);
  const draw = (latest) => {
    queue.settle(latest.handled);
    return <Editor data={latest} queue={queue} />;
  };
  return host(element, "symphony-flow", [canvas, styles], data, draw);
}
