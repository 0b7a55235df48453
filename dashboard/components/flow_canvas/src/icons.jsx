// Drawn on a grid of 24; lines take the colour of the text around them.

const WORKFLOW = "M5 3.5h14v5H5zM12 8.5V12M4 15.5h6.5v5H4zM13.5 15.5H20v5h-6.5zM7.2 15.5V12h9.6v3.5";

const KINDS = {
  task: "M12 3.5l1.9 5.1 5.1 1.9-5.1 1.9L12 17.5l-1.9-5.1L5 10.5l5.1-1.9zM18.5 15.5l.9 2.1 2.1.9-2.1.9-.9 2.1-.9-2.1-2.1-.9 2.1-.9z",
  conditional: "M12 3.5v5M12 8.5c0 5-6.5 4-6.5 9.5v2.5M12 8.5c0 5 6.5 4 6.5 9.5v2.5",
  approval: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  parallel: "M6 4v16M12 4v16M18 4v16",
  workflow: "M3.5 4.5h7v6h-7zM13.5 13.5h7v6h-7zM7 10.5v6h6.5",
  loop: "M4 12a8 8 0 0 1 13.7-5.6L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.7 5.6L4 15.5M4 20v-4.5h4.5",
  workflow: WORKFLOW,
  nested: WORKFLOW,
};

const STATUSES = {
  pending: "M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  running: "M12 3a9 9 0 1 1-9 9",
  retrying: "M20 11a8 8 0 1 0-2.3 6.6M20 5v6h-6",
  waiting: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20a7 7 0 0 1 14 0",
  interrupted: "M12 4l9 16H3zM12 10v4M12 17v.1",
  paused: "M9 6v12M15 6v12",
  completed: "M5 12.5l4.5 4.5L19 7.5",
  failed: "M12 6v8M12 18v.1",
  cancelled: "M7 7l10 10M17 7L7 17",
  skipped: "M6 6l7 6-7 6zM17 6v12",
};

function Icon({ path, className }) {
  return (
    <svg className={`flow-icon ${className}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

export const KindIcon = ({ kind }) => <Icon path={KINDS[kind] ?? KINDS.task} className="kind" />;

export const PlusIcon = () => <Icon path="M12 5v14M5 12h14" className="plus" />;

export const AlertIcon = () => <Icon path="M12 5v9M12 18.5v.1" className="alert" />;

export const StatusIcon = ({ status }) => (
  <Icon path={STATUSES[status] ?? STATUSES.pending} className={`status ${status}`} />
);
