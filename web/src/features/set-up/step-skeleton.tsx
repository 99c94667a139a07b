import { Skeleton, Stack } from '@mantine/core';

export function StepSkeleton() {
  return (
    <Stack gap="md" aria-busy="true">
      <Skeleton height={14} width="80%" />
      <Skeleton height={56} />
      <Skeleton height={200} />
    </Stack>
  );
}
