/** `npm run workflows:export`: see host/workflows/export.ts. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { N8nApi } from '../n8n-api';
import { runTask } from '../tools';
import { exportWorkflows, tidyFiles, type Exported } from '../workflows/export';

const USAGE = `npm run workflows:export -- --n8n URL --api-key-file FILE
npm run workflows:export -- --files

Writes the workflows named "YTEMPIRE …" of a running n8n back into workflows/: keys sorted, IDs and
positions stable, without credentials or anything else that binds to that n8n.

  --n8n URL            address of n8n, e.g. http://localhost:5678
  --api-key-file FILE  holds an API key of it (Settings, n8n API; scopes workflow:list and workflow:read)
  --files              no n8n: bring the files as they are into that form`;

async function main(args: string[]): Promise<number> {
	const { values } = parseArgs({
		args,
		options: {
			n8n: { type: 'string' },
			'api-key-file': { type: 'string' },
			files: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	const { n8n, 'api-key-file': keyFile } = values;
	if (values.help) {
		console.log(USAGE);
		return 0;
	}
	if (values.files) return tell(tidyFiles());
	if (n8n === undefined || keyFile === undefined) {
		console.error(USAGE);
		return 2;
	}
	const api = N8nApi.withKey(n8n.replace(/\/+$/, ''), readFileSync(keyFile, 'utf8').trim());
	return tell(await exportWorkflows(api));
}

function tell(exported: Exported[]): number {
	for (const { file, changed } of exported) console.log(`${changed ? 'written  ' : 'unchanged'} ${file}`);
	if (exported.length === 0) console.error('That n8n has no workflow whose name begins with "YTEMPIRE ".');
	return exported.length === 0 ? 1 : 0;
}

runTask(async () => await main(process.argv.slice(2)));
