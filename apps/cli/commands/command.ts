import { type Command, Option } from 'commander';

/** Examples below the help of a command; lines that are no call stand as they are. */
export function examples(command: Command, ...lines: string[]): Command {
  const said = lines.map((l) => (l.startsWith('kontor ') ? `  ${l}` : l));
  return command.addHelpText('after', `\nExamples:\n${said.join('\n')}`);
}

export const url = () =>
  new Option('--url <url>', 'a Kontor elsewhere, such as https://shop.example');
export const json = () => new Option('--json', 'answer as JSON');
