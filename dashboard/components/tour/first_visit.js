// Tells whether this browser shows the dashboard for the first time, and remembers that it has.
const MARK = "symphony-greeted";

export default function ({ setTriggerValue }) {
  try {
    if (localStorage.getItem(MARK)) return;
    localStorage.setItem(MARK, "yes");
  } catch {
    return; // a browser that keeps nothing would be greeted again and again
  }
  setTriggerValue("first", true);
}
