import { createRoot } from "react-dom/client";

/** A style sheet that several elements may wear. */
export function sheetOf(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/** Adds styles where the element stands: a document, or a shadow that the document's do not reach. */
function dress(element, sheets) {
  const root = element.getRootNode();
  const scope = "adoptedStyleSheets" in root ? root : document;
  const missing = sheets.filter((sheet) => !scope.adoptedStyleSheets.includes(sheet));
  scope.adoptedStyleSheets = [...scope.adoptedStyleSheets, ...missing];
}

/** Draws data into the element; returns what draws other data there, and what takes it all away. */
export function host(element, name, sheets, data, draw) {
  dress(element, sheets);
  const place = document.createElement("div");
  place.className = name;
  element.append(place);
  const root = createRoot(place);
  const update = (latest) => root.render(draw(latest));
  update(data);
  return {
    update,
    unmount() {
      root.unmount();
      place.remove();
    },
  };
}
