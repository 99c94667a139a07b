import { NamedTokenForm } from '@/ui/named-token-form';
import { SidePanel } from '@/ui/side-panel';
import { useMakeToken } from './profile-api';

interface NewTokenPanelProps {
  account: number;
  user: number;
  opened: boolean;
  onClose: () => void;
}

export function NewTokenPanel({ account, user, opened, onClose }: NewTokenPanelProps) {
  return (
    <SidePanel title="New personal token" opened={opened} onClose={onClose}>
      {opened && <NewToken account={account} user={user} onClose={onClose} />}
    </SidePanel>
  );
}

function NewToken({ account, user, onClose }: Omit<NewTokenPanelProps, 'opened'>) {
  return (
    <NamedTokenForm
      label="Personal token"
      what="token"
      nameHelp="Where you will use it: “Laptop”, “VS Code”."
      make={useMakeToken(account, user)}
      words="Copy it now: it is shown only this once."
      onClose={onClose}
    />
  );
}
