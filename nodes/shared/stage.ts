/**
 * A node's work on one item as a stage of its job, or on its own when no job is named.
 *
 * Stages pass on what came in and add their own field, so that later nodes read plain paths:
 *
 * | stage   | node            | adds to the item                                              |
 * |---------|-----------------|---------------------------------------------------------------|
 * | script  | OpenAiScript    | `script`: the Script's fields beside provider, model, costs … |
 * | review  | OpenAiScript    | `review`: ScriptReview (beside the main line)                 |
 * | voice   | ElevenLabsVoice | `voice`: SpeechResult                                         |
 * | video   | VideoComposer   | `video`: VideoResult                                          |
 * | thumbnails FORMAT | VideoComposer | `thumbnails`: a list of Thumbnail (beside the main line) |
 * | script_quality | QualityCheck | `script_quality`: ScriptCheck (beside the main line)     |
 * | quality | QualityCheck    | `quality`: QualityResult (job becomes `flagged` if not passed) |
 * | upload  | YouTubePool     | UploadResult's fields themselves (job becomes `published`)    |
 * | metadata | OpenAiScript   | `metadata`: VideoMetadata (beside the main line)              |
 *
 * Their inputs are JSON parameters whose defaults read these fields, e.g. `={{ $json.script }}`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { contentHash } from '../../core/hash';
import { recordCost } from '../../core/cost/ledger';
import { runStage, type StageOptions, type StageOutcome } from '../../core/jobs/stage';

import { holderOf, storeOf } from './store';
import { textParameter } from './text';

export const videoIdField: INodeProperties = {
	displayName: 'Video ID',
	name: 'videoId',
	type: 'string',
	default: '={{ $json.video_id }}',
	placeholder: 'e.g. volcanoes-001',
	description:
		'The job that this step belongs to: its result is kept, and running the step again with the same input gives the kept result and costs nothing. Leave empty to run without a job.',
};

export type NodeStage<T> = Pick<
	StageOptions<T>,
	'stage' | 'input' | 'work' | 'stillStands' | 'statusAfter' | 'beside'
>;

/** Reads the Video ID field of the item; see `runStage` for what a stage keeps. */
export async function runStageOf<T>(
	context: IExecuteFunctions,
	itemIndex: number,
	stage: NodeStage<T>,
): Promise<StageOutcome<T>> {
	const store = await storeOf(context);
	const videoId = textParameter(context, 'videoId', itemIndex);
	const signal = context.getExecutionCancelSignal();
	if (videoId) {
		return await runStage({ ...stage, store, videoId, holder: holderOf(context), signal });
	}
	const folder = join(store.mediaFolder, 'without-job', contentHash(stage.input).slice(0, 32));
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const result = await stage.work({
		folder,
		signal: signal ?? new AbortController().signal,
		progress: () => undefined,
		recordCost: async (cost) => {
			await recordCost(store, { videoId: '', stage: stage.stage }, cost);
		},
		calls: { store, videoId: '', stage: stage.stage, signal },
		redos: [],
	});
	return { result, kept: false };
}

/** The item that came in, its files too, with the stage's own fields added. */
export function stageItem(
	context: IExecuteFunctions,
	itemIndex: number,
	fields: object,
): INodeExecutionData {
	const { json = {}, binary } = context.getInputData()[itemIndex] ?? {};
	return { json: { ...json, ...(fields as IDataObject) }, ...(binary ? { binary } : {}) };
}
