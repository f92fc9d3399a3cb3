/**
 * The routing configuration: which provider and model a stage prefers, and which one is on trial. Each change
 * is a new version that says who made it, when and why; none is ever changed or lost.
 */
import { invalidRequest } from '../errors';
import { canonicalJson } from '../hash';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Kysely, Transaction } from '../vendor/kysely';
import { z } from '../vendor/zod';

import { capabilityOfStage, PROVIDERS_BY_CAPABILITY, SWITCHABLE_STAGES, type SwitchableStage } from './stages';

/** Who does a stage. */
export interface Arm {
	provider: string;
	model: string;
}

export interface StageConfiguration {
	/** In place of the node's own first choice; left out: that one. */
	standard?: Arm;
	/** Does the stage for a share of the videos, and is judged against the others. */
	trial?: Trial;
}

export interface Trial extends Arm {
	/** Of the videos, above 0 up to 1; which ones, a hash of the video's ID says. */
	share: number;
	/** Version in which it began. */
	since: number;
}

export type Stages = Partial<Record<SwitchableStage, StageConfiguration>>;

export const CONFIGURATION_ACTIONS = ['update', 'switch', 'widen', 'roll-back', 'automatic-roll-back'] as const;

export type ConfigurationAction = (typeof CONFIGURATION_ACTIONS)[number];

export interface Configuration {
	/** 0 while nothing has been configured: the nodes' own choices. */
	version: number;
	stages: Stages;
	action: ConfigurationAction | 'none';
	/** ISO 8601; empty for version 0. */
	made_at: string;
	made_by: string;
	reason: string;
	/** The version whose content this one has. */
	restores: number | null;
}

/** What a stage shall have; null: nothing, so that the node's own choice holds. */
export type Changes = Partial<Record<SwitchableStage, ChangedStage | null>>;

export interface ChangedStage {
	standard?: Arm;
	/** `since` left out: it begins now, or goes on when it is the same provider and model. */
	trial?: Omit<Trial, 'since'> & { since?: number };
}

export interface Authorship {
	/** Who: a person, or workflow and execution. */
	by: string;
	/** Why, for whoever looks at the history. */
	reason: string;
}

const NONE: Configuration = { version: 0, stages: {}, action: 'none', made_at: '', made_by: '', reason: '', restores: null };

/** The version in force, or the one that is named. @throws YtempireError `invalid-request` when there is no such version */
export async function configurationOf(db: Kysely<Database>, version?: number): Promise<Configuration> {
	if (version === 0) return NONE;
	let query = db.selectFrom('routing_configurations').selectAll();
	if (version !== undefined) query = query.where('version', '=', version);
	const row = await query.orderBy('version', 'desc').limit(1).executeTakeFirst();
	if (row) return asConfiguration(row);
	if (version === undefined) return NONE;
	throw invalidRequest(`There is no version ${version} of the configuration`, {
		reason: 'version-unknown',
		cure: 'Look at the versions with Configuration: Get, option Versions.',
	});
}

/** The last versions, the newest first. */
export async function configurationHistory(db: Kysely<Database>, limit: number): Promise<Configuration[]> {
	const rows = await db.selectFrom('routing_configurations').selectAll().orderBy('version', 'desc').limit(limit).execute();
	return rows.map(asConfiguration);
}

interface Row {
	version: number;
	stages: string;
	action: string;
	made_at: number;
	made_by: string;
	reason: string;
	restores: number | null;
}

function asConfiguration({ stages, action, made_at: madeAt, ...row }: Row): Configuration {
	return {
		...row,
		stages: JSON.parse(stages) as Stages,
		action: action as ConfigurationAction,
		made_at: new Date(madeAt).toISOString(),
	};
}

/**
 * Puts a new version in force: the one before it, with the named stages replaced. Two at once make two
 * versions, the second upon the first, so that neither loses what the other has changed.
 * @param expectedVersion refuse the change when another version is in force by now
 * @throws YtempireError `invalid-request`
 */
export async function updateConfiguration(
	store: Store,
	changes: Changes,
	author: Authorship,
	{ action = 'update', expectedVersion }: { action?: ConfigurationAction; expectedVersion?: number } = {},
): Promise<Configuration> {
	return await store.transaction(async (trx) => {
		const current = await configurationOf(trx);
		if (expectedVersion !== undefined && expectedVersion !== current.version) {
			throw invalidRequest(`Version ${current.version} of the configuration is in force, not ${expectedVersion}`, {
				reason: 'version-changed',
				cure: 'Look at what has changed with Configuration: Get, and update again upon it.',
			});
		}
		return await changed(trx, store.clock.now(), current, changes, { ...author, action });
	});
}

/** Inside the caller's transaction, which has read `current` as the one in force. */
export async function changed(
	trx: Transaction<Database>,
	now: number,
	current: Configuration,
	changes: Changes,
	{ by, reason, action }: Authorship & { action: ConfigurationAction },
): Promise<Configuration> {
	const version = current.version + 1;
	const stages: Stages = { ...current.stages };
	for (const stage of SWITCHABLE_STAGES) {
		const change = changes[stage];
		if (change === undefined) continue;
		const { [stage]: before } = current.stages;
		const next = change === null ? {} : withSince(change, before, version);
		if (next.standard || next.trial) stages[stage] = next;
		// eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a stage of ours
		else delete stages[stage];
	}
	return await insert(trx, { version, stages, action, now, by, reason, restores: null });
}

function withSince({ standard, trial }: ChangedStage, before: StageConfiguration | undefined, version: number): StageConfiguration {
	const goesOn = trial && before?.trial && sameArm(trial, before.trial) ? before.trial.since : version;
	return { ...(standard ? { standard } : {}), ...(trial ? { trial: { ...trial, since: trial.since ?? goesOn } } : {}) };
}

export function sameArm(one: Arm, other: Arm): boolean {
	return one.provider === other.provider && one.model === other.model;
}

/**
 * Puts an earlier version's content in force again, as a new version.
 * @param to that version; left out: the one before the version in force (before the restored one, if that was a roll back)
 * @throws YtempireError `invalid-request` when there is none
 */
export async function rollBack(store: Store, author: Authorship, to?: number): Promise<Configuration> {
	return await store.transaction(async (trx) => {
		const current = await configurationOf(trx);
		const before = (current.restores ?? current.version) - 1;
		if (to === undefined && before < 0) {
			throw invalidRequest('There is no earlier configuration to go back to', {
				reason: 'version-unknown',
				cure: 'Nothing to do: the nodes choose by themselves already.',
			});
		}
		const target = await configurationOf(trx, to ?? before);
		const [version, now] = [current.version + 1, store.clock.now()];
		return await insert(trx, { version, stages: target.stages, action: 'roll-back', now, ...author, restores: target.version });
	});
}

async function insert(
	trx: Transaction<Database>,
	{ stages, now, by, ...about }: Pick<Configuration, 'restores' | 'stages' | 'version'> &
		Authorship & { action: ConfigurationAction; now: number },
): Promise<Configuration> {
	const row = { ...about, stages: canonicalJson(stages), made_at: now, made_by: by };
	await trx.insertInto('routing_configurations').values(row).execute();
	return asConfiguration(row);
}

const arm = z.strictObject({ provider: z.string().trim().min(1).max(64), model: z.string().trim().min(1).max(128) });
const stage = z.strictObject({
	standard: arm.optional(),
	trial: arm.extend({ share: z.number().gt(0).max(1), since: z.number().int().min(1).optional() }).optional(),
});
const changesSchema = z.partialRecord(z.enum(SWITCHABLE_STAGES), stage.nullable());

/** What comes from a person or a workflow. @throws YtempireError `invalid-request` with every field that isn't right */
export function readChanges(given: unknown): Changes {
	const parsed = changesSchema.safeParse(given);
	const issues = parsed.success
		? unknownProviders(parsed.data)
		: parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'changes', reason: message }));
	if (parsed.success && issues.length === 0) return parsed.data;
	throw invalidRequest('The change of the configuration is not valid', {
		reason: 'invalid-configuration',
		cure: `Name stages (${SWITCHABLE_STAGES.join(', ')}), each with {"standard": {"provider", "model"}, "trial": {"provider", "model", "share"}} or null.`,
		issues,
	});
}

function unknownProviders(changes: Changes): Array<{ field: string; reason: string }> {
	return SWITCHABLE_STAGES.flatMap((name) => {
		const known = PROVIDERS_BY_CAPABILITY[capabilityOfStage(name)];
		return (['standard', 'trial'] as const).flatMap((which) => {
			const provider = changes[name]?.[which]?.provider;
			return provider === undefined || known.includes(provider)
				? []
				: [{ field: `${name}.${which}.provider`, reason: `one of ${known.join(', ')}` }];
		});
	});
}
