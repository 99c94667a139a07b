import { Select, TagsInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { messageOf } from '@/api/errors';
import { licenceChoices, licenceWord, readLicence } from '@/features/users/licence';
import { ConfirmButton } from '@/ui/confirm-button';
import { Form, fieldErrors } from '@/ui/form/form';
import { SidePanel } from '@/ui/side-panel';
import { type LicenceMap, useDeleteLicenceMap, useSaveLicenceMap } from './licences-api';

interface MapPanelProps {
  account: number;
  /** null: a new one. undefined: none is open. */
  map: LicenceMap | null | undefined;
  onClose: () => void;
}

export function MapPanel({ account, map, onClose }: MapPanelProps) {
  return (
    <SidePanel
      title={map ? `Licence map: ${licenceWord(map.license_type)}` : 'New licence map'}
      opened={map !== undefined}
      onClose={onClose}
    >
      {map !== undefined && (
        <MapForm key={map?.id ?? 'new'} account={account} map={map} onClose={onClose} />
      )}
    </SidePanel>
  );
}

interface MapFormProps {
  account: number;
  map: LicenceMap | null;
  onClose: () => void;
}

function MapForm({ account, map, onClose }: MapFormProps) {
  const save = useSaveLicenceMap(account, map?.id ?? null);
  const form = useForm<Omit<LicenceMap, 'id'>>({
    initialValues: {
      license_type: map?.license_type ?? 'developer',
      sso_license_mapping_groups: map?.sso_license_mapping_groups ?? [],
    },
    validate: {
      sso_license_mapping_groups: (all) => (all.length === 0 ? 'Name at least one group' : null),
    },
  });
  const submit = form.onSubmit((values) =>
    save.mutate(values, {
      onSuccess: onClose,
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <Form
      label="Licence map"
      onSubmit={submit}
      error={save.error}
      shown={['license_type', 'sso_license_mapping_groups']}
      pending={save.isPending}
      dirty={form.isDirty() && !save.isSuccess}
      submitWord={map === null ? 'Create map' : 'Save'}
      onCancel={onClose}
      beside={
        map === null ? undefined : <DeleteButton account={account} map={map} onDeleted={onClose} />
      }
    >
      <TagsInput
        label="Groups of the identity provider"
        description="Names as the provider sends them. Enter after each."
        value={form.values.sso_license_mapping_groups}
        onChange={(all) => form.setFieldValue('sso_license_mapping_groups', all)}
        acceptValueOnBlur
        error={form.errors['sso_license_mapping_groups']}
      />
      <Select
        label="Licence"
        description="What whoever is in one of these groups stands for."
        data={licenceChoices}
        value={form.values.license_type}
        onChange={(value) => form.setFieldValue('license_type', readLicence(value))}
        allowDeselect={false}
        error={form.errors['license_type']}
      />
    </Form>
  );
}

interface DeleteButtonProps {
  account: number;
  map: LicenceMap;
  onDeleted: () => void;
}

function DeleteButton({ account, map, onDeleted }: DeleteButtonProps) {
  const remove = useDeleteLicenceMap(account);
  return (
    <ConfirmButton
      word="Delete"
      question="Delete this licence map?"
      pending={remove.isPending}
      error={remove.error ? messageOf(remove.error) : null}
      onConfirm={() => remove.mutate(map.id, { onSuccess: onDeleted })}
    >
      {map.sso_license_mapping_groups.join(', ')}: these groups stand for no licence any more. The
      seats that people have stay theirs.
    </ConfirmButton>
  );
}
