import type { StateTone } from './states';

/**
 * Colours of both themes, by meaning. `tokens.test.ts` holds every pair that is read together to the
 * contrast of WCAG AA, so a colour is changed here and nowhere else.
 */
export interface ToneColours {
  /** Text and icons. */
  text: string;
  /** A tint behind that text. */
  tint: string;
  /** A filled shape: a tick or a segment of the run's bar. */
  solid: string;
}

export interface ThemeTokens {
  page: string;
  surface: string;
  raised: string;
  hover: string;
  border: string;
  borderStrong: string;
  text: string;
  textDim: string;
  accent: string;
  accentTint: string;
  accentSolid: string;
  accentSolidHover: string;
  onAccent: string;
  track: string;
  mark: string;
  markCurrent: string;
  tones: Record<StateTone, ToneColours>;
  ansi: Record<AnsiColour, string>;
}

export const ansiColours = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
] as const;

export type AnsiColour = (typeof ansiColours)[number];

export const light: ThemeTokens = {
  page: '#f6f7f9',
  surface: '#ffffff',
  raised: '#ffffff',
  hover: '#f1f2f6',
  border: '#e2e5eb',
  borderStrong: '#8a92a1',
  text: '#1b1e25',
  textDim: '#586172',
  accent: '#4c41bd',
  accentTint: '#ecebfa',
  accentSolid: '#5348c9',
  accentSolidHover: '#463bb4',
  onAccent: '#ffffff',
  track: '#e6e9ef',
  mark: '#ffe59a',
  markCurrent: '#ffb84d',
  tones: {
    grey: { text: '#566070', tint: '#eef0f4', solid: '#828b9a' },
    blue: { text: '#0a5cb8', tint: '#e4f0fc', solid: '#1f7fe0' },
    green: { text: '#12703a', tint: '#e4f5ea', solid: '#2c9a59' },
    amber: { text: '#8a5300', tint: '#fdf1da', solid: '#c07a08' },
    red: { text: '#b8251c', tint: '#fdebe9', solid: '#d63a30' },
    slate: { text: '#4b5b72', tint: '#e9eef4', solid: '#71829b' },
  },
  ansi: {
    black: '#1b1e25',
    red: '#b8251c',
    green: '#12703a',
    yellow: '#8a5300',
    blue: '#0a5cb8',
    magenta: '#91309b',
    cyan: '#0b6b77',
    white: '#586172',
  },
};

export const dark: ThemeTokens = {
  page: '#101217',
  surface: '#171a21',
  raised: '#1e222b',
  hover: '#1f242d',
  border: '#2a303b',
  borderStrong: '#6b7485',
  text: '#e7e9ee',
  textDim: '#9aa3b2',
  accent: '#aaa5ff',
  accentTint: '#262447',
  accentSolid: '#6259dc',
  accentSolidHover: '#564dd0',
  onAccent: '#ffffff',
  track: '#252b36',
  mark: '#5c4a12',
  markCurrent: '#8f5d00',
  tones: {
    grey: { text: '#a7afbd', tint: '#252a34', solid: '#7d8797' },
    blue: { text: '#74b6ff', tint: '#16293f', solid: '#3d90ea' },
    green: { text: '#66cf93', tint: '#14301f', solid: '#38a566' },
    amber: { text: '#f0b54d', tint: '#36280f', solid: '#cc8a1f' },
    red: { text: '#ff8c84', tint: '#3b1b1a', solid: '#e2564c' },
    slate: { text: '#a3b3c9', tint: '#222b38', solid: '#74869f' },
  },
  ansi: {
    black: '#9aa3b2',
    red: '#ff8c84',
    green: '#66cf93',
    yellow: '#f0b54d',
    blue: '#74b6ff',
    magenta: '#e79bf0',
    cyan: '#5fd0dc',
    white: '#e7e9ee',
  },
};

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The tokens as CSS variables: `--mw-text-dim`, `--mw-green-tint`, `--mw-ansi-red`, … */
export function cssVariables(tokens: ThemeTokens): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(tokens)) {
    if (typeof value === 'string') variables[`--mw-${dashed(name)}`] = value;
  }
  for (const [tone, colours] of Object.entries(tokens.tones)) {
    for (const [part, value] of Object.entries(colours)) variables[`--mw-${tone}-${part}`] = value;
  }
  for (const [name, value] of Object.entries(tokens.ansi)) variables[`--mw-ansi-${name}`] = value;
  return variables;
}
