import { Button, Group } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useBlocker } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { ApiError, messageOf } from '@/api/errors';
import css from './form.module.css';

interface FormProps {
  /** What it is a form of, for screen readers: “Job”. */
  label: string;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
  /** The last refusal; null for none. */
  error: unknown;
  /** Wire names of fields that have an input here; what is wrong with others is said in the summary. */
  shown?: readonly string[];
  pending: boolean;
  /** What was typed and not saved; leaving asks first. */
  dirty: boolean;
  submitWord?: string;
  onCancel?: () => void;
  /** Stands left of the buttons: a *Test*. */
  beside?: ReactNode;
}

/**
 * One column of fields, a summary of what was refused, the buttons, and a question before what was typed is lost.
 * Pass the server's words to the fields by `fieldErrors`.
 */
export function Form(props: FormProps) {
  const { label, onSubmit, children, error, shown = [], pending, dirty, onCancel, beside } = props;
  useBlocker({
    shouldBlockFn: () =>
      dirty && !pending && !window.confirm('Leave without saving? What you typed here is lost.'),
    enableBeforeUnload: () => dirty,
  });
  return (
    <form onSubmit={onSubmit} className={css.form} noValidate aria-label={label}>
      <ErrorSummary error={error} shown={shown} />
      {children}
      <Group gap="xs" className={css.buttons}>
        <Button type="submit" size="sm" loading={pending}>
          {props.submitWord ?? 'Save'}
        </Button>
        {onCancel && (
          <Button size="sm" variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )}
        {beside}
      </Group>
    </form>
  );
}

/** Above the fields, and read out: what was refused. */
export function ErrorSummary({ error, shown }: { error: unknown; shown: readonly string[] }) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) root.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  if (!error) return null;
  const fields = error instanceof ApiError ? Object.entries(error.fields) : [];
  const others = fields.filter(([field]) => !shown.includes(field));
  const atFields = fields.length - others.length;
  return (
    <div className={css.summary} role="alert" ref={root}>
      <IconAlertCircle size={16} aria-hidden="true" />
      <div>
        {fields.length === 0 && messageOf(error)}
        {atFields > 0 && <p>Some fields below need another look.</p>}
        {others.map(([field, said]) => (
          <p key={field}>
            <code className="mono">{field}</code>: {said}
          </p>
        ))}
      </div>
    </div>
  );
}

/** Fields that belong together, with a title. */
export function FieldGroup({
  title,
  help,
  children,
}: {
  title: string;
  help?: ReactNode;
  children: ReactNode;
}) {
  return (
    <fieldset className={css.group}>
      <legend className={css.legend}>{title}</legend>
      {help && <p className={css.help}>{help}</p>}
      {children}
    </fieldset>
  );
}

/** What the server said of fields, for a form's `setErrors`. `names` maps the wire's names to the form's. */
export function fieldErrors(
  error: unknown,
  names: Record<string, string> = {},
): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    Object.entries(error.fields).map(([field, said]) => [names[field] ?? field, said]),
  );
}
