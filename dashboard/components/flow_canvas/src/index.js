export { default } from "./streamlit.js";
export { mount } from "./mount.jsx";
export { default as replay } from "./replay/streamlit.js";
export { mountReplay } from "./replay/mount.jsx";
