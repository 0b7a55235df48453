import { useEffect, useState } from "react";
import { ReactFlowProvider } from "@xyflow/react";
import { useFit } from "./fit.js";
import { useFollow } from "./follow.js";
import { frameOf } from "./frame.js";
import { usePhone } from "./phone.js";
import { useLatest, useParsed } from "./same.js";
import Surface from "./Surface.jsx";

function Fitted({ follow, ...drawn }) {
  const { wasMoved, ...view } = useFit(drawn.flow, drawn.selectable, follow?.length > 0);
  useFollow(drawn.flow, follow, wasMoved);
  return <Surface {...drawn} view={view} />;
}

/** A flow with what its steps are doing; a still picture, or one to choose a step in. */
export function Canvas({ flow, data, onSelect }) {
  const [selected, setSelected] = useState(data.selected);
  useEffect(() => setSelected(data.selected), [data.selected]);
  const select = useLatest((id) => {
    if (id === selected) return;
    setSelected(id);
    onSelect(id);
  });
  const picture = data.selectable ? {} : { role: "img", "aria-label": data.alt };
  return (
    <div className="flow-frame" style={frameOf(flow, data.height)} {...picture}>
      <ReactFlowProvider>
        <Fitted {...data} flow={flow} selected={selected} onSelect={select} />
      </ReactFlowProvider>
    </div>
  );
}

/** The same of a flow that comes as JSON, one for phones beside it or not. */
export default function FittingCanvas({ data, onSelect }) {
  const isPhone = usePhone();
  const flow = useParsed((isPhone && data.narrow) || data.flow);
  return <Canvas flow={flow} data={data} onSelect={onSelect} />;
}
