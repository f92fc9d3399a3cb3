/** Lint: strict TypeScript, n8n's own rules for community packages, and the walls between our folders. */
import js from '@eslint/js';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import boundaries from 'eslint-plugin-boundaries';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['**/*.ts', '**/*.mts'];

/** What users install. */
const SHIPPED = ['nodes/**/*.ts', 'credentials/**/*.ts', 'core/**/*.ts', 'cli/**/*.ts'];

/** n8n's profile without n8n Cloud, where a package may neither read files nor start ffmpeg. */
const community = n8nCommunityNodesPlugin.configs.recommendedWithoutN8nCloudSupport;

const OUR_FOLDERS = ['nodes', 'credentials', 'core', 'cli', 'sandbox', 'host', 'bench', 'test'];

/** Any package of npm, scoped or not. */
const ANY_PACKAGE = ['*', '*/*'];
const ANY_BUT_N8N = ['!(n8n*)', '!(@n8n)/*'];

export default tseslint.config(
	{ ignores: ['**/node_modules/', 'dist/', '.cache/'] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{
		files: ['**/*.{ts,mts,js,mjs}'],
		extends: [js.configs.recommended],
		// tsc checks names, in JavaScript too, and knows those of Node
		rules: { 'no-undef': 'off' },
	},
	{
		files: TYPESCRIPT,
		extends: [tseslint.configs.strictTypeChecked],
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
			'@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
			'@typescript-eslint/restrict-template-expressions': [
				'error',
				{ allowNumber: true, allow: ['URL', 'URLSearchParams'] },
			],
			// what comes from outside is asked for though its type promises it: the type is only a promise there
			'@typescript-eslint/no-unnecessary-condition': 'off',
			// n8n's interfaces ask for promises of functions that have nothing to wait for
			'@typescript-eslint/require-await': 'off',
			// n8n's types declare functions of objects as methods, and n8n calls them with the object it wants
			'@typescript-eslint/unbound-method': 'off',
			// code points are what limits and captions are counted in
			'@typescript-eslint/no-misused-spread': 'off',
			// `Promise<void> | void` says that a handler may take its time or not
			'@typescript-eslint/no-invalid-void-type': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			// a parameter's type is declared in the node's properties, which TypeScript can't see
			'@typescript-eslint/no-base-to-string': 'off',
		},
	},
	{
		files: ['test/**/*.ts'],
		rules: {
			// where a test finds nothing, or another thing than it looks for, it fails at that line, as it should
			'@typescript-eslint/no-non-null-assertion': 'off',
			'@typescript-eslint/no-explicit-any': 'off',
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
		},
	},
	{
		files: ['gulpfile.js', 'test/support/echo-package/*.js'],
		// gulp and n8n load CommonJS
		languageOptions: { sourceType: 'commonjs' },
	},

	// The walls of the house: nodes → core → core/vendor, and nothing the other way.
	{
		files: TYPESCRIPT,
		plugins: { boundaries },
		settings: {
			'import/resolver': { node: { extensions: ['.ts', '.mts', '.mjs', '.js', '.json'] } },
			'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export', 'require'],
			'boundaries/elements': [
				{ type: 'vendor', pattern: 'core/vendor/**', partialMatch: false },
				...OUR_FOLDERS.map((type) => ({ type, pattern: `${type}/**`, partialMatch: false })),
			],
		},
		rules: {
			'boundaries/dependencies': [
				'error',
				{
					default: 'disallow',
					checkAllOrigins: true,
					policies: [
						{ allow: { to: { module: { origin: 'core' } } } },
						// the plugin's list of Node's own modules is older than node:sqlite
						{ allow: { to: { module: { source: 'node:*' } } } },
						may('nodes', ['nodes', 'core'], ['n8n-workflow']),
						may('credentials', ['credentials'], ['n8n-workflow']),
						may('core', ['core', 'vendor'], []),
						may('vendor', ['vendor'], ANY_BUT_N8N),
						may('cli', ['cli', 'core'], []),
						// neither core nor nodes, so that a mistake cannot hide on both sides
						may('sandbox', ['sandbox'], ANY_BUT_N8N),
						may('host', ['host', 'bench', 'sandbox', 'core'], ANY_PACKAGE),
						may('bench', ['bench', 'host', 'sandbox', 'core'], ANY_PACKAGE),
						may('test', ['vendor', ...OUR_FOLDERS], ANY_PACKAGE),
					],
				},
			],
		},
	},

	// n8n's own rules.
	{
		files: [...SHIPPED, 'package.json'],
		plugins: community.plugins,
		rules: community.rules,
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			// these see only what is written out: our defaults come from core's tables or from the item that comes in
			'n8n-nodes-base/node-param-default-missing': 'off',
			'n8n-nodes-base/node-param-default-wrong-for-number': 'off',
			'n8n-nodes-base/node-param-default-wrong-for-options': 'off',
			// the subtitle is in the description that all nodes share; the package check looks for it in each
			'@n8n/community-nodes/require-node-description-fields': 'off',
		},
	},
	{
		files: ['credentials/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			// it wants a word of n8n's own documentation; ours are addresses, which the community rules check
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
		},
	},
	{
		files: ['core/**/*.ts', 'cli/**/*.ts'],
		rules: {
			// core knows nothing of n8n; nodes/shared/errors.ts turns its errors into n8n's
			'@n8n/community-nodes/require-node-api-error': 'off',
		},
	},
	{
		files: ['core/video/ffmpeg/process.ts'],
		rules: {
			// the one place that starts ffmpeg, with an array of arguments and no shell
			'@n8n/community-nodes/no-dangerous-functions': 'off',
		},
	},
	{
		files: ['credentials/YtempireStoreApi.credentials.ts'],
		rules: {
			// the Video Job node tests it (testStore): no HTTP request can ask a file or a database
			'@n8n/community-nodes/credential-test-required': 'off',
		},
	},
	{
		files: ['package.json'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: {
			...n8nNodesBase.configs.community.rules,
			// ffmpeg and ffprobe are programs, which can't be bundled into dist/; all else is
			'@n8n/community-nodes/no-runtime-dependencies': 'off',
			// the package has no public page yet
			'@n8n/community-nodes/require-homepage': 'off',
		},
	},
);

/** What the files of one folder may import: folders of ours, and packages of npm. */
function may(type, folders, packages) {
	return {
		from: { element: { type } },
		allow: [
			{ to: { element: { types: { anyOf: folders } } } },
			...packages.map((source) => ({ to: { module: { origin: 'external', source } } })),
		],
	};
}
