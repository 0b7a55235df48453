const PATHS = {
  play: "M8 5v14l11-7z",
  pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  restart: "M6 5h2v14H6zm3.5 7L19 5v14z",
  full: "M5 5h6v2H7v4H5zm8 0h6v6h-2V7h-4zM5 13h2v4h4v2H5zm12 0h2v6h-6v-2h4z",
  leave: "M9 5h2v6H5V9h4zm4 0h2v4h4v2h-6zm-8 8h6v6H9v-4H5zm8 0h6v2h-4v4h-2z",
};

export function Icon({ name }) {
  return (
    <svg viewBox="0 0 24 24" width="1.4em" height="1.4em" fill="currentColor" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
