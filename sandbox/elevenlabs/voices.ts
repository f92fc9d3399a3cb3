/** The account's voices: four of its own, and the provider's default ones until the day they are removed. */

export interface SandboxVoice {
	id: string;
	name: string;
	category: 'generated' | 'premade';
	labels: { gender: 'female' | 'male'; age: string; accent: string; descriptive: string; use_case: string; language: string };
	/** eSpeak's variant and pitch (0 to 99) that stand for it. */
	variant: string;
	accent: 'en-us' | 'en-gb-x-rp';
	pitch: number;
}

/** All default voices end on this day; accounts made after March 2026 never had them. */
const DEFAULT_VOICES_END = Date.parse('2026-12-31');

function own(id: string, name: string, gender: 'female' | 'male', descriptive: string, variant: string, pitch: number): SandboxVoice {
	const labels = { gender, age: 'middle_aged', accent: 'american', descriptive, use_case: 'narrative_story', language: 'en' };
	return { id, name, category: 'generated', labels, variant, accent: 'en-us', pitch };
}

function premade(id: string, name: string, gender: 'female' | 'male', british: boolean, variant: string, pitch: number): SandboxVoice {
	return {
		id,
		name,
		category: 'premade',
		labels: {
			gender,
			age: 'young',
			accent: british ? 'british' : 'american',
			descriptive: 'confident',
			use_case: 'informative_educational',
			language: 'en',
		},
		variant,
		accent: british ? 'en-gb-x-rp' : 'en-us',
		pitch,
	};
}

const VOICES: SandboxVoice[] = [
	own('sandboxVoiceAva00001', 'Ava', 'female', 'professional', 'f2', 50),
	own('sandboxVoiceNoah0002', 'Noah', 'male', 'casual', 'm3', 45),
	own('sandboxVoiceMia00003', 'Mia', 'female', 'energetic', 'f4', 60),
	own('sandboxVoiceLeo00004', 'Leo', 'male', 'calm', 'm7', 35),
	premade('EXAVITQu4vr4xnSDxMaL', 'Sarah', 'female', false, 'f3', 52),
	premade('CwhRBWXzGAHq8TQ4Fs17', 'Roger', 'male', false, 'm1', 42),
	premade('onwK4e9ZLuTAKqWW03F9', 'Daniel', 'male', true, 'm4', 40),
	premade('pFZP5JQG7iQjIQuC4Bku', 'Lily', 'female', true, 'f5', 55),
];

/** @param now milliseconds since 1970 */
export function voicesAt(now: number): SandboxVoice[] {
	return VOICES.filter(({ category }) => category !== 'premade' || now < DEFAULT_VOICES_END);
}

export const DEFAULT_SETTINGS = { stability: 0.5, similarity_boost: 0.75, style: 0, use_speaker_boost: true, speed: 1 };

export function describe({ id, name, category, labels }: SandboxVoice) {
	return {
		voice_id: id,
		name,
		samples: null,
		category,
		labels,
		description: `${labels.descriptive} ${labels.gender} voice`,
		preview_url: null,
		available_for_tiers: [],
		settings: null,
		sharing: null,
		high_quality_base_model_ids: ['eleven_v4', 'eleven_multilingual_v2', 'eleven_flash_v2_5'],
		verified_languages: [{ language: 'en', model_id: 'eleven_multilingual_v2', accent: labels.accent, locale: 'en-US', preview_url: null }],
		is_legacy: false,
		is_mixed: false,
	};
}
