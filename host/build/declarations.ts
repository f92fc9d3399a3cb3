/**
 * Types for those who import the client: `dist/core/client/index.d.ts` and the declarations that it reaches. The rest of
 * `dist/` is not for importing and has none.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ENTRY = 'core/client/index';

/** What one declaration file imports of our own. */
const IMPORT = /(?:from|import\()\s*['"](\.{1,2}\/[^'"]+)['"]/g;

export function writeDeclarations(): void {
	for (const old of readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'))) {
		rmSync(join('dist', old));
	}
	const made = declarations();
	const queue = [ENTRY];
	for (const file of queue) {
		const text = made.get(file);
		if (text === undefined) throw new Error(`The client's types need ${file}, of which there is no declaration.`);
		const path = join('dist', `${file}.d.ts`);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, text);
		const imported = [...text.matchAll(IMPORT)].map((match) => join(dirname(file), match[1] ?? '').replaceAll('\\', '/'));
		queue.push(...imported.filter((one) => !queue.includes(one)));
	}
}

/** Declarations of the client and of all that it imports, by path without ending. */
function declarations(): Map<string, string> {
	const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as { config: object };
	const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
	const program = ts.createProgram([`${ENTRY}.ts`], {
		...options,
		noEmit: false,
		declaration: true,
		emitDeclarationOnly: true,
		allowJs: false,
		rootDir: resolve('.'),
		outDir: resolve('dist'),
	});
	const made = new Map<string, string>();
	program.emit(undefined, (path, text) => {
		made.set(relative(resolve('dist'), path).replace(/\.d\.ts$/, '').replaceAll('\\', '/'), text);
	});
	return made;
}
