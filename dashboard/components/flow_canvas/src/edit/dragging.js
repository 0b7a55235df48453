import { createContext, useContext, useSyncExternalStore } from "react";

const NONE = { what: null, closed: new Set(), target: null };

/** What is being dragged and where it would go; kept beside React, for it changes at every move. */
export class Dragging {
  #state = NONE;
  #listeners = new Set();

  get what() {
    return this.#state.what;
  }

  get closed() {
    return this.#state.closed;
  }

  get target() {
    return this.#state.target;
  }

  /** Begins with a node or with a kind of step; `closed` are the places where it cannot go. */
  begin(what, closed) {
    this.#set({ what, closed, target: null });
  }

  aim(target) {
    if (target !== this.#state.target) this.#set({ ...this.#state, target });
  }

  end() {
    this.#set(NONE);
  }

  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #set(state) {
    this.#state = state;
    this.#listeners.forEach((listener) => listener());
  }
}

/** What the places of a canvas need: what is dragged, and who opens their menu. */
export const Editing = createContext(null);

export function useDragged(dragging) {
  return useSyncExternalStore(dragging.subscribe, () => dragging.what);
}

/** How a place looks: `target` where the dragged thing would go, `closed` where it cannot. */
export function usePlaceLook(id) {
  const { dragging } = useContext(Editing);
  return useSyncExternalStore(dragging.subscribe, () => {
    if (dragging.target === id) return "target";
    return dragging.closed.has(id) ? "closed" : "";
  });
}
