import { Switch, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Form, fieldErrors } from '@/ui/form/form';
import { Section } from '@/ui/page';
import { AccessTable } from './access-table';
import { type GrantRow, permissionsOf, problemOf, rowsOf } from './grant-rows';
import { GrantsEditor } from './grants-editor';
import css from './group-form.module.css';
import { grantOf } from './group-grants';
import { type Group, type GroupInput, projectNamesQuery, useSaveGroup } from './groups-api';

interface GroupFormProps {
  account: number;
  /** null: a new one. */
  group: Group | null;
  onSaved?: (group: Group) => void;
  onCancel?: () => void;
}

type Values = GroupInput & { rows: GrantRow[] };

function valuesOf(group: Group | null): Values {
  return {
    name: group?.name ?? '',
    assign_by_default: group?.assign_by_default ?? false,
    sso_mapping_groups: group?.sso_mapping_groups ?? [],
    rows: rowsOf(group?.group_permissions ?? []),
  };
}

function problemsOf(rows: readonly GrantRow[]): Record<string, string> {
  return Object.fromEntries(
    rows.flatMap((row) => {
      const problem = problemOf(row);
      return problem === null ? [] : [[row.key, problem]];
    }),
  );
}

export function GroupForm({ account, group, onSaved, onCancel }: GroupFormProps) {
  const save = useSaveGroup(account, group?.id ?? null);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const form = useForm<Values>({
    initialValues: valuesOf(group),
    validate: { name: (name) => (name.trim() === '' ? 'Give the group a name' : null) },
  });
  const submit = form.onSubmit(({ rows, ...input }) => {
    const found = problemsOf(rows);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    save.mutate(
      { input, permissions: permissionsOf(rows) },
      {
        onSuccess: (made) => {
          form.resetDirty();
          onSaved?.(made);
        },
        onError: (error) => form.setErrors(fieldErrors(error)),
      },
    );
  });
  const { rows, sso_mapping_groups } = form.values;
  const saved = save.isSuccess && !form.isDirty();
  return (
    <div className={css.root}>
      <Form
        label="Group"
        onSubmit={submit}
        error={save.error}
        shown={['name', 'assign_by_default', 'sso_mapping_groups']}
        pending={save.isPending}
        dirty={form.isDirty() && !(group === null && save.isSuccess)}
        submitWord={group === null ? 'Create group' : 'Save'}
        {...(onCancel ? { onCancel } : {})}
        beside={saved ? <span role="status">Saved</span> : undefined}
      >
        <div className={css.fields}>
          <TextInput label="Name" required {...form.getInputProps('name')} />
          <TagsInput
            label="Groups of the identity provider"
            description="At each single sign-on, whoever is in one of these there is put into this group, and whoever is in none is taken out of it."
            value={sso_mapping_groups}
            onChange={(names) => form.setFieldValue('sso_mapping_groups', names)}
            acceptValueOnBlur
            error={form.errors['sso_mapping_groups']}
          />
          <Switch
            label="Whoever joins without other groups is put into this one"
            {...form.getInputProps('assign_by_default', { type: 'checkbox' })}
          />
        </div>
        <GrantsEditor
          account={account}
          rows={rows}
          onChange={(changed) => {
            form.setFieldValue('rows', changed);
            setProblems({});
          }}
          problems={problems}
        />
      </Form>
      <WhatItGives account={account} rows={rows} />
    </div>
  );
}

function WhatItGives({ account, rows }: { account: number; rows: readonly GrantRow[] }) {
  const projects = useQuery(projectNamesQuery(account)).data;
  return (
    <Section title="What its members may do" help="With a Developer licence, by this group alone.">
      <AccessTable
        grants={permissionsOf(rows).map(grantOf)}
        licence="developer"
        nameOf={(id) => projects?.find((project) => project.id === id)?.name ?? null}
        nothing="Nothing yet. A group without permission sets only gathers people."
      />
    </Section>
  );
}
