/** The stages whose provider can be switched, and who can do them. */
import type { Capability } from '../cost/prices';
import imageModels from '../providers/image/models.json';
import languageModels from '../providers/language/models.json';
import speechModels from '../providers/speech/models.json';

/** As in the ledger; the pictures of scenes (`image scene-1` …) are one stage. */
export const SWITCHABLE_STAGES = ['script', 'metadata', 'voice', 'image', 'thumbnail'] as const;

export type SwitchableStage = (typeof SWITCHABLE_STAGES)[number];

const CAPABILITIES: Record<SwitchableStage, Capability> = {
	script: 'language',
	metadata: 'language',
	voice: 'speech',
	image: 'image',
	thumbnail: 'image',
};

export function capabilityOfStage(stage: SwitchableStage): Capability {
	return CAPABILITIES[stage];
}

export const PROVIDERS_BY_CAPABILITY: Record<Capability, readonly string[]> = {
	image: Object.keys(imageModels.providers),
	language: Object.keys(languageModels.providers),
	speech: Object.keys(speechModels.providers),
};

export function isSwitchable(stage: string): stage is SwitchableStage {
	return (SWITCHABLE_STAGES as readonly string[]).includes(stage);
}

/** The stage's name in the configuration and in reports. */
export function stageGroup(stage: string): string {
	return stage.startsWith('image ') ? 'image' : stage;
}
