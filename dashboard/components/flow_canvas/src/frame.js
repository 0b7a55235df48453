const ROOM = 28; // what is free around a fitted flow
const TALLEST = 560;

/** How large the canvas is: as high as asked for, else as high as the flow is in the width there is. */
export function frameOf(flow, height) {
  if (height) return { height };
  const [wide, high] = [flow.width + ROOM, flow.height + ROOM];
  return { aspectRatio: `${wide} / ${high}`, maxHeight: Math.min(high, TALLEST), minHeight: 96 };
}
