/** The part of eSpeak NG's JavaScript build that the sandbox uses; it brings no types. */
declare module '@echogarden/espeak-ng-emscripten' {
	export interface SpeechEvent {
		type: string;
		/** From 1, in code points. */
		text_position: number;
		/** Milliseconds. */
		audio_position: number;
	}

	export interface Engine {
		/** Hertz. */
		samplerate: number;
		/** Words a minute, roughly. */
		rate: number;
		/** 0 to 99. */
		pitch: number;
		/** @returns 0 when there is such a voice */
		set_voice(name: string): number;
		/** Calls back with sound and events until it returns true. */
		synthesize(text: string, onSound: (samples: Int16Array | undefined, events: SpeechEvent[]) => boolean): void;
	}

	export interface EngineModule {
		eSpeakNGWorker: new () => Engine;
	}

	const start: () => Promise<EngineModule>;
	export default start;
}
