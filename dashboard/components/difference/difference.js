// Draws the pieces of two texts. What they say is only ever the content of text nodes.

const TAGS = { same: "span", removed: "del", added: "ins" };
const boxes = new WeakMap();

function element(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

function folded(piece) {
  if (!piece.text) return element("span", piece.label, "fold");
  const button = element("button", piece.label, "fold");
  button.type = "button";
  button.title = "Show what is the same here";
  button.onclick = () => button.replaceWith(element("span", piece.text));
  return button;
}

function legend(words) {
  const line = element("p", "", "legend");
  line.append(element("del", words.removed), " ", element("ins", words.added));
  return line;
}

function draw(box, data) {
  const text = element("p", "", "text");
  text.append(
    ...data.pieces.map((piece) =>
      piece.kind === "folded" ? folded(piece) : element(TAGS[piece.kind], piece.text),
    ),
  );
  box.replaceChildren(legend(data.legend), text);
}

export default function ({ data, parentElement }) {
  const drawn = JSON.stringify(data);
  let box = boxes.get(parentElement);
  if (!box) {
    box = document.createElement("div");
    parentElement.append(box);
    boxes.set(parentElement, box);
  }
  if (box.drawn !== drawn) draw(box, data);
  box.drawn = drawn;
  return () => {
    box.remove();
    boxes.delete(parentElement);
  };
}
