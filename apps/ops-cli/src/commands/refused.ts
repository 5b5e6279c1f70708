import { Command } from 'commander';
import { notSupported } from '../ops-error';

/** A reserved name: it is refused as what it is, whatever follows it, instead of as a word that nobody knows. */
export function refusedCommand(name: string, fullName: string): Command {
  return new Command(name)
    .description('(not in this version)')
    .argument('[anything...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(() => {
      throw notSupported(`ops ${fullName}`, 'Use a later version, or see ops --help for what this one does.');
    });
}
