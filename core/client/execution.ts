/** How an execution stands, by n8n's public API. */
import { invalidRequest, isYtempireError } from '../errors';
import { excerpt } from '../redact';
import { z } from '../vendor/zod';

import type { N8nApi } from './n8n-api';
import { EXECUTION_STATES, type CallOptions, type ExecutionState, type ExecutionStatus } from './types';

const GOES_ON: readonly ExecutionState[] = ['new', 'running', 'waiting', 'unknown'];

const text = z.union([z.string(), z.number()]).transform(String);

const executionSchema = z.object({
	id: text,
	workflowId: text.default(''),
	status: z.enum(EXECUTION_STATES).catch('unknown'),
	startedAt: z.string().nullish(),
	stoppedAt: z.string().nullish(),
});

const errorSchema = z.object({
	data: z.object({
		resultData: z.object({
			lastNodeExecuted: z.string().optional(),
			error: z.object({ message: z.string() }).optional(),
		}),
	}),
});

/** @throws YtempireError `invalid-request` when there is no such execution */
export async function executionStatus(api: N8nApi, id: string, options: CallOptions): Promise<ExecutionStatus> {
	if (!/^\d{1,20}$/.test(id)) {
		throw invalidRequest('An execution ID of n8n is a whole number', {
			cure: 'Use the executionId that the trigger gave.',
			reason: 'execution-id',
			issues: [{ field: 'id', reason: 'digits' }],
		});
	}
	const { status, workflowId, startedAt = null, stoppedAt = null } = await api.get(`/executions/${id}`, executionSchema, options);
	return {
		executionId: id,
		workflowId,
		status,
		finished: !GOES_ON.includes(status),
		startedAt: startedAt ?? null,
		stoppedAt: stoppedAt ?? null,
		error: status === 'error' ? await errorOf(api, id, options) : null,
	};
}

/** What an execution kept may be too large to be read, or be kept nowhere: then it isn't told. */
async function errorOf(api: N8nApi, id: string, options: CallOptions): Promise<ExecutionStatus['error']> {
	try {
		const { data } = await api.get(`/executions/${id}`, errorSchema, { ...options, query: { includeData: 'true' } });
		const { error, lastNodeExecuted } = data.resultData;
		return error ? { message: excerpt(error.message), node: lastNodeExecuted } : null;
	} catch (error) {
		if (isYtempireError(error) && error.errorClass === 'cancelled') throw error;
		return null;
	}
}
