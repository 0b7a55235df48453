import { useCallback, useEffect, useRef, useState } from "react";

const LONGEST_FRAME = 1; // seconds; a tab that slept goes on where it was

const movesLittle = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The moment that is shown, and what moves it. */
export function usePlaying(seconds) {
  const [moment, setMoment] = useState(0);
  const [isPlaying, setPlaying] = useState(() => !movesLittle());
  const [speed, setSpeed] = useState(1);
  const now = useRef(0);

  const show = useCallback(
    (at) => {
      now.current = Math.min(Math.max(at, 0), seconds);
      setMoment(now.current);
    },
    [seconds],
  );

  useEffect(() => {
    if (!isPlaying) return;
    let before = null;
    let frame = requestAnimationFrame(function next(time) {
      const passed = Math.min((time - (before ?? time)) / 1000, LONGEST_FRAME);
      before = time;
      show(now.current + passed * speed);
      if (now.current >= seconds) setPlaying(false);
      else frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, seconds, show]);

  const toggle = () => {
    if (!isPlaying && now.current >= seconds) show(0);
    setPlaying(!isPlaying);
  };
  const restart = () => {
    show(0);
    setPlaying(true);
  };
  return { moment, isPlaying, speed, setSpeed, show, toggle, restart };
}

/** Whether the element fills the screen, and what makes it do so or not. */
export function useFullScreen(element) {
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const look = () => setFull(element.current?.matches(":fullscreen") ?? false);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, [element]);
  const toggle = () => {
    if (isFull) document.exitFullscreen();
    else element.current?.requestFullscreen().catch(() => setFull(false));
  };
  return [isFull, toggle];
}
