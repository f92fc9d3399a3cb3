/** The node that publishes: many YouTube accounts as one. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { account } from './account';
import { channel } from './channel';
import { poolCredential, testPool } from './pool';
import { video } from './video';

const resources = [
	video,
	channel,
	account,
];

export class YouTubePool implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE YouTube Pool',
		name: 'youTubePool',
		icon: { light: 'file:youTubePool.svg', dark: 'file:youTubePool.dark.svg' },
		description: 'Publish videos over a pool of YouTube accounts, each upload resumable and never doubled',
		defaults: { name: 'YouTube Pool' },
		usableAsTool: true,
		credentials: [poolCredential, storeCredential],
		properties: propertiesOf(resources),
	};

	methods = { credentialTest: { testPool } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
