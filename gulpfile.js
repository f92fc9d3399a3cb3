/** Builds `dist/`: compiled code, one bundle per SDK, icons, fonts and the metadata by which n8n finds the nodes. */
require('tsx/cjs');

const { spawn } = require('node:child_process');
const { rmSync } = require('node:fs');
const { text } = require('node:stream/consumers');
const { src, dest, series, parallel } = require('gulp');

const { bundleAll } = require('./host/build/bundle');
const { writeDeclarations } = require('./host/build/declarations');
const { pruneOrphans } = require('./host/build/prune');
const { checkRegistry, writeRegistry } = require('./host/build/registry');
const { inputsHash, writeStamp } = require('./host/build/stamp');

const FONT_PACKAGE = 'node_modules/@expo-google-fonts/montserrat';

const TSC = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'];

/** Runs a package's own JavaScript command with this Node. */
function command(file, ...args) {
	return spawn(process.execPath, [file, ...args], { stdio: 'inherit' });
}

async function clean() {
	rmSync('dist', { recursive: true, force: true });
}

/** Taken before anything is read, so that a source changed during the build makes it stale. */
let inputs;

async function prune() {
	inputs = inputsHash();
	pruneOrphans();
}

function compile() {
	return command(...TSC);
}

/** tsc writes code in spite of type errors; here they are only counted. */
async function compileUnchecked() {
	const tsc = spawn(process.execPath, TSC, { stdio: ['ignore', 'pipe', 'inherit'] });
	const errors = (await text(tsc.stdout)).split('\n').filter((line) => line.includes('error TS'));
	if (errors.length > 0) {
		console.warn(`The code has ${errors.length} type errors; "npm run types" lists them.`);
	}
}

/** After `compile`, whose plain output it replaces. */
async function bundle() {
	await bundleAll();
}

/** Icons and codex files beside the nodes, icons beside the credentials, data files of core, workflows to import. */
function assets() {
	return src(
		['nodes/**/*.{svg,json}', 'credentials/**/*.svg', 'core/**/*.json', 'core/video/fonts/*', 'workflows/*.json'],
		{ base: '.', encoding: false, allowEmpty: true },
	).pipe(dest('dist'));
}

function fonts() {
	return src(
		['500Medium', '700Bold', '800ExtraBold'].map(
			(weight) => `${FONT_PACKAGE}/${weight}/Montserrat_${weight}.ttf`,
		),
		{ encoding: false },
	).pipe(dest('dist/core/video/fonts'));
}

/** Types of what other programs import. */
async function declarations() {
	writeDeclarations();
}

async function registry() {
	checkRegistry();
}

/** What lets n8n list the nodes at start without loading them; n8n's own generator writes it. */
function metadata() {
	return command('node_modules/n8n-core/bin/generate-metadata');
}

async function stamp() {
	writeStamp(inputs);
}

const afterCompile = [parallel(bundle, assets, fonts), declarations, registry, metadata, stamp];

exports.clean = clean;
exports.build = series(prune, compile, ...afterCompile);
/** For tests: like the test runner itself, it leaves type errors to `npm run types` and `build`. */
exports.buildForTests = series(prune, compileUnchecked, ...afterCompile);
/** Rewrites the `n8n` section of package.json from the nodes and credentials that were compiled. */
exports.register = async function register() {
	writeRegistry();
};
exports.default = exports.build;
