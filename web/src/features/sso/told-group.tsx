import { Fact, Facts } from '@/ui/facts';
import { FieldGroup } from '@/ui/form/form';
import { CopyLine } from './copy-line';
import { groupsNote, toldOf } from './provider-facts';
import type { ProviderKind } from './provider-kinds';
import type { AuthProvider } from './sso-api';
import css from './sso-page.module.css';

interface ToldGroupProps {
  kind: ProviderKind;
  /** null: a new one. */
  provider: AuthProvider | null;
}

export function ToldGroup({ kind, provider }: ToldGroupProps) {
  const note = groupsNote(kind.type);
  return (
    <FieldGroup
      title="To enter at the identity provider"
      help="There, Millwright is an application that people sign in to. It needs these."
    >
      <div className={css.told}>
        <Facts>
          {toldOf(kind, provider, window.location.origin).map(({ name, values }) => (
            <Fact key={name} name={name}>
              <span className={css.values}>
                {values.map((text) => (
                  <CopyLine key={text} text={text} />
                ))}
              </span>
            </Fact>
          ))}
        </Facts>
      </div>
      {note && <p className={css.note}>{note}</p>}
    </FieldGroup>
  );
}
