import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compressions, converse, farewell, messages, ownFarewell, startEcho } from './conversation.ts';

/** Where Debian's packages are found, whatever other Python comes first in the path. */
const pythonPath = process.env['PYTHON_PATH'] ?? '/usr/bin/python3';

function hasModule(name: string): boolean {
  try {
    execFileSync(pythonPath, ['-c', `import ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The output of a Python program of this folder, line by line; `send` is its input. */
function run(peer: string, args: readonly string[], send = ''): { child: ChildProcess; line: Promise<string> } {
  const program = fileURLToPath(new URL(`python/${peer}_peer.py`, import.meta.url));
  const child = spawn(pythonPath, ['-B', program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  child.stdin.end(send);
  const line = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('close', (code) => reject(new Error(`${peer} ended with ${code} before it said anything`)));
  });
  return { child, line };
}

const input = `${JSON.stringify(
  messages.map((message) =>
    typeof message === 'string' ? { text: message } : { hex: Buffer.from(message).toString('hex') },
  ),
)}\n`;

describe.each(['websockets', 'tornado', 'autobahn'])("Python's %s", (peer) => {
  const has = hasModule(peer);
  const missing = has ? '' : ` (skipped: ${pythonPath} has no ${peer}, Debian's python3-${peer})`;

  it.skipIf(!has).each(compressions)(
    `as the client of ours is echoed everything, and closes and is closed with a code: %s${missing}`,
    async (_, perMessageDeflate) => {
      const { url, ends, connections } = await startEcho(perMessageDeflate);
      const { child, line } = run(peer, ['client', url], input);
      expect(JSON.parse(await line)).toEqual({ protocol: 'chat', ...farewell });
      expect(connections[0]?.extensions !== '').toBe(perMessageDeflate !== false && peer === 'websockets');
      expect(await ends[0]).toEqual({ ...ownFarewell, clean: true });
      expect(await ends[1]).toMatchObject({ code: farewell.code, clean: true });
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
      expect(child.exitCode).toBe(0);
    },
  );

  it.skipIf(!has).each(compressions)(
    `as the server of ours echoes everything, and closes and is closed with a code: %s${missing}`,
    async (_, perMessageDeflate) => {
      const { port } = JSON.parse(await run(peer, ['server']).line);
      const extensions = await converse(`ws://127.0.0.1:${port}/`, ownFarewell.code, perMessageDeflate);
      expect(extensions !== '').toBe(perMessageDeflate !== false && peer === 'websockets');
    },
  );
});
