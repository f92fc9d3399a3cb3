/** What the user chooses: events, and who makes the endpoint. */
import { NodeConnectionTypes, type INodeProperties, type INodeTypeDescription } from 'n8n-workflow';

import { ALL_EVENTS, BILLING_EVENTS } from '../../core/billing/event-types';
import { PLAN_EVENT_TYPES } from '../../core/billing/plan-events';

/** What makes it a node that starts a workflow. */
export const triggerDescription = {
	version: 1,
	group: ['trigger'],
	inputs: [],
	outputs: [NodeConnectionTypes.Main],
} satisfies Partial<INodeTypeDescription>;

export const properties: INodeProperties[] = [
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: [
			{ name: '*', value: ALL_EVENTS, description: 'All events' },
			...Object.entries(BILLING_EVENTS).map(([type, description]) => ({ name: type, value: type, description })),
		],
		default: [...PLAN_EVENT_TYPES],
		description: 'The events that start the workflow; an expression may name any other of Stripe',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Endpoint',
				name: 'endpoint',
				type: 'options',
				options: [
					{ name: 'Registered by This Node', value: 'registered', description: 'Made at Stripe when the workflow is published, removed when it no longer is' },
					{ name: 'Made by Hand', value: 'byHand', description: "Made in Stripe's dashboard, with its signing secret in the credential" },
				],
				default: 'registered',
				description: 'Who makes the webhook endpoint at Stripe',
			},
		],
	},
];
