/** What the stand-in keeps: the objects of both modes of one account, and how they are found. */
import type { Stripe } from 'stripe';

import type { ServiceContext } from '../service';
import { invalid, missing } from './errors';
import { nested, type Params, text, whole } from './form';

interface Stored {
	id: string;
	livemode: boolean;
	created: number;
}

/** What Stripe knows of an invoice's or a customer's payments beside the objects it shows. */
export interface Charged {
	id: string;
	livemode: boolean;
	created: number;
	payment_intent: string;
	amount: number;
	currency: string;
	paid: boolean;
}

/** The fields of Stripe's that a trial needs. */
export interface Setup {
	id: string;
	object: 'setup_intent';
	client_secret: string;
	created: number;
	customer: string;
	livemode: boolean;
	status: string;
}

export interface Kinds {
	customer: Stripe.Customer;
	subscription: Stripe.Subscription;
	payment_intent: Stripe.PaymentIntent;
	invoice: Stripe.Invoice;
	price: Stripe.Price;
	webhook_endpoint: Stripe.WebhookEndpoint;
	event: Stripe.Event & Stored;
	charge: Charged;
	setup_intent: Setup;
}

export type Kind = keyof Kinds;

const TABLES: Record<Kind, string> = {
	customer: 'customers',
	subscription: 'subscriptions',
	payment_intent: 'payment_intents',
	invoice: 'invoices',
	price: 'prices',
	webhook_endpoint: 'webhook_endpoints',
	event: 'events',
	charge: 'charges',
	setup_intent: 'setup_intents',
};

const PREFIXES: Record<Kind, string> = {
	customer: 'cus',
	subscription: 'sub',
	payment_intent: 'pi',
	invoice: 'in',
	price: 'price',
	webhook_endpoint: 'we',
	event: 'evt',
	charge: 'ch',
	setup_intent: 'seti',
};

/** One request's view: the mode of its key. */
export interface Caller {
	livemode: boolean;
	requestId: string;
	idempotencyKey: string | null;
}

export class StripeState {
	/** What is done when a payment succeeds: its invoice is paid, and its subscription begins. */
	onPaid: (payment: Stripe.PaymentIntent, caller: Caller) => void = () => undefined;

	constructor(readonly context: ServiceContext) {}

	/** Unix seconds. */
	now(): number {
		return Math.floor(this.context.clock.now() / 1000);
	}

	table<K extends Kind>(kind: K): Map<string, Kinds[K]> {
		return this.context.table(TABLES[kind]);
	}

	/** Never the same twice, also after deletions. */
	newId(prefix: string): string {
		const counters = this.context.table<number>('counters');
		const count = (counters.get(prefix) ?? 0) + 1;
		counters.set(prefix, count);
		return `${prefix}_${this.context.random(`${prefix}:${count}`).id(14)}${count}`;
	}

	idOf(kind: Kind): string {
		return this.newId(PREFIXES[kind]);
	}

	save<K extends Kind>(kind: K, object: Kinds[K]): Kinds[K] {
		this.table(kind).set(object.id, object);
		return object;
	}

	/** @throws RefusedRequest `resource_missing`, which also tells that the other mode has it */
	get<K extends Kind>(kind: K, id: string, caller: Caller, param = 'id'): Kinds[K] {
		const found = this.table(kind).get(id);
		if (!found || found.livemode !== caller.livemode) {
			const other = found && (found.livemode ? 'live' : 'test');
			throw missing(kind === 'payment_intent' ? 'payment_intent' : kind.replace('_', ' '), id, other, param);
		}
		return found;
	}

	all<K extends Kind>(kind: K, caller: Pick<Caller, 'livemode'>): Array<Kinds[K]> {
		return [...this.table(kind).values()].filter(({ livemode }) => livemode === caller.livemode);
	}
}

/** The id of what a field names or holds. */
export function idIn(value: string | { id: string }): string {
	return typeof value === 'string' ? value : value.id;
}

const MAX_LIMIT = 100;

export interface Page<T> {
	object: 'list';
	data: T[];
	has_more: boolean;
	url: string;
}

/** `created[gte]` and its like, in seconds; a single number isn't taken. */
function createdWithin(params: Params): (object: Stored) => boolean {
	const bounds = nested(params, 'created');
	const bound = (name: string, none: number) => whole(bounds, name) ?? none;
	const [gt, gte] = [bound('gt', -1), bound('gte', 0)];
	const [lt, lte] = [bound('lt', Infinity), bound('lte', Infinity)];
	return ({ created }) => created > gt && created >= gte && created < lt && created <= lte;
}

/** The newest first, from `starting_after` on, or the page that ends before `ending_before`. */
export function page<T extends Stored>(found: T[], params: Params, url: string): Page<T> {
	const limit = whole(params, 'limit') ?? 10;
	if (limit < 1 || limit > MAX_LIMIT) {
		throw invalid(`Invalid limit: must be from 1 to ${MAX_LIMIT}`, 'limit', 'parameter_invalid_integer');
	}
	const newest = found.filter(createdWithin(params)).reverse();
	const place = (name: string) => {
		const id = text(params, name);
		if (id === undefined) return undefined;
		const at = newest.findIndex((object) => object.id === id);
		if (at < 0) throw missing('object', id, undefined, name);
		return at;
	};
	const after = place('starting_after');
	const before = place('ending_before');
	const rest = before === undefined ? newest.slice(after === undefined ? 0 : after + 1) : newest.slice(0, before);
	const data = before === undefined ? rest.slice(0, limit) : rest.slice(-limit);
	return { object: 'list', data, has_more: rest.length > data.length, url };
}
