/** The speech providers. A new one is a file beside this and a line here. */
import { createElevenLabs } from './elevenlabs';
import type { SpeechProviderId } from './models';
import type { SpeechConnection, SpeechProvider } from './speech';

export const SPEECH_PROVIDERS: Record<
	SpeechProviderId,
	(connection: SpeechConnection) => SpeechProvider
> = {
	elevenlabs: createElevenLabs,
};
