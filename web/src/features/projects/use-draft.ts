import { useState } from 'react';

/** By the field's path: `name`, `fields.hostname`. */
export type Errors = Readonly<Record<string, string>>;

function at(draft: object, path: string): unknown {
  let value: unknown = draft;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** What was said of fields that have not been touched since. */
export function stillTrue(errors: Errors, before: object, after: object): Errors {
  const kept = Object.entries(errors).filter(([path]) => at(before, path) === at(after, path));
  return Object.fromEntries(kept);
}

export interface DraftState {
  dirty: boolean;
  /** Nothing was typed since the last save. */
  saved: boolean;
  /** Somebody else stored something else while one typed. */
  conflict: boolean;
  /** Throws away what was typed for what is stored. */
  takeStored: () => void;
}

/**
 * What is typed into a form, compared with what it began with. `version` is that of what is stored: another one
 * is taken over where nothing was typed, and is a conflict where something was.
 */
export function useDraft<T extends object>(stored: T, version?: string) {
  const [base, setBase] = useState(version);
  const [kept, setKept] = useState(stored);
  const [draft, setDraft] = useState(stored);
  const [errors, setErrors] = useState<Errors>({});
  const [saved, setSaved] = useState(false);
  const dirty = JSON.stringify(draft) !== JSON.stringify(kept);
  const isOther = version !== base;
  const takeStored = () => {
    setBase(version);
    setKept(stored);
    setDraft(stored);
    setErrors({});
  };
  if (isOther && !dirty) takeStored();
  return {
    draft,
    errors,
    setErrors,
    dirty,
    /** What a save has to find; undefined where whatever is there may be replaced. */
    expected: isOther ? undefined : base,
    saved: saved && !dirty,
    conflict: isOther && dirty,
    takeStored,
    change: (part: Partial<T>) => {
      const next = { ...draft, ...part };
      setSaved(false);
      setDraft(next);
      setErrors(stillTrue(errors, draft, next));
    },
    /** It was saved: this is what is stored now. */
    keep: (now: T = draft, nowVersion: string | undefined = version) => {
      setBase(nowVersion);
      setKept(now);
      setDraft(now);
      setSaved(true);
    },
  };
}

/** The same problems under a longer path. */
export function below(prefix: string, errors: Errors): Errors {
  return Object.fromEntries(
    Object.entries(errors).map(([path, said]) => [`${prefix}.${path}`, said]),
  );
}
