import { useEffect, useLayoutEffect, useRef } from "react";
import { KindIcon } from "../icons.jsx";

const NEAR = 6; // pixels from the button, and from the canvas's border

/** Puts the menu below its button, above it where there is more room, and never over the border. */
function put(menu, button) {
  const [room, at] = [menu.offsetParent.getBoundingClientRect(), button.getBoundingClientRect()];
  const [below, above] = [room.bottom - at.bottom, at.top - room.top];
  const height = menu.offsetHeight;
  const isBelow = below >= height + 2 * NEAR || below >= above;
  const top = (isBelow ? at.bottom + NEAR : at.top - NEAR - height) - room.top;
  const left = (at.left + at.right - menu.offsetWidth) / 2 - room.left;
  const within = (value, size, most) => Math.max(NEAR, Math.min(value, most - size - NEAR));
  menu.style.top = `${within(top, height, room.height)}px`;
  menu.style.left = `${within(left, menu.offsetWidth, room.width)}px`;
}

/** The kinds of steps that can be put in at a place. */
export default function Menu({ kinds, label, button, onPick, onClose }) {
  const menu = useRef(null);
  useLayoutEffect(() => {
    put(menu.current, button);
    menu.current.firstChild.focus({ preventScroll: true });
  }, [button]);

  useEffect(() => {
    const look = (event) => event.composedPath().includes(menu.current) || onClose(false);
    window.addEventListener("pointerdown", look, true);
    return () => window.removeEventListener("pointerdown", look, true);
  }, [onClose]);

  function onKeyDown(event) {
    event.stopPropagation(); // what a key means on the canvas it does not mean here
    const items = [...menu.current.children];
    const at = items.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items.at(to % items.length).focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      onClose(true);
    }
  }

  return (
    <div className="flow-menu" role="menu" aria-label={label} ref={menu} onKeyDown={onKeyDown}>
      {kinds.map(({ kind, word }) => (
        <button key={kind} type="button" role="menuitem" tabIndex={-1} onClick={() => onPick(kind)}>
          <KindIcon kind={kind} />
          {word}
        </button>
      ))}
    </div>
  );
}
