/** `npm run types`: every file of the project, tests included. */
import { runTask, tool } from '../tools';

runTask(async () => await tool('typescript/bin/tsc', ['-p', '.', ...process.argv.slice(2)]));
