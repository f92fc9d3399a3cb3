/** One self-contained file per SDK: `core/vendor/<sdk>.ts` with all it imports becomes `dist/core/vendor/<sdk>.js`. */
import { build, type Metafile, type Plugin } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';

import { writeNotices } from './notices';

const VENDOR = 'core/vendor';

/** Our own files beside the vendor file are compiled by themselves and stay one copy. */
const ownFilesStayOutside: Plugin = {
	name: 'own-files-stay-outside',
	setup(pluginBuild) {
		pluginBuild.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind, importer }) =>
			kind === 'entry-point' || importer.includes('node_modules')
				? undefined
				: { path, external: true },
		);
	},
};

export async function bundleVendors(): Promise<void> {
	const entryPoints = existsSync(VENDOR)
		? readdirSync(VENDOR)
				.filter((file) => file.endsWith('.ts'))
				.map((file) => `${VENDOR}/${file}`)
		: [];
	const { metafile } = await build({
		entryPoints,
		outdir: `dist/${VENDOR}`,
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow'],
		plugins: [ownFilesStayOutside],
		minify: true,
		// stack traces and `error.name` of SDKs stay readable
		keepNames: true,
		legalComments: 'eof',
		logLevel: 'warning',
		metafile: true,
	});
	writeNotices(bundledFiles(metafile));
}

function bundledFiles(metafile: Metafile): string[] {
	return Object.values(metafile.outputs).flatMap(({ inputs }) =>
		Object.entries(inputs)
			.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
			.map(([file]) => file),
	);
}
