import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Plugin } from 'vite';

/** Leaves each text packed beside it, which is too slow for the gateway to do at its start. */
export const brotli: Plugin = {
  name: 'brotli-beside',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle)) {
      if (!/\.(js|css|svg)$/.test(name)) continue;
      // As it was written: what is in the bundle may still change after every hook before this one.
      const text = readFileSync(join(dir, name));
      const packed = brotliCompressSync(text, {
        params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
      });
      if (packed.length < text.length * 0.9) writeFileSync(join(dir, `${name}.br`), packed);
    }
  },
};
