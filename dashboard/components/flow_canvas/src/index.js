export { default } from "./streamlit.js";
export { mount } from "./mount.jsx";
