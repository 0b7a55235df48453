// Streamlit calls this when the element appears, and again whenever its data or the theme changes.

import { mountReplay } from "./mount.jsx";

const players = new WeakMap();

export default function ({ data, parentElement }) {
  let player = players.get(parentElement);
  if (player) {
    player.update(data);
  } else {
    player = mountReplay(parentElement, data, { hasFocus: true });
    players.set(parentElement, player);
  }
  return () => {
    player.unmount();
    players.delete(parentElement);
  };
}
