import { contract } from '@typewire/core';
import { Busy, Command, Line } from './command.ts';

/** What the server calls of a device: one stream, which lasts as long as the command, and ends with it or is cancelled. */
export const deviceContract = {
  run: contract.input(Command).output(Line).errors({ BUSY: Busy }).stream(),
};
