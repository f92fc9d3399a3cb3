/** Voice: Get Settings: what the account keeps for a voice. */
import type { Operation } from '../../shared/operation';
import { textParameter } from '../../shared/text';
import { providerField, providerOf } from '../connection';
import { readVoiceId, voiceField } from '../voice-field';

export const getVoiceSettingsOperation: Operation = {
	name: 'Get Settings',
	value: 'getSettings',
	action: 'Get settings of a voice',
	description: 'Get the settings that the account or the provider keeps for a voice',
	properties: [providerField, { ...voiceField, required: true }],
	async execute(context, itemIndex) {
		const voiceId = readVoiceId(context, itemIndex);
		const provider = await providerOf(context, textParameter(context, 'provider', itemIndex), itemIndex);
		const settings = await provider.voiceSettings(voiceId, context.getExecutionCancelSignal());
		const { speakerBoost, sampleRateHz, wordsPerMinute, ...rest } = settings;
		const json = { voice_id: voiceId, ...rest, speaker_boost: speakerBoost, sample_rate_hz: sampleRateHz, words_per_minute: wordsPerMinute };
		return [{ json: Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined)) }];
	},
};
