/** Where jobs, quota, costs and results are kept. */
import type { ICredentialType, Icon, IDisplayOptions, INodeProperties } from 'n8n-workflow';

const forSqlite: IDisplayOptions = { show: { type: ['sqlite'] } };

const forPostgres: IDisplayOptions = { show: { type: ['postgres'] } };

export class YtempireStoreApi implements ICredentialType {
	name = 'ytempireStoreApi';

	displayName = 'YTEMPIRE Store API';

	icon: Icon = { light: 'file:ytempireStore.svg', dark: 'file:ytempireStore.dark.svg' };

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-ytempire';

	properties: INodeProperties[] = [
		{
			displayName: 'Type',
			name: 'type',
			type: 'options',
			default: 'sqlite',
			options: [
				{ name: 'PostgreSQL', value: 'postgres', description: 'For queue mode, with workers on several machines' },
				{ name: 'SQLite', value: 'sqlite', description: 'A file on this machine, with no set-up' },
			],
		},
		{
			displayName: 'Database File',
			name: 'databaseFile',
			type: 'string',
			default: '',
			placeholder: 'e.g. /data/ytempire/ytempire.sqlite',
			displayOptions: forSqlite,
			description: "Path of the SQLite file. Leave empty for the default in n8n's own folder.",
		},
		{
			displayName: 'Host',
			name: 'host',
			type: 'string',
			required: true,
			default: 'localhost',
			displayOptions: forPostgres,
		},
		{
			displayName: 'Port',
			name: 'port',
			type: 'number',
			default: 5432,
			displayOptions: forPostgres,
		},
		{
			displayName: 'Database',
			name: 'database',
			type: 'string',
			required: true,
			default: 'postgres',
			displayOptions: forPostgres,
			description: "Name of the database; it may be n8n's own, as the tables are in a schema of their own",
		},
		{
			displayName: 'Schema',
			name: 'schema',
			type: 'string',
			default: 'ytempire',
			displayOptions: forPostgres,
			description: 'Made when it is not there, if the user may',
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			required: true,
			default: 'postgres',
			displayOptions: forPostgres,
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: forPostgres,
		},
		{
			displayName: 'SSL',
			name: 'ssl',
			type: 'options',
			default: 'disable',
			displayOptions: forPostgres,
			options: [
				{ name: 'Off', value: 'disable' },
				{ name: 'On, Any Certificate', value: 'require' },
				{
					name: 'On, Certificate Checked',
					value: 'verify',
					description: 'Name an own authority in NODE_EXTRA_CA_CERTS',
				},
			],
		},
		{
			displayName: 'Media Folder',
			name: 'mediaFolder',
			type: 'string',
			default: '',
			placeholder: 'e.g. /data/ytempire/media',
			description:
				'Where the results of the steps are kept. With PostgreSQL it is required: a folder that all workers share, at the same path. With SQLite, leave empty for one beside the file.',
		},
	];
}
