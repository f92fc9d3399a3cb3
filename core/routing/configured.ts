/** Which provider and model the configuration gives to a video's stage; a video keeps its version. */
import { contentHash } from '../hash';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Kysely, Selectable } from '../vendor/kysely';

import { configurationOf, type Arm, type StageConfiguration } from './configuration';
import { isSwitchable, stageGroup, SWITCHABLE_STAGES, type SwitchableStage } from './stages';

/**
 * The first one to ask; undefined where the node's own choice holds. The first look pins the version in force
 * to the video. One whose stages had begun before there was a configuration keeps to the node's choice.
 */
export async function configuredArm(store: Store, videoId: string, stageName: string): Promise<Arm | undefined> {
	const stage = stageGroup(stageName);
	if (!isSwitchable(stage)) return undefined;
	const version = (await pinnedVersion(store.db, videoId)) ?? (await pin(store, videoId));
	const { stages } = await configurationOf(store.db, version);
	const configured = stages[stage];
	if (!configured) return undefined;
	const arm = takesPart(videoId, stage, configured) ? 'trial' : 'standard';
	await enrol(store, { video_id: videoId, stage, since: configured.trial?.since ?? 0, arm });
	const chosen = configured[arm];
	return chosen && { provider: chosen.provider, model: chosen.model };
}

/** By a hash of the video's ID: the same always, also over workers, and still in it when the share grows. */
export function takesPart(videoId: string, stage: SwitchableStage, { trial }: StageConfiguration): boolean {
	if (!trial) return false;
	const { provider, model, share } = trial;
	return Number.parseInt(contentHash([videoId, stage, provider, model]).slice(0, 12), 16) < share * 2 ** 48;
}

/** It follows the configuration in this stage, so that its result says something of who does it. */
async function enrol(store: Store, row: Selectable<Database['configuration_trials']>): Promise<void> {
	const { video_id: videoId, stage, since } = row;
	const known = await store.db
		.selectFrom('configuration_trials')
		.select('arm')
		.where('stage', '=', stage)
		.where('since', '=', since)
		.where('video_id', '=', videoId)
		.executeTakeFirst();
	if (known) return;
	await store.transaction(async (trx) => {
		await trx
			.insertInto('configuration_trials')
			.values(row)
			.onConflict((conflict) => conflict.columns(['stage', 'since', 'video_id']).doNothing())
			.execute();
	});
}

async function pinnedVersion(db: Kysely<Database>, videoId: string): Promise<number | undefined> {
	const row = await db.selectFrom('configuration_pins').select('version').where('video_id', '=', videoId).executeTakeFirst();
	return row?.version;
}

async function pin(store: Store, videoId: string): Promise<number> {
	return await store.transaction(async (trx) => {
		const already = await pinnedVersion(trx, videoId);
		if (already !== undefined) return already;
		const begun = await trx
			.selectFrom('stages')
			.select('stage')
			.where('video_id', '=', videoId)
			.where('stage', 'in', [...SWITCHABLE_STAGES])
			.executeTakeFirst();
		const { version } = begun ? { version: 0 } : await configurationOf(trx);
		await trx
			.insertInto('configuration_pins')
			.values({ video_id: videoId, version, pinned_at: store.clock.now() })
			.execute();
		return version;
	});
}
