/** Where jobs, quota, costs and results are kept. */
import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class YtempireStoreApi implements ICredentialType {
	name = 'ytempireStoreApi';

	displayName = 'YTEMPIRE Store API';

	icon: Icon = { light: 'file:ytempireStore.svg', dark: 'file:ytempireStore.dark.svg' };

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-ytempire';

	properties: INodeProperties[] = [
		{
			displayName: 'Database File',
			name: 'databaseFile',
			type: 'string',
			default: '',
			placeholder: 'e.g. /data/ytempire/ytempire.sqlite',
			description:
				"Path of the SQLite file; results are kept in a folder beside it. Leave empty for the default in n8n's own folder.",
		},
	];
}
