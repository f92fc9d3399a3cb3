/** How captions look: the fields, and what is read from them. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import {
	CAPTION_DEFAULTS,
	type CaptionOptions,
	type CaptionPosition,
	type CaptionStyleName,
} from '../../../core/video/caption-style';
import { textParameter } from '../../shared/text';

const NONE = 'none';
const OWN = 'own';

const colour = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'color',
	default: '',
	placeholder: 'e.g. #FFC533',
	description: `${description}. When empty: the style's own.`,
});

/** For an operation's own fields. */
export const captionStyleField: INodeProperties = {
	displayName: 'Captions',
	name: 'captionStyle',
	type: 'options',
	options: [
		{ name: 'Bold Outline', value: 'bold', description: 'White with a dark outline, the spoken word in amber' },
		{ name: 'Classic Box', value: 'box', description: 'On a dark, rounded box' },
		{ name: 'Karaoke', value: 'karaoke', description: 'The spoken word on a coloured box, the words to come dim' },
		{ name: 'Lower Third', value: 'lower-third', description: 'Small, at the side, with a thin bar' },
		{ name: 'None', value: NONE, description: 'Nothing is burnt in; the subtitle files are made all the same' },
		{ name: 'Pop', value: 'pop', description: 'Up to three large words in the middle, as Shorts have them' },
	],
	default: CAPTION_DEFAULTS.style,
	description: 'How captions look that are burnt into the picture; each word lights up while it is spoken',
};

/** For the collection `options`. */
export const captionFields: INodeProperties[] = [
	colour('Caption Back Colour', 'captionBackColour', "Of the letters' outline, or of the box"),
	colour('Caption Colour', 'captionColour', 'Of the letters'),
	colour('Caption Highlight Colour', 'captionSpokenColour', 'Of the word that is spoken'),
	{
		displayName: 'Caption Position',
		name: 'captionPosition',
		type: 'options',
		options: [
			{ name: 'As the Style Has It', value: OWN },
			{ name: 'Bottom', value: 'bottom' },
			{ name: 'Middle', value: 'middle' },
			{ name: 'Top', value: 'top' },
		],
		default: OWN,
		description: "Always inside the format's safe area: in 9:16 clear of the buttons and the title of the Shorts player",
	},
	{
		displayName: 'Caption Size (%)',
		name: 'captionSize',
		type: 'number',
		typeOptions: { minValue: 50, maxValue: 200, numberPrecision: 0 },
		default: CAPTION_DEFAULTS.fontScale,
		description: "Of the style's own size",
	},
];

export function captionsOf(context: IExecuteFunctions, itemIndex: number): CaptionOptions {
	const text = (name: string) => textParameter(context, name, itemIndex);
	const style = text('captionStyle') || CAPTION_DEFAULTS.style;
	const position = text('options.captionPosition') || OWN;
	const colours = {
		textColour: text('options.captionColour') || undefined,
		spokenColour: text('options.captionSpokenColour') || undefined,
		backColour: text('options.captionBackColour') || undefined,
	};
	return {
		...(style === NONE ? { burnIn: false } : { style: style as CaptionStyleName }),
		...(position === OWN ? {} : { position: position as CaptionPosition }),
		fontScale: Number(context.getNodeParameter('options.captionSize', itemIndex, CAPTION_DEFAULTS.fontScale)),
		...colours,
	};
}
