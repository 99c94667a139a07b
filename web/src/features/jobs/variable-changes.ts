import type { VariableDraft } from './draft';
import type { JobVariable } from './job-types';

export type VariableChange =
  | { kind: 'create'; place: number; name: string; value: string }
  | { kind: 'update'; place: number; id: number; name: string; value: string }
  | { kind: 'delete'; id: number };

/** What must be sent so that the stored variables become those of the draft. */
export function variableChanges(
  stored: readonly JobVariable[],
  drafts: readonly VariableDraft[],
): VariableChange[] {
  const changes: VariableChange[] = stored
    .filter(({ id, name }) => drafts.every((one) => one.id !== id && one.name.trim() !== name))
    .map(({ id }) => ({ kind: 'delete', id }));
  for (const [place, { id, name, value }] of drafts.entries()) {
    const before = stored.find((one) => one.id === id);
    if (id === null || before === undefined)
      changes.push({ kind: 'create', place, name: name.trim(), value: value ?? '' });
    else if (value !== null && value !== before.display_value)
      changes.push({ kind: 'update', place, id, name, value });
  }
  return changes;
}
