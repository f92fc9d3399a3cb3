/** `npm run types`: every TypeScript file of the project, tests included. */
import { runTool } from '../tools';

void runTool('typescript/bin/tsc', ['-p', '.', ...process.argv.slice(2)]);
