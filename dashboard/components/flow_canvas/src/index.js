export { edit, replay, show as default } from "./streamlit.js";
export { mount } from "./mount.jsx";
export { mountReplay } from "./replay/mount.jsx";
