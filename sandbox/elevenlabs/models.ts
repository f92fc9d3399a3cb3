/** Models of November 2026. eleven_monolingual_v1 and eleven_multilingual_v1 were removed on 2026-07-09. */

export interface SpeechModel {
	id: string;
	name: string;
	description: string;
	/** Characters of one request. */
	maxCharacters: number;
	/** Credits for a character. */
	creditsPerCharacter: number;
	/** Limits of requests at a time are counted by group. */
	group: 'standard' | 'turbo';
	/** Takes previous_request_ids and next_request_ids. */
	stitches: boolean;
	/** Reads `[laughs]` and its like as directions. */
	readsTags: boolean;
}

function model(
	id: string,
	name: string,
	maxCharacters: number,
	creditsPerCharacter: number,
	traits: Partial<Pick<SpeechModel, 'group' | 'stitches' | 'readsTags'>> = {},
): SpeechModel {
	return {
		...{ id, name, maxCharacters, creditsPerCharacter, group: 'standard', stitches: true, readsTags: false },
		description: `${name}: text to speech.`,
		...traits,
	};
}

export const SPEECH_MODELS: SpeechModel[] = [
	model('eleven_v4', 'Eleven v4', 10_000, 1, { readsTags: true }),
	model('eleven_v4_turbo', 'Eleven v4 Turbo', 10_000, 0.5, { group: 'turbo', readsTags: true }),
	model('eleven_v3', 'Eleven v3', 5_000, 1, { stitches: false, readsTags: true }),
	model('eleven_multilingual_v2', 'Eleven Multilingual v2', 10_000, 1),
	model('eleven_flash_v2_5', 'Eleven Flash v2.5', 40_000, 0.5, { group: 'turbo' }),
	model('eleven_flash_v2', 'Eleven Flash v2', 30_000, 0.5, { group: 'turbo' }),
	model('eleven_turbo_v2_5', 'Eleven Turbo v2.5', 40_000, 0.5, { group: 'turbo' }),
];

export function describe(entry: SpeechModel) {
	return {
		model_id: entry.id,
		name: entry.name,
		description: entry.description,
		can_be_finetuned: false,
		can_do_text_to_speech: true,
		can_do_voice_conversion: false,
		can_use_style: true,
		can_use_speaker_boost: true,
		serves_pro_voices: false,
		token_cost_factor: entry.creditsPerCharacter,
		requires_alpha_access: false,
		max_characters_request_free_user: Math.min(2500, entry.maxCharacters),
		max_characters_request_subscribed_user: entry.maxCharacters,
		maximum_text_length_per_request: entry.maxCharacters,
		languages: [
			{ language_id: 'en', name: 'English' },
			{ language_id: 'de', name: 'German' },
			{ language_id: 'es', name: 'Spanish' },
			{ language_id: 'fr', name: 'French' },
		],
		model_rates: { character_cost_multiplier: entry.creditsPerCharacter, cost_discount_multiplier: 1 },
		concurrency_group: entry.group,
	};
}
