import { describe, expect, it } from 'vitest';
import { cssVariables, dark, light, type ThemeTokens } from './tokens';

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function pairsOfText(theme: ThemeTokens): [string, string, string][] {
  const grounds = {
    page: theme.page,
    surface: theme.surface,
    raised: theme.raised,
    hover: theme.hover,
  };
  const pairs: [string, string, string][] = [
    ['accent on its tint', theme.accent, theme.accentTint],
    ['text on accent', theme.onAccent, theme.accentSolid],
    ['text on accent, hovered', theme.onAccent, theme.accentSolidHover],
    ['text on a found word', theme.text, theme.mark],
    ['text on the found word', theme.text, theme.markCurrent],
  ];
  for (const [ground, colour] of Object.entries(grounds)) {
    pairs.push([`text on ${ground}`, theme.text, colour]);
    pairs.push([`dim text on ${ground}`, theme.textDim, colour]);
    pairs.push([`accent on ${ground}`, theme.accent, colour]);
    for (const [tone, { text }] of Object.entries(theme.tones))
      pairs.push([`${tone} on ${ground}`, text, colour]);
  }
  for (const [tone, { text, tint }] of Object.entries(theme.tones)) {
    pairs.push([`${tone} on its tint`, text, tint]);
    pairs.push([`text on the ${tone} tint`, theme.text, tint]);
    pairs.push([`dim text on the ${tone} tint`, theme.textDim, tint]);
  }
  for (const [name, colour] of Object.entries(theme.ansi))
    pairs.push([`${name} in a log`, colour, theme.surface]);
  return pairs;
}

function pairsOfShapes(theme: ThemeTokens): [string, string, string][] {
  return [
    ['the edge of a field', theme.borderStrong, theme.surface],
    ...Object.entries(theme.tones).map(([tone, { solid }]): [string, string, string] => [
      `a ${tone} shape`,
      solid,
      theme.surface,
    ]),
  ];
}

describe.each([
  ['light', light],
  ['dark', dark],
])('%s theme', (_, theme) => {
  it.each(pairsOfText(theme))('%s reads', (_name, one, other) => {
    expect(contrast(one, other)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(pairsOfShapes(theme))('%s shows', (_name, one, other) => {
    expect(contrast(one, other)).toBeGreaterThanOrEqual(3);
  });
});

it('becomes CSS variables with dashed names', () => {
  expect(cssVariables(dark)).toMatchObject({
    '--mw-text-dim': dark.textDim,
    '--mw-green-tint': dark.tones.green.tint,
    '--mw-ansi-red': dark.ansi.red,
  });
});
