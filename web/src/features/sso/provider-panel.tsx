import { SidePanel } from '@/ui/side-panel';
import { ProviderForm } from './provider-form';
import { providerWord } from './provider-kinds';
import { ProviderStanding } from './provider-standing';
import type { AuthProvider } from './sso-api';
import css from './sso-page.module.css';

interface ProviderPanelProps {
  account: number;
  /** null: a new one. undefined: none is open. */
  provider: AuthProvider | null | undefined;
  /** It has just been added. */
  fresh: boolean;
  onAdded: (provider: AuthProvider) => void;
  onClose: () => void;
}

export function ProviderPanel(props: ProviderPanelProps) {
  const { account, provider, fresh, onAdded, onClose } = props;
  return (
    <SidePanel
      title={provider ? <bdi>{providerWord(provider)}</bdi> : 'New identity provider'}
      opened={provider !== undefined}
      onClose={onClose}
    >
      {provider !== undefined && (
        <div className={css.panel} key={provider?.id ?? 'new'}>
          {provider && <ProviderStanding account={account} provider={provider} fresh={fresh} />}
          <ProviderForm account={account} provider={provider} onAdded={onAdded} onClose={onClose} />
        </div>
      )}
    </SidePanel>
  );
}
