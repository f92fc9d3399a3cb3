/** The speech providers. A new one is a file beside this and a line here. */
import { createAzureSpeech } from './azure';
import { createElevenLabs } from './elevenlabs';
import { createGoogleTts } from './google';
import type { SpeechProviderId } from './models';
import type { SpeechConnection, SpeechProvider } from './speech';

export const SPEECH_PROVIDERS: Record<
	SpeechProviderId,
	(connection: SpeechConnection) => SpeechProvider
> = {
	elevenlabs: createElevenLabs,
	'azure-speech': createAzureSpeech,
	'google-tts': createGoogleTts,
};
