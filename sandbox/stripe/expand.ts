/** `expand[]`: ids in an answer become the objects they name. */
import { invalid } from './errors';
import { list, type Params } from './form';
import { confirmationSecret } from './invoices';
import type { Kind, StripeState } from './state';

const FIELDS: Record<string, Kind | 'confirmation_secret'> = {
	latest_invoice: 'invoice',
	customer: 'customer',
	subscription: 'subscription',
	pending_setup_intent: 'setup_intent',
	confirmation_secret: 'confirmation_secret',
};

type Json = Record<string, unknown>;

/** A copy; the kept object stays as it is. */
export function expanded(state: StripeState, answer: object, params: Params): object {
	const paths = list(params, 'expand').map((path) => (typeof path === 'string' ? path.split('.') : []));
	if (paths.length === 0) return answer;
	const copy = structuredClone(answer) as Json;
	for (const path of paths) expandAt(state, copy, path, path.join('.'));
	return copy;
}

function expandAt(state: StripeState, object: Json, [field, ...rest]: string[], whole: string): void {
	if (field === undefined) return;
	if (field === 'data' && Array.isArray(object.data)) {
		for (const one of object.data) expandAt(state, one as Json, rest, whole);
		return;
	}
	const kind = FIELDS[field];
	if (kind === 'confirmation_secret' && object.object === 'invoice') {
		object.confirmation_secret = confirmationSecret(state, object as never);
		return;
	}
	if (kind === undefined || kind === 'confirmation_secret' || !(field in object)) {
		throw invalid(`This property cannot be expanded (${whole}).`, 'expand');
	}
	const value = object[field];
	if (typeof value === 'string') object[field] = structuredClone(state.table(kind).get(value) ?? value);
	const inner = object[field];
	if (typeof inner === 'object' && inner !== null) expandAt(state, inner as Json, rest, whole);
}
