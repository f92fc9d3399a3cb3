/** What is inside n8n: our package, our workflows and the credentials that their nodes name. */
import type { N8nApi } from '../client/n8n-api';
import { isYtempireError } from '../errors';
import { z } from '../vendor/zod';

import { finding, fromError, type Finding } from './finding';
import type { OwnPackage, ShippedWorkflow } from './own-package';

const node = z.object({
	name: z.string(),
	type: z.string(),
	disabled: z.boolean().optional(),
	parameters: z.record(z.string(), z.unknown()).catch({}),
	credentials: z.record(z.string(), z.object({ id: z.string().nullish() }).catch({})).nullish(),
});

const workflow = z.object({
	id: z.string(),
	name: z.string(),
	active: z.boolean().catch(false),
	isArchived: z.boolean().nullish(),
	nodes: z.array(node),
});

export type LiveWorkflow = z.infer<typeof workflow>;

const credential = z.object({ id: z.string(), type: z.string() });

const pageOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), nextCursor: z.string().nullish() });

/** All pages. */
async function all<T extends z.ZodType>(api: N8nApi, path: string, item: T, signal?: AbortSignal): Promise<Array<z.infer<T>>> {
	const found: Array<z.infer<T>> = [];
	let cursor: string | undefined;
	do {
		const page = await api.get(path, pageOf(item), { query: { limit: 100, cursor }, signal });
		found.push(...page.data);
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);
	return found;
}

/** n8n knows our credential types only when it has loaded the package. */
export async function checkPackage(api: N8nApi, own: OwnPackage, signal?: AbortSignal): Promise<Finding> {
	try {
		await api.get('/credentials/schema/ytempireOpenAiApi', z.unknown(), { signal });
	} catch (error) {
		if (isYtempireError(error) && error.httpStatus === 404) {
			return finding(
				'package',
				'fault',
				`${own.name} is not loaded in n8n`,
				'Install it (Settings, Community nodes), allow it with N8N_UNVERIFIED_PACKAGES_ENABLED=true, restart n8n, and look at its log for why it was left out.',
			);
		}
		return fromError('package', error);
	}
	const version = await installedVersion(api, own.name, signal);
	return version === undefined || version === own.version
		? finding('package', 'ok', `${own.name} is loaded in n8n`)
		: finding('package', 'warning', `n8n has version ${version} of ${own.name}, this command is of ${own.version}`, 'Update the package in n8n, or use the command that lies in it.');
}

/** Undefined when n8n doesn't say: a package that was put there by hand isn't listed, and not every key may ask. */
async function installedVersion(api: N8nApi, name: string, signal?: AbortSignal): Promise<string | undefined> {
	const entry = z.object({ packageName: z.string(), installedVersion: z.string() });
	try {
		const list = await api.get('/community-packages', z.union([z.array(entry), z.object({ data: z.array(entry) }).transform(({ data }) => data)]), { signal });
		return list.find(({ packageName }) => packageName === name)?.installedVersion;
	} catch (error) {
		if (isYtempireError(error) && error.errorClass === 'cancelled') throw error;
		return undefined;
	}
}

export interface Inside {
	findings: Finding[];
	/** Those of the shipped ones that are there, also unpublished ones. */
	found: LiveWorkflow[];
}

/** One finding for each shipped workflow that is missing or not published. */
export async function checkWorkflows(api: N8nApi, shipped: readonly ShippedWorkflow[], signal?: AbortSignal): Promise<Inside> {
	let live: LiveWorkflow[];
	try {
		live = (await all(api, '/workflows', workflow, signal)).filter(({ isArchived }) => isArchived !== true);
	} catch (error) {
		return { findings: [fromError('workflows', error)], found: [] };
	}
	const findings: Finding[] = [];
	const found: LiveWorkflow[] = [];
	for (const own of shipped) {
		const matches = live.filter((one) => isSame(one, own));
		// of several copies the one that runs counts
		const match = matches.find(({ active }) => active) ?? matches[0];
		if (!match) {
			findings.push(finding('workflows', 'fault', `The workflow ${own.file} is not in n8n`, `Import ${own.path} (Workflows, Import from file), choose its credentials and publish it.`));
		} else {
			found.push(match);
			if (!match.active) findings.push(finding('workflows', 'fault', `The workflow ${own.file} is not published`, 'Open it in n8n and press Publish.'));
		}
	}
	if (findings.length === 0) findings.push(finding('workflows', 'ok', `All ${shipped.length} workflows are in n8n and published`));
	return { findings, found };
}

/** n8n gives an imported file another ID, and people rename; its webhook's path stays. */
function isSame(live: LiveWorkflow, own: ShippedWorkflow): boolean {
	return live.id === own.id || live.name === own.name || own.webhooks.some((path) => webhooksOf(live).includes(path));
}

function webhooksOf({ nodes }: LiveWorkflow): string[] {
	return nodes.flatMap(({ type, parameters }) => (type === WEBHOOK && typeof parameters.path === 'string' ? [parameters.path] : []));
}

export const WEBHOOK = 'n8n-nodes-base.webhook';

/** What n8n's webhook asks for, by its kind of authentication. */
const WEBHOOK_CREDENTIAL: Record<string, string> = { headerAuth: 'httpHeaderAuth', basicAuth: 'httpBasicAuth', jwtAuth: 'jwtAuth' };

/** One finding for each node that lacks a credential, names one that is gone, or lets anybody in. */
export async function checkCredentials(api: N8nApi, workflows: readonly LiveWorkflow[], own: OwnPackage, signal?: AbortSignal): Promise<Finding[]> {
	let ids: Set<string> | undefined;
	try {
		ids = new Set((await all(api, '/credentials', credential, signal)).map(({ id }) => id));
	} catch (error) {
		if (isYtempireError(error) && error.httpStatus !== 403) return [fromError('credentials', error)];
	}
	const findings: Finding[] = [];
	for (const { name: title, nodes } of workflows) {
		for (const { name, type, parameters, credentials, disabled } of nodes) {
			if (disabled) continue;
			const where = `The node "${name}" of the workflow "${title}"`;
			if (type === WEBHOOK && (parameters.authentication ?? 'none') === 'none') {
				findings.push(finding('credentials', 'fault', `${where} lets anybody in`, 'Choose Header Auth or Basic Auth in it, make the credential, and publish the workflow again.'));
			}
			const cure = (wanted: string) => `Open it in n8n, choose or make the credential ${wanted}, and publish the workflow again.`;
			for (const wanted of neededBy(type, parameters, own)) {
				if (!credentials?.[wanted]?.id) findings.push(finding('credentials', 'fault', `${where} has no credential ${wanted}`, cure(wanted)));
			}
			const [first, ...others] = own.oneOf(type);
			if (first && ![first, ...others].some((one) => credentials?.[one]?.id)) {
				const cures = `${cure(first)} ${others.join(' or ')} will do, too.`;
				findings.push(finding('credentials', 'fault', `${where} has no credential of any provider`, cures));
			}
			for (const [named, chosen] of Object.entries(credentials ?? {})) {
				if (!ids || !chosen.id || ids.has(chosen.id)) continue;
				findings.push(finding('credentials', 'fault', `${where} names a credential ${named} that is no longer there`, cure(named)));
			}
		}
	}
	if (findings.length > 0) return findings;
	return ids
		? [finding('credentials', 'ok', 'Every node has the credentials that it needs')]
		: [finding('credentials', 'unknown', 'Every node names a credential; whether they are still there, this API key may not ask', 'Give the key of an owner or admin the scope credential:list.')];
}

function neededBy(type: string, parameters: Record<string, unknown>, own: OwnPackage): string[] {
	if (type === WEBHOOK) return [WEBHOOK_CREDENTIAL[String(parameters.authentication)] ?? []].flat();
	return own.required(type, parameters);
}
