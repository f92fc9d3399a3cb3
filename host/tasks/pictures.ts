/** `node host/bootstrap.mjs pictures`: makes the README's pictures of mails anew, from what the built node sends. */
import { build } from '../build/stamp';
import { runTask, tool } from '../tools';

runTask(async () => {
	await build('-L');
	return await tool('vitest/vitest.mjs', ['run', 'test/nodes/mails-in-browser.test.ts'], { YTEMPIRE_PICTURES: '1' });
});
