import { useEffect, useRef } from "react";
import { useReactFlow } from "@xyflow/react";
import { closedTo, nearest } from "./places.js";

const FAR = 6; // pixels after which a press with the mouse is a drag
const HOLD = 350; // milliseconds after which a touch is one: before, it scrolls the page
const REACH = 110; // pixels from a place within which what is dropped goes there
const BORDER = 40; // pixels from the canvas's border within which the canvas moves along
const STRIDE = 9; // pixels a frame that it does so

/** What a press would drag: a kind of the palette, a step, or a frame by its title. */
function graspedAt(target, flow) {
  const kind = target.closest?.("[data-add]")?.dataset.add;
  if (kind) return { kind, node: null };
  const id = target.closest?.(".react-flow__node")?.dataset.id;
  const node = flow.nodes.find((each) => each.id === id);
  if (!node || node.kind === "place") return null;
  const isHeld = !target.closest(".flow-group") || target.closest(".flow-title");
  return isHeld ? { kind: node.kind, node: id } : null;
}

/** How far the canvas moves along when the pointer is at its border. */
function pull(at, from, to) {
  if (at < from + BORDER) return STRIDE;
  return at > to - BORDER ? -STRIDE : 0;
}

const contains = (box, { x, y }) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;

/**
 * Lets steps and kinds of steps be dragged to places; `onDrop` is told what and to the id of which.
 * The references are the editor's root, the canvas in it, and what follows the pointer.
 */
export function useDrag({ flow, dragging, root, canvas, ghost, onDrop }) {
  const { screenToFlowPosition, getViewport, setViewport } = useReactFlow();
  const latest = useRef(null);
  latest.current = { flow, onDrop };

  useEffect(() => {
    const element = root.current;
    let press = null; // where the pointer went down, and where it is

    function aim() {
      const { flow } = latest.current;
      const isOver = contains(canvas.current.getBoundingClientRect(), press.at);
      const reach = REACH / getViewport().zoom;
      const point = screenToFlowPosition(press.at);
      dragging.aim(isOver ? nearest(flow, dragging.closed, point, reach) : null);
    }

    function follow() {
      if (!ghost.current) return;
      const { left, top } = element.getBoundingClientRect();
      ghost.current.style.translate = `${press.at.x - left}px ${press.at.y - top}px`;
    }

    /** As long as something is dragged: it follows the pointer, and at a border the canvas too. */
    function step() {
      if (!dragging.what) return;
      follow();
      const box = canvas.current.getBoundingClientRect();
      if (contains(box, press.at) && press.wasInside) {
        const { x, y, zoom } = getViewport();
        const [dx, dy] = [pull(press.at.x, box.left, box.right), pull(press.at.y, box.top, box.bottom)];
        if (dx || dy) setViewport({ x: x + dx, y: y + dy, zoom });
      }
      // What comes from the palette crosses the border first.
      press.wasInside ||= contains(box, press.at) && !pull(press.at.y, box.top, box.bottom);
      aim();
      press.frame = requestAnimationFrame(step);
    }

    function begin() {
      const { flow } = latest.current;
      const { node } = press.grasped;
      dragging.begin(press.grasped, node ? closedTo(flow, node) : new Set());
      step();
    }

    function end() {
      if (!press) return;
      clearTimeout(press.hold);
      cancelAnimationFrame(press.frame);
      press = null;
      dragging.end();
    }

    /** Gives up what is dragged, but not the press: the click at its end is none either. */
    function giveUp() {
      cancelAnimationFrame(press.frame);
      press.isGivenUp = true;
      dragging.end();
    }

    /** Lets the click that follows go nowhere: it would choose what is under the pointer. */
    function swallowClick() {
      const swallow = (click) => click.stopPropagation();
      window.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
    }

    function onDown(event) {
      end();
      if (event.button || !event.isPrimary) return;
      const grasped = graspedAt(event.target, latest.current.flow);
      if (!grasped) return;
      const at = { x: event.clientX, y: event.clientY };
      press = { grasped, from: at, at, pointer: event.pointerId, isTouch: event.pointerType === "touch" };
      if (press.isTouch) press.hold = setTimeout(begin, HOLD);
    }

    function onMove(event) {
      if (event.pointerId !== press?.pointer) return;
      press.at = { x: event.clientX, y: event.clientY };
      if (dragging.what || press.isGivenUp) return;
      const isFar = Math.hypot(press.at.x - press.from.x, press.at.y - press.from.y) > FAR;
      if (isFar && press.isTouch) end();
      else if (isFar) begin();
    }

    function onUp(event) {
      if (event.pointerId !== press?.pointer) return;
      const { what } = dragging;
      if (what || press.isGivenUp) swallowClick();
      if (what) {
        aim();
        const { target } = dragging;
        if (target) latest.current.onDrop(what, target);
      }
      end();
    }

    function onKey(event) {
      if (!dragging.what || event.key !== "Escape") return;
      event.stopPropagation();
      giveUp();
    }

    // A finger that holds something neither scrolls the page nor asks for the browser's menu.
    const keep = (event) => dragging.what && event.cancelable && event.preventDefault();
    const noMenu = (event) => press?.isTouch && event.preventDefault();
    const heard = [
      [element, "pointerdown", onDown, true],
      [element, "touchmove", keep, { passive: false }],
      [element, "contextmenu", noMenu, true],
      [window, "pointermove", onMove, true],
      [window, "pointerup", onUp, true],
      [window, "pointercancel", end, true],
      [window, "blur", end, false],
      [window, "keydown", onKey, true],
    ];
    heard.forEach(([where, ...what]) => where.addEventListener(...what));
    return () => {
      end();
      heard.forEach(([where, ...what]) => where.removeEventListener(...what));
    };
  }, [root, canvas, ghost, dragging, getViewport, setViewport, screenToFlowPosition]);
}
