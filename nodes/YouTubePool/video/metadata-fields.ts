/** What YouTube is told of a video, and how the fields are read. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { FootageSource } from '../../../core/documents';
import { CATEGORIES } from '../../../core/youtube/categories';
import { withCredits } from '../../../core/youtube/credits';
import { METADATA_DEFAULTS, type MetadataInput } from '../../../core/youtube/metadata';
import { utcText } from '../../../core/youtube/moment';
import { textParameter } from '../../shared/text';

export const metadataFields: INodeProperties[] = [
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		required: true,
		default: '={{ $json.script.title }}',
		description: 'At most 100 characters, without &lt; and &gt;',
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		typeOptions: { rows: 4 },
		default: "={{ $json.script?.description ?? '' }}",
		description: 'At most 5,000 bytes. Credits for stock footage are added where there is room.',
	},
	{
		displayName: 'Tags',
		name: 'tags',
		type: 'string',
		default: "={{ ($json.script?.tags ?? []).join(', ') }}",
		placeholder: 'e.g. volcanoes, earth science',
		description: 'Separated by commas; at most 500 characters as YouTube counts them',
	},
	{
		displayName: 'Privacy',
		name: 'privacy',
		type: 'options',
		options: [
			{ name: 'Private', value: 'private' },
			{ name: 'Public', value: 'public' },
			{ name: 'Unlisted', value: 'unlisted' },
		],
		default: "={{ $json.options?.privacy || 'private' }}",
		description: 'Always sent: without it YouTube would make the video public',
	},
];

export const metadataOptions: INodeProperties[] = [
	{
		displayName: 'Audio Language',
		name: 'audioLanguage',
		type: 'string',
		default: '',
		placeholder: 'e.g. pt-BR',
		description: 'Of the speech, when it is another one than that of the title',
	},
	{
		displayName: 'Category',
		name: 'categoryId',
		type: 'options',
		options: Object.entries(CATEGORIES)
			.map(([value, name]) => ({ name, value }))
			.sort((a, b) => a.name.localeCompare(b.name)),
		default: METADATA_DEFAULTS.categoryId,
	},
	{
		displayName: 'Contains Synthetic Media',
		name: 'containsSyntheticMedia',
		type: 'boolean',
		default: METADATA_DEFAULTS.containsSyntheticMedia,
		description:
			'Whether to disclose realistic content that was altered or made with AI. YouTube asks for it; leave it on unless you are sure.',
	},
	{
		displayName: 'Embeddable',
		name: 'embeddable',
		type: 'boolean',
		default: METADATA_DEFAULTS.embeddable,
		description: 'Whether other sites may show the video',
	},
	{
		displayName: 'Footage Credits',
		name: 'credits',
		type: 'boolean',
		default: true,
		description: 'Whether to add the credits that stock libraries ask for to the description',
	},
	{
		displayName: 'Language',
		name: 'language',
		type: 'string',
		default: "={{ $json.script?.language || '' }}",
		placeholder: 'e.g. pt-BR',
		description: 'Of title and description, and of the speech unless Audio Language says otherwise',
	},
	{
		displayName: 'License',
		name: 'license',
		type: 'options',
		options: [
			{ name: 'Creative Commons', value: 'creativeCommon' },
			{ name: 'YouTube', value: 'youtube' },
		],
		default: METADATA_DEFAULTS.license,
	},
	{
		displayName: 'Made for Kids',
		name: 'madeForKids',
		type: 'boolean',
		default: METADATA_DEFAULTS.selfDeclaredMadeForKids,
		description: 'Whether the video is directed to children',
	},
	{
		displayName: 'Notify Subscribers',
		name: 'notifySubscribers',
		type: 'boolean',
		default: METADATA_DEFAULTS.notifySubscribers,
		description: "Whether the channel's subscribers are told",
	},
	{
		displayName: 'Paid Product Placement',
		name: 'paidProductPlacement',
		type: 'boolean',
		default: false,
		description: 'Whether a partner has paid for what is shown',
	},
	{
		displayName: 'Public Statistics',
		name: 'publicStatsViewable',
		type: 'boolean',
		default: METADATA_DEFAULTS.publicStatsViewable,
		description: 'Whether everybody sees the statistics',
	},
	{
		displayName: 'Publish At',
		name: 'publishAt',
		type: 'dateTime',
		default: '',
		description: "When a private video becomes public. When the option is not set: the request's publish_at, if it has one.",
	},
	{
		displayName: 'Recording Date',
		name: 'recordingDate',
		type: 'dateTime',
		default: '',
	},
	{
		displayName: 'Translations',
		name: 'translations',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Translation',
		default: {},
		description: 'Title and description for viewers of other languages',
		options: [
			{
				displayName: 'Translation',
				name: 'translation',
				values: [
					{
						displayName: 'Language',
						name: 'language',
						type: 'string',
						required: true,
						default: '',
						placeholder: 'e.g. pt-BR',
					},
					{
						displayName: 'Title',
						name: 'title',
						type: 'string',
						required: true,
						default: '',
						description: 'At most 100 characters, without &lt; and &gt;',
					},
					{
						displayName: 'Description',
						name: 'description',
						type: 'string',
						typeOptions: { rows: 4 },
						default: '',
						description: 'At most 5,000 bytes',
					},
				],
			},
		],
	},
];

/** The request's publish_at; none where the node's own option says when. */
export function plannedAt(context: IExecuteFunctions, itemIndex: number): string | undefined {
	const own = context.getNodeParameter('options.publishAt', itemIndex, '');
	const asked = context.getInputData()[itemIndex]?.json.publish_at;
	return own || typeof asked !== 'string' || !asked ? undefined : asked;
}

/** What the request asked for stands where the node's own options say nothing. */
export function readMetadata(
	context: IExecuteFunctions,
	itemIndex: number,
): { metadata: MetadataInput; warnings: string[] } {
	const text = (name: string) => textParameter(context, name, itemIndex);
	const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
	const json: IDataObject = context.getInputData()[itemIndex]?.json ?? {};
	const asked = (json.options ?? {}) as { made_for_kids?: boolean };
	const language = String(options.language ?? (json.script as IDataObject | undefined)?.language ?? '');
	const zone = context.getTimezone();
	const date = (value: unknown) => (value ? utcText(String(value), zone) : undefined);
	const described = withCredits(text('description'), options.credits === false ? [] : sourcesOf(json));
	return {
		metadata: {
			title: text('title'),
			description: described.value,
			tags: text('tags').split(','),
			privacyStatus: text('privacy') as MetadataInput['privacyStatus'],
			categoryId: options.categoryId as string | undefined,
			containsSyntheticMedia: options.containsSyntheticMedia as boolean | undefined,
			embeddable: options.embeddable as boolean | undefined,
			license: options.license as MetadataInput['license'],
			selfDeclaredMadeForKids: (options.madeForKids as boolean | undefined) ?? asked.made_for_kids,
			notifySubscribers: options.notifySubscribers as boolean | undefined,
			publicStatsViewable: options.publicStatsViewable as boolean | undefined,
			publishAt: date(options.publishAt),
			recordingDate: date(options.recordingDate),
			defaultLanguage: language || undefined,
			defaultAudioLanguage: String(options.audioLanguage ?? '') || language || undefined,
			hasPaidProductPlacement: options.paidProductPlacement as boolean | undefined,
			translations: translationsOf(options.translations),
		},
		warnings: described.warnings,
	};
}

function translationsOf(given: unknown): MetadataInput['translations'] {
	const { translation = [] } = (given ?? {}) as { translation?: Array<Record<string, unknown>> };
	if (translation.length === 0) return undefined;
	const text = (value: unknown) => String(value ?? '').trim();
	return Object.fromEntries(
		translation.map(({ language, title, description }) => [
			text(language),
			{ title: text(title), description: text(description) },
		]),
	);
}

function sourcesOf(json: IDataObject): FootageSource[] {
	const { sources } = (json.video ?? {}) as { sources?: unknown };
	return Array.isArray(sources)
		? (sources as FootageSource[]).filter(({ author, provider, page_url: page }) =>
				[author, provider, page].every((value) => typeof value === 'string'),
			)
		: [];
}
