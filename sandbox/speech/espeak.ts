/** Speech made on this machine by eSpeak NG, with the time of every word; the same words give the same samples. */
import type { SpeechEvent } from '@echogarden/espeak-ng-emscripten';

export interface Utterance {
	/** Mono, 16 bit. */
	samples: Int16Array;
	sampleRate: number;
	/** Where in the text (in code points) and in the sound (in seconds) each word begins, in order. */
	anchors: Anchor[];
}

export interface Anchor {
	position: number;
	startS: number;
}

export interface Manner {
	/** eSpeak's own name, e.g. `en-us+f3`. */
	voice: string;
	/** 1 is about 150 words a minute. */
	speed: number;
	/** 0 to 99. */
	pitch: number;
}

/** eSpeak's rate that makes 150 words a minute of narration, pauses included (measured on scripts of the sandbox). */
const RATE_AT_SPEED_1 = 139;

/** One after another: an engine takes some 100 MB. */
let last: Promise<unknown> = Promise.resolve();

export function speak(text: string, manner: Manner): Promise<Utterance> {
	const result = last.then(() => synthesize(text, manner));
	last = result.catch(() => undefined);
	return result;
}

async function synthesize(text: string, { voice, speed, pitch }: Manner): Promise<Utterance> {
	const { default: start } = await import('@echogarden/espeak-ng-emscripten');
	// A used engine carries something over into the next utterance, so each has its own.
	const { eSpeakNGWorker } = await start();
	return atTimeZero(() => {
		const engine = new eSpeakNGWorker();
		if (engine.set_voice(voice) !== 0) throw new Error(`eSpeak has no voice ${voice}`);
		engine.rate = Math.round(RATE_AT_SPEED_1 * speed);
		engine.pitch = pitch;
		const chunks: Int16Array[] = [];
		const events: SpeechEvent[] = [];
		engine.synthesize(text, (samples, more) => {
			if (samples && samples.length > 0) chunks.push(samples);
			events.push(...more);
			return false;
		});
		return { samples: join(chunks), sampleRate: engine.samplerate, anchors: anchorsFrom(events) };
	});
}

/** The engine seeds its chance with the time of day; it runs to its end within this call. */
function atTimeZero<T>(act: () => T): T {
	const { now } = Date;
	Date.now = () => 0;
	try {
		return act();
	} finally {
		Date.now = now;
	}
}

function join(chunks: Int16Array[]): Int16Array {
	const joined = new Int16Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
	let offset = 0;
	for (const chunk of chunks) {
		joined.set(chunk, offset);
		offset += chunk.length;
	}
	return joined;
}

/** Numbers and signs are announced several times: the first counts. */
function anchorsFrom(events: SpeechEvent[]): Anchor[] {
	const anchors: Anchor[] = [];
	for (const { type, text_position: from1, audio_position: ms } of events) {
		const before = anchors.at(-1);
		const onward = !before || (from1 - 1 > before.position && ms / 1000 >= before.startS);
		if (type === 'word' && onward) anchors.push({ position: from1 - 1, startS: ms / 1000 });
	}
	return anchors;
}
