import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Tooltip,
} from '@mantine/core';
import { cssVariables, dark, light, type ThemeTokens } from '@/ui/tokens';

/** Mantine wants ten shades; only those that the variables below do not set are ever seen. */
const accent: MantineColorsTuple = [
  '#ecebfa',
  '#d6d3f5',
  '#b3aeee',
  '#8f88e6',
  '#746cdc',
  '#6259dc',
  '#5348c9',
  '#463bb4',
  '#3a3099',
  '#2b2474',
];

/** Mantine's own grounds and edges in the dark, in the tint of our tokens. */
const darkShades: MantineColorsTuple = [
  dark.text,
  '#c3c8d2',
  dark.textDim,
  dark.borderStrong,
  dark.border,
  dark.track,
  dark.raised,
  dark.surface,
  dark.page,
  '#0b0d11',
];

export const theme = createTheme({
  colors: { accent, dark: darkShades },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '18px', xl: '18px' },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 300,
        transitionProps: { duration: 80 },
        events: { hover: true, focus: true, touch: false },
      },
    }),
  },
});

function variables(tokens: ThemeTokens): Record<string, string> {
  return {
    ...cssVariables(tokens),
    '--mantine-color-body': tokens.page,
    '--mantine-color-text': tokens.text,
    '--mantine-color-bright': tokens.text,
    '--mantine-color-dimmed': tokens.textDim,
    '--mantine-color-placeholder': tokens.textDim,
    '--mantine-color-anchor': tokens.accent,
    '--mantine-color-error': tokens.tones.red.text,
    '--mantine-color-default': tokens.surface,
    '--mantine-color-default-hover': tokens.hover,
    '--mantine-color-default-color': tokens.text,
    '--mantine-color-default-border': tokens.border,
    '--mantine-color-gray-light-hover': tokens.hover,
    '--mantine-color-gray-light-color': tokens.textDim,
    '--mantine-color-accent-filled': tokens.accentSolid,
    '--mantine-color-accent-filled-hover': tokens.accentSolidHover,
    '--mantine-color-accent-light': tokens.accentTint,
    '--mantine-color-accent-light-hover': tokens.accentTint,
    '--mantine-color-accent-light-color': tokens.accent,
    '--mantine-color-accent-text': tokens.accent,
  };
}

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: variables(light),
  dark: variables(dark),
});
