import { finish } from './output/fail.ts';
import { makeProgram } from './program.ts';

// A reader that has seen enough (“| head”) closes the pipe; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  const program = await makeProgram(process.argv.slice(2));
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = await finish(error);
}
