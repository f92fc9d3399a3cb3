/** Metadata: Generate: title, description, tags and chapters for a script and its narration. */
import type { INodeProperties } from 'n8n-workflow';

import type { SpokenScene, VideoMetadata } from '../../../core/documents';
import { generateMetadata } from '../../../core/providers/language/metadata';
import { readScript, readSpeech } from '../../../core/video/inputs';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { chosenProviders } from '../connection';
import { modelOption, optionsField, scriptField, tierField, tierModels } from '../fields';

const properties: INodeProperties[] = [
	videoIdField,
	scriptField,
	{
		displayName: 'Voice',
		name: 'voice',
		type: 'json',
		default: '={{ $json.voice }}',
		description:
			'The narration as the node ElevenLabs Voice gives it: chapters begin at its times. When empty, they are estimated at 150 words a minute.',
	},
	tierField,
	optionsField(modelOption),
];

export const generateMetadataOperation: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate metadata',
	description: 'Write title, description, tags and chapters within the limits of YouTube; adds the field metadata',
	properties,
	async execute(context, itemIndex) {
		const script = readScript(context.getNodeParameter('script', itemIndex));
		const spoken = spokenScenes(context.getNodeParameter('voice', itemIndex, ''));
		const { candidates, preferred } = await chosenProviders(context, itemIndex, tierModels(context, itemIndex), 'metadata');
		const { result } = await runStageOf<VideoMetadata>(context, itemIndex, {
			stage: 'metadata',
			beside: true,
			input: { script, spoken, ...preferred },
			work: async ({ calls }) => await generateMetadata({ script, spoken }, { candidates, calls }),
		});
		return [stageItem(context, itemIndex, { metadata: result })];
	},
};

/** Without the words: only the scenes' times matter. */
function spokenScenes(voice: unknown): SpokenScene[] {
	if (voice === undefined || voice === null || voice === '' || voice === 'null' || voice === 'undefined') return [];
	return readSpeech(voice).scenes.map((scene) => ({ ...scene, words: [] }));
}
