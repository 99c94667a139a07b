import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds a server: the double (`npm run double`) or a running appliance. */
const apiTarget = process.env['MILLWRIGHT_URL'] ?? 'http://127.0.0.1:4174';

/** Leaves each text packed beside it, which is too slow for the gateway to do at its start. */
const brotli: Plugin = {
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

export default defineConfig({
  plugins: [react(), brotli],
  resolve: {
    alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) },
  },
  build: {
    target: 'es2022',
    sourcemap: false,
    // The content security policy allows fonts from 'self' only, so nothing may become a data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      // The appliance's certificate may be self-signed, hence secure: false (development only).
      '/graphql': { target: apiTarget, secure: false, changeOrigin: true },
      '/api': { target: apiTarget, ws: true, secure: false, changeOrigin: true },
    },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
    // The machine that builds is usually busy with a compiler as well.
    maxWorkers: 1,
  },
});
