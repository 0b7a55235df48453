import { memo, useContext } from "react";
import { Editing, usePlaceLook } from "./dragging.js";
import { PlusIcon } from "../icons.jsx";
import { Ends } from "../nodes.jsx";

const ALONE = 100; // pixels; as wide is only a place where nothing else stands

/** A button where something can be put in: on a way, beside lanes, or in what is empty. */
const Place = memo(function Place({ id, data, width, height }) {
  const { openMenu } = useContext(Editing);
  const look = usePlaceLook(id);
  const { label } = data.node;
  const isAlone = width > ALONE;
  const shape = isAlone ? "alone" : width === height ? "dot" : "lane";
  return (
    <>
      <button
        type="button"
        className={`flow-place flow-grip ${shape} ${look}`}
        aria-label={label}
        aria-haspopup="menu"
        title={label}
        onClick={(event) => openMenu(id, label, event.currentTarget)}
      >
        <PlusIcon />
        {isAlone && <span>{label.startsWith("Add the first") ? label : "Add a step"}</span>}
      </button>
      <Ends {...data} />
    </>
  );
});

export default Place;
