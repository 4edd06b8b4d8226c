import react from '@vitejs/plugin-react';
import vue from '@vitejs/plugin-vue';
import { defaultClientConditions, defineConfig } from 'vite';

// In full: `react/index.html` alone would be looked for in the package `react`.
const pages = ['index.html', 'react/index.html', 'vue/index.html'].map((page) => `${import.meta.dirname}/${page}`);

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [react(), vue()],
  // Conditions given here replace Vite's own, so these must be named too: `browser` among them chooses the transport.
  // `@typewire/source` takes the packages of this repository as they are; elsewhere leave it out.
  resolve: { conditions: ['@typewire/source', ...defaultClientConditions] },
  build: { target: 'es2022', rollupOptions: { input: pages } },
  // `npm run dev` beside a running server.
  server: { proxy: { '/wire': { target: 'ws://localhost:3000', ws: true } } },
});
