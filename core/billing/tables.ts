/** Tables of billing: Stripe's customers and their subscriptions, which events came, and where they come from. */
import type { Migration } from '../store/migrations';

export interface BillingTables {
	/** Who a customer of Stripe's is to us. */
	billing_customers: {
		/** Stripe's, e.g. `cus_…`. */
		stripe_customer: string;
		/** The `customer_id` of requests; empty until Stripe tells it. */
		user_id: string;
		username: string;
		/** 1 when Stripe has deleted it. */
		deleted: number;
		/** When what it says happened, in milliseconds since 1970. */
		event_at: number;
		/** 0 created, 1 updated, 2 deleted: their order within Stripe's one second. */
		event_rank: number;
		/** JSON of what that event says was before it. */
		event_previous: string;
		updated_at: number;
	};
	/** A customer's plans: one for each subscription. */
	billing_plans: {
		/** Stripe's, e.g. `sub_…`. */
		subscription: string;
		stripe_customer: string;
		/** Whose the subscription says that it is; what its customer says comes before it. */
		user_id: string;
		/** starter, growth, scale; empty when the price belongs to none. */
		tier: string;
		/** monthly or yearly; empty for another one. */
		interval: string;
		/** Stripe's word, e.g. `active`. */
		status: string;
		/** Milliseconds since 1970; null when Stripe tells none. */
		period_end: number | null;
		/** 1 when it ends with the period. */
		ends: number;
		/** When what it says happened, in milliseconds since 1970. */
		event_at: number;
		/** 0 created, 1 updated, 2 deleted: their order within Stripe's one second. */
		event_rank: number;
		/** JSON of what that event says was before it. */
		event_previous: string;
		updated_at: number;
	};
	/** What was made at Stripe, so that nothing is made twice. */
	billing_made: {
		/** Account and mode, e.g. `acct_… test`. */
		account: string;
		/** e.g. `customer` */
		operation: string;
		/** Hash of what makes it the same. */
		same: string;
		/** What the idempotency key comes after: what ended before it, or a key that failed; empty for the first. */
		after: string;
		/** Stripe's ID; empty until the answer is there. */
		object: string;
		/** When it was first asked for, behind what has ended; milliseconds since 1970. */
		asked_at: number;
		/** Who is at it; empty when nobody is. */
		holder: string;
		/** Milliseconds since 1970 until which the holder is believed alive. */
		lease_until: number;
		updated_at: number;
	};
	/** Events that came, so that none starts two executions. */
	billing_events: {
		/** Stripe's endpoint, e.g. `we_…`: two triggers get the same event, each for itself. */
		endpoint: string;
		event: string;
		/** `claimed` while n8n starts an execution with it, then `started`. */
		state: string;
		/** Who claimed it, so that only they give it back. */
		claim: string;
		/** Milliseconds since 1970. */
		at: number;
	};
	/** Endpoints that the trigger made at Stripe. */
	billing_endpoints: {
		endpoint: string;
		/** What its events are signed with, sealed by the account's secret key. */
		secret: string;
		created_at: number;
	};
}

export const createBillingTables: Migration = {
	name: '2026-11-24-billing',
	async up(db) {
		await db.schema
			.createTable('billing_customers')
			.addColumn('stripe_customer', 'text', (column) => column.primaryKey())
			.addColumn('user_id', 'text', (column) => column.notNull())
			.addColumn('username', 'text', (column) => column.notNull())
			.addColumn('deleted', 'integer', (column) => column.notNull())
			.addColumn('event_at', 'bigint', (column) => column.notNull())
			.addColumn('updated_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('billing_customers_by_user').on('billing_customers').column('user_id').execute();
		await db.schema
			.createTable('billing_plans')
			.addColumn('subscription', 'text', (column) => column.primaryKey())
			.addColumn('stripe_customer', 'text', (column) => column.notNull())
			.addColumn('tier', 'text', (column) => column.notNull())
			.addColumn('interval', 'text', (column) => column.notNull())
			.addColumn('status', 'text', (column) => column.notNull())
			.addColumn('period_end', 'bigint')
			.addColumn('ends', 'integer', (column) => column.notNull())
			.addColumn('event_at', 'bigint', (column) => column.notNull())
			.addColumn('event_rank', 'integer', (column) => column.notNull())
			.addColumn('event_previous', 'text', (column) => column.notNull())
			.addColumn('updated_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('billing_plans_by_customer').on('billing_plans').column('stripe_customer').execute();
		await db.schema
			.createTable('billing_events')
			.addColumn('endpoint', 'text', (column) => column.notNull())
			.addColumn('event', 'text', (column) => column.notNull())
			.addColumn('state', 'text', (column) => column.notNull())
			.addColumn('claim', 'text', (column) => column.notNull())
			.addColumn('at', 'bigint', (column) => column.notNull())
			.addPrimaryKeyConstraint('billing_events_key', ['endpoint', 'event'])
			.execute();
		await db.schema.createIndex('billing_events_by_age').on('billing_events').column('at').execute();
		await db.schema
			.createTable('billing_endpoints')
			.addColumn('endpoint', 'text', (column) => column.primaryKey())
			.addColumn('secret', 'text', (column) => column.notNull())
			.addColumn('created_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('jobs_by_customer').on('jobs').columns(['customer', 'created_at']).execute();
	},
};

export const createBillingMade: Migration = {
	name: '2026-11-29-billing-made',
	async up(db) {
		await db.schema
			.createTable('billing_made')
			.addColumn('account', 'text', (column) => column.notNull())
			.addColumn('operation', 'text', (column) => column.notNull())
			.addColumn('same', 'text', (column) => column.notNull())
			.addColumn('after', 'text', (column) => column.notNull())
			.addColumn('object', 'text', (column) => column.notNull())
			.addColumn('asked_at', 'bigint', (column) => column.notNull())
			.addColumn('holder', 'text', (column) => column.notNull())
			.addColumn('lease_until', 'bigint', (column) => column.notNull())
			.addColumn('updated_at', 'bigint', (column) => column.notNull())
			.addPrimaryKeyConstraint('billing_made_key', ['account', 'operation', 'same'])
			.execute();
	},
};

export const addPlanOwners: Migration = {
	name: '2026-11-29-plan-owners',
	async up(db) {
		await db.schema.alterTable('billing_plans').addColumn('user_id', 'text', (column) => column.notNull().defaultTo('')).execute();
		await db.schema.createIndex('billing_plans_by_user').on('billing_plans').column('user_id').execute();
		await db.schema.alterTable('billing_customers').addColumn('event_rank', 'integer', (column) => column.notNull().defaultTo(0)).execute();
		await db.schema.alterTable('billing_customers').addColumn('event_previous', 'text', (column) => column.notNull().defaultTo('{}')).execute();
		await db.updateTable('billing_customers').set({ event_rank: 2 }).where('deleted', '=', 1).execute();
	},
};
