import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  // Conditions given here replace Vite's own, so these must be named too: `browser` among them chooses the transport.
  // `@typewire/source` takes the packages of this repository as they are; elsewhere leave it out.
  resolve: { conditions: ['@typewire/source', ...defaultClientConditions] },
  build: { target: 'es2022' },
  // `npm run dev` beside a running server.
  server: { proxy: { '/wire': { target: 'ws://localhost:3000', ws: true } } },
});
