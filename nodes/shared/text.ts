/** Text that a user or an expression gave. */
import type { IExecuteFunctions } from 'n8n-workflow';

/** Trimmed; empty when the expression found nothing. */
export function textParameter(context: IExecuteFunctions, name: string, itemIndex: number): string {
	return String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
}
