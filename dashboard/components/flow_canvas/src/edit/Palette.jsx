import { memo } from "react";
import { KindIcon } from "../icons.jsx";

/** The kinds of steps; a click adds one, and they can be dragged onto the canvas. */
const Palette = memo(function Palette({ kinds, onPick }) {
  return (
    <div className="flow-palette" role="group" aria-label="Add a step">
      {kinds.map(({ kind, word }) => (
        <button
          key={kind}
          type="button"
          data-add={kind}
          title={`${word}: click to add it, or drag it to its place`}
          onClick={() => onPick(kind)}
        >
          <KindIcon kind={kind} />
          <span>{word}</span>
        </button>
      ))}
    </div>
  );
});

export default Palette;
