import { memo } from "react";
import { Handle, Position } from "@xyflow/react";
import { AlertIcon, KindIcon, StatusIcon } from "./icons.jsx";

/** The colours of a mark, as names of the theme's variables. */
function tone(mark) {
  if (!mark) return undefined;
  return {
    "--tone": `var(--st-${mark.colour}-color)`,
    "--tone-soft": `var(--st-${mark.colour}-background-color)`,
    "--tone-text": `var(--st-${mark.colour}-text-color)`,
  };
}

function classes(shape, { mark, isAhead }, selected) {
  const state = { marked: mark, live: mark?.live, ahead: isAhead, chosen: selected };
  const names = Object.keys(state).filter((name) => state[name]);
  return [shape, mark?.status, ...names].filter(Boolean).join(" ");
}

/** Between the words stands a space for who asks for the text, such as one who speaks to click it. */
function Status({ mark }) {
  return (
    <span className="flow-status">
      <StatusIcon status={mark.status} />
      <span className="flow-word">{mark.word}</span>{" "}
      {mark.detail && <span className="flow-more">{mark.detail}</span>}
    </span>
  );
}

/** React Flow draws an edge only between such; where it runs, `route.js` says. */
export function Ends({ direction }) {
  const [start, end] =
    direction === "LR" ? [Position.Left, Position.Right] : [Position.Top, Position.Bottom];
  return (
    <>
      <Handle type="target" position={start} isConnectable={false} />
      <Handle type="source" position={end} isConnectable={false} />
    </>
  );
}

/** How many problems there are with a step; a screen reader has it from the step's name. */
function Problems({ problems }) {
  if (!problems) return null;
  return (
    <span className="flow-problems" aria-hidden="true">
      <AlertIcon />
      {problems}
    </span>
  );
}

function Inside({ node, mark }) {
  return (
    <>
      <span className="flow-tile">
        <KindIcon kind={node.kind} />
        {mark && <StatusIcon status={mark.status} />}
      </span>
      <span className="flow-text">
        <span className="flow-label">{node.label}</span>{" "}
        {mark ? <Status mark={mark} /> : <span className="flow-detail">{node.detail}</span>}
      </span>
    </>
  );
}

const Step = memo(function Step({ data, selected }) {
  return (
    <div className={classes("flow-step flow-grip", data, selected)} style={tone(data.mark)}>
      <Inside {...data} />
      <Problems {...data} />
      <Ends {...data} />
    </div>
  );
});

const POINT = 16; // how far a decision's ends stick out

const Decision = memo(function Decision({ data, selected, width, height }) {
  const [left, right, middle] = [POINT, width - POINT, height / 2];
  const edge = `M${left} 1H${right}L${width - 1} ${middle}L${right} ${height - 1}H${left}L1 ${middle}Z`;
  return (
    <div className={classes("flow-decision flow-grip", data, selected)} style={tone(data.mark)}>
      <svg className="flow-outline" width={width} height={height} aria-hidden="true">
        <path className="ring" d={edge} />
        <path className="edge" d={edge} />
      </svg>
      <Inside {...data} />
      <Problems {...data} />
      <Ends {...data} />
    </div>
  );
});

const Frame = memo(function Frame({ data, selected }) {
  const { node, mark } = data;
  return (
    <div className={classes(`flow-group ${node.kind}`, data, selected)} style={tone(mark)}>
      <div className="flow-title flow-grip">
        <span className="flow-name">
          <KindIcon kind={node.kind} />
          <span className="flow-label">{node.label}</span>{" "}
          {mark && <Status mark={mark} />}
        </span>{" "}
        <span className="flow-detail">{node.detail}</span>
      </div>
      <Problems {...data} />
      <Ends {...data} />
    </div>
  );
});

export const nodeTypes = { step: Step, decision: Decision, frame: Frame };
