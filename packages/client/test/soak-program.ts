import { type ChildProcess, execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const nodeOptions = ['--expose-gc', '--conditions=@typewire/source', '--import', 'tsx'];

const running = new Set<ChildProcess>();

/** Runs a program of `soak/` as npm does, to its end. */
export function runSoakProgram(file: string, options: readonly string[]): Promise<{ code: number; output: string }> {
  const path = fileURLToPath(new URL(`../soak/${file}`, import.meta.url));
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...nodeOptions, path, ...options], (_error, stdout, stderr) => {
      running.delete(child);
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr });
    });
    running.add(child);
  });
}

/** Ends what a test that failed has left running. */
export function endSoakPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}
