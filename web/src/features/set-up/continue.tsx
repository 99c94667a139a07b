import { Button } from '@mantine/core';

export function Continue({ onClick }: { onClick: () => void }) {
  return (
    <div>
      <Button size="sm" onClick={onClick}>
        Continue
      </Button>
    </div>
  );
}
