/** `npm run lint`: n8n's rules, our walls and strict TypeScript; warnings count. */
import { runTask, tool } from '../tools';

runTask(async () => await tool('eslint/bin/eslint.js', ['.', '--max-warnings=0', ...process.argv.slice(2)]));
