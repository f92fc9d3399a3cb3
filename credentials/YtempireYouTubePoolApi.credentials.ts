/* eslint-disable @n8n/community-nodes/credential-test-required -- the YouTube Pool node tests it (testPool): every account has to sign in, which is more than one request */
/** The pool: every YouTube account with its own sign-in, and the rules for their quota. */
import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class YtempireYouTubePoolApi implements ICredentialType {
	name = 'ytempireYouTubePoolApi';

	displayName = 'YTEMPIRE YouTube Pool API';

	icon: Icon = { light: 'file:ytempireYouTubePool.svg', dark: 'file:ytempireYouTubePool.dark.svg' };

	documentationUrl = 'https://developers.google.com/youtube/registering_an_application';

	properties: INodeProperties[] = [
		{
			displayName:
				'Accounts that share a client ID share one Google project and its quota. Google forbids splitting one application over several projects to gain quota; 50 uploads a day fit one project.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Accounts',
			name: 'accounts',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Account', sortable: true },
			default: {},
			placeholder: 'Add Account',
			options: [
				{
					displayName: 'Account',
					name: 'account',
					values: [
						{
							displayName: 'Account ID',
							name: 'accountId',
							type: 'string',
							required: true,
							default: '',
							placeholder: 'e.g. account-01',
							description: 'Your own name for it',
						},
						{
							displayName: 'Channel ID',
							name: 'channelId',
							type: 'string',
							required: true,
							default: '',
							placeholder: 'e.g. UC_x5XG1OV2P6uZZ5FSM9Ttw',
							description: 'The channel that it uploads to',
						},
						{
							displayName: 'Client ID',
							name: 'clientId',
							type: 'string',
							required: true,
							default: '',
							placeholder: 'e.g. 123456789012-abc.apps.googleusercontent.com',
						},
						{
							displayName: 'Client Secret',
							name: 'clientSecret',
							type: 'string',
							typeOptions: { password: true },
							required: true,
							default: '',
						},
						{
							displayName: 'Email',
							name: 'email',
							type: 'string',
							default: '',
							placeholder: 'name@email.com',
						},
						{
							displayName: 'Refresh Token',
							name: 'refreshToken',
							type: 'string',
							typeOptions: { password: true },
							required: true,
							default: '',
							description:
								'With the scopes youtube.upload and youtube.readonly, or youtube; captions need youtube.force-ssl, analytics yt-analytics.readonly',
						},
						{
							displayName: 'Role',
							name: 'role',
							type: 'options',
							options: [
								{ name: 'Active', value: 'active', description: 'Takes its turn' },
								{ name: 'Reserve', value: 'reserve', description: 'Serves when no active one can' },
							],
							default: 'active',
						},
					],
				},
			],
		},
		{
			displayName: 'Videos per Account and Day',
			name: 'videosPerAccount',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 1000 },
			default: 5,
		},
		{
			displayName: 'Quota Profile',
			name: 'quotaProfile',
			type: 'options',
			options: [
				{
					name: 'December 2025',
					value: 'december-2025',
					description: 'An upload costs 100 of 10,000 units',
				},
				{
					name: 'January 2025',
					value: 'january-2025',
					description: 'An upload costs 1,600 of 10,000 units',
				},
				{
					name: 'June 2026',
					value: 'june-2026',
					description: '100 uploads a day, 10,000 units for all else: in force since 2026-06-01',
				},
			],
			default: 'june-2026',
			description: 'What calls cost, and how much a project has in a day',
		},
		{
			displayName: 'Uploads per Project and Day',
			name: 'videoUploadsLimit',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 10_000_000 },
			default: 0,
			description: 'What Google granted in place of the 100 of the quota profile; 0: the profile stands',
			displayOptions: { show: { quotaProfile: ['june-2026'] } },
		},
		{
			displayName: 'Units per Project and Day',
			name: 'generalLimit',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 100_000_000 },
			default: 0,
			description: 'What Google granted in place of the 10,000 of the quota profile; 0: the profile stands',
		},
		{
			displayName: 'Safe Limit (%)',
			name: 'safePercent',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 100 },
			default: 90,
			description: 'The part of each allowance that may be used',
		},
		{
			displayName: 'Cooldown',
			name: 'cooldownUntil',
			type: 'options',
			options: [
				{ name: 'For Hours', value: 'hours' },
				{ name: 'Until Pacific Midnight', value: 'pacificMidnight', description: "Until the project's quota is full again" },
			],
			default: 'hours',
			description: 'How long an account rests after YouTube said that it has uploaded enough, or after too many failures',
		},
		{
			displayName: 'Cooldown (Hours)',
			name: 'cooldownHours',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 240 },
			default: 24,
			displayOptions: { show: { cooldownUntil: ['hours'] } },
		},
		{
			displayName: 'Failures Before Rest',
			name: 'failureLimit',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 100 },
			default: 3,
			description: 'Uploads that may fail one after another before the account rests; then one upload tries it again',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 100_000 },
			default: 100,
			description: "Calls beside the upload that all workers together make to one of the pool's Google projects; more wait for their turn",
		},
		// eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password -- it is a secret: who has it can finish uploads
		{
			displayName: 'Encryption Secret',
			name: 'encryptionKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				"Seals the addresses of unfinished uploads in the store. When empty, each account's client secret does.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://youtube.googleapis.com',
		},
		{
			displayName: 'OAuth Token URL',
			name: 'oauthTokenUrl',
			type: 'string',
			default: 'https://oauth2.googleapis.com/token',
		},
		{
			displayName: 'Analytics Base URL',
			name: 'analyticsBaseUrl',
			type: 'string',
			default: 'https://youtubeanalytics.googleapis.com',
		},
	];
}
