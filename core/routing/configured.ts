/** Which provider and model the configuration gives to a video's stage; a video keeps its version. */
import { contentHash } from '../hash';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Kysely } from '../vendor/kysely';

import { configurationOf, type Arm, type Configuration, type StageConfiguration } from './configuration';
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
	const chosen = takesPart(videoId, stage, configured) ? configured.trial : configured.standard;
	return chosen && { provider: chosen.provider, model: chosen.model };
}

/** By a hash of the video's ID: the same always, also over workers, and still in it when the share grows. */
export function takesPart(videoId: string, stage: SwitchableStage, { trial }: StageConfiguration): boolean {
	if (!trial) return false;
	const { provider, model, share } = trial;
	return Number.parseInt(contentHash([videoId, stage, provider, model]).slice(0, 12), 16) < share * 2 ** 48;
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
		const { version, stages }: Pick<Configuration, 'stages' | 'version'> = begun
			? { version: 0, stages: {} }
			: await configurationOf(trx);
		await trx
			.insertInto('configuration_pins')
			.values({ video_id: videoId, version, pinned_at: store.clock.now() })
			.execute();
		for (const stage of SWITCHABLE_STAGES) {
			const configured = stages[stage];
			if (!configured?.trial) continue;
			const arm = takesPart(videoId, stage, configured) ? 'trial' : 'standard';
			const row = { video_id: videoId, stage, since: configured.trial.since, arm };
			await trx.insertInto('configuration_trials').values(row).execute();
		}
		return version;
	});
}
