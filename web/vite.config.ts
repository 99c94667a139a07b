import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { brotli } from './vite/brotli.ts';
import { chunks } from './vite/chunks.ts';
import { narrowFonts } from './vite/narrow-fonts.ts';

/** Where `npm run dev` finds a server: the double (`npm run double`) or a running appliance. */
const apiTarget = process.env['MILLWRIGHT_URL'] ?? 'http://127.0.0.1:4174';

export default defineConfig({
  plugins: [react(), narrowFonts, brotli],
  resolve: {
    alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) },
  },
  build: {
    target: 'es2022',
    sourcemap: false,
    // The content security policy allows fonts from 'self' only, so nothing may become a data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { codeSplitting: chunks },
    },
  },
  server: {
    proxy: {
      // The appliance's certificate may be self-signed, hence secure: false (development only).
      '/enterprise-login': { target: apiTarget, secure: false, changeOrigin: true },
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
