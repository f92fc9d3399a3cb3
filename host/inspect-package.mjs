/**
 * Looks at an installed package the way n8n will: `node host/inspect-package.mjs <folder>` loads every node, credential
 * and SDK bundle of it, asks its ffmpeg, and prints `{ nodes, credentials, bundles, ffmpeg, problems }` as JSON.
 * It runs by itself, with nothing but n8n-workflow on NODE_PATH, so that a module that wasn't bundled is missed.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

/** Credential types of n8n itself that a node may name. */
const OF_N8N = ['httpHeaderAuth'];

const folder = resolve(process.argv[2] ?? '.');
const require = createRequire(join(folder, 'package.json'));
/** @type {string[]} */
const problems = [];

const { n8n } = readJson('package.json');
const known = { nodes: readJson('dist/known/nodes.json'), credentials: readJson('dist/known/credentials.json') };
const types = { nodes: readJson('dist/types/nodes.json'), credentials: readJson('dist/types/credentials.json') };

const credentials = n8n.credentials.map(inspectCredential).filter(Boolean);
const nodes = n8n.nodes.map(inspectNode).filter(Boolean);
const vendor = join(folder, 'dist/core/vendor');
const bundles = existsSync(vendor) ? readdirSync(vendor).map((file) => load(join('dist/core/vendor', file))) : [];

for (const kind of /** @type {const} */ (['nodes', 'credentials'])) {
	const there = (kind === 'nodes' ? nodes : credentials).sort().join();
	if (Object.keys(known[kind]).sort().join() !== there) problems.push(`dist/known/${kind}.json names other ${kind} than package.json`);
	const described = [...new Set(types[kind].map((/** @type {{ name: string }} */ { name }) => name))];
	if (described.sort().join() !== there) problems.push(`dist/types/${kind}.json describes other ${kind} than package.json`);
}
inspectFfmpeg().then((ffmpeg) =>
	console.log(JSON.stringify({ nodes, credentials, bundles: bundles.length, ffmpeg, problems })),
);

/**
 * @param {string} file
 * @returns {string | undefined} the node's name
 */
function inspectNode(file) {
	const node = construct(file);
	if (node === undefined) return undefined;
	const { description } = node;
	inspectIcon(file, description.icon);
	const codex = file.replace(/\.js$/, '.json');
	if (!existsSync(join(folder, codex))) problems.push(`${file} has no codex file beside it`);
	for (const field of ['displayName', 'description', 'subtitle', 'version', 'properties']) {
		if (description[field] === undefined) problems.push(`${file} has no ${field}`);
	}
	for (const { name } of description.credentials ?? []) {
		if (!credentials.includes(name) && !OF_N8N.includes(name)) problems.push(`${file} names the credential ${name}, which is not there`);
	}
	return description.name;
}

/**
 * @param {string} file
 * @returns {string | undefined} the credential's name
 */
function inspectCredential(file) {
	const credential = construct(file);
	if (credential === undefined) return undefined;
	inspectIcon(file, credential.icon);
	return credential.name;
}

/** The programs came as packages, and no install script made them runnable: our own search must. */
async function inspectFfmpeg() {
	const { findFfmpeg } = load('dist/core/video/ffmpeg/find.js');
	try {
		return (await findFfmpeg()).version;
	} catch (error) {
		problems.push(`ffmpeg: ${error instanceof Error ? error.message : error}`);
		return undefined;
	}
}

/**
 * As n8n does: the class has the file's name.
 * @param {string} file
 */
function construct(file) {
	const exported = load(file);
	const name = basename(file).split('.')[0] ?? '';
	try {
		return new exported[name]();
	} catch (error) {
		problems.push(`${file}: ${error instanceof Error ? error.message : error}`);
		return undefined;
	}
}

/** @param {string} file */
function load(file) {
	try {
		return require(join(folder, file));
	} catch (error) {
		problems.push(`${file}: ${error instanceof Error ? error.message : error}`);
		return {};
	}
}

/**
 * @param {string} file
 * @param {string | { light: string, dark: string } | undefined} icon
 */
function inspectIcon(file, icon) {
	const icons = typeof icon === 'object' ? [icon.light, icon.dark] : [icon];
	for (const one of icons) {
		const path = one?.startsWith('file:') ? join(folder, dirname(file), one.slice('file:'.length)) : undefined;
		if (path === undefined || !existsSync(path)) problems.push(`${file}: its icon ${one} is not there`);
	}
}

/** @param {string} file */
function readJson(file) {
	return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}
