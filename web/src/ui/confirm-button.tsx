import { Button, type ButtonProps, Group, Modal, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';

interface ConfirmButtonProps {
  /** On the button and in the question. */
  word: string;
  question: string;
  /** What follows from it. */
  children: ReactNode;
  /** To be typed first, where there is no way back from losing a lot. */
  typed?: string;
  pending?: boolean;
  error?: string | null;
  onConfirm: (close: () => void) => void;
  variant?: ButtonProps['variant'];
  disabled?: boolean;
}

/** A button for what can't be taken back: says what follows and asks once more. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { word, question, children, typed, pending = false, error, onConfirm } = props;
  const [opened, { open, close }] = useDisclosure(false);
  const [text, setText] = useState('');
  return (
    <>
      <Button
        variant={props.variant ?? 'default'}
        color="red"
        disabled={props.disabled ?? false}
        onClick={() => {
          setText('');
          open();
        }}
      >
        {word}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={question}
        centered
        transitionProps={{ duration: 120 }}
        closeButtonProps={{ 'aria-label': 'Close' }}
        // A page has one banner.
        attributes={{ header: { role: 'presentation' } }}
      >
        <div>{children}</div>
        {typed !== undefined && (
          <TextInput
            mt="md"
            label={`Type “${typed}” to go on`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {error && (
          <p role="alert" style={{ color: 'var(--mw-red-text)' }}>
            {error}
          </p>
        )}
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            loading={pending}
            disabled={typed !== undefined && text !== typed}
            onClick={() => onConfirm(close)}
          >
            {word}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
