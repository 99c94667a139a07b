import { adapterOf, adapterTitle, withVersion } from './adapters';
import type { Connection, ConnectionBody } from './connections-api';
import {
  type AdapterSchema,
  connectionFields,
  type FieldValues,
  problemsOf,
  startValues,
  valuesOf,
  wireValues,
} from './schema-form';

/** A connection as the form holds it. */
export interface ConnectionDraft {
  name: string;
  adapter: string;
  fields: FieldValues;
}

export function newConnection(): ConnectionDraft {
  return { name: '', adapter: '', fields: {} };
}

/** Another adapter has other fields, and lends its name where none was typed. */
export function withAdapter(draft: ConnectionDraft, adapter: string): ConnectionDraft {
  const isTyped = draft.name.trim() !== '' && draft.name !== adapterTitle(draft.adapter);
  const name = isTyped ? draft.name : adapterTitle(adapter);
  return { name, adapter, fields: startValues(adapter) };
}

export function draftOfConnection(connection: Connection): ConnectionDraft {
  return {
    name: connection.name,
    adapter: adapterOf(connection.adapter_version),
    fields: valuesOf(connection.config),
  };
}

/** What is wrong, by `name`, `adapter` and `fields.hostname`. */
export function problemsOfConnection(
  draft: ConnectionDraft,
  schema: AdapterSchema | undefined,
  isStored: boolean,
): Record<string, string> {
  const found: Record<string, string> = {};
  if (draft.name.trim() === '') found['name'] = 'Give it a name';
  if (draft.adapter === '') found['adapter'] = 'Choose one';
  if (schema === undefined) return found;
  for (const [field, problem] of Object.entries(
    problemsOf(connectionFields(schema), draft.fields, isStored),
  ))
    found[`fields.${field}`] = problem;
  return found;
}

export function connectionBody(
  draft: ConnectionDraft,
  schema: AdapterSchema,
  stored: Connection | undefined,
): ConnectionBody {
  return {
    name: draft.name.trim(),
    adapter_version: stored?.adapter_version ?? withVersion(draft.adapter),
    config: wireValues(connectionFields(schema), draft.fields, stored?.config ?? {}),
  };
}

/** Of problems under `fields.`, by the field alone. */
export function fieldProblems(
  errors: Readonly<Record<string, string>>,
  prefix = 'fields.',
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, said]) => [name.slice(prefix.length), said]),
  );
}
