import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import css from './draft-notes.module.css';
import type { DraftState } from './use-draft';

/** Above a form's fields: somebody else changed the thing meanwhile. */
export function ConflictNote({ form }: { form: DraftState }) {
  if (!form.conflict) return null;
  return (
    <div className={css.conflict} role="alert">
      <IconAlertTriangle size={16} aria-hidden="true" />
      <span>
        Somebody changed this while you typed. Save to put your version in place of theirs.
      </span>
      <Button size="compact-xs" variant="default" onClick={form.takeStored}>
        Show theirs
      </Button>
    </div>
  );
}

/** Beside the button, until something is typed again. */
export function SavedNote({ form }: { form: DraftState }) {
  return (
    <span role="status" className={css.saved}>
      {form.saved && (
        <>
          <IconCheck size={16} aria-hidden="true" /> Saved
        </>
      )}
    </span>
  );
}
