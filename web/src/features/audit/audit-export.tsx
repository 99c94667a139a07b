import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { saveText } from '@/ui/save-text';
import css from './audit.module.css';
import { csvAddress, readEntries } from './audit-api';
import type { AuditSearch } from './search-params';

export function AuditExport({ account, search }: { account: number; search: AuditSearch }) {
  const [progress, setProgress] = useState('');
  const json = useMutation({
    mutationFn: () =>
      readEntries(account, search, (read, total) =>
        setProgress(`${read.toLocaleString('en')} of ${total.toLocaleString('en')} read`),
      ),
    onSuccess: (entries) =>
      saveText('audit-log.json', 'application/json', JSON.stringify(entries, null, 2)),
    onSettled: () => setProgress(''),
    gcTime: 0,
  });
  return (
    <>
      <span role="status">{progress}</span>
      {json.error && (
        <span role="alert" className={css.wrong}>
          {messageOf(json.error)}
        </span>
      )}
      <Menu position="bottom-end" transitionProps={{ duration: 80 }}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconDownload size={14} />}
            disabled={json.isPending}
          >
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={csvAddress(account, search)} download>
            CSV: all events in these days
          </Menu.Item>
          <Menu.Item onClick={() => json.mutate()}>JSON: what these filters find</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
