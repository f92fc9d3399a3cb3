/** The node that tells people by mail. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { email } from './email';

const resources = [email];

export class EmailNotification implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Email Notification',
		name: 'emailNotification',
		icon: { light: 'file:emailNotification.svg', dark: 'file:emailNotification.dark.svg' },
		description: 'Tell people by mail that a video is ready, failed or held back',
		defaults: { name: 'Email Notification' },
		usableAsTool: true,
		credentials: [{ name: 'ytempireSendGridApi', required: true }, storeCredential],
		properties: propertiesOf(resources),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
