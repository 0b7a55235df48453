// Streamlit calls this when the element appears, and again whenever its data or the theme changes.

import { mount } from "./mount.jsx";

const canvases = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  let canvas = canvases.get(parentElement);
  if (canvas) {
    canvas.update(data);
  } else {
    const onSelect = (id) => setStateValue("selected", id);
    canvas = mount(parentElement, data, { onSelect });
    canvases.set(parentElement, canvas);
    window.symphonyFlowMounts = (window.symphonyFlowMounts || 0) + 1;
  }
  return () => {
    canvas.unmount();
    canvases.delete(parentElement);
  };
}
