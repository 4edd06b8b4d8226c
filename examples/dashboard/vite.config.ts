import vue from '@vitejs/plugin-vue';
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [vue()],
  // `@typewire/source` takes the packages of this repository as they are; elsewhere leave this line out.
  resolve: { conditions: ['@typewire/source', ...defaultClientConditions] },
  build: { target: 'es2022' },
  // `npm run dev` beside a running server.
  server: { proxy: { '/wire': { target: 'ws://localhost:3000', ws: true } } },
});
