/** The node that speaks: a script becomes one narration with the time of every word. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { speechCredentials } from './connection';
import { getModels, getVoices } from './load-options';
import { speech } from './speech';
import { voice } from './voice';

const resources = [speech, voice];

export class ElevenLabsVoice implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE ElevenLabs Voice',
		name: 'elevenLabsVoice',
		icon: { light: 'file:elevenLabsVoice.svg', dark: 'file:elevenLabsVoice.dark.svg' },
		description: 'Speak scripts with ElevenLabs, Azure or Google, with the time of every word',
		defaults: { name: 'ElevenLabs Voice' },
		usableAsTool: true,
		credentials: [...speechCredentials, storeCredential],
		properties: propertiesOf(resources),
	};

	methods = { loadOptions: { getModels, getVoices } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
