import { Select } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { AccessTable } from '@/features/groups/access-table';
import { grantsOfGroups } from '@/features/groups/group-grants';
import { groupsQuery, projectNamesQuery } from '@/features/groups/groups-api';
import { Form, fieldErrors } from '@/ui/form/form';
import { Section } from '@/ui/page';
import { GroupsInput } from './groups-input';
import { type Licence, licenceChoices, licenceMeaning, readLicence } from './licence';
import css from './seat-form.module.css';
import { type Member, type Membership, useAssignGroups, useSetLicence } from './users-api';

interface SeatFormProps {
  account: number;
  member: Member;
  membership: Membership;
  own: boolean;
}

interface Seat {
  licence: Licence;
  groups: number[];
}

const same = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((id) => b.includes(id));

/** A member's licence and groups, with what the two add up to as they are chosen. */
export function SeatForm({ account, member, membership, own }: SeatFormProps) {
  const setLicence = useSetLicence(account);
  const assign = useAssignGroups(account);
  const form = useForm<Seat>({
    initialValues: {
      licence: membership.license_type,
      groups: membership.groups.map(({ id }) => id),
    },
  });
  const { licence, groups } = form.values;
  const save = async (seat: Seat) => {
    assign.reset();
    setLicence.reset();
    if (seat.licence !== membership.license_type)
      await setLicence.mutateAsync({ membership: membership.id, licence: seat.licence });
    if (
      !same(
        seat.groups,
        membership.groups.map(({ id }) => id),
      )
    )
      await assign.mutateAsync({ user_id: member.id, desired_group_ids: seat.groups });
    form.resetDirty(seat);
  };
  const submit = form.onSubmit((seat) =>
    save(seat).catch((error: unknown) =>
      form.setErrors(fieldErrors(error, { license_type: 'licence', desired_group_ids: 'groups' })),
    ),
  );
  const saved = (setLicence.isSuccess || assign.isSuccess) && !form.isDirty();
  return (
    <>
      <div className={css.form}>
        <Form
          label="Licence and groups"
          onSubmit={submit}
          error={setLicence.error ?? assign.error}
          shown={['license_type', 'desired_group_ids']}
          pending={setLicence.isPending || assign.isPending}
          dirty={form.isDirty()}
          beside={saved ? <span role="status">Saved</span> : undefined}
        >
          <Select
            label="Licence"
            description={
              own
                ? `${licenceMeaning(licence)} Somebody else has to change your own.`
                : licenceMeaning(licence)
            }
            data={licenceChoices}
            value={licence}
            onChange={(value) => form.setFieldValue('licence', readLicence(value))}
            allowDeselect={false}
            readOnly={own}
            error={form.errors['licence']}
          />
          <GroupsInput
            account={account}
            label="Groups"
            description="What this person may do is what all of these give together."
            value={groups}
            onChange={(ids) => form.setFieldValue('groups', ids)}
            error={form.errors['groups']}
          />
        </Form>
      </div>
      <WhatItGives account={account} seat={form.values} changed={form.isDirty()} />
    </>
  );
}

function WhatItGives({
  account,
  seat,
  changed,
}: {
  account: number;
  seat: Seat;
  changed: boolean;
}) {
  const groups = useQuery(groupsQuery(account)).data;
  const projects = useQuery(projectNamesQuery(account)).data;
  if (groups === undefined) return null;
  return (
    <Section
      title="What this adds up to"
      help={changed ? 'As it will be once you save.' : undefined}
    >
      <AccessTable
        grants={grantsOfGroups(groups, seat.groups)}
        licence={seat.licence}
        nameOf={(id) => projects?.find((project) => project.id === id)?.name ?? null}
        nothing="Nothing: these groups give no permissions. The person can sign in and see their own profile."
      />
    </Section>
  );
}
