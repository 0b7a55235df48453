import { useEffect, useId, useMemo, useRef, useState } from "react";
import {
  Background,
  Controls,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { edgeTypes } from "./edges.jsx";
import { useFollow } from "./follow.js";
import { frameOf } from "./frame.js";
import { useKeyboard } from "./keyboard.js";
import { Drawing } from "./model.js";
import { nodeTypes } from "./nodes.jsx";
import { useTwoFingers } from "./touch.js";

const LETTERS = 16; // pixels; boxes grow with the page's letters
const FAR = 0.62; // below this zoom there is room for names only

/** Returns the same object for as long as it says the same. */
function useSame(value) {
  const said = JSON.stringify(value);
  return useMemo(() => value, [said]);
}

/** How a flow fits its place: at most as large as the letters around it ask for. */
function fit() {
  const letters = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { padding: "14px", maxZoom: Math.max(1, letters / LETTERS) };
}

/** Fits the flow when it is first seen, when its shape changes, and when its room does. */
function useFit(flow, canMove) {
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const wasMoved = useRef(false);
  useEffect(() => {
    wasMoved.current = false;
  }, [flow]);
  useEffect(() => {
    if (width && height && !wasMoved.current) fitView(fit());
  }, [flow, width, height, fitView]);
  return {
    wasMoved,
    onMoveEnd: (event) => (wasMoved.current ||= canMove && event !== null),
    onFitView: () => (wasMoved.current = false),
    onZoomIn: () => (wasMoved.current = true),
    onZoomOut: () => (wasMoved.current = true),
  };
}

function Surface({ flow, marks, selected, alt, selectable, follow, onSelect }) {
  const drawing = useRef(null);
  drawing.current ??= new Drawing();
  const { nodes, edges } = drawing.current.of(flow, marks, selected, selectable);
  const { wasMoved, onMoveEnd, ...controls } = useFit(flow, selectable);
  useFollow(flow, follow, wasMoved);
  const isFar = useStore((state) => state.transform[2] < FAR);
  const keyboard = useKeyboard(flow, onSelect);
  const twoFingers = useTwoFingers();
  return (
    <div
      className={`flow-surface${isFar ? " far" : ""}`}
      inert={!selectable}
      ref={twoFingers}
      {...(selectable && keyboard)}
    >
      <ReactFlow
        id={useId()}
        aria-label={alt}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        minZoom={0.05}
        maxZoom={2}
        zIndexMode="manual"
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={selectable}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomActivationKeyCode={null}
        panOnDrag={selectable}
        zoomOnScroll={selectable}
        zoomOnPinch={selectable}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        onMoveEnd={onMoveEnd}
        onNodeClick={(_, node) => onSelect(node.id)}
        onPaneClick={() => onSelect(null)}
        proOptions={{ hideAttribution: !selectable }}
        attributionPosition="bottom-left"
      >
        {selectable && <Background gap={20} size={2} />}
        {selectable && (
          <Controls
            position="bottom-right"
            orientation="horizontal"
            showInteractive={false}
            fitViewOptions={fit()}
            {...controls}
          />
        )}
      </ReactFlow>
    </div>
  );
}

/** A flow with what its steps are doing; a still picture, or one to choose a step in. */
export default function Canvas({ data, onSelect }) {
  const flow = useSame(data.flow);
  const [selected, setSelected] = useState(data.selected);
  useEffect(() => setSelected(data.selected), [data.selected]);
  const select = (id) => {
    if (id === selected) return;
    setSelected(id);
    onSelect(id);
  };
  const picture = data.selectable ? {} : { role: "img", "aria-label": data.alt };
  return (
    <div className="flow-frame" style={frameOf(flow, data.height)} {...picture}>
      <ReactFlowProvider>
        <Surface {...data} flow={flow} selected={selected} onSelect={select} />
      </ReactFlowProvider>
    </div>
  );
}
