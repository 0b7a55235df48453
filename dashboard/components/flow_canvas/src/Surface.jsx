import { memo, useId, useRef } from "react";
import { Background, Controls, ReactFlow, useStore } from "@xyflow/react";
import Place from "./edit/Place.jsx";
import { edgeTypes } from "./edges.jsx";
import { fit } from "./fit.js";
import { useKeyboard } from "./keyboard.js";
import { Drawing } from "./model.js";
import { nodeTypes } from "./nodes.jsx";
import { useTwoFingers } from "./touch.js";

const FAR = 0.62; // below this zoom there is room for names only
const MANY = 120; // nodes; of more, only those in sight are in the page
const NODE_TYPES = { ...nodeTypes, place: Place };

/** The drawing itself; `view` is told when it is moved, and by which button. */
const Surface = memo(function Surface({ flow, alt, selectable, isEdited, view, onSelect, ...looks }) {
  const drawing = useRef(null);
  drawing.current ??= new Drawing();
  const { nodes, edges } = drawing.current.of(flow, { ...looks, selectable });
  const { onMoveEnd, ...controls } = view;
  const isFar = useStore((state) => state.transform[2] < FAR);
  const keyboard = useKeyboard(flow, onSelect);
  const twoFingers = useTwoFingers();
  return (
    <div
      className={`flow-surface${isFar ? " far" : ""}`}
      inert={!selectable}
      tabIndex={selectable ? -1 : undefined}
      ref={twoFingers}
      {...(selectable && keyboard)}
    >
      <ReactFlow
        id={useId()}
        aria-label={alt}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={edgeTypes}
        onlyRenderVisibleElements={nodes.length > MANY}
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
        noPanClassName={isEdited ? "flow-grip" : "nopan"}
        zoomOnScroll={selectable}
        zoomOnPinch={selectable}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        onMoveEnd={onMoveEnd}
        onNodeClick={(_, node) => node.type === "place" || onSelect(node.id)}
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
});

export default Surface;
