// What is known of the places of a flow, by the ids of nodes.

/** A step's own id: the last part of its node's. */
export const stepOf = (node) => node?.slice(node.lastIndexOf("/") + 1) ?? null;

export function nodeOf(flow, step) {
  return flow.nodes.find((node) => node.kind !== "place" && stepOf(node.id) === step)?.id ?? null;
}

const isSameList = (a, b) => a.within === b.within && a.branch === b.branch;

/** The place behind a step, beside all lanes for a lane; without a step, at the workflow's end. */
export function behind(flow, node) {
  const there = node && (flow.places[node] ?? flow.places[`${node}+`]);
  if (there) return there;
  const parent = node?.includes("/") ? stepOf(node.slice(0, node.lastIndexOf("/"))) : null;
  const list = Object.values(flow.places).filter((place) => place.within === parent);
  return list.reduce((a, b) => (b.index > a.index ? b : a));
}

/** The ids of the places where putting a node would change nothing, or which are inside it. */
export function closedTo(flow, node) {
  const after = flow.places[`${node}+`];
  const isBeside = (place) =>
    after && isSameList(place, after) && [after.index - 1, after.index].includes(place.index);
  const closed = Object.entries(flow.places).filter(
    ([id, place]) => id.startsWith(`${node}/`) || isBeside(place),
  );
  return new Set(closed.map(([id]) => id));
}

/** The id of the open place that is nearest to a point, if one is within reach. */
export function nearest(flow, closed, { x, y }, reach) {
  let found = null;
  let least = reach;
  for (const node of flow.nodes) {
    if (node.kind !== "place" || closed.has(node.id)) continue;
    const across = Math.max(node.x - x, 0, x - node.x - node.width);
    const along = Math.max(node.y - y, 0, y - node.y - node.height);
    const far = Math.hypot(across, along);
    if (far < least) [found, least] = [node.id, far];
  }
  return found;
}
