/** `npm run build`: dist/ from the sources, failing on the first thing that is not right. */
import { build } from '../build/stamp';
import { runTask } from '../tools';

runTask(async () => {
	await build(...process.argv.slice(2));
	return 0;
});
