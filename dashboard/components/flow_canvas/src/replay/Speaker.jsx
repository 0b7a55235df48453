import { useLayoutEffect, useRef } from "react";
import { statusAt, textAt } from "./score.js";

const letters = new Intl.NumberFormat("en");

function Badge({ look }) {
  return (
    <span
      className="badge"
      style={{
        color: `var(--st-${look.colour}-text-color)`,
        background: `var(--st-${look.colour}-background-color)`,
      }}
    >
      {look.word}
    </span>
  );
}

/** A text that grows; its end stays in sight. */
function Text({ text, before, isGrowing }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    if (isGrowing) box.current.scrollTop = box.current.scrollHeight;
  }, [text, isGrowing]);
  return (
    <div className={`text${isGrowing ? " growing" : ""}`} ref={box} tabIndex={0}>
      {before > 0 && <p className="note">{letters.format(before)} characters stand before this.</p>}
      {text}
    </div>
  );
}

function Waiting({ scene, status }) {
  if (status === "running" && scene.kind !== "approval") return <p className="note">Waiting for the first words…</p>;
  if (status === "waiting") return <p className="note">A person is asked.</p>;
  return null;
}

/** A step at a moment: who is asked, and what was written by then. */
export function Speaker({ scene, moment, looks }) {
  const status = statusAt(scene, moment);
  const { text, before } = textAt(scene, moment);
  const isDone = moment >= scene.end;
  return (
    <article className={`speaker ${status}`} data-path={scene.path} data-status={status}>
      <header>
        <h3>{scene.label}</h3>
        <Badge look={looks[status]} />
        <span className="facts">
          {[scene.agent, scene.number > 1 && `attempt ${scene.number}`, isDone && scene.took, isDone && scene.tokens]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </header>
      {scene.prompt && (
        <details>
          <summary>{scene.kind === "approval" ? "The question" : "The prompt"}</summary>
          <div className="text">{scene.prompt}</div>
        </details>
      )}
      {text ? <Text text={text} before={before} isGrowing={status === "running" && !isDone} /> : <Waiting scene={scene} status={status} />}
      {isDone && scene.decision && <p className="decision">{scene.decision}</p>}
      {scene.error && ["failed", "retrying"].includes(status) && <p className="error">{scene.error}</p>}
    </article>
  );
}

/** What the run came to. */
export function End({ data }) {
  return (
    <article className="speaker end" data-status={data.status}>
      <header>
        <h3>{data.result ? "Result" : "The end"}</h3>
        <Badge look={data.looks[data.status]} />
      </header>
      {data.error && <p className="error">{data.error}</p>}
      {data.result && (
        <div className="text" tabIndex={0}>
          {data.result}
        </div>
      )}
    </article>
  );
}
