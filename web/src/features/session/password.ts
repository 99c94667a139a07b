export const leastPassword = 8;

/** What is wrong with a password that somebody chose, by the server's own rule. */
export function passwordProblem(text: string): string | null {
  return text.length < leastPassword ? `Choose one of at least ${leastPassword} characters` : null;
}
