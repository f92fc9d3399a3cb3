/** Speech: Generate: a script becomes one narration, with the time of every word. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { SpeechResult } from '../../../core/documents';
import { mediaStands } from '../../../core/hash';
import { narrate, type NarrateInput } from '../../../core/providers/speech/narrate';
import type { VoiceSettings } from '../../../core/providers/speech/speech';
import { defaultSettings } from '../../../core/providers/speech/voices';
import { readScript } from '../../../core/video/inputs';
import { configuredFor, providerFields } from '../../shared/candidates';
import { ffmpegFields, ffmpegOf } from '../../shared/ffmpeg';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { styleField } from '../../shared/style-field';
import { textParameter } from '../../shared/text';
import { SPEECH_CHOICES, speechCandidates } from '../connection';
import { readVoiceId, voiceField } from '../voice-field';

const LARGEST_CONCURRENCY = 15;

const properties: INodeProperties[] = [
	videoIdField,
	{
		displayName: 'Script',
		name: 'script',
		type: 'json',
		required: true,
		default: '={{ $json.script }}',
		description: 'Scenes with their narration and the language, as the node OpenAI Script gives them',
	},
	{ ...styleField, description: "Which of the account's voices speaks when none is chosen" },
	{
		...voiceField,
		default: "={{ $json.options?.voice_id || '' }}",
		hint: 'Empty: a voice of the account that fits style and language',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			...providerFields(SPEECH_CHOICES),
			...ffmpegFields,
			{
				displayName: 'Model Name or ID',
				name: 'model',
				type: 'options',
				typeOptions: { loadOptionsMethod: 'getModels', loadOptionsDependsOn: ['options.provider'] },
				default: '',
				description:
					'Of the preferred provider, in place of its default (Eleven Multilingual v2 of ElevenLabs). Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
			{
				displayName: 'Requests at Once',
				name: 'concurrency',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: LARGEST_CONCURRENCY, numberPrecision: 0 },
				default: 0,
				description: 'How many requests are under way at once; 0 for as many as the plan of the account allows',
			},
			setting('Similarity', 'similarity', 'How near the speech stays to the original voice'),
			{
				displayName: 'Speaker Boost',
				name: 'speakerBoost',
				type: 'boolean',
				default: defaultSettings.speakerBoost,
				description: 'Whether to sharpen the likeness to the original speaker',
			},
			setting('Stability', 'stability', 'Lower is livelier, higher is more even'),
			setting('Style Exaggeration', 'style', "How much the voice's own manner is stressed"),
		],
	},
];

function setting(
	displayName: string,
	name: 'similarity' | 'stability' | 'style',
	description: string,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2, numberStepSize: 0.05 },
		default: defaultSettings[name],
		description: `${description}, from 0 to 1`,
	};
}

export const generateSpeechOperation: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate speech',
	description: 'Speak a script scene by scene and join it to one narration with word times; adds the field voice',
	properties,
	async execute(context, itemIndex) {
		const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
		const { input, concurrency } = readParameters(context, itemIndex, options);
		// a voice that was asked for by its ID is the preferred provider's own
		const configured = input.voiceId ? undefined : await configuredFor(context, itemIndex, 'voice', options);
		const candidates = await speechCandidates(context, itemIndex, options, configured);
		const tools = await ffmpegOf(context, itemIndex);
		const { result } = await runStageOf<SpeechResult>(context, itemIndex, {
			stage: 'voice',
			// of the fallbacks not: whose credentials are chosen may change without a new narration
			input: { ...input, provider: candidates[0]?.provider.id, model: candidates[0]?.model },
			work: async ({ folder, calls, progress, redos }) =>
				await narrate({ ...input, settings: anotherReading(input.settings, redos.length) }, {
					candidates,
					calls,
					tools,
					folder,
					concurrency,
					onProgress: (fraction) => {
						progress(fraction, 'Speaking');
					},
				}),
			stillStands: async ({ audio }) => await mediaStands(audio),
		});
		return [stageItem(context, itemIndex, { voice: result })];
	},
};

/** Of stability, for each time that a reading was not good enough: what is found wrong with one is that it is uneven. */
const STEADIER = 0.15;

function anotherReading(settings: NarrateInput['settings'] = {}, times: number): NarrateInput['settings'] {
	if (times === 0) return settings;
	return { ...settings, stability: Math.min(1, (settings.stability ?? defaultSettings.stability) + STEADIER * times) };
}

function readParameters(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
): { input: NarrateInput; concurrency?: number } {
	const { scenes, language } = readScript(context.getNodeParameter('script', itemIndex));
	const settings: VoiceSettings = {
		stability: numberOr(options.stability, defaultSettings.stability),
		similarity: numberOr(options.similarity, defaultSettings.similarity),
		style: numberOr(options.style, defaultSettings.style),
		speakerBoost: typeof options.speakerBoost === 'boolean' ? options.speakerBoost : defaultSettings.speakerBoost,
	};
	const concurrency = Math.min(LARGEST_CONCURRENCY, Math.max(0, Math.trunc(numberOr(options.concurrency, 0))));
	return {
		input: {
			script: { language, scenes: scenes.map(({ id, narration }) => ({ id, narration })) },
			style: textParameter(context, 'style', itemIndex),
			voiceId: readVoiceId(context, itemIndex),
			settings,
		},
		...(concurrency > 0 ? { concurrency } : {}),
	};
}

function numberOr(value: unknown, otherwise: number): number {
	const number = Number(value ?? NaN);
	return Number.isFinite(number) ? number : otherwise;
}
