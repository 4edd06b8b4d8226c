import { createServer } from 'node:http';
import { createWire } from '@typewire/server';
import { attach } from '@typewire/server/node';
import { api } from './api.ts';

const http = createServer((_request, response) => response.end('Your routes stay as they are.\n'));
attach(http, createWire({ router: api }), { path: '/wire' });

http.listen(Number(process.env['PORT'] ?? 3000), () => {
  const address = http.address();
  if (typeof address === 'object') console.log(`ws://localhost:${address?.port}/wire`);
});
