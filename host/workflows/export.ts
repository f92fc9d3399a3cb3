/** Writes workflows of a running n8n back into the files of workflows/, in canonical form. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { N8nApi } from '../n8n-api';

import { canonicalText, type Workflow } from './canonical';

export const FOLDER = 'workflows';

/** Begins the name of every workflow of ours. */
const OURS = 'YTEMPIRE ';

const PAGE = 100;

export interface Exported {
	file: string;
	changed: boolean;
}

/** `YTEMPIRE Quality Check` is kept in `quality_check.json`; undefined for a workflow that isn't ours. */
export function fileOf(name: string): string | undefined {
	if (!name.startsWith(OURS)) return undefined;
	const words = name.slice(OURS.length).toLowerCase().match(/[a-z0-9]+/g);
	return words ? `${words.join('_')}.json` : undefined;
}

/** Every workflow of ours that this n8n has; the IDs of the files stay, whatever they are called there. */
export async function exportWorkflows(api: N8nApi, folder = FOLDER): Promise<Exported[]> {
	const found = (await all(api)).flatMap((workflow) => {
		const file = fileOf(workflow.name);
		return file === undefined ? [] : [{ file, workflow }];
	});
	const doubled = found.find(({ file }, index) => found.findIndex((other) => other.file === file) !== index);
	if (doubled) throw new Error(`n8n has several workflows named "${doubled.workflow.name}": rename or archive all but one.`);
	const ids = new Map(found.map(({ file, workflow }) => [workflow.id, idOf(join(folder, file))]));
	return found.map(({ file, workflow }) => {
		const { errorWorkflow, ...settings } = workflow.settings ?? {};
		const named = ids.get(String(errorWorkflow)) ?? errorWorkflow;
		const own = {
			...workflow,
			id: ids.get(workflow.id) ?? workflow.id,
			settings: { ...settings, ...(named === undefined ? {} : { errorWorkflow: named }) },
		};
		return { file, changed: write(join(folder, file), canonicalText(own)) };
	});
}

/** The files themselves in canonical form, without an n8n: for those that were written by hand. */
export function tidyFiles(folder = FOLDER): Exported[] {
	return readdirSync(folder).map((file) => {
		const path = join(folder, file);
		return { file, changed: write(path, canonicalText(read(path))) };
	});
}

async function all(api: N8nApi): Promise<Workflow[]> {
	const workflows: Workflow[] = [];
	let cursor: string | null = '';
	while (cursor !== null) {
		const query: URLSearchParams = new URLSearchParams({ limit: String(PAGE), ...(cursor ? { cursor } : {}) });
		const page = await api.get<{ data: Array<Workflow & { isArchived?: boolean }>; nextCursor: string | null }>(`/workflows?${query}`);
		workflows.push(...page.data.filter(({ isArchived }) => isArchived !== true));
		cursor = page.nextCursor;
	}
	return workflows;
}

/** Of the file when it is there already, else its name. */
function idOf(path: string): string {
	return existsSync(path) ? read(path).id : (path.split(/[/\\]/).at(-1) ?? path).replace(/\.json$/, '');
}

function read(path: string): Workflow {
	return JSON.parse(readFileSync(path, 'utf8')) as Workflow;
}

function write(path: string, text: string): boolean {
	if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
	writeFileSync(path, text);
	return true;
}
