import { memo, useEffect, useMemo, useRef } from "react";
import { Canvas } from "../Canvas.jsx";
import Controls from "./Controls.jsx";
import { End, Speaker } from "./Speaker.jsx";
import { useFullScreen, usePlaying } from "./playing.js";
import { Score } from "./score.js";

const STEP = 5; // seconds that an arrow key goes
const MOST_SPEAKERS = 6;

const Graph = memo(
  ({ flow, marks, alt, follow }) => (
    <Canvas flow={flow} data={{ marks, alt, follow, selectable: false }} onSelect={() => {}} />
  ),
  (before, after) =>
    before.flow === after.flow && before.said === after.said && before.follow.join() === after.follow.join(),
);

/** Whether a key that is pressed there has a meaning of its own. */
function isTakenBy(element, key) {
  const name = element.localName;
  if (key === " " || key === "Enter") return name === "button" || name === "summary";
  return false;
}

/** A finished run, played again. Everything it needs is in its data. */
export default function Player({ data, hasFocus }) {
  const score = useMemo(() => new Score(data), [data]);
  const playing = usePlaying(data.seconds);
  const { flow } = data;
  const { moment } = playing;
  const box = useRef(null);
  const [isFull, toggleFull] = useFullScreen(box);
  useEffect(() => {
    if (hasFocus) box.current.focus({ preventScroll: true });
  }, [hasFocus]);

  const onKeyDown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTakenBy(event.target, event.key)) return;
    const act = {
      " ": playing.toggle,
      ArrowLeft: () => playing.show(moment - STEP),
      ArrowRight: () => playing.show(moment + STEP),
      Home: () => playing.show(0),
      End: () => playing.show(data.seconds),
      f: toggleFull,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  const marks = score.marksAt(moment);
  const isOver = moment >= data.seconds;
  const speakers = score.speakersAt(moment);
  const shown = speakers.slice(0, MOST_SPEAKERS);
  const cut = score.cutAt(moment);
  return (
    <section
      className={`replay${isFull ? " full" : ""}`}
      aria-label={`Replay of ${data.name}`}
      data-moment={moment.toFixed(3)}
      tabIndex={-1}
      ref={box}
      onKeyDown={onKeyDown}
    >
      {isFull && <h2>{data.name}</h2>}
      <div className={`stage ${flow.direction === "LR" ? "above" : "beside"}`}>
        <div className="graph symphony-flow">
          <Graph
            flow={flow}
            marks={marks}
            said={JSON.stringify(marks)}
            alt={`The steps of ${data.name}`}
            follow={shown.map((scene) => scene.node)}
          />
        </div>
        <div className="speakers">
          {isOver && <End data={data} />}
          {!isOver &&
            shown.map((scene) => (
              <Speaker
                key={`${scene.path} ${scene.number}`}
                scene={scene}
                moment={moment}
                looks={data.looks}
              />
            ))}
          {!isOver && speakers.length > MOST_SPEAKERS && (
            <p className="more">and {speakers.length - MOST_SPEAKERS} more at work</p>
          )}
        </div>
      </div>
      <footer>
        <p className={`caption${cut ? " cut" : ""}`} aria-live="polite">
          {score.captionAt(moment)}
        </p>
        <Controls score={score} playing={playing} isFull={isFull} toggleFull={toggleFull} />
      </footer>
    </section>
  );
}
