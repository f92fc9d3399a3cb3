/**
 * `npm run check:package`: packs this package and installs it in an empty folder as n8n does; every node, credential and
 * SDK must load there, with its icons and metadata, the client must be importable, and our own part must stay small.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { build } from '../build/stamp';
import { installTarball, pack } from '../package';
import { installedSize } from '../sizes';
import { runTask } from '../tools';

/** Megabytes of our own code and the SDKs in it; ffmpeg's programs are apart. */
const OWN_LIMIT_MB = 15;

/** What may be in the tarball beside `dist/`. */
const BESIDE_DIST = ['LICENSE', 'README.md', 'dist', 'node_modules', 'package.json'];

interface Inspection {
	nodes: string[];
	credentials: string[];
	bundles: number;
	/** Version of the one that came with the package. */
	ffmpeg?: string;
	problems: string[];
}

async function main(): Promise<number> {
	await build('-L');
	const scratch = mkdtempSync(join(tmpdir(), 'ytempire-package-'));
	try {
		const folder = join(scratch, 'nodes', 'node_modules', 'n8n-nodes-ytempire');
		await installTarball(await pack(scratch), folder);
		const { nodes, credentials, bundles, ffmpeg, problems } = inspect(folder, onlyN8nWorkflow(scratch));
		problems.push(...strayFiles(folder), ...clientProblems(join(scratch, 'nodes')));
		const { own, dependencies, packages } = installedSize(folder);
		if (own > OWN_LIMIT_MB * 1e6) {
			problems.push(`our own code takes ${megabytes(own)} MB, more than ${OWN_LIMIT_MB}`);
		}
		console.log(
			`${nodes.length} nodes, ${credentials.length} credentials, ${bundles} SDK bundles, ffmpeg ${ffmpeg}; ` +
				`own code ${megabytes(own)} MB, ${packages} packages beside it ${megabytes(dependencies)} MB`,
		);
		for (const problem of problems) console.error(`  ${problem}`);
		console.log(problems.length === 0 ? 'The package is whole.' : 'The package is not whole.');
		return problems.length === 0 ? 0 : 1;
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** n8n puts its own modules on NODE_PATH; were ours there too, an SDK that was not bundled would be found among them. */
function onlyN8nWorkflow(scratch: string): string {
	const modules = join(scratch, 'n8n', 'node_modules');
	mkdirSync(modules, { recursive: true });
	symlinkSync(resolve('node_modules/n8n-workflow'), join(modules, 'n8n-workflow'), 'junction');
	return modules;
}

function inspect(folder: string, nodePath: string): Inspection {
	const output = execFileSync(process.execPath, ['host/inspect-package.mjs', folder], {
		// no PATH: the ffmpeg that comes with the package is to be found, not the machine's
		env: { NODE_PATH: nodePath, NODE_NO_WARNINGS: '1' },
		encoding: 'utf8',
	});
	return JSON.parse(output) as Inspection;
}

/** Other programs import the client by the package's name, in both kinds of modules, with its types and without n8n; people run its command. */
function clientProblems(beside: string): string[] {
	const made = "new YtempireClient({ url: 'http://localhost:5678' }).workflows.video_generation?.path";
	const typed = join(beside, 'caller.mts');
	writeFileSync(typed, `import { YtempireClient, type VideoStatus } from 'n8n-nodes-ytempire';\nconst path: string | undefined = ${made};\nexport type { VideoStatus };\nconsole.log(path);\n`);
	const ways: Array<[what: string, args: string[], right: RegExp]> = [
		['require', ['-e', `const { YtempireClient } = require('n8n-nodes-ytempire'); console.log(${made})`], /workflow_001/],
		['import', ['--input-type=module', '-e', `import { YtempireClient } from 'n8n-nodes-ytempire'; console.log(${made})`], /workflow_001/],
		['types', [resolve('node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--module', 'nodenext', '--lib', 'es2023,dom', typed], /^$/],
		['command', ['node_modules/n8n-nodes-ytempire/dist/cli/ytempire.js', '--help'], /Usage: ytempire/],
	];
	return ways.flatMap(([what, args, right]) => {
		const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: beside, env: {}, encoding: 'utf8' });
		return status === 0 && right.test(stdout.trim()) ? [] : [`the client's ${what}: ${(stderr || stdout).trim().slice(0, 500)}`];
	});
}

function strayFiles(folder: string): string[] {
	const beside = readdirSync(folder).filter((name) => !BESIDE_DIST.includes(name));
	const inDist = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
		(name) => /((?<!\.d)\.ts|\.map|\.tsbuildinfo|\.test\.js)$|^\./.test(name),
	);
	return [...beside, ...inDist].map((name) => `${name} has no place in the package`);
}

function megabytes(bytes: number): string {
	return (bytes / 1e6).toFixed(1);
}

runTask(main);
