/** Adds styles where the element stands: a document, or a shadow that the document's do not reach. */
export function dress(element, styles) {
  const scope = element.getRootNode();
  const sheets = "adoptedStyleSheets" in scope ? scope : document;
  if (!sheets.adoptedStyleSheets.includes(styles)) {
    sheets.adoptedStyleSheets = [...sheets.adoptedStyleSheets, styles];
  }
}
