/** Video: Update Metadata: only what is given changes. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { MetadataInput } from '../../../core/youtube/metadata';
import { utcText } from '../../../core/youtube/moment';
import { updateMetadata, type MetadataChange } from '../../../core/youtube/update';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';

import { metadataFields, metadataOptions } from './metadata-fields';
import { poolDepsOf, readVideo, videoFields } from './video-fields';

/** What may be changed, and what stands in a field that was just added. */
const CHANGEABLE: Record<string, INodeProperties['default']> = {
	audioLanguage: '',
	categoryId: '22',
	containsSyntheticMedia: true,
	description: '',
	embeddable: true,
	language: '',
	license: 'youtube',
	madeForKids: false,
	paidProductPlacement: false,
	privacy: 'private',
	publicStatsViewable: true,
	publishAt: '',
	recordingDate: '',
	tags: '',
	title: '',
};

/** What is said otherwise than of an upload. */
const DESCRIPTIONS: Record<string, Pick<INodeProperties, 'description'>> = {
	audioLanguage: { description: 'Of the speech; that of title and description is changed by Language alone' },
};

const changeFields = [...metadataFields, ...metadataOptions]
	.filter(({ name }) => Object.hasOwn(CHANGEABLE, name))
	.map((field): INodeProperties => ({ ...field, ...DESCRIPTIONS[field.name], required: false, default: CHANGEABLE[field.name] }))
	.sort((a, b) => a.displayName.localeCompare(b.displayName));

export const updateMetadataOperation: Operation = {
	name: 'Update Metadata',
	value: 'updateMetadata',
	action: 'Update the metadata of a video',
	description: 'Change only the given fields of a video; adds metadata_update to the item',
	properties: [
		...videoFields,
		{
			displayName: 'Fields to Change',
			name: 'changes',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			description: 'All others stay as they are. A field that is added and left empty is cleared.',
			options: changeFields,
		},
	],
	async execute(context, itemIndex) {
		const deps = await poolDepsOf(context, itemIndex);
		const change = changeOf(context, itemIndex);
		const update = await updateMetadata({ ...readVideo(context, itemIndex), change }, deps);
		return [stageItem(context, itemIndex, { metadata_update: update })];
	},
};

function changeOf(context: IExecuteFunctions, itemIndex: number): MetadataChange {
	const given = context.getNodeParameter('changes', itemIndex, {}) as IDataObject;
	const zone = context.getTimezone();
	// An expression that finds nothing gives null or undefined: then the field counts as not given
	const text = (name: string) => (given[name] === undefined || given[name] === null ? undefined : String(given[name]));
	const date = (name: string) => {
		const value = text(name);
		return value ? utcText(value, zone) : value;
	};
	// What an expression gives in place of true or false is the check's to refuse
	const flag = (name: string) => (given[name] ?? undefined) as boolean | undefined;
	return {
		title: text('title'),
		description: text('description'),
		tags: text('tags')?.split(','),
		categoryId: text('categoryId'),
		privacyStatus: text('privacy') as MetadataInput['privacyStatus'],
		publishAt: date('publishAt'),
		recordingDate: date('recordingDate'),
		defaultLanguage: text('language'),
		defaultAudioLanguage: text('audioLanguage'),
		license: text('license') as MetadataInput['license'],
		containsSyntheticMedia: flag('containsSyntheticMedia'),
		embeddable: flag('embeddable'),
		publicStatsViewable: flag('publicStatsViewable'),
		selfDeclaredMadeForKids: flag('madeForKids'),
		hasPaidProductPlacement: flag('paidProductPlacement'),
	};
}
