import subsetFont from 'subset-font';
import type { Plugin } from 'vite';

/** The weights that the application uses; a variable font carries those from 100 to 900. */
const WEIGHTS = { min: 400, max: 700 };

/** What @fontsource's style sheets ask the Latin files for. */
const LATIN =
  '0000-00FF,0131,0152-0153,02BB-02BC,02C6,02DA,02DC,0304,0308,0329,2000-206F,20AC,2122,2191,2193,2212,2215,FEFF,FFFD';

const latinText = LATIN.split(',')
  .map((range) => range.split('-').map((end) => Number.parseInt(end, 16)))
  .flatMap(([first = 0, last = first]) =>
    Array.from({ length: last - first + 1 }, (_, place) => String.fromCodePoint(first + place)),
  )
  .join('');

/** Leaves out the weights that nobody sees, a third of the largest files of the first page after its scripts. */
export const narrowFonts: Plugin = {
  name: 'narrow-fonts',
  apply: 'build',
  async generateBundle(_options, bundle) {
    for (const [name, asset] of Object.entries(bundle)) {
      if (asset.type !== 'asset' || !/-latin-wght-normal.*\.woff2$/.test(name)) continue;
      asset.source = await subsetFont(Buffer.from(asset.source), latinText, {
        targetFormat: 'woff2',
        variationAxes: { wght: WEIGHTS },
      });
    }
  },
};
