import { memo } from "react";
import { Icon } from "./icons.jsx";
import { clock, statusAt } from "./score.js";

const SPEEDS = [1, 2, 5, 10, 20];
const MOST_LANES = 4;

/** Puts scenes that overlap into lanes below each other, as far as there are lanes. */
function lanesOf(scenes) {
  const ends = [];
  return scenes.map((scene) => {
    const free = ends.findIndex((end) => end <= scene.start);
    const lane = free >= 0 ? free : Math.min(ends.length, MOST_LANES - 1);
    ends[lane] = Math.max(ends[lane] ?? 0, scene.end);
    return lane;
  });
}

/** The steps over the replay's time, in the colours of how they ended. */
const Ticks = memo(({ score }) => {
  const { seconds, cuts, looks } = score.data;
  const scenes = score.leaves.filter((scene) => !scene.takenOver);
  const lanes = lanesOf(scenes);
  const count = Math.max(1, ...lanes.map((lane) => lane + 1));
  const share = (time) => `${(100 * time) / (seconds || 1)}%`;
  return (
    <div className="ticks" aria-hidden="true">
      {scenes.map((scene, index) => (
        <span
          key={`${scene.path} ${scene.number}`}
          style={{
            left: share(scene.start),
            width: share(scene.end - scene.start),
            top: `${(100 * lanes[index]) / count}%`,
            height: `${100 / count}%`,
            background: `var(--st-${looks[statusAt(scene, scene.end)].colour}-color)`,
          }}
        />
      ))}
      {cuts.map(([from, to]) => (
        <span key={from} className="cut" style={{ left: share(from), width: share(to - from) }} />
      ))}
    </div>
  );
});

function Button({ icon, label, ...more }) {
  return (
    <button type="button" aria-label={label} title={label} {...more}>
      <Icon name={icon} />
    </button>
  );
}

export default function Controls({ score, playing, isFull, toggleFull }) {
  const { moment, isPlaying, speed, setSpeed, show, toggle, restart } = playing;
  const { seconds } = score.data;
  const time = `${clock(moment)} / ${clock(seconds)}`;
  return (
    <div className="controls">
      <Button icon={isPlaying ? "pause" : "play"} label={isPlaying ? "Pause" : "Play"} className="play" onClick={toggle} />
      <Button icon="restart" label="From the beginning" onClick={restart} />
      <div className="track">
        <Ticks score={score} />
        <div className="played" style={{ width: `${(100 * moment) / (seconds || 1)}%` }} />
        <input
          type="range"
          aria-label="Time"
          aria-valuetext={`${clock(moment)} of ${clock(seconds)}`}
          min={0}
          max={seconds}
          step="any"
          value={moment}
          onChange={(event) => show(Number(event.target.value))}
        />
      </div>
      <span className="time">{time}</span>
      <div className="speeds" role="group" aria-label="Speed">
        {SPEEDS.map((each) => (
          <button key={each} type="button" aria-pressed={each === speed} onClick={() => setSpeed(each)}>
            {each}×
          </button>
        ))}
      </div>
      <Button icon={isFull ? "leave" : "full"} label={isFull ? "Leave full screen" : "Full screen"} onClick={toggleFull} />
    </div>
  );
}
