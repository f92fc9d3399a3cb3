/** The field that names a voice, and how its value is read. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { textParameter } from '../shared/text';

export const voiceField: INodeProperties = {
	displayName: 'Voice Name or ID',
	name: 'voiceId',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getVoices', loadOptionsDependsOn: ['provider', 'options.provider'] },
	default: '',
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

/** Empty when none is named. */
export function readVoiceId(context: IExecuteFunctions, itemIndex: number): string {
	return textParameter(context, 'voiceId', itemIndex);
}
