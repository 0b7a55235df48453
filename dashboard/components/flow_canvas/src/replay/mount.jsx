import { createRoot } from "react-dom/client";
import css from "./replay.css?inline";
import Player from "./Player.jsx";
import { dress } from "../dress.js";
import { styles as canvas } from "../mount.jsx";

const styles = new CSSStyleSheet();
styles.replaceSync(css);

/** Puts a player into the element; with `hasFocus` its keys work at once. */
export function mountReplay(element, data, { hasFocus = false } = {}) {
  dress(element, canvas);
  dress(element, styles);
  const host = document.createElement("div");
  host.className = "symphony-replay";
  element.append(host);
  const root = createRoot(host);
  const update = (latest) => root.render(<Player key={latest.id} data={latest} hasFocus={hasFocus} />);
  update(data);
  return {
    update,
    unmount() {
      root.unmount();
      host.remove();
    },
  };
}
