import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ReactFlowProvider } from "@xyflow/react";
import Menu from "./Menu.jsx";
import Palette from "./Palette.jsx";
import { Dragging, Editing, useDragged } from "./dragging.js";
import { useDrag } from "./drag.js";
import { behind, nodeOf, stepOf } from "./places.js";
import { askedBy } from "./shortcuts.js";
import { useFocus, useSight } from "./sight.js";
import { KindIcon } from "../icons.jsx";
import { useLatest, useParsed, useSame } from "../same.js";
import Surface from "../Surface.jsx";

const AS_IT_IS = {}; // nobody need know that the view was moved: it stays so

/** The step that is chosen: at once the one that was clicked, then what Python makes of it. */
function useSelected(data, queue) {
  const [selected, setSelected] = useState(data.selected);
  useEffect(() => {
    if (!queue.isWaitingFor("select")) setSelected(data.selected);
  }, [data, queue]);
  const select = useLatest((node) => {
    const step = stepOf(node);
    if (step === selected) return;
    setSelected(step);
    queue.add({ do: "select", id: step });
  });
  return [selected, select];
}

function Ghost({ what, flow, kinds, ghost }) {
  const named = what.node
    ? flow.nodes.find((node) => node.id === what.node)?.label
    : kinds.find(({ kind }) => kind === what.kind)?.word;
  return (
    <div className="flow-ghost" aria-hidden="true" ref={ghost}>
      <KindIcon kind={what.kind} />
      {named}
    </div>
  );
}

function Workbench({ data, queue }) {
  const flow = useParsed(data.flow);
  const kinds = useSame(data.kinds);
  const problems = useSame(data.problems);
  const [step, select] = useSelected(data, queue);
  const selected = useMemo(() => nodeOf(flow, step), [flow, step]);
  const [menu, setMenu] = useState(null);
  const [root, canvas, ghost] = [useRef(null), useRef(null), useRef(null)];
  const dragging = useMemo(() => new Dragging(), []);
  const dragged = useDragged(dragging);

  const insert = (kind, place) => queue.add({ do: "insert", kind, place });
  const onDrop = (what, place) => {
    if (!what.node) insert(what.kind, flow.places[place]);
    else queue.add({ do: "move", id: stepOf(what.node), place: flow.places[place] });
  };
  useDrag({ flow, dragging, root, canvas, ghost, onDrop });
  useSight(flow, selected);
  useFocus(selected, canvas);

  const openMenu = useCallback((id, label, button) => setMenu({ id, label, button }), []);
  const closeMenu = useLatest((isByKey) => {
    if (isByKey) menu.button.focus({ preventScroll: true });
    setMenu(null);
  });
  const pick = (kind) => {
    closeMenu(true);
    if (flow.places[menu.id]) insert(kind, flow.places[menu.id]);
  };
  const add = useLatest((kind) => insert(kind, behind(flow, selected)));

  function onKeyDown(event) {
    const asked = askedBy(event);
    const at = event.target.closest(".react-flow__node")?.dataset.id;
    const node = flow.places[at] ? null : (at ?? selected);
    if (!asked || (!node && ["delete", "copy", "cut", "duplicate"].includes(asked))) return;
    event.preventDefault();
    event.stopPropagation();
    if (asked === "undo" || asked === "redo") queue.add({ do: asked });
    else if (asked === "paste") queue.add({ do: asked, place: behind(flow, at ?? selected) });
    else queue.add({ do: asked, id: stepOf(node) });
  }

  const editing = useMemo(() => ({ dragging, openMenu }), [dragging, openMenu]);
  return (
    <Editing value={editing}>
      <div
        className={`flow-editor${dragged ? " dragging" : ""}`}
        ref={root}
        onKeyDown={onKeyDown}
      >
        <Palette kinds={kinds} onPick={add} />
        <div className="flow-frame" style={{ height: data.height }} ref={canvas}>
          <Surface
            flow={flow}
            selected={selected}
            taken={dragged?.node}
            problems={problems}
            alt={data.alt}
            onSelect={select}
            view={AS_IT_IS}
            selectable
            isEdited
          />
          {menu && <Menu {...menu} kinds={kinds} onPick={pick} onClose={closeMenu} />}
        </div>
        {dragged && <Ghost what={dragged} flow={flow} kinds={kinds} ghost={ghost} />}
      </div>
    </Editing>
  );
}

/** A workflow that is put together: a palette, and a canvas on which each place takes a step. */
export default function Editor(props) {
  return (
    <ReactFlowProvider>
      <Workbench {...props} />
    </ReactFlowProvider>
  );
}
