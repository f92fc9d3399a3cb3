/** A video's order and its state between the client's camelCase and the webhook's snake_case. */
import { z } from '../vendor/zod';

import type { VideoOrder, VideoStatus } from './types';

/** @returns the webhook's body; what is undefined is left out, and the workflow checks the rest field by field */
export function orderBody({ options, ...order }: VideoOrder): Record<string, unknown> {
	return { ...snakeKeys(order), ...(options === undefined ? {} : { options: snakeKeys(options) }) };
}

function snakeKeys(object: object): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(object)
			.filter(([, value]) => value !== undefined)
			.map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
	);
}

const stage = z
	.object({
		stage: z.string(),
		status: z.enum(['running', 'done', 'failed']),
		progress: z.number(),
		seconds: z.number().nullable(),
		cost_usd: z.number(),
	})
	.transform(({ cost_usd: costUsd, ...rest }) => ({ ...rest, costUsd }));

const failure = z
	.object({ stage: z.string(), error_class: z.string(), reason: z.string(), cure: z.string() })
	.transform(({ error_class: errorClass, ...rest }) => ({ ...rest, errorClass }));

/** What workflow_001 answers with 200 and 202. */
export const videoStatusSchema = z
	.object({
		workflow_id: z.string(),
		execution_id: z.union([z.string(), z.number()]).transform(String),
		video_id: z.string(),
		status: z.enum(['queued', 'running', 'published', 'flagged', 'failed']),
		disposition: z.enum(['created', 'resumed', 'waiting', 'existing']),
		stage: z.string().default(''),
		stages: z.array(stage).default([]),
		cost_usd: z.number().default(0),
		failure: failure.nullish(),
		youtube_url: z.string().nullish(),
	})
	.transform(
		(one): VideoStatus => ({
			videoId: one.video_id,
			workflowId: one.workflow_id,
			executionId: one.execution_id,
			status: one.status,
			disposition: one.disposition,
			stage: one.stage,
			stages: one.stages,
			costUsd: one.cost_usd,
			failure: one.failure ?? null,
			youtubeUrl: one.youtube_url ?? null,
		}),
	);
