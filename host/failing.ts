/** Workflows that fail after they have taken a video in, to see who is told: for the demo and the tests. */
import type { WorkflowFile } from './provision';

const webhook = (path: string) => ({
	id: 'hook',
	name: 'Receive Request',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2.1,
	position: [0, 0],
	parameters: { httpMethod: 'POST', path, authentication: 'headerAuth', responseMode: 'onReceived', options: {} },
	webhookId: path,
});

const queue = {
	id: 'queue',
	name: 'Queue Generation',
	type: 'n8n-nodes-ytempire.videoJob',
	typeVersion: 1,
	position: [200, 0],
	parameters: {
		resource: 'job',
		operation: 'queue',
		request: '={{ { video_id: $json.body.video_id, topic: $json.body.topic } }}',
	},
};

const inLine = (...names: string[]): WorkflowFile['connections'] =>
	Object.fromEntries(
		names.slice(1).map((name, index) => [names[index] ?? '', { main: [[{ node: name, type: 'main', index: 0 }]] }]),
	);

const settings = { executionOrder: 'v1', errorWorkflow: 'error_handler' };

/** Stops with the message of its request. */
export const failingWorkflow: WorkflowFile = {
	id: 'failing',
	name: 'Failing',
	nodes: [
		webhook('failing'),
		queue,
		{
			name: 'Break',
			type: 'n8n-nodes-base.stopAndError',
			parameters: { errorMessage: "={{ $('Receive Request').item.json.body.message }}" },
			...{ id: 'break', typeVersion: 1, position: [400, 0] },
		},
	],
	connections: inLine('Receive Request', 'Queue Generation', 'Break'),
	settings,
};

/** Waits longer than it may run. */
export const slowWorkflow: WorkflowFile = {
	id: 'slow',
	name: 'Slow',
	nodes: [
		webhook('slow'),
		queue,
		{
			name: 'Wait Long',
			type: 'n8n-nodes-base.wait',
			parameters: { resume: 'timeInterval', amount: 40, unit: 'seconds' },
			...{ id: 'wait', typeVersion: 1.1, position: [400, 0], webhookId: 'wait' },
		},
	],
	connections: inLine('Receive Request', 'Queue Generation', 'Wait Long'),
	settings: { ...settings, executionTimeout: 3 },
};
