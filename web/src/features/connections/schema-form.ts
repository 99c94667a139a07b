/** Forms from an adapter's schema, as the API gives it. */
export interface SchemaField {
  metadata: {
    label: string;
    field_type: string;
    encrypt: boolean;
    validation: { required: boolean };
    options?: { label: string; value: string }[];
  };
}

export interface SchemaPart {
  field_order: string[];
  fields: Record<string, SchemaField>;
}

export interface AdapterSchema {
  metadata: { title: string };
  connection: SchemaPart;
  credential: SchemaPart;
}

export type FieldKind = 'text' | 'number' | 'boolean' | 'json' | 'secret' | 'select';

export interface FormField {
  name: string;
  label: string;
  kind: FieldKind;
  required: boolean;
  options: { label: string; value: string }[];
  /** Of several lines: a private key. */
  long: boolean;
  /** Its text is JSON. */
  json: boolean;
}

/** A secret that is null stays as it is stored. */
export type FieldValue = string | boolean | null;
export type FieldValues = Readonly<Record<string, FieldValue>>;

const words: Record<string, string> = {
  hostname: 'Host',
  dbname: 'Database',
  gcp_project_id: 'Google Cloud project',
  http_path: 'HTTP path',
  keyfile_json: 'Service account key (JSON)',
  motherduck_token: 'MotherDuck token',
  sslmode: 'SSL mode',
  sslcert: 'SSL certificate',
  sslkey: 'SSL key',
  sslrootcert: 'SSL root certificate',
  username: 'User name',
  user: 'User name',
};

const upper: Record<string, string> = {
  id: 'ID',
  url: 'URL',
  uri: 'URI',
  ssl: 'SSL',
  oauth: 'OAuth',
  json: 'JSON',
  api: 'API',
  http: 'HTTP',
  https: 'HTTPS',
  iam: 'IAM',
  sso: 'SSO',
};

export function labelOf(name: string): string {
  const known = words[name];
  if (known !== undefined) return known;
  const text = name
    .split('_')
    .map((word) => upper[word] ?? word)
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function kindOf({ metadata }: SchemaField): FieldKind {
  if (metadata.encrypt) return 'secret';
  if (metadata.options !== undefined && metadata.options.length > 0) return 'select';
  const kind = metadata.field_type;
  return kind === 'number' || kind === 'boolean' || kind === 'json' ? kind : 'text';
}

function fieldsOf(part: SchemaPart): FormField[] {
  return [...new Set(part.field_order)].flatMap((name) => {
    const field = part.fields[name];
    if (field === undefined) return [];
    const json = field.metadata.field_type === 'json';
    return [
      {
        name,
        label: labelOf(name),
        kind: kindOf(field),
        required: field.metadata.validation.required,
        options: field.metadata.options ?? [],
        long: json || name === 'private_key',
        json,
      },
    ];
  });
}

/** Says who one is: of the credentials, so that each environment can have its own. */
const personal = new Set(['username', 'user']);

export function connectionFields(schema: AdapterSchema): FormField[] {
  return fieldsOf(schema.connection).filter(({ name }) => !personal.has(name));
}

export function credentialFields(schema: AdapterSchema): FormField[] {
  const who = fieldsOf(schema.connection).filter(({ name }) => personal.has(name));
  return [...who, ...fieldsOf(schema.credential)];
}

/** Those that a connection can't do without, and those for special cases. */
export function partsOf(fields: readonly FormField[]): { main: FormField[]; more: FormField[] } {
  return {
    main: fields.filter(({ required }) => required),
    more: fields.filter(({ required }) => !required),
  };
}

/** The ports that the warehouses come with. */
const ports: Record<string, string> = { postgres: '5432', redshift: '5439' };

/** What the inputs of a new connection hold before anything is typed. */
export function startValues(adapter: string): FieldValues {
  const port = ports[adapter];
  return port === undefined ? {} : { port };
}

function textOf(value: unknown): FieldValue {
  if (typeof value === 'boolean') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/** What is stored, as the inputs hold it. */
export function valuesOf(stored: Record<string, unknown>): FieldValues {
  return Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, textOf(value)]));
}

function isBlank(value: FieldValue | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

function problemWith(
  field: FormField,
  value: FieldValue | undefined,
  isStored: boolean,
): string | null {
  if (isBlank(value)) {
    const kept = field.kind === 'secret' && isStored && (value === null || value === undefined);
    return field.required && !kept && field.kind !== 'boolean' ? 'This is required' : null;
  }
  if (field.kind === 'number' && !Number.isFinite(Number(value))) return 'This must be a number';
  if (field.json) {
    try {
      JSON.parse(String(value));
    } catch {
      return 'This is no valid JSON';
    }
  }
  return null;
}

/** What is wrong, by the field's name. `isStored`: there is something already, so secrets may stay. */
export function problemsOf(
  fields: readonly FormField[],
  values: FieldValues,
  isStored: boolean,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const field of fields) {
    const problem = problemWith(field, values[field.name], isStored);
    if (problem !== null) found[field.name] = problem;
  }
  return found;
}

function wireValue(field: FormField, value: FieldValue | undefined): unknown {
  if (isBlank(value)) return null;
  if (field.kind === 'boolean') return value === true;
  if (field.kind === 'number') return Number(value);
  if (field.json) return JSON.parse(String(value));
  // Blanks belong to a secret.
  return field.kind === 'secret' ? value : String(value).trim();
}

/** What the API is sent: null takes out what is stored, a secret that was not typed is left out. */
export function wireValues(
  fields: readonly FormField[],
  values: FieldValues,
  stored: Record<string, unknown>,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = wireValue(field, values[field.name]);
    if (value === null && (field.kind === 'secret' || !(field.name in stored))) continue;
    if (value === false && !(field.name in stored)) continue;
    body[field.name] = value;
  }
  return body;
}
