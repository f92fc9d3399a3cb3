/** Our errors in n8n's own shapes: what happened, the cure, and never a secret. */
import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';

import { isYtempireError, type YtempireError } from '../../core/errors';
import { redact } from '../../core/redact';

export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (isYtempireError(error)) {
		const message = redact(error.message);
		const description = descriptionOf(error);
		if (error.provider === undefined) {
			return new NodeOperationError(node, message, { description, itemIndex });
		}
		// The provider's answer itself stays out: n8n keeps it with the execution, and it may hold secrets.
		return new NodeApiError(
			node,
			{ message },
			{
				message,
				description,
				itemIndex,
				...(error.httpStatus === undefined ? {} : { httpCode: String(error.httpStatus) }),
			},
		);
	}
	const message = redact(error instanceof Error ? error.message : String(error));
	return new NodeOperationError(node, message, { itemIndex });
}

function descriptionOf(error: YtempireError): string {
	const issues = error.issues.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
	return redact([issues, error.cure].filter(Boolean).join('. '));
}

/**
 * The item that goes on in place of one that failed. n8n (2.41) adds the input item's fields to it on
 * the error output only when it holds nothing but `error`, `message` and `details`; an item with an
 * `error` beside `json` would lose all but the message.
 */
export function errorItem(
	error: unknown,
	nodeError: NodeApiError | NodeOperationError,
	itemIndex: number,
): INodeExecutionData {
	const known = isYtempireError(error) ? error : undefined;
	const details: IDataObject = {
		error_class: known?.errorClass ?? 'unknown',
		cure: redact(known?.cure ?? ''),
		...(known?.provider === undefined ? {} : { provider: known.provider }),
		...(known?.reason === undefined ? {} : { reason: known.reason }),
		// our own answer to whoever asked; a provider's status is in the message
		...(known?.httpStatus === undefined || known.provider !== undefined ? {} : { http_status: known.httpStatus }),
		...(known && known.issues.length > 0
			? { issues: known.issues.map(({ field, reason }) => ({ field, reason })) }
			: {}),
		...(known && known.quarantined.length > 0 ? { quarantined: known.quarantined.map((one) => ({ ...one })) } : {}),
	};
	return { json: { error: nodeError.message, details }, pairedItem: { item: itemIndex } };
}
