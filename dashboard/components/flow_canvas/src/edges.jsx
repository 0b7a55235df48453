import { memo } from "react";
import { BaseEdge } from "@xyflow/react";

const Way = memo(function Way({ data: { label, route }, markerEnd, style }) {
  return (
    <BaseEdge
      path={route.path}
      markerEnd={markerEnd}
      style={style}
      interactionWidth={0}
      label={label || undefined}
      labelX={route.label[0]}
      labelY={route.label[1]}
      labelBgPadding={[7, 3]}
      labelBgBorderRadius={9}
    />
  );
});

export const edgeTypes = { way: Way };
