import { useCallback, useLayoutEffect, useMemo, useRef } from "react";

/** Returns what a text in JSON says, the same for as long as the text is. */
export function useParsed(text) {
  return useMemo(() => JSON.parse(text), [text]);
}

/** Returns the same object for as long as it says the same. */
export function useSame(value) {
  const said = JSON.stringify(value);
  return useMemo(() => value, [said]);
}

/** Returns one function that does what the latest one does. */
export function useLatest(act) {
  const latest = useRef(act);
  useLayoutEffect(() => {
    latest.current = act;
  });
  return useCallback((...given) => latest.current(...given), []);
}
