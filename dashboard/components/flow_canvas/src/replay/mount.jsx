import css from "./replay.css?inline";
import Player from "./Player.jsx";
import { host, sheetOf } from "../host.jsx";
import { styles as canvas } from "../mount.jsx";

const styles = sheetOf(css);

/** Puts a player into the element; with `hasFocus` its keys work at once. */
export function mountReplay(element, data, { hasFocus = false } = {}) {
  const draw = (latest) => <Player key={latest.id} data={latest} hasFocus={hasFocus} />;
  return host(element, "symphony-replay", [canvas, styles], data, draw);
}
