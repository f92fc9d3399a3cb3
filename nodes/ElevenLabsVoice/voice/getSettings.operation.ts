/** Voice: Get Settings: what the account keeps for a voice. */
import type { Operation } from '../../shared/operation';
import { elevenLabsOf } from '../connection';
import { readVoiceId, voiceField } from '../voice-field';

export const getVoiceSettingsOperation: Operation = {
	name: 'Get Settings',
	value: 'getSettings',
	action: 'Get settings of a voice',
	description: 'Get the settings that the account keeps for a voice',
	properties: [{ ...voiceField, required: true }],
	async execute(context, itemIndex) {
		const voiceId = readVoiceId(context, itemIndex);
		const provider = await elevenLabsOf(context, itemIndex);
		const settings = await provider.voiceSettings(voiceId, context.getExecutionCancelSignal());
		return [
			{
				json: {
					voice_id: voiceId,
					stability: settings.stability,
					similarity: settings.similarity,
					style: settings.style,
					speaker_boost: settings.speakerBoost,
				},
			},
		];
	},
};
