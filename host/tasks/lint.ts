/** `npm run lint`: n8n's rules, our walls and strict TypeScript; warnings count. */
import { runTool } from '../tools';

void runTool('eslint/bin/eslint.js', ['.', '--max-warnings=0', ...process.argv.slice(2)]);
