import { useCallback } from "react";

/** Lets one finger scroll the page: the canvas hears only of touches of two fingers and more. */
export function useTwoFingers() {
  return useCallback((element) => {
    if (!element) return undefined;
    const keep = (event) => event.touches.length < 2 && event.stopPropagation();
    element.addEventListener("touchstart", keep, { capture: true, passive: true });
    return () => element.removeEventListener("touchstart", keep, { capture: true });
  }, []);
}
