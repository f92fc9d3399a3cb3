/** `npm run bench -- NAME [--json]`: see bench/. */
import { runBench } from '../../bench/run';
import { runTask } from '../tools';

runTask(async () => await runBench(process.argv.slice(2)));
