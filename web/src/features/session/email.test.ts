import { expect, it } from 'vitest';
import { emailProblem } from './email';

it.each(['ada@example.com', ' ada@localhost '])('takes “%s”', (text) => {
  expect(emailProblem(text)).toBeNull();
});

it.each(['', ' ', 'ada', 'ada@', '@example.com', 'ada @example.com'])('refuses “%s”', (text) => {
  expect(emailProblem(text)).not.toBeNull();
});
