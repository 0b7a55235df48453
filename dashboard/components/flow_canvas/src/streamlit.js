import { mountEditor } from "./edit/mount.jsx";
import { mount } from "./mount.jsx";
import { mountReplay } from "./replay/mount.jsx";

/** What Streamlit calls when an element appears, and again whenever its data or the theme changes. */
function component(put) {
  const there = new WeakMap();
  return (streamlit) => {
    const { data, parentElement } = streamlit;
    let it = there.get(parentElement);
    if (it) {
      it.update(data);
    } else {
      it = put(streamlit);
      there.set(parentElement, it);
    }
    return () => {
      it.unmount();
      there.delete(parentElement);
    };
  };
}

export const show = component(({ data, parentElement, setStateValue }) => {
  window.symphonyFlowMounts = (window.symphonyFlowMounts || 0) + 1;
  return mount(parentElement, data, { onSelect: (id) => setStateValue("selected", id) });
});

export const replay = component(({ data, parentElement }) =>
  mountReplay(parentElement, data, { hasFocus: true }),
);

export const edit = component(({ data, parentElement, setStateValue }) =>
  mountEditor(parentElement, data, { onActions: (actions) => setStateValue("actions", actions) }),
);
