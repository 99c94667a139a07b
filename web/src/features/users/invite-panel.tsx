import { Button, Select, Stack, TagsInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { mailQuery } from '@/features/mail/mail-api';
import { Form, fieldErrors } from '@/ui/form/form';
import { ShownOnce } from '@/ui/shown-once';
import { SidePanel } from '@/ui/side-panel';
import { GroupsInput } from './groups-input';
import { licenceChoices, licenceMeaning, readLicence } from './licence';
import { readAddresses } from './member';
import { type Invitation, type SentInvites, useInvite } from './users-api';

interface InvitePanelProps {
  account: number;
  opened: boolean;
  onClose: () => void;
  /** What was sent, whose links are there to be passed on. */
  sent: SentInvites | null;
  onSent: (sent: SentInvites) => void;
}

export function InvitePanel({ account, opened, onClose, sent, onSent }: InvitePanelProps) {
  const title = sent === null ? 'Invite people' : 'Invitation links';
  return (
    <SidePanel title={title} opened={opened || sent !== null} onClose={onClose}>
      {sent === null ? (
        <InviteForm account={account} onSent={onSent} onCancel={onClose} />
      ) : (
        <Links account={account} sent={sent} onClose={onClose} />
      )}
    </SidePanel>
  );
}

interface LinksProps {
  account: number;
  sent: SentInvites;
  onClose: () => void;
}

function Links({ account, sent, onClose }: LinksProps) {
  const mail = useQuery(mailQuery(account)).data;
  return (
    <Stack gap="md">
      <p style={{ margin: 0 }}>
        {mail?.configured && mail.enabled
          ? 'Each link goes to its person by e-mail; they choose a name and a password by it.'
          : 'No e-mail is sent. Pass each link on to its person, who chooses a name and a password by it.'}
      </p>
      {Object.entries(sent.links).map(([address, link]) => (
        <ShownOnce key={address} what={`link for ${address}`} text={link}>
          The link for <strong>{address}</strong>. It is good once, and shown only now.
        </ShownOnce>
      ))}
      <div>
        <Button size="sm" onClick={onClose}>
          Done
        </Button>
      </div>
    </Stack>
  );
}

interface InviteFormProps {
  account: number;
  onSent: (sent: SentInvites) => void;
  onCancel: () => void;
}

function InviteForm({ account, onSent, onCancel }: InviteFormProps) {
  const invite = useInvite(account);
  const form = useForm<Invitation>({
    initialValues: { email_addresses: [], license_type: 'developer', group_ids: [] },
    validate: {
      email_addresses: (all) => (all.length === 0 ? 'Enter at least one e-mail address' : null),
    },
  });
  const { email_addresses, license_type, group_ids } = form.values;
  const submit = form.onSubmit((values) =>
    invite.mutate(values, {
      onSuccess: onSent,
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <Form
      label="Invitation"
      onSubmit={submit}
      error={invite.error}
      shown={['email_addresses', 'license_type', 'group_ids']}
      pending={invite.isPending}
      dirty={form.isDirty() && !invite.isSuccess}
      submitWord="Make invitations"
      onCancel={onCancel}
    >
      <TagsInput
        label="E-mail addresses"
        description="Enter, comma or space after each; a pasted list is taken apart."
        value={email_addresses}
        onChange={(all) => form.setFieldValue('email_addresses', all)}
        onPaste={(event) => {
          const pasted = readAddresses(event.clipboardData.getData('text'));
          if (pasted.length < 2) return;
          event.preventDefault();
          form.setFieldValue('email_addresses', [...new Set([...email_addresses, ...pasted])]);
        }}
        splitChars={[',', ';', ' ']}
        acceptValueOnBlur
        error={form.errors['email_addresses']}
        data-autofocus
      />
      <Select
        label="Licence"
        description={licenceMeaning(license_type)}
        data={licenceChoices}
        value={license_type}
        onChange={(value) => form.setFieldValue('license_type', readLicence(value))}
        allowDeselect={false}
        error={form.errors['license_type']}
      />
      <GroupsInput
        account={account}
        label="Groups"
        description="What they may do. Without any, they join the groups for whoever joins without a choice."
        value={group_ids}
        onChange={(ids) => form.setFieldValue('group_ids', ids)}
        error={form.errors['group_ids']}
      />
    </Form>
  );
}
