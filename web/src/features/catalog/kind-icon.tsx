import {
  IconCamera,
  IconChartBar,
  IconChartDots,
  IconCube,
  IconDatabase,
  IconListCheck,
  IconPlant2,
  IconQuestionMark,
  IconSchema,
  IconZoomQuestion,
  type TablerIcon,
} from '@tabler/icons-react';

const icons: Record<string, TablerIcon> = {
  model: IconCube,
  source: IconDatabase,
  seed: IconPlant2,
  snapshot: IconCamera,
  exposure: IconChartBar,
  metric: IconChartDots,
  semantic_model: IconSchema,
  saved_query: IconZoomQuestion,
  test: IconListCheck,
};

/** Stands beside the name or the word, never for it. */
export function KindIcon({ type, size = 16 }: { type: string; size?: number }) {
  const Icon = icons[type] ?? IconQuestionMark;
  return <Icon size={size} stroke={1.75} aria-hidden="true" style={{ flex: 'none' }} />;
}
