/** What came of a visit to GitHub, by the word in the address that it came back to. */
export interface ConnectOutcome {
  tone: 'green' | 'amber' | 'red';
  words: string;
}

const outcomes: Record<string, ConnectOutcome> = {
  connected: {
    tone: 'green',
    words:
      'GitHub is connected. Open a repository and choose the GitHub App under “Git host” to use it there.',
  },
  requested: {
    tone: 'amber',
    words:
      'GitHub has asked an owner of the organisation to install the App. Connect GitHub once more when they have.',
  },
  none: {
    tone: 'amber',
    words: 'The App is not installed anywhere that you may use. Install it on GitHub first.',
  },
  partial: {
    tone: 'amber',
    words:
      'You do not see all of the repositories that the App has there, so it was not connected. Ask somebody who does.',
  },
  refused: { tone: 'amber', words: 'GitHub was not connected: the consent was refused.' },
  expired: { tone: 'red', words: 'That took too long, or another person is signed in. Try again.' },
  unreachable: {
    tone: 'red',
    words: 'GitHub did not answer as expected. Try again; the server’s log says more.',
  },
};

export function connectOutcome(word: string | undefined): ConnectOutcome | null {
  return word === undefined ? null : (outcomes[word] ?? null);
}
