import { useSyncExternalStore } from "react";

const phone = matchMedia("(max-width: 40rem)");

function subscribe(tell) {
  phone.addEventListener("change", tell);
  return () => phone.removeEventListener("change", tell);
}

/** Tells whether the page is as narrow as a phone's. */
export function usePhone() {
  return useSyncExternalStore(subscribe, () => phone.matches);
}
