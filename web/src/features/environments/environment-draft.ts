import type { Environment, EnvironmentBody } from './environments-api';

/** An environment as the form holds it. */
export interface EnvironmentDraft {
  name: string;
  type: Environment['type'];
  /** '' for neither. */
  deployment_type: string;
  dbt_version: string;
  connection_id: number | null;
  /** Empty: the repository's own default branch. */
  custom_branch: string;
  /** JSON; empty for none. */
  attributes: string;
}

export function newEnvironment(): EnvironmentDraft {
  return {
    name: '',
    type: 'deployment',
    deployment_type: '',
    dbt_version: 'latest',
    connection_id: null,
    custom_branch: '',
    attributes: '',
  };
}

export function draftOfEnvironment(
  environment: Environment,
  attributes: Record<string, unknown> | undefined,
): EnvironmentDraft {
  return {
    name: environment.name,
    type: environment.type,
    deployment_type: environment.deployment_type ?? '',
    dbt_version: environment.dbt_version,
    connection_id: environment.connection_id,
    custom_branch: environment.use_custom_branch ? (environment.custom_branch ?? '') : '',
    attributes: attributes === undefined ? '' : JSON.stringify(attributes, null, 2),
  };
}

/** The extended attributes that were typed; null for none, undefined for what is none. */
export function attributesOf(text: string): Record<string, unknown> | null | undefined {
  if (text.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function problemsOfEnvironment(draft: EnvironmentDraft): Record<string, string> {
  const found: Record<string, string> = {};
  if (draft.name.trim() === '') found['name'] = 'Give it a name';
  if (draft.dbt_version.trim() === '') found['dbt_version'] = 'Say which dbt runs here';
  if (attributesOf(draft.attributes) === undefined)
    found['attributes'] = 'This must be a JSON object, such as {"role": "reporter"}';
  return found;
}

export function environmentBody(draft: EnvironmentDraft): EnvironmentBody {
  const branch = draft.custom_branch.trim();
  return {
    name: draft.name.trim(),
    type: draft.type,
    deployment_type: draft.type === 'development' ? '' : draft.deployment_type,
    dbt_version: draft.dbt_version.trim(),
    connection_id: draft.connection_id,
    use_custom_branch: branch !== '',
    custom_branch: branch === '' ? null : branch,
  };
}

/** What an environment is for, in a word. */
export const kinds = ['production', 'staging', 'general', 'development'] as const;
export type EnvironmentKind = (typeof kinds)[number];

export const kindWord: Record<EnvironmentKind, string> = {
  production: 'Production',
  staging: 'Staging',
  general: 'General',
  development: 'Development',
};

export function kindOf(environment: Environment): EnvironmentKind {
  if (environment.type === 'development') return 'development';
  return environment.deployment_type ?? 'general';
}
