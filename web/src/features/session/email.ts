/** What is wrong with an address that somebody typed; whether it is one, only an e-mail to it tells. */
export function emailProblem(text: string): string | null {
  return /^[^\s@]+@[^\s@]+$/.test(text.trim()) ? null : 'Enter an e-mail address';
}
