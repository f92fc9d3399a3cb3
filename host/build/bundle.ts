/**
 * One self-contained file per SDK: `core/vendor/<sdk>.ts` with all it imports becomes `dist/core/vendor/<sdk>.js`; and
 * one per script that pages hold: `core/<part>/browser/<script>.ts` with all it imports, ours too.
 */
import { build, type Metafile, type Plugin } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';

import { writeNotices } from './notices';

const VENDOR = 'core/vendor';

/** Scripts that run in a reader's browser. */
const BROWSER = ['core/dashboard/browser/charts.ts'];

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

export async function bundleAll(): Promise<void> {
	writeNotices([...(await bundleVendors()), ...(await bundleBrowserScripts())]);
}

/** @returns the files that went in */
async function bundleVendors(): Promise<string[]> {
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
	return bundledFiles(metafile);
}

/** @returns the files that went in */
async function bundleBrowserScripts(): Promise<string[]> {
	const { metafile } = await build({
		entryPoints: BROWSER,
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		platform: 'browser',
		// what n8n's own editor asks for; written in ASCII, so that it is the same in every encoding
		target: 'es2022',
		format: 'iife',
		charset: 'ascii',
		minify: true,
		legalComments: 'inline',
		logLevel: 'warning',
		metafile: true,
	});
	return bundledFiles(metafile);
}

function bundledFiles(metafile: Metafile): string[] {
	return Object.values(metafile.outputs).flatMap(({ inputs }) =>
		Object.entries(inputs)
			.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
			.map(([file]) => file),
	);
}
