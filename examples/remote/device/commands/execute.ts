import type { Command } from '../../shared/command.ts';
import type { CommandArguments } from './command-arguments.ts';
import { count } from './count.ts';
import { disk } from './disk.ts';
import { tail } from './tail.ts';
import { uptime } from './uptime.ts';

/** Runs a command by its name. The list ends here: there is no way to name anything else. */
export function execute(command: Command, args: CommandArguments): AsyncGenerator<string> {
  switch (command.name) {
    case 'uptime':
      return uptime();
    case 'disk':
      return disk();
    case 'tail':
      return tail(command, args);
    case 'count':
      return count(command, args);
  }
}
