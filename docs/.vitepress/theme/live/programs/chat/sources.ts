import type { Sources } from '../../run-program.ts';
import api from './api.ts?raw';
import client from './client.ts?raw';
import server from './server.ts?raw';

export const chat: Sources = { 'api.ts': api, 'server.ts': server, 'client.ts': client };
