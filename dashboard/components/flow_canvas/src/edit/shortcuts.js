const SHORTCUTS = {
  Delete: "delete",
  Backspace: "delete",
  "Mod+z": "undo",
  "Mod+Shift+z": "redo",
  "Mod+y": "redo",
  "Mod+c": "copy",
  "Mod+x": "cut",
  "Mod+v": "paste",
  "Mod+d": "duplicate",
};

/** What a key asks for on the canvas; undefined for every other key. */
export function askedBy(event) {
  if (event.altKey) return undefined;
  const mod = (event.ctrlKey || event.metaKey) && "Mod";
  const shift = mod && event.shiftKey && "Shift";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return SHORTCUTS[[mod, shift, key].filter(Boolean).join("+")];
}
